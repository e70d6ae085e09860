// A processor that counts the words of `data.text` into `data.words`, and drops what has too few.
#include "wardian.hpp"

using namespace wardian;

static int64_t least = 1;

// Called once, before all else, with what the operator configured.
WARDIAN_FUNCTION(plugin_open, [](Item request) -> Result {
    Item given = configured(request, "least");
    if (!given.is_null()) least = given.value_or<int64_t>(-1);
    if (least < 0) return fail(config, "`least` must be an integer of at least 0");
    return null;
});

static constexpr bool is_space(char sign) { return sign == ' ' || (sign >= '\t' && sign <= '\r'); }

static int64_t words_of(Text text) {
    int64_t words = 0;
    char before = ' ';
    for (char sign : text) {
        words += is_space(before) && !is_space(sign);
        before = sign;
    }
    return words;
}

// The outcome of one record: the list of records that come of it, or an error of it alone.
static Result count_words(Item record) {
    Item data = record["data"];
    WARDIAN_TRY(text, data["text"].as<Text>("`data.text`"));
    int64_t words = words_of(text);
    if (words < least) return list(); // drops it

    Writer counted, whole;
    counted.map([&](Writer &pairs) { pairs.set_others(data, "words").set("words", words); });
    whole.map([&](Writer &pairs) { pairs.set_others(record, "data").set("data", counted); });
    return list(whole);
}

// {"records": list} -> an outcome for each, in order
WARDIAN_FUNCTION(processor_process, [](Item request) -> Result { return each(request["records"], count_words); });
