//! `Value`: any item, for what has no type of its own; and the types for what Zig has none for.

const std = @import("std");
const memory = @import("memory.zig");
const fail = @import("failure.zig");
const decode = @import("codec/decode.zig");
const encode = @import("codec/encode.zig");
const Reader = @import("codec/reader.zig").Reader;
const Writer = @import("codec/writer.zig").Writer;
const Time = @import("time.zig").Time;

pub const Value = union(enum) {
    null,
    bool: bool,
    int: i64,
    /// Above the range of `int`.
    uint: u64,
    float: f64,
    text: []const u8,
    bytes: []const u8,
    list: []const Value,
    /// In the order in which they came.
    map: []const Pair,
    time: Time,

    pub const Pair = struct { key: Value, value: Value };

    /// What stands under a text key of a map; null when it is not there, or when this is no map.
    pub fn get(self: Value, key: []const u8) ?Value {
        if (self != .map) return null;
        return for (self.map) |pair| {
            if (pair.key == .text and std.mem.eql(u8, pair.key.text, key)) break pair.value;
        } else null;
    }

    /// The same map with this value under a text key, in its place or at the end; what is no map is as an empty one.
    pub fn with(self: Value, key: []const u8, value: anytype) (fail.Error || error{OutOfMemory})!Value {
        const old: []const Pair = if (self == .map) self.map else &.{};
        const new: Pair = .{ .key = .{ .text = key }, .value = try from(value) };
        const at = for (old, 0..) |pair, at| {
            if (pair.key == .text and std.mem.eql(u8, pair.key.text, key)) break at;
        } else old.len;
        const pairs = try memory.arena.alloc(Pair, @max(old.len, at + 1));
        @memcpy(pairs[0..old.len], old);
        pairs[at] = new;
        return .{ .map = pairs };
    }

    /// Any value that can be written, as one of these.
    pub fn from(value: anytype) (fail.Error || error{OutOfMemory})!Value {
        if (@TypeOf(value) == Value) return value;
        return decode.whole(Value, try encode.bytes(value), .internal, "the value");
    }

    /// As a value of another type; fails with `invalid`, and says what was expected where.
    pub fn as(self: Value, T: type) (fail.Error || error{OutOfMemory})!T {
        return decode.whole(T, try encode.bytes(self), .invalid, "the value");
    }

    pub fn wardianRead(reader: *Reader) decode.Error!Value {
        switch (reader.kind()) {
            .null => {
                _ = reader.isNull();
                return .null;
            },
            .bool => return .{ .bool = reader.boolean().? },
            .int => {
                const found = reader.integer().?;
                if (found.negative) return .{ .int = ~@as(i64, @bitCast(found.argument)) };
                return if (std.math.cast(i64, found.argument)) |small| .{ .int = small } else .{ .uint = found.argument };
            },
            .float => return .{ .float = reader.float().? },
            .text => return .{ .text = reader.text().? },
            .bytes => return .{ .bytes = reader.byteString().? },
            .list => return .{ .list = try decode.decode([]const Value, reader) },
            .map => return .{ .map = try readPairs(Pair, reader) },
            .time => return .{ .time = try Time.wardianRead(reader) },
        }
    }

    pub fn wardianWrite(self: Value, writer: *Writer) encode.Error!void {
        switch (self) {
            .null => return writer.null(),
            .bool => |value| return writer.boolean(value),
            .int => |value| return writer.int(value),
            .uint => |value| return writer.uint(value),
            .float => |value| return writer.float(value),
            .text => |value| return writer.text(value),
            .bytes => |value| return writer.byteString(value),
            .time => |value| return value.wardianWrite(writer),
            .list => |values| return encode.encode(writer, values),
            .map => |pairs| {
                try writer.map(pairs.len);
                for (pairs) |pair| {
                    try pair.key.wardianWrite(writer);
                    try pair.value.wardianWrite(writer);
                }
                writer.end();
            },
        }
    }
};

/// A byte string; `[]const u8` is a text.
pub const Bytes = struct {
    data: []const u8,

    pub fn wardianRead(reader: *Reader) decode.Error!Bytes {
        return .{ .data = reader.byteString() orelse return decode.expected("a byte string") };
    }

    pub fn wardianWrite(self: Bytes, writer: *Writer) encode.Error!void {
        return writer.byteString(self.data);
    }
};

/// A map of texts to values of one type, whatever the keys: headers, labels.
pub fn Map(V: type) type {
    return struct {
        pairs: []const Pair = &.{},

        pub const Pair = struct { key: []const u8, value: V };

        pub fn get(self: @This(), key: []const u8) ?V {
            return for (self.pairs) |pair| {
                if (std.mem.eql(u8, pair.key, key)) break pair.value;
            } else null;
        }

        pub fn wardianRead(reader: *Reader) decode.Error!@This() {
            return .{ .pairs = try readPairs(Pair, reader) };
        }

        pub fn wardianWrite(self: @This(), writer: *Writer) encode.Error!void {
            try writer.map(self.pairs.len);
            for (self.pairs) |pair| {
                try writer.text(pair.key);
                try encode.encode(writer, pair.value);
            }
            writer.end();
        }
    };
}

fn readPairs(Pair: type, reader: *Reader) decode.Error![]Pair {
    if (reader.kind() != .map) return decode.expected("a map");
    const pairs = try memory.arena.alloc(Pair, reader.count());
    var each = reader.map().?;
    var at: usize = 0;
    while (each.next(reader)) : (at += 1) {
        pairs[at].key = try decode.decode(@FieldType(Pair, "key"), reader);
        pairs[at].value = try decode.decode(@FieldType(Pair, "value"), reader);
    }
    return pairs;
}
