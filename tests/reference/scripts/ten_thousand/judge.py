"""The reasons why R and metaprop differ in a number. Each is a condition that is checked against exact.py.

In each, metaprop's value has to be the exact one (to within the effect of rounding its input), and R's value has to
be the one that the named cause gives.
"""
import math
from mpmath import exp, log, mpf
import exact
import glmm

TOLERANCE = 1e-9
EPS = 2.0 ** -52
FRACTIONS = {"estimate", "lower", "upper", "prediction_lower", "prediction_upper", "studies.lower", "studies.upper"}
BY_SE = {"y", "ci_y", "prediction_y", "studies.y"}
P_VALUES = {"p", "q_p", "p_lrt", "q_wald_p"}
OF_TAU2_LIMITS = {"tau2_lower", "tau2_upper", "i2_lower", "i2_upper"}
ABSENT_AT_ONE = {"df", "ci_y", "lower", "upper", "statistic", "p", "i2", "h2", "tau2", "tau2_se", "prediction_y",
                 "prediction_lower", "prediction_upper", "prediction_df"}


def deviation(field, got, want, se):
    """|got - want| on the scale of the field; infinite if one of them does not exist."""
    if isinstance(got, list) or isinstance(want, list):
        if not isinstance(got, list) or not isinstance(want, list) or len(got) != len(want):
            return math.inf if present(got) or present(want) else 0.0
        return max((deviation(field, g, w, se) for g, w in zip(got, want)), default=0.0)
    if got is None or want is None:
        return 0.0 if got is want else math.inf
    if field in FRACTIONS:
        got, want = min(1, max(0, got)), min(1, max(0, want))
    if got == want:
        return 0.0
    scale = max(abs(want), se) if field in BY_SE else abs(want)
    if field in P_VALUES and want > 0:
        scale *= 1 + 2 * abs(log(want) if isinstance(want, mpf) else math.log(want))
    return float(abs(got - want) / scale) if scale else math.inf


def present(value):
    return any(v is not None for v in value) if isinstance(value, list) else value is not None


class Case:
    """The results of both programs for one case, and the exact values."""

    def __init__(self, name, rows, spec, ours, theirs):
        self.name, self.rows, self.spec, self.theirs, self.ours = name, rows, spec, theirs, ours
        self.mine, self.r = ours["values"], theirs["values"]
        self.se = self.r.get("se") or 0.0
        self.common = spec["model"] == "common"
        self._truth = {}

    @property
    def data(self):
        if not hasattr(self, "_data"):
            self._data = exact.estimates(self.rows, self.spec)
        return self._data

    @property
    def fixed(self):
        return not self.common and not self.spec["tau2"][0].isalpha()

    @property
    def tau2(self):
        """The exact value."""
        if not hasattr(self, "_tau2"):
            fixed = mpf(float(self.spec["tau2"])) if self.fixed else None
            self._tau2 = fixed if fixed is not None else exact.tau2_of(self.data, self.spec["tau2"])
        return self._tau2

    def truth(self, tau2="right", interval=False):
        key = (str(tau2), interval)
        if key not in self._truth:
            tau2 = None if self.common else self.tau2 if tau2 == "right" else tau2
            limits = exact.tau2_interval(self.data, self.spec, tau2) if interval else None
            self._truth[key] = exact.fields(self.data, self.spec, tau2, limits, not self.fixed)
        return self._truth[key]

    def right(self, field):
        return self.truth("right", field in OF_TAU2_LIMITS).get(field)

    def moved(self, field):
        """The change of the exact value if every estimate and variance changes by one unit in the last place."""
        base, most = self.right(field), 0.0
        d = self.data
        for turn in range(6):
            sign = lambda i: 1 if (i * 7 + turn * 3) % (turn + 2) % 2 else -1
            other = Case(self.name, self.rows, self.spec, self.ours, self.theirs)
            other._data = exact.Data([y * (1 + sign(i) * EPS) for i, y in enumerate(d.y)],
                                     [v * (1 + sign(i + 1) * EPS) for i, v in enumerate(d.v)], d.n)
            most = max(most, deviation(field, other.right(field), base, self.se))
        return most


def settle(case, field, ours, theirs):
    """The name of the reason, or None."""
    if case.spec["model"] == "glmm":
        for name, holds in OF_GLMM:
            if holds(case, field, ours, theirs, deviation, TOLERANCE):
                return name
        exact_reasons = [(name, holds) for name, holds in REASONS if holds in (one_study, no_degrees, overflow)]
    else:
        exact_reasons = REASONS
    return next((name for name, holds in exact_reasons if holds(case, field, ours, theirs)), None)


def refused(case):
    """The reason why only one program gives a result, or None."""
    if case.spec["model"] == "glmm":
        return glmm.refused(case)
    if case.data.k == 0:
        return "no study has an estimate on the scale: both stop" if case.ours["error"] and "no study left" in case.theirs["error"] else None
    if case.ours["error"] or "did not converge" not in case.theirs["error"]:
        return None
    right = all(own_right(case, field, case.mine[field]) for field in ("tau2", "y", "se"))
    return "metafor's iteration for tau2 does not end; metaprop's is right" if right else None


def one_study(case, field, ours, theirs):
    return case.r["k"] == 1 and field in ABSENT_AT_ONE and not present(ours)


def one_study_restricted(case, field, ours, theirs):
    """metafor's restricted log-likelihood of one study is 0, as no observation is left."""
    return (case.r["k"] == 1 and case.spec["tau2"] == "reml" and field in ("log_likelihood", "aic", "bic")
            and abs(case.r["log_likelihood"]) < 1e-9 and own_right(case, field, ours))


def no_degrees(case, field, ours, theirs):
    """metafor uses 1 degree of freedom where k - 2 = 0."""
    return (case.r["k"] == 2 and case.spec["prediction"] == "hts" and field.startswith("prediction")
            and not present(ours) and case.r["prediction_df"] == 1)


def riley_of_fixed(case, field, ours, theirs):
    """metafor's k - 2 counts tau2 as estimated; a fixed tau2 is not."""
    if not (case.fixed and case.spec["prediction"] == "hts" and field.startswith("prediction")):
        return False
    k = case.r["k"]
    if case.r["prediction_df"] != k - 1:
        return False
    if field == "prediction_df":
        return ours == (k - 2 or None)
    again = exact.fields(case.data, case.spec | {"prediction": "t"}, case.tau2, None, False)
    mine_right = not present(ours) if k == 2 else deviation(field, ours, case.right(field), case.se) < TOLERANCE
    return mine_right and deviation(field, theirs, again[field], case.se) < TOLERANCE


def no_width(case, field, ours, theirs):
    """All estimates equal: the Hartung-Knapp standard error is 0 (exactly, in 40 digits to 1e-15 of the Wald one)."""
    if case.spec["ci"] != "hk":
        return False
    _, s1, _, q = case.data.at(case.tau2)
    k = case.data.k
    if not (q / (k - 1) <= mpf(4) * mpf(2) ** -52):
        return False
    return field in ("se", "statistic", "p", "ci_y", "lower", "upper", "prediction_y", "prediction_lower", "prediction_upper")


def own_right(case, field, ours):
    """metaprop's value is the exact one, to within the effect of rounding its input."""
    want = case.right(field)
    if want is None:
        return not present(ours)
    off = deviation(field, ours, want, case.se)
    return off < TOLERANCE or off <= 32 * case.moved(field)


def search_ended(case, field, ours, theirs):
    """metafor searches the bounds of tau2 up to max(100, 10 tau2), and gives that if the bound is larger."""
    if field not in ("tau2_upper", "i2_upper", "tau2_lower", "i2_lower"):
        return False
    edge = "tau2_" + field.split("_")[1]
    end = max(100.0, 10 * case.r["tau2"])
    return (abs(case.r[edge] / end - 1) < 1e-9 and case.right(edge) > end * (1 - 1e-9) and own_right(case, field, ours))


def lower_peak(case, field, ours, theirs):
    """metafor's tau2 is a local maximum, or 0, with a lower likelihood, and the field follows from that tau2."""
    if case.spec["tau2"] not in ("ml", "reml") or field in ("tau2_upper", "tau2_lower"):
        return False
    restricted, at = case.spec["tau2"] == "reml", mpf(case.r["tau2"])
    lower = case.data.log_likelihood(restricted, at) < case.data.log_likelihood(restricted, case.tau2)
    return lower and own_right(case, field, ours) and follows(case, field, theirs)


def lower_peak_profile(case, field, ours, theirs):
    """metafor's profile interval belongs to a maximum with a lower likelihood."""
    if case.spec.get("tau2-ci") != "profile" or field not in OF_TAU2_LIMITS:
        return False
    restricted = case.spec["tau2"] == "reml"
    ll = lambda t: case.data.log_likelihood(restricted, mpf(t))
    tail = (1 - float(case.spec["level"]) / 100) / 2
    peak, edge = ll(case.r["tau2"]), case.r["tau2_" + field.split("_")[1]]
    limit, end = exact.chi2_upper(2 * tail, 1), max(100.0, 10 * case.r["tau2"])
    reached = edge == 0 or abs(2 * (peak - ll(edge)) - limit) < 1e-6
    reached = reached or abs(edge / end - 1) < 1e-9 and 2 * (peak - ll(end)) < limit
    return peak < ll(case.tau2) and reached and own_right(case, field, ours)


def follows(case, field, theirs):
    """R's value follows from its own tau2."""
    at = case.truth(mpf(case.r["tau2"]))
    if field in OF_TAU2_LIMITS or field not in at:
        return False
    return deviation(field, theirs, at[field], case.se) < 1e-8 or theirs == 0 and 0 < at[field] < 2.3e-308


def stopped(case, field, ours, theirs):
    """metafor's iteration for tau2 stopped too early, by more than the tolerance, and the field follows from that tau2."""
    if case.common or case.fixed or field in OF_TAU2_LIMITS:
        return False
    off = deviation("tau2", case.r["tau2"], case.tau2, 0.0)
    return off > TOLERANCE and own_right(case, field, ours) and follows(case, field, theirs)


def conditioned(case, field, ours, theirs):
    """Rounding the estimates changes the exact value by as much as the deviation, for both programs."""
    want = case.right(field)
    if want is None:
        return False
    unit = case.moved(field)
    return (deviation(field, ours, want, case.se) <= max(TOLERANCE, 32 * unit)
            and deviation(field, theirs, want, case.se) <= 1000 * unit)


def cancelled(case, field, ours, theirs):
    """R's k x k sums cancel: the terms are larger than the result by the factor by which its error is enlarged."""
    want = case.right(field)
    if want is None or not present(theirs) or case.data.k == 1 or not own_right(case, field, ours):
        return False
    w, s1, mean, q = case.data.at(mpf(0))
    middle = sum(case.data.y) / case.data.k
    trace = s1 - sum(x * x for x in w) / s1
    terms = sum(a * (y - middle) ** 2 for a, y in zip(w, case.data.y))
    growth = max(s1 / trace, terms / q if q else mpf("inf"), mpf(1))
    return deviation(field, theirs, want, case.se) <= 64 * case.data.k * EPS * growth


def cancelled_bound(case, field, ours, theirs):
    """metafor's confint computes Q from estimates that are not centred; its rounding error moves the root by this much."""
    if field not in OF_TAU2_LIMITS or case.spec["tau2-ci"] != "q-profile" or not own_right(case, field, ours):
        return False
    edge = "tau2_" + field.split("_")[1]
    at = case.right(edge)
    w, s1, mean, q = case.data.at(at)
    slope = sum((a * (y - mean)) ** 2 for a, y in zip(w, case.data.y))
    rounding = 4 * case.data.k * EPS * sum(a * y * y for a, y in zip(w, case.data.y))
    return abs(mpf(case.r[edge]) - at) <= rounding / slope + TOLERANCE * at


def rounded_estimates(case, field, ours, theirs):
    """R computes y as ln(x/n), or as ln(p/(1 - p)) with p = x/n, which has few correct digits near 0, or for p near 1.
    The error is a few roundings of 1 (of p), and the field follows from R's own y and v."""
    d, r = case.data, case.r
    grown = lambda y: 1 + exp(y) if case.spec["measure"] == "logit" else max(1, abs(y))
    if any(abs(mpf(a) - b) > 4 * EPS * grown(b) for a, b in zip(r["studies.y"], d.y)):
        return False
    if not own_right(case, field, ours):
        return False
    if field == "studies.v":
        return all(abs(mpf(a) - v) <= 4 * EPS * (v + 1 / mpf(n)) for a, v, n in zip(r["studies.v"], d.v, d.n))
    if field == "studies.y":
        return True
    other = Case(case.name, case.rows, case.spec, case.ours, case.theirs)
    other._data = exact.Data([mpf(y) for y in r["studies.y"]], [mpf(v) for v in r["studies.v"]], d.n)
    return deviation(field, theirs, other.right(field), case.se) < 1e-7


def overflow(case, field, ours, theirs):
    """exp of the limit overflows in R; the proportion is clipped to 1."""
    at = {"prediction_upper": "prediction_y", "upper": "ci_y"}.get(field)
    return at is not None and theirs is None and ours == 1.0 and case.spec["measure"] == "log" and case.r[at][1] > 709.7


def cancelled_inverse(case, field, ours, theirs):
    """R computes the Freeman-Tukey inverse as 1/2 minus 1/2 times a number close to 1, with the rounding error of 1."""
    if field not in FRACTIONS or case.spec["measure"] != "freeman-tukey" or not own_right(case, field, ours):
        return False
    pairs = zip(theirs, case.right(field)) if isinstance(theirs, list) else [(theirs, case.right(field))]
    return all(abs(mpf(min(1, max(0, a))) - b) <= 4 * EPS for a, b in pairs)


def underflow(case, field, ours, theirs):
    """R gives 0 where the exact value is below the smallest normal number; metaprop's value is correct to two units of
    the smallest subnormal number."""
    if theirs != 0 or isinstance(ours, list) or ours is None:
        return False
    want = case.right(field)
    return 0 < want < 2.3e-308 and abs(mpf(ours) - want) <= TOLERANCE * want * (1 + 2 * abs(log(want))) + 1e-323


OF_GLMM = [
    ("binomial-normal: lme4 stopped short of the maximum; metaprop's likelihood is the higher", glmm.short_of_the_maximum),
    ("binomial-normal: glm's steps end early, or at a finite logit for an infinite one", glmm.saturated),
]
REASONS = [
    ("one study: metafor gives its own interval, metaprop none", one_study),
    ("one study: metafor's restricted likelihood is empty", one_study_restricted),
    ("k - 2 = 0 degrees of freedom: metafor takes 1, metaprop gives no interval", no_degrees),
    ("fixed tau2: metafor's Riley interval has k - 1 degrees of freedom", riley_of_fixed),
    ("metafor's search for the bound ends at max(100, 10 tau2)", search_ended),
    ("equal estimates: the Hartung-Knapp standard error is 0 but for rounding", no_width),
    ("metafor's tau2 has a lower likelihood", lower_peak),
    ("metafor's tau2 has a lower likelihood", lower_peak_profile),
    ("metafor's iteration for tau2 stopped early", stopped),
    ("ill-conditioned: the rounding of the estimates moves the value as much", conditioned),
    ("R's sums cancel", cancelled),
    ("R's sums cancel: Q of estimates that are not centred", cancelled_bound),
    ("R's logarithm of a ratio keeps few digits near 0, or of a share near 1", rounded_estimates),
    ("R's Freeman-Tukey inverse cancels near 0", cancelled_inverse),
    ("exp of the limit overflows in R", overflow),
    ("below the smallest normal number: R gives 0", underflow),
]
