// Counts the words, lines and bytes of texts, and keeps totals in the host's durable state.
#include "wardian.hpp"

using namespace wardian;

// Shorter words are not counted; set by the configuration `min_length`.
static uint64_t min_length = 1;

WARDIAN_FUNCTION(plugin_open, [](Item request) -> Result {
    Item given = request["config"]["min_length"];
    if (given.is_null()) return null;
    min_length = given.value_or<uint64_t>(0);
    if (min_length == 0) return fail(config, "`min_length` must be an integer of at least 1");
    return null;
});

static constexpr bool is_space(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

static int64_t count_words(Text text) {
    int64_t words = 0;
    uint64_t length = 0; // of the word so far, in characters: bytes 10xxxxxx continue one
    for (char letter : text) {
        if (is_space(letter)) {
            words += length >= min_length;
            length = 0;
        } else {
            length += (letter & 0xc0) != 0x80;
        }
    }
    return words + (length >= min_length);
}

// As many as an editor shows: the last line need not end with a newline.
static int64_t count_lines(Text text) {
    int64_t lines = !text.empty() && text.end()[-1] != '\n';
    for (char letter : text) lines += letter == '\n';
    return lines;
}

// text, or {"text": text} -> {"words", "lines", "bytes", "total_words", "total_lines", "calls"}
static Result count(Item request) {
    Optional<Text> text = request.to<Text>();
    if (!text) text = request["text"].to<Text>();
    if (!text) return fail(invalid, "the request must be a text, or a map with a text under `text`");
    int64_t words = count_words(*text), lines = count_lines(*text), bytes = int64_t(text->size);

    // All changes of one call are committed together when it succeeds, and undone when it fails.
    WARDIAN_TRY(total_words, state::add("words", words));
    WARDIAN_TRY(total_lines, state::add("lines", lines));
    WARDIAN_TRY(total_bytes, state::add("bytes", bytes));
    WARDIAN_TRY(calls, state::add("calls", 1));

    // Logging and metrics are bounded; a plugin goes on when the host has heard enough.
    log::info("counted ", words, " words in ", lines, " lines");
    (void)metric::record("words_counted", WARDIAN_COUNTER, double(words));

    return map("words", words, "lines", lines, "bytes", bytes, "total_words", total_words, "total_lines", total_lines,
               "calls", calls);
}

// null -> the totals of all calls so far, 0 as of a key that is not there
static Result totals() {
    WARDIAN_TRY(words, state::get<Optional<int64_t>>("words"));
    WARDIAN_TRY(lines, state::get<Optional<int64_t>>("lines"));
    WARDIAN_TRY(bytes, state::get<Optional<int64_t>>("bytes"));
    WARDIAN_TRY(calls, state::get<Optional<int64_t>>("calls"));
    return map("words", words.value_or(0), "lines", lines.value_or(0), "bytes", bytes.value_or(0), "calls",
               calls.value_or(0));
}

// null -> null; the totals begin at zero again
static Result reset() {
    static constexpr const char *keys[] = {"words", "lines", "bytes", "calls"};
    for (const char *key : keys) {
        WARDIAN_TRY(existed, state::remove(key));
    }
    return null;
}

WARDIAN_FUNCTION(count, count);
WARDIAN_FUNCTION(totals, totals);
WARDIAN_FUNCTION(reset, reset);

// For other plugins, which call methods of an extension: {"method": text, "argument": any} -> what the method replies.
WARDIAN_FUNCTION(extension_call, [](Item request) -> Result {
    Text method = request["method"].value_or<Text>("");
    if (method == "count") return count(request["argument"]);
    if (method == "totals") return totals();
    if (method == "reset") return reset();
    return fail(unimplemented, "the methods are `count`, `totals` and `reset`");
});
