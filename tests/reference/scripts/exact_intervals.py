#!/usr/bin/env python3
"""Jackson's bounds of tau2 under meta's conventions, and one Henmi-Copas interval, by 40-digit arithmetic.

In many `meta-*-dl-wald*` cases the tau2 bounds have only the accuracy of R's root finder
(1.3e-4 absolute or 1e-3 relative), although the stated tolerance is 1e-8, and
`syn_dominating/logit-dl-henmi-copas-exact` was computed in float64, where the
conditional variance cancels. This script computes both again and writes
`disputed_intervals.json`: the reference value and the correct value of every
field whose error exceeds the stated tolerance.

The Laplace transform of the generalised Q is inverted by Talbot's contour in mpmath,
which is independent of the quadrature in the Rust code; the moments of Henmi and Copas
are formed from explicit matrices.

    pip install mpmath; python3 exact_intervals.py
"""
import glob, json, os
from mpmath import mp, mpf, exp, fsum, gammainc, invertlaplace, log, matrix, nstr, pi, quad, sqrt

mp.dps = 40
HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "data")
TAIL = mpf("0.025")
# Many cases differ only in the interval of the mean.
SOLVED = {}


def estimates(spec, studies):
    """meta 8.4: on the raw scale only v is corrected; on the log scale the denominator is n + a, and y = 0 at x = n."""
    amount, rule, measure = mpf(spec["amount"]), spec["zero-cells"], spec["measure"]
    boundary = [s["events"] in (0, s["total"]) for s in studies]
    every = rule == "all" or (rule == "if0all" and any(boundary))
    found = []
    for study, at_boundary in zip(studies, boundary):
        x, n = mpf(study["events"]), mpf(study["total"])
        a = amount if every or (rule == "only0" and at_boundary) else mpf(0)
        if measure == "raw":
            found.append((x / n, (x + a) * (n - x + a) / (n + 2 * a) ** 3))
        elif measure == "log":
            found.append((mpf(0), 1 / n - 1 / (n + a)) if x == n else (log((x + a) / (n + a)), 1 / (x + a) - 1 / (n + a)))
        else:
            found.append((log((x + a) / (n - x + a)), 1 / (x + a) + 1 / (n - x + a)))
    return [e for e in found if e[1] > 0]


def jackson(effects):
    """The tau2 with P(Q > q) and P(Q <= q) = 0.025, Q = sum a (y - mean_a)^2, a = 1/sqrt(v)."""
    a = [1 / sqrt(v) for _, v in effects]
    total = fsum(a)
    mean = fsum(w * y for w, (y, _) in zip(a, effects)) / total
    q = fsum(w * (y - mean) ** 2 for w, (y, _) in zip(a, effects))

    if q == 0:
        return {"tau2_lower": q, "tau2_upper": q}

    def lower_tail(tau2):
        d = [w * (v + tau2) for w, (_, v) in zip(a, effects)]

        def transform(p):
            logs = fsum(log(1 + 2 * p * x) for x in d) + log(fsum(w / (1 + 2 * p * x) for w, x in zip(a, d)) / total)
            return exp(-logs / 2) / p

        return invertlaplace(transform, q, method="talbot", degree=50)

    def solve(target):
        """The tau2 at which the lower tail, which decreases, equals `target`; 0 if it is below at 0."""
        if lower_tail(mpf(0)) <= target:
            return mpf(0)
        low, high = mpf(0), q / total
        while lower_tail(high) > target:
            low, high = high, 2 * high
        # The Illinois method, on the logarithm.
        f_low, f_high = log(lower_tail(low) / target), log(lower_tail(high) / target)
        for _ in range(200):
            middle = high - f_high * (high - low) / (f_high - f_low)
            f = log(lower_tail(middle) / target)
            if f * f_high < 0:
                low, f_low = high, f_high
            else:
                f_low /= 2
            high, f_high = middle, f
            if abs(f) < mpf("1e-22"):
                return middle
        raise ArithmeticError("no root")

    return {"tau2_lower": solve(1 - TAIL), "tau2_upper": solve(TAIL)}


def henmi_copas(effects):
    """The Henmi-Copas (2010) interval, from explicit matrices."""
    k = len(effects)
    w = [1 / v for _, v in effects]
    s1, s2 = fsum(w), fsum(x * x for x in w)
    mean = fsum(x * y for x, (y, _) in zip(w, effects)) / s1
    q = fsum(x * (y - mean) ** 2 for x, (y, _) in zip(w, effects))
    trace = s1 - s2 / s1
    tau2 = max(mpf(0), (q - (k - 1)) / trace)
    b = matrix([sqrt(x / s1) for x in w])
    delta = matrix(k, k)
    for i in range(k):
        delta[i, i] = 1 + tau2 * w[i]
    db = delta * b
    c = (b.T * db)[0]
    conditional = delta - db * db.T / c
    square = conditional * conditional
    along = delta * b / c
    mean_0, mean_r = fsum(conditional[i, i] for i in range(k)), (along.T * along)[0] - 1
    var_0, var_r = 2 * fsum(square[i, i] for i in range(k)), 4 * (along.T * conditional * along)[0]

    def tail(u):
        def density(t):
            m, v = mean_0 + t * t * mean_r, var_0 + t * t * var_r
            bound = (k - 1) + (t * t / u / u - 1) * (s1 / s2) * trace
            return gammainc(m * m / v, 0, bound * m / v, regularized=True) * exp(-t * t / c / 2) / sqrt(2 * pi * c)

        far = u + 14 * sqrt(c)
        near = [u * (1 + mpf(10) ** -e) for e in range(7, -1, -1)] + [3 * u, 6 * u]
        return quad(density, [u] + [x for x in near if x < far] + [far])

    low, high = mpf(1), mpf(1000)
    f_low, f_high = log(tail(low) / TAIL), log(tail(high) / TAIL)
    for _ in range(100):
        middle = high - f_high * (high - low) / (f_high - f_low)
        f = log(tail(middle) / TAIL)
        if f * f_high < 0:
            low, f_low = high, f_high
        else:
            f_low /= 2
        high, f_high = middle, f
        if abs(f) < mpf("1e-16"):
            margin = middle * sqrt(c / s1)
            return {"ci_y": [mean - margin, mean + margin]}
    raise ArithmeticError("no root")


def main():
    fields = []
    for path in sorted(glob.glob(os.path.join(DATA, "*.json"))):
        reference = json.load(open(path))
        for case in reference.get("cases", []):
            spec = case["spec"]
            plain = not {"command", "subgroup", "mods"} & set(spec) and not case.get("extra")
            if not plain or spec.get("profile") not in ("meta", "metafor"):
                continue
            if case["by"] == "meta" and spec.get("tau2-ci") == "jackson" and spec["measure"] in ("raw", "log", "logit"):
                fields += disputes(reference, case, jackson)
            if case["by"] == "scipy" and spec.get("ci") == "henmi-copas" and reference["dataset"] == "syn_dominating":
                fields += disputes(reference, case, henmi_copas)
    document = {
        "generator": "scripts/exact_intervals.py, mpmath",
        "why": "bounds at the peer's own root tolerance, or made in float64 where it cancels",
        "tolerance": 1e-9,
        "fields": fields,
    }
    with open(os.path.join(HERE, "..", "disputed_intervals.json"), "w") as out:
        json.dump(document, out, indent=1)
        out.write("\n")


def disputes(reference, case, solve):
    effects = estimates(case["spec"], reference["studies"])
    open_fields = {"tau2_lower", "tau2_upper", "ci_y"} & set(case["expect"]) - set(case.get("abs_tolerances", {}))
    if len(effects) < 2 or not open_fields:
        return []
    key = (solve.__name__, tuple(effects))
    if key not in SOLVED:
        SOLVED[key] = solve(effects)
    found = []
    for field, right in SOLVED[key].items():
        given = case["expect"].get(field)
        tolerance = case.get("tolerances", {}).get(field, case["tolerance"])
        if given is None or field in case.get("abs_tolerances", {}):
            continue
        lists = (given, right) if isinstance(given, list) else ([given], [right])
        if any(abs(mpf(g) - r) > tolerance / 10 * abs(r) for g, r in zip(*lists)):
            rounded = [float(nstr(r, 17)) for r in lists[1]]
            entry = {"dataset": reference["dataset"], "case": case["id"], "field": field, "given": given}
            found.append(entry | {"right": rounded if isinstance(given, list) else rounded[0]})
    return found


if __name__ == "__main__":
    main()
