//! `wardian.cancelled`: whether the host wants the running call to come to its end.

const host = @import("../host.zig");

/// To be asked now and then where a call takes long.
pub fn cancelled() bool {
    return host.ask("wardian", "cancelled", bool, {}) catch true;
}
