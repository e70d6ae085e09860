//! `Item`: one item as its bytes, for what goes on as it came, and for what is read later or in another form.

const std = @import("std");
const memory = @import("../memory.zig");
const Reader = @import("reader.zig").Reader;
const Writer = @import("writer.zig").Writer;
const same = @import("head.zig").same;
const decode = @import("decode.zig");
const encode = @import("encode.zig");
const check = @import("check.zig");
const fail = @import("../failure.zig");

pub const Item = struct {
    /// Of an item that has been checked. Those of a request last until its call ends.
    bytes: []const u8,

    pub const @"null": Item = .{ .bytes = "\xf6" };

    /// The item as a value of this type; fails with `invalid`, and says what was expected where.
    pub fn as(self: Item, T: type) (fail.Error || error{OutOfMemory})!T {
        return decode.whole(T, self.bytes, .invalid, "the item");
    }

    /// The item as a value of this type, or null where it is of another.
    pub fn to(self: Item, T: type) ?T {
        var reader: Reader = .{ .bytes = self.bytes };
        return decode.decode(T, &reader) catch null;
    }

    /// What stands under a key of a map; null when it is not there, or when this is no map.
    pub fn get(self: Item, key: []const u8) ?Item {
        var reader: Reader = .{ .bytes = self.bytes };
        var pairs = reader.map() orelse return null;
        while (pairs.next(&reader)) {
            const found = if (reader.text()) |name| same(name, key) else skipped: {
                reader.skip();
                break :skipped false;
            };
            const begin = reader.at;
            reader.skip();
            if (found) return .{ .bytes = self.bytes[begin..reader.at] };
        }
        return null;
    }

    pub fn isNull(self: Item) bool {
        return self.bytes[0] == 0xf6;
    }

    /// Checks bytes that came from elsewhere, which it changes, and gives the item that they hold.
    pub fn fromBytes(bytes: []u8) (fail.Error || error{OutOfMemory})!Item {
        var reason: []const u8 = "";
        return .{ .bytes = check.check(memory.arena, bytes, &reason) catch |err| switch (err) {
            error.Malformed => return fail.failWith(.{ .kind = .invalid, .message = reason }),
            error.OutOfMemory => return error.OutOfMemory,
        } };
    }

    pub fn wardianRead(reader: *Reader) decode.Error!Item {
        const begin = reader.at;
        reader.skip();
        return .{ .bytes = reader.bytes[begin..reader.at] };
    }

    pub fn wardianWrite(self: Item, writer: *Writer) encode.Error!void {
        return writer.item(self.bytes);
    }
};

/// A value as an item, in the call's arena.
pub fn item(value: anytype) (fail.Error || error{OutOfMemory})!Item {
    return .{ .bytes = try encode.bytes(value) };
}
