/* What UTF-8 is: no surrogates, no overlong forms, nothing beyond U+10FFFF. */
#include "engine.h"

bool wardian_is_utf8(const uint8_t *data, size_t size) {
    for (size_t at = 0; at < size;) {
        uint8_t first = data[at++];
        if (first < 0x80) continue;
        int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        if (first < 0xc2 || first > 0xf4 || (size_t)more > size - at) return false;
        uint8_t least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        for (; more > 0; more--, least = 0x80, most = 0xbf)
            if (data[at] < least || data[at++] > most) return false;
    }
    return true;
}
