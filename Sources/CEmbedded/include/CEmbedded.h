#ifndef CEMBEDDED_H
#define CEMBEDDED_H
#include <stddef.h>
/// The built-in data set: storms.csv, byte for byte.
extern const unsigned char embedded_storms_csv[];
extern const size_t embedded_storms_csv_count;
/// The address of the first byte; Swift does not import arrays of unknown length.
static inline const unsigned char *_Nonnull embedded_storms_csv_start(void) { return embedded_storms_csv; }

/// A built-in theme: its name, and its TOML file byte for byte with a zero behind it.
typedef struct {
    const char *_Nonnull name;
    const unsigned char *_Nonnull text;
} embedded_theme;
/// One of the built-in themes, the default first; NULL behind the last.
const embedded_theme *_Nullable embedded_theme_at(size_t index);

/// A file of the Python client: its path below a folder of PYTHONPATH, and its text with a zero behind it.
typedef struct {
    const char *_Nonnull path;
    const unsigned char *_Nonnull text;
} embedded_python_file;
/// One of the client's files; NULL behind the last.
const embedded_python_file *_Nullable embedded_python_file_at(size_t index);
#endif
