//! Whether bytes are one item as the ABI has it; everything that comes from outside passes here before it is read.
//!
//! What passes is left in a tighter form, in place: texts and byte strings in one piece. No item gets longer by that,
//! so that what is written never overtakes what is read. The content of times is looked at when it is read.

const std = @import("std");
const head = @import("head.zig");
const utf8 = @import("utf8.zig");
const Head = head.Head;

pub const Error = error{ Malformed, OutOfMemory };

pub const deepest = 64;

/// The one item in `bytes`, which are changed; `reason` says what is wrong with those that are refused.
pub fn check(arena: std.mem.Allocator, bytes: []u8, reason: *[]const u8) Error![]u8 {
    var checker: Checker = .{ .bytes = bytes, .arena = arena, .reason = reason };
    try checker.item(0);
    if (checker.from != bytes.len) return checker.refuse("bytes after the item");
    return bytes[0..checker.to];
}

const Key = struct {
    at: usize,
    size: usize,
    major: head.Major,

    fn lessThan(bytes: []const u8, left: Key, right: Key) bool {
        return order(bytes, left, right) == .lt;
    }

    /// By length first: most keys differ in it. Nothing here can be slowed down by keys that somebody chose.
    fn order(bytes: []const u8, left: Key, right: Key) std.math.Order {
        if (left.major != right.major) return if (left.major == .text) .lt else .gt;
        if (left.size != right.size) return std.math.order(left.size, right.size);
        for (bytes[left.at..][0..left.size], bytes[right.at..][0..right.size]) |one, other| {
            if (one != other) return std.math.order(one, other);
        }
        return .eq;
    }
};

const Checker = struct {
    bytes: []u8,
    arena: std.mem.Allocator,
    reason: *[]const u8,
    from: usize = 0,
    to: usize = 0,
    /// Those of all maps that are open.
    keys: std.ArrayList(Key) = .empty,

    fn refuse(self: *Checker, reason: []const u8) Error {
        self.reason.* = reason;
        return error.Malformed;
    }

    fn item(self: *Checker, depth: usize) Error!void {
        const start = self.from;
        const first = try self.head();
        switch (first.major) {
            .uint => self.keep(start),
            .negative => {
                if (first.argument >> 63 != 0) return self.refuse("an integer beyond 64 bits");
                self.keep(start);
            },
            .bytes, .text => try self.string(start, first),
            .list, .map => {
                if (depth == deepest) return self.refuse("nests too deep");
                self.keep(start);
                try if (first.major == .list) self.list(first, depth) else self.map(first, depth);
            },
            .tag => try self.tag(start, first),
            .simple => switch (first.info) {
                20...22, 25...27 => self.keep(start),
                Head.indefinite => return self.refuse("a break out of place"),
                else => return self.refuse("an unknown simple value"),
            },
        }
    }

    fn head(self: *Checker) Error!Head {
        const left = self.bytes[self.from..];
        if (left.len == 0) return self.refuse("cut off");
        const info: u5 = @truncate(left[0]);
        const indefinite = info == Head.indefinite;
        switch (Head.majorOf(left[0])) {
            .uint, .negative, .tag => if (indefinite) return self.refuse("a reserved head"),
            else => {},
        }
        if (info >= 28 and !indefinite) return self.refuse("a reserved head");
        if (left.len < 1 + Head.extraSize(info)) return self.refuse("cut off");
        const found = Head.read(left);
        self.from += found.size;
        return found;
    }

    /// Moves what has been read since `start` up to what has been kept.
    fn keep(self: *Checker, start: usize) void {
        const size = self.from - start;
        if (self.to != start) @memmove(self.bytes[self.to..][0..size], self.bytes[start..self.from]);
        self.to += size;
    }

    fn atBreak(self: *Checker) bool {
        if (self.from >= self.bytes.len or self.bytes[self.from] != 0xff) return false;
        self.from += 1;
        return true;
    }

    fn list(self: *Checker, first: Head, depth: usize) Error!void {
        if (first.info == Head.indefinite) {
            while (!self.atBreak()) try self.item(depth + 1);
            return self.keep(self.from - 1);
        }
        if (first.argument > self.bytes.len - self.from) return self.refuse("cut off");
        for (0..@intCast(first.argument)) |_| try self.item(depth + 1);
    }

    fn map(self: *Checker, first: Head, depth: usize) Error!void {
        const others = self.keys.items.len;
        if (first.info == Head.indefinite) {
            while (!self.atBreak()) try self.pair(depth);
            self.keep(self.from - 1);
        } else {
            if (first.argument > (self.bytes.len - self.from) / 2) return self.refuse("cut off");
            for (0..@intCast(first.argument)) |_| try self.pair(depth);
        }
        if (twice(self.bytes, self.keys.items[others..])) return self.refuse("a key that is there twice");
        self.keys.shrinkRetainingCapacity(others);
    }

    fn pair(self: *Checker, depth: usize) Error!void {
        const start = self.from;
        const key = try self.head();
        if (key.major != .text and key.major != .bytes) return self.refuse("a key that is neither text nor bytes");
        const kept = self.to;
        try self.string(start, key);
        const tight = Head.read(self.bytes[kept..]);
        const at = kept + tight.size;
        try self.keys.append(self.arena, .{ .at = at, .size = self.to - at, .major = key.major });
        try self.item(depth + 1);
    }

    fn twice(bytes: []const u8, keys: []Key) bool {
        if (keys.len <= 8) {
            for (keys, 0..) |key, at| {
                for (keys[0..at]) |other| if (Key.order(bytes, key, other) == .eq) return true;
            }
            return false;
        }
        std.sort.heap(Key, keys, @as([]const u8, bytes), Key.lessThan);
        for (keys[1..], keys[0 .. keys.len - 1]) |key, other| if (Key.order(bytes, key, other) == .eq) return true;
        return false;
    }

    fn string(self: *Checker, start: usize, first: Head) Error!void {
        if (first.info != Head.indefinite) {
            _ = try self.chunk(first);
            return self.keep(start);
        }
        // The content moves to the front first and then makes room for its head: two heads and the break are gone.
        const begin = self.to;
        while (!self.atBreak()) {
            const next = try self.head();
            if (next.major != first.major or next.info == Head.indefinite) return self.refuse("a chunk out of place");
            self.keep(try self.chunk(next));
        }
        var buffer: [head_longest]u8 = undefined;
        const size = self.to - begin;
        const written = writeHead(&buffer, first.major, size);
        @memmove(self.bytes[begin + written.len ..][0..size], self.bytes[begin..][0..size]);
        @memcpy(self.bytes[begin..][0..written.len], written);
        self.to += written.len;
    }

    /// Goes over the content of a string of known length, and gives where it begins.
    fn chunk(self: *Checker, of: Head) Error!usize {
        const begin = self.from;
        if (of.argument > self.bytes.len - begin) return self.refuse("cut off");
        self.from += @intCast(of.argument);
        if (of.major == .text and !utf8.valid(self.bytes[begin..self.from])) return self.refuse("a text that is not UTF-8");
        return begin;
    }

    fn tag(self: *Checker, start: usize, first: Head) Error!void {
        if (first.argument > 3) return self.refuse("an unknown tag");
        self.keep(start);
        const content_at = self.from;
        const content = try self.head();
        const takes = switch (first.argument) {
            0 => content.major == .text,
            1 => switch (content.major) {
                .uint, .negative => true,
                else => content.major == .simple and content.info >= 25 and content.info <= 27,
            },
            else => content.major == .bytes,
        };
        if (!takes) return self.refuse("a tag on content that it does not take");
        switch (content.major) {
            .bytes, .text => {
                const kept = self.to;
                try self.string(content_at, content);
                if (content.major == .bytes) try self.bignum(kept, first.argument == 3);
            },
            .negative => {
                if (content.argument >> 63 != 0) return self.refuse("an integer beyond 64 bits");
                self.keep(content_at);
            },
            else => self.keep(content_at),
        }
    }

    fn bignum(self: *Checker, kept: usize, negative: bool) Error!void {
        const content = self.bytes[kept + Head.read(self.bytes[kept..]).size .. self.to];
        const digits = std.mem.trimStart(u8, content, "\x00");
        if (digits.len > 8 or (negative and digits.len == 8 and digits[0] >= 0x80)) {
            return self.refuse("an integer beyond 64 bits");
        }
    }

    const head_longest = @import("head.zig").longest;
    const writeHead = @import("head.zig").write;
};
