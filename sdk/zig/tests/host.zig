//! Each function of the host, asked through its module, of the host for tests; and what its errors become.

const std = @import("std");
const wardian = @import("wardian");
const Value = wardian.Value;
const expectEqual = std.testing.expectEqual;
const expectEqualStrings = std.testing.expectEqualStrings;

fn begin(host: *wardian.testing.Host) void {
    host.* = .init(std.testing.allocator);
    host.start();
}

test "state is read, written, counted, exchanged and listed" {
    var host: wardian.testing.Host = undefined;
    begin(&host);
    defer host.deinit();
    const state = wardian.state;
    try expectEqual(null, try state.get(i64, "a"));
    try state.put("a", .{ .n = .{ 1, 2 } });
    try state.putFor(wardian.Bytes{ .data = "b" }, 1, 60_000);
    try expectEqual(2, (try state.get(struct { n: [2]u8 }, "a")).?.n[1]);
    try expectEqual(5, try state.add("counter", 5));
    try expectEqual(-2, try state.add("counter", -7));
    try std.testing.expect(try state.swap("c", null, "new"));
    try std.testing.expect(!try state.swap("c", "old", "newer"));
    try expectEqual(4, (try state.keys([]const u8, "", null, 10)).len);
    try expectEqualStrings("counter", (try state.keys([]const u8, "c", "c", 10))[0]);
    try std.testing.expect(try state.delete("a"));
    try std.testing.expect(!try state.delete("a"));
}

test "lines, metrics and records arrive" {
    var host: wardian.testing.Host = undefined;
    begin(&host);
    defer host.deinit();
    wardian.log.warn("{d} left", .{3});
    try wardian.log.write(.info, "with fields", .{ .user = 7 });
    try wardian.metric.record("seen", .counter, 1, .{ .path = "/" });
    try expectEqual(2, try wardian.emit(.{ .{ .data = 1 }, .{ .data = 2 } }));
    try expectEqual(.warn, host.logs.items[0].level);
    try expectEqualStrings("3 left", host.logs.items[0].message);
    try expectEqual(7, host.logs.items[1].fields.get("user").?.int);
    try expectEqual(1.0, host.metrics.items[0].value);
    try expectEqual(2, host.emitted.items[1].get("data").?.int);
}

test "the clock, chance, variables and cancellation" {
    var host: wardian.testing.Host = undefined;
    begin(&host);
    defer host.deinit();
    host.unix_ns = 1 << 62;
    try expectEqual(1 << 62, (try wardian.clock.now()).unix_ns);
    try expectEqual(5, (try wardian.random.bytes(5)).len);
    try wardian.vars.set("v", .{1});
    try expectEqual(1, (try wardian.vars.get([1]u8, "v")).?[0]);
    try expectEqual(null, try wardian.vars.get(u8, "w"));
    try std.testing.expect(!wardian.cancelled());
    host.cancelled = true;
    try std.testing.expect(wardian.cancelled());
}

fn same(asked: Value) anyerror!Value {
    return asked;
}

fn response(asked: Value) anyerror!Value {
    return .from(.{ .status = 200, .headers = .{ .a = "b" }, .body = wardian.Bytes{ .data = asked.get("url").?.text } });
}

test "what a test answers itself: servers, templates, actions, extensions, the application" {
    var host: wardian.testing.Host = undefined;
    begin(&host);
    defer host.deinit();
    for ([_][]const u8{ "template_expand", "action_call", "extension_call", "app.probe" }) |name| try host.answer(name, same);
    try host.answer("http_request", response);
    const answer = try wardian.http.request(.{ .method = "GET", .url = "http://x/" });
    try std.testing.expect(answer.ok());
    try expectEqualStrings("http://x/", answer.body.data);
    try expectEqualStrings("b", answer.headers.get("a").?);
    try expectEqualStrings("for Ada", try wardian.template.expand("for Ada"));
    try expectEqualStrings("notify", (try wardian.actions.call(struct { []const u8, u8 }, "notify", 1))[0]);
    try expectEqualStrings("get", (try wardian.extensions.call([3][]const u8, "kv", "get", "k"))[1]);
    try expectEqual(null, try wardian.app.call(?u8, "probe", null));
}

fn busy(_: Value) anyerror!Value {
    return wardian.failWith(.{
        .kind = .transient,
        .message = "later",
        .code = "busy",
        .retry_after_ms = 7,
        .details = try wardian.item(.{1}),
    });
}

test "an error of the host is one of its kind, and is passed on whole" {
    var host: wardian.testing.Host = undefined;
    begin(&host);
    defer host.deinit();
    try host.answer("app.probe", busy);
    const err = wardian.app.call(u8, "probe", {});
    try std.testing.expectError(error.Transient, err);
    const failure = wardian.failureOf(error.Transient);
    try expectEqualStrings("later", failure.message);
    try expectEqualStrings("busy", failure.code.?);
    try expectEqual(7, failure.retry_after_ms.?);
    try expectEqual(1, (try failure.details.?.as([1]u8))[0]);
    // Another error that the plugin returns instead says nothing of this one.
    try expectEqual(.conflict, wardian.failureOf(error.Conflict).kind);
    try expectEqual(.exhausted, wardian.failureOf(error.OutOfMemory).kind);
    try expectEqual(.internal, wardian.failureOf(error.EndOfStream).kind);
    try expectEqualStrings("EndOfStream", wardian.failureOf(error.EndOfStream).message);
}

test "an answer of another type is a fault that names who gave it" {
    var host: wardian.testing.Host = undefined;
    begin(&host);
    defer host.deinit();
    try host.answer("app.probe", same);
    try std.testing.expectError(error.Internal, wardian.app.call(u8, "probe", "text"));
    try expectEqualStrings("the answer of `probe` must be an integer from 0 to 255", wardian.failureOf(error.Internal).message);
}
