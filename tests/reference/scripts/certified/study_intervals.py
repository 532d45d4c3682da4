"""The confidence interval of one proportion, by nine methods; limits clipped to [0, 1].

Clopper & Pearson 1934; Wilson 1927; Newcombe 1998, method 4 (wilson-cc); Agresti & Coull 1998; Brown, Cai &
DasGupta 2001 (jeffreys); Lancaster 1961 (mid-p); Wald; the arcsine interval; and Wald's on the analysis scale.
"""
from gmpy2 import mpfr, asin, exp, log, sin, sqrt

from distributions import LEVEL_TAIL, beta_log_density_factor, beta_quantile, beta_tails, z_quantile
from effects import HALF, estimate, scale_of
from real import PI

CLOSED = ("wilson", "wilson-cc", "agresti-coull", "wald", "arcsine", "transform")
ITERATED = ("clopper-pearson", "jeffreys", "mid-p")
ZERO, FULL = mpfr(0), mpfr(1)


def clipped(limits):
    return [min(max(x, ZERO), FULL) for x in limits]


def mid_p_limit(x, n, upper):
    """The p with P(X > x) + P(X = x)/2 = 0.025, or the same of the lower tail: Newton on the log odds."""
    def halves(s):
        p, q = 1 / (1 + exp(-s)), 1 / (1 + exp(s))
        zero, one = (ZERO, FULL), (FULL, ZERO)
        at_least = one if x == 0 else beta_tails(p, q, x, n - x + 1)      # P(X >= x), complement
        more = zero if x == n else beta_tails(p, q, x + 1, n - x)         # P(X > x), complement
        slopes = [ZERO if x == 0 else beta_log_density_factor(p, q, mpfr(x), mpfr(n - x + 1)),
                  ZERO if x == n else beta_log_density_factor(p, q, mpfr(x + 1), mpfr(n - x))]
        which = 1 if upper else 0
        return (at_least[which] + more[which]) / 2, (slopes[0] + slopes[1]) / 2 * (-1 if upper else 1)
    s = log((x + HALF) / (n - x + HALF)) + (2 if upper else -2) * sqrt(1 / (x + HALF) + 1 / (n - x + HALF))
    low = high = None
    for _ in range(300):
        value, slope = halves(s)
        excess = log(value / LEVEL_TAIL) if value > 0 else mpfr(-10) ** 6
        # The tail increases with p for the lower limit and decreases for the upper limit.
        if (excess > 0) != upper:
            high = s
        else:
            low = s
        step = excess * value / slope if value > 0 and slope != 0 else None
        if step is not None and abs(step) <= mpfr(10) ** -40:
            return 1 / (1 + exp(-(s - step)))
        new = None if step is None else s - step
        if new is None or (low is not None and new <= low) or (high is not None and new >= high):
            new = s - 1 if low is None else s + 1 if high is None else (low + high) / 2
        s = new
    raise ArithmeticError("the mid-P limit does not settle")


def interval(method, x, n, measure="logit"):
    events, people, z = x, n, z_quantile()
    if method == "clopper-pearson":
        return [ZERO if x == 0 else beta_quantile(LEVEL_TAIL, x, n - x + 1),
                FULL if x == n else beta_quantile(LEVEL_TAIL, x + 1, n - x, upper=True)]
    if method == "jeffreys":
        return [ZERO if x == 0 else beta_quantile(LEVEL_TAIL, x + HALF, n - x + HALF),
                FULL if x == n else beta_quantile(LEVEL_TAIL, x + HALF, n - x + HALF, upper=True)]
    if method == "mid-p":
        return [ZERO if x == 0 else mid_p_limit(x, n, False), FULL if x == n else mid_p_limit(x, n, True)]
    x, n = mpfr(x), mpfr(n)
    p, q = x / n, (n - x) / n
    if method == "wilson":
        centre, margin = p + z * z / (2 * n), z * sqrt(p * q / n + z * z / (4 * n * n))
        lower, upper = (centre - margin) / (1 + z * z / n), (centre + margin) / (1 + z * z / n)
        return [ZERO if events == 0 else lower, FULL if events == people else upper]
    if method == "wilson-cc":
        lower = ZERO if events == 0 else (
            2 * n * p + z * z - 1 - z * sqrt(z * z - 2 - 1 / n + 4 * p * (n * q + 1))) / (2 * (n + z * z))
        upper = FULL if events == people else (
            2 * n * p + z * z + 1 + z * sqrt(z * z + 2 - 1 / n + 4 * p * (n * q - 1))) / (2 * (n + z * z))
        return clipped([lower, upper])
    if method == "agresti-coull":
        n = n + z * z
        p = (x + z * z / 2) / n
        return clipped([p - z * sqrt(p * (1 - p) / n), p + z * sqrt(p * (1 - p) / n)])
    if method == "wald":
        return clipped([p - z * sqrt(p * q / n), p + z * sqrt(p * q / n)])
    if method == "arcsine":
        angle, margin = asin(sqrt(p)), z / (2 * sqrt(n))
        return [sin(min(max(angle + side * margin, ZERO), PI / 2)) ** 2 for side in (-1, 1)]
    y, v = estimate(measure, events, people)
    scale = scale_of(measure, [(events, people)])
    return [scale.proportion(y + side * z * sqrt(v)) for side in (-1, 1)]
