//! `wardian.state`: values that outlive the instance. What a call changes lasts when it succeeds, and is undone when not.

const host = @import("../host.zig");
const Item = @import("../codec/item.zig").Item;
const Value = @import("../value.zig").Value;

/// The value of a key, null when there is none. A key is a text, or `wardian.Bytes`.
pub fn get(T: type, key: anytype) host.Error!?T {
    return host.ask("wardian", "state_get", ?T, key);
}

pub fn put(key: anytype, value: anytype) host.Error!void {
    return host.ask("wardian", "state_put", void, .{ key, value });
}

/// As `put`, but gone after a time.
pub fn putFor(key: anytype, value: anytype, ttl_ms: u64) host.Error!void {
    return host.ask("wardian", "state_put", void, .{ key, value, ttl_ms });
}

/// Whether it was there.
pub fn delete(key: anytype) host.Error!bool {
    return host.ask("wardian", "state_delete", bool, key);
}

/// The sum; a key that is not there counts as 0.
pub fn add(key: anytype, delta: i64) host.Error!i64 {
    return host.ask("wardian", "state_add", i64, .{ key, delta });
}

/// Whether the value was the expected one and has been replaced; null stands for one that is not there.
pub fn swap(key: anytype, expected: anytype, value: anytype) host.Error!bool {
    return host.ask("wardian", "state_swap", bool, .{ key, expected, value });
}

/// At most so many keys that begin with the prefix and come after another one, in the order of their bytes; `Value`
/// where there may be byte strings among them, `[]const u8` where there are texts alone.
pub fn keys(T: type, prefix: anytype, after: ?T, limit: u64) host.Error![]const T {
    return host.ask("wardian", "state_keys", []const T, .{ prefix, after, limit });
}
