#include "kernels/levels.h"
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define LEVEL_TABLE ck_kernels_v3
#define LEVEL_NAME "x86-64-v3"
#define TILE_ROWS 6
#define TILE_VECTORS 1
#include "kernels/table.h"
#pragma clang attribute pop
#endif
