/* An action that draws winners: randomness from the host, without a bias. */
#include "wardian.h"

enum { MOST = 256 }; /* so many at once, for a call may ask only so often; never more than are wanted, so none stays */
static uint32_t numbers[MOST], have;

/* A number below `bound`, each as likely as any other. What is left over of 2^32 is thrown away: the remainder of it
 * alone would make small numbers likelier. So many are `wanted` together. */
static bool below(uint32_t bound, int64_t wanted, uint32_t *number) {
    uint32_t left_over = (0 - bound) % bound; /* 2^32 % bound */
    do {
        if (!have) {
            uint32_t ask = wanted < MOST ? (uint32_t)wanted : MOST;
            if (!wardian_random_bytes(numbers, ask * sizeof *numbers)) return false;
            have = ask;
        }
        *number = numbers[--have];
    } while (*number < left_over);
    *number %= bound;
    return true;
}

/* {"params": {"names": list of texts, "winners": integer}} -> list of texts */
WARDIAN_ENTRY(action_call) {
    wardian_item params = wardian_get(request, "params"), names = wardian_get(params, "names"), each;
    wardian_text text;
    int64_t winners = 1;
    uint32_t count = 0;
    if (wardian_kind_of(names) != WARDIAN_LIST) return wardian_fail(WARDIAN_INVALID, "`names` must be a list of texts");
    for (wardian_iterator list = wardian_each(names); wardian_next(&list, &each); count++)
        if (!wardian_as_text(each, &text)) return wardian_fail(WARDIAN_INVALID, "`names` must be a list of texts");
    wardian_item wanted = wardian_get(params, "winners");
    bool good = wardian_is_null(wanted) || wardian_as_int(wanted, &winners);
    if (!good || winners < 0 || winners > count)
        return wardian_fail(WARDIAN_INVALID, wardian_format("`winners` must be an integer from 0 to %u", count));

    wardian_item *drum = wardian_scratch(count * sizeof *drum);
    if (!drum) return wardian_fail(WARDIAN_EXHAUSTED, "too many names");
    uint32_t at = 0, drawn;
    for (wardian_iterator list = wardian_each(names); wardian_next(&list, &each);) drum[at++] = each;

    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    for (; winners > 0; winners--, count--) {
        if (!below(count, winners, &drawn)) return wardian_pass_on();
        wardian_put_item(&reply, drum[drawn]);
        drum[drawn] = drum[count - 1]; /* nobody wins twice */
    }
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
