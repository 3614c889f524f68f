// A few threads that share the blocks of one large product.

#include <stddef.h>

/// One block of work; blocks may run in any order and on any thread.
typedef void (*ck_block)(const void *context, ptrdiff_t block);

/// Runs blocks 0 ..< count on all workers and the calling thread, and returns when all are done. Where the workers are
/// busy with somebody else's blocks, the calling thread runs all by itself.
void ck_share(ptrdiff_t count, ck_block work, const void *context);

/// Threads that share work, the calling one included.
int ck_share_threads(void);
