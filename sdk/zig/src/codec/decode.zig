//! From an item to a value of a Zig type, by the type: what each stands for is in the table of README.md.

const std = @import("std");
const memory = @import("../memory.zig");
const fail = @import("../failure.zig");
const same = @import("head.zig").same;
const Reader = @import("reader.zig").Reader;

pub const Error = error{ Mismatch, OutOfMemory };

/// The whole item as a value; what does not fit is a failure of this kind that says what was expected, and where.
pub fn whole(T: type, bytes: []const u8, kind: fail.Kind, name: []const u8) (fail.Error || error{OutOfMemory})!T {
    var reader: Reader = .{ .bytes = bytes };
    return decode(T, &reader) catch |err| switch (err) {
        error.OutOfMemory => error.OutOfMemory,
        error.Mismatch => mismatch.failure(kind, name),
    };
}

pub fn decode(T: type, reader: *Reader) Error!T {
    switch (@typeInfo(T)) {
        .void => return if (reader.isNull()) {} else expected("null"),
        .bool => return reader.boolean() orelse expected("true or false"),
        .int => return decodeInt(T, reader),
        .float => return @floatCast(try decodeFloat(reader)),
        .optional => |optional| return if (reader.isNull()) null else try decode(optional.child, reader),
        .@"enum" => return if (@hasDecl(T, "wardianRead")) T.wardianRead(reader) else decodeEnum(T, reader),
        .pointer => |pointer| {
            if (pointer.size != .slice) unreadable(T);
            if (T == []const u8) return reader.text() orelse expected("a text");
            return decodeSlice(pointer.child, reader);
        },
        .array => |array| return decodeArray(array.child, array.len, reader),
        .@"struct" => |@"struct"| {
            if (@hasDecl(T, "wardianRead")) return T.wardianRead(reader);
            return if (@"struct".is_tuple) decodeTuple(T, reader) else decodeStruct(T, reader);
        },
        .@"union" => if (@hasDecl(T, "wardianRead")) return T.wardianRead(reader) else unreadable(T),
        else => unreadable(T),
    }
}

/// Says what had to be where the reader is; the containers around it add where that is.
pub fn expected(what: []const u8) error{Mismatch} {
    mismatch = .{ .what = what };
    return error.Mismatch;
}

fn unreadable(T: type) noreturn {
    @compileError("wardian: `" ++ @typeName(T) ++ "` cannot be read from a message; README.md says which types can, " ++
        "and `wardian.Value` and `wardian.Item` take whatever comes");
}

fn decodeInt(T: type, reader: *Reader) Error!T {
    const info = @typeInfo(T).int;
    const range = comptime if (info.bits >= 32) // of all others a person has to be told the bounds
        (if (info.signedness == .signed) "an integer" else "an integer of at least 0")
    else
        std.fmt.comptimePrint("an integer from {d} to {d}", .{ std.math.minInt(T), std.math.maxInt(T) });
    const found = reader.integer() orelse return expected(range);
    if (!found.negative) return std.math.cast(T, found.argument) orelse expected(range);
    return std.math.cast(T, ~@as(i64, @bitCast(found.argument))) orelse expected(range);
}

fn decodeFloat(reader: *Reader) Error!f64 {
    if (reader.float()) |value| return value;
    const found = reader.integer() orelse return expected("a number");
    const value: f64 = @floatFromInt(found.argument);
    return if (found.negative) -1 - value else value;
}

fn decodeEnum(T: type, reader: *Reader) Error!T {
    const names = comptime std.meta.fieldNames(T);
    const all = comptime all: {
        var joined: []const u8 = "";
        for (names, 0..) |name, at| {
            joined = joined ++ (if (at == 0) "`" else if (at + 1 == names.len) " or `" else ", `") ++ name ++ "`";
        }
        break :all joined;
    };
    const found = reader.text() orelse return expected(all);
    inline for (names) |name| if (same(name, found)) return @field(T, name);
    return expected(all);
}

fn decodeSlice(Child: type, reader: *Reader) Error![]Child {
    if (reader.kind() != .list) return expected("a list");
    const values = try memory.arena.alloc(Child, reader.count());
    var each = reader.list().?;
    var at: usize = 0;
    while (each.next(reader)) : (at += 1) {
        values[at] = decode(Child, reader) catch |err| return mismatch.within(err, .{ .index = at });
    }
    return values;
}

fn decodeArray(Child: type, comptime len: usize, reader: *Reader) Error![len]Child {
    const what = std.fmt.comptimePrint("a list of {d} items", .{len});
    if (reader.kind() != .list or reader.count() != len) return expected(what);
    var values: [len]Child = undefined;
    var each = reader.list().?;
    var at: usize = 0;
    while (each.next(reader)) : (at += 1) {
        values[at] = decode(Child, reader) catch |err| return mismatch.within(err, .{ .index = at });
    }
    return values;
}

/// Optional parts at the end may be left out.
fn decodeTuple(T: type, reader: *Reader) Error!T {
    const types = @typeInfo(T).@"struct".field_types;
    const what = std.fmt.comptimePrint("a list of {d} items", .{types.len});
    if (reader.kind() != .list) return expected(what);
    const count = reader.count();
    if (count > types.len) return expected(what);
    var each = reader.list().?;
    var value: T = undefined;
    inline for (types, 0..) |Field, at| {
        if (at < count) {
            _ = each.next(reader);
            value[at] = decode(Field, reader) catch |err| return mismatch.within(err, .{ .index = at });
        } else value[at] = if (@typeInfo(Field) == .optional) null else return expected(what);
    }
    _ = each.next(reader); // the break
    return value;
}

fn decodeStruct(T: type, reader: *Reader) Error!T {
    const info = @typeInfo(T).@"struct";
    var value: T = undefined;
    var seen: [info.field_names.len]bool = @splat(false);
    var pairs = reader.map() orelse return expected("a map");
    next: while (pairs.next(reader)) {
        if (reader.text()) |key| {
            inline for (info.field_names, info.field_types, 0..) |name, Field, at| {
                if (same(key, name)) {
                    @field(value, name) = decode(Field, reader) catch |err| return mismatch.within(err, .{ .name = name });
                    seen[at] = true;
                    continue :next;
                }
            }
        } else reader.skip();
        reader.skip();
    }
    inline for (info.field_names, info.field_types, info.field_attrs, 0..) |name, Field, attrs, at| {
        if (!seen[at]) {
            if (comptime attrs.defaultValue(Field)) |default| {
                @field(value, name) = default;
            } else {
                // What is not there reads as null, so that the message says what should have been.
                var nothing: Reader = .{ .bytes = "\xf6" };
                @field(value, name) = decode(Field, &nothing) catch |err| return mismatch.within(err, .{ .name = name });
            }
        }
    }
    return value;
}

const Step = union(enum) { name: []const u8, index: usize };

/// What was expected, and the way to it, the last step first.
const Mismatch = struct {
    what: []const u8,
    steps: [8]Step = undefined,
    depth: usize = 0,

    fn within(self: *Mismatch, err: Error, step: Step) Error {
        if (err == error.Mismatch and self.depth < self.steps.len) {
            self.steps[self.depth] = step;
            self.depth += 1;
        }
        return err;
    }

    /// "`records[2].data` must be a text"
    fn failure(self: *Mismatch, kind: fail.Kind, name: []const u8) fail.Error {
        var message: std.ArrayList(u8) = .empty;
        self.describe(&message, name) catch {};
        return fail.failWith(.{ .kind = kind, .message = message.items });
    }

    fn describe(self: *Mismatch, message: *std.ArrayList(u8), name: []const u8) error{OutOfMemory}!void {
        const arena = memory.arena;
        if (self.depth == 0) {
            try message.appendSlice(arena, name);
        } else {
            try message.append(arena, '`');
            for (0..self.depth) |done| switch (self.steps[self.depth - 1 - done]) {
                .name => |step| {
                    if (done > 0) try message.append(arena, '.');
                    try message.appendSlice(arena, step);
                },
                .index => |at| {
                    var digits: [24]u8 = undefined;
                    var left = at;
                    var begin = digits.len;
                    while (true) {
                        begin -= 1;
                        digits[begin] = '0' + @as(u8, @intCast(left % 10));
                        left /= 10;
                        if (left == 0) break;
                    }
                    try message.append(arena, '[');
                    try message.appendSlice(arena, digits[begin..]);
                    try message.append(arena, ']');
                },
            };
            try message.append(arena, '`');
        }
        try message.appendSlice(arena, " must be ");
        try message.appendSlice(arena, self.what);
    }
};

pub var mismatch: Mismatch = .{ .what = "" };
