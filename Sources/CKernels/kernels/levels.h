// The tables that were compiled for this architecture.

#include "../include/CKernels.h"

#if defined(__x86_64__)
extern const ck_kernels ck_kernels_v4, ck_kernels_v3;
#endif
extern const ck_kernels ck_kernels_baseline;
