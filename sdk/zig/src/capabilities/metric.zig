//! `wardian.metric`: numbers for the operator.

const host = @import("../host.zig");

pub const Kind = enum { counter, gauge, histogram };

/// Labels are a struct or a map of texts, or null.
pub fn record(name: []const u8, kind: Kind, value: f64, labels: anytype) host.Error!void {
    return host.ask("wardian", "metric_record", void, .{ name, kind, value, labels });
}
