#ifndef CPSEUDOTERMINAL_H
#define CPSEUDOTERMINAL_H
#include <sys/types.h>
#include <termios.h>

// A pseudo-terminal with a program in it, and a keeper between them and the test that does what a shell does: it leads the
// session, gives the program's job the terminal, and tells how it fares. In C, because the keeper lives between fork and
// exec, where Swift must not run.

/// What a program is started with.
struct pseudo_terminal_start {
    const char *program;
    /// Both end with NULL.
    char *const *arguments, *const *environment;
    const char *folder;
    unsigned short columns, rows;
    /// A signal that the program finds ignored, 0 for none.
    int ignored;
    /// Files for its standard output and error, NULL for the terminal.
    const char *output, *errors;
};

/// What was started.
struct pseudo_terminal {
    /// The test's end of the terminal.
    int master;
    /// The terminal's modes before there was anybody to change them.
    struct termios modes;
    /// The keeper, which ends when the program has, and the program.
    pid_t keeper, program;
    /// Gives an int, a status of waitpid(2), whenever the program stopped, went on or ended.
    int statuses;
    /// Takes a byte: 'f' gives the job the terminal and lets it go on, 'b' lets it go on in the background.
    int orders;
};

/// Starts a program. Returns 0, or -1 with errno.
int pseudo_terminal_open(const struct pseudo_terminal_start *start, struct pseudo_terminal *result);

/// Gives the terminal another size, which tells its job so. Returns 0, or -1 with errno.
int pseudo_terminal_resize(int master, unsigned short columns, unsigned short rows);
#endif
