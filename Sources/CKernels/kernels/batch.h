// Which rows make a batch, and bringing them together. Philox4x32-10 of Salmon et al. (2011), sixteen counters at once.

typedef struct {
    uvec w0, w1, w2, w3;
} philox_words;

/// The high halves of 32 x 32 bit products, lane by lane.
INLINE uvec multiply_high(uvec a, uint32_t b) {
    typedef uint64_t wide __attribute__((ext_vector_type(LANES)));
    return __builtin_convertvector((__builtin_convertvector(a, wide) * (uint64_t)b) >> 32, uvec);
}

INLINE philox_words philox(philox_words c, uint32_t key_0, uint32_t key_1) {
    for (int round = 0; round < 10; round++) {
        const uint32_t left = 0xD2511F53u, right = 0xCD9E8D57u;
        uvec high_0 = multiply_high(c.w0, left), low_0 = c.w0 * left;
        uvec high_2 = multiply_high(c.w2, right), low_2 = c.w2 * right;
        c = (philox_words){high_2 ^ c.w1 ^ key_0, low_2, high_0 ^ c.w3 ^ key_1, low_0};
        key_0 += 0x9E3779B9u;
        key_1 += 0xBB67AE85u;
    }
    return c;
}

/// Blocks first...first+15: word k of block b is at words[4 * b + k].
INLINE void philox_blocks(
    uint32_t first, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t key_0, uint32_t key_1, uint32_t words[4 * LANES]
) {
    const uvec lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    philox_words c = {lane + first, (uvec)c1, (uvec)c2, (uvec)c3};
    c = philox(c, key_0, key_1);
    for (int b = 0; b < LANES; b++) {
        words[4 * b] = c.w0[b];
        words[4 * b + 1] = c.w1[b];
        words[4 * b + 2] = c.w2[b];
        words[4 * b + 3] = c.w3[b];
    }
}

static void draw_rows(
    uint32_t key_0, uint32_t key_1, uint32_t epoch, uint32_t step, uint32_t rows, int32_t *indices, ptrdiff_t count
) {
    uint32_t words[4 * LANES];
    for (ptrdiff_t i = 0; i < count; i += 4 * LANES) {
        philox_blocks((uint32_t)(i / 4), step, epoch, 0, key_0, key_1, words);
        for (int k = 0; k < 4 * LANES; k += LANES) {
            store((float *)(indices + i + k), (vec)multiply_high((uvec)load((const float *)(words + k)), rows));
        }
    }
}

static void gather(
    const float *from, ptrdiff_t columns, const int32_t *indices, ptrdiff_t rows, float *to, ptrdiff_t to_stride
) {
    for (ptrdiff_t i = 0; i < rows; i++) {
        const float *row = from + indices[i] * columns;
        float *out = to + i * to_stride;
        for (ptrdiff_t j = 0; j < columns; j++) out[j] = row[j];
    }
}

static void dropout(
    float *v, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, uint32_t key_0, uint32_t key_1, uint64_t step,
    uint32_t layer, uint32_t threshold, float keep_factor
) {
    uint32_t words[4 * LANES];
    ptrdiff_t number = 0;
    for (ptrdiff_t i = 0; i < rows; i++) {
        for (ptrdiff_t j = 0; j < columns; j++, number++) {
            if (number % (4 * LANES) == 0) {
                philox_blocks(
                    (uint32_t)(number / 4), (uint32_t)step, (uint32_t)(step >> 32), layer, key_0, key_1, words);
            }
            float *x = v + i * stride + j;
            *x = words[number % (4 * LANES)] >= threshold ? *x * keep_factor : 0.0f;
        }
    }
}
