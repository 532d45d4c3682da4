"""Full and restricted log-likelihood of tau2 under normality: all maxima, and profile intervals.

The score is evaluated on a grid of 100 points per decade and every change of sign is solved, so that all maxima of
multimodal likelihoods are found. Hardy & Thompson 1996 for the profile intervals.
"""
from gmpy2 import mpfr, log, sqrt, exp

from distributions import chi2_quantile
from real import PI, bits, root, total
from weighing import Weighing

A_DECADE = 100


def log_likelihood(kind, y, v, tau2):
    w = Weighing(y, v, tau2)
    spread = total(log(x + tau2) for x in v)
    if kind == "full":
        return -(w.k * log(2 * PI) + spread + w.q) / 2
    return -(w.df * log(2 * PI) - log(mpfr(w.k)) + spread + log(w.s1) + w.q) / 2


def score(kind, y, v, tau2):
    """Twice the slope in tau2."""
    w = [1 / (x + tau2) for x in v]
    s1 = total(w)
    mean = total(a * b for a, b in zip(w, y)) / s1
    rise = total((a * (b - mean)) ** 2 for a, b in zip(w, y))
    return rise - (s1 if kind == "full" else s1 - total(a * a for a in w) / s1)


def grid(y, v):
    """0, and 100 points per decade from far below the least variance to far above the largest difference."""
    low = min(v) / 10**12
    high = 100 * (max(v) + (max(y) - min(y)) ** 2)
    points, factor = [mpfr(0), low], mpfr(10) ** (mpfr(1) / A_DECADE)
    while points[-1] < high:
        points.append(points[-1] * factor)
    return points


def solve_falling(f, points):
    """Every root at which f changes from positive to not positive along the points; the first point too if f
    is not positive there."""
    with bits(160):
        signs = [f(t) > 0 for t in points]
    found = [] if signs[0] else [points[0]]
    for a, b, up, then in zip(points, points[1:], signs, signs[1:]):
        if up and not then:
            found.append(root(f, a, b))
    return found


def maxima(kind, y, v):
    """Every local maximum over tau2 >= 0 as (tau2, log-likelihood)."""
    peaks = solve_falling(lambda t: score(kind, y, v, t), grid(y, v))
    return [(t, log_likelihood(kind, y, v, t)) for t in peaks]


def best(kind, y, v):
    """The tau2 of the largest; of equal ones, the smallest."""
    peaks = maxima(kind, y, v)
    return max(peaks, key=lambda peak: (peak[1], -peak[0]))[0]


def profile(kind, y, v):
    """The ends of the set of tau2 with 2 (l(best) - l) at most the chi-squared(1) quantile."""
    t_best = best(kind, y, v)
    drop = chi2_quantile(mpfr("0.95"), 1)
    top = log_likelihood(kind, y, v, t_best)
    inside = lambda t: drop - 2 * (top - log_likelihood(kind, y, v, t))  # noqa: E731
    points = sorted(set(grid(y, v)[::5] + [t for t, _ in maxima(kind, y, v)]))
    while inside(points[-1]) > 0:
        points.append(points[-1] * 2)
    with bits(160):
        within = [inside(t) > 0 for t in points]
    first, last = within.index(True), len(within) - 1 - within[::-1].index(True)
    lower = points[0] if first == 0 else root(inside, points[first - 1], points[first])
    return lower, root(inside, points[last], points[last + 1])


def mean_deviance(y, v, mu, top):
    """2 (top - max over tau2 of the full log-likelihood at this mean)."""
    def slope(t):
        return total(((b - mu) / (x + t)) ** 2 - 1 / (x + t) for b, x in zip(y, v))

    def value(t):
        return -(len(y) * log(2 * PI) + total(log(x + t) + (b - mu) ** 2 / (x + t) for b, x in zip(y, v))) / 2
    low, high = min(v) / 10**5, 10 * (max(v) + max((b - mu) ** 2 for b in y))
    points, factor = [mpfr(0), low], mpfr(10) ** (mpfr(1) / 15)
    while points[-1] < high:
        points.append(points[-1] * factor)
    return 2 * (top - max(value(t) for t in solve_falling(slope, points)))


def profile_of_mean(y, v, null):
    """The outermost mu on both sides of the set, and the deviance at the null value."""
    t_best = best("full", y, v)
    w = Weighing(y, v, t_best)
    top = log_likelihood("full", y, v, t_best)
    drop = chi2_quantile(mpfr("0.95"), 1)
    ends = []
    for side in (-1, 1):
        inside = lambda d: drop - mean_deviance(y, v, w.mean + side * d, top)  # noqa: E731
        reach = max(max(side * (b - w.mean) for b in y), mpfr(0))
        with bits(160):
            far = max(reach, w.se) * mpfr("1.01")
            while inside(far) > 0:
                far *= 2
            # From outside inwards, because the set may have gaps within the range of the estimates.
            points = sorted(set([mpfr(0), far] + [far * i / 24 for i in range(1, 24)]
                                + [w.se * i for i in range(1, 7) if w.se * i < far]))
            outer = len(points) - 1
            while inside(points[outer - 1]) <= 0:
                outer -= 1
        ends.append(w.mean + side * root(inside, points[outer - 1], points[outer]))
    return ends, max(mean_deviance(y, v, null, top), mpfr(0))
