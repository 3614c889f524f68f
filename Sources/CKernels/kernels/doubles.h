// What is computed in double: so many numbers at a time that one series need not wait for the other. Additions, products and
// divisions alone, each rounded as everywhere.

enum { DOUBLES = 32 };
typedef double dvec __attribute__((ext_vector_type(DOUBLES)));
typedef int64_t lvec __attribute__((ext_vector_type(DOUBLES)));

/// e to each of the powers, which are from -600 to 600.
INLINE dvec exp_of_doubles(dvec x) {
    const double ln2 = 0.6931471805599453;
    // Numbers from here on are whole, and the last bits are the number's, so adding this rounds to the nearest, half to even.
    const double magic = 0x1.8p52;
    dvec quotient = x / ln2;
    dvec n = (quotient + magic) - magic;
    // Half goes away from 0 instead. A comparison is -1 where it holds.
    dvec rest = quotient - n;
    n -= __builtin_convertvector((rest == 0.5) & (quotient > 0.0), dvec);
    n += __builtin_convertvector((rest == -0.5) & (quotient < 0.0), dvec);
    dvec r = x - n * ln2;
    // |r| <= 0.35: 17 terms of the series reach 1e-19.
    dvec sum = 1.0;
#pragma clang loop unroll(full)
    for (int k = 17; k >= 1; k--) {
        // A power of 2 has an exact inverse, and multiplying is faster.
        sum = 1.0 + ((k & (k - 1)) == 0 ? sum * r * (1.0 / k) : sum * r / (double)k);
    }
    return sum * (dvec)(((lvec)(n + magic) + 1023) << 52);
}

static void exp_doubles(const double *x, double *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i += DOUBLES) {
        size_t size = sizeof *x * (size_t)(count - i < DOUBLES ? count - i : DOUBLES);
        dvec part = 0.0;
        memcpy(&part, x + i, size);
        part = exp_of_doubles(part);
        memcpy(y + i, &part, size);
    }
}
