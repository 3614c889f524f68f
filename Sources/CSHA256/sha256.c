#include "include/CSHA256.h"

#include <string.h>

#include "blocks.h"

enum { block_size = sizeof((sha256_context){}.rest), length_size = 8 };

// The first 32 bits of the fractional parts of the square roots of the first 8 primes (FIPS 180-4, section 5.3.3).
static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

void sha256_init(sha256_context *context, int uses_instructions) {
    *context = (sha256_context){.uses_instructions = uses_instructions};
    memcpy(context->state, start, sizeof start);
}

static void stir(sha256_context *context, const uint8_t *bytes, size_t count) {
    (context->uses_instructions ? sha256_blocks_instructions : sha256_blocks_portable)(context->state, bytes, count);
}

void sha256_update(sha256_context *context, const void *bytes, size_t count) {
    if (count == 0) return;
    const uint8_t *next = bytes;
    size_t held = context->count % block_size;
    context->count += count;
    if (held > 0) {
        size_t missing = block_size - held;
        size_t taken = count < missing ? count : missing;
        memcpy(context->rest + held, next, taken);
        if (taken < missing) return;
        stir(context, context->rest, 1);
        next += taken;
        count -= taken;
    }
    // Whole blocks are read where they lie.
    stir(context, next, count / block_size);
    memcpy(context->rest, next + count / block_size * block_size, count % block_size);
}

void sha256_final(sha256_context *context, uint8_t *digest) {
    // A bit 1, zeros up to the end of a block, and there the length in bits, its highest byte first.
    uint64_t bits = context->count * 8;
    size_t held = context->count % block_size;
    context->rest[held++] = 0x80;
    memset(context->rest + held, 0, block_size - held);
    if (held > block_size - length_size) {
        stir(context, context->rest, 1);
        memset(context->rest, 0, block_size);
    }
    for (int i = 0; i < length_size; i++) context->rest[block_size - 1 - i] = (uint8_t)(bits >> (8 * i));
    stir(context, context->rest, 1);
    for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(context->state[i / 4] >> (24 - 8 * (i % 4)));
}
