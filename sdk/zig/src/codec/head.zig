//! The head of a data item: what kind of item begins here, and its argument.

const std = @import("std");

pub const Major = enum(u3) { uint, negative, bytes, text, list, map, tag, simple };

pub const Head = struct {
    major: Major,
    /// The low five bits: 31 says that the length is indefinite.
    info: u5,
    argument: u64,
    /// How many bytes the head has.
    size: usize,

    pub const indefinite: u5 = 31;

    /// The head at the start of bytes that have been checked.
    pub noinline fn read(bytes: []const u8) Head {
        const info: u5 = @truncate(bytes[0]);
        const extra = extraSize(info);
        var argument: u64 = if (extra == 0) info else 0;
        for (bytes[1..][0..extra]) |byte| argument = argument << 8 | byte;
        return .{ .major = majorOf(bytes[0]), .info = info, .argument = argument, .size = 1 + extra };
    }

    pub fn majorOf(first: u8) Major {
        return @fromBackingInt(@as(u3, @truncate(first >> 5)));
    }

    /// How many bytes of argument follow; the reserved ones, 28 to 30, are for the caller to refuse.
    pub fn extraSize(info: u5) usize {
        return if (info < 24 or info > 27) 0 else @as(usize, 1) << @truncate(info - 24);
    }
};

/// Whether a name is this one: much smaller than the standard library's, which is made for long slices.
pub noinline fn same(left: []const u8, right: []const u8) bool {
    if (left.len != right.len) return false;
    for (left, right) |one, other| if (one != other) return false;
    return true;
}

pub const longest = 9;

/// Writes the shortest head, and gives its bytes.
pub fn write(buffer: *[longest]u8, major: Major, argument: u64) []u8 {
    const high = @as(u8, @backingInt(major)) << 5;
    if (argument < 24) {
        buffer[0] = high | @as(u8, @truncate(argument));
        return buffer[0..1];
    }
    const extra: usize = if (argument <= 0xff) 1 else if (argument <= 0xffff) 2 else if (argument <= 0xffff_ffff) 4 else 8;
    buffer[0] = high | @as(u8, 24 + @ctz(extra));
    for (buffer[1..][0..extra], 1..) |*byte, at| byte.* = @truncate(argument >> @truncate(8 * (extra - at)));
    return buffer[0 .. 1 + extra];
}
