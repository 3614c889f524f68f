// Activations, forward beside backward. The last lines of each give f and f'.

#define EACH(i, count) for (ptrdiff_t i = 0; i < (count); i += LANES)

static void relu(const float *z, float *a, ptrdiff_t count) {
    EACH(i, count) store(a + i, max16(load(z + i), fill(0.0f)));
}
static void relu_backward(const float *a, float *g, ptrdiff_t count) {
    EACH(i, count) store(g + i, select16(load(a + i) > fill(0.0f), load(g + i), fill(0.0f)));
}

static void leaky_relu(const float *z, float *a, ptrdiff_t count, float slope) {
    EACH(i, count) {
        vec x = load(z + i);
        store(a + i, select16(x < fill(0.0f), x * fill(slope), x));
    }
}
static void leaky_relu_backward(const float *z, float *g, ptrdiff_t count, float slope) {
    EACH(i, count) {
        vec d = load(g + i);
        store(g + i, select16(load(z + i) > fill(0.0f), d, d * fill(slope)));
    }
}

/// Of constants where it is inlined: ELU's alpha and scale of 1 cost nothing.
INLINE void elu_loop(const float *z, float *a, ptrdiff_t count, float alpha, float scale) {
    EACH(i, count) {
        vec x = load(z + i);
        vec below = fill(scale * alpha) * expm1_below_zero(x);
        store(a + i, select16(x > fill(0.0f), x * fill(scale), below));
    }
}
static void elu(const float *z, float *a, ptrdiff_t count, float alpha, float scale) {
    if (alpha == 1.0f && scale == 1.0f) elu_loop(z, a, count, 1.0f, 1.0f);
    else elu_loop(z, a, count, alpha, scale);
}
static void elu_backward(const float *a, float *g, ptrdiff_t count, float alpha, float scale) {
    EACH(i, count) store(g + i, load(g + i) * elu_slope(load(a + i), alpha, scale));
}

static void gelu(const float *z, float *a, ptrdiff_t count) {
    EACH(i, count) {
        vec x = load(z + i);
        store(a + i, fill(0.5f) * x * (fill(1.0f) + erf_16(x * fill(0.707106781f))));
    }
}
static void gelu_backward(const float *z, float *g, ptrdiff_t count) {
    // x Phi(x) has slope Phi(x) + x phi(x), phi(x) = exp(-x^2 / 2) / sqrt(2 pi).
    EACH(i, count) {
        vec x = load(z + i);
        vec cumulative = fill(0.5f) * (fill(1.0f) + erf_16(x * fill(0.707106781f)));
        vec density = fill(0.398942280f) * exp_16(fill(-0.5f) * x * x);
        store(g + i, load(g + i) * fma16(x, density, cumulative));
    }
}

static void silu(const float *z, float *a, ptrdiff_t count) {
    EACH(i, count) {
        vec x = load(z + i);
        store(a + i, x * sigmoid_16(x));
    }
}
static void silu_backward(const float *z, float *g, ptrdiff_t count) {
    // x s(x) has slope s (1 + x (1 - s)).
    EACH(i, count) {
        vec x = load(z + i);
        vec s = sigmoid_16(x);
        store(g + i, load(g + i) * s * fma16(x, fill(1.0f) - s, fill(1.0f)));
    }
}

/// With e = exp(x): tanh(log(1 + e)) = n / (n + 2), n = e (e + 2). From 20 on it is 1 in float, and e^2 is still finite.
INLINE vec mish_n(vec x) {
    vec e = exp_16(min16(x, fill(20.0f)));
    return e * (e + fill(2.0f));
}
static void mish(const float *z, float *a, ptrdiff_t count) {
    EACH(i, count) {
        vec x = load(z + i);
        vec n = mish_n(x);
        store(a + i, x * (n / (n + fill(2.0f))));
    }
}
static void mish_backward(const float *z, float *g, ptrdiff_t count) {
    // x t(x) with t = tanh(softplus(x)) has slope t + x s (1 - t) (1 + t), s = sigmoid(x), 1 - t = 2 / (n + 2).
    EACH(i, count) {
        vec x = load(z + i);
        vec n = mish_n(x);
        vec rest = fill(2.0f) / (n + fill(2.0f));
        vec t = n / (n + fill(2.0f));
        store(g + i, load(g + i) * fma16(x * sigmoid_16(x), rest * (fill(1.0f) + t), t));
    }
}

ELEMENTWISE(softplus, softplus_16)
static void softplus_backward(const float *z, float *g, ptrdiff_t count) {
    EACH(i, count) store(g + i, load(g + i) * sigmoid_16(load(z + i)));
}

ELEMENTWISE(tanh_all, tanh_16)
static void tanh_backward(const float *a, float *g, ptrdiff_t count) {
    EACH(i, count) {
        vec y = load(a + i);
        store(g + i, load(g + i) * fma16(-y, y, fill(1.0f)));
    }
}

ELEMENTWISE(sigmoid_all, sigmoid_16)
static void sigmoid_backward(const float *a, float *g, ptrdiff_t count) {
    EACH(i, count) {
        vec y = load(a + i);
        store(g + i, load(g + i) * y * (fill(1.0f) - y));
    }
}

/// The greatest of the first `columns` floats.
INLINE float row_max(const float *row, ptrdiff_t columns) {
    float greatest = row[0];
    for (ptrdiff_t j = 1; j < columns; j++) greatest = row[j] > greatest ? row[j] : greatest;
    return greatest;
}

/// `exp(row[j] - shift)` for lanes below `columns`, zero behind them.
INLINE vec shifted_exp(const float *row, ptrdiff_t j, ptrdiff_t columns, float shift) {
    if (j + LANES <= columns) return exp_16(load(row + j) - fill(shift));
    return keep_part(exp_16(load_part(row + j, columns - j) - fill(shift)), columns - j);
}

INLINE void store_row(float *row, ptrdiff_t j, ptrdiff_t columns, ptrdiff_t stride, vec v) {
    if (j + LANES <= stride) store(row + j, v);
    else store_part(row + j, v, (columns < stride ? columns : stride) - j);
}

static void softmax(const float *z, float *a, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *in = z + r * stride;
        float *out = a + r * stride;
        float shift = row_max(in, columns);
        vec sum = fill(0.0f);
        for (ptrdiff_t j = 0; j < columns; j += LANES) {
            vec e = shifted_exp(in, j, columns, shift);
            sum += e;
            store_row(out, j, columns, stride, e);
        }
        float total = reduce(sum);
        for (ptrdiff_t j = 0; j < columns; j++) out[j] = out[j] / total;
    }
}
static void softmax_backward(const float *a, float *g, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride) {
    // dz_j = a_j (g_j - sum over k of g_k a_k).
    for (ptrdiff_t r = 0; r < rows; r++) {
        const float *y = a + r * stride;
        float *d = g + r * stride;
        float dot = 0.0f;
        for (ptrdiff_t j = 0; j < columns; j++) dot = __builtin_fmaf(d[j], y[j], dot);
        for (ptrdiff_t j = 0; j < columns; j++) d[j] = y[j] * (d[j] - dot);
    }
}
