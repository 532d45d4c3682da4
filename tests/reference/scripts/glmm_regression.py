"""The binomial-normal model with moderators, maximised with 30-digit arithmetic: ../glmm_regression.json. Run with mpmath 1.3:

    python3 glmm_regression.py > ../glmm_regression.json

The marginal likelihood of a study is the trapezoidal rule in t of phi(u) P(x | eta + tau u), u = mode + s t, on [-14, 14] with
160 steps and, as a check, with 320: they agree to 18 digits. Derivatives are moments of l' and u l' under the integrand.
Newton's method in all coefficients and tau; where it leads to tau = 0, in the coefficients alone. A profile limit of a
coefficient is where twice the log-likelihood, maximised over the others and tau, is the chi-squared quantile below its
maximum: by the secant method.
"""

import json

from mpmath import binomial, erfc, erfinv, exp, expm1, log, lu_solve, matrix, mp, mpf, pi, sqrt

mp.dps = 30

SETS = {
    "nine": {
        "counts": [(8, 32), (9, 30), (31, 66), (38, 60), (17, 40), (0, 12), (12, 25), (3, 18), (20, 20)],
        "columns": {"dose": [5, 5, 10, 10, 5, 2, 10, 4, 12], "topical": [0, 0, 0, 1, 1, 1, 0, 1, 0]},
    },
    "fourteen": {
        "counts": [(14, 19), (11, 12), (21, 74), (60, 120), (1, 32), (5, 5), (3, 9), (19, 25), (30, 47), (22, 30), (11, 41),
                   (18, 44), (4, 11), (11, 22)],
        "columns": {"year": [2014, 2015, 2016, 2016, 2017, 2017, 2018, 2018, 2019, 2019, 2020, 2020, 2021, 2022]},
    },
    "rare": {
        "counts": [(0, 55), (2, 17), (0, 76), (6, 98), (0, 47), (1, 120), (3, 400), (0, 12)],
        "columns": {"mean_age": [31.5, 44.25, 28, 39, 35, 41, 22.75, 50]},
    },
    "large": {
        "counts": [(1200, 4000), (900, 2500), (48, 160), (33, 90), (7000, 20000), (510, 2000)],
        "columns": {"score": [-0.3, 1.1, 0.2, 0.9, 0.4, -1.2]},
    },
    "explained": {
        "counts": [(10, 100), (20, 100), (41, 200), (11, 110), (30, 150)],
        "columns": {"old": [0, 1, 1, 0, 1]},
    },
}
CHI2 = 2 * erfinv(mpf("0.95")) ** 2


def derivatives_of_log(link, eta, x, m):
    """l, l' and l'' of a study."""
    def tail(z):
        return erfc(z / sqrt(mpf(2))) / 2

    if link == "logit":
        p, q = 1 / (1 + exp(-eta)), 1 / (1 + exp(eta))
        value = (x * log(p) if x else 0) + (m * log(q) if m else 0)
        return value, x * q - m * p, -(x + m) * p * q
    if link == "probit":
        p, q, d = tail(-eta), tail(eta), exp(-eta * eta / 2) / sqrt(2 * pi)
        a, b = d / p, d / q
        value = (x * log(p) if x else 0) + (m * log(q) if m else 0)
        return value, x * a - m * b, x * (-eta * a - a * a) + m * (eta * b - b * b)
    hazard = exp(eta)
    p = -expm1(-hazard)
    r = hazard * exp(-hazard) / p
    value = (x * log(p) if x else 0) - m * hazard
    return value, x * r - m * hazard, x * (r * (1 - hazard) - r * r) - m * hazard


class Model:
    def __init__(self, link, counts, rows, steps=160):
        self.link, self.counts, self.rows, self.steps = link, counts, rows, steps
        self.modes = [mpf(0)] * len(counts)

    def study(self, index, eta, tau):
        """ln marginal, its gradient in (eta, tau) and its second derivatives."""
        x, n = self.counts[index]
        l = lambda u: derivatives_of_log(self.link, eta + tau * u, x, n - x)
        u = self.modes[index]
        for _ in range(200):
            _, first, second = l(u)
            step = (tau * first - u) / (1 - tau * tau * second)
            u += step
            if abs(step) < mpf(10) ** -12:
                break
        self.modes[index] = u
        s = 1 / sqrt(1 - tau * tau * l(u)[2])
        top = l(u)[0] - u * u / 2
        h = mpf(28) / self.steps
        w = a = b = aa = ab = bb = mpf(0)
        for j in range(self.steps + 1):
            v = u + s * (-14 + h * j)
            value, first, second = l(v)
            weight = exp(value - v * v / 2 - top)
            w += weight
            a += weight * first
            b += weight * v * first
            aa += weight * (second + first * first)
            ab += weight * v * (second + first * first)
            bb += weight * v * v * (second + first * first)
        a, b, aa, ab, bb = (term / w for term in (a, b, aa, ab, bb))
        value = top + log(w * h * s / sqrt(2 * pi)) + log(binomial(n, x))
        return value, (a, b), (aa - a * a, ab - a * b, bb - b * b)

    def total(self, b, tau):
        """Value, gradient and Hessian in (b, tau); with tau = 0 in b, and the derivative in tau^2."""
        p = len(b)
        size = p + (tau > 0)
        value, gradient, hessian, inward = mpf(0), [mpf(0)] * size, matrix(size, size), mpf(0)
        for index, row in enumerate(self.rows):
            eta = sum(cell * coefficient for cell, coefficient in zip(row, b))
            if tau > 0:
                own, (g, t), (gg, gt, tt) = self.study(index, eta, tau)
            else:
                x, n = self.counts[index]
                own, g, gg = derivatives_of_log(self.link, eta, x, n - x)
                own += log(binomial(n, x))
                inward += (g * g + gg) / 2
            value += own
            for i in range(p):
                gradient[i] += g * row[i]
                for j in range(p):
                    hessian[i, j] += gg * row[i] * row[j]
                if tau > 0:
                    hessian[i, p] += gt * row[i]
                    hessian[p, i] += gt * row[i]
            if tau > 0:
                gradient[p] += t
                hessian[p, p] += tt
        return value, gradient, hessian, inward

    def maximise(self, b, tau, fixed=None):
        """The maximum, with the coefficient `fixed` held; steps that lower the likelihood are halved."""
        b = list(b)
        free = [i for i in range(len(b)) if i != fixed]
        here = self.total(b, tau)
        for _ in range(400):
            value, gradient, hessian, inward = here
            places = free + ([len(b)] if tau > 0 else [])
            g = matrix([gradient[i] for i in places])
            h = matrix(len(places), len(places))
            for r, i in enumerate(places):
                for c, j in enumerate(places):
                    h[r, c] = -hessian[i, j]
            step = lu_solve(h, g)
            if (step.T * g)[0] < 0:
                step = g / 100
            factor = mpf(1)
            while True:
                new_b = list(b)
                for place, i in enumerate(free):
                    new_b[i] += factor * step[place]
                new_tau = tau + factor * step[len(places) - 1] if tau > 0 else tau
                if tau == 0 or new_tau > 0:
                    there = self.total(new_b, new_tau)
                    if there[0] >= value - mpf(10) ** -24:
                        break
                factor /= 2
                if factor < mpf(10) ** -12:
                    raise ValueError("no step")
            b, tau, here = new_b, new_tau, there
            if max(abs(x) for x in step) < mpf(10) ** -17:
                return b, tau, here
            if 0 < tau < mpf(10) ** -6:
                tau = mpf(0)
                here = self.total(b, tau)
        raise ValueError("no convergence")


def best(model, start, fixed=None):
    """The higher of the maximum at tau = 0 and the one that tau = 1/2 leads to."""
    b, _, at_zero = model.maximise(start, mpf(0), fixed)
    candidates = [(at_zero[0], b, mpf(0), at_zero)]
    if at_zero[3] > 0:
        b, tau, found = model.maximise(b, mpf("0.5"), fixed)
        candidates.append((found[0], b, tau, found))
    return max(candidates, key=lambda candidate: candidate[0])


def limit(model, b, maximum, column, sign, se):
    """The profile limit of a coefficient by the secant method on the signed root of the deviance."""
    target = sqrt(CHI2)

    def root(distance):
        start = list(b)
        start[column] += sign * distance
        value = best(model, start, column)[0]
        return sqrt(2 * (maximum - value)) - target

    a, c = mpf(2) * se * mpf("0.9"), mpf(2) * se * mpf("1.1")
    fa, fc = root(a), root(c)
    for _ in range(60):
        a, fa, c = c, fc, c - fc * (c - a) / (fc - fa)
        if abs(c - a) < mpf(10) ** -14 * abs(c):
            return b[column] + sign * c
        fc = root(c)
    raise ValueError("no limit")


def case(name, link):
    data = SETS[name]
    columns = list(data["columns"].values())
    counts = [(mpf(x), mpf(n)) for x, n in data["counts"]]
    # About the mean of the moderators for the search; the intercept is moved back at the end.
    means = [sum(map(mpf, column)) / len(column) for column in columns]
    rows = [[mpf(1)] + [mpf(column[i]) - mean for column, mean in zip(columns, means)] for i in range(len(counts))]
    model = Model(link, counts, rows)
    start = [mpf("-0.5")] + [mpf(0)] * len(columns)
    value, b, tau, (_, _, hessian, _) = best(model, start)
    check = Model(link, counts, rows, 320)
    if tau > 0:
        assert abs(check.total(b, tau)[0] - value) < mpf(10) ** -18, (name, link)
    covariance = (-hessian) ** -1
    back = matrix([[1] + [-mean for mean in means]])
    whole = covariance[: len(b), : len(b)]
    result = {
        "set": name, "link": link,
        "coefficients": [b[0] - sum(c * mean for c, mean in zip(b[1:], means))] + b[1:],
        "se": [sqrt((back * whole * back.T)[0])] + [sqrt(whole[i, i]) for i in range(1, len(b))],
        "tau2": tau**2, "tau2_se": 2 * tau * sqrt(covariance[len(b), len(b)]) if tau > 0 else None,
        "log_likelihood": value,
    }
    if link == "logit":
        result["limits"] = [limit(model, b, value, 1, sign, sqrt(whole[1, 1])) for sign in (-1, 1)]
    return result


def shown(value):
    if isinstance(value, mpf):
        return float(mp.nstr(value, 20))
    if isinstance(value, list):
        return [shown(part) for part in value]
    if isinstance(value, dict):
        return {key: shown(part) for key, part in value.items()}
    return value


def main():
    cases = [case(name, link) for name in SETS for link in ("logit", "probit", "cloglog")]
    print(json.dumps({"source": "scripts/glmm_regression.py, mpmath 1.3", "sets": SETS, "cases": shown(cases)}, indent=1))


if __name__ == "__main__":
    main()
