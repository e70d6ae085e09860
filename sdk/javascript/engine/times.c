/* Points in time: RFC 3339 with at most nine digits of fraction, from the year 1 to 9999 in UTC, without leap seconds. */
#include "engine.h"

#include <math.h>
#include <stdio.h>

static const int64_t LEAST = -62135596800, MOST = 253402300799; /* 0001-01-01T00:00:00Z, 9999-12-31T23:59:59Z */

bool wardian_time_is_good(const struct wardian_time *time) {
    int64_t there = time->seconds + time->offset * 60;
    return time->seconds >= LEAST && time->seconds <= MOST && there >= LEAST && there <= MOST &&
           time->nanoseconds < 1000000000 && time->offset > -24 * 60 && time->offset < 24 * 60;
}

/* Days since 1970 of a date of the proleptic Gregorian calendar; a year begins in March, so that a leap day is its last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int days_in(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0));
}

struct text {
    const char *at, *end;
    bool good;
};

static int number(struct text *text, int digits) {
    int value = 0;
    for (; digits > 0; digits--) {
        if (text->at == text->end || *text->at < '0' || *text->at > '9') return text->good = false, 0;
        value = value * 10 + (*text->at++ - '0');
    }
    return value;
}

static bool follows(struct text *text, char letter) {
    if (text->at == text->end || *text->at != letter) return false;
    text->at++;
    return true;
}

static void expect(struct text *text, char letter) { text->good = follows(text, letter) && text->good; }

bool wardian_time_from_text(const char *data, size_t size, struct wardian_time *time) {
    struct text text = {data, data + size, true};
    int year = number(&text, 4);
    expect(&text, '-');
    int month = number(&text, 2);
    expect(&text, '-');
    int day = number(&text, 2);
    expect(&text, 'T');
    int hour = number(&text, 2);
    expect(&text, ':');
    int minute = number(&text, 2);
    expect(&text, ':');
    int second = number(&text, 2);
    *time = (struct wardian_time){0};
    if (follows(&text, '.')) {
        int digits = 0;
        for (; text.at < text.end && *text.at >= '0' && *text.at <= '9'; digits++)
            if (digits < 9) time->nanoseconds = time->nanoseconds * 10 + (uint32_t)number(&text, 1);
            else number(&text, 1);
        text.good = text.good && digits >= 1 && digits <= 9;
        for (; digits < 9; digits++) time->nanoseconds *= 10;
    }
    if (!follows(&text, 'Z')) {
        bool west = follows(&text, '-');
        if (!west) expect(&text, '+');
        int hours = number(&text, 2);
        expect(&text, ':');
        int minutes = number(&text, 2);
        text.good = text.good && hours <= 23 && minutes <= 59;
        time->offset = (hours * 60 + minutes) * (west ? -1 : 1);
    }
    if (!text.good || text.at != text.end || year < 1 || month < 1 || month > 12) return false;
    if (day < 1 || day > days_in(year, month) || hour > 23 || minute > 59 || second > 59) return false;
    time->seconds = days_of(year, month, day) * 86400 + hour * 3600 + (minute - time->offset) * 60 + second;
    return wardian_time_is_good(time);
}

bool wardian_time_from_double(double since_1970, struct wardian_time *time) {
    if (!(since_1970 >= (double)LEAST && since_1970 < (double)MOST + 1)) return false;
    double whole = floor(since_1970), part = round((since_1970 - whole) * 1e9);
    bool carry = part >= 1e9;
    *time = (struct wardian_time){(int64_t)whole + carry, carry ? 0 : (uint32_t)part, 0};
    return wardian_time_is_good(time);
}

/* As short as it can be without losing anything. */
size_t wardian_time_to_text(const struct wardian_time *time, char text[WARDIAN_TIME_SIZE]) {
    int64_t seconds = time->seconds + time->offset * 60;
    int64_t days = seconds / 86400 - (seconds % 86400 < 0), of_day = seconds - days * 86400;
    int64_t shifted = days + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100), shifted_month = (5 * of_year + 2) / 153;
    int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2), day = of_year - (153 * shifted_month + 2) / 5 + 1;
    int size = snprintf(text, WARDIAN_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", (int)year, (int)month, (int)day,
                        (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60));
    if (time->nanoseconds) {
        size += snprintf(text + size, WARDIAN_TIME_SIZE - (size_t)size, ".%09u", (unsigned)time->nanoseconds);
        while (text[size - 1] == '0') size--;
    }
    int offset = time->offset < 0 ? -time->offset : time->offset;
    if (offset == 0) text[size++] = 'Z';
    else size += snprintf(text + size, 7, "%c%02d:%02d", time->offset < 0 ? '-' : '+', offset / 60 % 24, offset % 60);
    return (size_t)size;
}
