#include <stdlib.h>
#include <string.h>

#include "kernels/levels.h"

#if defined(__x86_64__)
static int has_v4(void) { return __builtin_cpu_supports("x86-64-v4"); }
static int has_v3(void) { return __builtin_cpu_supports("x86-64-v3"); }
#endif

const ck_kernels *ck_kernels_for_this_cpu(void) {
    const char *wanted = getenv("TRAINTUI_KERNELS");
    if (!wanted) wanted = "";
    if (strcmp(wanted, "baseline") == 0) return &ck_kernels_baseline;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (has_v4() && strcmp(wanted, "v3") != 0) return &ck_kernels_v4;
    if (has_v3()) return &ck_kernels_v3;
#endif
    return &ck_kernels_baseline;
}

#if defined(__x86_64__)
#include <xmmintrin.h>

// Bit 15 flushes denormal results to zero, bit 6 reads denormal operands as zero.
uint64_t ck_denormals_flush(void) {
    unsigned int found = _mm_getcsr();
    _mm_setcsr(found | 0x8040u);
    return found;
}
void ck_denormals_restore(uint64_t found) { _mm_setcsr((unsigned int)found); }
#elif defined(__aarch64__)
// Bit 24 (FZ) does both.
uint64_t ck_denormals_flush(void) {
    uint64_t found;
    __asm__ volatile("mrs %0, fpcr" : "=r"(found));
    __asm__ volatile("msr fpcr, %0" : : "r"(found | (1ull << 24)));
    return found;
}
void ck_denormals_restore(uint64_t found) { __asm__ volatile("msr fpcr, %0" : : "r"(found)); }
#else
uint64_t ck_denormals_flush(void) { return 0; }
void ck_denormals_restore(uint64_t found) { (void)found; }
#endif
