#!/usr/bin/env python3
"""Maximum-likelihood fits of difficult data to 20 digits: likelihood_extremes.json.

    python3 likelihood_extremes.py > ../likelihood_extremes.json        # mpmath 1.3, about ten minutes

Binomial-normal model: the integral over u for each study by the trapezoidal rule around its mode, with the number of
points doubled until every moment agrees to 1e-24; Newton's method on the score in (mu, tau) from a start with three
correct digits, with score and information from the moments of u. Beta-binomial model: log-gamma functions with 80
digits, Newton's method with central differences in (logit p, ln theta).
"""
import json
import mpmath as mp

MODELS = ("logit", "probit", "cloglog")
# Name, data, and starting values: (mu, tau) for each link, then (logit p, rho).
SETS = [
    ("full to a billion", [(300000, 300000), (482191000, 482191000), (10163, 180000)],
     [(25.33, 23.87), (8.136, 8.21), (5.101, 6.701), (1.953, 0.8679)]),
    ("a billion each", [(250000000, 1000000000), (251000000, 1000000000), (248500000, 1000000000)],
     [(-1.1, 0.005483), (-0.675, 0.003235), (-1.247, 0.004766), (-1.1, 5.634e-06)]),
    ("three in a billion, one of two", [(3, 1000000000), (900000, 1000000), (1, 2), (0, 50)],
     [(-7.846, 9.741), (-2.392, 3.199), (-8.326, 9.136), (-1.275, 0.7094)]),
    ("rare among a billion", [(0, 1000000000), (5, 1000000000), (40, 1000000000), (0, 3)],
     [(-19.42, 2.171), (-5.78, 0.3733), (-19.42, 2.171), (-18.02, 4.451e-08)]),
    ("two of them", [(1, 2), (999, 1000)],
     [(3.944, 3.39), (1.832, 1.43), (1.049, 1.011), (1.599, 0.4003)]),
    ("a million each, hardly different", [(500100, 1000000), (499000, 1000000), (500900, 1000000), (501900, 1000000)],
     [(0.0019, 0.003756), (0.001191, 0.002354), (-0.3651, 0.002709), (0.0019, 3.527e-06)]),
    ("one event", [(0, 5), (0, 7), (0, 100), (1, 4), (0, 20), (0, 33)],
     [(-7.036, 3.331), (-3.477, 1.591), (-6.824, 3.058), (-3.496, 0.2686)]),
]


def logs(link, eta):
    if link == "logit":
        return -mp.log1p(mp.exp(-eta)), -mp.log1p(mp.exp(eta))
    if link == "probit":
        return mp.log(mp.erfc(-eta / mp.sqrt(2)) / 2), mp.log(mp.erfc(eta / mp.sqrt(2)) / 2)
    hazard = mp.exp(eta)
    return mp.log(-mp.expm1(-hazard)), -hazard


def study(link, x, n, mu, tau):
    """Log marginal likelihood and its derivatives in mu and tau."""
    def g(u):
        event, none = logs(link, mu + tau * u)
        return (x * event if x else 0) + ((n - x) * none if n - x else 0) - u * u / 2
    low, high = mp.mpf(-60), mp.mpf(60)
    while high - low > mp.mpf("1e-8"):
        middle, h = (low + high) / 2, mp.mpf("1e-10")
        low, high = (middle, high) if g(middle + h) > g(middle - h) else (low, middle)
    mode = (low + high) / 2
    top = g(mode)

    def reach(side):
        far = mp.mpf("1e-6")
        while g(mode + side * far) - top > -75:
            far *= mp.mpf("1.3")
        return far
    left, right = reach(-1), reach(1)

    def sums(points):
        h, s = (left + right) / points, [mp.mpf(0)] * 5
        for j in range(points + 1):
            t = j * h - left
            w = mp.exp(g(mode + t) - top)
            for power in range(5):
                s[power] += w * t**power
        return [value * h for value in s]
    points, before = 128, sums(128)
    width = mp.sqrt(before[2] / before[0])
    while True:
        points *= 2
        now = sums(points)
        if max(abs(now[i] - before[i]) / (now[0] * width**i) for i in range(5)) < mp.mpf("1e-24"):
            break
        before = now
    t1, t2, t3, t4 = [value / now[0] for value in now[1:]]
    u1, u2 = mode + t1, mode**2 + 2 * mode * t1 + t2
    var, skew = t2 - t1**2, t3 - t1 * t2
    cov = 2 * mode * var + skew
    var2 = 4 * mode * (mode * var + skew) + t4 - t2**2
    choose = mp.loggamma(n + 1) - mp.loggamma(x + 1) - mp.loggamma(n - x + 1)
    return [choose + top + mp.log(now[0] / mp.sqrt(2 * mp.pi)), u1 / tau, (u2 - 1) / tau,
            (var - 1) / tau**2, (cov - 2 * u1) / tau**2, (1 - 3 * u2 + var2) / tau**2]


def newton(at, a, b):
    """The maximum of a function, and its derivatives there."""
    for _ in range(40):
        f, fa, fb, faa, fab, fbb = at(a, b)
        det = faa * fbb - fab**2
        da, db = (fab * fb - fbb * fa) / det, (fab * fa - faa * fb) / det
        a, b = a + da, b + db
        if abs(da) + abs(db) < mp.mpf("1e-23"):
            return a, b, f, mp.sqrt(-fbb / det), mp.sqrt(-faa / det)
    raise ArithmeticError("no convergence")


def glmm(link, data, mu, tau):
    mp.mp.dps = 45
    def at(mu, tau):
        return [mp.fsum(column) for column in zip(*(study(link, x, n, mu, tau) for x, n in data))]
    mu, tau, f, se, se_tau = newton(at, mp.mpf(mu), mp.mpf(tau))
    return {"y": mu, "se": se, "tau2": tau**2, "tau2_se": 2 * tau * se_tau, "log_likelihood": f}


def beta_binomial(data, logit, rho):
    mp.mp.dps = 80
    def value(logit, log_theta):
        p, theta = 1 / (1 + mp.exp(-logit)), mp.exp(log_theta)
        a, b = p / theta, (1 - p) / theta
        lg = mp.loggamma
        return mp.fsum(lg(n + 1) - lg(x + 1) - lg(n - x + 1) + lg(x + a) + lg(n - x + b) - lg(n + a + b)
                       - lg(a) - lg(b) + lg(a + b) for x, n in data)
    def at(a, b):
        h = mp.mpf("1e-18")
        f = {(i, j): value(a + i * h, b + j * h) for i in (-1, 0, 1) for j in (-1, 0, 1)}
        return [f[0, 0], (f[1, 0] - f[-1, 0]) / (2 * h), (f[0, 1] - f[0, -1]) / (2 * h),
                (f[1, 0] - 2 * f[0, 0] + f[-1, 0]) / h**2,
                (f[1, 1] - f[1, -1] - f[-1, 1] + f[-1, -1]) / (4 * h**2),
                (f[0, 1] - 2 * f[0, 0] + f[0, -1]) / h**2]
    rho = mp.mpf(rho)
    logit, log_theta, f, se, se_theta = newton(at, mp.mpf(logit), mp.log(rho / (1 - rho)))
    rho = 1 / (1 + mp.exp(-log_theta))
    return {"y": logit, "se": se, "rho": rho, "rho_se": se_theta * rho * (1 - rho), "log_likelihood": f}


def main():
    sets = []
    for name, data, starts in SETS:
        cases = []
        for link, start in zip(MODELS, starts):
            if start:
                cases.append({"model": "glmm", "measure": link, "expect": glmm(link, data, *start)})
        if starts[3]:
            cases.append({"model": "beta-binomial", "measure": "logit", "expect": beta_binomial(data, *starts[3])})
        for case in cases:
            case["expect"] = {key: mp.nstr(value, 20) for key, value in case["expect"].items()}
        sets.append({"name": name, "counts": data, "cases": cases})
    head = {"generator": "tests/reference/scripts/likelihood_extremes.py, mpmath " + mp.__version__}
    print(json.dumps({**head, "sets": sets}, indent=1))


if __name__ == "__main__":
    main()
