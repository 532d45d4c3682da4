#!/usr/bin/env python3
"""What follows a pooled result, to 25 digits, for tests/it/certified_after.rs.

    python3 after_pooling.py > ../after_pooling.json

Leave-one-out, cumulative analyses, influence, the means over all subsets, a meta-regression on one number with its R²,
subgroups, the regression tests for small-study effects, the rank correlation and trim-and-fill of data sets of the
certified set, in 60-digit arithmetic. Nothing is shared with the Rust code: the formulas are those of
the papers named below, sums are plain, normal equations are solved as they stand, and the REML estimate is the largest
of the local maxima of the restricted likelihood over a grid, refined by bisection of its slope. Needs mpmath.

Influence: Viechtbauer & Cheung 2010, doi:10.1002/jrsm.11; the scale of Hartung and Knapp enters it as in metafor.
Meta-regression: Raudenbush 2009; Knapp & Hartung 2003, doi:10.1002/sim.1482.
Begg & Mazumdar 1994, doi:10.2307/2533446; Duval & Tweedie 2000, doi:10.1111/j.0006-341X.2000.00455.x.
Egger 1997, doi:10.1136/bmj.315.7109.629; Peters 2006, doi:10.1001/jama.295.6.676; Macaskill 2001,
doi:10.1002/sim.698; Thompson & Sharp 1999, doi:10.1002/(SICI)1097-0258(19991030)18:20<2693::AID-SIM235>3.0.CO;2-V.
"""
import json
import pathlib

from mpmath import exp, fsum, log, matrix, mp, mpf, nstr, sqrt

mp.dps = 60

SETS = [
    "good-response", "aneurysm-occlusion", "catheter-control", "catheter-treated", "opioid-misuse",
    "p16-normal-smears", "miller", "big-and-small", "dominating", "duplicates", "huge-heterogeneity",
    "just-above-zero", "just-below-zero", "million-each", "near-half", "near-one", "near-zero", "no-excess",
    "one-event", "one-outlier", "one-person-each", "rare-thirty", "rare", "reml-three-modes", "ml-three-modes",
    "rare-among-a-billion", "all-the-weight", "symmetric", "tiny", "two-clusters", "two-people-each",
    "zero-to-full", "sixty",
]


def logit(studies):
    """Estimates and variances, 0.5 added to studies without events or non-events."""
    y, v = [], []
    for events, total in studies:
        a, b = mpf(events), mpf(total - events)
        if a == 0 or b == 0:
            a, b = a + mpf(1) / 2, b + mpf(1) / 2
        y.append(log(a / b))
        v.append(1 / a + 1 / b)
    return y, v


class Fit:
    """Weighted least squares on the columns of x, given as rows."""

    def __init__(self, y, v, x, tau2):
        k, p = len(y), len(x[0])
        w = [1 / (value + tau2) for value in v]
        normal = matrix(p, p)
        right = matrix(p, 1)
        for i in range(k):
            for a in range(p):
                right[a] += w[i] * x[i][a] * y[i]
                for b in range(p):
                    normal[a, b] += w[i] * x[i][a] * x[i][b]
        self.inverse = normal ** -1
        self.b = self.inverse * right
        self.residuals = [y[i] - fsum(x[i][a] * self.b[a] for a in range(p)) for i in range(k)]
        self.q = fsum(w[i] * self.residuals[i] ** 2 for i in range(k))
        self.w, self.k, self.p, self.normal = w, k, p, normal

    def leverage(self, x, i):
        return self.w[i] * fsum(x[i][a] * self.inverse[a, b] * x[i][b] for a in range(self.p) for b in range(self.p))


def der_simonian_laird(y, v, x):
    fit = Fit(y, v, x, mpf(0))
    df = fit.k - fit.p
    if df == 0:
        return mpf(0)
    trace = fsum(fit.w[i] * (1 - fit.leverage(x, i)) for i in range(fit.k))
    return max(mpf(0), (fit.q - df) / trace)


def restricted_score(y, v, x, tau2):
    """Twice the slope of the restricted likelihood: y'PPy - tr P."""
    if len(x[0]) == 1:
        w = [1 / (value + tau2) for value in v]
        total = sum(w)
        mean = sum(a * b for a, b in zip(w, y)) / total
        return sum((a * (b - mean)) ** 2 for a, b in zip(w, y)) - (total - sum(a * a for a in w) / total)
    fit = Fit(y, v, x, tau2)
    return fsum((w * r) ** 2 for w, r in zip(fit.w, fit.residuals)) - fsum(
        fit.w[i] * (1 - fit.leverage(x, i)) for i in range(fit.k))


def restricted_log(y, v, x, tau2):
    fit = Fit(y, v, x, tau2)
    return -(fsum(log(value + tau2) for value in v) + log(mp.det(fit.normal)) + fit.q) / 2


def reml(y, v, x):
    if len(y) == len(x[0]):
        return mpf(0)
    spread = fsum((one - fsum(y) / len(y)) ** 2 for one in y)
    least, most = min(v), max(v)
    top = spread / min(1, len(y) - len(x[0])) + most
    # The signs on the grid need few digits unless one study dominates.
    steps, mp.dps = (160, 20) if len(y) <= 8 else (60, 16)
    grid = [least * mpf("1e-4") * (top * 10 / (least * mpf("1e-4"))) ** (mpf(i) / steps) for i in range(steps + 1)]
    grid = [mpf(0)] + grid
    signs = [restricted_score(y, v, x, at) for at in grid]
    mp.dps = 60
    maxima = [mpf(0)] if restricted_score(y, v, x, mpf(0)) <= 0 else []
    for low, high, before, after in zip(grid, grid[1:], signs, signs[1:]):
        if before > 0 >= after:
            maxima.append(root(lambda at: restricted_score(y, v, x, at), low, high))
    return max(maxima, key=lambda at: restricted_log(y, v, x, at))


def root(f, low, high):
    """By regula falsi with bisection (Illinois), to 50 digits."""
    a, b, fa, fb = low, high, f(low), f(high)
    side = 0
    for _ in range(400):
        c = (fa * b - fb * a) / (fa - fb)
        if not a < c < b:
            c = (a + b) / 2
        fc = f(c)
        if fc == 0 or abs(b - a) < mpf("1e-45") * (1 + abs(b)):
            return c
        if (fc > 0) == (fa > 0):
            a, fa = c, fc
            fb = fb / 2 if side == -1 else fb
            side = -1
        else:
            b, fb = c, fc
            fa = fa / 2 if side == 1 else fa
            side = 1
        if abs(b - a) < mpf("1e-48") * max(abs(b), mpf("1e-30")):
            return c
    return (a + b) / 2


ESTIMATORS = {"dl": der_simonian_laird, "reml": reml}


def ones(k):
    return [[mpf(1)] for _ in range(k)]


class Pooled:
    def __init__(self, y, v, tau2, ci):
        fit = Fit(y, v, ones(len(y)), tau2)
        self.tau2, self.mean, self.sum = tau2, fit.b[0], fsum(fit.w)
        self.scale = fit.q / (fit.k - 1) if ci == "hk" and fit.k > 1 else mpf(1)
        self.variance = self.scale / self.sum
        self.w = fit.w
        self.q = Fit(y, v, ones(len(y)), mpf(0)).q


def without(values, i):
    return values[:i] + values[i + 1:]


def variances_without_each(y, v, estimator):
    return [estimator(without(y, i), without(v, i), ones(len(y) - 1)) for i in range(len(y))]


def leave_one_out(y, v, tau2, ci):
    return [Pooled(without(y, i), without(v, i), tau2[i], ci) for i in range(len(y))]


def influence(y, v, full, parts):
    columns = {key: [] for key in ("rstudent", "dffits", "cook", "cov_ratio", "hat", "dfbetas")}
    for i, part in enumerate(parts):
        change = full.mean - part.mean
        total = v[i] + part.tau2
        hat = full.w[i] / full.sum
        add = lambda key, value: columns[key].append(value)
        add("rstudent", (y[i] - part.mean) / sqrt(part.scale * total + part.variance))
        add("dffits", change / sqrt(part.scale * hat * total) if part.scale > 0 else None)
        add("cook", change ** 2 / full.variance if full.variance > 0 else None)
        add("cov_ratio", part.variance / full.variance if full.variance > 0 else None)
        add("hat", hat)
        everything = fsum(1 / (value + part.tau2) for value in v)
        add("dfbetas", change / sqrt(part.scale / everything) if part.scale > 0 else None)
    return columns


def cumulative(y, v, estimator, variances):
    """The first study, then the first two, and so on."""
    parts = [Pooled(y[:i], v[:i], variances[i - 1], "wald") for i in range(2, len(y) + 1)]
    return {
        "y": [part.mean for part in parts], "se": [sqrt(part.variance) for part in parts],
        "tau2": [part.tau2 for part in parts], "q": [part.q for part in parts],
    }


def variances_of_the_first(y, v, estimator):
    return [mpf(0)] + [estimator(y[:i], v[:i], ones(i)) for i in range(2, len(y) + 1)]


# At most so many studies have all their subsets gone through.
SUBSETS_OF = 9


def subsets(y, v, estimator):
    """The means over all subsets of at least two studies."""
    means, variances = [], []
    for chosen in range(1, 2 ** len(y)):
        rows = [i for i in range(len(y)) if chosen >> i & 1]
        if len(rows) < 2:
            continue
        ys, vs = [y[i] for i in rows], [v[i] for i in rows]
        part = Pooled(ys, vs, estimator(ys, vs, ones(len(rows))), "wald")
        means.append(part.mean)
        variances.append(part.tau2)
    return {"count": len(means), "y_mean": fsum(means) / len(means), "tau2_mean": fsum(variances) / len(means)}


def rank_correlation(y, v):
    """Kendall's tau-b and z with the variance for ties, of the standardised estimates and the variances."""
    w = [1 / value for value in v]
    mean = fsum(a * b for a, b in zip(w, y)) / fsum(w)
    standardised = [(a - mean) / sqrt(b - 1 / fsum(w)) for a, b in zip(y, v)]
    k = len(y)
    near = mpf("1e-40")
    sign = lambda number, size: 0 if abs(number) <= near * size else (1 if number > 0 else -1)
    score, tied = 0, [0, 0]
    for i in range(k):
        for j in range(i):
            one = sign(standardised[i] - standardised[j], 1 + abs(standardised[i]))
            other = sign(v[i] - v[j], v[i])
            score += one * other
            tied[0] += one == 0
            tied[1] += other == 0
    pairs = mpf(k * (k - 1)) / 2
    if tied[0] == pairs or tied[1] == pairs:
        return None
    groups = []
    for values, size in ((standardised, lambda x: 1 + abs(x)), (v, abs)):
        left, counts = sorted(values), []
        for value in left:
            if counts and sign(value - counts[-1][0], size(value)) == 0:
                counts[-1][1] += 1
            else:
                counts.append([value, 1])
        groups.append([count for _, count in counts])
    of = lambda f: [mpf(sum(f(t) for t in sizes)) for sizes in groups]
    five, three, two = (of(f) for f in (lambda t: t * (t - 1) * (2 * t + 5), lambda t: t * (t - 1) * (t - 2),
                                        lambda t: t * (t - 1)))
    n = mpf(k)
    variance = (n * (n - 1) * (2 * n + 5) - five[0] - five[1]) / 18 + two[0] * two[1] / (2 * n * (n - 1))
    if k > 2:
        variance += three[0] * three[1] / (9 * n * (n - 1) * (n - 2))
    return {"tau": score / sqrt((pairs - tied[0]) * (pairs - tied[1])), "z": score / sqrt(variance)}


def trim_and_fill(y, v, estimator, side, kind):
    """None where deviations tie, where nothing comes to rest, or nothing is left."""
    mirror = -1 if side == "right" else 1
    order = sorted(range(len(y)), key=lambda i: mirror * y[i])
    ys, vs, k = [mirror * y[i] for i in order], [v[i] for i in order], len(y)
    missing = 0
    for _ in range(100):
        left = k - missing
        if left < 1:
            return None
        part, var = ys[:left], vs[:left]
        mean = Pooled(part, var, estimator(part, var, ones(left)) if left > 1 else mpf(0), "wald").mean
        away = [value - mean for value in ys]
        sizes = sorted(abs(value) for value in away)
        if any(abs(a - b) < mpf("1e-25") for a, b in zip(sizes, sizes[1:])):
            return None
        ranks = [(sizes.index(abs(value)) + 1) * (1 if value > 0 else -1) for value in away]
        if kind == "L0":
            total = sum(rank for rank in ranks if rank > 0)
            found = mpf(4 * total - k * (k + 1)) / (2 * k - 1)
        else:
            lowest = max([-rank for rank in ranks if rank < 0], default=0)
            found = mpf(k - lowest - 1)
        found = int(max(0, mp.floor(found + mpf(1) / 2)))
        if found == missing:
            break
        missing = found
    else:
        return None
    extra = [2 * mean - value for value in ys[k - missing:]]
    ys, vs = ys + extra, vs + vs[k - missing:]
    full = Pooled(ys, vs, estimator(ys, vs, ones(len(ys))), "wald")
    return {"k0": missing, "y": mirror * full.mean, "se": sqrt(full.variance), "tau2": full.tau2}


def moderator(k):
    return [mpf((7 * i + 3) % 11) for i in range(k)]


def regression(y, v, estimator):
    x = [[mpf(1), at] for at in moderator(len(y))]
    tau2 = estimator(y, v, x)
    fit = Fit(y, v, x, tau2)
    df = fit.k - fit.p
    errors = [sqrt(fit.inverse[a, a]) for a in range(2)]
    found = {
        "tau2": tau2, "b": list(fit.b), "se": errors, "qe": Fit(y, v, x, mpf(0)).q,
        "qm": (fit.b[1] / errors[1]) ** 2,
    }
    without = estimator(y, v, ones(len(y)))
    if without > 0:
        found["r2"] = max(mpf(0), 100 * (without - tau2) / without)
    if df > 0:
        scale = fit.q / df
        found["hk_se"] = [error * sqrt(scale) for error in errors]
    return found


def subgroups(y, v, estimator):
    """Studies in turn in two groups, each with its own tau2; Cochran's Q between."""
    parts = []
    for group in range(2):
        rows = list(range(group, len(y), 2))
        ys, vs = [y[i] for i in rows], [v[i] for i in rows]
        tau2 = estimator(ys, vs, ones(len(ys))) if len(ys) > 1 else mpf(0)
        parts.append(Pooled(ys, vs, tau2, "wald"))
    w = [1 / part.variance for part in parts]
    mean = fsum(a * part.mean for a, part in zip(w, parts)) / fsum(w)
    between = fsum(a * (part.mean - mean) ** 2 for a, part in zip(w, parts))
    return {"y": [part.mean for part in parts], "tau2": [part.tau2 for part in parts], "q_between": between}


def line(y, x, w):
    """The slope and the intercept of a weighted regression, with t statistics."""
    if max(x) == min(x):
        return [None, None]
    fit = Fit(y, [1 / value for value in w], [[mpf(1), at] for at in x], mpf(0))
    df = fit.k - 2
    scale = fit.q / df
    return [fit.b[a] / sqrt(scale * fit.inverse[a, a]) if scale > 0 else None for a in range(2)]


def small_study(studies, y, v):
    found = {}
    if len(y) < 3:
        return found
    se = [sqrt(value) for value in v]
    # The standardised estimate on the precision: the intercept, which is the slope on the standard error with weights 1/v.
    found["egger"] = line(y, se, [1 / value for value in v])[1]
    total = [mpf(n) for _, n in studies]
    events = [mpf(x) for x, _ in studies]
    found["macaskill"] = line(y, total, [1 / value for value in v])[1]
    if all(0 < x < n for x, n in studies):
        weight = [1 / (1 / x + 1 / (n - x)) for x, n in zip(events, total)]
        found["peters"] = line(y, [1 / n for n in total], weight)[1]
    found["begg"] = rank_correlation(y, v)
    if max(se) == min(se):
        return found
    x = [[mpf(1), at] for at in se]
    tau2 = reml(y, v, x)
    fit = Fit(y, v, x, tau2)
    found["egger_mixed"] = fit.b[1] / sqrt(fit.inverse[1, 1])
    return found


def plain(value):
    if value is None:
        return None
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return nstr(value, 25)


def main():
    folder = pathlib.Path(__file__).parent.parent / "certified"
    for name in SETS:
        studies = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["studies"]
        y, v = logit(studies)
        found = {"dataset": name, "studies": studies, "cases": []}
        for key, estimator in ESTIMATORS.items():
            tau2 = estimator(y, v, ones(len(y)))
            regressed = regression(y, v, estimator) if len(y) > 2 else None
            grouped = subgroups(y, v, estimator)
            deleted = variances_without_each(y, v, estimator)
            for ci in ("wald", "hk"):
                full, parts = Pooled(y, v, tau2, ci), leave_one_out(y, v, deleted, ci)
                case = {
                    "tau2": key, "ci": ci, "y": full.mean, "se": sqrt(full.variance),
                    "leave_one_out": {
                        "y": [part.mean for part in parts], "se": [sqrt(part.variance) for part in parts],
                        "tau2": [part.tau2 for part in parts], "q": [part.q for part in parts],
                    },
                    "influence": influence(y, v, full, parts),
                }
                if ci == "wald":
                    case["regression"], case["subgroups"] = regressed, grouped
                    case["cumulative"] = cumulative(y, v, estimator, variances_of_the_first(y, v, estimator))
                    case["gosh"] = subsets(y, v, estimator) if key == "dl" and 2 < len(y) <= SUBSETS_OF else None
                    case["trim_fill"] = {
                        f"{side} {kind}": trim_and_fill(y, v, estimator, side, kind)
                        for side in ("left", "right") for kind in ("L0", "R0")
                    } if 2 < len(y) <= 20 else None
                found["cases"].append({
                    one: value if one in ("tau2", "ci") else plain(value) for one, value in case.items()
                })
        found["small_study"] = plain(small_study(studies, y, v))
        print(json.dumps(found, separators=(",", ":")), flush=True)


main()
