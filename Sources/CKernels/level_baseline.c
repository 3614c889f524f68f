// What every CPU of this architecture can do. On ARM that includes fused multiply-add, so it is the fast one (NEON);
// on x86-64 each fused multiply-add is a call of fmaf: correct, and slow.
#include "kernels/levels.h"
#define LEVEL_TABLE ck_kernels_baseline
#if defined(__aarch64__)
#define LEVEL_NAME "neon"
#else
#define LEVEL_NAME "baseline"
#endif
#define TILE_ROWS 4
#define TILE_VECTORS 1
#include "kernels/table.h"
