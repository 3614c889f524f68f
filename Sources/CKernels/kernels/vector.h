// Sixteen floats at a time, spelled the same for every CPU. Included once per level with its target in force.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../include/CKernels.h"

// No product is fused with a sum unless it says so: that is what keeps the bits equal everywhere.
#pragma STDC FP_CONTRACT OFF

// Vectors are only ever passed between functions that are inlined, so how a call would pass them does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES CK_LANES
#define INLINE static inline __attribute__((always_inline))

typedef float vec __attribute__((ext_vector_type(LANES)));
typedef int32_t ivec __attribute__((ext_vector_type(LANES)));
typedef uint32_t uvec __attribute__((ext_vector_type(LANES)));
// The same as they lie in memory: rows of narrow matrices start anywhere.
typedef vec __attribute__((aligned(4))) vec_unaligned;
typedef ivec __attribute__((aligned(4))) ivec_unaligned;

INLINE vec load(const float *p) { return *(const vec_unaligned *)p; }
INLINE void store(float *p, vec v) { *(vec_unaligned *)p = v; }
INLINE vec fill(float x) { return (vec)x; }
INLINE vec fma16(vec a, vec b, vec c) { return __builtin_elementwise_fma(a, b, c); }
INLINE vec select16(ivec condition, vec yes, vec no) {
    return (vec)(((ivec)yes & condition) | ((ivec)no & ~condition));
}
INLINE vec abs16(vec x) { return (vec)((ivec)x & 0x7fffffff); }
INLINE vec sqrt16(vec x) { return __builtin_elementwise_sqrt(x); }
INLINE vec copy_sign(vec magnitude, vec sign) {
    return (vec)(((ivec)magnitude & 0x7fffffff) | ((ivec)sign & (int32_t)0x80000000));
}
// Where x is not a number, the first is x and the second the bound: the order of operands decides, as in MINPS.
INLINE vec min16(vec x, vec bound) { return select16(x > bound, bound, x); }
INLINE vec max16(vec x, vec bound) { return select16(x < bound, bound, x); }

/// The bits that any lane has.
INLINE int32_t reduce_or(ivec v) { return __builtin_reduce_or(v); }

/// The sum of the lanes in one fixed order: halves are added until one is left.
INLINE float reduce(vec v) {
    typedef float half __attribute__((ext_vector_type(8)));
    typedef float quarter __attribute__((ext_vector_type(4)));
    half h = v.lo + v.hi;
    quarter q = h.lo + h.hi;
    return (q.x + q.z) + (q.y + q.w);
}

// Blocks of `count` lanes change places between a and b: what is left of a and b, seen as a row of blocks above another,
// is each pair of blocks transposed.
#define UPPER_8(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
#define LOWER_8(a, b) __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#define UPPER_4(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
#define LOWER_4(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#define UPPER_2(a, b) __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define LOWER_2(a, b) __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define UPPER_1(a, b) __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
#define LOWER_1(a, b) __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)

/// Lane r is reduce(v[r]), to the bit: the same halvings, sixteen vectors at a time. Overwrites v.
INLINE vec reduce_each(vec v[LANES]) {
#define HALVE(count)                                                                             \
    for (int k = 0; k < count; k++) {                                                            \
        vec a = v[k], b = v[k + count];                                                          \
        v[k] = UPPER_##count(a, b) + LOWER_##count(a, b);                                        \
    }
    HALVE(8)
    HALVE(4)
    HALVE(2)
    HALVE(1)
#undef HALVE
    return v[0];
}

/// Lane r of v[k] and lane k of v[r] change places. Unrolled, so that v is registers: a loop would keep it in memory.
INLINE void transpose_square(vec v[LANES]) {
#define EXCHANGE(count)                                                                          \
    _Pragma("clang loop unroll(full)")                                                           \
    for (int k = 0; k < LANES; k++) {                                                            \
        if (k & count) continue;                                                                 \
        vec a = v[k], b = v[k + count];                                                          \
        v[k] = UPPER_##count(a, b);                                                              \
        v[k + count] = LOWER_##count(a, b);                                                      \
    }
    EXCHANGE(8)
    EXCHANGE(4)
    EXCHANGE(2)
    EXCHANGE(1)
#undef EXCHANGE
}
