//! All vectors of `sdk/abi`, natively; run in the folder `sdk`.

const std = @import("std");
const wardian = @import("wardian");
const json = std.json;
const Item = wardian.Item;
const Value = wardian.Value;
const gpa = std.testing.allocator;
const io = std.testing.io;

test "each accepted item has its meaning, and has it still when it is written again" {
    var files = try Files.open("abi/vectors/accept");
    defer files.close();
    var count: usize = 0;
    while (try files.next()) |file| {
        defer file.deinit();
        for (file.value.array.items) |vector| {
            count += 1;
            const bytes = try fromHex(vector.object.get("hex").?.string);
            defer gpa.free(bytes);
            const expected = vector.object.get("value").?;
            const read = try (try Item.fromBytes(bytes)).as(Value);
            const again = try (try wardian.item(read)).as(Value);
            if (means(read, expected) and means(again, expected)) continue;
            std.debug.print("{s} was read as {any}\n", .{ vector.object.get("name").?.string, read });
            return error.OtherMeaning;
        }
    }
    try std.testing.expect(count > 80);
}

test "each rejected item is refused" {
    var files = try Files.open("abi/vectors/reject");
    defer files.close();
    var count: usize = 0;
    while (try files.next()) |file| {
        defer file.deinit();
        for (file.value.array.items) |vector| {
            count += 1;
            const bytes = try fromHex(vector.object.get("hex").?.string);
            defer gpa.free(bytes);
            if (accepted(bytes)) |value| {
                std.debug.print("{s} was read as {any}\n", .{ vector.object.get("name").?.string, value });
                return error.Accepted;
            } else |err| try std.testing.expectEqual(error.Invalid, err);
        }
    }
    try std.testing.expect(count > 120);
}

fn accepted(bytes: []u8) !Value {
    return (try Item.fromBytes(bytes)).as(Value);
}

fn fromHex(text: []const u8) ![]u8 {
    const bytes = try gpa.alloc(u8, text.len / 2);
    _ = try std.fmt.hexToBytes(bytes, text);
    return bytes;
}

/// Whether the value is what a vector says: see `sdk/abi/vectors/README.md`.
fn means(value: Value, expected: json.Value) bool {
    switch (expected) {
        .null => return value == .null,
        .bool => |truth| return value == .bool and value.bool == truth,
        .integer => |number| return value == .int and value.int == number,
        .string => |text| return value == .text and std.mem.eql(u8, value.text, text),
        .array => |list| {
            if (value != .list or value.list.len != list.items.len) return false;
            for (value.list, list.items) |each, other| if (!means(each, other)) return false;
            return true;
        },
        .object => |object| return meansOther(value, object.keys()[0], object.values()[0]),
        else => return false,
    }
}

fn meansOther(value: Value, name: []const u8, expected: json.Value) bool {
    const Name = enum { int, float, bytes, time, map };
    switch (std.meta.stringToEnum(Name, name).?) {
        .int => {
            const number = std.fmt.parseInt(i128, expected.string, 10) catch return false;
            return switch (value) {
                .int => |small| small == number,
                .uint => |large| large == number and large > std.math.maxInt(i64),
                else => false,
            };
        },
        .float => {
            if (value != .float) return false;
            const number = std.fmt.parseFloat(f64, expected.string) catch return false;
            if (std.math.isNan(number)) return std.math.isNan(value.float);
            return @as(u64, @bitCast(value.float)) == @as(u64, @bitCast(number));
        },
        .bytes => {
            const bytes = fromHex(expected.string) catch return false;
            defer gpa.free(bytes);
            return value == .bytes and std.mem.eql(u8, value.bytes, bytes);
        },
        .time => {
            var buffer: [64]u8 = undefined;
            buffer[0] = 0xc0;
            buffer[1] = 0x60 + @as(u8, @intCast(@min(expected.string.len, 23)));
            var size: usize = 2;
            if (expected.string.len > 23) {
                buffer[1] = 0x78;
                buffer[2] = @intCast(expected.string.len);
                size = 3;
            }
            @memcpy(buffer[size..][0..expected.string.len], expected.string);
            const item: Item = .{ .bytes = buffer[0 .. size + expected.string.len] };
            const time = item.as(wardian.Time) catch return false;
            return value == .time and value.time.seconds == time.seconds and
                value.time.nanoseconds / 1000 == time.nanoseconds / 1000;
        },
        .map => {
            const pairs = expected.array.items;
            if (value != .map or value.map.len != pairs.len) return false;
            for (value.map, pairs) |pair, other| {
                if (!means(pair.key, other.array.items[0]) or !means(pair.value, other.array.items[1])) return false;
            }
            return true;
        },
    }
}

const Files = struct {
    folder: std.Io.Dir,
    each: std.Io.Dir.Iterator,

    fn open(path: []const u8) !Files {
        const folder = try std.Io.Dir.cwd().openDir(io, path, .{ .iterate = true });
        return .{ .folder = folder, .each = folder.iterate() };
    }

    fn close(self: *Files) void {
        self.folder.close(io);
    }

    fn next(self: *Files) !?json.Parsed(json.Value) {
        const entry = try self.each.next(io) orelse return null;
        const text = try self.folder.readFileAlloc(io, entry.name, gpa, .limited(1 << 20));
        defer gpa.free(text);
        return try json.parseFromSlice(json.Value, gpa, text, .{ .allocate = .alloc_always });
    }
};
