#ifndef CTERMINALGUARD_H
#define CTERMINALGUARD_H
#include <stddef.h>

// Signals and crashes, handled where Swift must not run: a signal handler may only do what POSIX calls
// async-signal-safe, and Swift may allocate or take a lock anywhere.
//
//   signal ──> handler ──> counts, wakes ──> descriptor ──> the main loop, which ends the run
//                    └───> watch thread ──> gives up outputs that nobody reads; at the deadline ends the process
//
// Nothing in a handler waits: the terminal is written to through a descriptor of its own that never blocks.

// MARK: The table

/// What the program does about a signal.
enum signal_action {
    /// What the system does stays: it ends no process, or no program can change it.
    signal_action_none,
    /// Nothing: what it announces is seen as an error of the call that met it.
    signal_action_ignore,
    /// The run ends after the step in flight, with its weights, its journal and its step log.
    signal_action_end,
    /// The end is near: the weights are written now, and the run goes on.
    signal_action_warn,
    /// The process stops, with the terminal as it was found.
    signal_action_suspend,
    /// The terminal is taken over again.
    signal_action_resume,
    /// The terminal has another size.
    signal_action_resize,
    /// The terminal is put back and the process dies of the signal at once.
    signal_action_die,
};

/// A row of the table.
struct signal_row {
    /// The signal's number; with `last` a range of them.
    int first, last;
    /// Its name without SIG.
    const char *name;
    enum signal_action action;
};

/// The table, in the order of numbers: all signals that this system has.
const struct signal_row *signal_table(size_t *count);

/// What is done about a signal; `signal_action_none` for a number that the table does not have.
enum signal_action signal_action_of(int number);

// MARK: Being told

/// Puts the table in force: a signal that ends does so at once, with 128 + its number, until somebody listens. What was
/// ignored when the process began stays ignored. Call it first of all, in the main thread; a second call does nothing.
void terminal_guard_install(void);

/// From now on the caller ends the run: signals are counted, and the descriptor becomes readable when there is one, or a
/// wake. Returns it, or -1 with errno.
int terminal_guard_listen(void);

/// Makes the descriptor readable. Any thread, any number of times; several wakes before a drain are one.
void terminal_guard_wake(void);

/// Empties the descriptor.
void terminal_guard_drain(void);

/// The number of a signal that came since the last time, as often as it came; 0 when there is none any more.
int terminal_guard_next(void);

/// The signal that the process is ending of, 0 where it is not.
int terminal_guard_ending(void);

/// Whether hangups were ignored when the process began, as nohup has it.
int terminal_guard_ignores_hangups(void);

// MARK: Ending

/// How long the process may live after a signal that ends it; or, where one has come, after this call.
///
/// At the deadline, or when it is told to end again at least 300 ms after it was told first, the terminal is put back
/// and the process exits with 128 + the number of the first signal, whatever else it does. Standard output and error, if
/// they take nothing for 200 ms meanwhile, are given up: what is written there goes nowhere.
void terminal_guard_allow(int milliseconds);

enum {
    /// What ending may take where there is nothing to write.
    terminal_guard_usual_milliseconds = 1000,
    /// What it may take where a step in flight must be waited for and weights are to be written: less than the 10 s that
    /// LSF and `docker stop` leave between SIGTERM and SIGKILL (Slurm leaves 30 s).
    terminal_guard_saving_milliseconds = 9000,
};

// MARK: The terminal

/// The terminal is about to be taken over: the signals that suspend, resume and resize are told of from now on. Call it
/// before ncurses starts, which takes some signals for itself where it finds the default.
void terminal_guard_open(void);

/// From now on whatever ends the process writes these bytes (at most 256) to the terminal and puts its modes back first.
void terminal_guard_arm(const char *restore, size_t count);

/// The terminal is as it was found: signals that end it are nobody's business again.
void terminal_guard_disarm(void);

/// Writes the bytes of `terminal_guard_arm` and puts the modes back, for when ncurses must not: neither waits.
void terminal_guard_put_back(void);

/// Puts back the terminal's modes as they were at the start, unless another job has the terminal.
void terminal_guard_restore_modes(void);

/// The opposite of `terminal_guard_open`.
void terminal_guard_close(void);

/// Whether this job has the terminal, or nobody can tell.
int terminal_guard_is_in_foreground(void);

/// Stops the process group as Ctrl-Z does outside of raw mode; returns when it goes on.
///
/// Does nothing where SIGTSTP was ignored when the process began: nobody is there to let it go on.
void terminal_guard_stop(void);

/// Waits, stopped, until this job has the terminal. Returns 0 where the process was told to end instead.
int terminal_guard_await_foreground(void);

/// What is written to standard output or error from now on goes nowhere, without an error, where its terminal or reader is
/// gone.
void terminal_guard_give_up_outputs(void);

/// Whether standard output was given up because it took nothing: a terminal there does not get what is written any more,
/// but for `terminal_guard_put_back`.
int terminal_guard_has_given_up_terminal(void);

// MARK: A line that passes

/// A line that must not stay is on the terminal of standard error from now on: a signal that ends the process erases it.
void terminal_guard_begin_passing_line(void);

/// Erases that line.
void terminal_guard_end_passing_line(void);
#endif
