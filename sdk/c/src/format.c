/* A little printf. */
#include "internal.h"

struct line {
    char *data;
    size_t size;
    size_t capacity;
};

/* Appends, moving to a block of twice the size when full; what memory has no room for is cut off. */
static void append(struct line *line, const char *data, size_t size) {
    if (size >= line->capacity - line->size) {
        size_t capacity = 2 * (line->size + size) + 64;
        char *moved = wardian_scratch(capacity);
        if (!moved) return;
        memcpy(moved, line->data, line->size);
        line->data = moved;
        line->capacity = capacity;
    }
    memcpy(line->data + line->size, data, size);
    line->size += size;
    line->data[line->size] = '\0';
}

static void append_number(struct line *line, unsigned long long value, unsigned base, bool negative) {
    char digits[21];
    size_t at = sizeof digits;
    do digits[--at] = "0123456789abcdef"[value % base];
    while (value /= base);
    if (negative) digits[--at] = '-';
    append(line, digits + at, sizeof digits - at);
}

const char *wardian_format(const char *format, ...) {
    static char none[1] = "";
    struct line line = {none, 0, 1};
    va_list arguments;
    va_start(arguments, format);
    while (*format) {
        size_t plain = 0;
        while (format[plain] && format[plain] != '%') plain++;
        append(&line, format, plain);
        format += plain;
        if (*format++ != '%') break;
        size_t precision = SIZE_MAX;
        if (format[0] == '.' && format[1] == '*') {
            precision = (size_t)va_arg(arguments, int);
            format += 2;
        }
        int longs = 0;
        while (*format == 'l' || *format == 'z') longs += *format++ == 'l';
        char directive = *format ? *format++ : '%';
        if (directive == 's') {
            const char *text = va_arg(arguments, const char *);
            append(&line, text, precision == SIZE_MAX ? strlen(text) : precision);
        } else if (directive == 'c') {
            char letter = (char)va_arg(arguments, int);
            append(&line, &letter, 1);
        } else if (directive == 'd' || directive == 'i') {
            long long value = longs == 2 ? va_arg(arguments, long long) : va_arg(arguments, int); /* long is int here */
            append_number(&line, value < 0 ? -(unsigned long long)value : (unsigned long long)value, 10, value < 0);
        } else if (directive == 'u' || directive == 'x') {
            unsigned long long value = longs == 2 ? va_arg(arguments, unsigned long long) : va_arg(arguments, unsigned);
            append_number(&line, value, directive == 'u' ? 10 : 16, false);
        } else {
            append(&line, &directive, 1);
        }
    }
    va_end(arguments);
    return line.data;
}
