#include "CEmbedded.h"

// A theme is one entry: the name that it is chosen by, and its file.
static const embedded_theme themes[] = {
    {"midnight", (const unsigned char[]){
#embed "../../Themes/midnight.toml" suffix(, 0)
    }},
    {"paper", (const unsigned char[]){
#embed "../../Themes/paper.toml" suffix(, 0)
    }},
    {"high-contrast", (const unsigned char[]){
#embed "../../Themes/high-contrast.toml" suffix(, 0)
    }},
    {"okabe-ito", (const unsigned char[]){
#embed "../../Themes/okabe-ito.toml" suffix(, 0)
    }},
    {"mono", (const unsigned char[]){
#embed "../../Themes/mono.toml" suffix(, 0)
    }},
};

const embedded_theme *_Nullable embedded_theme_at(size_t index) {
    return index < sizeof themes / sizeof *themes ? &themes[index] : NULL;
}
