// Greets a user by name: a configuration, an application function and a reply.
#include "wardian.hpp"

using namespace wardian;

// The application that runs this plugin offers `lookup_user`. To import it is to ask for the permission
// `app.lookup_user`; an application that does not grant it refuses to load the plugin.
WARDIAN_APP_FUNCTION(lookup_user)

// Globals live as long as the plugin's instance. Texts of a request do not: `keep` copies them.
static Text greeting = "Hello";

// Called once, before all other entry points, with what the operator configured.
WARDIAN_FUNCTION(plugin_open, [](Item request) -> Result {
    Item given = request["config"]["greeting"];
    if (given.is_null()) return null;
    Text text = given.value_or<Text>("");
    if (text.empty()) return fail(config, "`greeting` must be a text that is not empty");
    Optional<Text> kept = keep(text);
    if (!kept) return fail(exhausted, "no memory for `greeting`");
    greeting = *kept;
    return null;
});

// {"name": text} -> {"text": text, "user": what the application knows}
static Result greet(Item request) {
    WARDIAN_TRY(name, request.need<Text>("name"));
    WARDIAN_TRY(user, app::lookup_user(name)); // its error becomes ours

    Text full_name = user["full_name"].value_or(name); // null means that the application does not know the name
    return map("text", concat(greeting, ", ", full_name, "!"), "user", user);
}

WARDIAN_FUNCTION(greet, greet);

// For other plugins, which call methods of an extension: {"method": "greet", "argument": a request of `greet`}.
WARDIAN_FUNCTION(extension_call, [](Item request) -> Result {
    if (request["method"].value_or<Text>("") != "greet") return fail(unimplemented, "the only method is `greet`");
    return greet(request["argument"]);
});
