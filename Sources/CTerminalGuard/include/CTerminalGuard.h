#ifndef CTERMINALGUARD_H
#define CTERMINALGUARD_H
#include <stddef.h>

// Signals and crashes, handled where Swift must not run: a signal handler may only do what POSIX calls
// async-signal-safe, and Swift may allocate or take a lock anywhere.

/// Remembers the terminal's modes and lets SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGTSTP and SIGCONT be counted.
/// Call it before ncurses starts, which takes SIGINT, SIGTERM and SIGTSTP for itself where it finds the default.
/// Returns a descriptor that becomes readable when there is a signal or a wake, or -1 with errno. Idempotent.
int terminal_guard_install(void);

/// Makes the descriptor readable. Any thread, any number of times; several wakes before a drain are one.
void terminal_guard_wake(void);

/// Empties the descriptor.
void terminal_guard_drain(void);

/// How often a signal came since the last call for it.
int terminal_guard_take(int signal);

/// From now on a crash writes these bytes (at most 256) to standard output and puts the terminal's modes back before
/// the process dies.
void terminal_guard_arm(const char *restore, size_t count);

/// The terminal is as it was found: crashes are nobody's business again.
void terminal_guard_disarm(void);

/// Puts back the terminal's modes as they were at install.
void terminal_guard_restore_modes(void);

/// A line that must not stay is on the terminal of standard error from now on: SIGINT and SIGTERM erase it and end the
/// process with 128 + their number.
void terminal_guard_begin_passing_line(void);

/// Erases that line; the signals do what they did before.
void terminal_guard_end_passing_line(void);

/// Stops the process group as Ctrl-Z does outside of raw mode; returns when it goes on.
void terminal_guard_stop(void);
#endif
