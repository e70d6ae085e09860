/* A processor that makes a record of each word of a text: its letters, in lower case. */
#include "wardian_kinds.h"

static int64_t least = 1; /* letters; shorter words are left out */

WARDIAN_ENTRY(plugin_open) {
    wardian_item given = wardian_configured(request, "least");
    if (wardian_is_null(given)) return wardian_null();
    if (!wardian_as_int(given, &least) || least < 1 || least > 64)
        return wardian_fail(WARDIAN_CONFIG, "`least` must be 1 to 64");
    return wardian_null();
}

/* What is no letter of ASCII stands between words. */
static bool is_letter(char sign) { return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z'); }

static void put_word(wardian_writer *records, wardian_item record, wardian_text word) {
    char *lower = (char *)word.data; /* of the request, which is ours until the call ends */
    for (size_t at = 0; at < word.size; at++) lower[at] |= 0x20;
    wardian_put_map(records);
    wardian_set_others(records, record, "data");
    wardian_set_text(records, "data", word);
    wardian_put_end(records);
}

static bool split(wardian_writer *reply, wardian_item record) {
    wardian_text line;
    if (!wardian_as_text(wardian_get(record, "data"), &line)) {
        wardian_put_error(reply, WARDIAN_INVALID, "`data` must be a text");
        return true;
    }
    wardian_put_list(reply); /* which stays empty for a text without words */
    for (size_t at = 0, begin = 0; at <= line.size; at++) {
        if (at < line.size && is_letter(line.data[at])) continue;
        if ((int64_t)(at - begin) >= least) put_word(reply, record, (wardian_text){line.data + begin, at - begin});
        begin = at + 1;
    }
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(processor_process) { return wardian_reply_each(wardian_get(request, "records"), split); }
