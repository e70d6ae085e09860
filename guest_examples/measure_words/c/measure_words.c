/* A processor that makes a word its length, and its first letter the key. */
#include "wardian_kinds.h"

/* The bytes of the character that begins with this one. */
static size_t width(unsigned char first) { return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4; }

static bool measure(wardian_writer *reply, wardian_item record) {
    wardian_item key, value;
    wardian_text word, name;
    if (!wardian_as_text(wardian_get(record, "data"), &word) || !word.size) {
        wardian_put_error(reply, WARDIAN_INVALID, "`data` must be a word");
        return true;
    }
    int64_t characters = 0;
    for (size_t at = 0; at < word.size; at += width((unsigned char)word.data[at])) characters++;
    wardian_put_list(reply);
    wardian_put_map(reply);
    for (wardian_iterator each = wardian_each(record); wardian_next_pair(&each, &key, &value);) {
        if (!wardian_as_text(key, &name) || wardian_equal(name, wardian_str("data")) ||
            wardian_equal(name, wardian_str("key")))
            continue;
        wardian_put_item(reply, key);
        wardian_put_item(reply, value);
    }
    wardian_set_text(reply, "key", (wardian_text){word.data, width((unsigned char)word.data[0])});
    wardian_set_int(reply, "data", characters);
    wardian_put_end(reply);
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(processor_process) { return wardian_reply_each(wardian_get(request, "records"), measure); }
