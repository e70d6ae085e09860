// A processor that counts the words of `data.text` into `data.words`, and drops what has too few.
#include "wardian_kinds.h"

static int64_t least = 1;

// Called once, before all else, with what the operator configured.
WARDIAN_ENTRY(plugin_open) {
    wardian_item given = wardian_configured(request, "least");
    if (!wardian_is_null(given) && (!wardian_as_int(given, &least) || least < 0))
        return wardian_fail(WARDIAN_CONFIG, "`least` must be an integer of at least 0");
    return wardian_null();
}

static bool is_space(char sign) { return sign == ' ' || (sign >= '\t' && sign <= '\r'); }

static int64_t words_of(wardian_text text) {
    int64_t words = 0;
    for (size_t at = 0; at < text.size; at++)
        words += !is_space(text.data[at]) && (at == 0 || is_space(text.data[at - 1]));
    return words;
}

// The outcome of one record: an error of it alone, or the list of records that come of it.
static bool count_words(wardian_writer *reply, wardian_item record) {
    wardian_item data = wardian_get(record, "data");
    wardian_text text;
    if (!wardian_as_text(wardian_get(data, "text"), &text)) {
        wardian_put_error(reply, WARDIAN_INVALID, "`data.text` must be a text");
        return true;
    }
    int64_t words = words_of(text);
    wardian_put_list(reply); // one that stays empty drops the record
    if (words >= least) {
        wardian_put_map(reply);
        wardian_set_others(reply, record, "data");
        wardian_put_str(reply, "data");
        wardian_put_map(reply);
        wardian_set_others(reply, data, "words");
        wardian_set_int(reply, "words", words);
        wardian_put_end(reply);
        wardian_put_end(reply);
    }
    wardian_put_end(reply);
    return true;
}

// {"records": list} -> an outcome for each, in order
WARDIAN_ENTRY(processor_process) { return wardian_reply_each(wardian_get(request, "records"), count_words); }
