//! Counts the words, lines and bytes of texts, and keeps totals in the host's durable state.

const std = @import("std");
const wardian = @import("wardian");
const state = wardian.state;

comptime {
    wardian.entries(.{ .plugin_open = open, .count = count, .totals = totals, .reset = reset });
    wardian.methods(.{ .count = count, .totals = totals, .reset = reset }); // for other plugins
}

/// Shorter words are not counted.
var min_length: u64 = 1;

fn open(in: struct { config: struct { min_length: i64 = 1 } = .{} }) !void {
    if (in.config.min_length < 1) return wardian.fail(.config, "`min_length` must be an integer of at least 1", .{});
    min_length = @intCast(in.config.min_length);
}

const Counted = struct { words: i64, lines: i64, bytes: i64, total_words: i64, total_lines: i64, calls: i64 };

/// A text, or a map with one under `text`.
fn count(in: wardian.Item) !Counted {
    const text = in.to([]const u8) orelse (in.get("text") orelse wardian.Item.null).to([]const u8) orelse
        return wardian.fail(.invalid, "the request must be a text, or a map with a text under `text`", .{});

    const words = countWords(text);
    const lines = countLines(text);
    const bytes: i64 = @intCast(text.len);

    // All changes of one call are committed together when it succeeds, and undone when it fails.
    const total_words = try state.add("words", words);
    const total_lines = try state.add("lines", lines);
    _ = try state.add("bytes", bytes);
    const calls = try state.add("calls", 1);

    // Logging and metrics are bounded; a plugin goes on when the host has heard enough.
    wardian.log.info("counted {d} words in {d} lines", .{ words, lines });
    wardian.metric.record("words_counted", .counter, @floatFromInt(words), null) catch {};

    return .{
        .words = words,
        .lines = lines,
        .bytes = bytes,
        .total_words = total_words,
        .total_lines = total_lines,
        .calls = calls,
    };
}

const Totals = struct { words: i64 = 0, lines: i64 = 0, bytes: i64 = 0, calls: i64 = 0 };
const keys = std.meta.fieldNames(Totals);

/// The totals of all calls so far.
fn totals() !Totals {
    var found: Totals = .{};
    inline for (keys) |key| @field(found, key) = try state.get(i64, key) orelse 0;
    return found;
}

/// The totals begin at zero again.
fn reset() !void {
    for (keys) |key| _ = try state.delete(key);
}

fn countWords(text: []const u8) i64 {
    var words: i64 = 0;
    var each = std.mem.tokenizeAny(u8, text, &std.ascii.whitespace);
    while (each.next()) |word| words += @intFromBool(characters(word) >= min_length);
    return words;
}

fn characters(word: []const u8) u64 {
    var length: u64 = 0;
    for (word) |byte| length += @intFromBool(byte & 0xc0 != 0x80); // bytes 10xxxxxx continue a character
    return length;
}

/// As many as an editor shows: the last line need not end with a newline.
fn countLines(text: []const u8) i64 {
    const unended = text.len > 0 and text[text.len - 1] != '\n';
    return @as(i64, @intCast(std.mem.countScalar(u8, text, '\n'))) + @intFromBool(unended);
}

test "counts words of at least the length that is configured" {
    min_length = 3;
    defer min_length = 1;
    try std.testing.expectEqual(2, countWords("äöü ab abc\u{a0}d"));
}

test "keeps totals" {
    var host: wardian.testing.Host = .init(std.testing.allocator);
    defer host.deinit();
    host.start();
    for (0..2) |_| _ = try count(try wardian.item("To be, or not to be,\nthat is the question:\n"));
    try std.testing.expectEqual(Totals{ .words = 20, .lines = 4, .bytes = 86, .calls = 2 }, try totals());
    try std.testing.expectEqualStrings("counted 10 words in 2 lines", host.logs.items[0].message);
}
