#!/usr/bin/env python3
"""Writes special_functions_extra.json: points outside the range of special_functions.json.

Huge parameters, both far tails, fractional degrees of freedom, logarithms of tails that underflow.
All values by mpmath with 60 digits: incomplete integrals by convergent series and continued
fractions (the method that mpmath chooses does not finish at 1e9), quantiles by Newton's method.

Usage: python3 special_functions_extra.py > ../special_functions_extra.json   (mpmath 1.3.0, minutes)
"""
import json
import sys

from mpmath import mp, mpf, digamma, erfc, exp, expm1
from mpmath import log, loggamma, nstr, psi, sqrt

mp.dps = 60


def series(first_ratio, stop=mpf(10) ** -52):
    """1 + r1 + r1 r2 + ... with ratios given by index."""
    term = total = mpf(1)
    n = 0
    while abs(term) > stop * abs(total):
        n += 1
        term *= first_ratio(n)
        total += term
    return total


def lentz(partial, first):
    """first + a1/(b1 + a2/(b2 + ...)), modified Lentz."""
    f = c = mpf(first)
    d = mpf(0)
    n = 0
    while True:
        n += 1
        a, b = partial(n)
        d = 1 / (b + a * d)
        c = b + a / c
        f *= c * d
        if abs(c * d - 1) < mpf(10) ** -50:
            return f


def gamma_tails(a, x):
    """(P, Q) of the incomplete gamma functions."""
    a, x = mpf(a), mpf(x)
    prefix = exp(a * log(x) - x - loggamma(a))
    if x < a + 1:
        p = prefix / a * series(lambda n: x / (a + n))
        return p, 1 - p
    q = prefix / lentz(lambda n: (-n * (n - a), x + 2 * n + 1 - a), x + 1 - a)
    return 1 - q, q


def beta_tails(x, a, b, y=None):
    """(I_x, 1 - I_x); x any mpf, y = 1 - x where it is known to more digits."""
    x, a, b = mpf(x), mpf(a), mpf(b)
    y = 1 - x if y is None else y
    easy = (a + b) * x < (a + 1) / 2 or x < mpf("0.1") and b * x < 20
    if x > a / (a + b) and not easy:
        upper, lower = beta_tails(y, b, a, x)
        return lower, upper
    prefix = exp(a * log(x) + b * log(y) - loggamma(a) - loggamma(b) + loggamma(a + b)) / a
    if easy:
        lower = prefix * series(lambda n: (a + b + n - 1) / (a + n) * x)
        return lower, 1 - lower

    def partial(n):  # DLMF 8.17.22, written 1/(1 + d1/(1 + d2/(1 + ...)))
        m = mpf(n // 2)
        if n % 2:
            return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), 1
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), 1

    lower = prefix / lentz(partial, 1)
    return lower, 1 - lower


def solve(function, density, start):
    """The root of function(s) = 0 by Newton's method, from a double-precision start."""
    s = mpf(start)
    for _ in range(200):
        step = function(s) / density(s)
        s -= step
        if abs(step) < mpf(10) ** -30 * abs(s):
            return s
    raise RuntimeError(f"no convergence from {start}")


def chi2_quantile(prob, df, upper):
    a = mpf(df) / 2
    prob = mpf(prob)
    z = normal_upper(prob) * (1 if upper else -1)
    c = mpf(2) / (9 * mpf(df))
    start = a * max(1 - c + z * sqrt(c), mpf("0.01")) ** 3
    small = exp((log(prob) + loggamma(a + 1)) / a)
    if not upper and small < a / 5:
        start = small

    def log_gap(s):
        return log(gamma_tails(a, exp(s))[upper]) - log(prob)

    def slope(s):
        x = exp(s)
        density = exp(a * s - x - loggamma(a))
        tail = gamma_tails(a, x)[upper]
        return density / tail * (-1 if upper else 1)

    return 2 * exp(solve(log_gap, slope, log(start)))


def beta_quantile_pair(prob, a, b, upper, start):
    """(x, 1 - x), solved for the logit of x."""
    a, b, prob = mpf(a), mpf(b), mpf(prob)

    def pair(s):
        return 1 / (1 + exp(-s)), 1 / (1 + exp(s))

    def log_gap(s):
        return log(beta_tails(pair(s)[0], a, b, pair(s)[1])[upper]) - log(prob)

    def slope(s):
        x, y = pair(s)
        density = exp(a * log(x) + b * log(y) - loggamma(a) - loggamma(b) + loggamma(a + b))
        return density / beta_tails(x, a, b, y)[upper] * (-1 if upper else 1)

    return pair(solve(log_gap, slope, start))


def normal_upper(q):
    q = mpf(q)
    if q == mpf("0.5"):
        return mpf(0)
    if q > mpf("0.5"):
        return -normal_upper(1 - q)
    z = sqrt(-2 * log(q))
    for _ in range(200):
        tail = erfc(z / sqrt(mpf(2))) / 2
        step = (log(tail) - log(q)) * tail / (exp(-z * z / 2) / sqrt(2 * mp.pi))
        z += step
        if abs(step) < mpf(10) ** -42 * abs(z):
            return z
    raise RuntimeError("normal quantile")


def t_sf(t, df):
    t, df = mpf(t), mpf(df)
    tail = beta_tails(df / (df + t * t), df / 2, mpf(1) / 2, t * t / (df + t * t))[0] / 2
    return tail if t >= 0 else 1 - tail


def t_upper_quantile(q, df):
    q, df = mpf(q), mpf(df)
    z = normal_upper(q)
    lead = exp((log(2 * q) + log(df / 2) + loggamma(df / 2) + loggamma(mpf(1) / 2)
                - loggamma(df / 2 + mpf(1) / 2)) * 2 / df)
    start = log(lead) if lead < mpf("0.01") else -log(expm1(z * z / df))
    if q > 0.25:
        x, y = beta_quantile_pair(1 - 2 * q, df / 2, mpf(1) / 2, 1, start)
    else:
        x, y = beta_quantile_pair(2 * q, df / 2, mpf(1) / 2, 0, start)
    return sqrt(df * y / x)


def f_upper_quantile(q, df1, df2):
    a, b = mpf(df2) / 2, mpf(df1) / 2
    start = max(-log(b / a), mpf(-600))
    lead = exp((log(mpf(q)) + log(a) + loggamma(a) + loggamma(b) - loggamma(a + b)) / a)
    if lead < mpf("0.1"):
        start = log(lead)
    x, y = beta_quantile_pair(q, a, b, 0, start)
    return mpf(df2) * y / (mpf(df1) * x)


def log_normal_sf(z):
    return log(erfc(mpf(z) / sqrt(mpf(2))) / 2)


def ln_choose(n, k):
    n, k = mpf(n), mpf(k)
    return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1)


def beta_quantile(p, a, b, upper=0):
    a, b = mpf(a), mpf(b)
    if upper == 0 and p > 0.5:
        p, upper = 1 - mpf(p), 1
    lead = exp((log(mpf(p)) + log(a) + loggamma(a) + loggamma(b) - loggamma(a + b)) / a)
    start = log(lead) if not upper and lead < a / (a + b) / 8 else log(a / b)
    return beta_quantile_pair(p, a, b, upper, start)[0]


def grid():
    for z in [0.5, 4.999, 5.0, 11.0, 37.0, 40.0, 1e3, 1e8, -0.5, -9.0]:
        yield "normal_log_sf", [z], log_normal_sf(z) if z < 1e5 else \
            -mpf(z) ** 2 / 2 - log(mpf(z) * sqrt(2 * mp.pi)) + log(1 - 1 / mpf(z) ** 2)
    for q in [1e-320, 1e-300, 1e-150, 1e-40, 1e-17, 1e-5, 0.0749999, 0.0750001, 0.3, 0.4999999999]:
        yield "normal_upper_quantile", [q], normal_upper(q)

    for df in [0.25, 1.7, 3.3333, 12.75, 101.5, 1e4, 123456.7, 1e6, 1e9, 1e15]:
        for t in [-3.0, 1e-8, 0.4, 1.96, 5.0, 12.0, 30.0]:
            yield "t_sf", [t, df], t_sf(t, df)
        for q in [1e-300, 1e-100, 1e-16, 1e-5, 0.025, 0.2, 0.3, 0.49999]:
            yield "t_upper_quantile", [q, df], t_upper_quantile(q, df)
    for df in [1.0, 8.5, 200.0, 1e6]:
        for t in [-2.0, 3.0, 100.0, 1e5]:
            yield "t_log_sf", [t, df], log(t_sf(t, df))

    for df in [1e5, 1e6, 123456.789, 31.999, 32.001, 55.5, 0.3, 2e7]:
        for z in [-37, -10, -2.5, -0.01, 0.01, 2.5, 10, 36]:
            x = float(df * max(1 - 2 / (9 * df) + z * (2 / (9 * df)) ** 0.5, 0.02) ** 3)
            p, q = gamma_tails(mpf(df) / 2, mpf(x) / 2)
            yield "chi2_cdf", [x, df], p
            yield "chi2_sf", [x, df], q
        for q in [1e-300, 1e-30, 1e-6, 0.025, 0.4]:
            yield "chi2_upper_quantile", [q, df], chi2_quantile(q, df, 1)
            if df >= 1:
                yield "chi2_quantile", [q, df], chi2_quantile(q, df, 0)
    for x, df in [(1e12, 1.0), (1e5, 2.5), (3e6, 1e6), (5.0, 3.0)]:
        yield "chi2_log_sf", [x, df], log(gamma_tails(mpf(df) / 2, mpf(x) / 2)[1])
    for a, x in [(0.001, 1e-5), (0.001, 0.9), (0.01, 1.4), (0.5, 1.49), (0.999, 0.01), (0.001, 3.0)]:
        yield "gamma_q", [a, x], gamma_tails(a, x)[1] if x > 1 + a else 1 - gamma_tails(a, x)[0]

    for a, b in [(1e7, 1e7), (1e9, 1e9), (1e7, 1e9), (16.0, 1e9), (15.5, 1e9), (0.5, 1e9), (5.0, 1e6),
                 (1e5, 17.0), (20.0, 20.0), (250.5, 30.25)]:
        mean = a / (a + b)
        sd = (a * b / (a + b) ** 3) ** 0.5
        for z in [-20, -4, -1, 0, 0.3, 3, 15]:
            x = mean + z * sd
            if not 0 < x < 1:
                x = mean * (0.01 if x <= 0 else 1) + (0.5 * (1 - mean) if x >= 1 else 0)
            lower, upper = beta_tails(x, a, b)
            yield "beta_reg", [x, a, b], lower
            yield "beta_upper", [x, a, b], upper
    for x, a, b in [(1e-300, 0.5, 3.0), (1e-5, 0.001, 1000.0), (0.4, 0.02, 0.7), (0.45, 0.9, 3.2),
                    (0.3, 0.01, 4.9), (1e-12, 0.001, 1e9), (0.999, 700.0, 0.003)]:
        lower, upper = beta_tails(x, a, b)
        yield "beta_reg", [x, a, b], lower
        yield "beta_upper", [x, a, b], upper
    for a, b in [(0.5, 1e9), (1.0, 1e9), (4.0, 1e9 - 3), (1e6, 1e9 - 1e6), (5e8, 5e8 + 1), (1e9, 1.0),
                 (2e6, 3e7), (33.0, 68.0), (0.5, 0.5), (1.5, 10.5)]:
        for p in [1e-300, 1e-12, 0.025, 0.3, 0.975]:
            yield "beta_quantile", [p, a, b], beta_quantile(p, a, b)
        for q in [1e-200, 1e-12, 0.025]:
            if b < 1:
                continue
            yield "beta_upper_quantile", [q, a, b], beta_quantile(q, a, b, 1)
    for a, b in [(1e-5, 1e-3), (0.5, 1e12), (3.0, 1e9), (9.99, 1e15), (10.0, 10.0), (1e9, 1e9), (2.5, 2.5)]:
        yield "ln_beta", [a, b], loggamma(mpf(a)) + loggamma(mpf(b)) - loggamma(mpf(a) + mpf(b))

    for df1, df2 in [(1.0, 1e6), (13.0, 7.5), (2.0, 1.5), (1e5, 1e5), (59.0, 3.0)]:
        for f in [1e-8, 0.7, 1.3, 40.0, 1e20]:
            odds = mpf(df1) * mpf(f) / mpf(df2)
            x, y = 1 / (1 + odds), odds / (1 + odds)
            lower, upper = beta_tails(x, mpf(df2) / 2, mpf(df1) / 2, y)
            yield "f_sf", [f, df1, df2], lower
            yield "f_cdf", [f, df1, df2], upper
        for q in [1e-200, 1e-10, 0.05, 0.4]:
            yield "f_upper_quantile", [q, df1, df2], f_upper_quantile(q, df1, df2)

    for x in [1e-10, 0.01, 0.5, 1.0, 1.4, 1.5, 3.7, 11.999, 12.0, 1e3, 1e9, 1e15]:
        yield "digamma", [x], digamma(mpf(x))
        yield "trigamma", [x], psi(1, mpf(x))
        delta = (loggamma(mpf(x) + 1) - (mpf(x) + mpf(1) / 2) * log(mpf(x)) + mpf(x)
                 - log(2 * mp.pi) / 2)
        yield "stirling_error", [x], delta
    for n, k in [(10, 3), (1000, 500), (1e6, 1), (1e6, 2), (1e6, 5e5), (1e9, 7), (1e12, 3), (1e12, 5e11),
                 (1e12, 1e6), (1e12, 1e12 - 2), (5.5, 2.25), (7.0, 0.3), (1e15, 12345.0)]:
        yield "ln_choose", [float(n), float(k)], ln_choose(n, k)


def nearest(value):
    result = float(value)
    return result if result not in (0.0, float("inf"), float("-inf")) or value == result else None


def main():
    points = []
    for function, args, value in grid():
        points.append({"function": function, "args": args, "value": nstr(value, 30),
                       "f64": nearest(value)})
        print(len(points), function, args, file=sys.stderr)
    head = {
        "dataset": "special_functions_extra",
        "generator": {"script": "scripts/special_functions_extra.py", "mpmath": "1.3.0", "digits": 60},
        "note": "beyond special_functions.json: huge parameters, far tails, fractional degrees of freedom, "
                "logarithms. Same format; *_upper_quantile [q, ...], *_log_sf as *_sf, gamma_q [a, x], "
                "beta_upper [x, a, b] = 1 - I_x(a, b), ln_beta [a, b], ln_choose [n, k].",
    }
    text = json.dumps(head)[:-1] + ', "points": [\n'
    text += ",\n".join(json.dumps(point) for point in points) + "\n]}"
    print(text)


main()
