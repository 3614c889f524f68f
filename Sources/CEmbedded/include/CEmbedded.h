#ifndef CEMBEDDED_H
#define CEMBEDDED_H
#include <stddef.h>
/// The built-in data set: storms.csv, byte for byte.
extern const unsigned char embedded_storms_csv[];
extern const size_t embedded_storms_csv_count;
/// The address of the first byte; Swift does not import arrays of unknown length.
static inline const unsigned char *_Nonnull embedded_storms_csv_start(void) { return embedded_storms_csv; }
#endif
