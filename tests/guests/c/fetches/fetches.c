/* An action that asks for the URL it is given. */
#include "wardian_kinds.h"

/* {"params": {"url": text}} -> the answer */
WARDIAN_ENTRY(action_call) {
    wardian_text url;
    if (!wardian_as_text(wardian_get(wardian_get(request, "params"), "url"), &url))
        return wardian_fail(WARDIAN_INVALID, "expected a URL");
    wardian_item response;
    wardian_writer asked = wardian_write();
    wardian_put_map(&asked);
    wardian_put_str(&asked, "method");
    wardian_put_str(&asked, "GET");
    wardian_put_str(&asked, "url");
    wardian_put_text(&asked, url);
    wardian_put_end(&asked);
    if (!wardian_http_request(&asked, &response)) return wardian_pass_on();
    wardian_writer reply = wardian_write();
    wardian_put_item(&reply, response);
    return wardian_reply(&reply);
}
