#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

// A thread of its own sees to it that a process which was told to end does, whatever the other threads are in. It waits
// for a byte in a pipe, which a handler may write; it blocks all signals, so that no handler runs on it.

enum {
    /// How often the watch looks.
    round_milliseconds = 20,
    /// An output that takes nothing for so long is read by nobody.
    stall_milliseconds = 200,
    /// A signal that comes again sooner is not meant as a second one: `timeout` signals its process and then its
    /// process's group, and a terminal that goes is announced by the system and by the shell.
    insistence_milliseconds = 300,
    /// How long the main thread may take to hear that it is to do nothing any more.
    park_milliseconds = 100,
};

/// The thread that listens, and that may wait in a write.
static pthread_t main_thread;
static int watch_pipe[2] = {-1, -1};
static int nowhere = -1;
static atomic_int is_terminal_given_up;
static atomic_int ending_number;
/// Milliseconds of a clock that begins anywhere and may wrap round.
static atomic_uint began, deadline;
static atomic_int allowance = terminal_guard_usual_milliseconds;

static unsigned milliseconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (unsigned)((unsigned long long)time.tv_sec * 1000 + (unsigned long long)time.tv_nsec / 1000000);
}

int terminal_guard_ending(void) { return atomic_load(&ending_number); }

void terminal_guard_allow(int milliseconds) {
    atomic_store(&allowance, milliseconds);
    atomic_store(&deadline, milliseconds_now() + (unsigned)milliseconds);
}

bool begin_ending(int number, bool *insists) {
    unsigned now = milliseconds_now();
    // The times first: another thread may look at them as soon as there is a number. If two come here at once, both have
    // the same time.
    if (atomic_load(&ending_number) == 0) {
        atomic_store(&began, now);
        atomic_store(&deadline, now + (unsigned)atomic_load(&allowance));
    }
    int none = 0;
    if (atomic_compare_exchange_strong(&ending_number, &none, number)) {
        char byte = 0;
        ssize_t ignored = write(watch_pipe[1], &byte, 1);
        (void)ignored;
        return true;
    }
    // The kernel repeats XCPU each second of processor time: it does not insist, it counts.
    *insists = number != SIGXCPU && now - atomic_load(&began) >= insistence_milliseconds;
    return false;
}

// MARK: At once

static atomic_int is_parked;

static void park(int number, siginfo_t *information, void *context) {
    atomic_store(&is_parked, 1);
    for (;;) pause();
}

void park_main_thread(void) {
    if (pthread_equal(pthread_self(), main_thread)) return;
    for (int waited = 0; !atomic_load(&is_parked) && waited < park_milliseconds; waited++) {
        // The handler runs when the call that the thread is in has ended.
        set_handler(SIGURG, park, 0, NULL);
        pthread_kill(main_thread, SIGURG);
        poll(NULL, 0, 1);
    }
}

_Noreturn void end_at_once(int number) {
    park_main_thread();
    erase_passing_line();
    terminal_guard_put_back();
    _exit(128 + number);
}

// MARK: Outputs that nobody reads

/// Whether a write of one byte would not wait. A descriptor that is closed or broken makes nobody wait.
static bool is_writable(int descriptor) {
    struct pollfd output = {.fd = descriptor, .events = POLLOUT};
    return poll(&output, 1, 0) != 0;
}

static void do_nothing(int number, siginfo_t *information, void *context) {}

/// Gets the main thread out of a write that waits: after the signal it writes again, to nowhere.
static void interrupt_main_thread(void) {
    // SIGURG is ignored by default, so that nobody else's signal is missed; no SA_RESTART, so that the write ends.
    set_handler(SIGURG, do_nothing, 0, NULL);
    pthread_kill(main_thread, SIGURG);
}

void give_up_blocked_outputs(void) {
    bool isAny = false;
    for (int output = STDOUT_FILENO; output <= STDERR_FILENO; output++) {
        if (is_writable(output)) continue;
        dup2(nowhere, output);
        if (output == STDOUT_FILENO) atomic_store(&is_terminal_given_up, 1);
        isAny = true;
    }
    if (isAny) interrupt_main_thread();
}

int terminal_guard_has_given_up_terminal(void) { return atomic_load(&is_terminal_given_up); }

void terminal_guard_give_up_outputs(void) {
    for (int output = STDOUT_FILENO; output <= STDERR_FILENO; output++) {
        struct pollfd polled = {.fd = output, .events = POLLOUT};
        bool isGone = poll(&polled, 1, 0) == 1 && (polled.revents & (POLLHUP | POLLERR));
        if (isGone) dup2(nowhere, output);
    }
}

// MARK: The watch

static void *watch(void *unused) {
    char byte;
    ssize_t count;
    do count = read(watch_pipe[0], &byte, 1);
    while (count < 0 && errno == EINTR);

    int stalled = 0;
    while ((int)(atomic_load(&deadline) - milliseconds_now()) > 0) {
        poll(NULL, 0, round_milliseconds);
        bool isStalled = !is_writable(STDOUT_FILENO) || !is_writable(STDERR_FILENO);
        stalled = isStalled ? stalled + round_milliseconds : 0;
        if (stalled >= stall_milliseconds) give_up_blocked_outputs();
    }
    end_at_once(terminal_guard_ending());
}

void watch_over_this_thread(void) { main_thread = pthread_self(); }

bool start_watching(void) {
    watch_over_this_thread();
    nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (pipe(watch_pipe) != 0) return false;
    for (int end = 0; end < 2; end++) fcntl(watch_pipe[end], F_SETFD, FD_CLOEXEC);
    fcntl(watch_pipe[1], F_SETFL, O_NONBLOCK);

    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 * 1024);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    bool isStarted = pthread_create(&thread, &attributes, watch, NULL) == 0;
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return isStarted;
}
