// Products of matrices. Every element is a sum over the depth in order, so how the work is tiled changes no bit.

// A tile of TILE_ROWS x TILE_VECTORS accumulators fills the registers: 8 x 3 of 32 with AVX-512; without it a vec is two
// or four registers of sixteen.
#ifndef TILE_ROWS
#define TILE_ROWS 4
#define TILE_VECTORS 1
#endif

// A panel of b is as wide as a tile, and so deep that it stays in the second-level cache from one tile to the next: where
// rows of b are a power of two apart, more of them would fall into the same few sets of it.
enum { PANEL_COLUMNS = TILE_VECTORS * LANES, PANEL_DEPTH = 512 };

// Sums of few terms take as long as writing them. A panel's lie in a few cache lines of each row of c, far from one another,
// which is slow; so where c is wide, a strip of rows as high as a tile gets all its panels before the next strip.
enum { STRIP_COLUMNS = 384 };

// Where a lies transposed, and its rows are a page of memory apart or more, each term of a sum is in another page: more of
// them than a core keeps at hand. The terms of some rows are brought together first, and used for all panels.
enum { PAGE_FLOATS = 1024, GATHERED_ROWS = 64 };

/// What the sums of a panel begin with where nothing else is given.
static const float panel_of_zeros[PANEL_COLUMNS];

/// What c = start + a * b is made of, or a part of it; `ck_kernels.multiply` says how it lies.
typedef struct {
    const float *a;
    ptrdiff_t a_row, a_depth;
    const float *b;
    ptrdiff_t b_stride;
    /// What the sums begin with: a row for each of c, or the same for all where `start_row` is 0.
    const float *start;
    ptrdiff_t start_row;
    float *c;
    ptrdiff_t c_stride;
} factors;

/// One tile of `rows` x `vectors`: both constants where it is inlined, so that the accumulators are registers.
INLINE void multiply_tile(int rows, int vectors, ptrdiff_t depth, factors f) {
    vec sums[TILE_ROWS][TILE_VECTORS];
    // All rows most often begin with the same, which is loaded once.
    for (int j = 0; j < vectors; j++) {
        vec first = load(f.start + j * LANES);
        for (int i = 0; i < rows; i++) sums[i][j] = first;
    }
    if (f.start_row != 0) {
        for (int i = 1; i < rows; i++) {
            for (int j = 0; j < vectors; j++) sums[i][j] = load(f.start + i * f.start_row + j * LANES);
        }
    }
    for (ptrdiff_t p = 0; p < depth; p++) {
        vec right[TILE_VECTORS];
        for (int j = 0; j < vectors; j++) right[j] = load(f.b + p * f.b_stride + j * LANES);
        for (int i = 0; i < rows; i++) {
            vec left = fill(f.a[i * f.a_row + p * f.a_depth]);
            for (int j = 0; j < vectors; j++) sums[i][j] = fma16(left, right[j], sums[i][j]);
        }
    }
    for (int i = 0; i < rows; i++) {
        for (int j = 0; j < vectors; j++) store(f.c + i * f.c_stride + j * LANES, sums[i][j]);
    }
}

/// All rows of a panel of `vectors` vectors; the last ones in tiles of four, two and one.
INLINE void multiply_panel(int vectors, ptrdiff_t rows, ptrdiff_t depth, factors f) {
#define TILES(height)                                                                            \
    for (; rows >= (height); rows -= (height)) {                                                 \
        multiply_tile(height, vectors, depth, f);                                                \
        f.a += (height) * f.a_row;                                                               \
        f.start += (height) * f.start_row;                                                       \
        f.c += (height) * f.c_stride;                                                            \
    }
    TILES(TILE_ROWS)
#if TILE_ROWS > 4
    TILES(4)
#endif
    TILES(2)
    TILES(1)
#undef TILES
}

// Each width is a function of its own: all inlined in one would run out of registers around their loops.
typedef void (*panel_product)(ptrdiff_t rows, ptrdiff_t depth, const factors *f);
#define PANEL(vectors)                                                                           \
    static void multiply_panel_##vectors(ptrdiff_t rows, ptrdiff_t depth, const factors *f) {    \
        multiply_panel(vectors, rows, depth, *f);                                                \
    }
PANEL(1)
#if TILE_VECTORS == 3
PANEL(2)
PANEL(3)
static const panel_product panel_products[] = {multiply_panel_1, multiply_panel_2, multiply_panel_3};
#else
static const panel_product panel_products[] = {multiply_panel_1};
#endif
#undef PANEL

/// Some rows of b, one behind the other, out of a b that lies transposed: `columns` rows of it, and zeros where there are
/// no more.
static void pack_transposed(
    const float *b, ptrdiff_t b_stride, ptrdiff_t depth, ptrdiff_t columns, int vectors, float *panel
) {
    for (int j = 0; j < vectors; j++) {
        for (ptrdiff_t p = 0; p < depth; p += LANES) {
            vec square[LANES];
#pragma clang loop unroll(full)
            for (int k = 0; k < LANES; k++) {
                ptrdiff_t column = j * LANES + k;
                square[k] = column < columns ? load(b + column * b_stride + p) : fill(0.0f);
            }
            transpose_square(square);
#pragma clang loop unroll(full)
            for (int k = 0; k < LANES; k++) store(panel + ((p + k) * vectors + j) * LANES, square[k]);
        }
    }
}

/// A product of some rows, panel by panel. Those of a transposed b are turned in `panel`, NULL where b is not; the terms of a
/// few rows are brought together in `gathered`, NULL where they lie well.
INLINE void multiply_panels(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_depth,
    const float *b, ptrdiff_t b_depth, ptrdiff_t b_column, const float *start, float *c, ptrdiff_t c_stride,
    float *panel, float *gathered
) {
    for (ptrdiff_t p = 0; p < depth; p += PANEL_DEPTH) {
        ptrdiff_t deep = depth - p < PANEL_DEPTH ? depth - p : PANEL_DEPTH;
        factors f = {
            .a = a + p * a_depth, .a_row = a_row, .a_depth = a_depth, .b_stride = b_depth, .c_stride = c_stride};
        if (gathered) {
            for (ptrdiff_t k = 0; k < deep; k++) {
                memcpy(gathered + k * GATHERED_ROWS, f.a + k * a_depth, (size_t)rows * sizeof *a);
            }
            f.a = gathered;
            f.a_depth = GATHERED_ROWS;
        }
        for (ptrdiff_t j = 0; j < columns; j += PANEL_COLUMNS) {
            ptrdiff_t width = columns - j < PANEL_COLUMNS ? columns - j : PANEL_COLUMNS;
            int vectors = (int)((width + LANES - 1) / LANES);
            f.b = b + p * b_depth + j * b_column;
            f.c = c + j;
            f.start = p > 0 ? f.c : start ? start + j : panel_of_zeros;
            f.start_row = p > 0 ? c_stride : 0;
            if (panel) {
                pack_transposed(f.b, b_column, deep, width, vectors, panel);
                f.b = panel;
                f.b_stride = vectors * LANES;
            }
            panel_products[vectors - 1](rows, deep, &f);
        }
    }
}

// Apart from `multiply`, so that small products have a small stack.
static __attribute__((noinline)) void multiply_transposed(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_depth,
    const float *b, ptrdiff_t b_depth, ptrdiff_t b_column, const float *start, float *c, ptrdiff_t c_stride
) {
    _Alignas(64) float panel[PANEL_DEPTH * PANEL_COLUMNS];
    multiply_panels(rows, columns, depth, a, a_row, a_depth, b, b_depth, b_column, start, c, c_stride, panel, NULL);
}
static __attribute__((noinline)) void multiply_gathered(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const float *a, ptrdiff_t a_depth, const float *b,
    ptrdiff_t b_depth, const float *start, float *c, ptrdiff_t c_stride
) {
    _Alignas(64) float gathered[PANEL_DEPTH * GATHERED_ROWS];
    multiply_panels(rows, columns, depth, a, 1, a_depth, b, b_depth, 1, start, c, c_stride, NULL, gathered);
}

static void multiply(
    ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, const float *a, ptrdiff_t a_row, ptrdiff_t a_depth,
    const float *b, ptrdiff_t b_depth, ptrdiff_t b_column, const float *start, float *c, ptrdiff_t c_stride
) {
    // What a small model has is one panel: there is nothing to cut, and looking for it would take a tenth of the time.
    if (columns <= PANEL_COLUMNS && depth <= PANEL_DEPTH && b_column == 1) {
        factors f = {
            .a = a, .a_row = a_row, .a_depth = a_depth, .b = b, .b_stride = b_depth,
            .start = start ? start : panel_of_zeros, .c = c, .c_stride = c_stride};
        panel_products[(columns - 1) / LANES](rows, depth, &f);
        return;
    }
    if (b_column != 1) {
        multiply_transposed(rows, columns, depth, a, a_row, a_depth, b, b_depth, b_column, start, c, c_stride);
        return;
    }
    int is_gathered = a_row == 1 && a_depth >= PAGE_FLOATS && depth > PANEL_DEPTH / 2 && columns > PANEL_COLUMNS;
    int is_strip = depth <= CK_FEW_TERMS && columns >= STRIP_COLUMNS;
    ptrdiff_t height = is_gathered ? GATHERED_ROWS : is_strip ? TILE_ROWS : rows;
    for (ptrdiff_t i = 0; i < rows; i += height) {
        ptrdiff_t high = rows - i < height ? rows - i : height;
        const float *from = a + i * a_row;
        float *to = c + i * c_stride;
        if (is_gathered) multiply_gathered(high, columns, depth, from, a_depth, b, b_depth, start, to, c_stride);
        else multiply_panels(high, columns, depth, from, a_row, a_depth, b, b_depth, 1, start, to, c_stride, NULL, NULL);
    }
}
