//! `wardian.random`: numbers that nobody can guess.

const host = @import("../host.zig");
const Bytes = @import("../value.zig").Bytes;

/// At most 65,536 bytes, in the call's arena.
pub fn bytes(count: usize) host.Error![]const u8 {
    return (try host.ask("wardian", "random_bytes", Bytes, count)).data;
}
