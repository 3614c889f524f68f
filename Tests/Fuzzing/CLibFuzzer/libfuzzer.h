#pragma once

#include <stddef.h>
#include <stdint.h>

// What libFuzzer has as a library, which comes without a header. See llvm.org/docs/LibFuzzer.html.

/// Runs the fuzzer: calls `take` with one input after another. Ends the program when it has done what was asked for.
int LLVMFuzzerRunDriver(
    int *_Nonnull argc, char *_Nullable *_Nonnull *_Nonnull argv,
    int (*_Nonnull take)(const uint8_t *_Nullable bytes, size_t count));
