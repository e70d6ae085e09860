//! One call, from the request's bytes to the reply's: what all entry points have in common.

const std = @import("std");
const builtin = @import("builtin");
const memory = @import("memory.zig");
const fail = @import("failure.zig");
const check = @import("codec/check.zig");
const decode = @import("codec/decode.zig");
const encode = @import("codec/encode.zig");
const Writer = @import("codec/writer.zig").Writer;

pub const Error = fail.Error || error{OutOfMemory};

/// Exports an entry point: `Body.answer` gets the request and writes the reply, or returns any error.
pub fn entry(comptime name: []const u8, Body: type) void {
    const opens = comptime std.mem.eql(u8, name, "plugin_open");
    const exported = struct {
        fn enter(at: [*]u8, size: usize) callconv(.c) u64 {
            const request = begin(at[0..size], opens) catch |err| return failed(err);
            var writer: Writer = .{};
            Body.answer(request, &writer) catch |err| return failed(err);
            if (opens) memory.keep();
            return pack(writer.written(), 0);
        }
    };
    // A program that tests a plugin on its own machine has these functions to call, and no use for the names.
    if (builtin.cpu.arch == .wasm32) @export(&exported.enter, .{ .name = name }) else _ = &exported.enter;
}

/// The request, checked; a copy of it where it is kept, for the host writes its next request over it.
noinline fn begin(request: []u8, kept: bool) Error![]const u8 {
    memory.reset();
    fail.forget();
    var reason: []const u8 = "";
    const checked = if (kept) try memory.arena.dupe(u8, request) else request;
    return check.check(memory.arena, checked, &reason) catch |err| switch (err) {
        error.OutOfMemory => error.OutOfMemory,
        error.Malformed => fail.failWith(.{ .kind = .invalid, .message = reason }),
    };
}

noinline fn failed(err: anyerror) u64 {
    @branchHint(.cold);
    const failure = fail.failureOf(err);
    const reply = encode.bytes(failure) catch |again| encode.bytes(fail.failureOf(again)) catch last_resort;
    return pack(reply, failed_bit);
}

/// For when there is no memory even to say so.
const last_resort = "\xa2\x64kind\x69exhausted\x67message\x6dout of memory";

const failed_bit = 1 << 31;

fn pack(reply: []const u8, bits: u64) u64 {
    if (reply.len == 0 or (reply.len == 1 and reply[0] == 0xf6)) return bits;
    return @as(u64, @intFromPtr(reply.ptr)) << 32 | bits | reply.len;
}

/// Calls an author's function: a parameter of type `std.mem.Allocator` gets the call's arena, the other one the input.
pub fn invoke(comptime function: anytype, input: Input(function)) Error!Output(function) {
    const Function = @TypeOf(function);
    var arguments: std.meta.ArgsTuple(Function) = undefined;
    inline for (@typeInfo(Function).@"fn".param_types, 0..) |Parameter, at| {
        arguments[at] = if (Parameter.? == std.mem.Allocator) memory.arena else input;
    }
    const output = @call(.auto, function, arguments);
    if (@typeInfo(@TypeOf(output)) != .error_union) return output;
    return output catch |err| return named(err);
}

/// An error of any name as one that the host knows.
noinline fn named(err: anyerror) Error {
    const failure = fail.failureOf(err);
    return if (err == error.OutOfMemory) error.OutOfMemory else fail.failWith(failure);
}

/// What the function takes; void where it takes nothing.
pub fn Input(comptime function: anytype) type {
    const info = switch (@typeInfo(@TypeOf(function))) {
        .@"fn" => |info| info,
        else => @compileError("wardian: an entry point must be a function, this is `" ++ @typeName(@TypeOf(function)) ++ "`"),
    };
    var Found: ?type = null;
    for (info.param_types) |Parameter| {
        const Known = Parameter orelse
            @compileError("wardian: an entry point has parameters of known types, not `anytype`");
        if (Known == std.mem.Allocator) continue;
        if (Found != null) @compileError("wardian: an entry point takes one value, and an Allocator where it needs one: " ++
            "put the values into a struct");
        Found = Known;
    }
    return Found orelse void;
}

/// What the function gives, without the errors.
pub fn Output(comptime function: anytype) type {
    const Returned = @typeInfo(@TypeOf(function)).@"fn".return_type.?;
    return switch (@typeInfo(Returned)) {
        .error_union => |info| info.payload,
        else => Returned,
    };
}

/// Reads the input of a function from a request. What does not fit is of this kind.
pub fn read(comptime function: anytype, request: []const u8, kind: fail.Kind) Error!Input(function) {
    if (Input(function) == void) return;
    return decode.whole(Input(function), request, kind, "the request");
}

/// The body of an entry point that is one function from the request to the reply.
pub fn Whole(comptime function: anytype, comptime kind: fail.Kind) type {
    return struct {
        pub fn answer(request: []const u8, writer: *Writer) Error!void {
            const output = try invoke(function, try read(function, request, kind));
            encode.encode(writer, output) catch |err| return encode.failure(err);
        }
    };
}
