#include "CEmbedded.h"

const unsigned char embedded_storms_csv[] = {
#embed "storms.csv"
};
const size_t embedded_storms_csv_count = sizeof embedded_storms_csv;
