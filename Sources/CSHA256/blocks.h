// The ways through a block.

#include <stddef.h>
#include <stdint.h>

/// Stirs `count` blocks of 64 bytes, in order, into the state.
typedef void sha256_blocks(uint32_t state[8], const uint8_t *bytes, size_t count);

sha256_blocks sha256_blocks_portable;

/// By the CPU's own instructions; does nothing where `sha256_has_instructions` says 0.
sha256_blocks sha256_blocks_instructions;

/// The constants of the 64 rounds: the first 32 bits of the fractional parts of the cube roots of the first 64 primes
/// (FIPS 180-4, section 4.2.2).
extern const uint32_t sha256_rounds[64];
