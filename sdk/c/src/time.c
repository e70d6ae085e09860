/* Points in time: tag 0 is an RFC 3339 text, tag 1 a number of seconds since 1970. */
#include "internal.h"

#define FIRST_SECOND INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST_SECOND INT64_C(253402300799)  /* 9999-12-31T23:59:59Z */

struct cursor {
    const char *at;
    const char *end;
};

/* Exactly `count` digits and the character behind them, unless that is 0; a negative number for anything else. */
static int take_number(struct cursor *text, int count, char then) {
    int value = 0;
    if (text->end - text->at < count + (then != 0)) return -1;
    for (; count; count--, text->at++) {
        if (*text->at < '0' || *text->at > '9') return -1;
        value = value * 10 + (*text->at - '0');
    }
    return !then || *text->at++ == then ? value : -1;
}

/* Days since 1970-01-01 in the Gregorian calendar. Years begin in March here, so that a leap day ends its year. */
static int64_t days_since_1970(int year, int month, int day) {
    int shifted = year - (month <= 2), from_march = (month + 9) % 12;
    int day_of_year = (153 * from_march + 2) / 5 + day - 1;
    return (int64_t)365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + day_of_year - 719468;
}

static bool parse_rfc3339(struct cursor text, int64_t *seconds, uint32_t *nanoseconds) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = take_number(&text, 4, '-'), month = take_number(&text, 2, '-'), day = take_number(&text, 2, 'T');
    int hour = take_number(&text, 2, ':'), minute = take_number(&text, 2, ':'), second = take_number(&text, 2, 0);
    if (year < 1 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59)
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > days[month - 1] + (month == 2 && leap)) return false;
    uint32_t fraction = 0, unit = 1000000000;
    if (text.at < text.end && *text.at == '.') {
        for (text.at++; text.at < text.end && *text.at >= '0' && *text.at <= '9'; text.at++) {
            if (unit == 1) return false; /* more than nine digits */
            unit /= 10;
            fraction += (uint32_t)(*text.at - '0') * unit;
        }
        if (unit == 1000000000) return false;
    }
    if (text.at == text.end) return false;
    char zone = *text.at++;
    int offset_hour = zone == 'Z' ? 0 : take_number(&text, 2, ':');
    int offset_minute = zone == 'Z' ? 0 : take_number(&text, 2, 0);
    if ((zone != 'Z' && zone != '+' && zone != '-') || offset_hour < 0 || offset_hour > 23 || offset_minute < 0 ||
        offset_minute > 59 || text.at != text.end)
        return false;
    int64_t offset = (offset_hour * 60 + offset_minute) * (zone == '-' ? -60 : 60);
    *seconds = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    *nanoseconds = fraction;
    return true;
}

bool wardian_as_time(wardian_item item, int64_t *seconds, uint32_t *nanoseconds) {
    uint32_t parsed_fraction = 0;
    int64_t parsed;
    double number;
    wardian_text text;
    if (!has_major(item, TAG)) return false;
    wardian_item content = {item.at + head_size(*item.at), item.end};
    if (wardian_as_text(content, &text)) {
        if (!parse_rfc3339((struct cursor){text.data, text.data + text.size}, &parsed, &parsed_fraction)) return false;
    } else if (!wardian_as_int(content, &parsed)) {
        if (!wardian_as_double(content, &number) || !(number > -1e12 && number < 1e12)) return false;
        parsed = (int64_t)number - (number < (double)(int64_t)number);
        parsed_fraction = (uint32_t)((number - (double)parsed) * 1e9);
    }
    if (parsed < FIRST_SECOND || parsed > LAST_SECOND) return false;
    *seconds = parsed;
    *nanoseconds = parsed_fraction;
    return true;
}
