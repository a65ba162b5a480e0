// The month in C++, as one would write it by hand: W draws side by side in vector registers, one future after
// the other. tables.h is written from the compiled case by native.py; the formulas are those of docs/model.md.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>
#include "tables.h"

#ifndef W
#define W 32
#endif
#define EACH for (int l = 0; l < W; ++l)
typedef float Row[W];
typedef int32_t Ints[W];
typedef uint32_t Words[W];

constexpr float EDGE = 5.2933048247f, LEAST = 0.005f;  // log(0.995 / 0.005)
constexpr int N = NODES, V = VARIABLES, X = LEVERS, S = SETTINGS, P = PHASES, E = EVENTS, D = DEMANDS;
constexpr int LEVER0 = V + DERIVED, PHASE0 = LEVER0 + X, EVENT0 = PHASE0 + P, DEMAND0 = EVENT0 + E;
constexpr int UNIFORMS = RATES + X + 1, DRAWN = V + RATES + UNIFORMS;

// Parameters of W draws, in the order of the file.
struct alignas(64) Draws {
    Row start[V + 1], heading[V + 1], weight[LINKS + 1], constant[CONSTANTS + 1], alternatives[TIES + 1];
    Row base[X * S + 1], reviews[X + 1], pressing[D + 1], hazard[ARROWS + 1], reference[N + 1];
    Row then[ACTING + 1], pair[P * PAIRS + 1], payoff[X + 1], demand[D + 1], chances[X * S + 1];
    Row origin[ACTING + 1], gone[ACTING + 1];
};

// What is kept of a month.
struct alignas(64) Month {
    Row level[LEVER0], leverage[TIES + 1];
    Ints count[RATES + 1];
    int8_t setting[X + 1][W], phase[W];
};

static inline uint32_t mix(uint32_t x) {
    x = (x ^ (x >> 16)) * 0x7FEB352Du;
    x = (x ^ (x >> 15)) * 0x846CA68Bu;
    return x ^ (x >> 16);
}

struct Lane { Words one, other; };

static void lanes(Lane& lane, uint32_t first, uint32_t future) {
    EACH {
        uint32_t draw = first + l;
        lane.one[l] = mix(mix(SEED0 ^ draw) + future * 0x85EBCA6Bu);
        lane.other[l] = mix(mix(SEED1 ^ future) + draw * 0xC2B2AE35u);
    }
}

static void uniform(const Lane& lane, const uint32_t* what, uint32_t month, Row& u) {
    uint32_t when = mix(month + 0x9E3779B9u), first = what[0] ^ when, second = what[1];
    EACH {
        uint32_t bits = mix(mix(lane.one[l] ^ first) + (lane.other[l] ^ second)) >> 9;
        u[l] = ((float)(int32_t)bits + 0.5f) * 0x1p-23f;
    }
}

// Cephes' expf, in line: a call for 16 numbers of the library's costs more, and far more where it underflows.
static inline float ex(float x) {
    x = std::min(std::max(x, -87.0f), 88.0f);
    float n = std::floor(x * 1.44269504f + 0.5f), r = x - n * 0.693359375f + n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    int32_t power = ((int32_t)n + 127) << 23;
    float two;
    std::memcpy(&two, &power, 4);
    return (p * r * r + r + 1) * two;
}

// Giles (2010), "Approximating the erfinv function".
static inline float quantile(float u) {
    float x = 2 * u - 1, y = -std::log((1 - x) * (1 + x)), v = y - 2.5f, t = std::sqrt(y) - 3;
    float p = 2.81022636e-08f, q = -0.000200214257f;
    p = p * v + 3.43273939e-07f; q = q * t + 0.000100950558f;
    p = p * v - 3.5233877e-06f;  q = q * t + 0.00134934322f;
    p = p * v - 4.39150654e-06f; q = q * t - 0.00367342844f;
    p = p * v + 0.00021858087f;  q = q * t + 0.00573950773f;
    p = p * v - 0.00125372503f;  q = q * t - 0.0076224613f;
    p = p * v - 0.00417768164f;  q = q * t + 0.00943887047f;
    p = p * v + 0.246640727f;    q = q * t + 1.00167406f;
    p = p * v + 1.50140941f;     q = q * t + 2.83297682f;
    return (y < 5 ? p : q) * x * 1.41421356f;
}

static inline float clip(float x, float low, float high) { return std::min(std::max(x, low), high); }

struct Future {
    const Draws& d;
    Lane lane;
    alignas(64) Row nodes[N + CONSTANTS], z[V + 1], until[E + 1], ledger[TIES + 1], pull[V + 1], hazard[ARROWS + 1];
    alignas(64) Row derived[DERIVED + 1], u[DRAWN];
    alignas(64) Ints setting[X + 1], phase;
    Words lucky[E + 1];

    explicit Future(const Draws& draws) : d(draws) {}

    // The mask's entry for the phase in force.
    void in_phase(const float* mask, Row& out) const {
        EACH out[l] = 0;
        for (int p = 0; p < P; ++p) EACH out[l] += mask[p] * nodes[PHASE0 + p][l];
    }

    void push(int first, int end, Row* rows, int base) const {
        for (int i = first; i < end; ++i) {
            Row during;
            in_phase(DURING[i], during);
            const Row &m = nodes[A_MODERATOR[i]], &n = nodes[A_CAUSE[i]], &w = d.weight[A_LINK[i]];
            Row& row = rows[A_ROW[i] - base];
            float sign = A_INVERSE[i] ? -1.0f : 1.0f, one = A_INVERSE[i] ? 1.0f : 0.0f;
            EACH row[l] += w[l] * ((one + sign * m[l]) * during[l] * (n[l] - d.origin[i][l]) - d.gone[i][l]);
        }
    }

    static void pick(Row* weights, int settings, const Row& u, Ints& picked) {
        Row most, below[S];
        EACH most[l] = weights[0][l];
        for (int s = 1; s < settings; ++s) EACH most[l] = std::max(most[l], weights[s][l]);
        EACH below[0][l] = ex(weights[0][l] - most[l]);
        for (int s = 1; s < settings; ++s) EACH below[s][l] = below[s - 1][l] + ex(weights[s][l] - most[l]);
        EACH picked[l] = 0;
        for (int s = 0; s < settings - 1; ++s) EACH picked[l] += u[l] * below[settings - 1][l] > below[s][l];
    }

    void choose(Ints* chosen) const {
        alignas(64) Row slope[GOALS + 1], more[D + 1];
        for (int g = 0; g < GOALS; ++g) {
            if (GOAL_NODE[g] < 0) {
                EACH slope[g][l] = 0;
                for (int a = 0; a < ARROWS; ++a) if (CROSSES[g][a]) EACH slope[g][l] += hazard[a][l];
            } else if (GOAL_NODE[g] < V && IS_INDEX[GOAL_NODE[g]]) {
                const Row& x = nodes[GOAL_NODE[g]];
                EACH slope[g][l] = x[l] * (1 - x[l]);
            } else EACH slope[g][l] = 1;
        }
        for (int q = 0; q < D; ++q) {
            EACH more[q][l] = 0;
            for (int i = BACKING[q]; i < BACKING[q + 1]; ++i) EACH more[q][l] += ledger[DEMAND_TIE[i]][l];
            const Row& resolve = nodes[LEVER0 + DEMAND_BY[q]];
            EACH more[q][l] = d.pressing[q][l] * more[q][l] * resolve[l] - d.demand[q][l];
        }
        for (int x = 0; x < X; ++x) {
            Row gain, weights[S], chance, usable;
            EACH gain[l] = -d.payoff[x][l];
            for (int i = PAIR[x]; i < PAIR[x + 1]; ++i) {
                Row foreseen;
                EACH foreseen[l] = 0;
                for (int p = 0; p < P; ++p)
                    EACH foreseen[l] += d.pair[p * PAIRS + PAIR_ID[i]][l] * nodes[PHASE0 + p][l];
                EACH gain[l] += foreseen[l] * slope[PAIR_GOAL[i]][l];
            }
            for (int s = 0; s < OWN[x]; ++s)
                EACH weights[s][l] = d.base[x * S + s][l] + LEVEL[x][s] * gain[l] - (setting[x][l] == s ? 0 : SWITCHING[x]);
            for (int i = ASKED[x]; i < ASKED[x + 1]; ++i)
                for (int s = 0; s < OWN[x]; ++s) EACH weights[s][l] += COMPLIES[ASKED_BY[i]][s] * more[ASKED_BY[i]][l];
            const Row& luck = u[V + 2 * RATES + x];
            EACH chance[l] = luck[l] / d.reviews[x][l];
            in_phase(AVAILABLE[x], usable);
            Ints picked;
            pick(weights, OWN[x], chance, picked);
            EACH chosen[x][l] = chance[l] < 1 && usable[l] > 0.5f ? picked[l] : setting[x][l];
        }
    }

    void move(Ints& moved) const {
        Row total, below;
        EACH total[l] = below[l] = 0, moved[l] = phase[l];
        for (int a = 0; a < ARROWS; ++a) EACH total[l] += hazard[a][l];
        const Row& luck = u[DRAWN - 1];
        EACH total[l] = (1 - ex(-total[l])) / std::max(total[l], 1e-12f);
        for (int a = 0; a < ARROWS; ++a)
            EACH {
                float above = below[l] + total[l] * hazard[a][l];
                moved[l] = luck[l] >= below[l] && luck[l] < above ? ARROW_END[a] : moved[l];
                below[l] = above;
            }
    }

    void brought(int event, const Ints& happens, Ints& moved) const {
        if (MOVES_TO[event] >= 0) EACH moved[l] = happens[l] ? MOVES_TO[event] : moved[l];
    }

    void happen(Ints& moved, int month) {
        Ints happens[E + 1], entered;
        for (int e = 0; e < E; ++e) {
            EACH happens[e][l] = PLANNED[e] == month && lucky[e][l];
            brought(e, happens[e], moved);
        }
        EACH entered[l] = moved[l];
        for (int e = 0; e < E; ++e) {
            Ints set_off;
            EACH set_off[l] = 0;
            for (int p = 0; p < P; ++p)
                if (ENTERS[e][p])
                    for (int q = 0; q < P; ++q)
                        if (LEAVING[e][q] && p != q) EACH set_off[l] |= entered[l] == p && phase[l] == q && lucky[e][l];
            EACH until[e][l] = happens[e][l] || set_off[l] ? month + LASTS[e] : until[e][l];
            brought(e, set_off, moved);
        }
        EACH phase[l] = moved[l];
    }

    void settle() {
        for (int v = 0; v < V; ++v) {
            const Row &a = d.start[v], &h = d.heading[v];
            float low = -EDGE, high = EDGE, index = IS_INDEX[v] ? 0.0f : 1.0f;
            if (!IS_INDEX[v]) low = -10, high = 10;
            EACH {
                float moved = z[v][l] + APPROACH[v] * (h[l] + pull[v][l] - z[v][l]) + NOISE[v] * u[v][l];
                z[v][l] = clip(moved, index * a[l] + low, index * a[l] + high);
            }
        }
    }

    void stand(int month) {
        alignas(64) Row usable[X + 1], supply[TIES + 1], acting[DERIVED + ARROWS + 1];
        for (int p = 0; p < P; ++p) EACH nodes[PHASE0 + p][l] = phase[l] == p;
        for (int v = 0; v < V; ++v)
            if (IS_INDEX[v]) EACH nodes[v][l] = 1 / (1 + ex(-z[v][l]));
            else EACH nodes[v][l] = z[v][l];
        for (int i = 0; i < DERIVED; ++i) EACH nodes[V + i][l] = derived[i][l];
        for (int x = 0; x < X; ++x) {
            Row& node = nodes[LEVER0 + x];
            in_phase(USABLE[x], usable[x]);
            EACH node[l] = 0;
            for (int s = 0; s < OWN[x]; ++s) EACH node[l] += setting[x][l] == s ? LEVEL[x][s] : 0.0f;
            EACH node[l] *= usable[x][l];
        }
        for (int e = 0; e < E; ++e) EACH nodes[EVENT0 + e][l] = month < until[e][l];
        for (int q = 0; q < D; ++q) {
            Row refuses;
            EACH refuses[l] = 0;
            for (int s = 0; s < S; ++s)
                EACH refuses[l] += setting[DEMAND_OF[q]][l] == s ? std::max(-COMPLIES[q][s], 0.0f) : 0.0f;
            EACH nodes[DEMAND0 + q][l] = nodes[LEVER0 + DEMAND_BY[q]][l] * refuses[l] * usable[DEMAND_OF[q]][l];
        }
        for (int t = 0; t < TIES; ++t) {
            Row gives;
            in_phase(GIVES[t], gives);
            EACH supply[t][l] = nodes[SUPPLY[t]][l] * gives[l];
        }
        for (int t = 0; t < TIES; ++t) {
            Row total;
            EACH total[l] = supply[t][l] + std::max(d.alternatives[t][l], LEAST);
            for (int i = RIVAL[t]; i < RIVAL[t + 1]; ++i) EACH total[l] += supply[RIVAL_TIE[i]][l];
            EACH ledger[t][l] = TIE_WEIGHT[t] * nodes[NEED[t]][l] * supply[t][l] / total[l];
        }
        for (int i = 0; i < DERIVED + ARROWS; ++i) EACH acting[i][l] = 0;
        int link = 0;
        for (int layer = 0; layer < LAYERS; ++layer) {
            push(link, LAYER_LINKS[layer], acting, V);
            link = LAYER_LINKS[layer];
            for (int i = LAYER[layer]; i < LAYER[layer + 1]; ++i) {
                Row total, counted;
                in_phase(COUNTED[i], counted);
                EACH total[l] = 0;
                for (int k = ADDED[i]; k < ADDED[i + 1]; ++k) {
                    const Row& part = OF_TIES[layer] ? ledger[ADDS[k]] : nodes[V + ADDS[k]];
                    EACH total[l] += SIGNS[k] * part[l];
                }
                EACH {
                    float base = clip(total[l] * counted[l], 0, 1), inner = clip(base, LEAST, 1 - LEAST);
                    float odds = (1 - inner) / inner * ex(-acting[i][l]);
                    nodes[V + i][l] = clip(base + 1 / (1 + odds) - inner, 0, 1);
                }
            }
        }
        push(link, ARROW_LINKS, acting, V);
        for (int a = 0; a < ARROWS; ++a)
            EACH hazard[a][l] = ex(d.hazard[a][l] + clip(acting[DERIVED + a][l], -6, 6)) *
                                nodes[PHASE0 + ARROW_START[a]][l];
        for (int i = 0; i < NEARS; ++i) {
            Row ahead, inside;
            in_phase(NEAR[i], inside);
            EACH ahead[l] = 0;
            for (int a = 0; a < ARROWS; ++a) if (INTO[i][a]) EACH ahead[l] += hazard[a][l] * WITHIN[i];
            EACH nodes[V + SUMS + i][l] = inside[l] > 0.5f ? 1 : 1 - ex(-ahead[l]);
        }
        for (int v = 0; v < V; ++v) {
            EACH pull[v][l] = 0;
            for (int i = PLAIN[v]; i < PLAIN[v + 1]; ++i) {
                const Row &w = d.weight[PLAIN_LINK[i]], &n = nodes[PLAIN_CAUSE[i]], &o = d.reference[PLAIN_CAUSE[i]];
                EACH pull[v][l] += w[l] * (n[l] - o[l]);
            }
        }
        push(ARROW_LINKS, ACTING, pull, 0);
        for (int i = 0; i < DERIVED; ++i) EACH derived[i][l] = nodes[V + i][l];
    }

    void counts(int rate, const Row& level, int month, Ints& count) const {
        Row mean, season, small, mass, below, number;
        in_phase(SEASON[rate][month % 12], season);
        const Row &normal = u[V + rate], &luck = u[V + RATES + rate];
        float ninth = 1 / (9 * DISPERSION[rate]), root = std::sqrt(ninth);
        EACH {
            float busy = std::max(1 - ninth + normal[l] * root, 0.0f);
            mean[l] = level[l] * season[l] * busy * busy * busy;
            small[l] = std::min(mean[l], 12.0f);
            mass[l] = ex(-small[l]);
            below[l] = number[l] = 0;
        }
        for (int k = 0; k < 40; ++k) {
            int over = 0;
            EACH below[l] += mass[l];
            EACH { int more = luck[l] > below[l]; number[l] += more; over |= more; }
            if (!over) break;
            EACH mass[l] *= small[l] / (k + 1);
        }
        EACH {
            float big = std::max(mean[l], 12.0f), tail = quantile(luck[l]);
            float large = std::floor(big + std::sqrt(big) * tail + (tail * tail - 1) / 6 + 0.5f);
            count[l] = month ? (int32_t)std::min(mean[l] < 12 ? number[l] : std::max(large, 0.0f), 2e9f) : 0;
        }
    }

    void keep(int month, Month& out) const {
        for (int i = 0; i < LEVER0; ++i)
            if (i < V && !IS_INDEX[i]) EACH out.level[i][l] = ex(nodes[i][l]);
            else std::memcpy(out.level[i], nodes[i], sizeof(Row));
        std::memcpy(out.leverage, ledger, sizeof(Row) * TIES);
        for (int r = 0; r < RATES; ++r) counts(r, out.level[RATE[r]], month, out.count[r]);
        for (int x = 0; x < X; ++x) {
            Row usable;
            in_phase(AVAILABLE[x], usable);
            EACH out.setting[x][l] = usable[l] > 0.5f ? setting[x][l] : -1;
        }
        EACH out.phase[l] = phase[l];
    }

    void live(uint32_t first, uint32_t future, Month* out) {
        lanes(lane, first, future);
        for (int i = 0; i < CONSTANTS; ++i) std::memcpy(nodes[N + i], d.constant[i], sizeof(Row));
        for (int i = 0; i < DERIVED; ++i) std::memcpy(derived[i], d.reference[V + i], sizeof(Row));
        EACH nodes[N - 1][l] = 1;
        for (int e = 0; e < E; ++e) {
            Row chance;
            uniform(lane, WHAT_ONCE[X + e], 0xFFFF, chance);
            EACH lucky[e][l] = chance[l] < EVENT_CHANCE[e], until[e][l] = 0;
        }
        for (int x = 0; x < X; ++x) {
            Row weights[S], chance;
            for (int s = 0; s < OWN[x]; ++s) EACH weights[s][l] = std::log(std::max(d.chances[x * S + s][l], 1e-30f));
            uniform(lane, WHAT_ONCE[x], 0xFFFF, chance);
            pick(weights, OWN[x], chance, setting[x]);
        }
        std::memcpy(z, d.start, sizeof(Row) * V);
        EACH phase[l] = START_PHASE;
        for (int month = 0; month <= MONTHS; ++month) {
            for (int i = 0; i < DRAWN; ++i) uniform(lane, WHAT[i], month, u[i]);
            for (int i = 0; i < V + RATES; ++i) EACH u[i][l] = quantile(u[i][l]);
            if (month) {
                Ints chosen[X + 1], moved;
                choose(chosen);
                move(moved);
                happen(moved, month);
                settle();
                std::memcpy(setting, chosen, sizeof(Ints) * X);
            }
            stand(month);
            keep(month, out[month]);
        }
    }
};

static void ready(Draws& d) {
    for (int i = 0; i < ACTING; ++i)
        EACH {
            float before = d.reference[A_CAUSE[i]][l];
            d.origin[i][l] = A_SWITCH[i] ? 0 : before;
            d.gone[i][l] = A_SWITCH[i] ? before * d.then[i][l] : 0;
        }
}

// month DRAWS SECONDS [OUT]: live all draws' futures again and again, and say how many a second.
int main(int, char** argv) {
    static const int counts[] = {V, V, LINKS, CONSTANTS, TIES, X * S, X, D, ARROWS, N, ACTING, P * PAIRS, X, D, X * S};
    constexpr int BLOCKS = DRAWS / W;
    auto blocks = static_cast<Draws*>(std::aligned_alloc(64, sizeof(Draws) * BLOCKS));
    auto out = static_cast<Month*>(std::aligned_alloc(64, sizeof(Month) * (MONTHS + 1) * FUTURES * BLOCKS));
    std::FILE* file = std::fopen(argv[1], "rb");
    for (int part = 0; part < 15; ++part)
        for (int i = 0; i < counts[part]; ++i) {
            float row[DRAWS];
            if (std::fread(row, sizeof(float), DRAWS, file) != DRAWS) return 1;
            for (int b = 0; b < BLOCKS; ++b) {
                Row* starts[] = {blocks[b].start, blocks[b].heading, blocks[b].weight, blocks[b].constant,
                    blocks[b].alternatives, blocks[b].base, blocks[b].reviews, blocks[b].pressing, blocks[b].hazard,
                    blocks[b].reference, blocks[b].then, blocks[b].pair, blocks[b].payoff, blocks[b].demand,
                    blocks[b].chances};
                std::memcpy(starts[part][i], row + b * W, sizeof(Row));
            }
        }
    std::fclose(file);
    auto now = [] { return (double)std::clock() / CLOCKS_PER_SEC; };
    double seconds = std::atof(argv[2]), start = now(), spent = 0;
    long done = 0;
    do {
        for (int b = 0; b < BLOCKS; ++b) {
            ready(blocks[b]);
            Future future(blocks[b]);
            for (int f = 0; f < FUTURES; ++f)
                future.live(b * W, f, out + (long)(b * FUTURES + f) * (MONTHS + 1));
        }
        done += (long)DRAWS * FUTURES;
        spent = now() - start;
    } while (spent < seconds);
    std::printf("%ld %.6f %zu\n", done, spent, sizeof(Draws));
    if (argv[3]) {
        file = std::fopen(argv[3], "wb");
        std::fwrite(out, sizeof(Month), (long)(MONTHS + 1) * FUTURES * BLOCKS, file);
        std::fclose(file);
    }
}
