//! A panic of a plugin: its message is logged as an error, then the instance traps.

const std = @import("std");
const builtin = @import("builtin");
const host = @import("host.zig");
const head = @import("codec/head.zig");

pub const panic = std.debug.FullPanic(logged);

/// Without the arena: that may be what is broken.
fn logged(message: []const u8, address: ?usize) noreturn {
    if (builtin.cpu.arch != .wasm32) std.debug.defaultPanic(message, address);
    var buffer: [512]u8 = undefined;
    buffer[0] = 0x82;
    buffer[1] = 4;
    const shown = message[0..@min(message.len, buffer.len - 2 - head.longest)];
    var head_buffer: [head.longest]u8 = undefined;
    const written = head.write(&head_buffer, .text, shown.len);
    @memcpy(buffer[2..][0..written.len], written);
    const content = buffer[2 + written.len ..][0..shown.len];
    @memcpy(content, shown);
    // A request that is not UTF-8 would end the instance before the host has heard anything.
    for (content) |*byte| if (byte.* >= 0x80) {
        byte.* = '?';
    };
    _ = host.import("wardian", "log")(&buffer, 2 + written.len + shown.len);
    @trap();
}
