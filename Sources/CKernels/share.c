#include <stdatomic.h>

#include "include/CKernels.h"

// A block is a panel of columns times some rows: small enough that its part of b stays in the second-level cache, so
// many that threads end together. Where b lies transposed every block turns its panel first, which pays over more rows;
// where a does, its rows are as far apart as those of b, and used for more panels.
// Sums of few terms are soon written, and best along the rows of c: there a block is a few rows, as wide as may be.
// Each element is still one sum in order, so nothing here changes a bit.
typedef struct {
    ptrdiff_t rows, columns;
} block_size;

static block_size size_of_blocks(ptrdiff_t depth, ptrdiff_t a_row, ptrdiff_t b_column) {
    if (b_column != 1) return (block_size){.rows = 128, .columns = 48};
    if (depth <= CK_FEW_TERMS) return (block_size){.rows = 16, .columns = 1536};
    return (block_size){.rows = 64, .columns = a_row == 1 ? 192 : 48};
}

typedef struct {
    const ck_kernels *kernels;
    ptrdiff_t rows, columns, depth;
    const float *a;
    ptrdiff_t a_row, a_depth;
    const float *b;
    ptrdiff_t b_depth, b_column;
    const float *start;
    float *c;
    ptrdiff_t c_stride;
    block_size size;
    /// Blocks above one another.
    ptrdiff_t row_blocks;
} product;

static ptrdiff_t smaller(ptrdiff_t x, ptrdiff_t y) { return x < y ? x : y; }

static void multiply_block(const void *context, ptrdiff_t block) {
    const product *p = context;
    ptrdiff_t i = block % p->row_blocks * p->size.rows, j = block / p->row_blocks * p->size.columns;
    p->kernels->multiply(
        smaller(p->size.rows, p->rows - i), smaller(p->size.columns, p->columns - j), p->depth, p->a + i * p->a_row,
        p->a_row, p->a_depth, p->b + j * p->b_column, p->b_depth, p->b_column, p->start ? p->start + j : NULL,
        p->c + i * p->c_stride + j, p->c_stride);
}

void ck_multiply(
    const ck_kernels *kernels, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const float *a, ptrdiff_t a_row,
    ptrdiff_t a_depth, const float *b, ptrdiff_t b_depth, ptrdiff_t b_column, const float *start, float *c,
    ptrdiff_t c_stride
) {
    block_size size = size_of_blocks(depth, a_row, b_column);
    ptrdiff_t row_blocks = (rows + size.rows - 1) / size.rows;
    ptrdiff_t column_blocks = (columns + size.columns - 1) / size.columns;
    product p = {kernels, rows,     columns, depth, a,        a_row, a_depth,   b,
                 b_depth, b_column, start,   c,     c_stride, size,  row_blocks};
    ck_share(row_blocks * column_blocks, multiply_block, &p);
}

enum { searched_floats = 1 << 15 };

typedef struct {
    const ck_kernels *kernels;
    const float *v;
    ptrdiff_t count;
    float limit;
    atomic_int *is_within;
} search;

static void search_block(const void *context, ptrdiff_t block) {
    const search *p = context;
    ptrdiff_t i = block * searched_floats;
    if (!p->kernels->all_within(p->v + i, smaller(searched_floats, p->count - i), p->limit)) {
        atomic_store(p->is_within, 0);
    }
}

int ck_all_within(const ck_kernels *kernels, const float *v, ptrdiff_t count, float limit) {
    atomic_int is_within = 1;
    search p = {kernels, v, count, limit, &is_within};
    ck_share((count + searched_floats - 1) / searched_floats, search_block, &p);
    return atomic_load(&is_within);
}

enum { gathered_rows = 16 };

typedef struct {
    const ck_kernels *kernels;
    const float *from;
    ptrdiff_t columns;
    const int32_t *indices;
    ptrdiff_t rows;
    float *to;
    ptrdiff_t to_stride;
} gathering;

static void gather_block(const void *context, ptrdiff_t block) {
    const gathering *p = context;
    ptrdiff_t i = block * gathered_rows;
    p->kernels->gather(
        p->from, p->columns, p->indices + i, smaller(gathered_rows, p->rows - i), p->to + i * p->to_stride,
        p->to_stride);
}

void ck_gather(
    const ck_kernels *kernels, const float *from, ptrdiff_t columns, const int32_t *indices, ptrdiff_t rows, float *to,
    ptrdiff_t to_stride
) {
    gathering p = {kernels, from, columns, indices, rows, to, to_stride};
    ck_share((rows + gathered_rows - 1) / gathered_rows, gather_block, &p);
}

enum { narrow_rows = 64 };

typedef struct {
    const ck_kernels *kernels;
    const float *dz;
    ptrdiff_t dz_stride, rows, units;
    const float *kernel;
    ptrdiff_t inputs;
    float *dx;
    ptrdiff_t dx_stride;
    const float *a;
    float alpha, scale;
} narrow_gradient;

static void narrow_backward_input_block(const void *context, ptrdiff_t block) {
    const narrow_gradient *p = context;
    ptrdiff_t r = block * narrow_rows;
    p->kernels->narrow_backward_input(
        p->dz + r * p->dz_stride, p->dz_stride, smaller(narrow_rows, p->rows - r), p->units, p->kernel, p->inputs,
        p->dx + r * p->dx_stride, p->dx_stride, p->a ? p->a + r * p->dx_stride : NULL, p->alpha, p->scale);
}

void ck_narrow_backward_input(
    const ck_kernels *kernels, const float *dz, ptrdiff_t dz_stride, ptrdiff_t rows, ptrdiff_t units,
    const float *kernel, ptrdiff_t inputs, float *dx, ptrdiff_t dx_stride, const float *a, float alpha, float scale
) {
    narrow_gradient p = {kernels, dz, dz_stride, rows, units, kernel, inputs, dx, dx_stride, a, alpha, scale};
    ck_share((rows + narrow_rows - 1) / narrow_rows, narrow_backward_input_block, &p);
}
