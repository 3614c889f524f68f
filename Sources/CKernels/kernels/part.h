// A part of a vector: its first lanes, `count` of them, fewer than LANES.

/// Zeros behind the part.
INLINE vec keep_part(vec v, ptrdiff_t count) {
    const ivec lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return select16(lane < (int32_t)count, v, fill(0.0f));
}

// Nothing behind the part is read or written. Without masks it goes through memory, where the vector that is loaded waits
// for the floats that were just stored.
#if defined(HAS_MASKS)
INLINE __mmask16 part_mask(ptrdiff_t count) { return (__mmask16)((1u << count) - 1); }
INLINE vec load_part(const float *p, ptrdiff_t count) { return (vec)_mm512_maskz_loadu_ps(part_mask(count), p); }
INLINE void store_part(float *p, vec v, ptrdiff_t count) {
    _mm512_mask_storeu_ps(p, part_mask(count), (__m512)v);
}
#else
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
#endif
