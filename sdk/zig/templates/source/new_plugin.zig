//! A source that counts: one record at each interval, and after a restart it goes on behind the last one that is safe.

const std = @import("std");
const wardian = @import("wardian");

comptime {
    wardian.source(@This());
}

const Config = struct { interval: wardian.Duration = .seconds(1) };

var config: Config = .{};
var count: u64 = 0;

/// Called once: what the operator configured, and the last offset that was acknowledged.
pub fn open(given: wardian.Open(Config)) !struct { interval_ms: u64 } {
    if (given.config.interval.ms() == 0) return wardian.fail(.config, "`interval` must be at least 1ms", .{});
    config = given.config;
    if (given.@"resume" != .null) count = try given.@"resume".as(u64);
    return .{ .interval_ms = config.interval.ms() };
}

const Record = struct { data: struct { count: u64 } };

pub fn poll(arena: std.mem.Allocator, wanted: wardian.Demand) !wardian.Poll(Record, u64) {
    if (wanted.demand == 0) return .{ .records = &.{}, .offset = count };
    count += 1;
    const records = try arena.dupe(Record, &.{.{ .data = .{ .count = count } }});
    return .{ .records = records, .wait_ms = config.interval.ms(), .offset = count };
}

test "counts from one" {
    const polled = try poll(wardian.arena, .{ .now = 0, .demand = 10 });
    try std.testing.expectEqual(1, polled.records[0].data.count);
}
