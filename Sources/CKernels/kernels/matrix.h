// Sums of columns, and the products of narrow layers.

static void column_sums(const float *m, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, float *sums) {
    // Two vectors of columns at once, so that one sum need not wait for the other.
    ptrdiff_t j = 0;
    for (; j + 2 * LANES <= columns; j += 2 * LANES) {
        vec first = fill(0.0f), second = fill(0.0f);
        for (ptrdiff_t i = 0; i < rows; i++) {
            first += load(m + i * stride + j);
            second += load(m + i * stride + j + LANES);
        }
        store(sums + j, first);
        store(sums + j + LANES, second);
    }
    if (j < columns) {
        vec sum = fill(0.0f);
        for (ptrdiff_t i = 0; i < rows; i++) sum += load(m + i * stride + j);
        store(sums + j, sum);
    }
}

static void narrow_forward(
    const float *x, ptrdiff_t x_stride, ptrdiff_t rows, ptrdiff_t inputs, const float *kernel, const float *bias,
    ptrdiff_t units, float *z, ptrdiff_t z_stride
) {
    for (ptrdiff_t o = 0; o < units; o++) {
        const float *weights = kernel + o * inputs;
        ptrdiff_t r = 0;
        for (; r + LANES <= rows; r += LANES) {
            vec sums[LANES];
            for (int k = 0; k < LANES; k++) sums[k] = fill(0.0f);
            for (ptrdiff_t i = 0; i < inputs; i += LANES) {
                vec weight = load(weights + i);
                for (int k = 0; k < LANES; k++) sums[k] = fma16(load(x + (r + k) * x_stride + i), weight, sums[k]);
            }
            vec result = reduce_each(sums) + fill(bias[o]);
            if (z_stride == 1) store(z + r, result);
            else for (int k = 0; k < LANES; k++) z[(r + k) * z_stride + o] = result[k];
        }
        for (; r < rows; r++) {
            vec sum = fill(0.0f);
            for (ptrdiff_t i = 0; i < inputs; i += LANES) {
                sum = fma16(load(x + r * x_stride + i), load(weights + i), sum);
            }
            z[r * z_stride + o] = reduce(sum) + bias[o];
        }
    }
}

static void narrow_backward(
    const float *x, ptrdiff_t x_stride, ptrdiff_t rows, ptrdiff_t inputs, const float *dz, ptrdiff_t dz_stride,
    ptrdiff_t units, float *kernel_gradient, float *bias_gradient
) {
    // Row r goes to sum r % 4: four sums that do not wait for one another.
    for (ptrdiff_t o = 0; o < units; o++) {
        for (ptrdiff_t i = 0; i < inputs; i += LANES) {
            vec sums[4] = {fill(0.0f), fill(0.0f), fill(0.0f), fill(0.0f)};
            ptrdiff_t r = 0;
            for (; r + 4 <= rows; r += 4) {
                for (int k = 0; k < 4; k++) {
                    sums[k] = fma16(fill(dz[(r + k) * dz_stride + o]), load(x + (r + k) * x_stride + i), sums[k]);
                }
            }
            for (int k = 0; k < 3; k++) {
                if (r + k < rows) sums[k] = fma16(fill(dz[(r + k) * dz_stride + o]), load(x + (r + k) * x_stride + i), sums[k]);
            }
            store(kernel_gradient + o * inputs + i, (sums[0] + sums[1]) + (sums[2] + sums[3]));
        }
        float sums[4] = {0.0f, 0.0f, 0.0f, 0.0f};
        ptrdiff_t r = 0;
        for (; r + 4 <= rows; r += 4) {
            for (int k = 0; k < 4; k++) sums[k] += dz[(r + k) * dz_stride + o];
        }
        for (int k = 0; k < 3; k++) {
            if (r + k < rows) sums[k] += dz[(r + k) * dz_stride + o];
        }
        bias_gradient[o] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    }
}

/// A vector of dx; `d`, `kernel` and `a` are where its row and columns begin.
INLINE vec narrow_input_gradient(
    ptrdiff_t units, const float *d, const float *kernel, ptrdiff_t inputs, const float *a, float alpha, float scale
) {
    vec sum = fill(d[0]) * load(kernel);
    for (ptrdiff_t o = 1; o < units; o++) sum = fma16(fill(d[o]), load(kernel + o * inputs), sum);
    return a ? sum * elu_slope(load(a), alpha, scale) : sum;
}

/// `units` and whether there is `a` are constants where it is inlined: the sum is then written out. Where rows are short
/// one vector of each row of weights stays in a register; long ones are written from end to end, for the vectors below
/// one another would push each other out of the cache.
INLINE void narrow_backward_input_of(
    ptrdiff_t units, const float *dz, ptrdiff_t dz_stride, ptrdiff_t rows, const float *kernel, ptrdiff_t inputs,
    float *dx, ptrdiff_t dx_stride, const float *a, float alpha, float scale
) {
#define STORE(r, i) \
    store(dx + (r) * dx_stride + (i), narrow_input_gradient( \
        units, dz + (r) * dz_stride, kernel + (i), inputs, a ? a + (r) * dx_stride + (i) : NULL, alpha, scale))
    if (inputs <= 8 * LANES) {
        for (ptrdiff_t i = 0; i < inputs; i += LANES) for (ptrdiff_t r = 0; r < rows; r++) STORE(r, i);
    } else {
        for (ptrdiff_t r = 0; r < rows; r++) for (ptrdiff_t i = 0; i < inputs; i += LANES) STORE(r, i);
    }
#undef STORE
}

static void narrow_backward_input(
    const float *dz, ptrdiff_t dz_stride, ptrdiff_t rows, ptrdiff_t units, const float *kernel, ptrdiff_t inputs,
    float *dx, ptrdiff_t dx_stride, const float *a, float alpha, float scale
) {
#define OF(units, a) narrow_backward_input_of(units, dz, dz_stride, rows, kernel, inputs, dx, dx_stride, a, alpha, scale)
    if (a) {
        if (units == 1) OF(1, a);
        else OF(units, a);
    } else {
        if (units == 1) OF(1, NULL);
        else OF(units, NULL);
    }
#undef OF
}
