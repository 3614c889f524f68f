#ifndef CHEAPCALLS_H
#define CHEAPCALLS_H
#include <stdint.h>
#if defined(__linux__)
// memalign, which Swift's Glibc lacks.
#include <malloc.h>
#endif

/// Counts how often this process asks the C library for memory, on any of its threads: a program that this is linked
/// into has these functions in place of the C library's, and they pass on what they are asked. glibc only, which allows
/// it; not together with a sanitizer, which does the same.

/// Begins counting, from 0.
void heap_calls_start(void);
/// Ends counting and returns the calls of malloc, calloc, realloc, posix_memalign, aligned_alloc, memalign, valloc and
/// pvalloc since then; -1 where they cannot be counted.
int64_t heap_calls_stop(void);
#endif
