//! A processor that counts the words of `data.text` into `data.words`, and drops what has too few.

const std = @import("std");
const wardian = @import("wardian");

comptime {
    wardian.processor(@This());
}

const Config = struct { least: u64 = 1 };

var config: Config = .{};

/// Called once, before all else, with what the operator configured.
pub fn open(given: wardian.Open(Config)) void {
    config = given.config;
}

/// Null drops the record; an error is that of this record alone.
pub fn process(record: wardian.Value) !?wardian.Value {
    const text = try record.as(struct { data: struct { text: []const u8 } });
    const words = wordsOf(text.data.text);
    if (words < config.least) return null;
    return try record.with("data", try record.get("data").?.with("words", words));
}

fn wordsOf(text: []const u8) u64 {
    var words: u64 = 0;
    var each = std.mem.tokenizeAny(u8, text, &std.ascii.whitespace);
    while (each.next() != null) words += 1;
    return words;
}

test "counts words" {
    try std.testing.expectEqual(4, wordsOf("to be  or not\n"));
}
