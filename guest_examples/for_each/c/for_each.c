/* An action that calls another one for each item of a list: how plugins put others to work. */
#include "wardian_kinds.h"

/* {"params": {"action": text, "items": list}} -> for each item {"result": any} or {"error": text} */
WARDIAN_ENTRY(action_call) {
    wardian_item params = wardian_get(request, "params"), items = wardian_get(params, "items"), item, result;
    wardian_text action, kind, message;
    if (!wardian_as_text(wardian_get(params, "action"), &action))
        return wardian_fail(WARDIAN_INVALID, "`action` must be a text");
    if (wardian_kind_of(items) != WARDIAN_LIST) return wardian_fail(WARDIAN_INVALID, "`items` must be a list");
    const char *name = wardian_format("%.*s", WARDIAN_ARG(action));

    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    for (wardian_iterator each = wardian_each(items); wardian_next(&each, &item);) {
        if (wardian_cancelled()) return wardian_fail(WARDIAN_TRANSIENT, "told to stop"); /* between two of them */
        wardian_writer sent = wardian_write();
        wardian_put_map(&sent);
        wardian_set_item(&sent, "item", item);
        wardian_put_end(&sent);
        wardian_put_map(&reply);
        if (wardian_action_call(name, &sent, &result)) {
            wardian_set_item(&reply, "result", result);
        } else {
            /* What is wrong with one item is no matter of the others; what is not there is there for none. */
            wardian_item error = wardian_host_error();
            if (!wardian_as_text(wardian_get(error, "kind"), &kind) ||
                !wardian_as_text(wardian_get(error, "message"), &message) ||
                wardian_equal(kind, wardian_str(WARDIAN_NOT_FOUND)))
                return wardian_pass_on();
            wardian_set_text(&reply, "error", message);
        }
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
