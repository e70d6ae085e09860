/* Only the types: zcbor includes <inttypes.h> for the formats of its verbose mode, which a guest never compiles. */
#include <stdint.h>
