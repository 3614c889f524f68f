#include <stdlib.h>
#include <string.h>

#include "kernels/levels.h"

#if defined(__x86_64__)
static int has_v4(void) { return __builtin_cpu_supports("x86-64-v4"); }
static int has_v3(void) { return __builtin_cpu_supports("x86-64-v3"); }
#endif

const ck_kernels *ck_kernels_named(const char *name) {
    if (strcmp(name, "baseline") == 0) return &ck_kernels_baseline;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (strcmp(name, "v4") == 0 && has_v4()) return &ck_kernels_v4;
    if (strcmp(name, "v3") == 0 && has_v3()) return &ck_kernels_v3;
#endif
    return NULL;
}

const ck_kernels *ck_chosen_kernels;

const ck_kernels *ck_kernels_for_this_cpu(void) {
    const char *const best_first[] = {getenv("TRAINTUI_KERNELS"), "v4", "v3"};
    for (int i = 0; i < 3; i++) {
        const ck_kernels *found = best_first[i] ? ck_kernels_named(best_first[i]) : NULL;
        if (found) return found;
    }
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
