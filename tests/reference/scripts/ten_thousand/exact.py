"""One data set under one specification in 40-digit arithmetic, to decide where R and metaprop differ.

It is independent of both: estimates from the counts, sums as in textbooks, roots by bisection and the secant
method, every local maximum of a likelihood from a scan of its score.
"""
from functools import lru_cache
from mpmath import asin, betainc, cos, erfc, erfinv, exp, gammainc, log, mp, mpf, pi, sin, sqrt

mp.dps = 40


@lru_cache(None)
def chi2_upper(tail, df):
    """The upper quantile of chi-squared(df)."""
    tail, half = mpf(tail), mpf(df) / 2
    excess = lambda x: gammainc(half, x / 2, mp.inf, regularized=True) - tail
    low, high = mpf(0), mpf(df) + 10
    while excess(high) > 0:
        high *= 2
    return bisected(excess, low, high)


@lru_cache(None)
def t_upper(tail, df):
    if df is None:
        return sqrt(2) * erfinv(1 - 2 * mpf(tail))
    excess = lambda x: two_sided_t(x, df) - 2 * mpf(tail)
    high = mpf(1)
    while excess(high) > 0:
        high *= 4
    return bisected(excess, mpf(0), high)


def two_sided_t(x, df):
    x = abs(x)
    return betainc(mpf(df) / 2, mpf(1) / 2, 0, df / (df + x * x), regularized=True) if x else mpf(1)


def bisected(f, low, high):
    """The root in a bracket, to about 36 digits: bisection to 9 digits, then secant steps kept inside the bracket."""
    above = f(low) > 0
    for _ in range(400):
        middle = (low + high) / 2
        if (f(middle) > 0) == above:
            low = middle
        else:
            high = middle
        if high - low <= mpf("1e-9") * high:
            break
    x0, x1 = low, high
    f0, f1 = f(x0), f(x1)
    for _ in range(12):
        x2 = x1 - f1 * (x1 - x0) / (f1 - f0) if f1 != f0 else x1
        if not low <= x2 <= high or abs(x2 - x1) <= mpf("1e-36") * abs(x1):
            break
        x0, f0, x1, f1 = x1, f1, x2, f(x2)
    return x1


class Data:
    """Estimates and variances, and the weighted sums."""

    def __init__(self, y, v, n):
        self.y, self.v, self.n, self.k = y, v, n, len(y)

    def at(self, tau2):
        w = [1 / (v + tau2) for v in self.v]
        s1 = sum(w)
        mean = sum(a * b for a, b in zip(w, self.y)) / s1
        q = sum(a * (b - mean) ** 2 for a, b in zip(w, self.y))
        return w, s1, mean, q

    def q(self, tau2):
        return self.at(tau2)[3]

    def log_likelihood(self, restricted, tau2):
        w, s1, _, q = self.at(tau2)
        value = q - sum(log(x) for x in w)
        if restricted:
            return -((self.k - 1) * log(2 * pi) - log(self.k) + value + log(s1)) / 2
        return -(self.k * log(2 * pi) + value) / 2

    def score(self, restricted, tau2):
        w, s1, mean, _ = self.at(tau2)
        rise = sum((a * (b - mean)) ** 2 for a, b in zip(w, self.y))
        return rise - s1 + (sum(a * a for a in w) / s1 if restricted else 0)

    def rises(self, restricted, tau2):
        """The sign of the score, in floats where rounding cannot change it."""
        if not hasattr(self, "_floats"):
            origin = self.y[self.v.index(min(self.v))]
            self._floats = [(float(y - origin), float(v)) for y, v in zip(self.y, self.v)]
        t = float(tau2)
        w = [1 / (v + t) for _, v in self._floats]
        s1 = sum(w)
        mean = sum(a * y for a, (y, _) in zip(w, self._floats)) / s1
        rise = sum((a * (y - mean)) ** 2 for a, (y, _) in zip(w, self._floats))
        score = rise - s1 + (sum(a * a for a in w) / s1 if restricted else 0)
        return score > 0 if abs(score) > 1e-10 * (rise + s1) else self.score(restricted, tau2) > 0

    def maxima(self, restricted):
        """Every local maximum over tau2 >= 0, from the sign changes of the score on 40 points per decade."""
        middle = sum(self.y) / self.k
        spread = sum((y - middle) ** 2 for y in self.y) + max(self.v)
        point, points = min(self.v) * mpf("1e-12"), [mpf(0)]
        while point < 4 * spread:
            points.append(point)
            point *= mpf(10) ** (mpf(1) / 40)
        points.append(4 * spread)
        signs = [self.rises(restricted, t) for t in points]
        found = [] if signs[0] else [mpf(0)]
        for a, b, up, then in zip(points, points[1:], signs, signs[1:]):
            if up and not then:
                found.append(bisected(lambda t: self.score(restricted, t), a, b))
        return found

    def root_of_q(self, target):
        if self.q(mpf(0)) <= target:
            return mpf(0)
        high = min(self.v)
        while self.q(high) > target:
            high *= 4
        return bisected(lambda t: self.q(t) - target, mpf(0), high)


def estimates(rows, spec):
    """y and v of the studies for which they are finite."""
    measure, rule = spec["measure"], spec["zero-cells"] or "none"
    amount = mpf(float(spec["zero-amount"])) if spec["zero-amount"] else mpf(0)
    zero = [x == 0 or x == n for x, n in rows]
    y, v, kept = [], [], []
    for (x0, n0), own in zip(rows, zero):
        a = amount if rule == "all" or rule == "if0all" and any(zero) or rule == "only0" and own else mpf(0)
        x, m, n = x0 + a, n0 - x0 + a, n0 + 2 * a
        if measure == "arcsine":
            pair = asin(sqrt(mpf(x0) / n0)), 1 / mpf(4 * n0)
        elif measure == "freeman-tukey":
            pair = (asin(sqrt(mpf(x0) / (n0 + 1))) + asin(sqrt(mpf(x0 + 1) / (n0 + 1)))) / 2, 1 / mpf(4 * n0 + 2)
        elif x == 0 or m == 0:
            continue
        else:
            x, m, n = mpf(x), mpf(m), mpf(n)
            pair = {"raw": lambda: (x / n, x * m / n ** 3), "log": lambda: (log(x / n), m / (x * n)),
                    "logit": lambda: (log(x / m), 1 / x + 1 / m)}[measure]()
        y.append(pair[0]); v.append(pair[1]); kept.append(n0)
    return Data(y, v, kept)


def half(measure):
    return {"raw": mpf(1) / 2, "log": log(mpf(1) / 2), "logit": mpf(0)}.get(measure, pi / 4)


def back(measure, y, n):
    """A value on the analysis scale as a proportion in [0, 1]."""
    if measure == "raw":
        p = y
    elif measure == "log":
        p = exp(y)
    elif measure == "logit":
        p = 1 / (1 + exp(-y))
    elif measure == "arcsine":
        p = mpf(0) if y < 0 else mpf(1) if y > pi / 2 else sin(y) ** 2
    else:
        mean = len(n) / sum(1 / mpf(x) for x in n)
        end = lambda x: (asin(sqrt(x / (mean + 1))) + asin(sqrt((x + 1) / (mean + 1)))) / 2
        if y <= end(mpf(0)):
            return mpf(0)
        if y >= end(mean):
            return mpf(1)
        s = sin(2 * y)
        c = cos(2 * y)
        p = (1 - (c > 0 or -(c < 0)) * sqrt(max(mpf(0), 1 - (s + (s - 1 / s) / mean) ** 2))) / 2
    return min(mpf(1), max(mpf(0), p))


def tau2_of(d, method):
    """The estimate of tau2; 0 for one study, as in both programs."""
    if d.k == 1:
        return mpf(0)
    w, s1, _, q = d.at(mpf(0))
    k, s2 = d.k, sum(x * x for x in w)
    middle = sum(d.y) / k
    spread = sum((y - middle) ** 2 for y in d.y)
    if method in ("ml", "reml"):
        peaks = d.maxima(method == "reml")
        return max(peaks, key=lambda t: d.log_likelihood(method == "reml", t))
    if method in ("pm", "eb"):
        return d.root_of_q(mpf(k - 1))
    if method == "pmm":
        return d.root_of_q(chi2_upper(0.5, k - 1))
    if method == "sj":
        return spread / k * d.q(spread / k) / (k - 1)
    return max(mpf(0), {"dl": lambda: (q - (k - 1)) / (s1 - s2 / s1), "he": lambda: spread / (k - 1) - sum(d.v) / k,
                        "hs": lambda: (q - k) / s1, "hsk": lambda: (q * k / (k - 1) - k) / s1}[method]())


def se_of_tau2(d, method, tau2):
    """The standard errors of the estimators as documented in metafor's manual."""
    k = d.k
    def parts(weights):
        s1 = sum(weights)
        p = [[(a if i == j else 0) - a * b / s1 for j, b in enumerate(weights)] for i, a in enumerate(weights)]
        pv = [[x * d.v[j] for j, x in enumerate(row)] for row in p]
        tr = lambda m, n: sum(m[i][j] * n[j][i] for i in range(k) for j in range(k))
        return 2 * tr(pv, pv) + 4 * tau2 * tr(pv, p) + 2 * tau2 ** 2 * tr(p, p)
    w0 = [1 / v for v in d.v]
    w = [1 / (v + tau2) for v in d.v]
    s1, s2, s3 = (sum(x ** i for x in w) for i in (1, 2, 3))
    if method == "ml":
        return sqrt(2 / s2)
    if method == "reml":
        return sqrt(2 / (s2 - 2 * s3 / s1 + (s2 / s1) ** 2))
    if method in ("pm", "pmm", "eb"):
        return sqrt(mpf(2) * k * k / (k - 1)) / s1
    if method == "he":
        return sqrt(parts([mpf(1)] * k)) / (k - 1)
    if method == "sj":
        middle = sum(d.y) / k
        start = sum((y - middle) ** 2 for y in d.y) / k
        return start / (k - 1) * sqrt(parts([1 / (v + start) for v in d.v]))
    total = sum(w0)
    if method == "dl":
        return sqrt(parts(w0)) / (total - sum(x * x for x in w0) / total)
    return (mpf(k) / (k - 1) if method == "hsk" else 1) * sqrt(parts(w0)) / total


def tau2_interval(d, spec, tau2):
    tail = (1 - float(spec["level"]) / 100) / 2
    if spec["tau2-ci"] == "q-profile":
        return d.root_of_q(chi2_upper(tail, d.k - 1)), d.root_of_q(chi2_upper(1 - tail, d.k - 1))
    restricted = spec["tau2"] == "reml"
    limit, best = chi2_upper(2 * tail, 1), d.log_likelihood(restricted, tau2)
    excess = lambda t: 2 * (best - d.log_likelihood(restricted, t)) - limit
    inside = [t for t in d.maxima(restricted) if excess(t) <= 0] + [tau2]
    high = max(inside) + min(d.v)
    while excess(high) < 0:
        high = 2 * high
    upper = bisected(excess, max(inside), high)
    lower = mpf(0) if excess(mpf(0)) <= 0 else bisected(excess, mpf(0), min(inside))
    return lower, upper


def fields(d, spec, tau2, interval=None, se_tau2=True):
    """Every field at this tau2, for a random-effects or (tau2 = None) a common-effect model."""
    measure, tail, k, common = spec["measure"], (1 - float(spec["level"]) / 100) / 2, d.k, tau2 is None
    w0, total, _, q0 = d.at(mpf(0))
    w, s1, mean, q = d.at(mpf(0) if common else tau2)
    out = {"k": k, "studies.y": d.y, "studies.v": d.v, "y": mean, "q": q0, "q_df": k - 1}
    z = t_upper(tail, None)
    for name, sign in (("studies.lower", -1), ("studies.upper", 1)):
        out[name] = [back(measure, y + sign * z * sqrt(v), [n]) for y, v, n in zip(d.y, d.v, d.n)]
    out["weights_common"], out["weights_random"] = [x / total for x in w0], [x / s1 for x in w]
    out["q_p"] = gammainc(mpf(k - 1) / 2, q0 / 2, mp.inf, regularized=True) if k > 1 else mpf(1)
    ci = "wald" if common else spec["ci"]
    s2 = {"hk": q / (k - 1), "hk-floor": max(1, q / (k - 1))}.get(ci, mpf(1)) if k > 1 else mpf(1)
    df = None if ci == "wald" else k - 1
    se = sqrt(s2 / s1)
    out["se"], out["df"] = se, df
    if df != 0:
        margin = t_upper(tail, df) * se
        out["ci_y"] = [mean - margin, mean + margin]
        x = (mean - half(measure)) / se if se else mp.inf
        out["statistic"] = x
        out["p"] = erfc(abs(x) / sqrt(mpf(2))) if df is None else two_sided_t(x, df)
        out["lower"], out["upper"] = (back(measure, e, d.n) for e in out["ci_y"])
    out["estimate"] = back(measure, mean, d.n)
    restricted = spec["tau2"] == "reml" and not common and k > 1
    parameters = 2 if not common and spec["tau2"][0].isalpha() else 1
    ll = d.log_likelihood(restricted, mpf(0) if common else tau2)
    out |= {"log_likelihood": ll, "aic": 2 * parameters - 2 * ll}
    out["bic"] = parameters * log(mpf(k - 1 if restricted else k)) - 2 * ll if k > 1 or not restricted else None
    if k > 1:
        typical = (k - 1) / (total - sum(x * x for x in w0) / total)
        percent = lambda t: 100 * t / (t + typical)
        if common or spec["i2"] == "q":
            out["i2"] = max(mpf(0), 100 * (q0 - (k - 1)) / q0) if q0 else mpf(0)
            out["h2"] = q0 / (k - 1)
        else:
            out["i2"], out["h2"] = percent(tau2), 1 + tau2 / typical
        if not common:
            out["tau2"] = tau2
            if se_tau2:
                out["tau2_se"] = se_of_tau2(d, spec["tau2"], tau2)
            predict(out, d, spec, tau2, w, s1, mean, q)
            if interval:
                out["tau2_lower"], out["tau2_upper"] = interval
                out["i2_lower"], out["i2_upper"] = map(percent, interval)
    return out


def predict(out, d, spec, tau2, w, s1, mean, q):
    k, ci = d.k, spec["ci"]
    kind = spec["prediction"] or {"wald": "z", "t": "t"}.get(ci, "hk")
    df = {"z": None, "t": k - 1, "hk": k - 1, "hts": k - 2}[kind]
    s2 = (max(1, q / (k - 1)) if ci == "hk-floor" else q / (k - 1)) if kind == "hk" else 1
    out["prediction_df"] = df
    if df == 0:
        return
    margin = t_upper((1 - float(spec["level"]) / 100) / 2, df) * sqrt(s2 / s1 + tau2)
    out["prediction_y"] = [mean - margin, mean + margin]
    out["prediction_lower"], out["prediction_upper"] = (back(spec["measure"], e, d.n) for e in out["prediction_y"])
