/* What wasm32-freestanding lacks of <string.h>; wardian.c defines these. */
#ifndef WARDIAN_FREESTANDING_STRING_H
#define WARDIAN_FREESTANDING_STRING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *left, const void *right, size_t size);
size_t strlen(const char *text);

#ifdef __cplusplus
}
#endif

#endif
