/* The SDK's one source: compile it with the plugin; or let wardian-cc do so. */
#include "src/internal.h"

#include "src/head.c"

#include "src/memory.c"

#include "src/check.c"

#include "src/read.c"

#include "src/time.c"

#include "src/write.c"

#include "src/entry.c"

#include "src/host.c"

#include "src/format.c"

#include "src/kinds.c"

#include "src/libc.c"
