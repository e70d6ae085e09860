//! An extension that counts for other plugins, and goes on after a restart.

const std = @import("std");
const wardian = @import("wardian");

comptime {
    wardian.methods(.{ .add = add, .get = get }); // all others are refused, as `unimplemented`
}

/// With how much, or null for 1 -> the new total. What a call that fails has added is taken back.
fn add(delta: ?i64) !i64 {
    return wardian.state.add("total", delta orelse 1);
}

/// The total.
fn get() !i64 {
    return try wardian.state.get(i64, "total") orelse 0;
}

test "counts" {
    var host: wardian.testing.Host = .init(std.testing.allocator);
    defer host.deinit();
    host.start();
    _ = try add(41);
    try std.testing.expectEqual(42, try add(null));
    try std.testing.expectEqual(42, try get());
}
