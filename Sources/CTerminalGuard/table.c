#define _GNU_SOURCE
#include "CTerminalGuard.h"

#include <signal.h>

// By number where all systems agree, else in Linux's order.
//
// What batch systems mean by them:
// - TERM is how Slurm, PBS and `timeout` end a job, INT and then TERM how LSF does (its TERMINATE action), each with 10 s
//   or more before KILL.
// - XCPU comes at a soft limit of processor time, from the kernel, LSF (CPULIMIT) and Grid Engine (s_cpu).
// - USR1 and USR2 are warnings: Grid Engine sends them a minute before it stops or kills a job (qsub -notify), and USR1 at
//   a soft limit of time (s_rt); Slurm sends what sbatch --signal names, by custom USR1, so many seconds before the end.
//   After a warning the run may still be wanted, for a job that is stopped goes on later, and the time until the end is
//   its own: so the weights are made safe, and the end is left to the signal that means it.
// - QUIT asks for an end without cleaning up (glibc manual, 24.2.2 Termination Signals).
// ALRM, the other timers, IO, PWR, STKFLT and the real-time signals would end a process that does not know them. Whoever
// sends them wants that, as `alarm` before `exec` does.
static const struct signal_row signals[] = {
    {SIGHUP, SIGHUP, "HUP", signal_action_end},
    {SIGINT, SIGINT, "INT", signal_action_end},
    {SIGQUIT, SIGQUIT, "QUIT", signal_action_die},
    {SIGILL, SIGILL, "ILL", signal_action_die},
    {SIGTRAP, SIGTRAP, "TRAP", signal_action_die},
    {SIGABRT, SIGABRT, "ABRT", signal_action_die},
    {SIGBUS, SIGBUS, "BUS", signal_action_die},
    {SIGFPE, SIGFPE, "FPE", signal_action_die},
    {SIGKILL, SIGKILL, "KILL", signal_action_none},
    {SIGUSR1, SIGUSR1, "USR1", signal_action_warn},
    {SIGSEGV, SIGSEGV, "SEGV", signal_action_die},
    {SIGUSR2, SIGUSR2, "USR2", signal_action_warn},
    {SIGPIPE, SIGPIPE, "PIPE", signal_action_ignore},
    {SIGALRM, SIGALRM, "ALRM", signal_action_end},
    {SIGTERM, SIGTERM, "TERM", signal_action_end},
#ifdef SIGSTKFLT
    {SIGSTKFLT, SIGSTKFLT, "STKFLT", signal_action_end},
#endif
    {SIGCHLD, SIGCHLD, "CHLD", signal_action_none},
    {SIGCONT, SIGCONT, "CONT", signal_action_resume},
    {SIGSTOP, SIGSTOP, "STOP", signal_action_none},
    {SIGTSTP, SIGTSTP, "TSTP", signal_action_suspend},
    {SIGTTIN, SIGTTIN, "TTIN", signal_action_suspend},
    {SIGTTOU, SIGTTOU, "TTOU", signal_action_suspend},
    {SIGURG, SIGURG, "URG", signal_action_none},
    {SIGXCPU, SIGXCPU, "XCPU", signal_action_end},
    {SIGXFSZ, SIGXFSZ, "XFSZ", signal_action_ignore},
    {SIGVTALRM, SIGVTALRM, "VTALRM", signal_action_end},
    {SIGPROF, SIGPROF, "PROF", signal_action_end},
    {SIGWINCH, SIGWINCH, "WINCH", signal_action_resize},
#ifdef __linux__
    {SIGIO, SIGIO, "IO", signal_action_end},
#else
    {SIGIO, SIGIO, "IO", signal_action_none},
#endif
#ifdef SIGPWR
    {SIGPWR, SIGPWR, "PWR", signal_action_end},
#endif
    {SIGSYS, SIGSYS, "SYS", signal_action_die},
#ifdef __linux__
    // SIGRTMIN is the first that the C library leaves to programs, which it tells at run time; here it is glibc's and
    // musl's 34 and 35 or more, and the two or three before it cannot be caught through the C library.
    {34, 64, "RTMIN to RTMAX", signal_action_end},
#endif
};
enum { row_count = sizeof signals / sizeof *signals };

const struct signal_row *signal_table(size_t *count) {
    *count = row_count;
    return signals;
}

enum signal_action signal_action_of(int number) {
    for (int i = 0; i < row_count; i++) {
        if (number >= signals[i].first && number <= signals[i].last) return signals[i].action;
    }
    return signal_action_none;
}
