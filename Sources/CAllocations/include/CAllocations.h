#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H
#include <stdint.h>

/// Counts what this thread takes from the heap, by standing before the C library's allocator (glibc only).

/// Begins counting on this thread, from 0.
void allocations_start(void);
/// Ends counting and returns the bytes asked for since then; -1 where that cannot be known.
int64_t allocations_stop(void);
#endif
