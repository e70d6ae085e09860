/* An action that counts primes for as long as it may: it asks whether it is told to stop, and says how far it came. */
#include "wardian_kinds.h"

static bool is_prime(uint32_t number) {
    for (uint32_t by = 2; (uint64_t)by * by <= number; by++)
        if (number % by == 0) return false;
    return number > 1;
}

/* {"params": {"below": integer}} -> {"primes": integer, "below": as far as it came} */
WARDIAN_ENTRY(action_call) {
    int64_t below;
    uint32_t number = 0, primes = 0;
    if (!wardian_as_int(wardian_get(wardian_get(request, "params"), "below"), &below) || below < 0 || below > UINT32_MAX)
        return wardian_fail(WARDIAN_INVALID, "`below` must be an integer from 0 to 4294967295");
    for (; number < below; number++) {
        /* Now and then: to ask takes time, and a call may ask only so often. In between lies a millisecond at first,
         * and about a tenth of a second where numbers are large. */
        if (number % 10000 == 0 && wardian_cancelled()) break;
        primes += is_prime(number);
    }
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_int(&reply, "primes", primes);
    wardian_set_int(&reply, "below", number);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
