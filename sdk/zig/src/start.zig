//! What a build begins with: the author's file as the module `plugin`, and what Zig looks for in the root.

const std = @import("std");
const plugin = @import("plugin");
const wardian = @import("wardian");

pub const panic = if (@hasDecl(plugin, "panic")) plugin.panic else wardian.panic;
pub const std_options: std.Options = if (@hasDecl(plugin, "std_options")) plugin.std_options else wardian.std_options;

comptime {
    _ = plugin;
}
