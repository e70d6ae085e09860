//! `wardian.app`: functions of the program that runs the plugin. To name one is to ask for the capability `app.NAME`.

const host = @import("../host.zig");

/// What the function returned, read as this type.
pub fn call(T: type, comptime name: []const u8, argument: anytype) host.Error!T {
    return host.ask("app", name, T, argument);
}
