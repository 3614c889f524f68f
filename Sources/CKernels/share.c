#include "include/CKernels.h"
#include "workers.h"

// A block is a panel of columns times some rows: small enough that its part of b stays in the second-level cache, so
// many that threads end together. Each element is still one sum in order, so nothing here changes a bit.
enum { block_columns = 48, block_rows = 64 };

typedef struct {
    const ck_kernels *kernels;
    ptrdiff_t rows, columns, depth;
    const float *a;
    ptrdiff_t a_row, a_depth;
    const float *b;
    ptrdiff_t b_stride;
    const float *start;
    float *c;
    ptrdiff_t c_stride;
} product;

static ptrdiff_t smaller(ptrdiff_t x, ptrdiff_t y) { return x < y ? x : y; }

static void multiply_block(const void *context, ptrdiff_t block) {
    const product *p = context;
    ptrdiff_t row_blocks = (p->rows + block_rows - 1) / block_rows;
    ptrdiff_t i = block % row_blocks * block_rows, j = block / row_blocks * block_columns;
    p->kernels->multiply(
        smaller(block_rows, p->rows - i), smaller(block_columns, p->columns - j), p->depth, p->a + i * p->a_row,
        p->a_row, p->a_depth, p->b + j, p->b_stride, p->start ? p->start + j : NULL, p->c + i * p->c_stride + j,
        p->c_stride);
}

void ck_multiply(
    const ck_kernels *kernels, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const float *a, ptrdiff_t a_row,
    ptrdiff_t a_depth, const float *b, ptrdiff_t b_stride, const float *start, float *c, ptrdiff_t c_stride
) {
    product p = {kernels, rows, columns, depth, a, a_row, a_depth, b, b_stride, start, c, c_stride};
    ptrdiff_t row_blocks = (rows + block_rows - 1) / block_rows;
    ptrdiff_t column_blocks = (columns + block_columns - 1) / block_columns;
    ck_share(row_blocks * column_blocks, multiply_block, &p);
}

int ck_thread_count(void) { return ck_share_threads(); }
