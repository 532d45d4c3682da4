"""The binomial-normal model by adaptive Gauss-Hermite quadrature with 7 points and by Laplace's approximation, maximised
with 50-digit arithmetic: ../quadrature.json, with what R gives beside it. Run with mpmath 1.3:

    Rscript quadrature.R > r.txt
    python3 quadrature.py r.txt > ../quadrature.json

For each study ln s + ln sum w_j exp(t_j^2/2 + l(mu + tau u_j) - u_j^2/2) at u_j = u + s t_j, with u the mode of
l(mu + tau u) - u^2/2, s = 1/sqrt(1 + tau^2 I(u)), I the expected information, t and w the points and weights for the mean
over a standard normal distribution: those of a Gauss-Hermite rule with 7 points, or 0 and 1.
"""

import json
import sys

from mpmath import binomial, erfc, exp, expm1, factorial, hermite, log, log1p, mp, mpf, pi, polyroots, sqrt

mp.dps = 50

SETS = {
    "six": [(8, 12), (9, 13), (21, 66), (8, 18), (0, 10), (3, 30)],
    "fourteen": [(14, 19), (11, 12), (21, 74), (60, 120), (1, 32), (5, 5), (3, 9), (19, 25), (30, 47), (22, 30), (11, 41),
              (18, 44), (4, 11), (11, 22)],
    "rare": [(0, 55), (2, 17), (0, 76), (6, 98), (0, 47), (1, 120), (3, 400), (0, 12)],
    "large": [(1200, 4000), (900, 2500), (48, 160), (33, 90), (7000, 20000)],
}


def normal_tail(x):
    return erfc(x / sqrt(mpf(2))) / 2


def link(name, eta):
    """h, 1 - h and h' at eta."""
    if name == "logit":
        p, q = 1 / (1 + exp(-eta)), 1 / (1 + exp(eta))
        return p, q, p * q
    if name == "probit":
        return normal_tail(-eta), normal_tail(eta), exp(-eta * eta / 2) / sqrt(2 * pi)
    hazard = exp(eta)
    return -expm1(-hazard), exp(-hazard), hazard * exp(-hazard)


def seven_points():
    roots = [x.real for x in polyroots([128, 0, -1344, 0, 3360, 0, -1680, 0], maxsteps=500, extraprec=400)]
    return [(sqrt(mpf(2)) * x, 2**6 * factorial(7) / (49 * hermite(6, x) ** 2)) for x in roots]


RULES = {"aghq-7": seven_points(), "laplace": [(mpf(0), mpf(1))]}


class Study:
    def __init__(self, name, x, n):
        self.name, self.x, self.n, self.u = name, x, n, None
        self.constant = log(binomial(n, x))

    def value(self, eta):
        p, q, _ = link(self.name, eta)
        return (self.x * log(p) if self.x else 0) + ((self.n - self.x) * log(q) if self.n > self.x else 0)

    def slope(self, eta):
        """l' and the expected information."""
        p, q, d = link(self.name, eta)
        return (self.x - self.n * p) * d / (p * q), self.n * d * d / (p * q)

    def mode(self, mu, tau):
        """Fisher scoring, halved where it does not come nearer."""
        u = mpf(0) if self.u is None else self.u
        gap = lambda u: tau * self.slope(mu + tau * u)[0] - u
        for _ in range(2000):
            step = gap(u) / (1 + tau * tau * self.slope(mu + tau * u)[1])
            while abs(gap(u + step)) > abs(gap(u)) and abs(step) > mpf(10) ** -44:
                step /= 2
            u += step
            if abs(step) < mpf(10) ** -44:
                break
        self.u = u
        return u

    def marginal(self, mu, tau, rule):
        u = self.mode(mu, tau)
        s = 1 / sqrt(1 + tau * tau * self.slope(mu + tau * u)[1])
        at = lambda v: self.value(mu + tau * v) - v * v / 2
        return self.constant + log(s) + log(sum(w * exp(t * t / 2 + at(u + s * t)) for t, w in rule))


def derivatives(f, x, h=mpf(10) ** -11):
    """Gradient and Hessian by central differences of order 4; their error is about h^4."""
    (a, b), c = x, f(*x)
    line = lambda d: [f(a + i * h * d[0], b + i * h * d[1]) for i in (-2, -1, 1, 2)]
    first = lambda v: (v[0] - 8 * v[1] + 8 * v[2] - v[3]) / (12 * h)
    second = lambda v: (-v[0] + 16 * v[1] - 30 * c + 16 * v[2] - v[3]) / (12 * h * h)
    along = [line(d) for d in ((1, 0), (0, 1), (1, 1))]
    aa, bb, ab = (second(v) for v in along)
    return c, [first(along[0]), first(along[1])], [aa, (ab - aa - bb) / 2, bb]


def maximum(name, rows, rule, start):
    studies = [Study(name, x, n) for x, n in rows]
    total = lambda mu, tau: sum(study.marginal(mu, tau, rule) for study in studies)
    x = start
    for _ in range(40):
        value, (g, k), (aa, ab, bb) = derivatives(total, x)
        determinant = aa * bb - ab * ab
        step = ((ab * k - bb * g) / determinant, (ab * g - aa * k) / determinant)
        x = (x[0] + step[0], x[1] + step[1])
        if max(map(abs, step)) < mpf(10) ** -20:
            break
    else:
        raise ValueError((name, rows))
    assert aa < 0 and determinant > 0
    variance, tau_variance = -bb / determinant, -aa / determinant
    return {
        "y": x[0], "se": sqrt(variance), "tau2": x[1] ** 2, "tau2_se": 2 * x[1] * sqrt(tau_variance),
        "log_likelihood": value,
    }


def main():
    printed = {}
    for line in open(sys.argv[1]):
        which, *values = line.split()
        printed[which] = [float(value) for value in values]
    cases = []
    for set_name, rows in SETS.items():
        for name in ("logit", "probit", "cloglog"):
            for rule_name, rule in RULES.items():
                key = f"{set_name}/{name}/{rule_name}"
                y, _, tau2, _ = printed[key]
                found = maximum(name, rows, rule, (mpf(y), sqrt(mpf(tau2))))
                case = {"set": set_name, "measure": name, "quadrature": rule_name}
                case |= {field: float(value) for field, value in found.items()}
                case["r"] = dict(zip(("y", "se", "tau2", "log_likelihood"), printed[key]))
                cases.append(case)
                print(key, file=sys.stderr)
    rma = {name: dict(zip(("y", "se", "tau2"), printed[f"{name}/rma.glmm"])) for name in SETS}
    print(json.dumps({"sets": SETS, "cases": cases, "rma_glmm": rma}, indent=1))


main()
