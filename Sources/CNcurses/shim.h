#define NCURSES_WIDECHAR 1
#include <langinfo.h>
#include <ncurses.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

/// Swift 6 refuses C's mutable globals `stdout` and `stdin`.
static inline SCREEN *shim_newterm(void) { return newterm(NULL, stdout, stdin); }

/// Reads the description of the terminal type in TERM, so that it can be asked before `newterm` changes anything. Returns
/// 0, or -1 where there is none. (`setupterm` would print and exit without a place for its error.)
static inline int shim_describe_terminal(void) {
    int error;
    return setupterm(NULL, STDOUT_FILENO, &error) == OK ? 0 : -1;
}

/// Swift 6 refuses the mutable global `stdscr`.
static inline WINDOW *shim_stdscr(void) { return stdscr; }

/// Swift 6 refuses the mutable global `COLORS`.
static inline int shim_colors(void) { return COLORS; }

/// Swift 6 refuses the mutable global `COLOR_PAIRS`.
static inline int shim_color_pairs(void) { return COLOR_PAIRS; }

/// `attr_set` is a macro, and a pair beyond 32,767 travels through its last argument.
static inline int shim_set_style(attr_t attributes, int pair) {
    return wattr_set(stdscr, attributes, (short)pair, &pair);
}

/// `COLOR_PAIR` is a macro with an argument. Only for pairs below 256.
static inline int shim_set_background(int pair) { return wbkgd(stdscr, ' ' | COLOR_PAIR(pair)); }

/// The `A_` constants are macros with casts, which are not imported.
static inline attr_t shim_bold(void) { return A_BOLD; }
/// See `shim_bold`.
static inline attr_t shim_dim(void) { return A_DIM; }
/// See `shim_bold`.
static inline attr_t shim_underline(void) { return A_UNDERLINE; }
/// See `shim_bold`.
static inline attr_t shim_reverse(void) { return A_REVERSE; }
/// See `shim_bold`.
static inline attr_t shim_italic(void) { return A_ITALIC; }

/// `ioctl` is variadic. Returns 0 and the size in cells, or -1. (`columns` and `lines` are macros of term.h.)
static inline int shim_terminal_size(int *across, int *down) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return -1;
    *across = size.ws_col;
    *down = size.ws_row;
    return 0;
}

/// Writes a sequence that terminfo does not know, at once. (Swift 6 refuses the mutable global `stdout`.)
static inline void shim_write(const char *sequence) {
    fputs(sequence, stdout);
    fflush(stdout);
}

/// `CODESET` is a macro in some systems and an enumerator in others.
static inline const char *shim_codeset(void) { return nl_langinfo(CODESET); }

/// `tigetstr` tells "not a string" by the pointer -1, which Swift cannot compare; here both failures are NULL.
static inline const char *shim_capability(const char *name) {
    const char *text = tigetstr((char *)name);
    return text == (char *)-1 ? NULL : text;
}
