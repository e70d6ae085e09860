//! `wardian.emit`: records for the pipeline while a call is still under way.

const host = @import("../host.zig");

/// Takes a slice or a tuple of records, and says how many of them, from the first on, were taken; the others have to be
/// offered again.
pub fn emit(records: anytype) host.Error!usize {
    return host.ask("wardian", "emit", usize, records);
}
