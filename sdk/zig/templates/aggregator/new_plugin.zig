//! An aggregator that sums the numbers of each key, and gives the sums at the end of a window.

const std = @import("std");
const wardian = @import("wardian");
const gpa = wardian.gpa; // for what outlives a call

comptime {
    wardian.aggregator(@This());
}

const Record = struct { data: f64, key: ?wardian.Item = null };

/// By the bytes of the key, none where a record has no key; in the order in which keys first came.
var sums: std.array_hash_map.String(f64) = .empty;

/// All records of a call have been read when this is called: one that is wrong leaves nothing behind.
pub fn add(records: []const Record) !void {
    for (records) |record| {
        const key = if (record.key) |given| given.bytes else "";
        const sum = try sums.getOrPut(gpa, key);
        if (!sum.found_existing) {
            sum.key_ptr.* = try gpa.dupe(u8, key);
            sum.value_ptr.* = 0;
        }
        sum.value_ptr.* += record.data;
    }
}

/// One record for each key; the next window begins empty.
pub fn flush(arena: std.mem.Allocator) ![]const Record {
    const records = try arena.alloc(Record, sums.count());
    for (records, sums.keys(), sums.values()) |*record, key, sum| {
        record.* = .{ .data = sum, .key = if (key.len == 0) null else .{ .bytes = try arena.dupe(u8, key) } };
    }
    reset();
    return records;
}

pub fn reset() void {
    for (sums.keys()) |key| gpa.free(key);
    sums.clearRetainingCapacity();
}

test "sums" {
    try add(&.{ .{ .data = 1 }, .{ .data = 2.5 } });
    try std.testing.expectEqual(3.5, (try flush(wardian.arena))[0].data);
}
