//! From a value of a Zig type to an item, by the type: what each becomes is in the table of README.md.

const std = @import("std");
const fail = @import("../failure.zig");
const Writer = @import("writer.zig").Writer;

pub const Error = @import("writer.zig").Error;

/// The value as an item, in the call's arena; a value that is no item is a failure of the plugin itself.
pub fn bytes(value: anytype) (fail.Error || error{OutOfMemory})![]const u8 {
    var writer: Writer = .{};
    encode(&writer, value) catch |err| return failure(err);
    return writer.written();
}

pub fn failure(err: Error) (fail.Error || error{OutOfMemory}) {
    return switch (err) {
        error.OutOfMemory => error.OutOfMemory,
        error.TextNotUtf8 => fail.failWith(.{ .kind = .internal, .message = "a text that was written is not UTF-8" }),
        error.NestsTooDeep => fail.failWith(.{ .kind = .internal, .message = "what was written nests too deep" }),
    };
}

pub fn encode(writer: *Writer, value: anytype) Error!void {
    const T = @TypeOf(value);
    switch (@typeInfo(T)) {
        .void, .null => return writer.null(),
        .bool => return writer.boolean(value),
        .int => |int| {
            if (int.bits > 64) unwritable(T);
            return if (int.signedness == .signed) writer.int(value) else writer.uint(value);
        },
        .comptime_int => return if (value < 0) writer.int(value) else writer.uint(value),
        .float, .comptime_float => return writer.float(value),
        .optional => return if (value) |some| encode(writer, some) else writer.null(),
        .@"enum" => return if (@hasDecl(T, "wardianWrite")) value.wardianWrite(writer) else writer.text(@tagName(value)),
        .enum_literal => return writer.text(@tagName(value)),
        .pointer => |pointer| switch (pointer.size) {
            .slice => return encodeSlice(pointer.child, writer, value),
            .one => switch (@typeInfo(pointer.child)) {
                .array => |array| return encodeSlice(array.child, writer, value),
                else => return encode(writer, value.*),
            },
            else => unwritable(T),
        },
        .array => |array| return encodeList(array.child, writer, &value), // what `[N]u8` is read from, too
        .@"struct" => |info| {
            if (@hasDecl(T, "wardianWrite")) return value.wardianWrite(writer);
            return if (info.is_tuple) encodeTuple(writer, value) else encodeStruct(writer, value);
        },
        .@"union" => if (@hasDecl(T, "wardianWrite")) return value.wardianWrite(writer) else unwritable(T),
        else => unwritable(T),
    }
}

fn unwritable(T: type) noreturn {
    @compileError("wardian: `" ++ @typeName(T) ++ "` cannot be written to a message; README.md says which types can");
}

fn encodeSlice(Child: type, writer: *Writer, values: []const Child) Error!void {
    return if (Child == u8) writer.text(values) else encodeList(Child, writer, values);
}

fn encodeList(Child: type, writer: *Writer, values: []const Child) Error!void {
    try writer.list(values.len);
    for (values) |each| try encode(writer, each);
    writer.end();
}

fn encodeTuple(writer: *Writer, value: anytype) Error!void {
    try writer.list(value.len);
    inline for (value) |each| try encode(writer, each);
    writer.end();
}

/// Fields that are null are left out: that is how the ABI says that something is not there.
fn encodeStruct(writer: *Writer, value: anytype) Error!void {
    const info = @typeInfo(@TypeOf(value)).@"struct";
    var count: usize = 0;
    inline for (info.field_names) |name| count += @intFromBool(isThere(@field(value, name)));
    try writer.map(count);
    inline for (info.field_names) |name| {
        if (isThere(@field(value, name))) {
            try writer.text(name);
            try encode(writer, @field(value, name));
        }
    }
    writer.end();
}

inline fn isThere(value: anytype) bool {
    return if (@typeInfo(@TypeOf(value)) == .optional) value != null else true;
}
