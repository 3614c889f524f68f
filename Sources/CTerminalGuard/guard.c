#define _GNU_SOURCE
#include "CTerminalGuard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// A lock-free atomic int is what a handler, the training queue and the main thread may all touch.
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "signal handlers need lock-free atomics");

enum { signal_limit = 65, restore_limit = 256 };

static int wake_pipe[2] = {-1, -1};
static atomic_int is_woken;
static atomic_int counts[signal_limit];
// Requests to end that nobody has drained: SIGTERM and SIGHUP, SIGINT.
static atomic_int ends_waiting, interrupts_waiting;

static struct termios modes_at_start;
static atomic_int has_modes;
static char restore_bytes[restore_limit];
static atomic_int restore_count;
static atomic_int is_armed;

static const int crash_signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT};
enum { crash_signal_count = sizeof crash_signals / sizeof *crash_signals };
static struct sigaction handlers_before[crash_signal_count];

void terminal_guard_restore_modes(void) {
    if (atomic_load(&has_modes)) tcsetattr(STDIN_FILENO, TCSANOW, &modes_at_start);
}

// Runs in handlers: write and tcsetattr are async-signal-safe, and all signals are blocked meanwhile, SIGTTOU too,
// without which a process in the background could stop right here.
static void restore_terminal(void) {
    if (!atomic_exchange(&is_armed, 0)) return;
    size_t done = 0, count = (size_t)atomic_load(&restore_count);
    while (done < count) {
        ssize_t written = write(STDOUT_FILENO, restore_bytes + done, count - done);
        if (written > 0) done += (size_t)written;
        else if (errno != EINTR) break;
    }
    terminal_guard_restore_modes();
}

// Hands on to the default action, never to the handler that was there before: Swift's own waits 30 s for an answer
// when it has a terminal. The exit status is that of the signal either way.
static void crash_handler(int number) {
    restore_terminal();
    signal(number, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    raise(number);
}

static void notice_handler(int number) {
    int saved = errno;
    atomic_fetch_add(&counts[number], 1);
    int ends = number == SIGTERM || number == SIGHUP ? atomic_fetch_add(&ends_waiting, 1) + 1 : 0;
    int interrupts = number == SIGINT ? atomic_fetch_add(&interrupts_waiting, 1) + 1 : 0;
    // Asked again before the program looked: it hangs, so nobody else will leave the terminal as it was found.
    if (ends >= 2 || interrupts >= 3) {
        restore_terminal();
        _exit(128 + number);
    }
    terminal_guard_wake();
    errno = saved;
}

static void set_handler(int number, void (*handler)(int), int flags, struct sigaction *before) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigfillset(&action.sa_mask);
    sigaction(number, &action, before);
}

int terminal_guard_install(void) {
    if (wake_pipe[0] >= 0) return wake_pipe[0];
    int ends[2];
    if (pipe(ends) != 0) return -1;
    for (int end = 0; end < 2; end++) {
        fcntl(ends[end], F_SETFL, O_NONBLOCK);
        fcntl(ends[end], F_SETFD, FD_CLOEXEC);
    }
    wake_pipe[1] = ends[1];
    wake_pipe[0] = ends[0];
    atomic_store(&has_modes, tcgetattr(STDIN_FILENO, &modes_at_start) == 0);
    static const int noticed[] = {SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGTSTP, SIGCONT};
    for (size_t i = 0; i < sizeof noticed / sizeof *noticed; i++) {
        set_handler(noticed[i], notice_handler, SA_RESTART, NULL);
    }
    return wake_pipe[0];
}

void terminal_guard_wake(void) {
    // A pipe that is full is awake already, so a write that fails needs no answer.
    if (atomic_load(&is_woken) == 0 && atomic_exchange(&is_woken, 1) == 0 && wake_pipe[1] >= 0) {
        char byte = 0;
        ssize_t ignored = write(wake_pipe[1], &byte, 1);
        (void)ignored;
    }
}

void terminal_guard_drain(void) {
    char bytes[64];
    while (wake_pipe[0] >= 0 && read(wake_pipe[0], bytes, sizeof bytes) > 0) {}
    // After the reading: whoever wakes in between finds the flag set, and its news is seen after this call.
    atomic_store(&is_woken, 0);
    atomic_store(&ends_waiting, 0);
    atomic_store(&interrupts_waiting, 0);
}

int terminal_guard_take(int number) {
    return number > 0 && number < signal_limit ? atomic_exchange(&counts[number], 0) : 0;
}

void terminal_guard_arm(const char *restore, size_t count) {
    if (atomic_load(&is_armed)) return;
    size_t kept = count < restore_limit ? count : restore_limit;
    memcpy(restore_bytes, restore, kept);
    atomic_store(&restore_count, (int)kept);
    // A stack of its own for this thread, so that an overflow of the ordinary one can be handled too.
    static char stack[64 * 1024];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = 0};
    sigaltstack(&alternate, NULL);
    atomic_store(&is_armed, 1);
    for (int i = 0; i < crash_signal_count; i++) {
        set_handler(crash_signals[i], crash_handler, SA_ONSTACK, &handlers_before[i]);
    }
}

void terminal_guard_disarm(void) {
    if (!atomic_exchange(&is_armed, 0)) return;
    for (int i = 0; i < crash_signal_count; i++) sigaction(crash_signals[i], &handlers_before[i], NULL);
}

static struct sigaction interrupt_before, terminate_before;

static void erase_line(void) {
    static const char erase[] = "\r\033[K";
    ssize_t ignored = write(STDERR_FILENO, erase, sizeof erase - 1);
    (void)ignored;
}

static void erase_line_and_exit(int number) {
    erase_line();
    _exit(128 + number);
}

void terminal_guard_begin_passing_line(void) {
    set_handler(SIGINT, erase_line_and_exit, 0, &interrupt_before);
    set_handler(SIGTERM, erase_line_and_exit, 0, &terminate_before);
}

void terminal_guard_end_passing_line(void) {
    erase_line();
    sigaction(SIGINT, &interrupt_before, NULL);
    sigaction(SIGTERM, &terminate_before, NULL);
}

void terminal_guard_stop(void) {
    struct sigaction before;
    set_handler(SIGTSTP, SIG_DFL, 0, &before);
    // The whole group, as the terminal would: a script that waits for this program must stop with it.
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
}
