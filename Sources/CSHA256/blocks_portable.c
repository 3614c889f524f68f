#include "blocks.h"

const uint32_t sha256_rounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int bits) { return x >> bits | x << (32 - bits); }
static uint32_t choose(uint32_t x, uint32_t yes, uint32_t no) { return no ^ (x & (yes ^ no)); }
static uint32_t majority(uint32_t x, uint32_t y, uint32_t z) { return (x & y) | (z & (x | y)); }

static uint32_t read_word(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void sha256_blocks_portable(uint32_t state[8], const uint8_t *bytes, size_t count) {
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (; count > 0; count--, bytes += 64) {
        // The schedule's last sixteen words: word t lies at t % 16.
        uint32_t w[16];
// Unrolled, so that the words have fixed places and the letters change theirs without being moved.
#pragma clang loop unroll(full)
        for (int t = 0; t < 64; t++) {
            if (t < 16) {
                w[t] = read_word(bytes + 4 * t);
            } else {
                uint32_t near = w[(t - 2) % 16], far = w[(t - 15) % 16];
                w[t % 16] += (rotate(near, 17) ^ rotate(near, 19) ^ near >> 10) + w[(t - 7) % 16] +
                             (rotate(far, 7) ^ rotate(far, 18) ^ far >> 3);
            }
            uint32_t first = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choose(e, f, g) + sha256_rounds[t] +
                             w[t % 16];
            uint32_t second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority(a, b, c);
            h = g, g = f, f = e, e = d + first;
            d = c, c = b, b = a, a = first + second;
        }
        a = state[0] += a, b = state[1] += b, c = state[2] += c, d = state[3] += d;
        e = state[4] += e, f = state[5] += f, g = state[6] += g, h = state[7] += h;
    }
}

#if !defined(__x86_64__) && !defined(__aarch64__)
#include "include/CSHA256.h"
int sha256_has_instructions(void) { return 0; }
void sha256_blocks_instructions(uint32_t state[8], const uint8_t *bytes, size_t count) {
    sha256_blocks_portable(state, bytes, count);
}
#endif
