#include "CEmbedded.h"

// Each theme once as bytes and once in the table below: the name it has without ".toml".
static const unsigned char midnight[] = {
#embed "../../Themes/midnight.toml"
};
static const unsigned char paper[] = {
#embed "../../Themes/paper.toml"
};
static const unsigned char high_contrast[] = {
#embed "../../Themes/high-contrast.toml"
};
static const unsigned char okabe_ito[] = {
#embed "../../Themes/okabe-ito.toml"
};
static const unsigned char mono[] = {
#embed "../../Themes/mono.toml"
};

const embedded_theme embedded_themes[] = {
    {"midnight", midnight, sizeof midnight},
    {"paper", paper, sizeof paper},
    {"high-contrast", high_contrast, sizeof high_contrast},
    {"okabe-ito", okabe_ito, sizeof okabe_ito},
    {"mono", mono, sizeof mono},
};
const size_t embedded_themes_count = sizeof embedded_themes / sizeof *embedded_themes;

const embedded_theme *embedded_theme_at(size_t index) {
    return index < embedded_themes_count ? &embedded_themes[index] : NULL;
}
