//! The probe's part of each kind: what an author of one writes, eight times. A plugin of one kind needs no structs: its
//! file is one, `@This()`.

const std = @import("std");
const wardian = @import("wardian");
const Allocator = std.mem.Allocator;
const Item = wardian.Item;
const Value = wardian.Value;

/// What the operator configured, whatever it is.
pub var opened: Value = .null;
var counted: u64 = 0;
var sum: i64 = 0;

comptime {
    wardian.source(struct {
        pub fn open(given: wardian.Open(Value)) !?struct { interval_ms: Value } {
            if (given.config.get("refuse")) |why| return wardian.fail(.config, "{s}", .{try why.as([]const u8)});
            opened = given.config;
            counted = if (given.@"resume" == .int) @intCast(given.@"resume".int) else 0;
            return if (given.config.get("interval_ms")) |interval| .{ .interval_ms = interval } else null;
        }

        pub fn check(_: wardian.Open(Value)) []const wardian.Remark {
            return &.{.{ .info, "checked" }};
        }

        pub fn close() void {
            wardian.log.info("closed", .{});
        }

        pub fn poll(arena: Allocator, wanted: wardian.Demand) !wardian.Poll(Counted, u64) {
            const records = try arena.alloc(Counted, @intCast(@min(wanted.demand, 3)));
            for (records) |*record| {
                counted += 1;
                record.* = .{ .data = counted };
            }
            const most = opened.get("count") orelse Value.null;
            const done = most == .int and counted >= most.int;
            return .{ .records = records, .wait_ms = 5, .offset = counted, .done = if (done) true else null };
        }

        pub fn request(pushed: struct { payload: Value, headers: Item }) ?struct { data: Value, meta: Item } {
            return if (pushed.payload == .null) null else .{ .data = pushed.payload, .meta = pushed.headers };
        }

        const Counted = struct { data: u64 };
    });

    wardian.action(struct {
        const Job = struct { params: Item, vars: Item };

        pub fn call(job: Job) Job {
            return job;
        }

        pub fn cancel(cut: struct { reason: []const u8 }) void {
            wardian.log.info("cancelled: {s}", .{cut.reason});
        }
    });

    wardian.processor(struct {
        pub fn process(arena: Allocator, record: Item) ![]const Item {
            const data = record.get("data") orelse Item.null;
            if (data.get("drop") != null) return &.{};
            if (data.get("fail")) |why| return wardian.fail(.invalid, "{s}", .{try why.as([]const u8)});
            if (data.get("twice")) |what| {
                const one = try wardian.item(.{ .data = what });
                return arena.dupe(Item, &.{ one, one });
            }
            return arena.dupe(Item, &.{record});
        }
    });

    wardian.function(struct {
        pub fn validate(query: wardian.Query) !void {
            if (query.args.len != 2) return wardian.fail(.invalid, "expected 2 arguments", .{});
        }

        pub fn call(row: Item) !i64 {
            const left, const right = row.to(struct { i64, i64 }) orelse
                return wardian.fail(.invalid, "expected two integers", .{});
            return left + right;
        }
    });

    wardian.aggregator(struct {
        const Sum = struct { data: i64 };

        pub fn add(records: []const Sum) void {
            for (records) |record| sum += record.data;
        }

        pub fn flush() [1]Sum {
            defer sum = 0;
            return .{.{ .data = sum }};
        }

        pub fn reset() void {
            sum = 0;
        }
    });

    wardian.sink(struct {
        pub fn write(record: struct { data: Item }) !void {
            if (record.data.get("fail")) |why| return wardian.fail(.invalid, "{s}", .{try why.as([]const u8)});
        }

        pub fn flush(how: struct { urgent: bool }) void {
            wardian.log.info("{s}", .{if (how.urgent) "flushed urgently" else "flushed"});
        }
    });

    wardian.lookup(struct {
        const Row = wardian.Map([]const u8);

        pub fn rows(arena: Allocator, search: wardian.Search) ![]const Row {
            const wanted = try search.values[0].as([]const u8);
            if (std.mem.eql(u8, wanted, "nobody")) return &.{};
            const pairs = try arena.alloc(Row.Pair, search.fields.len);
            for (pairs, search.fields) |*pair, field| {
                pair.* = .{ .key = field, .value = try std.fmt.allocPrint(arena, "{s} of {s}", .{ field, wanted }) };
            }
            return arena.dupe(Row, &.{.{ .pairs = pairs }});
        }
    });

    wardian.extension(struct {
        const Called = struct { method: []const u8, argument: Item };

        pub fn call(called: Called) Called {
            return called;
        }
    });
}
