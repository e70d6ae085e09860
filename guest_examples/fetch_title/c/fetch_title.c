/* An action that fetches a page and gives its title: HTTP, to the hosts that the operator named. */
#include "wardian_kinds.h"

static const char *find(const char *at, const char *end, const char *what) {
    size_t size = wardian_str(what).size;
    for (; (size_t)(end - at) >= size; at++)
        if (wardian_equal((wardian_text){at, size}, wardian_str(what))) return at;
    return NULL;
}

/* {"params": {"url": text}} -> {"status": integer, "title": text or null} */
WARDIAN_ENTRY(action_call) {
    wardian_text url;
    if (!wardian_as_text(wardian_get(wardian_get(request, "params"), "url"), &url))
        return wardian_fail(WARDIAN_INVALID, "`url` must be a text");

    wardian_writer asked = wardian_write();
    wardian_put_map(&asked);
    wardian_set_str(&asked, "method", "GET");
    wardian_set_text(&asked, "url", url);
    wardian_set_int(&asked, "timeout_ms", 1000);
    wardian_put_end(&asked);
    wardian_item response;
    if (!wardian_http_request(&asked, &response)) return wardian_pass_on(); /* denied, or the network's fault */

    int64_t status;
    wardian_bytes body;
    if (!wardian_as_int(wardian_get(response, "status"), &status) ||
        !wardian_as_bytes(wardian_get(response, "body"), &body))
        return wardian_fail(WARDIAN_INTERNAL, "this is no response");
    if (status == 429 || status >= 500)
        return wardian_fail(WARDIAN_TRANSIENT, wardian_format("the server says %lld", (long long)status));

    const char *end = (const char *)body.data + body.size, *begin = find((const char *)body.data, end, "<title>");
    const char *close = begin ? find(begin += sizeof "<title>" - 1, end, "</title>") : NULL;
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_int(&reply, "status", status);
    wardian_put_str(&reply, "title");
    if (close)
        wardian_put_text(&reply, (wardian_text){begin, (size_t)(close - begin)});
    else
        wardian_put_null(&reply);
    wardian_put_end(&reply);
    /* The page's fault and not the plugin's, which an error of `wardian_reply` would be: it is in another encoding. */
    if (reply.fault) return wardian_fail(WARDIAN_INVALID, wardian_format("the title: %s", reply.fault));
    return wardian_reply(&reply);
}
