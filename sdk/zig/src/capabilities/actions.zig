//! `wardian.actions`: actions of other plugins.

const host = @import("../host.zig");

/// What the action answers, read as this type.
pub fn call(T: type, action: []const u8, params: anytype) host.Error!T {
    return host.ask("wardian", "action_call", T, .{ action, params });
}
