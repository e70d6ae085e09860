/* An action that makes a record of each line of a text, and hands them out while it runs. */
#include "wardian_kinds.h"

enum { BATCH = 100 }; /* as many records at once: neither a host call for each, nor all of them in memory */

/* {"params": {"text": text, "from": a line to go on from}} -> {"lines": how many were taken, "next": where to go on} */
WARDIAN_ENTRY(action_call) {
    wardian_item params = wardian_get(request, "params"), from = wardian_get(params, "from");
    wardian_text text;
    int64_t first = 0, line = 0, taken = 0;
    if (!wardian_as_text(wardian_get(params, "text"), &text)) return wardian_fail(WARDIAN_INVALID, "`text` must be a text");
    if (!wardian_is_null(from) && (!wardian_as_int(from, &first) || first < 0))
        return wardian_fail(WARDIAN_INVALID, "`from` must be an integer of at least 0");

    const char *at = text.data, *end = text.data + text.size;
    bool room = true;
    while (at < end && room) {
        size_t mark = wardian_mark();
        uint64_t offered = 0, accepted = 0;
        wardian_writer records = wardian_write();
        wardian_put_list(&records);
        while (at < end && offered < BATCH) {
            size_t size = 0;
            while (at + size < end && at[size] != '\n') size++;
            if (line++ >= first) {
                wardian_put_map(&records);
                wardian_set_text(&records, "data", (wardian_text){at, size});
                wardian_put_end(&records);
                offered++;
            }
            at += size + 1;
        }
        wardian_put_end(&records);
        if (offered && !wardian_emit(&records, &accepted)) {
            /* A call may emit only so much. What was taken until then is good: the rest is left, as where room ends. */
            wardian_text kind = {"", 0};
            wardian_as_text(wardian_get(wardian_host_error(), "kind"), &kind);
            if (!taken || !wardian_equal(kind, wardian_str(WARDIAN_EXHAUSTED))) return wardian_pass_on();
        }
        taken += (int64_t)accepted;
        room = accepted == offered; /* what was not taken is to be offered again, in another call */
        wardian_release(mark);
    }
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_int(&reply, "lines", taken);
    if (!room) wardian_set_int(&reply, "next", first + taken);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
