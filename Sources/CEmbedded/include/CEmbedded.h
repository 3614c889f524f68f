#ifndef CEMBEDDED_H
#define CEMBEDDED_H
#include <stddef.h>
/// The built-in data set: storms.csv, byte for byte.
extern const unsigned char embedded_storms_csv[];
extern const size_t embedded_storms_csv_count;
/// The address of the first byte; Swift does not import arrays of unknown length.
static inline const unsigned char *_Nonnull embedded_storms_csv_start(void) { return embedded_storms_csv; }

/// A theme's name and its TOML file, byte for byte.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} embedded_theme;
/// The built-in themes, the default first: Themes/*.toml.
extern const embedded_theme embedded_themes[];
extern const size_t embedded_themes_count;
/// One of them, or NULL behind the last. (An array of unknown length does not reach Swift.)
const embedded_theme *embedded_theme_at(size_t index);
#endif
