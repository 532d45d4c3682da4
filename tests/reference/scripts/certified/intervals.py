"""Intervals of tau2, and I2 with its limits."""
from gmpy2 import mpfr, exp, log, sqrt

import normal_likelihood
import quadratic_form
import tau2 as estimators
from distributions import LEVEL_TAIL, chi2_quantile, z_quantile
from weighing import Weighing


def of_tau2(kind, method, y, v, cache):
    k = len(y)
    low, high = chi2_quantile(LEVEL_TAIL, k - 1), chi2_quantile(1 - LEVEL_TAIL, k - 1)
    if kind == "q-profile":  # Viechtbauer 2007
        return estimators.q_root(y, v, high), estimators.q_root(y, v, low)
    if kind == "sj":  # Sidik & Jonkman 2005
        scaled = (k - 1) * estimators.estimate("sj", y, v, cache)[0]
        return scaled / high, scaled / low
    if kind == "profile":
        return normal_likelihood.profile("restricted" if method == "reml" else "full", y, v)
    return {"jackson": quadratic_form.jackson, "biggerstaff-jackson": quadratic_form.biggerstaff_jackson}[kind](y, v)


def i2_of_tau2(y, v, tau2):
    """Higgins & Thompson 2002, eq. 9: percent, and H2."""
    w = Weighing(y, v, 0)
    typical = w.df / w.trace
    return 100 * tau2 / (tau2 + typical), 1 + tau2 / typical


def i2_of_q(q, k):
    """I2 in percent, its test-based limits (None for two studies with Q <= k), and H2."""
    df = mpfr(k - 1)
    h = max(sqrt(q / df), mpfr(1))
    if q > k:
        se = (log(q) - log(df)) / (2 * (sqrt(2 * q) - sqrt(mpfr(2 * k - 3))))
    elif k > 2:
        se = sqrt(1 / (2 * mpfr(k - 2)) * (1 - 1 / (3 * mpfr(k - 2) ** 2)))
    else:
        se = None
    percent = lambda h: 100 * (h * h - 1) / (h * h)  # noqa: E731
    limits = None
    if se is not None:
        limits = [percent(max(exp(log(h) + side * z_quantile() * se), mpfr(1))) for side in (-1, 1)]
    return percent(h), limits, q / df
