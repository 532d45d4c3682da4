#!/usr/bin/env python3
"""Likelihoods of tau2 with several local maxima, by 50-digit arithmetic.

Writes `multimodal.json`: estimates and variances (exact decimals), and for the
full and the restricted log-likelihood every local maximum over tau2 >= 0 with
the log-likelihood there, and the index of the global one. The score is evaluated
on a grid of 4,000 points per decade from 1e-12 to 1e6 and every change of sign is
bisected, which is independent of the method in the Rust code.

    pip install mpmath; python3 multimodal.py
"""
import json, math, os
from mpmath import mp, mpf, fsum, log, nstr, pi

mp.dps = 50
HERE = os.path.dirname(os.path.abspath(__file__))

SETS = {
    "two studies, one precise": (["0", "3"], ["0.01", "1"]),
    "three studies": (["-0.529", "0.824", "-1.145"], ["0.0563", "0.3974", "0.1728"]),
    "four studies, 0 wins": (["-1.121", "0.392", "1.482", "0.032"], ["0.4345", "0.97", "0.4417", "0.0232"]),
    "two interior maxima": (["0", "0.1", "10", "-9"], ["1e-6", "1e-6", "1", "1"]),
    "two interior maxima, the nearer wins": (["0", "0.1", "3", "-3"], ["1e-6", "1e-6", "1", "1"]),
    "two interior maxima and 0": (["0", "0.00001", "0.05", "-0.05", "4", "-4"], ["1e-8", "1e-8", "1e-4", "1e-4", "1", "1"]),
    "seven studies, restricted": (
        ["0.005", "1.869", "-0.349", "-0.242", "1.262", "-0.741", "0.914"],
        ["0.03", "0.682", "0.418", "9.613", "4.922", "0.49", "2.133"],
    ),
}


def sums(y, v, tau2):
    w = [1 / (x + tau2) for x in v]
    s1 = fsum(w)
    mean = fsum(a * b for a, b in zip(w, y)) / s1
    return w, s1, [b - mean for b in y]


def score(kind, y, v, tau2, lib=mp):
    w = [1 / (x + tau2) for x in v]
    s1 = sum(w)
    mean = sum(a * b for a, b in zip(w, y)) / s1
    rise = sum((a * (b - mean)) ** 2 for a, b in zip(w, y))
    return rise - (s1 if kind == "full" else s1 - sum(a * a for a in w) / s1)


def log_likelihood(kind, y, v, tau2):
    w, s1, residuals = sums(y, v, tau2)
    k = len(y)
    value = fsum(log(x + tau2) for x in v) + fsum(a * r * r for a, r in zip(w, residuals))
    if kind == "full":
        return -(k * log(2 * pi) + value) / 2
    return -((k - 1) * log(2 * pi) - log(k) + value + log(s1)) / 2


def maxima(kind, y, v):
    fy, fv = [float(x) for x in y], [float(x) for x in v]
    grid = [0.0] + [10.0 ** (e / 4000) for e in range(-48000, 24001)]
    signs = [score(kind, fy, fv, t) > 0 for t in grid]
    found = [] if signs[0] else [mpf(0)]
    for a, b, up, next_up in zip(grid, grid[1:], signs, signs[1:]):
        if up and not next_up:
            low, high = mpf(a), mpf(b)
            for _ in range(180):
                middle = (low + high) / 2
                low, high = (middle, high) if score(kind, y, v, middle) > 0 else (low, middle)
            found.append((low + high) / 2)
    return found


def main():
    sets = []
    for name, (y, v) in SETS.items():
        entry = {"name": name, "y": [float(x) for x in y], "v": [float(x) for x in v]}
        # The values after rounding to f64, so that both programs start from the same numbers.
        y, v = [mpf(float(x)) for x in y], [mpf(float(x)) for x in v]
        for kind in ("full", "restricted"):
            peaks = [(t, log_likelihood(kind, y, v, t)) for t in maxima(kind, y, v)]
            best = max(range(len(peaks)), key=lambda i: peaks[i][1])
            entry[kind] = {
                "best": best,
                "maxima": [{"tau2": nstr(t, 25), "log_likelihood": nstr(l, 25)} for t, l in peaks],
            }
        sets.append(entry)
    with open(os.path.join(HERE, "..", "multimodal.json"), "w") as out:
        json.dump({"generator": "scripts/multimodal.py, mpmath, 50 digits", "sets": sets}, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main()
