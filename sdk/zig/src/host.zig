//! Asking the host: a request goes out by an import, and the answer is taken into the call's arena.

const std = @import("std");
const builtin = @import("builtin");
const memory = @import("memory.zig");
const fail = @import("failure.zig");
const check = @import("codec/check.zig");
const decode = @import("codec/decode.zig");
const encode = @import("codec/encode.zig");
const testing = @import("testing.zig");

pub const Error = fail.Error || error{OutOfMemory};

/// What the host answers to a request, read as a value of this type. A refusal is an error of its kind, and says to the
/// host of this plugin what it said, unless it is caught.
pub fn ask(comptime module: []const u8, comptime name: []const u8, T: type, request: anytype) Error!T {
    const sent = if (@TypeOf(request) == void) "" else try encode.bytes(request);
    const answer = try exchange(import(module, name), sent);
    return decode.whole(T, answer, .internal, "the answer of `" ++ name ++ "`");
}

// What follows is the same for all types: it is in a module once, however much the module asks.

noinline fn exchange(send: Ask, sent: []const u8) Error![]const u8 {
    const status = send(sent.ptr, sent.len);
    if (status == 0) return "\xf6";
    const bytes = try memory.arena.alloc(u8, @intCast(@abs(status)));
    takeImport()(bytes.ptr);
    var reason: []const u8 = "";
    const answer = check.check(memory.arena, bytes, &reason) catch |err| switch (err) {
        error.OutOfMemory => return error.OutOfMemory,
        error.Malformed => return fail.failWith(.{ .kind = .internal, .message = reason }),
    };
    if (status > 0) return answer;
    return fail.failWith(try decode.whole(fail.Failure, answer, .internal, "the host's error"));
}

const Ask = *const fn ([*]const u8, usize) callconv(.c) i64;
const Take = *const fn ([*]u8) callconv(.c) void;

/// An import is in the module only where something asks for it.
pub fn import(comptime module: []const u8, comptime name: []const u8) Ask {
    if (builtin.cpu.arch == .wasm32) return @extern(Ask, .{ .name = name, .library_name = module });
    return testing.import(module, name);
}

fn takeImport() Take {
    if (builtin.cpu.arch == .wasm32) return @extern(Take, .{ .name = "take", .library_name = "wardian" });
    return testing.take;
}
