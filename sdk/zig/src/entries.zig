//! Entry points that an application or another plugin calls by name.

const std = @import("std");
const call = @import("call.zig");
const fail = @import("failure.zig");
const same = @import("codec/head.zig").same;
const decode = @import("codec/decode.zig");
const encode = @import("codec/encode.zig");
const Item = @import("codec/item.zig").Item;
const Writer = @import("codec/writer.zig").Writer;

/// Exports functions under names: `wardian.entries(.{ .greet = greet });`
pub fn entries(comptime functions: anytype) void {
    inline for (comptime std.meta.fieldNames(@TypeOf(functions))) |name| {
        const kind: fail.Kind = if (comptime std.mem.startsWith(u8, name, "plugin_")) .config else .invalid;
        call.entry(name, call.Whole(@field(functions, name), kind));
    }
}

/// The methods of an extension, by their names: exports `extension_call`, which refuses all others.
pub fn methods(comptime functions: anytype) void {
    const names = comptime std.meta.fieldNames(@TypeOf(functions));
    call.entry("extension_call", struct {
        pub fn answer(request: []const u8, writer: *Writer) call.Error!void {
            const Call = struct { method: []const u8, argument: Item = .null };
            const called = try decode.whole(Call, request, .invalid, "the request");
            inline for (names) |name| {
                if (same(name, called.method)) return one(@field(functions, name), called.argument, writer);
            }
            return fail.fail(.unimplemented, comptime listed(names), .{});
        }

        fn one(comptime function: anytype, argument: Item, writer: *Writer) call.Error!void {
            const input = if (call.Input(function) == void) {} else try decode.whole(
                call.Input(function),
                argument.bytes,
                .invalid,
                "the argument",
            );
            encode.encode(writer, try call.invoke(function, input)) catch |err| return encode.failure(err);
        }
    });
}

fn listed(comptime names: []const [:0]const u8) []const u8 {
    if (names.len == 1) return "the only method is `" ++ names[0] ++ "`";
    var text: []const u8 = "the methods are `" ++ names[0] ++ "`";
    for (names[1..], 2..) |name, at| text = text ++ (if (at == names.len) " and `" else ", `") ++ name ++ "`";
    return text;
}
