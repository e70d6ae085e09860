/* Greets a user by name: a configuration, an application function and a reply. */
#include "wardian.h"

/* The application that runs this plugin offers `lookup_user`. To import it is to ask for the permission
 * `app.lookup_user`; an application that does not grant it refuses to load the plugin. */
WARDIAN_APP_IMPORT(lookup_user)

/* Globals live as long as the plugin's instance. Texts of a request do not: wardian_keep_text copies them. */
static wardian_text greeting = {"Hello", 5};

/* Called once, before all other entry points, with what the operator configured. */
WARDIAN_ENTRY(plugin_open) {
    wardian_item configured = wardian_get(wardian_get(request, "config"), "greeting");
    wardian_text text;
    if (wardian_is_null(configured)) return wardian_null();
    if (!wardian_as_text(configured, &text) || text.size == 0)
        return wardian_fail(WARDIAN_CONFIG, "`greeting` must be a text that is not empty");
    greeting = wardian_keep_text(text);
    return greeting.data ? wardian_null() : wardian_fail(WARDIAN_EXHAUSTED, "no memory for `greeting`");
}

/* {"name": text} -> {"text": text, "user": what the application knows} */
WARDIAN_ENTRY(greet) {
    wardian_text name, full_name;
    if (!wardian_as_text(wardian_get(request, "name"), &name))
        return wardian_fail(WARDIAN_INVALID, "`name` must be a text");

    wardian_writer query = wardian_write();
    wardian_item user;
    wardian_put_text(&query, name);
    if (!app_lookup_user(&query, &user)) return wardian_pass_on(); /* its error becomes ours */

    /* Null means that the application does not know the name. */
    if (!wardian_as_text(wardian_get(user, "full_name"), &full_name)) full_name = name;

    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "text");
    wardian_put_str(&reply, wardian_format("%.*s, %.*s!", WARDIAN_ARG(greeting), WARDIAN_ARG(full_name)));
    wardian_put_str(&reply, "user");
    wardian_put_item(&reply, user);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* For other plugins, which call methods of an extension: {"method": "greet", "argument": a request of `greet`}.
 * The body of an entry point is a function like any other. */
WARDIAN_ENTRY(extension_call) {
    wardian_text method;
    if (!wardian_as_text(wardian_get(request, "method"), &method) || !wardian_equal(method, wardian_str("greet")))
        return wardian_fail(WARDIAN_UNIMPLEMENTED, "the only method is `greet`");
    return greet_body(wardian_get(request, "argument"));
}
