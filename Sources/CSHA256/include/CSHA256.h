#ifndef CSHA256_H
#define CSHA256_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 (FIPS 180-4, sections 5 and 6.2): a message is cut into blocks of 64 bytes, the last of them padded, and each
/// stirs a state of eight words.
///
/// Promises. However a message is cut into updates, its digest is the same; so it is on every CPU. Nothing is allocated.
/// Two ways lead through a block, the portable one and the CPU's own instructions for it (SHA-NI on x86-64, the SHA-256
/// extension on ARMv8), which are several times faster.

/// A digest in the making. A plain value: a copy goes on by itself.
typedef struct {
    /// a to h, after all whole blocks so far.
    uint32_t state[8];
    /// Bytes so far. FIPS 180-4 allows 2^61 - 1.
    uint64_t count;
    /// The last count % 64 of them, which do not fill a block yet.
    uint8_t rest[64];
    /// Whether blocks go through the CPU's own instructions.
    int uses_instructions;
} sha256_context;

/// Whether this CPU has instructions for SHA-256. Keep the answer: in a virtual machine asking may take long.
int sha256_has_instructions(void);

/// Begins an empty message. `uses_instructions` other than 0 is for CPUs that have them.
void sha256_init(sha256_context *_Nonnull context, int uses_instructions);

/// Adds `count` bytes to the message. `bytes` may be NULL if there are none.
void sha256_update(sha256_context *_Nonnull context, const void *_Nullable bytes, size_t count);

/// Ends the message and writes its digest of 32 bytes. The context then is of no use but to be begun again.
void sha256_final(sha256_context *_Nonnull context, uint8_t *_Nonnull digest);

#endif
