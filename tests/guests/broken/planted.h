/* Which fault a guest has: the tests write its name into the compiled module, over the text that stands here. */
#include "wardian.h"

static const volatile char planted[40] = "no fault is planted here";

static inline bool has(const char *fault) {
    size_t at = 0;
    while (fault[at] && fault[at] == planted[at]) at++;
    return fault[at] == planted[at];
}
