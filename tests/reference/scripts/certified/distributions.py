#!/usr/bin/env python3
"""The normal, t, chi-squared, gamma and beta distributions; run alone it compares them with mpmath.

Chi-squared with whole degrees of freedom is a finite sum, the incomplete beta function the continued
fraction DLMF 8.17.22, the incomplete gamma function the series DLMF 8.11.4 and the fraction 8.9.2.
Every quantile is a bracketed root.
"""
from functools import lru_cache

import gmpy2
from gmpy2 import mpfr, exp, log, log1p, expm1, sqrt

from real import ONE, PI, root

LEVEL_TAIL = mpfr("0.025")


def normal_cdf(x):
    return gmpy2.erfc(-x / sqrt(mpfr(2))) / 2


def normal_two_sided(z):
    return gmpy2.erfc(abs(z) / sqrt(mpfr(2)))


def normal_pdf(x):
    return exp(-x * x / 2) / sqrt(2 * PI)


def normal_quantile(p):
    """The x with cdf p, solved for the logarithm of the smaller tail."""
    p = mpfr(p)
    if p == mpfr("0.5"):
        return mpfr(0)
    if p > mpfr("0.5"):
        return -normal_quantile(1 - p)
    x = -sqrt(-2 * log(p)) if p < mpfr("0.1") else (p - mpfr("0.5")) * sqrt(2 * PI)
    for _ in range(200):
        tail = normal_cdf(x)
        # Newton's method on ln cdf, which is concave.
        step = (log(tail) - log(p)) * tail / normal_pdf(x)
        x -= step
        # Convergence is quadratic: the remaining error is the square of this step.
        if abs(step) <= mpfr(2) ** -(gmpy2.get_context().precision * 2 // 3) * abs(x):
            return x
    raise ArithmeticError("the normal quantile does not settle")


@lru_cache(maxsize=None)
def z_quantile(tail=LEVEL_TAIL):
    return -normal_quantile(tail)


def chi2_sf(x, df):
    """P(chi2(df) >= x), df a whole number: a finite sum of positive terms."""
    if x <= 0:
        return mpfr(1)
    half = mpfr(x) / 2
    if df % 2 == 0:
        term, result = exp(-half), mpfr(0)
        for j in range(df // 2):
            result += term
            term *= half / (j + 1)
        return result
    result = gmpy2.erfc(sqrt(half))
    term = exp(-half) * sqrt(half) / (sqrt(PI) / 2)
    for j in range(1, (df - 1) // 2 + 1):
        result += term
        term *= half / (j + mpfr("0.5"))
    return result


@lru_cache(maxsize=None)
def chi2_quantile(p, df):
    """The x with P(chi2(df) <= x) = p."""
    f = lambda s: (1 - chi2_sf(exp(s), df)) - p  # noqa: E731
    low, high = log(mpfr(df)), log(mpfr(df))
    while f(low) > 0:
        low -= 2
    while f(high) < 0:
        high += 1
    return exp(root(f, low, high, mpfr(10) ** -60))


def beta_log_density_factor(x, y, a, b):
    """x^a y^b / B(a, b), y = 1 - x."""
    lg = lambda t: gmpy2.lgamma(t)[0]  # noqa: E731
    return exp(a * log(x) + b * log(y) + lg(a + b) - lg(a) - lg(b))


def _fraction(a, b, x):
    """Lentz on DLMF 8.17.22."""
    tiny = mpfr(10) ** -200
    c, d = mpfr(1), 1 - (a + b) * x / (a + 1)
    d = 1 / (d if d != 0 else tiny)
    h, m = d, 0
    stop = mpfr(10) ** -60
    while True:
        m += 1
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + numerator * d
            d = 1 / (d if d != 0 else tiny)
            c = 1 + numerator / c
            c = c if c != 0 else tiny
            delta = d * c
            h *= delta
        if abs(delta - 1) < stop:
            return h
        if m > 2_000_000:
            raise ArithmeticError("the incomplete beta function does not settle")


def beta_tails(x, y, a, b):
    """I_x(a, b) and its complement, y = 1 - x; the smaller with full relative accuracy."""
    a, b = mpfr(a), mpfr(b)
    if x <= 0:
        return mpfr(0), mpfr(1)
    if y <= 0:
        return mpfr(1), mpfr(0)
    front = beta_log_density_factor(x, y, a, b)
    if x < (a + 1) / (a + b + 2):
        lower = front * _fraction(a, b, x) / a
        return lower, 1 - lower
    upper = front * _fraction(b, a, y) / b
    return 1 - upper, upper


def beta_quantile(tail, a, b, upper=False):
    """The x with I_x(a, b) = tail (or 1 - tail), by safeguarded Newton steps in the log odds of x."""
    a, b, tail = mpfr(a), mpfr(b), mpfr(tail)
    which = 1 if upper else 0
    sign = 1 if upper else -1
    # Newton on ln tail as a function of s = logit x, inside a bracket.
    s = log(a / b)
    low = high = None
    scale = sqrt(1 / a + 1 / b)
    s += (2 if upper else -2) * scale if a > 1 and b > 1 else 0
    for _ in range(400):
        x, y = 1 / (1 + exp(-s)), 1 / (1 + exp(s))
        value = beta_tails(x, y, a, b)[which]
        excess = log(value / tail) if value > 0 else mpfr(-1e6)
        too_far_in = (excess > 0) != upper  # the root lies at a smaller s
        if too_far_in:
            high = s
        else:
            low = s
        density = beta_log_density_factor(x, y, a, b)  # d I / d s
        step = excess * value / (density * (-sign)) if density > 0 and value > 0 else None
        if step is not None and abs(step) <= mpfr(10) ** -45 * max(abs(s), mpfr(1)):
            s -= step
            return 1 / (1 + exp(-s))
        new = s - step if step is not None else None
        if new is None or (low is not None and new <= low) or (high is not None and new >= high):
            if low is None:
                new = s - 2 * max(scale, ONE)
            elif high is None:
                new = s + 2 * max(scale, ONE)
            else:
                new = (low + high) / 2
        s = new
    raise ArithmeticError("the beta quantile does not settle")


def t_two_sided(t, df):
    """P(|T| >= |t|) = I_{df/(df + t^2)}(df/2, 1/2)."""
    df, square = mpfr(df), mpfr(t) * t
    return beta_tails(df / (df + square), square / (df + square), df / 2, mpfr("0.5"))[0]


_T = {}


def t_quantile(df, tail=LEVEL_TAIL):
    """The t with `tail` above it."""
    key = (str(df), str(tail))
    if key not in _T:
        x = beta_quantile(2 * tail, mpfr(df) / 2, mpfr("0.5"))
        # x may be close to 1: t^2 = df (1 - x)/x needs 1 - x with full relative accuracy.
        _T[key] = sqrt(mpfr(df) * (1 - x) / x)
    return _T[key]


def gamma_lower(shape, x):
    """The regularised lower incomplete gamma function P(shape, x)."""
    if x <= 0:
        return mpfr(0)
    front = exp(shape * log(x) - x - gmpy2.lgamma(shape + 1)[0])
    stop = mpfr(10) ** -(int(gmpy2.get_context().precision * 0.3) - 8)
    if x < shape + 1:
        term = result = mpfr(1)
        n = shape
        while term > stop * result:
            n += 1
            term *= x / n
            result += term
        return front * result
    # Lentz on DLMF 8.9.2 for the upper one.
    b = x + 1 - shape
    c, d = 1 / mpfr(10) ** -200, 1 / b
    h, i = d, 0
    while True:
        i += 1
        an = -i * (i - shape)
        b += 2
        d = 1 / (an * d + b)
        c = b + an / c
        h *= d * c
        if abs(d * c - 1) < stop:
            return 1 - front * shape * h


def main():
    import mpmath as mp
    mp.mp.dps = 50
    to = lambda v: mp.mpf("{0:.50e}".format(v))  # noqa: E731
    worst = mp.mpf(0)

    def check(ours, theirs):
        nonlocal worst
        worst = max(worst, abs(to(ours) - theirs) / abs(theirs))
    for x, a, b in (("0.1", "3", "9"), ("0.7", "0.5", "40.5"), ("0.02", "0.005", "0.5"), ("0.4", "120.5", "300")):
        check(beta_tails(mpfr(x), 1 - mpfr(x), a, b)[0], mp.betainc(a, b, 0, x, regularized=True))
        check(mpfr(x), mp.mpf(x) + 0 * mp.mpf(a))
        tail = beta_tails(mpfr(x), 1 - mpfr(x), a, b)
        check(beta_quantile(tail[0], a, b), mp.mpf(x))
        check(beta_quantile(tail[1], a, b, upper=True), mp.mpf(x))
    for a, x in (("0.7", "0.1"), ("0.7", "9"), ("55.2", "40"), ("55.2", "90"), ("3", "3.5")):
        check(gamma_lower(mpfr(a), mpfr(x)), mp.gammainc(a, 0, x, regularized=True))
    for x, df in ((3, 1), (3, 2), (17, 5), (400, 59), (0.5, 8)):
        check(chi2_sf(mpfr(x), df), mp.gammainc(mp.mpf(df) / 2, mp.mpf(x) / 2, regularized=True))
    check(z_quantile(), mp.sqrt(2) * mp.erfinv(mp.mpf("0.95")))
    for df in ("3", "0.3", "60"):
        t = to(t_quantile(mpfr(df)))
        check(mpfr("0.05"), mp.betainc(mp.mpf(df) / 2, 0.5, 0, mp.mpf(df) / (mp.mpf(df) + t * t), regularized=True))
    print("largest relative difference:", mp.nstr(worst, 3))


if __name__ == "__main__":
    main()
