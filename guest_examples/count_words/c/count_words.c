/* Counts the words, lines and bytes of texts, and keeps totals in the host's durable state. */
#include "wardian.h"

/* Shorter words are not counted; set by the configuration `min_length`. */
static uint64_t min_length = 1;

/* The keys of the totals, in the order in which `totals` replies. */
static const char *const keys[] = {"words", "lines", "bytes", "calls"};

WARDIAN_ENTRY(plugin_open) {
    wardian_item configured = wardian_get(wardian_get(request, "config"), "min_length");
    if (wardian_is_null(configured)) return wardian_null();
    if (!wardian_as_uint(configured, &min_length) || min_length == 0)
        return wardian_fail(WARDIAN_CONFIG, "`min_length` must be an integer of at least 1");
    return wardian_null();
}

static bool is_space(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

static int64_t count_words(wardian_text text) {
    int64_t words = 0;
    uint64_t length = 0; /* of the word so far, in characters: bytes 10xxxxxx continue one */
    for (size_t i = 0; i <= text.size; i++) {
        if (i == text.size || is_space(text.data[i])) {
            words += length >= min_length;
            length = 0;
        } else if ((text.data[i] & 0xc0) != 0x80) {
            length++;
        }
    }
    return words;
}

/* As many as an editor shows: the last line need not end with a newline. */
static int64_t count_lines(wardian_text text) {
    int64_t lines = text.size > 0 && text.data[text.size - 1] != '\n';
    for (size_t i = 0; i < text.size; i++) lines += text.data[i] == '\n';
    return lines;
}

static void put_number(wardian_writer *map, const char *key, int64_t value) {
    wardian_put_str(map, key);
    wardian_put_int(map, value);
}

/* text, or {"text": text} -> {"words", "lines", "bytes", "total_words", "total_lines", "calls"} */
WARDIAN_ENTRY(count) {
    wardian_text text;
    if (!wardian_as_text(request, &text) && !wardian_as_text(wardian_get(request, "text"), &text))
        return wardian_fail(WARDIAN_INVALID, "the request must be a text, or a map with a text under `text`");

    int64_t words = count_words(text), lines = count_lines(text), bytes = (int64_t)text.size;
    int64_t total_words, total_lines, calls;

    /* All changes of one call are committed together when it succeeds, and undone when it fails. */
    if (!wardian_state_add("words", words, &total_words) || !wardian_state_add("lines", lines, &total_lines) ||
        !wardian_state_add("bytes", bytes, NULL) || !wardian_state_add("calls", 1, &calls))
        return wardian_pass_on();

    /* Logging and metrics are bounded; a plugin goes on when the host has heard enough. */
    wardian_log(WARDIAN_INFO, wardian_format("counted %lld words in %lld lines", words, lines));
    wardian_metric_record("words_counted", WARDIAN_COUNTER, (double)words, NULL);

    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    put_number(&reply, "words", words);
    put_number(&reply, "lines", lines);
    put_number(&reply, "bytes", bytes);
    put_number(&reply, "total_words", total_words);
    put_number(&reply, "total_lines", total_lines);
    put_number(&reply, "calls", calls);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* null -> the totals of all calls so far */
WARDIAN_ENTRY(totals) {
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        wardian_item kept;
        int64_t total = 0; /* as of a key that is not there */
        if (!wardian_state_get(keys[i], &kept)) return wardian_pass_on();
        wardian_as_int(kept, &total);
        put_number(&reply, keys[i], total);
    }
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* null -> null; the totals begin at zero again */
WARDIAN_ENTRY(reset) {
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!wardian_state_delete(keys[i], NULL)) return wardian_pass_on();
    return wardian_null();
}

/* For other plugins, which call methods of an extension: {"method": text, "argument": any} -> what the method replies.
 * The body of an entry point is a function like any other. */
WARDIAN_ENTRY(extension_call) {
    wardian_item argument = wardian_get(request, "argument");
    wardian_text method = {"", 0};
    wardian_as_text(wardian_get(request, "method"), &method);
    if (wardian_equal(method, wardian_str("count"))) return count_body(argument);
    if (wardian_equal(method, wardian_str("totals"))) return totals_body(argument);
    if (wardian_equal(method, wardian_str("reset"))) return reset_body(argument);
    return wardian_fail(WARDIAN_UNIMPLEMENTED, "the methods are `count`, `totals` and `reset`");
}
