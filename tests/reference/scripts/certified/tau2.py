"""The thirteen estimators of tau2, with standard errors, from their defining equations.

DerSimonian & Laird 1986 (dl); DerSimonian & Kacker 2007 (dl2, and dlit its fixed point); Hedges & Olkin 1985
(he); Hunter & Schmidt 2004 (hs), Brannick et al. 2019 (hsk); Sidik & Jonkman 2005 (sj, and sjit its fixed
point); Paule & Mandel 1982 = Morris' empirical Bayes (pm, eb), Viechtbauer 2021 (pmm); ml, reml.
"""
from gmpy2 import mpfr, sqrt

import normal_likelihood
from distributions import chi2_quantile
from real import TINY, total
from weighing import Weighing, variance_of_form

CLOSED = ("dl", "dl2", "he", "hs", "hsk", "sj")
ITERATED = ("dlit", "sjit", "ml", "reml", "eb", "pm", "pmm")
ALL = ("dl", "dlit", "dl2", "he", "hs", "hsk", "sj", "sjit", "ml", "reml", "eb", "pm", "pmm")


def q_root(y, v, target):
    """The tau2 with Q(tau2) = target; 0 if Q(0) is below. Q is convex and decreasing, so Newton's method from 0
    approaches the root from below without passing it."""
    t = mpfr(0)
    w = Weighing(y, v, t)
    if w.q <= target:
        return t
    for _ in range(5000):
        # On 1/Q, which is nearly linear; a step beyond the root is halved.
        step = (w.q - target) / w.slope * w.q / target
        plain = (w.q - target) / w.slope
        new = t + step
        seen = Weighing(y, v, new)
        if seen.q < target * (1 - mpfr(10) ** -90):
            new = t + plain
            seen = Weighing(y, v, new)
        if abs(new - t) <= mpfr(10) ** -60 * new:
            return new
        t, w = new, seen
    raise ArithmeticError("Q(tau2) = target does not settle")


def spread_form(a, v, tau2):
    return sqrt(variance_of_form(a, [x + tau2 for x in v]))


def estimate(method, y, v, cache):
    """tau2 and its standard error, for at least two studies."""
    if method not in cache:
        cache[method] = _estimate(method, y, v, cache)
    return cache[method]


def _estimate(method, y, v, cache):
    k, zero = len(y), mpfr(0)
    if method in ("dl", "hs", "hsk"):
        w = Weighing(y, v, 0)
        factor = mpfr(k) / (k - 1) if method == "hsk" else mpfr(1)
        top = {"dl": w.q - (k - 1), "hs": w.q - k, "hsk": factor * w.q - k}[method]
        bottom = w.trace if method == "dl" else w.s1
        tau2 = max(top / bottom, zero)
        return tau2, factor * spread_form(w.w, v, tau2) / bottom
    if method == "he":
        mean = total(y) / k
        tau2 = max(total((b - mean) ** 2 for b in y) / (k - 1) - total(v) / k, zero)
        return tau2, spread_form([mpfr(1)] * k, v, tau2) / (k - 1)
    if method == "dl2":
        a = Weighing(y, v, estimate("dl", y, v, cache)[0])
        expected = total(w * x for w, x in zip(a.w, v)) - total(w * w * x for w, x in zip(a.w, v)) / a.s1
        tau2 = max((a.q - expected) / a.trace, zero)
        return tau2, spread_form(a.w, v, tau2) / a.trace
    if method == "sj":
        mean = total(y) / k
        start = total((b - mean) ** 2 for b in y) / k
        start = zero if start < TINY else start
        w = Weighing(y, v, start)
        tau2 = start * w.q / (k - 1)
        return tau2, start / (k - 1) * spread_form(w.w, v, tau2)
    if method in ("ml", "reml"):
        tau2 = normal_likelihood.best("full" if method == "ml" else "restricted", y, v)
        w = Weighing(y, v, tau2)
        return tau2, sqrt(2 / (w.s2 if method == "ml" else w.trace_of_square))
    target = chi2_quantile(mpfr("0.5"), k - 1) if method == "pmm" else mpfr(k - 1)
    tau2 = q_root(y, v, target)
    w = Weighing(y, v, tau2)
    if method in ("dlit", "sjit"):
        return tau2, sqrt(mpfr(2 * (k - 1))) / w.trace
    return tau2, sqrt(mpfr(2 * k * k) / (k - 1)) / w.s1
