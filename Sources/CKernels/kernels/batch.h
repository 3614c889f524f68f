// Which rows make a batch, and bringing them together. Philox4x32-10 of Salmon et al. (2011), eight counters at once.

/// Eight 32-bit words, each in the low half of 64 bits: that is where products of two of them have room.
typedef uint64_t words8 __attribute__((ext_vector_type(8)));

typedef struct {
    words8 w0, w1, w2, w3;
} philox_words;

INLINE words8 low_half(words8 v) { return v & 0xffffffffu; }

/// The words of eight blocks. What is left in the high halves means nothing.
INLINE philox_words philox(philox_words c, uint32_t key_0, uint32_t key_1) {
    for (int round = 0; round < 10; round++) {
        words8 left = low_half(c.w0) * 0xD2511F53u, right = low_half(c.w2) * 0xCD9E8D57u;
        c = (philox_words){(right >> 32) ^ c.w1 ^ key_0, right, (left >> 32) ^ c.w3 ^ key_1, left};
        key_0 += 0x9E3779B9u;
        key_1 += 0xBB67AE85u;
    }
    return c;
}

/// Words in a draw: those of eight blocks.
#define DRAWN 32

/// The blocks (first, c1, c2, c3) ... (first + 7, c1, c2, c3).
INLINE philox_words philox_blocks(uint32_t first, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t key_0, uint32_t key_1) {
    const words8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    return philox((philox_words){lane + first, (words8)c1, (words8)c2, (words8)c3}, key_0, key_1);
}

/// Word k of block b to out[4 * b + k].
INLINE void store_words(philox_words c, uint32_t out[DRAWN]) {
    words8 front = low_half(c.w0) | c.w1 << 32, back = low_half(c.w2) | c.w3 << 32;
    words8 first = __builtin_shufflevector(front, back, 0, 8, 1, 9, 2, 10, 3, 11);
    words8 second = __builtin_shufflevector(front, back, 4, 12, 5, 13, 6, 14, 7, 15);
    store((float *)out, (vec)first);
    store((float *)(out + LANES), (vec)second);
}

static void draw_rows(
    uint32_t key_0, uint32_t key_1, uint32_t epoch, uint32_t step, uint32_t rows, int32_t *indices, ptrdiff_t count
) {
    for (ptrdiff_t i = 0; i < count; i += DRAWN) {
        philox_words c = philox_blocks((uint32_t)(i / 4), step, epoch, 0, key_0, key_1);
        // A word as a fraction of 2^32, times the rows.
        c.w0 = low_half(c.w0) * rows >> 32;
        c.w1 = low_half(c.w1) * rows >> 32;
        c.w2 = low_half(c.w2) * rows >> 32;
        c.w3 = low_half(c.w3) * rows >> 32;
        store_words(c, (uint32_t *)(indices + i));
    }
}

/// `columns` is a constant where it is inlined, for the few columns that most data have.
INLINE void gather_rows(
    const float *from, ptrdiff_t columns, const int32_t *indices, ptrdiff_t rows, float *to, ptrdiff_t to_stride
) {
    for (ptrdiff_t i = 0; i < rows; i++) {
        memcpy(to + i * to_stride, from + indices[i] * columns, (size_t)columns * sizeof *to);
    }
}

static void gather(
    const float *from, ptrdiff_t columns, const int32_t *indices, ptrdiff_t rows, float *to, ptrdiff_t to_stride
) {
    switch (columns) {
#define CASE(number) case number: gather_rows(from, number, indices, rows, to, to_stride); break;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) CASE(13) CASE(14)
#undef CASE
    default: gather_rows(from, columns, indices, rows, to, to_stride);
    }
}

static void dropout(
    float *v, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, uint32_t key_0, uint32_t key_1, uint64_t step,
    uint32_t layer, uint32_t threshold, float keep_factor
) {
    uint32_t words[DRAWN];
    ptrdiff_t number = 0;
    for (ptrdiff_t i = 0; i < rows; i++) {
        for (ptrdiff_t j = 0; j < columns; j++, number++) {
            if (number % DRAWN == 0) {
                store_words(
                    philox_blocks(
                        (uint32_t)(number / 4), (uint32_t)step, (uint32_t)(step >> 32), layer, key_0, key_1), words);
            }
            float *x = v + i * stride + j;
            *x = words[number % DRAWN] >= threshold ? *x * keep_factor : 0.0f;
        }
    }
}
