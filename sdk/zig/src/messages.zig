//! Requests and replies that most plugins of a kind take as they are; any struct with some of their fields does as well.

const Value = @import("value.zig").Value;
const Map = @import("value.zig").Map;
const log = @import("capabilities/log.zig");

/// What `open` and `check` get. What `open` allocates, and what it is given, stays as long as the instance.
pub fn Open(Config: type) type {
    return struct {
        config: Config,
        context: Context = .{},
        /// What `config` was merged from, the weakest first.
        layers: []const Value = &.{},
        /// The last offset of a source that was acknowledged.
        @"resume": Value = .null,
    };
}

pub const Context = struct {
    plugin: []const u8 = "",
    version: []const u8 = "",
    symbol: []const u8 = "",
    instance: []const u8 = "",
    pipeline: ?[]const u8 = null,
    run: ?[]const u8 = null,
};

/// What `check` finds: a slice of these.
pub const Remark = struct { log.Level, []const u8 };

/// A record; `Data` is the type of what it says, and `Value` where that may be anything.
pub fn Record(Data: type) type {
    return struct {
        data: Data,
        message: ?[]const u8 = null,
        type: ?enum { log, metric, span, bytes, event } = null,
        /// Nanoseconds, or a point in time.
        time: ?Value = null,
        key: ?Value = null,
        tags: ?Value = null,
        meta: ?Value = null,
        path: ?[]const u8 = null,
    };
}

/// What `poll` gets.
pub const Demand = struct {
    /// Nanoseconds since 1970.
    now: i64,
    /// The most records that are wanted.
    demand: u64,
};

/// What `poll` gives; `R` is a record's type, and `Offset` that of what to resume from.
pub fn Poll(R: type, Offset: type) type {
    return struct {
        records: []const R,
        /// Not to be polled before.
        wait_ms: ?u64 = null,
        /// What to resume from once these records are safe.
        offset: ?Offset = null,
        /// There will be no more.
        done: ?bool = null,
    };
}

/// What `request` of a source gets.
pub const Pushed = struct { payload: Value, headers: Map([]const u8) };

/// What `validate` of a function gets: each argument has its value, or the column and type that it comes from.
pub const Query = struct { args: []const Argument };
pub const Argument = struct { literal: ?Value = null, column: ?[]const u8 = null, type: ?[]const u8 = null };

/// What `rows` of a lookup gets.
pub const Search = struct {
    /// The columns that are wanted.
    fields: []const []const u8,
    /// Columns, and what they must be equal to, in the same order.
    keys: []const []const u8,
    values: []const Value,
};
