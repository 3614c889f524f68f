// A few threads that share the blocks of what is large.

#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "include/CKernels.h"

// What is shared at the moment. Every thread has a range of the blocks to itself, the same in every job of as many blocks:
// what it reads and writes then stays in its core's caches from one job to the next. Whoever is through with his own takes
// from the others'.
//
// A ticket holds the job's number (high half) and the next block (low half): whoever raises a range's by one has claimed
// that block of that job, so a worker that wakes late cannot touch a job that is over. While a job is written down all
// tickets are closed: no block can be claimed.
enum { most_threads = 64 };
enum : uint32_t { closed = UINT32_MAX };
/// In a cache line of its own, which no other thread writes to while there is no need.
typedef struct {
    _Alignas(64) atomic_ullong ticket;
} range;
static range ranges[most_threads];
/// The job's number, and `closed` while it is written down.
static atomic_ullong ticket;
static _Atomic(ck_block) job_work;
static _Atomic(const void *) job_context;
static atomic_llong job_count, job_done;
static atomic_ullong job_denormals;

static pthread_mutex_t owner = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t sleep_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static pthread_once_t started = PTHREAD_ONCE_INIT;
static atomic_int sleepers;
static int threads = 1;

static void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Whether there is another job than the one `seen`, written down in full.
static int is_other_job(uint64_t seen) {
    unsigned long long now = atomic_load(&ticket);
    return now >> 32 != seen && (uint32_t)now != closed;
}

/// The first block of a range, and the one behind the last of the range before.
static long long range_start(long long count, int number) { return count * number / threads; }

/// Runs blocks of the job with this number until none is left, those of the thread's own range first.
static void run_blocks(uint64_t job, int own) {
    ck_block work = atomic_load(&job_work);
    const void *context = atomic_load(&job_context);
    long long count = atomic_load(&job_count);
    for (int i = 0; i < threads; i++) {
        int number = (own + i) % threads;
        atomic_ullong *next = &ranges[number].ticket;
        long long end = range_start(count, number + 1);
        unsigned long long claim = atomic_load(next);
        // Claiming fails once the job is another one, so what was read above belongs to the block that is run.
        while (claim >> 32 == job && (long long)(uint32_t)claim < end) {
            if (!atomic_compare_exchange_weak(next, &claim, claim + 1)) continue;
            work(context, (ptrdiff_t)(uint32_t)claim);
            atomic_fetch_add(&job_done, 1);
            claim = atomic_load(next);
        }
    }
}

static void *worker(void *number) {
    uint64_t seen = 0;
    for (;;) {
        // The products of one step follow one another within microseconds: look for the next one before sleeping.
        for (int i = 0; i < 20000 && !is_other_job(seen); i++) pause_briefly();
        if (!is_other_job(seen)) {
            pthread_mutex_lock(&sleep_lock);
            atomic_fetch_add(&sleepers, 1);
            while (!is_other_job(seen)) pthread_cond_wait(&wake, &sleep_lock);
            atomic_fetch_sub(&sleepers, 1);
            pthread_mutex_unlock(&sleep_lock);
        }
        // Another job may be written down by now: it is looked at when it is.
        unsigned long long now = atomic_load(&ticket);
        if ((uint32_t)now == closed) continue;
        seen = now >> 32;
        // Whether denormals are flushed belongs to a thread: take over the caller's way, or bits would differ.
        ck_denormals_restore(atomic_load(&job_denormals));
        run_blocks(seen, (int)(intptr_t)number);
    }
    return NULL;
}

static int wanted_threads(void) {
    const char *text = getenv("TRAINTUI_THREADS");
    long count = text ? strtol(text, NULL, 10) : 0;
#if defined(__linux__)
    cpu_set_t usable;
    if (count < 1 && sched_getaffinity(0, sizeof usable, &usable) == 0) count = CPU_COUNT(&usable);
#endif
    if (count < 1) count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > most_threads ? most_threads : (int)count;
}

static void start(void) {
    // Signals are for the program's own threads.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int wanted = wanted_threads();
    while (threads < wanted) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, worker, (void *)(intptr_t)threads) != 0) break;
        pthread_detach(thread);
        threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int ck_thread_count(void) {
    pthread_once(&started, start);
    return threads;
}

void ck_share(ptrdiff_t count, ck_block work, const void *context) {
    if (count <= 1 || ck_thread_count() == 1 || pthread_mutex_trylock(&owner) != 0) {
        for (ptrdiff_t block = 0; block < count; block++) work(context, block);
        return;
    }
    // Nobody holds a claim on the last job, and nobody can get one on the next before it is written down.
    uint64_t job = (uint32_t)((atomic_load(&ticket) >> 32) + 1);
    atomic_store(&ticket, (unsigned long long)job << 32 | closed);
    for (int i = 0; i < threads; i++) atomic_store(&ranges[i].ticket, (unsigned long long)job << 32 | closed);
    uint64_t denormals = ck_denormals_flush();
    ck_denormals_restore(denormals);
    atomic_store(&job_denormals, denormals);
    atomic_store(&job_work, work);
    atomic_store(&job_context, context);
    atomic_store(&job_count, (long long)count);
    atomic_store(&job_done, 0);
    for (int i = 0; i < threads; i++) {
        atomic_store(&ranges[i].ticket, (unsigned long long)job << 32 | (unsigned long long)range_start(count, i));
    }
    atomic_store(&ticket, (unsigned long long)job << 32);
    if (atomic_load(&sleepers) > 0) {
        pthread_mutex_lock(&sleep_lock);
        pthread_cond_broadcast(&wake);
        pthread_mutex_unlock(&sleep_lock);
    }
    run_blocks(job, 0);
    for (int i = 0; atomic_load(&job_done) < (long long)count; i++) {
        // A worker that was put off its core in the middle of a block gets it back sooner if this one makes room.
        if (i < 1000) pause_briefly();
        else sched_yield();
    }
    pthread_mutex_unlock(&owner);
}
