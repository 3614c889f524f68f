// Products of matrices. Every element is a sum over the depth in order, so how the work is tiled changes no bit.

// A tile of TILE_ROWS x TILE_VECTORS accumulators fills the registers: 8 x 3 of 32 with AVX-512; without it a vec is two
// or four registers of sixteen.
#ifndef TILE_ROWS
#define TILE_ROWS 4
#define TILE_VECTORS 1
#endif

/// One tile of `rows` x `vectors`: both constants where it is inlined, so that the accumulators are registers.
INLINE void multiply_tile(
    int rows, int vectors, ptrdiff_t depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_depth, const float *b,
    ptrdiff_t b_stride, const float *start, float *c, ptrdiff_t c_stride
) {
    vec sums[TILE_ROWS][TILE_VECTORS];
    for (int j = 0; j < vectors; j++) {
        vec first = start ? load(start + j * LANES) : fill(0.0f);
        for (int i = 0; i < rows; i++) sums[i][j] = first;
    }
    for (ptrdiff_t p = 0; p < depth; p++) {
        vec right[TILE_VECTORS];
        for (int j = 0; j < vectors; j++) right[j] = load(b + p * b_stride + j * LANES);
        for (int i = 0; i < rows; i++) {
            vec left = fill(a[i * a_row + p * a_depth]);
            for (int j = 0; j < vectors; j++) sums[i][j] = fma16(left, right[j], sums[i][j]);
        }
    }
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < vectors; j++) store(c + i * c_stride + j * LANES, sums[i][j]);
    }
}

/// All rows of a panel of `vectors` vectors.
INLINE void multiply_panel(
    int vectors, ptrdiff_t rows, ptrdiff_t depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_depth, const float *b,
    ptrdiff_t b_stride, const float *start, float *c, ptrdiff_t c_stride
) {
    ptrdiff_t i = 0;
    for (; i + TILE_ROWS <= rows; i += TILE_ROWS) {
        multiply_tile(
            TILE_ROWS, vectors, depth, a + i * a_row, a_row, a_depth, b, b_stride, start, c + i * c_stride, c_stride);
    }
    for (; i < rows; i++) {
        multiply_tile(1, vectors, depth, a + i * a_row, a_row, a_depth, b, b_stride, start, c + i * c_stride, c_stride);
    }
}

static void multiply(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_depth,
    const float *b, ptrdiff_t b_stride, const float *start, float *c, ptrdiff_t c_stride
) {
    for (ptrdiff_t j = 0; j < columns;) {
        const float *first = start ? start + j : NULL;
        ptrdiff_t left = (columns - j) / LANES;
#if TILE_VECTORS >= 3
        if (left >= 3) {
            multiply_panel(3, rows, depth, a, a_row, a_depth, b + j, b_stride, first, c + j, c_stride);
            j += 3 * LANES;
            continue;
        }
#endif
#if TILE_VECTORS >= 2
        if (left >= 2) {
            multiply_panel(2, rows, depth, a, a_row, a_depth, b + j, b_stride, first, c + j, c_stride);
            j += 2 * LANES;
            continue;
        }
#endif
        (void)left;
        multiply_panel(1, rows, depth, a, a_row, a_depth, b + j, b_stride, first, c + j, c_stride);
        j += LANES;
    }
}

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

static void transpose(
    const float *m, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, float *t, ptrdiff_t t_stride
) {
    for (ptrdiff_t j = 0; j < columns; j += LANES) {
        ptrdiff_t width = columns - j < LANES ? columns - j : LANES;
        for (ptrdiff_t i = 0; i < rows; i += LANES) {
            ptrdiff_t height = rows - i < LANES ? rows - i : LANES;
            if (width == LANES && height == LANES) {
                vec square[LANES];
                for (int k = 0; k < LANES; k++) square[k] = load(m + (i + k) * stride + j);
                transpose_square(square);
                for (int k = 0; k < LANES; k++) store(t + (j + k) * t_stride + i, square[k]);
            } else {
                for (ptrdiff_t k = 0; k < width; k++) {
                    for (ptrdiff_t l = 0; l < height; l++) t[(j + k) * t_stride + i + l] = m[(i + l) * stride + j + k];
                }
            }
        }
    }
    // The gaps are read as numbers: what an earlier, wider kernel left there would leak into gradients.
    for (ptrdiff_t j = 0; j < columns; j++) {
        for (ptrdiff_t i = rows; i < t_stride; i++) t[j * t_stride + i] = 0.0f;
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

/// `units` and whether there is `a` are constants where it is inlined: the sum is then written out, and one vector of
/// each row of weights stays in a register.
INLINE void narrow_backward_input_of(
    ptrdiff_t units, const float *dz, ptrdiff_t dz_stride, ptrdiff_t rows, const float *kernel, ptrdiff_t inputs,
    float *dx, ptrdiff_t dx_stride, const float *a, float alpha, float scale
) {
    for (ptrdiff_t i = 0; i < inputs; i += LANES) {
        for (ptrdiff_t r = 0; r < rows; r++) {
            const float *d = dz + r * dz_stride;
            vec sum = fill(d[0]) * load(kernel + i);
            for (ptrdiff_t o = 1; o < units; o++) sum = fma16(fill(d[o]), load(kernel + o * inputs + i), sum);
            if (a) sum *= elu_slope(load(a + r * dx_stride + i), alpha, scale);
            store(dx + r * dx_stride + i, sum);
        }
    }
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
