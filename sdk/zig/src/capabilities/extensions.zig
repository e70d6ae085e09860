//! `wardian.extensions`: methods of other plugins.

const host = @import("../host.zig");

/// What the method returned, read as this type.
pub fn call(T: type, extension: []const u8, method: []const u8, argument: anytype) host.Error!T {
    return host.ask("wardian", "extension_call", T, .{ extension, method, argument });
}
