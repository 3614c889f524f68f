#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum {
    restore_limit = 256,
    /// How long a terminal that takes nothing is waited for before what it has not taken is thrown away.
    patience_milliseconds = 100,
};

/// The terminal, opened anew: not waiting is a property of what was opened, which standard output shares with the shell.
static int terminal = -1;
/// Whether it waits all the same, because it could not be opened anew.
static bool does_wait;
static struct termios modes_at_start;
static atomic_int has_modes;
static char restore_bytes[restore_limit];
static atomic_int restore_count;
static atomic_int is_armed, is_line_drawn;

int terminal_guard_is_in_foreground(void) {
    pid_t group = terminal < 0 ? -1 : tcgetpgrp(terminal);
    return group == -1 || group == getpgrp();
}

void terminal_guard_restore_modes(void) {
    // Another job's modes are its own. Where the system would stop us for it, it is because of that, too.
    if (!atomic_load(&has_modes) || !terminal_guard_is_in_foreground()) return;
    sigset_t only, before;
    sigemptyset(&only);
    sigaddset(&only, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &only, &before);
    // NOW: DRAIN would wait for a reader.
    tcsetattr(terminal, TCSANOW, &modes_at_start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/// Writes to the terminal; one that takes nothing is made to forget what it has not taken.
static void write_to_terminal(const char *bytes, size_t count) {
    if (does_wait) return write_without_waiting(terminal, bytes, count);
    int patience = patience_milliseconds;
    bool hasFlushed = false;
    while (count > 0) {
        ssize_t written = write(terminal, bytes, count);
        if (written > 0) {
            bytes += written;
            count -= (size_t)written;
        } else if (written < 0 && errno == EAGAIN && patience > 0) {
            poll(NULL, 0, 10);
            patience -= 10;
        } else if (written < 0 && errno == EAGAIN && !hasFlushed) {
            hasFlushed = true;
            patience = patience_milliseconds / 2;
            // A thread that waits in a write holds the terminal: first it must let go.
            give_up_blocked_outputs();
            tcflush(terminal, TCOFLUSH);
        } else if (written >= 0 || errno != EINTR) {
            return;
        }
    }
}

void terminal_guard_put_back(void) {
    if (!atomic_load(&is_armed)) return;
    // The modes first: they need nobody who reads.
    terminal_guard_restore_modes();
    write_to_terminal(restore_bytes, (size_t)atomic_load(&restore_count));
}

void write_without_waiting(int descriptor, const char *bytes, size_t count) {
    struct pollfd output = {.fd = descriptor, .events = POLLOUT};
    // A byte at a time: that is what POLLOUT promises room for.
    while (count > 0 && poll(&output, 1, 0) == 1 && (output.revents & POLLOUT) && write(descriptor, bytes, 1) == 1) {
        bytes++;
        count--;
    }
}

// MARK: Crashes

static struct sigaction handlers_before[signal_limit];

/// Hands on to the default action, never to the handler that was there before: Swift's own waits 30 s for an answer when
/// it has a terminal. The exit status is that of the signal either way.
static void handle_crash(int number, siginfo_t *information, void *context) {
    if (atomic_load(&is_armed)) park_main_thread();
    terminal_guard_put_back();
    set_disposition(number, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    raise(number);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
}

static void for_each_crash(void (*body)(int number)) {
    size_t count;
    const struct signal_row *rows = signal_table(&count);
    for (size_t i = 0; i < count; i++) {
        // Nobody can ignore a fault, but QUIT comes from outside.
        bool isOurs = rows[i].action == signal_action_die && !(rows[i].first == SIGQUIT && was_ignored(SIGQUIT));
        if (isOurs) body(rows[i].first);
    }
}

static void take_crash(int number) { set_handler(number, handle_crash, SA_ONSTACK, &handlers_before[number]); }

void take_crashes(void) {
    // Documented in Swift's docs/Backtracing.rst: on Linux its handlers are there wherever standard input is a terminal.
    if (getenv("SWIFT_BACKTRACE") == NULL) for_each_crash(take_crash);
}

static void leave_crash(int number) { sigaction(number, &handlers_before[number], NULL); }

// MARK: Taking over and leaving

/// Opens the terminal of standard output anew.
static int open_terminal(void) {
    enum { how = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC };
#ifdef __linux__
    // Works where the terminal has no name here, as in a container that was given one from outside.
    int opened = open("/proc/self/fd/1", how);
    if (opened >= 0) return opened;
#endif
    char name[PATH_MAX];
    return ttyname_r(STDOUT_FILENO, name, sizeof name) == 0 ? open(name, how) : -1;
}

void find_terminal(void) {
    if (terminal >= 0) return;
    terminal = open_terminal();
    // It may be another user's, as after su.
    does_wait = terminal < 0;
    if (does_wait) terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
}

void terminal_guard_arm(const char *restore, size_t count) {
    if (!atomic_load(&has_modes)) atomic_store(&has_modes, tcgetattr(terminal, &modes_at_start) == 0);
    size_t kept = count < restore_limit ? count : restore_limit;
    atomic_store(&restore_count, 0);
    memcpy(restore_bytes, restore, kept);
    atomic_store(&restore_count, (int)kept);
    if (atomic_load(&is_armed)) return;
    // A stack of its own for this thread, so that an overflow of the ordinary one can be handled too.
    static char stack[64 * 1024];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = 0};
    sigaltstack(&alternate, NULL);
    atomic_store(&is_armed, 1);
    for_each_crash(take_crash);
}

void terminal_guard_disarm(void) {
    if (!atomic_exchange(&is_armed, 0)) return;
    for_each_crash(leave_crash);
}

// MARK: A line that passes

void erase_passing_line(void) {
    if (!atomic_exchange(&is_line_drawn, 0)) return;
    static const char erase[] = "\r\033[K";
    write_without_waiting(STDERR_FILENO, erase, sizeof erase - 1);
}

void terminal_guard_begin_passing_line(void) { atomic_store(&is_line_drawn, 1); }

void terminal_guard_end_passing_line(void) { erase_passing_line(); }
