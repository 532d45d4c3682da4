"""The distribution of Q_a = sum a (y - mean_a)^2 by numerical inversion of its Laplace transform, and the
intervals of tau2 from it: Jackson 2013 (a = 1/sqrt v) and Biggerstaff & Jackson 2008 (a = 1/v).

Talbot's contour with a fixed number of points (Abate & Valko 2004); two numbers of points have to agree to 1e-28.
"""
import gmpy2
from gmpy2 import mpfr, mpc, log, exp, sqrt

from distributions import LEVEL_TAIL
from real import PI, bits, double_until, root, total


def laplace(a, d):
    """E exp(-p Q) / p: the product over all studies times the correction for the mean."""
    s = total(a)

    def transform(p):
        logs, ratio = mpc(0), mpc(0)
        product = mpc(1)
        for ai, di in zip(a, d):
            factor = 1 + 2 * p * di
            ratio += ai / factor
            # The square root of each factor separately: none crosses the branch cut.
            product *= gmpy2.sqrt(factor)
        return 1 / (product * gmpy2.sqrt(ratio / s) * p)
    return transform


def talbot(transform, t, m):
    r = mpfr(2 * m) / (5 * t)
    result = exp(r * t) * transform(mpc(r)).real / 2
    for k in range(1, m):
        theta = k * PI / m
        cot = 1 / gmpy2.tan(theta)
        s = mpc(r * theta * cot, r * theta)
        sigma = theta + (theta * cot - 1) * cot
        result += (exp(t * s) * transform(s) * mpc(1, sigma)).real
    return r / m * result


def lower_tail(a, v, tau2, q, m):
    return talbot(laplace(a, [x * (y + tau2) for x, y in zip(a, v)]), q, m)


def interval(a, y, v):
    """The tau2 with P(Q > q) = 0.025 and P(Q <= q) = 0.025, cut at 0."""
    s = total(a)
    mean = total(w * b for w, b in zip(a, y)) / s
    q = total(w * (b - mean) ** 2 for w, b in zip(a, y))
    zero = mpfr(0)
    if q < mpfr(10) ** -100:
        return zero, zero

    def solve(target):
        cheap = lambda t: lower_tail(a, v, t, q, 24) - target  # noqa: E731
        with bits(120):
            if cheap(zero) <= 0:
                return zero
            low, high = double_until(cheap, q / s)
            near = root(cheap, low, high, mpfr(10) ** -10)
        # Secant steps with many points, from a start that is already close.
        with bits(320):
            full = lambda t, m=64: log(lower_tail(a, v, t, q, m) / target)  # noqa: E731
            t0, t1 = near, near * (1 + mpfr(10) ** -9)
            f0, f1 = full(t0), full(t1)
            for _ in range(12):
                t2 = t1 - f1 * (t1 - t0) / (f1 - f0)
                t0, f0, t1 = t1, f1, t2
                if abs(t1 - t0) <= mpfr(10) ** -30 * t1:
                    break
                f1 = full(t1)
            else:
                raise ArithmeticError("the interval of tau2 does not settle")
            if abs(full(t1, 80)) > mpfr(10) ** -28:
                raise ArithmeticError("Talbot's rule has not converged")
            return t1
    return solve(1 - LEVEL_TAIL), solve(LEVEL_TAIL)


def jackson(y, v):
    return interval([1 / sqrt(x) for x in v], y, v)


def biggerstaff_jackson(y, v):
    return interval([1 / x for x in v], y, v)
