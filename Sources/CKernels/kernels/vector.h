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

/// The first `count` (fewer than LANES) floats, zeros behind them.
INLINE vec load_part(const float *p, ptrdiff_t count) {
    float lanes[LANES] = {0};
    memcpy(lanes, p, (size_t)count * sizeof *p);
    return load(lanes);
}
INLINE void store_part(float *p, vec v, ptrdiff_t count) {
    float lanes[LANES];
    store(lanes, v);
    memcpy(p, lanes, (size_t)count * sizeof *p);
}

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
