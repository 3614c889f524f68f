// Losses: the sum over all elements and, where asked for, the gradient times a factor.

/// What one vector of elements adds to the sum, and its derivative.
typedef struct {
    vec value, slope;
} loss_terms;

INLINE loss_terms squared_error_terms(vec p, vec t) {
    vec e = p - t;
    return (loss_terms){e * e, e + e};
}
INLINE loss_terms absolute_error_terms(vec p, vec t) {
    vec e = p - t;
    // The slope at 0 is 0, as in Keras.
    vec slope = select16(e == fill(0.0f), fill(0.0f), copy_sign(fill(1.0f), e));
    return (loss_terms){abs16(e), slope};
}
INLINE loss_terms huber_terms(vec p, vec t) {
    vec e = p - t;
    vec size = abs16(e);
    ivec inside = size <= fill(1.0f);
    vec value = select16(inside, fill(0.5f) * e * e, size - fill(0.5f));
    return (loss_terms){value, select16(inside, e, copy_sign(fill(1.0f), e))};
}
INLINE loss_terms log_cosh_terms(vec p, vec t) {
    // log cosh e = |e| + log1p(exp(-2|e|)) - log 2.
    vec e = p - t;
    vec size = abs16(e);
    return (loss_terms){size + log1p_16(exp_16(fill(-2.0f) * size)) - fill(0.693147181f), tanh_16(e)};
}
INLINE loss_terms binary_crossentropy_terms(vec p, vec t) {
    const vec least = fill(1e-7f), greatest = fill(1.0f - 1e-7f), one = fill(1.0f);
    vec q = max16(min16(p, greatest), least);
    vec value = -fma16(t, log_16(q), (one - t) * log_16(one - q));
    ivec inside = (p >= least) & (p <= greatest);
    vec slope = (q - t) / (q * (one - q));
    return (loss_terms){value, select16(inside, slope, fill(0.0f))};
}
INLINE loss_terms binary_crossentropy_logits_terms(vec z, vec t) {
    // max(z, 0) - z t + log1p(exp(-|z|)).
    vec value = fma16(-z, t, max16(z, fill(0.0f))) + log1p_16(exp_16(-abs16(z)));
    return (loss_terms){value, sigmoid_16(z) - t};
}

/// Runs over all elements; rows that follow one another without a gap are one long row.
#define LOSS(name, terms)                                                                                            \
    static float name(                                                                                               \
        const float *p, ptrdiff_t p_stride, const float *t, ptrdiff_t t_stride, ptrdiff_t rows, ptrdiff_t columns,   \
        float *g, ptrdiff_t g_stride, float scale                                                                    \
    ) {                                                                                                              \
        if (p_stride == columns && t_stride == columns && (!g || g_stride == columns)) {                             \
            columns *= rows;                                                                                         \
            rows = 1;                                                                                                \
        }                                                                                                            \
        vec sum = fill(0.0f);                                                                                        \
        for (ptrdiff_t r = 0; r < rows; r++) {                                                                       \
            const float *pr = p + r * p_stride, *tr = t + r * t_stride;                                              \
            float *gr = g ? g + r * g_stride : NULL;                                                                 \
            ptrdiff_t j = 0;                                                                                         \
            for (; j + LANES <= columns; j += LANES) {                                                               \
                loss_terms e = terms(load(pr + j), load(tr + j));                                                    \
                sum += e.value;                                                                                      \
                if (gr) store(gr + j, e.slope * fill(scale));                                                        \
            }                                                                                                        \
            if (j < columns) {                                                                                       \
                loss_terms e = terms(load_part(pr + j, columns - j), load_part(tr + j, columns - j));                \
                sum += keep_part(e.value, columns - j);                                                              \
                if (gr) store_part(gr + j, e.slope * fill(scale), columns - j);                                      \
            }                                                                                                        \
        }                                                                                                            \
        return reduce(sum);                                                                                          \
    }

LOSS(squared_error, squared_error_terms)
LOSS(absolute_error, absolute_error_terms)
LOSS(huber, huber_terms)
LOSS(log_cosh, log_cosh_terms)
LOSS(binary_crossentropy, binary_crossentropy_terms)
LOSS(binary_crossentropy_logits, binary_crossentropy_logits_terms)

/// log of one float, by the same polynomial as everywhere.
INLINE float log_one(float x) { return log_16(fill(x)).x; }

static float categorical_crossentropy_logits(
    const float *z, ptrdiff_t z_stride, const float *t, ptrdiff_t t_stride, ptrdiff_t rows, ptrdiff_t columns,
    float smoothing, float *g, ptrdiff_t g_stride, float scale
) {
    // -log softmax(z)_t = log(sum of exp(z - m)) + m - z_t, with m the greatest: finite whatever z is. Smoothed, the row's
    // class counts 1 - s + s / n of n classes, and each of the others s / n.
    float share = smoothing / (float)columns;
    float own = 1.0f - smoothing + share;
    float total = 0.0f;
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *row = z + r * z_stride;
        ptrdiff_t class = (ptrdiff_t)t[r * t_stride];
        float shift = row_max(row, columns);
        vec sum = fill(0.0f);
        for (ptrdiff_t j = 0; j < columns; j += LANES) {
            vec e = shifted_exp(row, j, columns, shift);
            sum += e;
            if (g) store_row(g + r * g_stride, j, columns, g_stride, e);
        }
        float all = reduce(sum);
        total += log_one(all) + (shift - row[class]);
        if (smoothing > 0.0f) {
            // z_t less the mean that takes its place, difference by difference.
            for (ptrdiff_t j = 0; j < columns; j++) total += share * (row[class] - row[j]);
        }
        if (g) {
            float *d = g + r * g_stride;
            for (ptrdiff_t j = 0; j < columns; j++) d[j] = (d[j] / all - (j == class ? own : share)) * scale;
        }
    }
    return total;
}

static void log_clipped(const float *p, float *a, ptrdiff_t count) {
    EACH(i, count) store(a + i, log_16(max16(min16(load(p + i), fill(1.0f - 1e-7f)), fill(1e-7f))));
}
