// A table's text, 64 bytes at a time: for each block, a bit for each byte.

typedef uint8_t text_block __attribute__((ext_vector_type(64)));
typedef bool text_bits __attribute__((ext_vector_type(64)));

/// Bit i is set where byte i is this one.
INLINE uint64_t bytes_equal(text_block block, uint8_t byte) {
    text_bits found = __builtin_convertvector(block == byte, text_bits);
    uint64_t bits;
    memcpy(&bits, &found, sizeof bits);
    return bits;
}

/// Bit i is set where an odd number of bits up to and with bit i are.
INLINE uint64_t odd_so_far(uint64_t bits) {
#pragma clang loop unroll(full)
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
}

/// Counts rows that end at these bits of the block that begins at `position`.
INLINE void count_rows(ck_text_rows *rows, uint64_t ends, ptrdiff_t position) {
    if (ends == 0) return;
    if (rows->count == 0) rows->first_end = position + __builtin_ctzll(ends) + 1;
    rows->last_end = position + 64 - __builtin_clzll(ends);
    rows->count += __builtin_popcountll(ends);
}

static void survey_text(const uint8_t *bytes, ptrdiff_t count, uint8_t delimiter, ck_text_survey *survey) {
    ck_text_rows outside = {0}, inside = {0};
    text_block all = 0;
    uint64_t zeros = 0, misplaced_outside = 0, misplaced_inside = 0;
    // All ones where the block begins behind an odd number of quotes.
    uint64_t is_odd = 0;
    // Whether a cell may begin with the block, where the text began outside of quotes, and inside.
    uint64_t begins_outside = 1, begins_inside = 0;
    ptrdiff_t quotes = 0;
    for (ptrdiff_t i = 0; i < count; i += 64) {
        text_block block;
        if (count - i >= 64) {
            memcpy(&block, bytes + i, sizeof block);
        } else {
            // Blanks are none of what is looked for.
            block = ' ';
            memcpy(&block, bytes + i, (size_t)(count - i));
        }
        all |= block;
        zeros |= bytes_equal(block, 0);
        uint64_t feeds = bytes_equal(block, '\n'), quote = bytes_equal(block, '"');
        uint64_t odd = odd_so_far(quote) ^ is_odd;
        is_odd = 0 - (odd >> 63);
        count_rows(&outside, feeds & ~odd, i);
        count_rows(&inside, feeds & odd, i);
        // One of a cell's quotes that opens is behind what separates cells, or behind one that seemed to close the cell.
        uint64_t odd_quotes = quote & odd, even_quotes = quote & ~odd;
        uint64_t separators = feeds | bytes_equal(block, delimiter);
        misplaced_outside |= odd_quotes & ~((separators | even_quotes) << 1 | begins_outside);
        misplaced_inside |= even_quotes & ~((separators | odd_quotes) << 1 | begins_inside);
        begins_outside = (separators | even_quotes) >> 63;
        begins_inside = (separators | odd_quotes) >> 63;
        quotes += __builtin_popcountll(quote);
    }
    outside.has_stray_quotes = misplaced_outside != 0;
    inside.has_stray_quotes = misplaced_inside != 0;
    *survey = (ck_text_survey){outside, inside, quotes, __builtin_reduce_or(all) >= 0x80, zeros != 0};
}

enum {
    /// Bytes whose cells are found at once.
    CHUNK = 4096,
    /// So many bytes behind the end of those may be read: a block, and eight digits behind a dot.
    REACH = 80,
    /// Cells whose ends are written at once. Few blocks have more.
    BATCH = 8
};

/// Where cells end in `count` bytes that begin with a cell. Stops where quotes are not simply around cells. Returns how
/// many there are.
INLINE int find_ends(const uint8_t *bytes, ptrdiff_t count, uint8_t delimiter, uint16_t *ends) {
    // All ones where the block begins inside of quotes; whether a cell may begin with it, and whether one was just closed.
    uint64_t is_inside = 0, may_open = 1, is_closed = 0;
    int found = 0;
    // Whether there was a quote: where one is there are more, at any place.
    bool has_quotes = false;
    for (ptrdiff_t i = 0; i < count; i += 64) {
        text_block block;
        memcpy(&block, bytes + i, sizeof block);
        uint64_t feeds = bytes_equal(block, '\n'), quotes = bytes_equal(block, '"');
        uint64_t separators = feeds | bytes_equal(block, delimiter);
        has_quotes |= quotes != 0;
        if (has_quotes) {
            uint64_t inside = odd_so_far(quotes) ^ is_inside;
            uint64_t opening = quotes & inside, closing = quotes & ~inside;
            separators &= ~inside;
            // What opens is behind what separates cells, or goes on behind a quote; what closes is before the same.
            uint64_t misplaced = opening & ~((separators | closing) << 1 | may_open);
            uint64_t before_feed = feeds >> 1 | (uint64_t)(bytes[i + 64] == '\n') << 63;
            misplaced |= (closing << 1 | is_closed) & ~(separators | quotes | (bytes_equal(block, '\r') & before_feed));
            if (misplaced != 0) break;
            is_inside = 0 - (inside >> 63);
            may_open = (separators | closing) >> 63;
            is_closed = closing >> 63;
        } else {
            may_open = separators >> 63;
        }
        // How many there are differs from block to block: no branch for each, which would be mispredicted.
        int next = found + __builtin_popcountll(separators);
        do {
#pragma clang loop unroll(full)
            for (int j = 0; j < BATCH; j++, separators &= separators - 1) {
                ends[found + j] = (uint16_t)(i + (separators ? __builtin_ctzll(separators) : 0));
            }
            found += BATCH;
        } while (separators != 0);
        found = next;
    }
    return found;
}

static const uint64_t tens[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
static const double parts[] = {1e0,   1e-1,  1e-2,  1e-3,  1e-4,  1e-5,  1e-6,  1e-7,  1e-8, 1e-9,
                               1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16, 1e-17, 1e-18};

/// The number of so many digits, from 1 to 8, the first in the lowest byte. Sets bits of `others` where one is no digit.
INLINE uint64_t number_of_digits(uint64_t digits, int count, uint64_t *others) {
    // Zeros move in before the first.
    digits = (digits ^ 0x3030303030303030) << (64 - 8 * count);
    *others |= ((digits + 0x7676767676767676) | digits) & 0x8080808080808080;
    // Each step joins neighbours: digits, pairs, fours.
    digits = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
    digits = (digits * 100 + (digits >> 16)) & 0x0000ffff0000ffff;
    return (digits * 10000 + (digits >> 32)) & 0xffffffff;
}

/// A number of 9 to 18 digits in the bytes first ..< end, which may have a dot among them; sets how many digits are behind
/// it. Sets bits of `others` where it is none.
static __attribute__((noinline)) uint64_t long_number(
    const uint8_t *first, const uint8_t *end, int *fraction, uint64_t *others) {
    uint8_t digits[24] = {0};
    int count = 0;
    const uint8_t *dot = NULL;
    for (const uint8_t *p = first; p < end; p++) {
        if (*p == '.' && !dot) {
            dot = p;
        } else {
            if (count == 18) {
                *others = 1;
                return 0;
            }
            digits[count++] = *p;
        }
    }
    *fraction = dot ? (int)(end - dot) - 1 : 0;
    uint64_t number = 0;
    for (int i = 0; i < count; i += 8) {
        uint64_t part;
        memcpy(&part, digits + i, sizeof part);
        int size = count - i < 8 ? count - i : 8;
        number = number * tens[size] + number_of_digits(part, size, others);
    }
    return number;
}

/// The number that the bytes first ..< end are, all of them. False where they are none, have more than 18 digits, or where
/// another way must say which float is nearest.
INLINE bool read_number(
    const uint8_t *first, const uint8_t *end, bool is_negative, float *number, bool *has_leading_zero) {
    ptrdiff_t size = end - first;
    uint64_t word, behind, others = 0, m;
    memcpy(&word, first, sizeof word);
    memcpy(&behind, first + 1, sizeof behind);
    // The highest bit of the byte that is the first dot, and perhaps others above it.
    uint64_t dots = word ^ 0x2e2e2e2e2e2e2e2e;
    dots = (dots - 0x0101010101010101) & ~dots & 0x8080808080808080;
    ptrdiff_t dot = dots ? __builtin_ctzll(dots) >> 3 : 64;
    bool has_dot = dot < size;
    int fraction = has_dot ? (int)(size - dot - 1) : 0;
    ptrdiff_t count = size - has_dot;
    if (count < 1) return false;
    if (count <= 8) {
        // What is behind the dot moves to where it is.
        uint64_t is_behind = 0 - ((dots & (0 - dots)) >> 7);
        m = number_of_digits(word ^ ((word ^ behind) & is_behind), (int)count, &others);
    } else {
        m = long_number(first, end, &fraction, &others);
    }
    if (others != 0) return false;
    double value = (double)(int64_t)m * parts[fraction];
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    // Within 16 units of the midpoint between two floats?
    if ((bits & 0x1fffffff) - (0x10000000 - 16) <= 32) return false;
    // These without a branch, which would be mispredicted: about half of the numbers are negative or below 1.
    *has_leading_zero = (*first == '0') & (size > 1) & (fraction == 0) & (end[-1] != '.');
    float nearest = (float)value;
    uint32_t float_bits;
    memcpy(&float_bits, &nearest, sizeof float_bits);
    float_bits ^= (uint32_t)is_negative << 31;
    memcpy(number, &float_bits, sizeof float_bits);
    return true;
}

/// Whether the bytes first ..< end, which begin behind a sign if there is one, are text for sure: they begin with a letter,
/// and not as the words do that stand for nothing or for infinity.
INLINE bool is_surely_text(const uint8_t *first, const uint8_t *end) {
    if (*first <= '9' || first == end) return false;
    // What is behind a single letter is none.
    int second = first[1] | 0x20, initial = *first | 0x20;
    bool may_be_word = ((initial == 'n') & ((second == 'a') | (second == 'u'))) | ((initial == 'i') & (second == 'n'));
    return !may_be_word;
}

/// Reads the cells with these ends, and goes on at the place behind them. False where it stops before one of them.
INLINE bool read_cells(
    const ck_table_text *table, ptrdiff_t limit, const uint16_t *ends, int count, ck_table_place *place,
    ck_numbers *numbers) {
    const uint8_t *const chunk = table->bytes + place->position, *cell = chunk;
    ptrdiff_t column = place->column, row = place->row, row_start = place->row_start;
    float *output = numbers->output + row * table->width;
    bool is_stopped = false;
    for (int i = 0; i < count; i++) {
        const uint8_t *end = chunk + ends[i], *next = end + 1;
        bool is_row_end = *end == '\n';
        if (is_row_end) end -= end > cell && end[-1] == '\r';
        if (column == 0) {
            row_start = cell - table->bytes;
            if (row_start >= limit) is_stopped = true;
            if (is_row_end && end == cell) {
                // A blank line.
                if (is_stopped) break;
                cell = next;
                continue;
            }
        }
        // Or a cell too many, or too few.
        is_stopped |= (is_row_end ? column + 1 != table->columns : column + 1 >= table->columns)
                      | (numbers->odd_count == numbers->most_odd);
        if (is_stopped) break;
        ptrdiff_t slot = table->slots[column];
        if (slot >= 0) {
            bool is_quoted = *cell == '"';
            const uint8_t *first = cell + is_quoted;
            end -= is_quoted;
            bool is_negative = *first == '-', has_leading_zero;
            first += is_negative;
            ck_column_tally *tally = numbers->tallies + slot;
            if (is_surely_text(first, end)) {
                output[slot] = __builtin_nanf("");
                if (tally->texts++ == 0) tally->first_text = cell - table->bytes;
            } else if (!read_number(first, end, is_negative, output + slot, &has_leading_zero)) {
                numbers->odd[numbers->odd_count++] = (ck_odd_cell){cell - table->bytes, row, slot};
            } else if (has_leading_zero & !is_quoted) {
                tally->leading_zeros++;
            }
        }
        cell = next;
        column++;
        if (is_row_end) {
            column = 0;
            row++;
            output += table->width;
        }
    }
    *place = (ck_table_place){cell - table->bytes, row_start, column, row};
    return !is_stopped;
}

static void read_numbers(const ck_table_text *table, ptrdiff_t limit, ck_table_place *place, ck_numbers *numbers) {
    uint16_t ends[CHUNK + BATCH];
    numbers->odd_count = 0;
    for (;;) {
        ptrdiff_t count = table->count - REACH - place->position;
        if (count <= 0 || (place->column == 0 && place->position >= limit)) return;
        int found = find_ends(table->bytes + place->position, count < CHUNK ? count : CHUNK, table->delimiter, ends);
        if (found == 0 || !read_cells(table, limit, ends, found, place, numbers)) return;
    }
}
