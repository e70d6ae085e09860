//! `wardian.vars`: variables of the running job.

const host = @import("../host.zig");

/// The value of a variable, null when there is none.
pub fn get(T: type, name: []const u8) host.Error!?T {
    return host.ask("wardian", "vars_get", ?T, name);
}

pub fn set(name: []const u8, value: anytype) host.Error!void {
    return host.ask("wardian", "vars_set", void, .{ name, value });
}
