#include "kernels/levels.h"
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define LEVEL_TABLE ck_kernels_v4
#define LEVEL_NAME "x86-64-v4"
#define TILE_ROWS 8
#define TILE_VECTORS 3
#define HAS_MASKS
#include "kernels/table.h"
#pragma clang attribute pop
#endif
