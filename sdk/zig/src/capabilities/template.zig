//! `wardian.template`: texts with placeholders.

const host = @import("../host.zig");

/// The text with its placeholders filled in from what the running call knows.
pub fn expand(text: []const u8) host.Error![]const u8 {
    return host.ask("wardian", "template_expand", []const u8, text);
}
