/* An extension, which other plugins call: where in the world an IP address is, by a table of networks. */
#include "wardian_kinds.h"

/* Networks for documentation (RFC 5737), each of 256 addresses; nobody in the world has them. */
static const struct {
    uint32_t network; /* the first three bytes */
    const char *country;
    const char *city;
} networks[] = {{0xc00002, "IS", "Reykjavik"}, {0xc63364, "NZ", "Wellington"}, {0xcb0071, "KE", "Nairobi"}};

/* An address such as 192.0.2.7; false when it is none. */
static bool parse_address(wardian_text text, uint32_t *address) {
    uint32_t part = 0, digits = 0, parts = 0, sum = 0;
    for (size_t at = 0; at <= text.size; at++) {
        if (at < text.size && text.data[at] >= '0' && text.data[at] <= '9') {
            if (digits > 0 && part == 0) return false; /* 01 would be 1 to some and octal to others */
            part = part * 10 + (uint32_t)(text.data[at] - '0');
            if (++digits > 3 || part > 255) return false;
        } else {
            if (digits == 0 || ++parts > 4 || (at < text.size && text.data[at] != '.')) return false;
            sum = sum << 8 | part;
            part = digits = 0;
        }
    }
    *address = sum;
    return parts == 4;
}

/* An address -> {"country", "city"}, or null for one that is nowhere in the table */
static wardian_result locate(wardian_item argument) {
    wardian_text text = {"", 0};
    uint32_t address;
    if (!wardian_as_text(argument, &text) || !parse_address(text, &address))
        return wardian_fail(WARDIAN_INVALID, wardian_format("expected an IPv4 address, got `%.*s`", WARDIAN_ARG(text)));
    for (size_t at = 0; at < sizeof networks / sizeof *networks; at++) {
        if (networks[at].network != address >> 8) continue;
        wardian_writer place = wardian_write();
        wardian_put_map(&place);
        wardian_set_str(&place, "country", networks[at].country);
        wardian_set_str(&place, "city", networks[at].city);
        wardian_put_end(&place);
        return wardian_reply(&place);
    }
    return wardian_null();
}

/* {"method": text, "argument": any} -> what the method gives */
WARDIAN_ENTRY(extension_call) {
    wardian_text method = {"", 0};
    wardian_as_text(wardian_get(request, "method"), &method);
    if (wardian_equal(method, wardian_str("locate"))) return locate(wardian_get(request, "argument"));
    return wardian_fail(WARDIAN_UNIMPLEMENTED, "the only method is `locate`");
}
