/* Two actions that print a message: `hello-world` with its placeholders filled in, `hello-world-literal` as it is. */
#include "wardian_kinds.h"

/* Which of the package's actions this instance serves. */
static bool expands;

WARDIAN_ENTRY(plugin_open) {
    wardian_text symbol = {"", 0};
    wardian_as_text(wardian_get(wardian_get(request, "context"), "symbol"), &symbol);
    expands = !wardian_equal(symbol, wardian_str("hello-world-literal"));
    return wardian_null();
}

static char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? (char)(letter + 'a' - 'A') : letter; }

/* Whoever writes the parameters by hand may write `message` or `Message`. */
static wardian_item param(wardian_item params, const char *name) {
    wardian_item key, value;
    wardian_text text;
    if (wardian_kind_of(params) != WARDIAN_MAP) return (wardian_item){NULL, NULL};
    for (wardian_iterator each = wardian_each(params); wardian_next_pair(&each, &key, &value);) {
        if (!wardian_as_text(key, &text) || text.size != wardian_str(name).size) continue;
        size_t same = 0;
        while (same < text.size && lower(text.data[same]) == name[same]) same++;
        if (same == text.size) return value;
    }
    return (wardian_item){NULL, NULL};
}

/* {"params": {"message": text}} -> null, and the message as a log line */
WARDIAN_ENTRY(action_call) {
    wardian_text message;
    if (!wardian_as_text(param(wardian_get(request, "params"), "message"), &message))
        return wardian_fail(WARDIAN_INVALID, "the parameter `message` must be a text");
    /* Which texts are templates is for the plugin to say: the host expands nothing by itself. */
    if (expands && !wardian_template_expand(wardian_format("%.*s", WARDIAN_ARG(message)), &message))
        return wardian_pass_on();
    if (!wardian_log(WARDIAN_INFO, wardian_format("%.*s", WARDIAN_ARG(message)))) return wardian_pass_on();
    return wardian_null();
}

/* Called on a fresh instance when a call was cut short: whatever it left behind would be cleaned up here. */
WARDIAN_ENTRY(action_cancel) {
    wardian_log(WARDIAN_INFO, "Cancel callback call");
    return wardian_null();
}
