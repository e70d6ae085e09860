//! Entry points whose request is a list: the author's function sees one record, or one row, at a time, and where it
//! fails the error is that of this one alone.

const std = @import("std");
const call = @import("call.zig");
const fail = @import("failure.zig");
const decode = @import("codec/decode.zig");
const encode = @import("codec/encode.zig");
const Item = @import("codec/item.zig").Item;
const Reader = @import("codec/reader.zig").Reader;
const Writer = @import("codec/writer.zig").Writer;

/// `process`: for each record a list of records, or an error.
pub fn Processed(comptime process: anytype) type {
    return struct {
        pub fn answer(request: []const u8, writer: *Writer) call.Error!void {
            _ = try outcomes("records", request, writer, one);
        }

        fn one(record: []const u8, writer: *Writer) call.Error!void {
            const output = try apply(process, record, "the record");
            write(output, writer) catch |err| return encode.failure(err);
        }

        fn write(output: call.Output(process), writer: *Writer) encode.Error!void {
            const T = @TypeOf(output);
            if (@typeInfo(T) == .pointer and @typeInfo(T).pointer.size == .slice) return encode.encode(writer, output);
            const some = if (@typeInfo(T) == .optional) output orelse {
                try writer.list(0);
                return writer.end();
            } else output;
            try writer.list(1);
            try encode.encode(writer, some);
            writer.end();
        }
    };
}

/// `call` of a function: for each row its value, or an error.
pub fn Results(comptime function: anytype) type {
    return struct {
        pub fn answer(request: []const u8, writer: *Writer) call.Error!void {
            _ = try outcomes("rows", request, writer, one);
        }

        fn one(row: []const u8, writer: *Writer) call.Error!void {
            const output = try apply(function, row, "the row");
            encode.encode(writer, .{ .value = Some(@TypeOf(output)){ .value = output } }) catch |err| return encode.failure(err);
        }
    };
}

/// `write`: null where all went well; otherwise for each record null or an error.
pub fn Outcomes(comptime write: anytype) type {
    return struct {
        pub fn answer(request: []const u8, writer: *Writer) call.Error!void {
            if (try outcomes("records", request, writer, one)) writer.size = 0;
        }

        fn one(record: []const u8, writer: *Writer) call.Error!void {
            _ = try apply(write, record, "the record");
            writer.null() catch |err| return encode.failure(err);
        }
    };
}

/// `add`: null. All records are read before the first is added, so that one that is wrong leaves nothing behind.
pub fn Added(comptime add: anytype) type {
    return struct {
        pub fn answer(request: []const u8, _: *Writer) call.Error!void {
            const Request = struct { records: call.Input(add) };
            const read = try decode.whole(Request, request, .invalid, "the request");
            _ = try call.invoke(add, read.records);
        }
    };
}

/// `flush`: the records that came of all that was added.
pub fn Flushed(comptime flush: anytype) type {
    return struct {
        pub fn answer(request: []const u8, writer: *Writer) call.Error!void {
            const output = try call.invoke(flush, try call.read(flush, request, .invalid));
            encode.encode(writer, .{ .records = output }) catch |err| return encode.failure(err);
        }
    };
}

/// A value that is there even when it is null.
fn Some(T: type) type {
    return struct {
        value: T,

        pub fn wardianWrite(self: @This(), writer: *Writer) encode.Error!void {
            return encode.encode(writer, self.value);
        }
    };
}

fn apply(comptime function: anytype, bytes: []const u8, name: []const u8) call.Error!call.Output(function) {
    if (call.Input(function) == void) return call.invoke(function, {});
    return call.invoke(function, try decode.whole(call.Input(function), bytes, .invalid, name));
}

fn list(key: []const u8, request: []const u8) call.Error!struct { Reader, @import("codec/reader.zig").Items } {
    const found = (Item{ .bytes = request }).get(key) orelse Item.null;
    var reader: Reader = .{ .bytes = found.bytes };
    const items = reader.list() orelse return fail.fail(.invalid, "the request must have a list of what to work on", .{});
    return .{ reader, items };
}

/// Writes one outcome for each item of a list, in order; true where none of them is an error.
fn outcomes(
    key: []const u8,
    request: []const u8,
    writer: *Writer,
    one: *const fn ([]const u8, *Writer) call.Error!void,
) call.Error!bool {
    var reader, var items = try list(key, request);
    const begin = reader.at;
    reader.at = 0;
    const count = reader.count();
    reader.at = begin;
    writer.list(count) catch |err| return encode.failure(err);
    var good = true;
    while (items.next(&reader)) {
        const start = reader.at;
        reader.skip();
        const size, const depth = .{ writer.size, writer.depth };
        one(reader.bytes[start..reader.at], writer) catch |err| {
            good = false;
            writer.size, writer.depth = .{ size, depth };
            encode.encode(writer, fail.failureOf(err)) catch |again| return encode.failure(again);
        };
    }
    writer.end();
    return good;
}
