#!/usr/bin/env python3
"""The three-level model by dense matrices in 40 digits, from the likelihood itself, for tests/it/three_level.rs.

    python3 three_level.py < ../three_level.json > ../three_level_exact.json

For each set of at most 30 rows, and each likelihood: the variances by Newton's method on the logarithm of dense
determinants with numeric derivatives, from the values of metafor; the mean with its standard error; and CR2 with
Satterthwaite's degrees of freedom from its definition, with V^(1/2) (I - V^(-1/2) x M x' V^(-1/2))^(-1/2) V^(-1/2) as the
adjustment of each cluster and the trace formula of Pustejovsky & Tipton 2018 over all pairs of clusters. Needs mpmath.
"""
import json
import sys

from mpmath import diag, eye, eigsy, log, matrix, mp, mpf, nstr, pi, sqrt

mp.dps = 40


def covariance(v, cluster, between, within):
    k = len(v)
    return matrix(k, k) + matrix([[
        (between if cluster[i] == cluster[j] else 0) + ((v[i] + within) if i == j else 0) for j in range(k)
    ] for i in range(k)])


def cholesky_log(v):
    lower = mp.cholesky(v)
    return lower, 2 * sum(log(lower[i, i]) for i in range(v.rows))


def deviance(y, v, cluster, at, restricted):
    V = covariance(v, cluster, *at)
    lower, determinant = cholesky_log(V)
    k = len(y)
    ones = matrix([1] * k)
    a, b = mp.lu_solve(lower, ones), mp.lu_solve(lower, matrix(y))
    s = sum(a[i] ** 2 for i in range(k))
    mean = sum(a[i] * b[i] for i in range(k)) / s
    q = sum((b[i] - mean * a[i]) ** 2 for i in range(k))
    value = k * log(2 * pi) + determinant + q
    if restricted:
        value += log(s) - log(2 * pi) - log(k)
    return value, mean, 1 / sqrt(s)


def newton(f, at, free):
    """The minimum over the free coordinates, by central differences."""
    for _ in range(30):
        h = [max(x, mpf("1e-6")) * mpf("1e-10") for x in at]
        def move(*steps):
            return [x + step * d for x, step, d in zip(at, steps, h)]
        f0 = f(at)
        gradient, second = [0, 0], matrix(2, 2)
        for i in free:
            up, down = [0, 0], [0, 0]
            up[i], down[i] = 1, -1
            plus, minus = f(move(*up)), f(move(*down))
            gradient[i] = (plus - minus) / (2 * h[i])
            second[i, i] = (plus - 2 * f0 + minus) / h[i] ** 2
        if len(free) == 2:
            cross = f(move(1, 1)) - f(move(1, -1)) - f(move(-1, 1)) + f(move(-1, -1))
            second[0, 1] = second[1, 0] = cross / (4 * h[0] * h[1])
            step = mp.lu_solve(second, matrix(gradient))
        else:
            step = matrix([gradient[i] / second[i, i] if i in free else 0 for i in range(2)])
        at = [x - step[i] for i, x in enumerate(at)]
        if all(abs(step[i]) <= mpf("1e-16") * at[i] for i in free):
            break
    return at


def power(symmetric, exponent):
    values, vectors = eigsy(symmetric)
    return vectors * diag([value ** exponent for value in values]) * vectors.T


def cr2(y, v, cluster, at, mean):
    """Standard error and degrees of freedom of the mean, with a block of all rows for each cluster."""
    names = sorted(set(cluster))
    rows = [[i for i, c in enumerate(cluster) if c == name] for name in names]
    V = covariance(v, cluster, *at)
    blocks = [matrix([[V[i, j] for j in group] for i in group]) for group in rows]
    inverse = [block ** -1 for block in blocks]
    ones = [matrix([1] * len(group)) for group in rows]
    s = sum((one.T * inv * one)[0] for one, inv in zip(ones, inverse))
    variance, combinations = 0, []
    k = len(y)
    for group, block, inv, one in zip(rows, blocks, inverse, ones):
        root, back = power(block, mpf(1) / 2), power(block, -mpf(1) / 2)
        q = back * one / sqrt(s)
        adjust = root * power(eye(len(group)) - q * q.T, -mpf(1) / 2) * back
        score = one.T * inv * adjust / s
        variance += (score * matrix([y[i] - mean for i in group]))[0] ** 2
        # score (I - H) of this cluster, over all rows.
        full = matrix(k, 1)
        for place, i in enumerate(group):
            full[i] = score[place]
        total = sum(score)
        for other, inv_other, one_other in zip(rows, inverse, ones):
            share = inv_other * one_other / s
            for place, i in enumerate(other):
                full[i] -= total * share[place]
        combinations.append(full)
    products = [[(one.T * V * other)[0] for other in combinations] for one in combinations]
    trace = sum(products[i][i] for i in range(len(rows)))
    squares = sum(cell ** 2 for row in products for cell in row)
    return sqrt(variance), trace ** 2 / squares


exact = []
for data in json.load(sys.stdin):
    if len(data["y"]) > 30:
        continue
    y, v = [mpf(repr(x)) for x in data["y"]], [mpf(repr(x)) for x in data["v"]]
    entry = {"name": data["name"]}
    for method in ("reml", "ml"):
        start = [mpf(data[method]["between"]), mpf(data[method]["within"])]
        scale = sum(start) + min(v)
        free = [i for i in range(2) if start[i] > scale * mpf("1e-6")]
        start = [x if i in free else mpf(0) for i, x in enumerate(start)]
        f = lambda at: deviance(y, v, data["cluster"], at, method == "reml")[0]
        at = newton(f, start, free) if free else start
        value, mean, se = deviance(y, v, data["cluster"], at, method == "reml")
        robust, df = cr2(y, v, data["cluster"], at, mean)
        number = lambda x: float(nstr(x, 17))
        entry[method] = {
            "between": number(at[0]), "within": number(at[1]), "y": number(mean), "se": number(se),
            "log_likelihood": number(-value / 2), "se_cr2": number(robust), "df_cr2": number(df),
        }
    print(data["name"], file=sys.stderr)
    exact.append(entry)
json.dump(exact, sys.stdout, indent=1)
print()
