/* The SDK's one source: compile it with the plugin and zcbor's common, decode and encode; or let wardian-cc do so.
 *
 * zcbor (Nordic, Apache-2.0) reads and writes the single heads and values of CBOR; src/check.c adds what it leaves out.
 */
#include "src/internal.h"

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
