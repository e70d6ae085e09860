//! Wardian's SDK for guests written in Zig, for the ABI version 1.
//!
//! A plugin is functions; what they take and give is read and written by their types.
//!
//!     const wardian = @import("wardian");
//!
//!     comptime {
//!         wardian.entries(.{ .greet = greet });
//!     }
//!
//!     fn greet(arena: std.mem.Allocator, who: struct { name: []const u8 }) ![]const u8 {
//!         return std.fmt.allocPrint(arena, "Hello, {s}!", .{who.name});
//!     }
//!
//! A call has one arena, which is emptied when the next call begins; texts that a function gets lie in the request. What
//! `open` gets and allocates stays. `gpa` is for all else that outlives a call.

// What an author says to the host.
pub const entries = @import("entries.zig").entries;
pub const methods = @import("entries.zig").methods;
pub const source = @import("kinds.zig").source;
pub const action = @import("kinds.zig").action;
pub const processor = @import("kinds.zig").processor;
pub const function = @import("kinds.zig").function;
pub const aggregator = @import("kinds.zig").aggregator;
pub const sink = @import("kinds.zig").sink;
pub const lookup = @import("kinds.zig").lookup;
pub const extension = @import("kinds.zig").extension;

// What the host says, and what it is told.
pub const Open = @import("messages.zig").Open;
pub const Context = @import("messages.zig").Context;
pub const Remark = @import("messages.zig").Remark;
pub const Record = @import("messages.zig").Record;
pub const Demand = @import("messages.zig").Demand;
pub const Poll = @import("messages.zig").Poll;
pub const Pushed = @import("messages.zig").Pushed;
pub const Query = @import("messages.zig").Query;
pub const Argument = @import("messages.zig").Argument;
pub const Search = @import("messages.zig").Search;

// Values without a type of their own.
pub const Value = @import("value.zig").Value;
pub const Bytes = @import("value.zig").Bytes;
pub const Map = @import("value.zig").Map;
pub const Time = @import("time.zig").Time;
pub const Duration = @import("duration.zig").Duration;
pub const Item = @import("codec/item.zig").Item;
pub const item = @import("codec/item.zig").item;

// Failures.
pub const Kind = @import("failure.zig").Kind;
pub const Failure = @import("failure.zig").Failure;
pub const Error = @import("call.zig").Error;
pub const fail = @import("failure.zig").fail;
pub const failWith = @import("failure.zig").failWith;
pub const failureOf = @import("failure.zig").failureOf;

// Memory.
pub const arena = @import("memory.zig").arena;
pub const gpa = @import("memory.zig").gpa;
pub const mark = @import("memory.zig").mark;
pub const release = @import("memory.zig").release;

// The host's functions: each is an import of the module that uses it, and of no other.
pub const log = @import("capabilities/log.zig");
pub const metric = @import("capabilities/metric.zig");
pub const cancelled = @import("capabilities/cancelled.zig").cancelled;
pub const state = @import("capabilities/state.zig");
pub const emit = @import("capabilities/emit.zig").emit;
pub const clock = @import("capabilities/clock.zig");
pub const random = @import("capabilities/random.zig");
pub const http = @import("capabilities/http.zig");
pub const template = @import("capabilities/template.zig");
pub const vars = @import("capabilities/vars.zig");
pub const actions = @import("capabilities/actions.zig");
pub const extensions = @import("capabilities/extensions.zig");
pub const app = @import("capabilities/app.zig");

/// A host for the tests of a plugin, in which no wasm is needed.
pub const testing = @import("testing.zig");

/// For `std.log`, and for panics; a plugin that has its own `std_options` or `panic` keeps them.
pub const std_options = @import("capabilities/log.zig").std_options;
pub const panic = @import("panic.zig").panic;

comptime {
    if (@import("builtin").cpu.arch == .wasm32) {
        @export(&version, .{ .name = "wardian_abi_v1" });
        @export(&alloc, .{ .name = "wardian_alloc" });
    }
}

fn version() callconv(.c) void {}

fn alloc(size: usize) callconv(.c) ?[*]u8 {
    return @import("memory.zig").requestBuffer(size);
}
