"""The estimate and variance of each study on the analysis scale, and the way back to proportions.

For a study with no events or no non-events, 1/2 is added to both on the raw, log, logit, probit and cloglog scales;
arcsine and Freeman-Tukey use the counts without a correction.
"""
import gmpy2
from gmpy2 import mpfr, exp, log, log1p, expm1, sqrt, asin, sin, cos

from distributions import normal_cdf, normal_quantile
from real import PI, total

MEASURES = ("raw", "log", "logit", "arcsine", "freeman-tukey", "probit", "cloglog")
HALF = mpfr("0.5")


def double_arcsine(x, n):
    """Freeman & Tukey 1950, halved."""
    return (asin(sqrt(x / (n + 1))) + asin(sqrt(min((x + 1) / (n + 1), mpfr(1))))) / 2


def estimate(measure, events, people):
    """y and v of one study."""
    x, n = mpfr(events), mpfr(people)
    if measure == "arcsine":
        return asin(sqrt(x / n)), 1 / (4 * n)
    if measure == "freeman-tukey":
        return double_arcsine(x, n), 1 / (4 * n + 2)
    if events in (0, people):
        x, n = x + HALF, n + 1
    m = n - x
    p, q = x / n, m / n
    if measure == "raw":
        return p, p * q / n
    if measure == "log":
        return log(p), 1 / x - 1 / n
    if measure == "logit":
        return log(x / m), 1 / x + 1 / m
    if measure == "probit":
        y = normal_quantile(p)
        return y, p * q / n * 2 * PI * exp(y * y)
    if measure == "cloglog":
        return log(-log(q)), p / (n * q * log(q) ** 2)
    raise ValueError(measure)


def estimates(measure, studies):
    pairs = [estimate(measure, x, n) for x, n in studies]
    return [y for y, _ in pairs], [v for _, v in pairs]


class Scale:
    """From the analysis scale to proportions, clipped to [0, 1]; n is for the Freeman-Tukey inverse."""

    def __init__(self, measure, n=None):
        self.measure, self.n = measure, n

    def null(self):
        """The value at 50 %."""
        half = HALF
        return {
            "raw": half, "log": log(half), "logit": mpfr(0), "arcsine": PI / 4, "freeman-tukey": PI / 4,
            "probit": mpfr(0), "cloglog": log(-log(half)),
        }[self.measure]

    def proportion(self, y):
        if y is None:
            return None
        m = self.measure
        if m == "raw":
            return min(max(y, mpfr(0)), mpfr(1))
        if m == "log":
            return min(exp(y), mpfr(1))
        if m == "logit":
            return 1 / (1 + exp(-y))
        if m == "probit":
            return normal_cdf(y)
        if m == "cloglog":
            return -expm1(-exp(y))
        if m == "freeman-tukey" and self.n is not None:
            return self.miller(y)
        if y <= 0:
            return mpfr(0)
        return mpfr(1) if y >= PI / 2 else sin(y) ** 2

    def miller(self, y):
        """Miller 1978, equation on p. 138, for the half angle."""
        n = self.n
        if y <= double_arcsine(mpfr(0), n):
            return mpfr(0)
        if y >= double_arcsine(n, n):
            return mpfr(1)
        s = sin(2 * y)
        inner = s + (s - 1 / s) / n
        root = sqrt(max(1 - inner * inner, mpfr(0)))
        return (1 - root if cos(2 * y) > 0 else 1 + root) / 2


def scale_of(measure, studies, back="harmonic", se=None):
    """The back-transform of a pooled value with this standard error."""
    if measure != "freeman-tukey" or back == "none":
        return Scale(measure)
    k = len(studies)
    if back == "harmonic":
        n = k / total(1 / mpfr(n) for _, n in studies)
    elif back == "arithmetic":
        n = total(mpfr(n) for _, n in studies) / k
    elif back == "geometric":
        n = exp(total(log(mpfr(n)) for _, n in studies) / k)
    else:
        n = 1 / (4 * se * se)
    return Scale(measure, n)
