// An action that greets somebody.
#include "wardian.hpp"

using namespace wardian;

// Globals live as long as the plugin's instance. Texts of a request do not: `keep` copies them.
static Text greeting = "Hello";

// Called once, before all else, with what the operator configured.
WARDIAN_FUNCTION(plugin_open, [](Item request) -> Result {
    Item given = configured(request, "greeting");
    if (given.is_null()) return null;
    WARDIAN_TRY(text, given.as<Text>("`greeting`", config));
    Optional<Text> kept = keep(text);
    if (!kept) return fail(exhausted, "no memory for `greeting`");
    greeting = *kept;
    return null;
});

// {"params": {"name": text}, "vars": the job's variables} -> {"text": text}
WARDIAN_FUNCTION(action_call, [](Item request) -> Result {
    WARDIAN_TRY(name, request["params"].need<Text>("name"));
    return map("text", concat(greeting, ", ", name, "!"));
});
