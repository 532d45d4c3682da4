"""The binomial-normal model: each study's integral over the random effect by the trapezoidal rule.

The rule extends around the mode as far as the integrand is not negligible. The points are doubled until five moments
agree to the square root of the tolerance; the rule converges geometrically, so doubling the points squares the error.
Score and information in (mu, ln tau) follow from the moments of u. Hamza, van Houwelingen & Stijnen 2008.
"""
import gmpy2
import coarse
from error_function import erfc
from gmpy2 import mpfr, exp, expm1, log, log1p, sqrt

from distributions import normal_quantile
from real import PI, bits, total

ROOT_2 = sqrt(mpfr(2))


def logs(link, eta):
    """ln h and ln(1 - h)."""
    if link == "logit":
        if eta < 0:
            none = -log1p(exp(eta))
            return eta + none, none
        event = -log1p(exp(-eta))
        return event, event - eta
    if link == "probit":
        tail = erfc(abs(eta) / ROOT_2) / 2
        small, large = log(tail), log1p(-tail)
        return (small, large) if eta < 0 else (large, small)
    hazard = exp(eta)
    return log(-expm1(-hazard)), -hazard


def slopes(link, eta):
    """First and second derivatives of ln h and ln(1 - h)."""
    if link == "logit":
        p = 1 / (1 + exp(-eta))
        q = 1 / (1 + exp(eta))
        return q, -p, -p * q, -p * q
    if link == "probit":
        density = exp(-eta * eta / 2) / sqrt(2 * PI)
        up, down = density / (erfc(-eta / ROOT_2) / 2), density / (erfc(eta / ROOT_2) / 2)
        return up, -down, -up * (eta + up), -down * (down - eta)
    hazard = exp(eta)
    event = hazard / expm1(hazard)
    return event, -hazard, -event * (hazard - 1 + event), -hazard


def binomial_coefficient(x, n):
    lg = lambda t: gmpy2.lgamma(mpfr(t))[0]  # noqa: E731
    return lg(n + 1) - lg(x + 1) - lg(n - x + 1)


def mode_of(link, x, n, mu, tau):
    """The mode of the log integrand, a concave function, to a few digits relative to its width."""
    def derivatives(u):
        event, none, event2, none2 = slopes(link, mu + tau * u)
        first = second = mpfr(0)
        if x:
            first, second = x * event, x * event2
        if n - x:
            first, second = first + (n - x) * none, second + (n - x) * none2
        return tau * first - u, tau * tau * second - 1
    low = high = None
    u, reach = mpfr(0), mpfr(5)
    for _ in range(400):
        reach *= mpfr("1.3")
        first, second = derivatives(u)
        if first > 0:
            low = u
        else:
            high = u
        step = -first / second
        if not gmpy2.is_finite(step) or abs(step) > reach:
            step = reach if first > 0 else -reach
        if abs(step) * sqrt(-second) < 1e-4:
            return u + step, 1 / sqrt(-second)
        new = u + step
        if (low is not None and new <= low) or (high is not None and new >= high):
            new = (low + high) / 2
        u = new
    raise ArithmeticError("the mode of a study does not settle")


def integral(link, x, n, mu, tau, tolerance):
    """ln of the marginal likelihood without the binomial coefficient, and E u, E u^2, E u^3, E u^4."""
    m = n - x
    with bits(90):
        mode, width = mode_of(link, x, n, mu, tau)

    def g(u):
        event, none = logs(link, mu + tau * u)
        if not x:
            return m * none - u * u / 2
        if not m:
            return x * event - u * u / 2
        return x * event + m * none - u * u / 2
    top = g(mode)
    depth = -log(tolerance) + 12

    def reach(side):
        with bits(90):
            far = width * 4
            while top - g(mode + side * far) < depth:
                far *= mpfr("1.2")
            return far
    left, right = reach(-1), reach(1)
    points, span, enough = 24, left + right, sqrt(tolerance)
    s = [mpfr(0)] * 5

    def add(j_start, j_step, count):
        h = span / count
        for j in range(j_start, count + 1, j_step):
            t = j * h - left
            w = exp(g(mode + t) - top)
            s[0] += w
            w *= t
            s[1] += w
            w *= t
            s[2] += w
            w *= t
            s[3] += w
            s[4] += w * t
    add(0, 1, points)
    before = [value * span / points for value in s]
    while True:
        points *= 2
        add(1, 2, points)
        now = [value * span / points for value in s]
        width = sqrt(now[2] / now[0])
        if max(abs(now[i] - before[i]) / width**i for i in range(5)) < enough * now[0]:
            break
        if points > 10**6:
            raise ArithmeticError("the integral of a study does not settle")
        before = now
    t1, t2, t3, t4 = [value / now[0] for value in now[1:]]
    c = mode
    return (top + log(now[0] / sqrt(2 * PI)), c + t1, c * c + 2 * c * t1 + t2,
            c**3 + 3 * c * c * t1 + 3 * c * t2 + t3, c**4 + 4 * c**3 * t1 + 6 * c * c * t2 + 4 * c * t3 + t4)


class BinomialNormal:
    """The surface of the log-likelihood in (mu, ln tau)."""

    cheap_bits, full_bits = 110, 180

    def __init__(self, link, studies):
        self.link, self.studies = link, studies
        self.coefficient = total(binomial_coefficient(x, n) for x, n in studies)
        x, n = sum(s[0] for s in studies), sum(s[1] for s in studies)
        self.edge_location = predictor(link, mpfr(x), mpfr(n - x))

    def at(self, mu, spread, level):
        """Value, slopes in mu and ln tau, second derivatives (mu mu, mu ln tau, ln tau ln tau)."""
        tau = exp(spread)
        tolerance = mpfr(10) ** (-8, -14, -34)[level]
        sums = [self.coefficient] + [mpfr(0)] * 5
        for (x, n), times in multiplicities(self.studies):
            value, u1, u2, u3, u4 = self.moments(x, n, mu, tau, level, tolerance)
            fm, ft = u1 / tau, (u2 - 1) / tau
            fmm = (u2 - u1 * u1 - 1) / tau**2
            fmt = (u3 - u1 * u2 - 2 * u1) / tau**2
            ftt = (1 - 3 * u2 + u4 - u2 * u2) / tau**2
            terms = (value, fm, tau * ft, fmm, tau * fmt, tau**2 * ftt + tau * ft)
            sums = [a + times * b for a, b in zip(sums, terms)]
        return sums

    def moments(self, x, n, mu, tau, level, tolerance):
        # In double precision the second derivatives cancel where tau is small.
        if level == 0 and n <= 10**6 and tau * sqrt(mpfr(n)) > mpfr("0.1"):
            try:
                return [mpfr(value) for value in coarse.integral(self.link, x, n, float(mu), float(tau))]
            except (ArithmeticError, ValueError):
                pass
        return integral(self.link, x, n, mu, tau, tolerance)

    def edge(self, mu):
        """At tau = 0: value, slope and second derivative in mu, and the one-sided slope in tau^2."""
        value, first_sum, second_sum, inward = self.coefficient, mpfr(0), mpfr(0), mpfr(0)
        event, none = logs(self.link, mu)
        e1, n1, e2, n2 = slopes(self.link, mu)
        for x, n in self.studies:
            first, second = x * e1 + (n - x) * n1, x * e2 + (n - x) * n2
            value += x * event + (n - x) * none
            first_sum, second_sum, inward = first_sum + first, second_sum + second, inward + (first**2 + second) / 2
        return value, first_sum, second_sum, inward

    def scan_range(self):
        """A ln tau that is negligible for every study, and one beyond all differences between them."""
        y = [predictor(self.link, x + mpfr("0.5"), n - x + mpfr("0.5")) for x, n in self.studies]
        biggest = max(n for _, n in self.studies)
        spread = max(abs(b - self.edge_location) for b in y)
        return log(mpfr("0.03") / sqrt(mpfr(biggest))), log(3 * spread + 1)

    def away(self, mu):
        """How far the scan along tau has to go at this mu."""
        return log(3 * abs(mu - self.edge_location) + 1)


def multiplicities(studies):
    """The distinct studies, with their numbers."""
    counts = {}
    for x, n in studies:
        counts[(x, n)] = counts.get((x, n), 0) + 1
    return counts.items()


def predictor(link, x, m):
    """The linear predictor at x events and m non-events; None at 0 and 1."""
    if x == 0 or m == 0:
        return None
    if link == "logit":
        return log(x / m)
    if link == "cloglog":
        return log(-log(m / (x + m)))
    return normal_quantile(x / (x + m))

