//! `Time`: a point in time between the years 1 and 9999, as the tags 0 and 1 have it.

const std = @import("std");
const decode = @import("codec/decode.zig");
const encode = @import("codec/encode.zig");
const Reader = @import("codec/reader.zig").Reader;
const Writer = @import("codec/writer.zig").Writer;

pub const Time = struct {
    /// Since 1970 in UTC, without leap seconds.
    seconds: i64,
    /// Behind them: less than 1,000,000,000.
    nanoseconds: u32 = 0,
    /// Of the clock that it was read from, east of UTC: it is the same point in time whatever this says.
    offset_minutes: i16 = 0,

    pub const longest = 35;

    const least = daysTo(1, 1, 1) * day;
    const end = daysTo(10_000, 1, 1) * day;

    pub fn wardianRead(reader: *Reader) decode.Error!Time {
        if (reader.kind() != .time) return decode.expected("a point in time");
        reader.at += reader.head().size;
        const found = if (reader.text()) |text| parse(text) else number(reader);
        const time = found orelse return decode.expected("a point in time");
        if (time.seconds < least or time.seconds >= end) return decode.expected("a point in time of the years 1 to 9999");
        return time;
    }

    /// As a text, which keeps nanoseconds.
    pub fn wardianWrite(self: Time, writer: *Writer) encode.Error!void {
        var buffer: [longest]u8 = undefined;
        try writer.tag(0);
        return writer.text(self.format(&buffer));
    }

    /// As in RFC 3339, with as many digits of fraction as it takes.
    pub fn format(self: Time, buffer: *[longest]u8) []const u8 {
        const seconds = self.seconds + @as(i64, self.offset_minutes) * 60;
        var days = @divFloor(seconds, day);
        const second: u32 = @intCast(seconds - days * day);
        // Years begin in March here, so that the leap day comes last; 400 of them have 146,097 days.
        days += 719_468;
        const era = @divFloor(days, 146_097);
        const in_era: u32 = @intCast(days - era * 146_097);
        const year_of_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
        const in_year = in_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        const from_march = (5 * in_year + 2) / 153;
        const month = if (from_march < 10) from_march + 3 else from_march - 9;
        const year: u32 = @intCast(era * 400 + year_of_era + @intFromBool(month <= 2));
        digits(buffer[0..4], year);
        digits(buffer[5..7], month);
        digits(buffer[8..10], in_year - (153 * from_march + 2) / 5 + 1);
        digits(buffer[11..13], second / 3600);
        digits(buffer[14..16], second / 60 % 60);
        digits(buffer[17..19], second % 60);
        digits(buffer[20..29], self.nanoseconds);
        for ([_]usize{ 4, 7, 10, 13, 16, 19 }, "--T::.") |at, mark| buffer[at] = mark;
        var size: usize = if (self.nanoseconds == 0) 19 else 29;
        while (size > 20 and buffer[size - 1] == '0') size -= 1;
        if (self.offset_minutes == 0) {
            buffer[size] = 'Z';
            return buffer[0 .. size + 1];
        }
        const minutes = @abs(self.offset_minutes);
        buffer[size] = if (self.offset_minutes < 0) '-' else '+';
        digits(buffer[size + 1 ..][0..2], minutes / 60);
        buffer[size + 3] = ':';
        digits(buffer[size + 4 ..][0..2], minutes % 60);
        return buffer[0 .. size + 6];
    }
};

const day = 86_400;

fn digits(buffer: []u8, value: u32) void {
    var left = value;
    var at = buffer.len;
    while (at > 0) {
        at -= 1;
        buffer[at] = '0' + @as(u8, @intCast(left % 10));
        left /= 10;
    }
}

fn number(reader: *Reader) ?Time {
    if (reader.float()) |float| {
        if (!(@abs(float) < 1e12)) return null;
        const whole = @floor(float);
        const nanoseconds: u32 = @trunc((float - whole) * 1e9);
        return .{ .seconds = @trunc(whole), .nanoseconds = @min(nanoseconds, 999_999_999) };
    }
    const found = reader.integer() orelse return null;
    const seconds = std.math.cast(i64, found.argument) orelse return null;
    return .{ .seconds = if (found.negative) ~seconds else seconds };
}

fn parse(text: []const u8) ?Time {
    if (text.len < 20) return null;
    for ([_]usize{ 4, 7, 10, 13, 16 }, "--T::") |at, mark| if (text[at] != mark) return null;
    const year = decimal(text[0..4]) orelse return null;
    const month = decimal(text[5..7]) orelse return null;
    const date = decimal(text[8..10]) orelse return null;
    const hour = decimal(text[11..13]) orelse return null;
    const minute = decimal(text[14..16]) orelse return null;
    const second = decimal(text[17..19]) orelse return null;
    if (year == 0 or month < 1 or month > 12 or date < 1 or date > lengthOf(month, year)) return null;
    if (hour > 23 or minute > 59 or second > 59) return null;
    var at: usize = 19;
    var nanoseconds: u32 = 0;
    if (text[at] == '.') {
        at += 1;
        const begin = at;
        var unit: u32 = 1_000_000_000;
        while (at < text.len and std.ascii.isDigit(text[at])) : (at += 1) {
            unit /= 10;
            if (unit == 0) return null;
            nanoseconds += (text[at] - '0') * unit;
        }
        if (at == begin) return null;
    }
    const east = offset(text[at..]) orelse return null;
    const days = daysTo(@intCast(year), month, date);
    const seconds = days * day + @as(i64, hour) * 3600 + @as(i64, minute) * 60 + second - @as(i64, east) * 60;
    return .{ .seconds = seconds, .nanoseconds = nanoseconds, .offset_minutes = east };
}

/// Minutes east of UTC.
fn offset(text: []const u8) ?i16 {
    if (std.mem.eql(u8, text, "Z")) return 0;
    if (text.len != 6 or (text[0] != '+' and text[0] != '-') or text[3] != ':') return null;
    const hours = decimal(text[1..3]) orelse return null;
    const minutes = decimal(text[4..6]) orelse return null;
    if (hours > 23 or minutes > 59) return null;
    const all: i16 = @intCast(hours * 60 + minutes);
    return if (text[0] == '-') -all else all;
}

fn decimal(text: []const u8) ?u32 {
    var value: u32 = 0;
    for (text) |digit| value = value * 10 + (if (std.ascii.isDigit(digit)) digit - '0' else return null);
    return value;
}

fn lengthOf(month: u32, year: u32) u32 {
    const leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0);
    return switch (month) {
        2 => if (leap) 29 else 28,
        4, 6, 9, 11 => 30,
        else => 31,
    };
}

/// Days since 1970, by years that begin in March.
fn daysTo(year: i64, month: u32, date: u32) i64 {
    const from = year - @intFromBool(month <= 2);
    const era = @divFloor(from, 400);
    const year_of_era = from - era * 400;
    const in_year = (153 * (if (month > 2) month - 3 else month + 9) + 2) / 5 + date - 1;
    return era * 146_097 + year_of_era * 365 + @divFloor(year_of_era, 4) - @divFloor(year_of_era, 100) + in_year - 719_468;
}
