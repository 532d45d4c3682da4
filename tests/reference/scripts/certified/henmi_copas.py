"""The Henmi-Copas (2010) interval around the common-effect mean.

The joint moments of T and Q are formed from explicit matrices; the tail is a piecewise Gauss-Legendre
sum over T, with the number of points doubled until two sums agree.
"""
import gmpy2
from functools import lru_cache
from gmpy2 import mpfr, exp, sqrt, log

from distributions import LEVEL_TAIL, gamma_lower
from real import PI, bits, double_until, root, total
from weighing import Weighing


@lru_cache(maxsize=None)
def gauss_legendre(n, precision):
    """Nodes and weights on [-1, 1]."""
    rule = []
    for i in range(1, n // 2 + 1):
        x = gmpy2.cos(PI * (i - mpfr("0.25")) / (n + mpfr("0.5")))
        for _ in range(12):
            p0, p1 = mpfr(1), x
            for j in range(2, n + 1):
                p0, p1 = p1, ((2 * j - 1) * x * p1 - (j - 1) * p0) / j
            slope = n * (x * p1 - p0) / (x * x - 1)
            step = p1 / slope
            x -= step
            if abs(step) < mpfr(2) ** -(precision // 2):
                # Evaluated once more for the slope at the node.
                p0, p1 = mpfr(1), x
                for j in range(2, n + 1):
                    p0, p1 = p1, ((2 * j - 1) * x * p1 - (j - 1) * p0) / j
                slope = n * (x * p1 - p0) / (x * x - 1)
                x -= p1 / slope
                break
        weight = 2 / ((1 - x * x) * slope * slope)
        rule += [(x, weight), (-x, weight)]
    return rule


class Joint:
    """T = sqrt(S1)(mean - mu) and Q at the DerSimonian-Laird tau2."""

    def __init__(self, y, v, tau2):
        w = Weighing(y, v, 0)
        self.mean, self.k, self.s1 = w.mean, w.k, w.s1
        k, b = w.k, [sqrt(x / w.s1) for x in w.w]
        delta = [1 + tau2 * x for x in w.w]
        db = [d * x for d, x in zip(delta, b)]
        self.c = total(x * y for x, y in zip(b, db))
        # The conditional variance C = Delta - Delta b b' Delta / c, and along = Delta b / c.
        diagonal = [delta[i] - db[i] * db[i] / self.c for i in range(k)]
        off = total((db[i] * db[j] / self.c) ** 2 for i in range(k) for j in range(i))
        along = [x / self.c for x in db]
        inner = total(a * a * d for a, d in zip(along, delta)) - total(a * x for a, x in zip(along, db)) ** 2 / self.c
        self.mean_0, self.mean_r = total(diagonal), total(a * a for a in along) - 1
        self.var_0, self.var_r = 2 * (total(d * d for d in diagonal) + 2 * off), 4 * inner
        self.slope = w.s1 / w.s2 * w.trace
        self.se = sqrt(self.c / w.s1)

    def density(self, t, u):
        m, v = self.mean_0 + t * t * self.mean_r, self.var_0 + t * t * self.var_r
        bound = (self.k - 1) + (t * t / (u * u) - 1) * self.slope
        return gamma_lower(m * m / v, bound * m / v) * exp(-t * t / self.c / 2) / sqrt(2 * PI * self.c)

    def tail(self, u, n, deep):
        """P(U > u), on pieces of doubling length, as the bound of Q increases from its value at T = u on."""
        far = u + deep * sqrt(self.c)
        scale = min(sqrt(self.c), u / 2, u * sqrt(self.var_0) / self.slope, u * self.k / self.slope) / 4
        edges = [u]
        while edges[-1] < far and len(edges) < 60:
            edges.append(min(edges[-1] + scale, far))
            scale *= mpfr("1.7")
            scale = min(scale, sqrt(self.c) * mpfr("1.2"))
        rule = gauss_legendre(n, gmpy2.get_context().precision)
        result = mpfr(0)
        for a, b in zip(edges, edges[1:]):
            half, middle = (b - a) / 2, (a + b) / 2
            result += half * total(weight * self.density(middle + half * x, u) for x, weight in rule)
        return result


def quantile(y, v, tau2):
    joint = Joint(y, v, tau2)
    with bits(80):
        f = lambda u: log(joint.tail(u, 10, 8) / LEVEL_TAIL)  # noqa: E731
        low, high = double_until(f, mpfr(1))
        near = root(f, max(low, mpfr("0.01")), high, mpfr(10) ** -9)
    with bits(200):
        full = lambda u, n: log(joint.tail(u, n, 13) / LEVEL_TAIL)  # noqa: E731
        u0, u1 = near, near * (1 + mpfr(10) ** -9)
        f0, f1 = full(u0, 36), full(u1, 36)
        for _ in range(8):
            u2 = u1 - f1 * (u1 - u0) / (f1 - f0)
            u0, f0, u1 = u1, f1, u2
            if abs(u1 - u0) <= mpfr(10) ** -29 * u1:
                break
            f1 = full(u1, 36)
        check = full(u1, 48)
        if abs(check) > mpfr(10) ** -26:
            raise ArithmeticError(f"the tail of Henmi and Copas has not converged: {float(check)}")
    return u1, joint


def two_sided(joint, u):
    """2 P(U > u), at most 1."""
    if u == 0:
        return mpfr(1)
    with bits(200):
        one, two = joint.tail(u, 36, 13), joint.tail(u, 48, 13)
    if abs(one - two) > mpfr(10) ** -26 * two:
        raise ArithmeticError("the p-value of Henmi and Copas has not converged")
    return min(2 * two, mpfr(1))
