"""The beta-binomial model, with log-gamma functions at many digits and central differences.

Proportions follow a beta distribution with mean p and intra-class correlation rho; the parameters are logit p and
ln theta, theta = rho/(1 - rho) = 1/(alpha + beta). Skellam 1948; Young-Xu & Chan 2008.
"""
import gmpy2
from gmpy2 import mpfr, exp, log

from likelihood import binomial_coefficient, multiplicities
from real import total


class BetaBinomial:
    """The surface of the log-likelihood in (logit p, ln theta)."""

    cheap_bits, full_bits = 240, 620

    def __init__(self, studies):
        self.studies = studies
        self.coefficient = total(binomial_coefficient(x, n) for x, n in studies)
        x, n = sum(s[0] for s in studies), sum(s[1] for s in studies)
        self.edge_location = log(mpfr(x) / (n - x)) if 0 < x < n else None
        self.full_coefficient = None

    def value(self, logit, spread):
        lg = lambda t: gmpy2.lgamma(t)[0]  # noqa: E731
        theta = exp(spread)
        p, q = 1 / (1 + exp(-logit)), 1 / (1 + exp(logit))
        a, b = p / theta, q / theta
        size = 1 / theta
        base = lg(size) - lg(a) - lg(b)
        return total(times * (lg(x + a) + lg(n - x + b) - lg(n + size) + base)
                     for (x, n), times in multiplicities(self.studies))

    def at(self, mu, spread, level):
        full = level == 2
        h = mpfr(10) ** (-45 if full else -17)
        f = {(i, j): self.value(mu + i * h, spread + j * h) for i in (-1, 0, 1) for j in (-1, 0, 1)}
        if full and self.full_coefficient is None:
            self.full_coefficient = total(binomial_coefficient(x, n) for x, n in self.studies)
        return [f[0, 0] + (self.full_coefficient if full else self.coefficient),
                (f[1, 0] - f[-1, 0]) / (2 * h), (f[0, 1] - f[0, -1]) / (2 * h),
                (f[1, 0] - 2 * f[0, 0] + f[-1, 0]) / h**2,
                (f[1, 1] - f[1, -1] - f[-1, 1] + f[-1, -1]) / (4 * h**2),
                (f[0, 1] - 2 * f[0, 0] + f[0, -1]) / h**2]

    def edge(self, mu):
        """At theta = 0: value, slope and second derivative in logit p, and the slope in theta."""
        p, q = 1 / (1 + exp(-mu)), 1 / (1 + exp(mu))
        x, n = sum(s[0] for s in self.studies), sum(s[1] for s in self.studies)
        inward = total(mpfr(a * (a - 1)) / (2 * p) + mpfr((b - a) * (b - a - 1)) / (2 * q) - mpfr(b * (b - 1)) / 2
                       for a, b in self.studies)
        value = self.coefficient + x * log(p) + (n - x) * log(q)
        return value, x * q - (n - x) * p, -n * p * q, inward

    def scan_range(self):
        return log(mpfr("0.001") / max(n for _, n in self.studies)), log(mpfr(100))

    def away(self, mu):
        return log(mpfr(100)) + abs(mu - self.edge_location) / 4
