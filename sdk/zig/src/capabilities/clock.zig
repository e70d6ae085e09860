//! `wardian.clock`: what time it is.

const host = @import("../host.zig");

pub const Now = struct {
    /// Nanoseconds since 1970.
    unix_ns: i64,
    /// Nanoseconds of a clock that never goes back.
    monotonic_ns: u64,
};

pub fn now() host.Error!Now {
    const unix_ns, const monotonic_ns = try host.ask("wardian", "clock_now", struct { i64, u64 }, {});
    return .{ .unix_ns = unix_ns, .monotonic_ns = monotonic_ns };
}
