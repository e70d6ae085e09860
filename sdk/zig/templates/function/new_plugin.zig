//! A function of two arguments, a text and a number, that gives the text so many times.

const std = @import("std");
const wardian = @import("wardian");

comptime {
    wardian.function(@This());
}

/// Times, so that one row cannot use up all memory.
const most = 100;

/// Asked once, when a query is prepared.
pub fn validate(query: wardian.Query) !void {
    if (query.args.len != 2)
        return wardian.fail(.invalid, "expected 2 arguments, a text and a number, got {d}", .{query.args.len});
}

/// One row; an error is that of this row alone.
pub fn call(arena: std.mem.Allocator, row: struct { []const u8, u32 }) ![]const u8 {
    const text, const times = row;
    if (times > most) return wardian.fail(.invalid, "the second argument must be an integer from 0 to {d}", .{most});
    const repeated = try arena.alloc(u8, text.len * times);
    for (repeated, 0..) |*letter, at| letter.* = text[at % text.len];
    return repeated;
}

test "repeats" {
    try std.testing.expectEqualStrings("ababab", try call(wardian.arena, .{ "ab", 3 }));
}
