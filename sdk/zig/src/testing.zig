//! A host for the unit tests of a plugin: its functions are called as they are, on the author's own machine, and what
//! they ask the host is answered here. There are no limits, and nothing is undone when a function fails.
//!
//!     test "greets by the full name" {
//!         var host: wardian.testing.Host = .init(std.testing.allocator);
//!         defer host.deinit();
//!         host.start();
//!         try host.answer("app.lookup_user", fullName); // fn (wardian.Value) anyerror!wardian.Value
//!         const reply = try greet(wardian.arena, .{ .name = "Ada" });
//!         try std.testing.expectEqualStrings("Hello, Ada Lovelace!", reply.text);
//!     }

const std = @import("std");
const memory = @import("memory.zig");
const fail = @import("failure.zig");
const encode = @import("codec/encode.zig");
const Item = @import("codec/item.zig").Item;
const Value = @import("value.zig").Value;
const Level = @import("capabilities/log.zig").Level;

pub const Answer = *const fn (Value) anyerror!Value;
pub const Line = struct { level: Level, message: []const u8, fields: Value = .null };
pub const Metric = struct { name: []const u8, kind: []const u8, value: f64, labels: Value };

pub const Host = struct {
    kept: std.heap.ArenaAllocator,
    state: std.array_hash_map.String(Value) = .empty,
    vars: std.array_hash_map.String(Value) = .empty,
    /// What was asked and answered by functions of the test, such as `app.lookup_user`, `http_request`, `action_call`.
    answers: std.array_hash_map.String(Answer) = .empty,
    logs: std.ArrayList(Line) = .empty,
    metrics: std.ArrayList(Metric) = .empty,
    emitted: std.ArrayList(Value) = .empty,
    /// What the clock says; a test moves it by hand.
    unix_ns: i64 = 0,
    cancelled: bool = false,
    waiting: []const u8 = "",

    pub fn init(allocator: std.mem.Allocator) Host {
        return .{ .kept = .init(allocator) };
    }

    /// From here on this host answers; the host must not be moved.
    pub fn start(self: *Host) void {
        memory.reset();
        fail.forget();
        current = self;
    }

    pub fn deinit(self: *Host) void {
        current = null;
        memory.reset();
        self.kept.deinit();
    }

    /// Answers an import by a function of the test, in place of this host's own answer where it has one.
    pub fn answer(self: *Host, import_name: []const u8, function: Answer) !void {
        try self.answers.put(self.kept.allocator(), import_name, function);
    }

    fn asked(self: *Host, comptime name: []const u8, request: Value) anyerror!Value {
        if (self.answers.get(name)) |function| return function(request);
        const list: []const Value = if (request == .list) request.list else &.{};
        const own = std.meta.stringToEnum(Own, name) orelse
            return fail.fail(.not_found, "the test answers no `{s}`: see `wardian.testing.Host.answer`", .{name});
        switch (own) {
            .log => {
                const line = try request.as(struct { Level, []const u8, ?Value });
                try self.logs.append(self.kept.allocator(), .{
                    .level = line[0],
                    .message = (try self.keep(.{ .text = line[1] })).text,
                    .fields = try self.keep(line[2] orelse .null),
                });
                return .null;
            },
            .metric_record => {
                const point = try request.as(struct { []const u8, []const u8, f64, ?Value });
                try self.metrics.append(self.kept.allocator(), .{
                    .name = (try self.keep(.{ .text = point[0] })).text,
                    .kind = (try self.keep(.{ .text = point[1] })).text,
                    .value = point[2],
                    .labels = try self.keep(point[3] orelse .null),
                });
                return .null;
            },
            .cancelled => return .{ .bool = self.cancelled },
            .state_get => return self.state.get(try keyOf(request)) orelse .null,
            .state_put => {
                try self.put(&self.state, list[0], list[1]);
                return .null;
            },
            .state_delete => return .{ .bool = self.state.orderedRemove(try keyOf(request)) },
            .state_add => {
                const old = self.state.get(try keyOf(list[0])) orelse Value{ .int = 0 };
                if (old != .int) return fail.fail(.invalid, "the value is no integer", .{});
                const sum: Value = .{ .int = old.int + list[1].int };
                try self.put(&self.state, list[0], sum);
                return sum;
            },
            .state_swap => {
                const old = self.state.get(try keyOf(list[0])) orelse .null;
                if (!std.mem.eql(u8, try encode.bytes(old), try encode.bytes(list[1]))) return .{ .bool = false };
                if (list[2] == .null) _ = self.state.orderedRemove(try keyOf(list[0])) else try self.put(&self.state, list[0], list[2]);
                return .{ .bool = true };
            },
            .state_keys => return self.keys(try keyOf(list[0]), if (list[1] == .null) null else try keyOf(list[1]), list[2]),
            .emit => {
                for (list) |record| try self.emitted.append(self.kept.allocator(), try self.keep(record));
                return .{ .int = @intCast(list.len) };
            },
            .clock_now => return Value.from(.{ self.unix_ns, self.unix_ns }),
            .random_bytes => {
                const bytes = try memory.arena.alloc(u8, @intCast(request.int));
                for (bytes, 0..) |*byte, at| byte.* = @truncate(at); // the same each time, as a test wants it
                return .{ .bytes = bytes };
            },
            .vars_get => return self.vars.get(try keyOf(request)) orelse .null,
            .vars_set => {
                try self.put(&self.vars, list[0], list[1]);
                return .null;
            },
        }
    }

    const Own = enum {
        log,
        metric_record,
        cancelled,
        state_get,
        state_put,
        state_delete,
        state_add,
        state_swap,
        state_keys,
        emit,
        clock_now,
        random_bytes,
        vars_get,
        vars_set,
    };

    fn keys(self: *Host, prefix: []const u8, after: ?[]const u8, limit: Value) !Value {
        var found: std.ArrayList([]const u8) = .empty;
        for (self.state.keys()) |key| {
            if (!std.mem.startsWith(u8, key, prefix)) continue;
            if (after == null or std.mem.order(u8, key, after.?) == .gt) try found.append(memory.arena, key);
        }
        std.sort.heap([]const u8, found.items, {}, struct {
            fn lessThan(_: void, left: []const u8, right: []const u8) bool {
                return std.mem.order(u8, left, right) == .lt;
            }
        }.lessThan);
        return Value.from(found.items[0..@min(found.items.len, @as(usize, @intCast(limit.int)))]);
    }

    fn put(self: *Host, map: *std.array_hash_map.String(Value), key: Value, value: Value) !void {
        const kept = try self.keep(.{ .text = try keyOf(key) });
        try map.put(self.kept.allocator(), kept.text, try self.keep(value));
    }

    /// A copy that outlives the arena of the call.
    fn keep(self: *Host, value: Value) !Value {
        const allocator = self.kept.allocator();
        switch (value) {
            .text => |text| return .{ .text = try allocator.dupe(u8, text) },
            .bytes => |bytes| return .{ .bytes = try allocator.dupe(u8, bytes) },
            .list => |list| {
                const copies = try allocator.alloc(Value, list.len);
                for (copies, list) |*copy, each| copy.* = try self.keep(each);
                return .{ .list = copies };
            },
            .map => |pairs| {
                const copies = try allocator.alloc(Value.Pair, pairs.len);
                for (copies, pairs) |*copy, pair| copy.* = .{ .key = try self.keep(pair.key), .value = try self.keep(pair.value) };
                return .{ .map = copies };
            },
            else => return value,
        }
    }
};

fn keyOf(key: Value) ![]const u8 {
    return switch (key) {
        .text => |text| text,
        .bytes => |bytes| bytes,
        else => fail.fail(.invalid, "a key is a text or a byte string", .{}),
    };
}

var current: ?*Host = null;

/// In place of an import.
pub fn import(comptime module: []const u8, comptime name: []const u8) *const fn ([*]const u8, usize) callconv(.c) i64 {
    const full = comptime if (std.mem.eql(u8, module, "wardian")) name else module ++ "." ++ name;
    return struct {
        fn ask(at: [*]const u8, size: usize) callconv(.c) i64 {
            const host = current orelse @panic("no host answers: begin the test with `wardian.testing.Host`");
            const reply = reply: {
                const request = (Item{ .bytes = if (size == 0) "\xf6" else at[0..size] }).as(Value) catch |err| break :reply err;
                const answer = host.asked(full, request) catch |err| break :reply err;
                host.waiting = encode.bytes(answer) catch |err| break :reply err;
                return if (answer == .null) 0 else @intCast(host.waiting.len);
            };
            host.waiting = encode.bytes(fail.failureOf(reply)) catch @panic("no memory");
            return -@as(i64, @intCast(host.waiting.len));
        }
    }.ask;
}

/// In place of the import `take`.
pub fn take(at: [*]u8) callconv(.c) void {
    const host = current.?;
    @memmove(at[0..host.waiting.len], host.waiting);
    host.waiting = "";
}
