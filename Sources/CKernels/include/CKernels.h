#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The vector arithmetic of training: pure functions over float32 arrays, chosen once at start for this CPU.
///
/// Promises. Every level (x86-64-v4, v3, baseline, NEON) gives the same bits: one source is compiled for each, products
/// are added by explicit fused multiply-adds, every reduction has the same fixed shape of 16 lanes, and no function of
/// libm takes part. Nothing is allocated. No result depends on how the work is cut into tiles.
///
/// Layout. A matrix is stored row by row, rows `stride` floats apart. "Padded" counts are rounded up to CK_LANES; the
/// lanes between the true and the padded count hold zeros wherever a kernel may read them.

/// Floats in a vector, on every CPU.
#define CK_LANES 16

/// A product whose sums have no more terms than these is shared, and written, along the rows of its result.
#define CK_FEW_TERMS 32

/// Numbers of one Adam-like update step, computed once a step in double and rounded.
typedef struct {
    /// 1 - beta_1 and 1 - beta_2: how far the moments move towards the gradient and its square.
    float moment_rate, variance_rate;
    /// The step size (bias correction included where the rule folds it in).
    float rate;
    float epsilon;
    /// Nadam: factors of the first moment and of the gradient, and of the second moment.
    float moment_factor, gradient_factor, variance_factor;
} ck_adam_step;

/// The rows that end in a stretch of a table's text: line feeds outside of quotes, if all quotes are around cells.
typedef struct {
    /// How many there are.
    ptrdiff_t count;
    /// Where the first of them ends and where the last does; 0 without any.
    ptrdiff_t first_end, last_end;
    /// Whether a quote that opens stands where no cell can begin.
    bool has_stray_quotes;
} ck_text_rows;

/// What a stretch of a table's text holds.
typedef struct {
    /// The rows that end in it, if it begins outside of quotes, and if it begins inside.
    ck_text_rows outside, inside;
    /// Double quotes.
    ptrdiff_t quotes;
    /// Whether there is a byte of 128 or more, and whether there is a zero byte.
    bool has_non_ascii, has_zeros;
} ck_text_survey;

/// Whole rows of a table, as text.
typedef struct {
    const uint8_t *_Nonnull bytes;
    ptrdiff_t count;
    /// What separates cells.
    uint8_t delimiter;
    /// For each column its place in a row of numbers, -1 where it is skipped.
    const int32_t *_Nonnull slots;
    ptrdiff_t columns;
    /// Numbers in a row.
    ptrdiff_t width;
} ck_table_text;

/// A place in such text.
typedef struct {
    /// Where a cell begins, and where its row does.
    ptrdiff_t position, row_start;
    /// The column that it is in, and the number of rows before its own.
    ptrdiff_t column, row;
} ck_table_place;

/// A cell that is to be a number, and is none or takes another way to say which float is nearest.
typedef struct {
    /// Where it begins.
    ptrdiff_t position;
    ptrdiff_t row, slot;
} ck_odd_cell;

/// What was seen in a column.
typedef struct {
    /// Unquoted whole numbers of two digits or more that begin with 0.
    ptrdiff_t leading_zeros;
    /// Cells that are text, told by how they begin, and where the first of them does.
    ptrdiff_t texts, first_text;
} ck_column_tally;

/// What is read from a table.
typedef struct {
    /// The number at (row, slot) goes to output[row * width + slot]: the nearest float, ties to even; NaN for a text.
    float *_Nonnull output;
    /// One for each slot, to be added to.
    ck_column_tally *_Nonnull tallies;
    /// The odd cells, and how many there are and may be.
    ck_odd_cell *_Nonnull odd;
    ptrdiff_t odd_count, most_odd;
} ck_numbers;

typedef struct {
    /// "x86-64-v4", "x86-64-v3", "baseline" or "neon".
    const char *_Nonnull level;

    // Matrices

    /// c[i][j] = start[j] + sum over p, in order, of a(i, p) * b(p, j); a(i, p) lies at a[i * a_row + p * a_depth], b(p, j)
    /// at b[p * b_depth + j * b_column]. `start` NULL means zero.
    ///
    /// Where `b_column` is 1, `columns` is padded. Else b lies transposed: `b_depth` is 1, rows of it are read on to whole
    /// vectors, and the gap behind `columns` in c becomes start + zero.
    void (*_Nonnull multiply)(
        ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const float *_Nonnull a, ptrdiff_t a_row, ptrdiff_t a_depth,
        const float *_Nonnull b, ptrdiff_t b_depth, ptrdiff_t b_column, const float *_Nullable start,
        float *_Nonnull c, ptrdiff_t c_stride);
    /// sums[j] = sum over the rows, in order, of m[i][j]; `columns` is padded.
    void (*_Nonnull column_sums)(
        const float *_Nonnull m, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, float *_Nonnull sums);

    // Narrow layers: few units, whose kernel is stored transposed, kernel[unit][input], so that lanes run along the
    // inputs. `inputs` is padded.

    /// z[r][o] = bias[o] + sum over i of x[r][i] * kernel[o][i], summed in 16 lanes.
    void (*_Nonnull narrow_forward)(
        const float *_Nonnull x, ptrdiff_t x_stride, ptrdiff_t rows, ptrdiff_t inputs, const float *_Nonnull kernel,
        const float *_Nonnull bias, ptrdiff_t units, float *_Nonnull z, ptrdiff_t z_stride);
    /// kernel_gradient[o][i] = sum over r of dz[r][o] * x[r][i]; bias_gradient[o] = sum over r of dz[r][o].
    void (*_Nonnull narrow_backward)(
        const float *_Nonnull x, ptrdiff_t x_stride, ptrdiff_t rows, ptrdiff_t inputs, const float *_Nonnull dz,
        ptrdiff_t dz_stride, ptrdiff_t units, float *_Nonnull kernel_gradient, float *_Nonnull bias_gradient);
    /// dx[r][i] = sum over o of dz[r][o] * kernel[o][i]; where x = `a` came out of an ELU of that alpha and scale, times
    /// its slope. `a` NULL means that it did not; its rows lie as those of dx.
    void (*_Nonnull narrow_backward_input)(
        const float *_Nonnull dz, ptrdiff_t dz_stride, ptrdiff_t rows, ptrdiff_t units, const float *_Nonnull kernel,
        ptrdiff_t inputs, float *_Nonnull dx, ptrdiff_t dx_stride, const float *_Nullable a, float alpha, float scale);

    // Activations: a = f(z), and in place g = dL/da to dL/dz. `count` is padded.

    void (*_Nonnull relu)(const float *_Nonnull z, float *_Nonnull a, ptrdiff_t count);
    void (*_Nonnull relu_backward)(const float *_Nonnull a, float *_Nonnull g, ptrdiff_t count);
    void (*_Nonnull leaky_relu)(const float *_Nonnull z, float *_Nonnull a, ptrdiff_t count, float slope);
    void (*_Nonnull leaky_relu_backward)(const float *_Nonnull z, float *_Nonnull g, ptrdiff_t count, float slope);
    /// scale * (z where z > 0, else alpha * (exp(z) - 1)): ELU with scale 1, SELU with its own two numbers.
    void (*_Nonnull elu)(const float *_Nonnull z, float *_Nonnull a, ptrdiff_t count, float alpha, float scale);
    void (*_Nonnull elu_backward)(
        const float *_Nonnull a, float *_Nonnull g, ptrdiff_t count, float alpha, float scale);
    void (*_Nonnull gelu)(const float *_Nonnull z, float *_Nonnull a, ptrdiff_t count);
    void (*_Nonnull gelu_backward)(const float *_Nonnull z, float *_Nonnull g, ptrdiff_t count);
    void (*_Nonnull silu)(const float *_Nonnull z, float *_Nonnull a, ptrdiff_t count);
    void (*_Nonnull silu_backward)(const float *_Nonnull z, float *_Nonnull g, ptrdiff_t count);
    void (*_Nonnull mish)(const float *_Nonnull z, float *_Nonnull a, ptrdiff_t count);
    void (*_Nonnull mish_backward)(const float *_Nonnull z, float *_Nonnull g, ptrdiff_t count);
    void (*_Nonnull softplus)(const float *_Nonnull z, float *_Nonnull a, ptrdiff_t count);
    void (*_Nonnull softplus_backward)(const float *_Nonnull z, float *_Nonnull g, ptrdiff_t count);
    void (*_Nonnull tanh)(const float *_Nonnull z, float *_Nonnull a, ptrdiff_t count);
    void (*_Nonnull tanh_backward)(const float *_Nonnull a, float *_Nonnull g, ptrdiff_t count);
    void (*_Nonnull sigmoid)(const float *_Nonnull z, float *_Nonnull a, ptrdiff_t count);
    void (*_Nonnull sigmoid_backward)(const float *_Nonnull a, float *_Nonnull g, ptrdiff_t count);
    /// Row by row; lanes behind `columns` become zero.
    void (*_Nonnull softmax)(
        const float *_Nonnull z, float *_Nonnull a, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride);
    void (*_Nonnull softmax_backward)(
        const float *_Nonnull a, float *_Nonnull g, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t stride);

    // Losses: the sum over all elements, and in `g`, unless NULL, its gradient times `scale`.

    float (*_Nonnull squared_error)(
        const float *_Nonnull p, ptrdiff_t p_stride, const float *_Nonnull t, ptrdiff_t t_stride, ptrdiff_t rows,
        ptrdiff_t columns, float *_Nullable g, ptrdiff_t g_stride, float scale);
    float (*_Nonnull absolute_error)(
        const float *_Nonnull p, ptrdiff_t p_stride, const float *_Nonnull t, ptrdiff_t t_stride, ptrdiff_t rows,
        ptrdiff_t columns, float *_Nullable g, ptrdiff_t g_stride, float scale);
    /// Quadratic up to an error of 1, linear beyond.
    float (*_Nonnull huber)(
        const float *_Nonnull p, ptrdiff_t p_stride, const float *_Nonnull t, ptrdiff_t t_stride, ptrdiff_t rows,
        ptrdiff_t columns, float *_Nullable g, ptrdiff_t g_stride, float scale);
    float (*_Nonnull log_cosh)(
        const float *_Nonnull p, ptrdiff_t p_stride, const float *_Nonnull t, ptrdiff_t t_stride, ptrdiff_t rows,
        ptrdiff_t columns, float *_Nullable g, ptrdiff_t g_stride, float scale);
    /// From probabilities, clipped to 1e-7 ... 1 - 1e-7.
    float (*_Nonnull binary_crossentropy)(
        const float *_Nonnull p, ptrdiff_t p_stride, const float *_Nonnull t, ptrdiff_t t_stride, ptrdiff_t rows,
        ptrdiff_t columns, float *_Nullable g, ptrdiff_t g_stride, float scale);
    /// From what goes into the sigmoid: finite for every finite input.
    float (*_Nonnull binary_crossentropy_logits)(
        const float *_Nonnull z, ptrdiff_t z_stride, const float *_Nonnull t, ptrdiff_t t_stride, ptrdiff_t rows,
        ptrdiff_t columns, float *_Nullable g, ptrdiff_t g_stride, float scale);
    /// From what goes into the softmax; `t` has one class number a row, `t_stride` floats apart. `smoothing` of each row's
    /// weight is shared by all classes.
    float (*_Nonnull categorical_crossentropy_logits)(
        const float *_Nonnull z, ptrdiff_t z_stride, const float *_Nonnull t, ptrdiff_t t_stride, ptrdiff_t rows,
        ptrdiff_t columns, float smoothing, float *_Nullable g, ptrdiff_t g_stride, float scale);
    /// a[i] = log of p[i] clipped to 1e-7 ... 1 - 1e-7. `count` is padded.
    void (*_Nonnull log_clipped)(const float *_Nonnull p, float *_Nonnull a, ptrdiff_t count);

    // Parameters: `count` is padded.

    /// l1 * sum |w| + l2 * sum w^2; adds its gradient to g.
    float (*_Nonnull penalty)(const float *_Nonnull w, float *_Nonnull g, ptrdiff_t count, float l1, float l2);
    /// The sum of squares.
    float (*_Nonnull sum_of_squares)(const float *_Nonnull v, ptrdiff_t count);
    void (*_Nonnull scale)(float *_Nonnull v, ptrdiff_t count, float factor);
    /// v less `share` of itself; the share may be far below the precision of 1 - share.
    void (*_Nonnull decay)(float *_Nonnull v, ptrdiff_t count, float share);
    /// v cut to -limit...limit.
    void (*_Nonnull clip)(float *_Nonnull v, ptrdiff_t count, float limit);
    /// v cut to 0 and more.
    void (*_Nonnull clip_negative)(float *_Nonnull v, ptrdiff_t count);
    /// 1 where every float lies within -limit...limit, else 0; NaN does not.
    int (*_Nonnull all_within)(const float *_Nonnull v, ptrdiff_t count, float limit);

    // Optimizers: w are the parameters, g the gradient, the rest moments. `count` is padded.

    void (*_Nonnull sgd)(float *_Nonnull w, const float *_Nonnull g, ptrdiff_t count, float rate);
    void (*_Nonnull sgd_momentum)(
        float *_Nonnull w, const float *_Nonnull g, float *_Nonnull m, ptrdiff_t count, float rate, float momentum,
        int nesterov);
    void (*_Nonnull rmsprop)(
        float *_Nonnull w, const float *_Nonnull g, float *_Nonnull v, float *_Nonnull m, ptrdiff_t count, float rate,
        float variance_rate, float momentum, float epsilon);
    void (*_Nonnull adagrad)(
        float *_Nonnull w, const float *_Nonnull g, float *_Nonnull v, ptrdiff_t count, float rate, float epsilon);
    void (*_Nonnull adam)(
        float *_Nonnull w, const float *_Nonnull g, float *_Nonnull m, float *_Nonnull v, ptrdiff_t count,
        ck_adam_step step);
    void (*_Nonnull nadam)(
        float *_Nonnull w, const float *_Nonnull g, float *_Nonnull m, float *_Nonnull v, ptrdiff_t count,
        ck_adam_step step);

    // Batches

    /// `count` row numbers below `rows`, from Philox4x32-10 with counters (i / 4, step, epoch, 0), i-th word scaled
    /// by multiplication: (word * rows) >> 32. `indices` has room for `count` rounded up to 64.
    void (*_Nonnull draw_rows)(
        uint32_t key_0, uint32_t key_1, uint32_t epoch, uint32_t step, uint32_t rows, int32_t *_Nonnull indices,
        ptrdiff_t count);
    /// to[i][0 ..< columns] = from[indices[i]][0 ..< columns]; the rest of each row of `to` is left alone.
    void (*_Nonnull gather)(
        const float *_Nonnull from, ptrdiff_t columns, const int32_t *_Nonnull indices, ptrdiff_t rows,
        float *_Nonnull to, ptrdiff_t to_stride);
    /// v times the dropout mask: kept and scaled by `keep_factor` where the element's Philox word (counters
    /// (block, step low, step high, layer), elements numbered i * columns + j) is `threshold` or more, else 0.
    void (*_Nonnull dropout)(
        float *_Nonnull v, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t columns, uint32_t key_0, uint32_t key_1,
        uint64_t step, uint32_t layer, uint32_t threshold, float keep_factor);

    // Doubles

    /// y[i] = e to the power of x[i], from -600 to 600, by a series of 17 terms: accurate to about 1e-15.
    void (*_Nonnull exp_doubles)(const double *_Nonnull x, double *_Nonnull y, ptrdiff_t count);

    // Text

    /// What a stretch of a table's text holds. Its first byte is taken for one that a cell may begin with.
    void (*_Nonnull survey_text)(
        const uint8_t *_Nonnull bytes, ptrdiff_t count, uint8_t delimiter, ck_text_survey *_Nonnull survey);
    /// Reads the numbers of the rows that begin before `limit`, from a place on, which becomes where it stops: there, or
    /// at whatever takes another look, which are a row of another number of cells, a quote that is not simply around a
    /// cell, too many odd cells, and the last bytes of the table.
    void (*_Nonnull read_numbers)(
        const ck_table_text *_Nonnull table, ptrdiff_t limit, ck_table_place *_Nonnull place,
        ck_numbers *_Nonnull numbers);

    // Mathematical functions by themselves, for tests of their stated error.

    void (*_Nonnull exp)(const float *_Nonnull x, float *_Nonnull y, ptrdiff_t count);
    void (*_Nonnull expm1)(const float *_Nonnull x, float *_Nonnull y, ptrdiff_t count);
    void (*_Nonnull log)(const float *_Nonnull x, float *_Nonnull y, ptrdiff_t count);
    void (*_Nonnull log1p)(const float *_Nonnull x, float *_Nonnull y, ptrdiff_t count);
    void (*_Nonnull erf)(const float *_Nonnull x, float *_Nonnull y, ptrdiff_t count);

    /// Fused multiply-adds in registers alone, a product's tile of them `times` times: the CPU's ceiling. `count` becomes
    /// how many there were.
    float (*_Nonnull multiply_adds)(ptrdiff_t times, ptrdiff_t *_Nonnull count);
} ck_kernels;

/// The kernels of one level: "v4", "v3" or "baseline". NULL where there is none of that name, or this CPU lacks it.
const ck_kernels *_Nullable ck_kernels_named(const char *_Nonnull name);

/// The kernels for this CPU, or those that the environment variable TRAINTUI_KERNELS names (v4, v3, baseline) where this
/// CPU has them.
const ck_kernels *_Nonnull ck_kernels_for_this_cpu(void);

/// What ``ck_kernels_in_use`` has chosen; NULL before its first call.
extern const ck_kernels *_Nullable ck_chosen_kernels;

/// ``ck_kernels_for_this_cpu``, chosen at the first call. One load after that: a step asks for every kernel it runs.
static inline const ck_kernels *_Nonnull ck_kernels_in_use(void) {
    const ck_kernels *chosen = __atomic_load_n(&ck_chosen_kernels, __ATOMIC_RELAXED);
    if (__builtin_expect(!chosen, 0)) {
        // Whoever comes here at the same time chooses the same, and the tables are constant.
        chosen = ck_kernels_for_this_cpu();
        __atomic_store_n(&ck_chosen_kernels, chosen, __ATOMIC_RELAXED);
    }
    return chosen;
}

/// One block of work; blocks may run in any order and on any thread.
typedef void (*ck_block)(const void *_Nullable context, ptrdiff_t block);

/// Runs blocks 0 ..< count on all threads, the calling one included, and returns when all are done. Where the others are
/// busy with somebody else's blocks, the calling thread runs all by itself.
void ck_share(ptrdiff_t count, ck_block _Nonnull work, const void *_Nullable context);
/// Threads that share work: the cores this process may use, or TRAINTUI_THREADS.
int ck_thread_count(void);

/// Bytes of memory that this process may use at most: what the machine has, less where it, or the container that it is
/// in, is limited.
uint64_t ck_available_memory(void);

// Kernels whose work is shared among threads, for arrays large enough for that to pay. The bits do not depend on how
// many threads there are.

/// ``ck_kernels``'s `multiply`.
void ck_multiply(
    const ck_kernels *_Nonnull kernels, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const float *_Nonnull a,
    ptrdiff_t a_row, ptrdiff_t a_depth, const float *_Nonnull b, ptrdiff_t b_depth, ptrdiff_t b_column,
    const float *_Nullable start, float *_Nonnull c, ptrdiff_t c_stride);
/// ``ck_kernels``'s `all_within`.
int ck_all_within(const ck_kernels *_Nonnull kernels, const float *_Nonnull v, ptrdiff_t count, float limit);
/// ``ck_kernels``'s `gather`.
void ck_gather(
    const ck_kernels *_Nonnull kernels, const float *_Nonnull from, ptrdiff_t columns, const int32_t *_Nonnull indices,
    ptrdiff_t rows, float *_Nonnull to, ptrdiff_t to_stride);
/// ``ck_kernels``'s `narrow_backward_input`.
void ck_narrow_backward_input(
    const ck_kernels *_Nonnull kernels, const float *_Nonnull dz, ptrdiff_t dz_stride, ptrdiff_t rows, ptrdiff_t units,
    const float *_Nonnull kernel, ptrdiff_t inputs, float *_Nonnull dx, ptrdiff_t dx_stride, const float *_Nullable a,
    float alpha, float scale);

/// Treats denormal numbers as zero on this thread from now on, because they cost a hundred times a normal one's time.
/// Returns what to hand to ``ck_denormals_restore``.
uint64_t ck_denormals_flush(void);
/// Puts back what ``ck_denormals_flush`` found.
void ck_denormals_restore(uint64_t found);

#endif
