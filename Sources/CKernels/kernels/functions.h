// exp, expm1, log, log1p, tanh, sigmoid and erf of sixteen floats. The polynomials are our own minimax fits (weighted
// least squares, iterated); the error bounds, in units in the last place of the float32 result, are tested over every
// exponent.

/// x = n ln 2 + r with n whole and |r| <= ln 2 / 2, for |x| <= 128.
typedef struct {
    ivec n;
    vec r;
} ln2_parts;

INLINE ln2_parts split_ln2(vec x) {
    // Adding 1.5 * 2^23 rounds to a whole number, which is then found in the last bits, on every CPU.
    const vec rounder = fill(12582912.0f);
    vec rounded = fma16(x, fill(1.44269504f), rounder);
    vec n = rounded - rounder;
    // ln 2 in two pieces, the first with so few bits that n times it is exact.
    vec r = fma16(n, fill(-0.693145752f), x);
    r = fma16(n, fill(-1.42860677e-6f), r);
    return (ln2_parts){(ivec)rounded - (ivec)rounder, r};
}

/// exp(r) - 1 for |r| <= ln 2 / 2, but for rounding within 0.23 * 2^-24 of itself.
INLINE vec expm1_near_zero(vec r) {
    vec p = fma16(fill(0.0013870319f), r, fill(0.008366256f));
    p = fma16(p, r, fill(0.04166744f));
    p = fma16(p, r, fill(0.16666546f));
    p = fma16(p, r, fill(0.49999997f));
    return fma16(r * r, p, r);
}

/// exp(x) - 1, within 1.5 ulp: infinity above 88.7, -1 far below zero, NaN for NaN.
INLINE vec expm1_16(vec x) {
    ln2_parts parts = split_ln2(max16(min16(x, fill(88.8f)), fill(-25.0f)));
    // 2^128 has no float, so the scale is 2^(n-1), and the result is doubled.
    vec half_scale = (vec)((parts.n + 126) << 23);
    vec y = fma16(half_scale, expm1_near_zero(parts.r), half_scale - fill(0.5f));
    return y + y;
}

/// The same for x <= 0, within 1 ulp and in fewer operations; for x > 0 anything.
INLINE vec expm1_below_zero(vec x) {
    x = max16(x, fill(-25.0f));
    const vec rounder = fill(12582912.0f);
    vec rounded = fma16(x, fill(1.44269504f), rounder);
    // One piece of ln 2 is enough: what it lacks grows with -n, but 2^n, its factor in the result, shrinks faster.
    vec r = fma16(rounded - rounder, fill(-0.693147181f), x);
    // The whole number is in the last bits; what is above them is shifted out.
    vec scale = (vec)(((ivec)rounded << 23) + (127 << 23));
    return fma16(scale, expm1_near_zero(r), scale - fill(1.0f));
}

/// The slope of an ELU from its output: y has the input's sign; below zero y = scale alpha (e^x - 1), so its slope
/// scale alpha e^x is y + scale alpha.
INLINE vec elu_slope(vec y, float alpha, float scale) {
    return select16(y > fill(0.0f), fill(scale), y + fill(scale * alpha));
}

/// exp(x), within 1 ulp: infinity above 88.7, 0 below -87.3 (where results would be denormal), NaN for NaN.
INLINE vec exp_16(vec x) {
    ln2_parts parts = split_ln2(x);
    // exp(r) lies between 0.7 and 1.42; the whole powers of two go into its exponent field.
    vec y = (vec)((ivec)(fill(1.0f) + expm1_near_zero(parts.r)) + (parts.n << 23));
    y = select16(x < fill(-87.3365402f), fill(0.0f), y);
    y = select16(x > fill(88.7228394f), fill(__builtin_inff()), y);
    return select16(x != x, x, y);
}

/// log(x), within 0.8 ulp: -infinity for 0 and denormals, NaN below 0 and for NaN, infinity for infinity.
INLINE vec log_16(vec x) {
    // x = 2^n (1 + f) with 1 + f from sqrt(1/2) to sqrt(2): the exponent field counts from the bits of sqrt(1/2).
    const int32_t root_half = 0x3f3504f3;
    ivec bits = (ivec)x - root_half;
    vec n = __builtin_convertvector(bits >> 23, vec);
    vec f = (vec)((bits & 0x007fffff) + root_half) - fill(1.0f);
    vec p = fma16(fill(0.06915578f), f, fill(-0.117887996f));
    p = fma16(p, f, fill(0.118723094f));
    p = fma16(p, f, fill(-0.123844944f));
    p = fma16(p, f, fill(0.1421878f));
    p = fma16(p, f, fill(-0.16669245f));
    p = fma16(p, f, fill(0.20002219f));
    p = fma16(p, f, fill(-0.24999987f));
    p = fma16(p, f, fill(0.3333331f));
    vec square = f * f;
    vec tail = fma16(square * f, p, n * fill(1.42860677e-6f));
    tail = fma16(fill(-0.5f), square, tail);
    vec y = fma16(n, fill(0.693145752f), f + tail);
    y = select16(x < fill(1.17549435e-38f), fill(-__builtin_inff()), y);
    y = select16(x < fill(0.0f), fill(__builtin_nanf("")), y);
    return select16((x == fill(__builtin_inff())) | (x != x), x, y);
}

/// log(1 + x), within 1.5 ulp, for x > -1.
INLINE vec log1p_16(vec x) {
    vec y = x + fill(1.0f);
    // What rounding took from 1 + x, put back to first order.
    vec correction = (x - (y - fill(1.0f))) / y;
    vec sum = log_16(y) + select16(y == fill(__builtin_inff()), fill(0.0f), correction);
    return sum;
}

/// tanh(x) = e / (e + 2) with e = exp(2|x|) - 1, and x's sign; within 2.5 ulp.
INLINE vec tanh_16(vec x) {
    // Beyond 10 the result is 1, and e must not become infinite.
    vec e = expm1_16(fill(2.0f) * min16(abs16(x), fill(10.0f)));
    return select16(x != x, x, copy_sign(e / (e + fill(2.0f)), x));
}

/// 1 / (1 + exp(-x)), as exp(x) / (1 + exp(x)) below zero; within 2.4 ulp.
INLINE vec sigmoid_16(vec x) {
    vec e = exp_16(-abs16(x));
    return select16(x < fill(0.0f), e, fill(1.0f)) / (fill(1.0f) + e);
}

/// log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|)), within 2 ulp.
INLINE vec softplus_16(vec x) { return max16(x, fill(0.0f)) + log1p_16(exp_16(-abs16(x))); }

/// erf(x) = -expm1(-|x| q(|x|)) with x's sign, where |x| q(|x|) is -log(erfc(|x|)); within 2 ulp.
INLINE vec erf_16(vec x) {
    vec t = min16(abs16(x), fill(3.95f));
    vec q = fma16(fill(1.1933147e-06f), t, fill(-2.135475e-05f));
    q = fma16(q, t, fill(0.00016748157f));
    q = fma16(q, t, fill(-0.0007406872f));
    q = fma16(q, t, fill(0.0017993553f));
    q = fma16(q, t, fill(-0.00025306197f));
    q = fma16(q, t, fill(-0.019117694f));
    q = fma16(q, t, fill(0.102771275f));
    q = fma16(q, t, fill(0.6366198f));
    // The slope at 0, 2 / sqrt(pi), in two pieces, so that the product with t is rounded once.
    q = fma16(q, t, fill(-5.86353834e-08f));
    vec product = fma16(t, fill(1.1283792f), t * q);
    return select16(x != x, x, copy_sign(expm1_16(-product), x));
}

#define ELEMENTWISE(name, function)                                      \
    static void name(const float *x, float *y, ptrdiff_t count) {        \
        for (ptrdiff_t i = 0; i < count; i += LANES) store(y + i, function(load(x + i))); \
    }

ELEMENTWISE(exp_all, exp_16)
ELEMENTWISE(expm1_all, expm1_16)
ELEMENTWISE(log_all, log_16)
ELEMENTWISE(log1p_all, log1p_16)
ELEMENTWISE(erf_all, erf_16)
