//! `Writer`: writes one item into the arena of the call.

const std = @import("std");
const head = @import("head.zig");
const memory = @import("../memory.zig");
const utf8 = @import("utf8.zig");
const deepest = @import("check.zig").deepest;
const Reader = @import("reader.zig").Reader;

pub const Error = error{ OutOfMemory, TextNotUtf8, NestsTooDeep };

pub const Writer = struct {
    buffer: []u8 = &.{},
    size: usize = 0,
    depth: usize = 0,

    pub fn written(self: *const Writer) []const u8 {
        return self.buffer[0..self.size];
    }

    pub fn @"null"(self: *Writer) Error!void {
        return self.put("\xf6");
    }

    pub fn boolean(self: *Writer, value: bool) Error!void {
        return self.put(if (value) "\xf5" else "\xf4");
    }

    pub fn int(self: *Writer, value: i64) Error!void {
        return if (value < 0) self.putHead(.negative, @bitCast(~value)) else self.putHead(.uint, @bitCast(value));
    }

    pub fn uint(self: *Writer, value: u64) Error!void {
        return self.putHead(.uint, value);
    }

    pub fn float(self: *Writer, value: f64) Error!void {
        var bytes: [9]u8 = undefined;
        bytes[0] = 0xfb;
        std.mem.writeInt(u64, bytes[1..9], @bitCast(value), .big);
        return self.put(&bytes);
    }

    pub noinline fn text(self: *Writer, value: []const u8) Error!void {
        if (!utf8.valid(value)) return error.TextNotUtf8;
        try self.putHead(.text, value.len);
        return self.put(value);
    }

    pub fn byteString(self: *Writer, value: []const u8) Error!void {
        try self.putHead(.bytes, value.len);
        return self.put(value);
    }

    pub fn tag(self: *Writer, number: u64) Error!void {
        return self.putHead(.tag, number);
    }

    /// Then so many items, and `end`.
    pub fn list(self: *Writer, count: usize) Error!void {
        return self.open(.list, count);
    }

    /// Then so many pairs of a key and a value, and `end`.
    pub fn map(self: *Writer, count: usize) Error!void {
        return self.open(.map, count);
    }

    pub fn end(self: *Writer) void {
        self.depth -= 1;
    }

    /// An item that was received, or written before.
    pub noinline fn item(self: *Writer, bytes: []const u8) Error!void {
        var reader: Reader = .{ .bytes = bytes };
        if (self.depth + depthOf(&reader) > deepest) return error.NestsTooDeep;
        return self.put(bytes);
    }

    noinline fn open(self: *Writer, major: head.Major, count: usize) Error!void {
        if (self.depth == deepest) return error.NestsTooDeep;
        self.depth += 1;
        return self.putHead(major, count);
    }

    noinline fn putHead(self: *Writer, major: head.Major, argument: u64) Error!void {
        var buffer: [head.longest]u8 = undefined;
        return self.put(head.write(&buffer, major, argument));
    }

    noinline fn put(self: *Writer, bytes: []const u8) Error!void {
        if (bytes.len > self.buffer.len - self.size) {
            const wanted = self.size + bytes.len;
            const larger = @max(64, wanted + wanted / 2);
            self.buffer = memory.arena.realloc(self.buffer, larger) catch try memory.arena.realloc(self.buffer, wanted);
        }
        @memcpy(self.buffer[self.size..][0..bytes.len], bytes);
        self.size += bytes.len;
    }
};

fn depthOf(reader: *Reader) usize {
    const first = reader.head();
    if (first.major != .list and first.major != .map) {
        reader.skip();
        return 0;
    }
    var most: usize = 0;
    var each = (if (first.major == .list) reader.list() else reader.map()).?;
    while (each.next(reader)) {
        if (first.major == .map) reader.skip();
        most = @max(most, depthOf(reader));
    }
    return 1 + most;
}
