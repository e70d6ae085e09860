//! A sink that logs a line for each record.

const std = @import("std");
const wardian = @import("wardian");

comptime {
    wardian.sink(@This());
}

const Config = struct { prefix: []const u8 = "record" };

var config: Config = .{};

/// Called once, before all else. What it is given stays as long as the instance.
pub fn open(given: wardian.Open(Config)) void {
    config = given.config;
}

const Record = struct { data: wardian.Item, message: ?[]const u8 = null };

/// One record; an error is that of this record alone, such as that the host has heard enough.
pub fn write(arena: std.mem.Allocator, record: Record) !void {
    if (record.data.isNull()) return wardian.fail(.invalid, "a record without data says nothing", .{});
    const line = record.message orelse record.data.to([]const u8) orelse "(no text)";
    try wardian.log.write(.info, try std.fmt.allocPrint(arena, "{s}: {s}", .{ config.prefix, line }), {});
}

/// A sink that gathers what it writes would write it all here; `urgent` says that the host is about to stop.
pub fn flush(_: struct { urgent: bool }) void {}

test "logs a line" {
    var host: wardian.testing.Host = .init(std.testing.allocator);
    defer host.deinit();
    host.start();
    try write(wardian.arena, .{ .data = try wardian.item("one") });
    try std.testing.expectEqualStrings("record: one", host.logs.items[0].message);
}
