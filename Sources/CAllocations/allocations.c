#include "CAllocations.h"

#include <stddef.h>
#include <stdlib.h>

#if defined(__GLIBC__)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static _Thread_local int64_t bytes;
static _Thread_local int is_counting;

static void count(size_t size) {
    if (__builtin_expect(is_counting, 0)) bytes += (int64_t)size;
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}
void *calloc(size_t items, size_t size) {
    count(items * size);
    return __libc_calloc(items, size);
}
void *realloc(void *old, size_t size) {
    count(size);
    return __libc_realloc(old, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

void allocations_start(void) {
    bytes = 0;
    is_counting = 1;
}
int64_t allocations_stop(void) {
    is_counting = 0;
    return bytes;
}

#else

void allocations_start(void) {}
int64_t allocations_stop(void) { return -1; }

#endif
