//! Does everything the ABI promises, one entry point for each promise; driven by tests, read by authors.
//!
//! Entry points named after an import take that import's request and reply with its answer; what the host refuses is
//! passed on.

const std = @import("std");
const wardian = @import("wardian");
const kinds = @import("kinds.zig");
const Allocator = std.mem.Allocator;
const Item = wardian.Item;
const Value = wardian.Value;

comptime {
    wardian.entries(.{
        .probe_echo = echo,
        .probe_decode = decode,
        .probe_time = time,
        .probe_null = nothing,
        .probe_fail = fail,
        .probe_deep = deep,
        .probe_large = large,
        .probe_many = many,
        .probe_trap = trap,
        .probe_panic = panics,
        .probe_spin = spin,
        .probe_sleep_until_cancelled = sleepUntilCancelled,
        .probe_config = config,
        .probe_calls = calls,
        .probe_asks = asks,
        .probe_log = log,
        .probe_state_get = stateGet,
        .probe_state_put = statePut,
        .probe_state_delete = stateDelete,
        .probe_state_add = stateAdd,
        .probe_state_swap = stateSwap,
        .probe_state_keys = stateKeys,
        .probe_state_undone = stateUndone,
        .probe_clock_now = clockNow,
        .probe_random_bytes = randomBytes,
        .probe_metric_record = metricRecord,
        .probe_cancelled = wardian.cancelled,
        .probe_app = app,
        .probe_http_request = httpRequest,
        .probe_emit = emit,
        .probe_template_expand = wardian.template.expand,
        .probe_vars_get = varsGet,
        .probe_vars_set = varsSet,
        .probe_action_call = actionCall,
        .probe_extension_call = extensionCall,
    });
    _ = kinds;
}

// ---- Items ----

fn echo(value: Value) Value {
    return value;
}

/// Bytes that hold an item -> the item; `invalid` when they do not.
fn decode(arena: Allocator, given: wardian.Bytes) !Value {
    const item: Item = try .fromBytes(try arena.dupe(u8, given.data));
    return item.as(Value);
}

/// A time -> [seconds, nanoseconds]
fn time(given: wardian.Time) struct { i64, u32 } {
    return .{ given.seconds, given.nanoseconds };
}

// ---- Replies ----

fn nothing() void {}

fn fail(failure: wardian.Failure) !void {
    return wardian.failWith(failure);
}

/// n -> n lists in each other
fn deep(arena: Allocator, depth: usize) !Value {
    var value: Value = .{ .list = &.{} };
    for (1..depth) |_| {
        const around = try arena.alloc(Value, 1);
        around[0] = value;
        value = .{ .list = around };
    }
    return value;
}

/// n -> n bytes, each 0x77
fn large(arena: Allocator, size: usize) !wardian.Bytes {
    const data = try arena.alloc(u8, size);
    @memset(data, 'w');
    return .{ .data = data };
}

/// n -> the integers below n, as a list
fn many(arena: Allocator, count: usize) ![]const u64 {
    const numbers = try arena.alloc(u64, count);
    for (numbers, 0..) |*number, at| number.* = at;
    return numbers;
}

fn trap() void {
    @trap();
}

fn panics(message: []const u8) void {
    @panic(message);
}

fn spin() void {
    var turns: u32 = 0;
    const seen: *volatile u32 = &turns;
    while (true) seen.* +%= 1;
}

fn sleepUntilCancelled() []const u8 {
    while (!wardian.cancelled()) {}
    return "cancelled";
}

// ---- Memory ----

fn config() Value {
    return kinds.opened;
}

var called: u64 = 0;

/// null -> how often this was called: an instance lives on
fn calls() u64 {
    called += 1;
    return called;
}

/// n -> the same, after asking the host n times without keeping its answers
fn asks(count: u64) !u64 {
    for (0..@intCast(count)) |_| {
        const mark = wardian.mark();
        defer wardian.release(mark);
        _ = try wardian.state.get(Item, "key");
    }
    return count;
}

// ---- Imports ----

fn log(line: struct { wardian.log.Level, []const u8, ?Item }) !void {
    const level, const message, const fields = line;
    return if (fields) |given| wardian.log.write(level, message, given) else wardian.log.write(level, message, {});
}

fn stateGet(key: []const u8) !?Item {
    return wardian.state.get(Item, key);
}

fn statePut(pair: struct { []const u8, Item, ?u64 }) !void {
    const key, const value, const ttl_ms = pair;
    return if (ttl_ms) |lasting| wardian.state.putFor(key, value, lasting) else wardian.state.put(key, value);
}

fn stateDelete(key: []const u8) !bool {
    return wardian.state.delete(key);
}

fn stateAdd(more: struct { []const u8, i64 }) !i64 {
    return wardian.state.add(more[0], more[1]);
}

fn stateSwap(change: struct { []const u8, Item, Item }) !bool {
    return wardian.state.swap(change[0], change[1], change[2]);
}

fn stateKeys(wanted: struct { []const u8, ?[]const u8, u64 }) ![]const []const u8 {
    return wardian.state.keys([]const u8, wanted[0], wanted[1], wanted[2]);
}

/// An addition that lasts only when the call succeeds, which it does not.
fn stateUndone(key: []const u8) !void {
    _ = try wardian.state.add(key, 1);
    return wardian.fail(.conflict, "what this call changed is undone", .{});
}

fn clockNow() !struct { i64, u64 } {
    const now = try wardian.clock.now();
    return .{ now.unix_ns, now.monotonic_ns };
}

fn randomBytes(count: usize) !wardian.Bytes {
    return .{ .data = try wardian.random.bytes(count) };
}

fn metricRecord(point: struct { []const u8, wardian.metric.Kind, f64, ?wardian.Map([]const u8) }) !void {
    return wardian.metric.record(point[0], point[1], point[2], point[3]);
}

fn app(argument: Item) !Item {
    return wardian.app.call(Item, "probe", argument);
}

fn emit(records: Item) !usize {
    return wardian.emit(records);
}

fn varsGet(name: []const u8) !?Item {
    return wardian.vars.get(Item, name);
}

fn varsSet(variable: struct { []const u8, Item }) !void {
    return wardian.vars.set(variable[0], variable[1]);
}

fn actionCall(asked: struct { []const u8, Item }) !Item {
    return wardian.actions.call(Item, asked[0], asked[1]);
}

fn extensionCall(asked: struct { []const u8, []const u8, Item }) !Item {
    return wardian.extensions.call(Item, asked[0], asked[1], asked[2]);
}

fn httpRequest(asked: Item) !wardian.http.Response {
    return wardian.http.request(asked);
}
