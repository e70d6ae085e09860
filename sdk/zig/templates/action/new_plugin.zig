//! An action that greets somebody.

const std = @import("std");
const wardian = @import("wardian");

comptime {
    wardian.action(@This());
}

var greeting: []const u8 = "Hello";

const Config = struct { greeting: []const u8 = "Hello" };

/// Called once, before all else. What it is given stays as long as the instance.
pub fn open(given: wardian.Open(Config)) void {
    greeting = given.config.greeting;
}

const Job = struct { params: struct { name: []const u8 } };

/// What does not fit the types is refused before this is called: "`params.name` must be a text".
pub fn call(arena: std.mem.Allocator, job: Job) !struct { text: []const u8 } {
    return .{ .text = try std.fmt.allocPrint(arena, "{s}, {s}!", .{ greeting, job.params.name }) };
}

test "greets by name" {
    const reply = try call(wardian.arena, .{ .params = .{ .name = "Ada" } });
    try std.testing.expectEqualStrings("Hello, Ada!", reply.text);
}
