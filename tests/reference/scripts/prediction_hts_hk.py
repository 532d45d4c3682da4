#!/usr/bin/env python3
"""The prediction interval `hts-hk` on every data set of `data/`, by 50-digit arithmetic.

y +- t(k-2) sqrt(se^2 + tau2), se^2 = s2/sum w, s2 = sum w (y_i - y)^2/(k - 1), at least 1 with
`ci = hk-floor`: what R's meta, versions 5 to 7, gives with Hartung-Knapp. There is no interval of two studies.

Formulas as in the papers: explicit sums, tau2 by DerSimonian and Laird's equation, by bisection of
Paule and Mandel's, or given; the quantile of t by bisection of its distribution function.

    pip install mpmath; python3 prediction_hts_hk.py
"""
import glob, json, os
from mpmath import mp, mpf, asin, betainc, exp, log, pi, sin, sqrt

mp.dps = 50
HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = 200


def estimate(measure, events, total):
    """y and v; 0.5 is added to the events and non-events of a study with none or all of them."""
    x, n = mpf(events), mpf(total)
    if measure == "arcsine":
        return asin(sqrt(x / n)), 1 / (4 * n)
    if x in (0, n):
        x, n = x + mpf(1) / 2, n + 1
    if measure == "raw":
        return x / n, x * (n - x) / n**3
    return log(x / (n - x)), 1 / x + 1 / (n - x)


def proportion(measure, y):
    """From the analysis scale, clipped to [0, 1]."""
    if measure == "arcsine":
        return sin(min(max(y, mpf(0)), pi / 2)) ** 2
    if measure == "raw":
        return min(max(y, mpf(0)), mpf(1))
    return 1 / (1 + exp(-y))


def pooled(effects, tau2):
    """The sum of the weights, the mean, and Q, at this tau2."""
    weights = [1 / (v + tau2) for _, v in effects]
    mean = sum(w * y for w, (y, _) in zip(weights, effects)) / sum(weights)
    return sum(weights), mean, sum(w * (y - mean) ** 2 for w, (y, _) in zip(weights, effects))


def fitted_tau2(method, effects):
    df = len(effects) - 1
    total, _, q = pooled(effects, mpf(0))
    if method == "dl":
        squares = sum(1 / v**2 for _, v in effects)
        return max(mpf(0), (q - df) / (total - squares / total))
    if method != "pm":
        return mpf(method)
    if q <= df:
        return mpf(0)
    low, high = mpf(0), mpf(1)
    while pooled(effects, high)[2] > df:
        high *= 4
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if pooled(effects, middle)[2] > df else (low, middle)
    return (low + high) / 2


def t_quantile(tail, df):
    """The t with this probability above it."""
    above = lambda t: betainc(mpf(df) / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
    low, high = mpf(0), mpf(1)
    while above(high) > tail:
        high *= 2
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if above(middle) > tail else (low, middle)
    return (low + high) / 2


def expected(studies, spec):
    effects = [estimate(spec["measure"], study["events"], study["total"]) for study in studies]
    k = len(effects)
    if k < 3:
        return None
    tau2 = fitted_tau2(spec["tau2"], effects)
    total, mean, q = pooled(effects, tau2)
    s2 = q / (k - 1)
    if spec["ci"] == "hk-floor":
        s2 = max(s2, mpf(1))
    # Equal estimates: what is left is the rounding of 50 digits.
    se = mpf(0) if s2 < mpf("1e-40") else sqrt(s2 / total)
    margin = t_quantile((100 - mpf(spec["level"])) / 200, k - 2) * sqrt(se**2 + tau2)
    limits = [mean - margin, mean + margin]
    lower, upper = [proportion(spec["measure"], y) for y in limits]
    return {
        "df": k - 2,
        "ci_y": [float(y) for y in limits],
        "lower": float(lower),
        "upper": float(upper),
    }


def main():
    specs = [
        {"measure": measure, "tau2": tau2, "ci": ci, "prediction": "hts-hk", "level": level}
        for measure in ("logit", "raw", "arcsine")
        for tau2, level in (("dl", 95), ("pm", 90), (0.25, 99))
        for ci in ("hk", "hk-floor")
    ]
    cases = []
    for path in sorted(glob.glob(os.path.join(HERE, "..", "data", "*.json"))):
        with open(path) as handle:
            data = json.load(handle)
        studies = data.get("studies", [])
        if len(studies) < 2 or "cases" not in data:
            continue
        for spec in specs:
            cases.append({"dataset": data["dataset"], "spec": spec, "expect": expected(studies, spec)})
    made = {"generator": "scripts/prediction_hts_hk.py, mpmath", "tolerance": 1e-12, "cases": cases}
    with open(os.path.join(HERE, "..", "prediction_hts_hk.json"), "w") as handle:
        lines = ",\n  ".join(json.dumps(case) for case in cases)
        head = {key: value for key, value in made.items() if key != "cases"}
        handle.write(json.dumps(head)[:-1] + ', "cases": [\n  ' + lines + "\n]}\n")
    print(len(cases), "cases")


main()
