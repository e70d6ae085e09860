//! `Duration`: a length of time as configurations have it: `250ms`, `1.5s`, `1m30s`, or an integer of nanoseconds.

const std = @import("std");
const decode = @import("codec/decode.zig");
const Reader = @import("codec/reader.zig").Reader;

pub const Duration = struct {
    ns: u64,

    /// 100 years, so that a time of this century and a duration stay within 64 bits.
    const longest = 100 * 365 * 24 * hour;
    const hour = 3600 * std.time.ns_per_s;

    pub fn seconds(count: u64) Duration {
        return .{ .ns = count * std.time.ns_per_s };
    }

    /// Whole milliseconds, rounded down.
    pub fn ms(self: Duration) u64 {
        return self.ns / std.time.ns_per_ms;
    }

    pub fn parse(text: []const u8) ?Duration {
        if (text.len == 0) return null;
        var sum: u64 = 0;
        var at: usize = 0;
        while (at < text.len) {
            const number = span(text, &at, isNumber);
            const unit = unitOf(span(text, &at, std.ascii.isLower)) orelse return null;
            sum += part(number, unit) orelse return null;
            if (sum > longest) return null;
        }
        return .{ .ns = sum };
    }

    pub fn wardianRead(reader: *Reader) decode.Error!Duration {
        const what = "a duration such as `250ms` or `1m30s`";
        if (reader.text()) |text| return parse(text) orelse decode.expected(what);
        const found = reader.integer() orelse return decode.expected(what);
        if (found.negative or found.argument > longest) return decode.expected(what);
        return .{ .ns = found.argument };
    }

    fn isNumber(letter: u8) bool {
        return letter == '.' or std.ascii.isDigit(letter);
    }

    fn span(text: []const u8, at: *usize, comptime belongs: fn (u8) bool) []const u8 {
        const begin = at.*;
        while (at.* < text.len and belongs(text[at.*])) at.* += 1;
        return text[begin..at.*];
    }

    fn unitOf(name: []const u8) ?u64 {
        const names = [_][]const u8{ "ns", "us", "ms", "s", "m", "h" };
        const lengths = [_]u64{ 1, 1000, std.time.ns_per_ms, std.time.ns_per_s, 60 * std.time.ns_per_s, hour };
        for (names, lengths) |each, length| if (std.mem.eql(u8, each, name)) return length;
        return null;
    }

    /// So many units, with at most nine decimals; what is below a nanosecond is left out.
    fn part(number: []const u8, unit: u64) ?u64 {
        const point = std.mem.findScalar(u8, number, '.') orelse number.len;
        const whole = decimal(number[0..point]) orelse return null;
        if (whole > longest / unit) return null;
        if (point == number.len) return whole * unit;
        const decimals = number[point + 1 ..];
        if (decimals.len > 9) return null;
        var scale: u64 = 1;
        for (decimals) |_| scale *= 10;
        const fraction = decimal(decimals) orelse return null;
        // In two steps, for nine decimals times an hour are beyond 64 bits.
        return whole * unit + unit / scale * fraction + unit % scale * fraction / scale;
    }

    fn decimal(text: []const u8) ?u64 {
        if (text.len == 0) return null;
        var value: u64 = 0;
        for (text) |digit| {
            if (!std.ascii.isDigit(digit) or value > longest) return null;
            value = value * 10 + (digit - '0');
        }
        return value;
    }
};
