#define _GNU_SOURCE
#include "CPseudoTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#ifdef __linux__
#include <pty.h>
#include <utmp.h>
#else
#include <util.h>
#endif

/// Nothing of the test's own: threads of a test runner block signals, and its files are no business of the program.
static void forget_the_test(int ignored) {
    for (int number = 1; number <= 64; number++) signal(number, SIG_DFL);
    if (ignored) signal(ignored, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_all_from(int first) {
    for (int file = first; file < 1024; file++) close(file);
}

static void redirect(const char *path, int to) {
    if (path == NULL) return;
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0) _exit(126);
    dup2(file, to);
    close(file);
}

static _Noreturn void run_program(const struct pseudo_terminal_start *start, int ready) {
    setpgid(0, 0);
    // Not before the keeper has given this job the terminal.
    char byte;
    while (read(ready, &byte, 1) < 0 && errno == EINTR) {}
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (chdir(start->folder) != 0) _exit(126);
    redirect(start->output, STDOUT_FILENO);
    redirect(start->errors, STDERR_FILENO);
    // Among them the pipe by whose end the keeper knows that the program itself is there.
    for (int file = 3; file < 1024; file++) fcntl(file, F_SETFD, FD_CLOEXEC);
    forget_the_test(start->ignored);
    execve(start->program, start->arguments, start->environment);
    _exit(127);
}

/// What the keeper does until the program has ended.
static _Noreturn void keep(pid_t program, int statuses, int orders) {
    for (;;) {
        int status;
        pid_t changed = waitpid(program, &status, WNOHANG | WUNTRACED | WCONTINUED);
        if (changed == program) {
            // A job that stopped gives the terminal back, as in a shell.
            if (WIFSTOPPED(status)) tcsetpgrp(STDIN_FILENO, getpgrp());
            if (write(statuses, &status, sizeof status) < 0) _exit(1);
            if (WIFEXITED(status) || WIFSIGNALED(status)) _exit(0);
        }
        struct pollfd polled = {.fd = orders, .events = POLLIN};
        char order;
        if (poll(&polled, 1, 2) != 1 || read(orders, &order, 1) != 1) continue;
        if (order == 'f') tcsetpgrp(STDIN_FILENO, program);
        kill(-program, SIGCONT);
    }
}

int pseudo_terminal_open(const struct pseudo_terminal_start *start, struct pseudo_terminal *result) {
    int statuses[2], orders[2], started[2];
    if (pipe(statuses) != 0 || pipe(orders) != 0 || pipe(started) != 0) return -1;
    struct winsize size = {.ws_col = start->columns, .ws_row = start->rows};
    int terminal;
    if (openpty(&result->master, &terminal, NULL, NULL, &size) != 0) return -1;
    if (tcgetattr(terminal, &result->modes) != 0) return -1;
    pid_t keeper = fork();
    if (keeper < 0) return -1;
    if (keeper == 0) {
        close(result->master);
        if (login_tty(terminal) != 0) _exit(126);
        int ready[2], replaced[2];
        forget_the_test(SIGHUP);
        signal(SIGTTOU, SIG_IGN);
        if (pipe(ready) != 0 || pipe(replaced) != 0) _exit(126);
        pid_t program = fork();
        if (program < 0) _exit(126);
        if (program == 0) run_program(start, ready[0]);
        setpgid(program, program);
        tcsetpgrp(STDIN_FILENO, program);
        char byte;
        close(replaced[1]);
        if (write(ready[1], "", 1) < 0 || read(replaced[0], &byte, 1) < 0) _exit(126);
        if (write(started[1], &program, sizeof program) < 0) _exit(126);
        // Ends that others hold must not be held here too.
        dup2(statuses[1], 3);
        dup2(orders[0], 4);
        close_all_from(5);
        keep(program, 3, 4);
    }
    close(terminal);
    close(statuses[1]);
    close(orders[0]);
    close(started[1]);
    bool isStarted = read(started[0], &result->program, sizeof result->program) == sizeof result->program;
    close(started[0]);
    int kept[] = {result->master, statuses[0], orders[1]};
    for (int i = 0; i < 3; i++) fcntl(kept[i], F_SETFD, FD_CLOEXEC);
    fcntl(result->master, F_SETFL, O_NONBLOCK);
    fcntl(statuses[0], F_SETFL, O_NONBLOCK);
    result->keeper = keeper;
    result->statuses = statuses[0];
    result->orders = orders[1];
    return isStarted ? 0 : -1;
}

int pseudo_terminal_resize(int master, unsigned short columns, unsigned short rows) {
    struct winsize size = {.ws_col = columns, .ws_row = rows};
    return ioctl(master, TIOCSWINSZ, &size);
}
