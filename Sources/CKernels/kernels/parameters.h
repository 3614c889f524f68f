// What is done to all parameters at once: penalties, norms, clipping and the optimizers' updates.

/// Of constants where it is inlined: an l1 of 0 costs nothing.
INLINE float penalty_loop(const float *w, float *g, ptrdiff_t count, float l1, float l2) {
    vec squares = fill(0.0f), sizes = fill(0.0f);
    EACH(i, count) {
        vec x = load(w + i);
        squares = fma16(x, x, squares);
        vec slope = fma16(fill(2.0f * l2), x, load(g + i));
        if (l1 != 0.0f) {
            sizes += abs16(x);
            slope += select16(x == fill(0.0f), fill(0.0f), copy_sign(fill(l1), x));
        }
        store(g + i, slope);
    }
    return l2 * reduce(squares) + (l1 != 0.0f ? l1 * reduce(sizes) : 0.0f);
}
static float penalty(const float *w, float *g, ptrdiff_t count, float l1, float l2) {
    return l1 == 0.0f ? penalty_loop(w, g, count, 0.0f, l2) : penalty_loop(w, g, count, l1, l2);
}

static float sum_of_squares(const float *v, ptrdiff_t count) {
    vec sum = fill(0.0f);
    EACH(i, count) {
        vec x = load(v + i);
        sum = fma16(x, x, sum);
    }
    return reduce(sum);
}

static void scale_all(float *v, ptrdiff_t count, float factor) { EACH(i, count) store(v + i, load(v + i) * fill(factor)); }

static void decay(float *v, ptrdiff_t count, float share) {
    EACH(i, count) {
        vec x = load(v + i);
        store(v + i, fma16(fill(-share), x, x));
    }
}

static void clip(float *v, ptrdiff_t count, float limit) {
    EACH(i, count) store(v + i, max16(min16(load(v + i), fill(limit)), fill(-limit)));
}

static void clip_negative(float *v, ptrdiff_t count) { EACH(i, count) store(v + i, max16(load(v + i), fill(0.0f))); }

static int all_within(const float *v, ptrdiff_t count, float limit) {
    // Without their signs floats are ordered as integers are, NaN above all.
    ivec outside = (ivec)0, bound = (ivec)fill(limit);
    EACH(i, count) outside |= ((ivec)load(v + i) & 0x7fffffff) > bound;
    return reduce_or(outside) == 0;
}

static void sgd(float *w, const float *g, ptrdiff_t count, float rate) {
    EACH(i, count) store(w + i, fma16(fill(-rate), load(g + i), load(w + i)));
}

static void sgd_momentum(float *w, const float *g, float *m, ptrdiff_t count, float rate, float momentum, int nesterov) {
    EACH(i, count) {
        vec change = fill(-rate) * load(g + i);
        vec velocity = fma16(fill(momentum), load(m + i), change);
        store(m + i, velocity);
        store(w + i, load(w + i) + (nesterov ? fma16(fill(momentum), velocity, change) : velocity));
    }
}

static void rmsprop(
    float *w, const float *g, float *v, float *m, ptrdiff_t count, float rate, float variance_rate, float momentum,
    float epsilon
) {
    EACH(i, count) {
        vec d = load(g + i);
        vec variance = load(v + i);
        variance = fma16(fma16(d, d, -variance), fill(variance_rate), variance);
        vec change = fill(rate) * d / sqrt16(variance + fill(epsilon));
        store(v + i, variance);
        if (momentum > 0.0f) {
            change = fma16(fill(momentum), load(m + i), change);
            store(m + i, change);
        }
        store(w + i, load(w + i) - change);
    }
}

static void adagrad(float *w, const float *g, float *v, ptrdiff_t count, float rate, float epsilon) {
    EACH(i, count) {
        vec d = load(g + i);
        vec sum = fma16(d, d, load(v + i));
        store(v + i, sum);
        store(w + i, load(w + i) - fill(rate) * d / sqrt16(sum + fill(epsilon)));
    }
}

static void adam(float *w, const float *g, float *m, float *v, ptrdiff_t count, ck_adam_step step) {
    EACH(i, count) {
        vec d = load(g + i), moment = load(m + i), variance = load(v + i);
        moment = fma16(d - moment, fill(step.moment_rate), moment);
        variance = fma16(fma16(d, d, -variance), fill(step.variance_rate), variance);
        store(m + i, moment);
        store(v + i, variance);
        store(w + i, load(w + i) - fill(step.rate) * moment / (sqrt16(variance) + fill(step.epsilon)));
    }
}

static void nadam(float *w, const float *g, float *m, float *v, ptrdiff_t count, ck_adam_step step) {
    EACH(i, count) {
        vec d = load(g + i), moment = load(m + i), variance = load(v + i);
        moment = fma16(d - moment, fill(step.moment_rate), moment);
        variance = fma16(fma16(d, d, -variance), fill(step.variance_rate), variance);
        store(m + i, moment);
        store(v + i, variance);
        vec ahead = fma16(fill(step.moment_factor), moment, fill(step.gradient_factor) * d);
        vec root = sqrt16(variance * fill(step.variance_factor)) + fill(step.epsilon);
        store(w + i, load(w + i) - fill(step.rate) * ahead / root);
    }
}
