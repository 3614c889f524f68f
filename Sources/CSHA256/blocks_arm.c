#include "blocks.h"

#if defined(__aarch64__)

#include <arm_neon.h>

#include "include/CSHA256.h"

#if defined(__ARM_FEATURE_SHA2)
// The compiler was told that all CPUs it compiles for have them, as all of Apple's have.
int sha256_has_instructions(void) { return 1; }
#elif defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
int sha256_has_instructions(void) { return (getauxval(AT_HWCAP) & HWCAP_SHA2) != 0; }
#else
int sha256_has_instructions(void) { return 0; }
#endif

// SHA256H and SHA256H2 take four rounds: of a to d in one register and e to h in another, the first one lowest, they
// give the new ones.
__attribute__((target("sha2"))) void sha256_blocks_instructions(
    uint32_t state[8], const uint8_t *bytes, size_t count) {
    uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);
    for (; count > 0; count--, bytes += 64) {
        uint32x4_t abcd_before = abcd, efgh_before = efgh;
        // The schedule's last sixteen words, in four registers.
        uint32x4_t w[4];
#pragma clang loop unroll(full)
        for (int i = 0; i < 16; i++) {
            if (i < 4) {
                w[i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(bytes + 16 * i)));
            } else {
                uint32x4_t first = w[i % 4], second = w[(i + 1) % 4], third = w[(i + 2) % 4], last = w[(i + 3) % 4];
                w[i % 4] = vsha256su1q_u32(vsha256su0q_u32(first, second), third, last);
            }
            uint32x4_t words = vaddq_u32(w[i % 4], vld1q_u32(sha256_rounds + 4 * i));
            uint32x4_t abcd_old = abcd;
            abcd = vsha256hq_u32(abcd, efgh, words);
            efgh = vsha256h2q_u32(efgh, abcd_old, words);
        }
        abcd = vaddq_u32(abcd, abcd_before);
        efgh = vaddq_u32(efgh, efgh_before);
    }
    vst1q_u32(state, abcd);
    vst1q_u32(state + 4, efgh);
}

#endif
