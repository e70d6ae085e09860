//! A lookup over a table that the plugin has in itself: countries by code, name or continent.

const std = @import("std");
const wardian = @import("wardian");

comptime {
    wardian.lookup(@This());
}

const Country = struct { code: []const u8, name: []const u8, continent: []const u8 };

const table = [_]Country{
    .{ .code = "AT", .name = "Austria", .continent = "Europe" },
    .{ .code = "FR", .name = "France", .continent = "Europe" },
    .{ .code = "JP", .name = "Japan", .continent = "Asia" },
};

const Row = wardian.Map([]const u8);

/// The rows that have the values in the columns of the keys, with the fields that are wanted.
pub fn rows(arena: std.mem.Allocator, search: wardian.Search) ![]const Row {
    var found: std.ArrayList(Row) = .empty;
    for (table) |country| {
        if (!matches(country, search)) continue;
        const pairs = try arena.alloc(Row.Pair, search.fields.len);
        for (pairs, search.fields) |*pair, field| {
            pair.* = .{ .key = field, .value = column(country, field) orelse
                return wardian.fail(.invalid, "the columns are `code`, `name` and `continent`", .{}) };
        }
        try found.append(arena, .{ .pairs = pairs });
    }
    return found.items;
}

fn matches(country: Country, search: wardian.Search) bool {
    return for (search.keys, search.values) |key, value| {
        const own = column(country, key) orelse break false;
        if (value != .text or !std.mem.eql(u8, own, value.text)) break false;
    } else true;
}

fn column(country: Country, name: []const u8) ?[]const u8 {
    inline for (comptime std.meta.fieldNames(Country)) |field| {
        if (std.mem.eql(u8, field, name)) return @field(country, field);
    }
    return null;
}

test "finds a country by its code" {
    const found = try rows(wardian.arena, .{ .fields = &.{"name"}, .keys = &.{"code"}, .values = &.{.{ .text = "AT" }} });
    try std.testing.expectEqualStrings("Austria", found[0].get("name").?);
}
