#ifndef CTERMINALGUARD_INTERNAL_H
#define CTERMINALGUARD_INTERNAL_H
#include "CTerminalGuard.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

// A lock-free atomic int is what a handler, the training queue and the main thread may all touch.
_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "signal handlers need lock-free atomics");

enum { signal_limit = 65 };

typedef void signal_handler(int number, siginfo_t *information, void *context);

/// Sets a handler that runs with all signals blocked. Async-signal-safe.
void set_handler(int number, signal_handler *handler, int flags, struct sigaction *before);
/// Sets SIG_DFL or SIG_IGN. Async-signal-safe.
void set_disposition(int number, void (*disposition)(int));
/// Whether a signal was ignored when the process began.
bool was_ignored(int number);

/// Puts the terminal back, erases a passing line and exits with 128 + the number. Async-signal-safe, and never waits for
/// longer than 300 ms.
_Noreturn void end_at_once(int number);
/// Erases the passing line where there is one. Async-signal-safe.
void erase_passing_line(void);
/// Writes what a descriptor takes without waiting. Async-signal-safe.
void write_without_waiting(int descriptor, const char *bytes, size_t count);
/// Takes the signals that a crash raises, where nobody asked for Swift's own handling of them.
void take_crashes(void);
/// Opens the terminal of standard output anew, where that was not done before.
void find_terminal(void);

/// This thread is to be got out of a write that waits. Not for handlers.
void watch_over_this_thread(void);
/// Makes the pipe of the watch thread, and that thread. To be called once.
bool start_watching(void);
/// The process is being ended by this signal. Async-signal-safe. Returns false where it was before, and that it is to
/// be ended at once where `insists` is set.
bool begin_ending(int number, bool *insists);
/// Lets the main thread do nothing any more: what it was about to do to the terminal must not come after what puts it back.
/// Async-signal-safe, and waits for 100 ms at most.
void park_main_thread(void);
/// Gives up outputs that take nothing, and gets the main thread out of writing to them. Async-signal-safe.
void give_up_blocked_outputs(void);
#endif
