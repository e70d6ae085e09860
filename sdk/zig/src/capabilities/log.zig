//! `wardian.log`: lines for the operator. What is over the host's limits is dropped, and no fault of the plugin.

const std = @import("std");
const host = @import("../host.zig");
const memory = @import("../memory.zig");
const decode = @import("../codec/decode.zig");
const encode = @import("../codec/encode.zig");
const Reader = @import("../codec/reader.zig").Reader;
const Writer = @import("../codec/writer.zig").Writer;

pub const Level = enum(u3) {
    trace,
    debug,
    info,
    warn,
    err,

    pub fn wardianRead(reader: *Reader) decode.Error!Level {
        const number = try decode.decode(u3, reader);
        return std.enums.fromInt(Level, number) orelse decode.expected("a level from 0 to 4");
    }

    pub fn wardianWrite(self: Level, writer: *Writer) encode.Error!void {
        return writer.uint(@backingInt(self));
    }
};

pub fn trace(comptime format: []const u8, args: anytype) void {
    print(.trace, format, args);
}

pub fn debug(comptime format: []const u8, args: anytype) void {
    print(.debug, format, args);
}

pub fn info(comptime format: []const u8, args: anytype) void {
    print(.info, format, args);
}

pub fn warn(comptime format: []const u8, args: anytype) void {
    print(.warn, format, args);
}

pub fn err(comptime format: []const u8, args: anytype) void {
    print(.err, format, args);
}

/// A line with fields, any struct or map; fails with `error.Exhausted` where the host has heard enough.
pub fn write(level: Level, message: []const u8, fields: anytype) host.Error!void {
    const T = @TypeOf(fields);
    const line = start(message);
    if (T == void or T == @TypeOf(null)) return host.ask("wardian", "log", void, .{ level, line });
    return host.ask("wardian", "log", void, .{ level, line, fields });
}

/// The part of a message that a host shows: what is behind 4,096 characters would only count against the limits.
fn start(message: []const u8) []const u8 {
    var left: usize = 4096;
    for (message, 0..) |byte, at| {
        if (byte & 0xc0 == 0x80) continue; // goes on with a character
        if (left == 0) return message[0..at];
        left -= 1;
    }
    return message;
}

fn print(level: Level, comptime format: []const u8, args: anytype) void {
    const mark = memory.mark();
    defer memory.release(mark);
    const plain = @typeInfo(@TypeOf(args)).@"struct".field_names.len == 0;
    const message = if (plain) format else std.fmt.allocPrint(memory.arena, format, args) catch return;
    write(level, message, {}) catch {};
}

/// What `std.log` writes goes to the host as well.
pub const std_options: std.Options = .{ .logFn = standard };

fn standard(
    comptime level: std.log.Level,
    comptime scope: @EnumLiteral(),
    comptime format: []const u8,
    args: anytype,
) void {
    const prefix = if (scope == .default) "" else @tagName(scope) ++ ": ";
    print(switch (level) {
        .err => .err,
        .warn => .warn,
        .info => .info,
        .debug => .debug,
    }, prefix ++ format, args);
}
