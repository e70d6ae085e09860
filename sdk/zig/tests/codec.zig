//! What a Zig type is in a message, what is said of what does not fit, and what no bytes can do.

const std = @import("std");
const wardian = @import("wardian");
const Item = wardian.Item;
const Value = wardian.Value;
const expectEqual = std.testing.expectEqual;
const expectEqualStrings = std.testing.expectEqualStrings;
const expectError = std.testing.expectError;

/// A value is written, and read as another type.
fn through(T: type, value: anytype) !T {
    return (try wardian.item(value)).as(T);
}

fn expectRefused(message: []const u8, T: type, value: anytype) !void {
    try expectError(error.Invalid, through(T, value));
    try expectEqualStrings(message, wardian.failureOf(error.Invalid).message);
}

const Color = enum { red, green, blue };

test "each type comes back as it was" {
    const All = struct {
        truth: bool,
        small: i8,
        large: u64,
        ratio: f32,
        text: []const u8,
        bytes: wardian.Bytes,
        color: Color,
        pair: struct { i64, []const u8 },
        three: [3]u8,
        texts: []const []const u8,
        maybe: ?u8 = null,
        labels: wardian.Map([]const u8),
        any: Value,
        raw: Item,
    };
    const value: All = .{
        .truth = true,
        .small = -128,
        .large = std.math.maxInt(u64),
        .ratio = 0.5,
        .text = "ü",
        .bytes = .{ .data = "\xff" },
        .color = .green,
        .pair = .{ -1, "x" },
        .three = .{ 1, 2, 3 },
        .texts = &.{ "a", "" },
        .labels = .{ .pairs = &.{.{ .key = "k", .value = "v" }} },
        .any = .{ .list = &.{ .null, .{ .uint = 1 << 63 } } },
        .raw = try wardian.item(.{ .n = 1 }),
    };
    var other = value;
    other.maybe = 7;
    try std.testing.expectEqualDeep(value, try through(All, value));
    try std.testing.expectEqualDeep(other, try through(All, other));
}

test "what is null is left out of a map, and what is left out reads as null or as its default" {
    try expectEqualStrings("\xa0", (try wardian.item(.{ .a = @as(?u8, null) })).bytes);
    const read = try through(struct { a: ?u8, b: u8 = 5, c: Item = .null }, .{ .other = true });
    try expectEqual(null, read.a);
    try expectEqual(5, read.b);
    try std.testing.expect(read.c.isNull());
}

test "the end of a list may be left out where it is optional" {
    const T = struct { u8, ?u8 };
    try expectEqual(T{ 1, null }, try through(T, .{1}));
    try expectRefused("the item must be a list of 2 items", T, .{ 1, 2, 3 });
    try expectRefused("the item must be a list of 2 items", T, .{});
}

test "what does not fit is refused with what was expected, and where" {
    const Record = struct { data: struct { count: u8, color: Color = .red } };
    const Request = struct { records: []const Record };
    try expectRefused("the item must be a map", Request, .{1});
    try expectRefused("`records` must be a list", Request, .{ .records = 1 });
    try expectRefused("`records[1].data` must be a map", Request, .{ .records = .{ .{ .data = .{ .count = 1 } }, .{ .other = 1 } } });
    try expectRefused("`records[0].data.count` must be an integer from 0 to 255", Request, .{ .records = .{.{ .data = .{ .count = 256 } }} });
    try expectRefused("`data.color` must be `red`, `green` or `blue`", Record, .{ .data = .{ .count = 1, .color = "pink" } });
    try expectRefused("the item must be an integer of at least 0", u64, -1);
    try expectRefused("the item must be an integer", i64, @as(u64, 1) << 63);
    try expectRefused("the item must be a number", f64, "1");
    try expectRefused("the item must be a text", []const u8, wardian.Bytes{ .data = "" });
    try expectRefused("the item must be a list of 2 items", [2]bool, .{true});
}

test "a value that is no item is a failure of the plugin itself" {
    try expectError(error.Internal, wardian.item("\xff"));
    var value: Value = .{ .list = &.{} };
    for (0..64) |_| value = .{ .list = try wardian.arena.dupe(Value, &.{value}) };
    try expectError(error.Internal, wardian.item(value));
    const deepest = try wardian.item(value.list[0]);
    try expectError(error.Internal, wardian.item(.{deepest}));
    _ = try wardian.item(deepest);
}

test "texts are checked as the standard library checks them" {
    var random: std.Random.DefaultPrng = .init(7);
    for (0..200_000) |_| {
        var text: [6]u8 = undefined;
        random.fill(text[0..5]);
        // Most random bytes are no beginning: half of the texts begin as longer characters do.
        if (text[4] & 1 == 0) text[0] |= 0xe0;
        const tried = text[0 .. text[4] % 5];
        try expectEqual(std.unicode.utf8ValidateSlice(tried), if (wardian.item(tried)) |_| true else |_| false);
    }
}

test "no bytes do harm, and what is accepted is still the same when it is checked again" {
    var random: std.Random.DefaultPrng = .init(8);
    var accepted: usize = 0;
    for (0..300_000) |_| {
        const mark = wardian.mark();
        defer wardian.release(mark);
        var buffer: [24]u8 = undefined;
        random.fill(&buffer);
        const heads = [_]u8{ 0x5f, 0x7f, 0x9f, 0xbf, 0xff, 0x61, 0x41, 0x82, 0xa1, 0xc2, 0xf6 };
        for (&buffer) |*byte| if (random.random().boolean()) {
            byte.* = heads[byte.* % heads.len];
        };
        const size = 1 + random.random().uintLessThan(usize, buffer.len);
        const item = Item.fromBytes(buffer[0..size]) catch continue;
        accepted += 1;
        const again = try Item.fromBytes(try wardian.arena.dupe(u8, item.bytes));
        try expectEqualStrings(item.bytes, again.bytes);
        if (item.as(Value)) |value| _ = try wardian.item(value) else |err| try expectEqual(error.Invalid, err);
    }
    try std.testing.expect(accepted > 1000);
}

test "keys are told apart among thousands, and one that is there twice is found" {
    var pairs: [5000]wardian.Map(u32).Pair = undefined;
    for (&pairs, 0..) |*pair, at| pair.* = .{
        .key = try std.fmt.allocPrint(wardian.arena, "key {d}", .{at}),
        .value = @intCast(at),
    };
    const Many = wardian.Map(u32);
    const good = try wardian.item(Many{ .pairs = &pairs });
    _ = try Item.fromBytes(try wardian.arena.dupe(u8, good.bytes));
    pairs[4999].key = "key 17";
    const bad = try wardian.item(Many{ .pairs = &pairs });
    try expectError(error.Invalid, Item.fromBytes(try wardian.arena.dupe(u8, bad.bytes)));
}

test "a time is written as it is read, to the nanosecond" {
    var random: std.Random.DefaultPrng = .init(9);
    const first = -62_135_596_800; // the year 1
    const end = 253_402_300_800; // the year 10,000
    for (0..20_000) |_| {
        const mark = wardian.mark();
        defer wardian.release(mark);
        const time: wardian.Time = .{
            .seconds = random.random().intRangeLessThan(i64, first + 86_400, end - 86_400),
            .nanoseconds = random.random().uintLessThan(u32, 1_000_000_000),
            .offset_minutes = random.random().intRangeAtMost(i16, -1439, 1439),
        };
        try expectEqual(time, try through(wardian.Time, time));
    }
    var buffer: [wardian.Time.longest]u8 = undefined;
    const leap: wardian.Time = .{ .seconds = 951_832_845, .nanoseconds = 120_000_000, .offset_minutes = -90 };
    try expectEqualStrings("2000-02-29T12:30:45.12-01:30", leap.format(&buffer));
}

test "a duration is the sum of its parts, or none" {
    const Duration = wardian.Duration;
    const good = .{ .{ "250ms", 250_000_000 }, .{ "1m30s", 90_000_000_000 }, .{ "1.5h", 5_400_000_000_000 }, .{ "0s", 0 }, .{ "1.000000001s", 1_000_000_001 } };
    inline for (good) |each| try expectEqual(Duration{ .ns = each[1] }, Duration.parse(each[0]).?);
    for ([_][]const u8{ "", "1", "s", "-1s", "1 s", "1.s", ".5s", "1s ", "1x", "1.0000000001s", "999999999h", "99999999999999999999s", "1..5s" }) |wrong| {
        try expectEqual(null, Duration.parse(wrong));
    }
    try expectEqual(Duration{ .ns = 5 }, try through(Duration, 5));
    try expectRefused("the item must be a duration such as `250ms` or `1m30s`", Duration, -1);
}

test "a map is changed in one place" {
    const value = try Value.from(.{ .a = 1, .b = 2 });
    const changed = try (try value.with("a", "x")).with("c", true);
    try expectEqualStrings((try wardian.item(.{ .a = "x", .b = 2, .c = true })).bytes, (try wardian.item(changed)).bytes);
    try expectEqual(null, changed.get("d"));
    try expectEqual(2, (try wardian.item(value)).get("b").?.to(u8).?);
}
