// How fast this CPU's registers can multiply and add: the ceiling that every product of matrices is measured against.

static float multiply_add_all(ptrdiff_t times, ptrdiff_t *count) {
    // As many independent sums as a tile of a product has: they hide the latency of each other, and stay in registers.
    enum { SUMS = TILE_ROWS * TILE_VECTORS };
    vec a = fill(0.999999f), b = fill(1e-6f), sums[SUMS];
#pragma clang loop unroll(full)
    for (int k = 0; k < SUMS; k++) sums[k] = b;
    // The sums' values do not matter; that they are kept does.
    for (ptrdiff_t i = 0; i < times; i++) {
#pragma clang loop unroll(full)
        for (int k = 0; k < SUMS; k++) sums[k] = fma16(sums[k], a, b);
    }
    vec all = sums[0];
#pragma clang loop unroll(full)
    for (int k = 1; k < SUMS; k++) all += sums[k];
    *count = times * SUMS * LANES;
    return reduce(all);
}
