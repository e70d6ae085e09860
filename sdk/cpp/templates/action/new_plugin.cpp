// An action that greets somebody.
#include "wardian_kinds.h"

// Globals live as long as the plugin's instance. Texts of a request do not: wardian_keep_text copies them.
static wardian_text greeting = {"Hello", 5};

// Called once, before all else, with what the operator configured.
WARDIAN_ENTRY(plugin_open) {
    wardian_item given = wardian_configured(request, "greeting");
    wardian_text text;
    if (wardian_is_null(given)) return wardian_null();
    if (!wardian_as_text(given, &text)) return wardian_fail(WARDIAN_CONFIG, "`greeting` must be a text");
    greeting = wardian_keep_text(text);
    return greeting.data ? wardian_null() : wardian_fail(WARDIAN_EXHAUSTED, "no memory for `greeting`");
}

// {"params": {"name": text}, "vars": the job's variables} -> {"text": text}
WARDIAN_ENTRY(action_call) {
    wardian_text name;
    if (!wardian_as_text(wardian_get(wardian_get(request, "params"), "name"), &name))
        return wardian_fail(WARDIAN_INVALID, "`name` must be a text");

    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_str(&reply, "text", wardian_format("%.*s, %.*s!", WARDIAN_ARG(greeting), WARDIAN_ARG(name)));
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
