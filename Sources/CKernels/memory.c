// How much memory there is to use.

#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "include/CKernels.h"

static uint64_t least(uint64_t one, uint64_t other) { return one < other ? one : other; }

/// The limit in a file of the system's that holds one number; none where there is no such file or it holds a word.
static uint64_t limit_in(const char *path) {
    FILE *file = fopen(path, "re");
    if (!file) return UINT64_MAX;
    unsigned long long limit;
    int found = fscanf(file, "%llu", &limit);
    fclose(file);
    return found == 1 ? limit : UINT64_MAX;
}

uint64_t ck_available_memory(void) {
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    uint64_t available = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;
    // What `ulimit -v` and `ulimit -d` say.
    const int kinds[] = {RLIMIT_AS, RLIMIT_DATA};
    for (int kind = 0; kind < 2; kind++) {
        struct rlimit limit;
        if (getrlimit(kinds[kind], &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
            available = least(available, limit.rlim_cur);
        }
    }
    // A container's, in Linux's control groups of version 2 and 1.
    available = least(available, limit_in("/sys/fs/cgroup/memory.max"));
    return least(available, limit_in("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
}
