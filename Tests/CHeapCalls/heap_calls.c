#include "CHeapCalls.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void *__libc_valloc(size_t);
extern void *__libc_pvalloc(size_t);

static atomic_int is_counting;
static atomic_llong calls;

static void count(void) {
    if (atomic_load_explicit(&is_counting, memory_order_relaxed)) atomic_fetch_add(&calls, 1);
}

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}
void *calloc(size_t items, size_t size) {
    count();
    return __libc_calloc(items, size);
}
void *realloc(void *old, size_t size) {
    count();
    return __libc_realloc(old, size);
}
void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}
int posix_memalign(void **result, size_t alignment, size_t size) {
    count();
    // POSIX: a power of two of pointers; errno stays as it is.
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    int before = errno;
    void *found = __libc_memalign(alignment, size);
    errno = before;
    if (!found) return ENOMEM;
    *result = found;
    return 0;
}
void *valloc(size_t size) {
    count();
    return __libc_valloc(size);
}
void *pvalloc(size_t size) {
    count();
    return __libc_pvalloc(size);
}

void heap_calls_start(void) {
    atomic_store(&calls, 0);
    atomic_store(&is_counting, 1);
}
int64_t heap_calls_stop(void) {
    atomic_store(&is_counting, 0);
    return atomic_load(&calls);
}

#else

void heap_calls_start(void) {}
int64_t heap_calls_stop(void) { return -1; }

#endif
