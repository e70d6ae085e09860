/* An action that does what its parameters say: {do: verb, with: argument, and: argument} -> what came of it. */
#include "wardian_kinds.h"

static wardian_text greeting = {"", 0};

WARDIAN_ENTRY(plugin_open) {
    wardian_text given;
    if (wardian_as_text(wardian_get(wardian_get(request, "config"), "greeting"), &given))
        greeting = wardian_keep_text(given);
    return wardian_null();
}

/* A configuration with `refuse` is refused with that text; an empty one is a warning only. */
WARDIAN_ENTRY(plugin_check) {
    wardian_text why;
    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    if (wardian_as_text(wardian_get(wardian_get(request, "config"), "refuse"), &why)) {
        wardian_put_list(&reply);
        wardian_put_int(&reply, why.size ? WARDIAN_ERROR : WARDIAN_WARN);
        wardian_put_text(&reply, why.size ? why : wardian_str("an empty refusal"));
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

static bool is(wardian_text verb, const char *name) { return wardian_equal(verb, wardian_str(name)); }

WARDIAN_ENTRY(action_call) {
    wardian_item params = wardian_get(request, "params"), found = wardian_get(params, "and");
    wardian_item second = found;
    wardian_text verb = {"", 0}, with = {"", 0};
    wardian_as_text(wardian_get(params, "do"), &verb);
    wardian_as_text(wardian_get(params, "with"), &with);
    const char *text = wardian_format("%.*s", WARDIAN_ARG(with));
    wardian_writer given = wardian_write(), reply = wardian_write();
    if (!wardian_is_null(second)) wardian_put_item(&given, second);
    else wardian_put_null(&given);
    bool done = true;
    if (is(verb, "say")) done = wardian_log(WARDIAN_INFO, text);
    else if (is(verb, "greet")) done = wardian_log(WARDIAN_INFO, wardian_format("%.*s, %s", WARDIAN_ARG(greeting), text));
    else if (is(verb, "get")) done = wardian_vars_get(text, &found);
    else if (is(verb, "set")) done = wardian_vars_set(text, &given);
    else if (is(verb, "call")) done = wardian_action_call(text, &given, &found);
    else if (is(verb, "vars")) found = wardian_get(request, "vars");
    else if (is(verb, "fail")) return wardian_fail(WARDIAN_INVALID, text);
    else if (is(verb, "set_and_fail")) {
        if (!wardian_vars_set(text, &given)) return wardian_pass_on();
        return wardian_fail(WARDIAN_INVALID, "after it was set");
    } else if (is(verb, "expand")) {
        if (!wardian_template_expand(text, &with)) return wardian_pass_on();
        wardian_put_text(&reply, with);
        return wardian_reply(&reply);
    }
    if (!done) return wardian_pass_on();
    if (is(verb, "say") || is(verb, "greet") || is(verb, "set")) return wardian_null();
    if (wardian_is_null(found)) wardian_put_null(&reply);
    else wardian_put_item(&reply, found);
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(action_cancel) {
    wardian_log(WARDIAN_WARN, "called off");
    return wardian_null();
}

WARDIAN_ENTRY(processor_process) { return wardian_fail(WARDIAN_UNIMPLEMENTED, "nothing to process"); }
