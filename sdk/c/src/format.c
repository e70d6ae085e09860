/* A little printf. */
#include "internal.h"

static void append_number(wardian_writer *line, uint64_t value, unsigned base, bool negative) {
    char digits[21];
    char *end = digits + sizeof digits, *at = end;
    do {
        unsigned digit = (unsigned)(value % base);
        *--at = (char)(digit < 10 ? '0' + digit : 'a' - 10 + digit);
    } while (value /= base);
    if (negative) *--at = '-';
    append(line, at, (size_t)(end - at));
}

/* What memory has no room for is cut off. */
const char *wardian_format(const char *format, ...) {
    static uint8_t none[1];
    wardian_writer line = wardian_write();
    line.data = none;
    va_list arguments;
    va_start(arguments, format);
    for (;;) {
        const char *plain = format;
        while (*format && *format != '%') format++;
        append(&line, plain, (size_t)(format - plain));
        if (!*format++) break;
        size_t precision = SIZE_MAX;
        if (*format == '.') {
            precision = (size_t)va_arg(arguments, int);
            format += 2;
        }
        int longs = 0; /* one is an int here, as `z` is */
        char directive;
        while ((directive = *format++) == 'l' || directive == 'z') longs += directive == 'l';
        if (!directive) break;
        bool is_signed = directive == 'd' || directive == 'i';
        if (directive == 's') {
            const char *text = va_arg(arguments, const char *);
            append(&line, text, precision == SIZE_MAX ? strlen(text) : precision);
        } else if (is_signed || directive == 'u' || directive == 'x') {
            uint64_t value = longs == 2 ? va_arg(arguments, uint64_t) : va_arg(arguments, unsigned);
            if (is_signed && longs != 2) value = (uint64_t)(int64_t)(int32_t)value;
            bool negative = is_signed && (int64_t)value < 0;
            append_number(&line, negative ? -value : value, directive == 'x' ? 16 : 10, negative);
        } else {
            if (directive == 'c') directive = (char)va_arg(arguments, int);
            append(&line, &directive, 1);
        }
    }
    va_end(arguments);
    line.data[line.size] = '\0';
    return (const char *)line.data;
}
