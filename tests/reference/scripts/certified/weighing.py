"""Inverse-variance sums and the variance of a quadratic form, from their definitions."""
from gmpy2 import mpfr, sqrt

from real import TINY, total


class Weighing:
    """w = 1/(v + tau2): S1, S2, S3, the mean, Q, the sum of w^2 (y - mean)^2, tr P and tr P^2."""

    def __init__(self, y, v, tau2):
        self.k = len(y)
        self.w = w = [1 / (x + tau2) for x in v]
        self.s1, self.s2, self.s3 = total(w), total(x * x for x in w), total(x**3 for x in w)
        mean = total(a * b for a, b in zip(w, y)) / self.s1
        # If the estimates are symmetric about 0, the mean is only a rounding error.
        self.mean = mpfr(0) if abs(mean) < TINY * max(abs(b) for b in y) else mean
        residuals = [b - self.mean for b in y]
        q = total(a * r * r for a, r in zip(w, residuals))
        self.q = mpfr(0) if q < TINY else q
        self.slope = total((a * r) ** 2 for a, r in zip(w, residuals))
        self.trace = self.s1 - self.s2 / self.s1
        self.trace_of_square = self.s2 - 2 * self.s3 / self.s1 + (self.s2 / self.s1) ** 2

    @property
    def df(self):
        return self.k - 1

    @property
    def se(self):
        return 1 / sqrt(self.s1)

    def knapp_hartung(self, floor=False):
        """Hartung & Knapp 2001; with the floor, Knapp & Hartung 2003."""
        s2 = self.q / self.df
        return sqrt((max(s2, mpfr(1)) if floor else s2) / self.s1)


def variance_of_form(a, variances):
    """The variance of sum a (y - mean_a)^2 for normal y with these variances: 2 tr(A S A S),
    A = diag(a) - a a'/sum a, entry by entry."""
    s = total(a)
    result = mpfr(0)
    for i, (ai, vi) in enumerate(zip(a, variances)):
        entry = ai - ai * ai / s
        result += (entry * vi) ** 2
        for aj, vj in zip(a[:i], variances):
            entry = ai * aj / s
            result += 2 * entry * entry * vi * vj
    return 2 * result
