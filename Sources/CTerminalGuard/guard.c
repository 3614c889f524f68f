#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

static int wake_pipe[2] = {-1, -1};
static atomic_int is_woken;
static atomic_int counts[signal_limit], has_counts;
static atomic_int is_listening, is_installed;
static bool ignored_at_start[signal_limit];

void set_handler(int number, signal_handler *handler, int flags, struct sigaction *before) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = flags | SA_SIGINFO;
    sigfillset(&action.sa_mask);
    sigaction(number, &action, before);
}

void set_disposition(int number, void (*disposition)(int)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = disposition;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

bool was_ignored(int number) { return number > 0 && number < signal_limit && ignored_at_start[number]; }

int terminal_guard_ignores_hangups(void) { return was_ignored(SIGHUP); }

// MARK: Handlers

static void notice(int number) {
    atomic_fetch_add(&counts[number], 1);
    atomic_store(&has_counts, 1);
    terminal_guard_wake();
}

static void handle_notice(int number, siginfo_t *information, void *context) {
    int saved = errno;
    notice(number);
    errno = saved;
}

static void handle_end(int number, siginfo_t *information, void *context) {
    int saved = errno;
    if (!atomic_load(&is_listening)) end_at_once(number);
    bool insists = false;
    if (begin_ending(number, &insists)) notice(number);
    if (insists) end_at_once(terminal_guard_ending());
    errno = saved;
}

/// A warning before there is a run has nothing to make safe.
static void handle_warning(int number, siginfo_t *information, void *context) {
    int saved = errno;
    if (atomic_load(&is_listening)) notice(number);
    errno = saved;
}

/// Stops this very process by the signal's own action, here and now.
static void stop_by(int number, signal_handler *handler) {
    set_disposition(number, SIG_DFL);
    sigset_t only, before;
    sigemptyset(&only);
    sigaddset(&only, number);
    raise(number);
    // In a handler it is delivered here.
    pthread_sigmask(SIG_UNBLOCK, &only, &before);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    set_handler(number, handler, SA_RESTART, NULL);
}

static void handle_suspend(int number, siginfo_t *information, void *context) {
    int saved = errno;
    // From the system, because this job is in the background: then the terminal, and what is on it, is somebody else's.
    bool isBackground = (number == SIGTTIN || number == SIGTTOU) && information->si_code > 0;
    if (isBackground) stop_by(number, handle_suspend);
    else notice(number);
    errno = saved;
}

static signal_handler *handler_of(enum signal_action action) {
    switch (action) {
    case signal_action_end: return handle_end;
    case signal_action_warn: return handle_warning;
    case signal_action_suspend: return handle_suspend;
    case signal_action_resume:
    case signal_action_resize: return handle_notice;
    default: return NULL;
    }
}

/// Whether an action is about the terminal, and nobody's business while the program has none.
static bool needs_terminal(enum signal_action action) {
    return action == signal_action_suspend || action == signal_action_resume || action == signal_action_resize;
}

static void for_each_signal(void (*body)(int number, enum signal_action action)) {
    size_t count;
    const struct signal_row *rows = signal_table(&count);
    for (size_t i = 0; i < count; i++) {
        for (int number = rows[i].first; number <= rows[i].last; number++) body(number, rows[i].action);
    }
}

// MARK: Being told

/// Takes a signal where nobody else has.
static void take(int number, enum signal_action action) {
    struct sigaction present;
    if (sigaction(number, NULL, &present) != 0) return;
    if (!(present.sa_flags & SA_SIGINFO) && present.sa_handler == SIG_IGN) ignored_at_start[number] = true;
    if ((present.sa_flags & SA_SIGINFO) || present.sa_handler != SIG_DFL) return;
    if (action == signal_action_ignore) set_disposition(number, SIG_IGN);
    else if (!needs_terminal(action) && handler_of(action)) set_handler(number, handler_of(action), SA_RESTART, NULL);
}

void terminal_guard_install(void) {
    if (atomic_exchange(&is_installed, 1)) return;
    start_watching();
    for_each_signal(take);
    take_crashes();
}

int terminal_guard_listen(void) {
    terminal_guard_install();
    if (wake_pipe[0] < 0) {
        int ends[2];
        if (pipe(ends) != 0) return -1;
        for (int end = 0; end < 2; end++) {
            fcntl(ends[end], F_SETFL, O_NONBLOCK);
            fcntl(ends[end], F_SETFD, FD_CLOEXEC);
        }
        wake_pipe[1] = ends[1];
        wake_pipe[0] = ends[0];
    }
    watch_over_this_thread();
    atomic_store(&is_listening, 1);
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
}

int terminal_guard_next(void) {
    if (!atomic_exchange(&has_counts, 0)) return 0;
    for (int number = 1; number < signal_limit; number++) {
        int count = atomic_load(&counts[number]);
        if (count == 0) continue;
        atomic_fetch_sub(&counts[number], 1);
        atomic_store(&has_counts, 1);
        return number;
    }
    return 0;
}

// MARK: The terminal

static void take_terminal_signal(int number, enum signal_action action) {
    if (needs_terminal(action) && !was_ignored(number)) set_handler(number, handler_of(action), SA_RESTART, NULL);
}

static void leave_terminal_signal(int number, enum signal_action action) {
    if (needs_terminal(action) && !was_ignored(number)) set_disposition(number, SIG_DFL);
}

void terminal_guard_open(void) {
    terminal_guard_install();
    find_terminal();
    for_each_signal(take_terminal_signal);
}

void terminal_guard_close(void) { for_each_signal(leave_terminal_signal); }

void terminal_guard_stop(void) {
    if (was_ignored(SIGTSTP)) return;
    set_disposition(SIGTSTP, SIG_DFL);
    // The whole group, as the terminal would: a script that waits for this program must stop with it.
    kill(0, SIGTSTP);
    set_handler(SIGTSTP, handle_suspend, SA_RESTART, NULL);
}

int terminal_guard_await_foreground(void) {
    // Whoever starts a program so lets it use the terminal from the background too.
    if (was_ignored(SIGTTOU)) return !terminal_guard_ending();
    while (!terminal_guard_ending() && !terminal_guard_is_in_foreground()) {
        // What came while the process was stopped comes with what let it go on: a moment for its handler.
        poll(NULL, 0, 50);
        if (terminal_guard_ending() || terminal_guard_is_in_foreground()) break;
        stop_by(SIGTTOU, handle_suspend);
    }
    return !terminal_guard_ending();
}
