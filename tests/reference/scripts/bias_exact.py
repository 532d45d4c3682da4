#!/usr/bin/env python3
"""The LFK index and the step-function selection model on the data sets of `bias.json`, by 40-digit arithmetic.

LFK: Furuya-Kanamori, Barendregt & Doi 2018 (doi:10.1097/XEB.0000000000000141), with the weights in people of their
program for Stata: 100 max v / v, rounded. Selection: Vevea & Hedges 1995 (doi:10.1007/BF02294384): the slopes of the
log-likelihood written out and their root by Newton's method, from the maximum that a search of a grid finds; the
standard error from the second differences of the log-likelihood itself.

    pip install mpmath; Rscript bias.R > ../bias.json; python3 bias_exact.py > ../bias_exact.json
"""
import json, os
from mpmath import mp, mpf, asin, erfinv, exp, findroot, floor, inverse, log, matrix, ncdf, npdf, pi, sqrt

mp.dps = 40
HERE = os.path.dirname(os.path.abspath(__file__))


def normal_quantile(p):
    return sqrt(2) * erfinv(2 * p - 1)


def effects(of):
    """y and v from the counts, exactly; of estimates as they stand."""
    if of["measure"] == "generic":
        return [mpf(y) for y in of["y"]], [mpf(v) for v in of["v"]], mpf(0)
    y, v = [], []
    for events, total in zip(of["events"], of["total"]):
        x, n = mpf(events), mpf(total)
        if of["measure"] == "arcsine":
            y.append(asin(sqrt(x / n)))
            v.append(1 / (4 * n))
            continue
        if x in (0, n):
            x, n = x + mpf(1) / 2, n + 1
        if of["measure"] == "raw":
            y.append(x / n)
            v.append(x * (n - x) / n**3)
        else:
            y.append(log(x / (n - x)))
            v.append(1 / x + 1 / (n - x))
    return y, v, {"arcsine": asin(sqrt(mpf(1) / 2)), "raw": mpf(1) / 2, "logit": mpf(0)}[of["measure"]]


def lfk(y, v):
    people = [floor(100 * max(v) / variance + mpf(1) / 2) for variance in v]
    total = sum(people)
    z = []
    for value in y:
        below = sum(m for m, other in zip(people, y) if other < value - mpf(10) ** -30)
        here = sum(m for m, other in zip(people, y) if abs(other - value) <= mpf(10) ** -30)
        z.append(normal_quantile((below + here / 2 - mpf(1) / 2) / total))
    tip = y[min(range(len(y)), key=lambda i: abs(z[i]))]
    ratio = (max(z) - min(z)) / (max(y) - min(y))
    return mpf(5) / (2 * len(y)) * sum(z[i] + ratio * (y[i] - tip) for i in range(len(y)))


def selection(y, v, null, alternative, steps):
    sign = -1 if alternative == "less" else 1
    y = [sign * (value - null) for value in y]
    limits = [mpf(0)] + [mpf(str(step)) for step in steps] + [mpf(1)]

    def p(value, variance):
        z = value / sqrt(variance)
        return 2 * ncdf(-abs(z)) if alternative == "two-sided" else ncdf(-z)

    where = [next(i for i in range(len(steps) + 1) if p(a, b) <= limits[i + 1]) for a, b in zip(y, v)]
    if set(where) != set(range(len(steps) + 1)):
        return None
    cut = [mp.inf] + [normal_quantile(1 - limit / (2 if alternative == "two-sided" else 1)) for limit in limits[1:-1]]

    def pieces(step):
        """The intervals of z of a step."""
        upper, last = cut[step], step == len(steps)
        if alternative == "two-sided":
            return [(-upper, upper)] if last else [(cut[step + 1], upper), (-upper, -cut[step + 1])]
        return [(-mp.inf if last else cut[step + 1], upper)]

    def terms(mean, tau2, lambdas):
        """The log-likelihood, and its slopes."""
        deltas = [mpf(1)] + [exp(l) for l in lambdas]
        value, slopes = mpf(0), [mpf(0)] * (2 + len(lambdas))
        for a, b, step in zip(y, v, where):
            s = b + tau2
            root = sqrt(s)
            parts, of_mean, of_tau2 = [], mpf(0), mpf(0)
            for index, delta in enumerate(deltas):
                part = mpf(0)
                for low, high in pieces(index):
                    low, high = [(z if abs(z) == mp.inf else (z * sqrt(b) - mean) / root) for z in (low, high)]
                    part += ncdf(high) - ncdf(low)
                    of_mean += delta * (npdf(low) - npdf(high)) / root
                    weighted = [mpf(0) if abs(z) == mp.inf else z * npdf(z) for z in (low, high)]
                    of_tau2 += delta * (weighted[0] - weighted[1]) / (2 * s)
                parts.append(delta * part)
            total = sum(parts)
            value += -(log(2 * pi * s) + (a - mean) ** 2 / s) / 2 + log(deltas[step]) - log(total)
            slopes[0] += (a - mean) / s - of_mean / total
            slopes[1] += ((a - mean) ** 2 / s - 1) / (2 * s) - of_tau2 / total
            for index in range(1, len(deltas)):
                slopes[1 + index] += (1 if index == step else 0) - parts[index] / total
        return value, slopes

    return terms, sign


def solve(y, v, null, row):
    """From metafor's maximum, or `None` where it has none inside; `tau2` of 0 is held there."""
    made = selection(y, v, null, row["alternative"], row["steps"] if isinstance(row["steps"], list) else [row["steps"]])
    if made is None or row.get("y") is None:
        return None
    terms, sign = made
    deltas = [mpf(delta) for delta in row["delta"][1:]]
    at_edge = row["tau2"] < 1e-6
    start = [sign * (mpf(row["y"]) - null)] + ([] if at_edge else [mpf(row["tau2"])]) + [log(delta) for delta in deltas]
    if any(delta < mpf(10) ** -4 or delta > 90 for delta in deltas):
        return None

    def full(x):
        return [x[0], mpf(0)] + list(x[1:]) if at_edge else list(x)

    def slopes(*x):
        x = full(x)
        found = terms(x[0], x[1], x[2:])[1]
        return found[:1] + found[2:] if at_edge else found

    root = findroot(slopes, start, tol=mpf(10) ** -50, maxsteps=30) if len(start) > 1 else start
    x = [root[i] for i in range(len(start))]
    h, n = mpf(10) ** -13, len(x)
    def moved(i, by):
        return slopes(*[value + (by if j == i else 0) for j, value in enumerate(x)])
    columns = [[-(a - b) / (2 * h) for a, b in zip(moved(i, h), moved(i, -h))] for i in range(n)]
    covariance = inverse(matrix(columns))
    if at_edge and terms(*full(x)[:2], full(x)[2:])[1][1] > 0:
        return None
    whole = full(x)
    # Without selection: the maximum in mean and tau2 alone.
    def plain(mean, tau2):
        found = terms(mean, tau2, [mpf(0)] * len(deltas))[1]
        return found[0], found[1]
    weighted = lambda tau2: sum(a / (b + tau2) for a, b in zip(y, v)) / sum(1 / (b + tau2) for b in v)
    def of_tau2(tau2):
        mean = sign * (weighted(tau2) - null)
        return plain(mean, tau2)[1]
    if of_tau2(mpf(0)) <= 0:
        tau2 = mpf(0)
    else:
        low, high = mpf(0), max(v) + (max(y) - min(y)) ** 2
        for _ in range(140):
            middle = (low + high) / 2
            low, high = (middle, high) if of_tau2(middle) > 0 else (low, middle)
        tau2 = low
    without = terms(sign * (weighted(tau2) - null), tau2, [mpf(0)] * len(deltas))[0]
    with_it = terms(whole[0], whole[1], whole[2:])[0]
    text = lambda value: float(mp.nstr(value, 20))
    return {
        "alternative": row["alternative"], "steps": row["steps"] if isinstance(row["steps"], list) else [row["steps"]],
        "y": text(sign * whole[0] + null), "se": text(sqrt(covariance[0, 0])), "tau2": text(whole[1]),
        "delta": [1.0] + [text(exp(value)) for value in whole[2:]], "lrt": text(2 * (with_it - without)),
    }


def main():
    with open(os.path.join(HERE, "..", "bias.json")) as file:
        sets = json.load(file)["sets"]
    out = []
    for of in sets:
        y, v, null = effects(of)
        rows = [solve(y, v, null, row) for row in of["expect"]["selection"]]
        out.append({"name": of["name"], "measure": of["measure"], "lfk": float(mp.nstr(lfk(y, v), 20)),
                    "selection": [row for row in rows if row]})
    print(json.dumps({"generator": "scripts/bias_exact.py", "sets": out}, indent=1))


main()
