//! `Reader`: goes through an item that has been checked; each function reads on only where the item is of its type.

const std = @import("std");
const Head = @import("head.zig").Head;
const Major = @import("head.zig").Major;

pub const Type = enum { null, bool, int, float, text, bytes, list, map, time };

pub const Reader = struct {
    bytes: []const u8,
    at: usize = 0,

    pub fn head(self: *const Reader) Head {
        return Head.read(self.bytes[self.at..]);
    }

    pub fn kind(self: *const Reader) Type {
        const first = self.head();
        return switch (first.major) {
            .uint, .negative => .int,
            .bytes => .bytes,
            .text => .text,
            .list => .list,
            .map => .map,
            .tag => if (first.argument < 2) .time else .int,
            .simple => switch (first.info) {
                20, 21 => .bool,
                22 => .null,
                else => .float,
            },
        };
    }

    /// True where null was read.
    pub fn isNull(self: *Reader) bool {
        if (self.bytes[self.at] != 0xf6) return false;
        self.at += 1;
        return true;
    }

    pub fn boolean(self: *Reader) ?bool {
        const first = self.bytes[self.at];
        if (first != 0xf4 and first != 0xf5) return null;
        self.at += 1;
        return first == 0xf5;
    }

    /// As its sign and what follows: -1 - n where it is negative.
    pub noinline fn integer(self: *Reader) ?struct { negative: bool, argument: u64 } {
        const first = self.head();
        switch (first.major) {
            .uint, .negative => {
                self.at += first.size;
                return .{ .negative = first.major == .negative, .argument = first.argument };
            },
            .tag => {
                if (first.argument < 2) return null;
                self.at += first.size;
                var argument: u64 = 0;
                for (self.string()) |byte| argument = argument << 8 | byte;
                return .{ .negative = first.argument == 3, .argument = argument };
            },
            else => return null,
        }
    }

    pub fn float(self: *Reader) ?f64 {
        const first = self.head();
        if (first.major != .simple or first.info < 25) return null;
        self.at += first.size;
        return switch (first.info) {
            25 => @as(f16, @bitCast(@as(u16, @truncate(first.argument)))),
            26 => @as(f32, @bitCast(@as(u32, @truncate(first.argument)))),
            else => @bitCast(first.argument),
        };
    }

    pub noinline fn text(self: *Reader) ?[]const u8 {
        return if (self.is(.text)) self.string() else null;
    }

    pub fn byteString(self: *Reader) ?[]const u8 {
        return if (self.is(.bytes)) self.string() else null;
    }

    pub fn list(self: *Reader) ?Items {
        return if (self.is(.list)) self.items() else null;
    }

    /// Its keys and values come in turn: `next` goes from pair to pair.
    pub fn map(self: *Reader) ?Items {
        return if (self.is(.map)) self.items() else null;
    }

    /// Goes over one item.
    pub noinline fn skip(self: *Reader) void {
        const first = self.head();
        switch (first.major) {
            .bytes, .text => _ = self.string(),
            .list, .map => {
                var each = self.items();
                while (each.next(self)) {
                    self.skip();
                    if (first.major == .map) self.skip();
                }
            },
            .tag => {
                self.at += first.size;
                self.skip();
            },
            else => self.at += first.size,
        }
    }

    /// How many items are in the list, or pairs in the map, that begins here.
    pub fn count(self: *const Reader) usize {
        const first = self.head();
        if (first.info != Head.indefinite) return @intCast(first.argument);
        var ahead: Reader = .{ .bytes = self.bytes, .at = self.at };
        var each = ahead.items();
        var found: usize = 0;
        while (each.next(&ahead)) : (found += 1) {
            ahead.skip();
            if (first.major == .map) ahead.skip();
        }
        return found;
    }

    fn is(self: *const Reader, major: Major) bool {
        return Head.majorOf(self.bytes[self.at]) == major;
    }

    noinline fn string(self: *Reader) []const u8 {
        const first = self.head();
        const begin = self.at + first.size;
        self.at = begin + @as(usize, @intCast(first.argument));
        return self.bytes[begin..self.at];
    }

    noinline fn items(self: *Reader) Items {
        const first = self.head();
        self.at += first.size;
        return .{ .indefinite = first.info == Head.indefinite, .left = @intCast(first.argument) };
    }
};

/// What is left of a list or a map.
pub const Items = struct {
    indefinite: bool,
    left: usize,

    /// False at the end; otherwise the item has to be read before it is asked again.
    pub noinline fn next(self: *Items, reader: *Reader) bool {
        if (self.indefinite) {
            if (reader.bytes[reader.at] != 0xff) return true;
            reader.at += 1;
            return false;
        }
        if (self.left == 0) return false;
        self.left -= 1;
        return true;
    }
};
