//! How a call fails: a Zig error for its kind, and beside it what the host is told.

const std = @import("std");
const memory = @import("memory.zig");
const Item = @import("codec/item.zig").Item;

/// What is wrong, and by that whether the host tries again.
pub const Kind = enum {
    /// This record, or this argument.
    invalid,
    /// The configuration: the operator has to change it.
    config,
    /// Something outside that will pass: tried again.
    transient,
    /// A capability or a destination that is not granted.
    denied,
    /// A quota is spent.
    exhausted,
    not_found,
    conflict,
    /// This plugin does not do that.
    unimplemented,
    /// The plugin itself.
    internal,
};

/// The same kinds as errors: those of the host's functions, and of `fail`.
pub const Error = error{ Invalid, Config, Transient, Denied, Exhausted, NotFound, Conflict, Unimplemented, Internal };

/// All that an error may say.
pub const Failure = struct {
    kind: Kind,
    message: []const u8,
    /// The plugin's own name for what happened.
    code: ?[]const u8 = null,
    retry_after_ms: ?u64 = null,
    /// See `wardian.item`.
    details: ?Item = null,
};

/// Remembers why, and gives the error to return: `return wardian.fail(.invalid, "`{s}` is no name", .{name});`
pub fn fail(kind: Kind, comptime format: []const u8, args: anytype) Error {
    if (@typeInfo(@TypeOf(args)).@"struct".field_names.len == 0) return failWith(.{ .kind = kind, .message = format });
    return failWith(.{ .kind = kind, .message = std.fmt.allocPrint(memory.arena, format, args) catch format });
}

/// As `fail`, with all that an error may say; what it points to lasts until the call ends.
pub noinline fn failWith(failure: Failure) Error {
    last = failure;
    return errorOf(failure.kind);
}

/// What an error that a function returned says: what was remembered with it, or what its name tells.
pub fn failureOf(err: anyerror) Failure {
    if (last) |failure| if (errorOf(failure.kind) == err) return failure;
    if (err == error.OutOfMemory) return .{ .kind = .exhausted, .message = "out of memory" };
    inline for (comptime std.enums.values(Kind)) |kind| {
        if (err == errorOf(kind)) return .{ .kind = kind, .message = @tagName(kind) };
    }
    return .{ .kind = .internal, .message = @errorName(err) };
}

pub fn forget() void {
    last = null;
}

var last: ?Failure = null;

fn errorOf(kind: Kind) Error {
    return switch (kind) {
        .invalid => error.Invalid,
        .config => error.Config,
        .transient => error.Transient,
        .denied => error.Denied,
        .exhausted => error.Exhausted,
        .not_found => error.NotFound,
        .conflict => error.Conflict,
        .unimplemented => error.Unimplemented,
        .internal => error.Internal,
    };
}
