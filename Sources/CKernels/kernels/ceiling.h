// How fast this CPU's registers can multiply and add: the ceiling that every product of matrices is measured against.

static float multiply_add_all(ptrdiff_t times) {
    // Enough independent sums to hide the latency of each, few enough to stay in registers on every level.
    vec a = fill(0.999999f), b = fill(1e-6f);
    vec s0 = b, s1 = b, s2 = b, s3 = b, s4 = b, s5 = b;
    // The sums' values do not matter; that they are kept does.
    for (ptrdiff_t i = 0; i < times; i++) {
        s0 = fma16(s0, a, b);
        s1 = fma16(s1, a, b);
        s2 = fma16(s2, a, b);
        s3 = fma16(s3, a, b);
        s4 = fma16(s4, a, b);
        s5 = fma16(s5, a, b);
    }
    return reduce((s0 + s1) + (s2 + s3) + (s4 + s5));
}
