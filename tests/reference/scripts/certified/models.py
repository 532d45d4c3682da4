"""The cases of the two likelihood models: binomial-normal (three links) and beta-binomial."""
import sys

import gmpy2
from gmpy2 import mpfr, exp, log, sqrt

import cache
import intervals
import likelihood
from beta_binomial import BetaBinomial
from distributions import LEVEL_TAIL, beta_quantile, chi2_sf, normal_two_sided, t_quantile, t_two_sided, z_quantile
from effects import Scale, estimate
from likelihood import BinomialNormal, binomial_coefficient, predictor
from pooling import location
from real import bits, text, total
from surface import Fit
from weighing import Weighing

LINKS = ("logit", "probit", "cloglog")
HALF = mpfr("0.5")


def cases(name, studies):
    """The cases of the three links and the beta-binomial; a model without a solution is reported and left out."""
    makers = {link: lambda link=link: glmm_cases(link, studies) for link in LINKS}
    makers["beta-binomial"] = lambda: beta_cases(studies)
    found = []
    for part, maker in makers.items():
        try:
            found += cache.kept(name, part, studies, maker)
        except (ArithmeticError, ValueError) as problem:
            print(f"{name}, {part}: left out, {problem}", file=sys.stderr, flush=True)
    return found


def written(spec, **groups):
    return {"spec": spec} | {name: {key: text(value) for key, value in fields.items()}
                             for name, fields in groups.items() if fields}


def kind_of(studies):
    """Where the maximum of the likelihood is: "inside", or at one of the boundaries."""
    events, others = any(x for x, _ in studies), any(n - x for x, n in studies)
    if not (events and others):
        return "one-sided"
    if len(studies) == 1 or all(n == 1 for _, n in studies):
        return "no-spread"
    if all(x in (0, n) for x, n in studies):
        return "separated"
    return "inside"


class Homogeneity:
    """One common proportion against one for each study: closed forms."""

    def __init__(self, link, studies):
        self.k = len(studies)
        x, n = sum(s[0] for s in studies), sum(s[1] for s in studies)
        self.proportion = mpfr(x) / n
        self.y = predictor(link, mpfr(x), mpfr(n - x))
        coefficient = total(binomial_coefficient(a, b) for a, b in studies)
        ln = lambda count, p: count * log(p) if count else mpfr(0)  # noqa: E731
        p = self.proportion
        self.value = coefficient + ln(x, p) + ln(n - x, 1 - p)
        saturated = coefficient + total(ln(a, mpfr(a) / b) + ln(b - a, 1 - mpfr(a) / b) for a, b in studies)
        self.q_lrt = 2 * (saturated - self.value)
        self.q_lrt = mpfr(0) if self.q_lrt < mpfr(10) ** -90 else self.q_lrt
        self.se = None
        if self.y is not None:
            # The variance of the link-scale estimate from x of n, by the delta method.
            self.se = sqrt(delta_variance(link, mpfr(x), mpfr(n - x)))
        inner = [(a, b) for a, b in studies if a not in (0, b)]
        self.q_wald = mpfr(0)
        if inner:
            y = [predictor(link, mpfr(a), mpfr(b - a)) for a, b in inner]
            v = [delta_variance(link, mpfr(a), mpfr(b - a)) for a, b in inner]
            self.q_wald = Weighing(y, v, 0).q

    def tests(self):
        p = lambda q: chi2_sf(q, self.k - 1) if self.k > 1 else mpfr(1)  # noqa: E731
        return {"heterogeneity.q_wald": self.q_wald, "heterogeneity.p_wald": p(self.q_wald),
                "heterogeneity.q_lrt": self.q_lrt, "heterogeneity.p_lrt": p(self.q_lrt)}

    def common(self, link):
        fields = {"common.log_likelihood": self.value, "common.aic": 2 - 2 * self.value,
                  "common.bic": log(mpfr(self.k)) - 2 * self.value}
        if self.y is not None:
            fields |= location("common", Scale(link), self.y, self.se)
        return fields


def delta_variance(link, x, m):
    """p q/(n h'^2)."""
    n = x + m
    p, q = x / n, m / n
    if link == "logit":
        return 1 / x + 1 / m
    if link == "cloglog":
        return p / (n * q * log(q) ** 2)
    y = predictor(link, x, m)
    return p * q / n * 2 * gmpy2.const_pi() * exp(y * y)


def typical_variance(link, studies):
    """Higgins & Thompson 2002, eq. 9, with 1/2 added for studies with no events or no non-events."""
    v = [estimate(link, x, n)[1] for x, n in studies]
    w = Weighing([mpfr(0)] * len(v), v, 0)
    return w.df / w.trace


def one_sided(studies):
    """No events at all: upper limit 1 - exp(-z^2/(2 N)); no non-events: the mirror image."""
    n = sum(s[1] for s in studies)
    reach = -gmpy2.expm1(-z_quantile() ** 2 / (2 * n))
    none = all(x == 0 for x, _ in studies)
    return {"random.y": None, "random.se": None, "random.ci_y": None, "random.estimate": mpfr(0 if none else 1),
            "random.lower": mpfr(0) if none else 1 - reach, "random.upper": reach if none else mpfr(1),
            "random.statistic": None, "random.p": None, "random.log_likelihood": mpfr(0), "random.aic": mpfr(4),
            "random.bic": 2 * log(mpfr(len(studies)))}


def criteria(value, k):
    return {"random.log_likelihood": value, "random.aic": 4 - 2 * value, "random.bic": 2 * log(mpfr(k)) - 2 * value}


def glmm_cases(link, studies):
    kind, k = kind_of(studies), len(studies)
    same = Homogeneity(link, studies)
    spec = {"measure": link, "model": "glmm", "ci": "t", "prediction": "t", "tau2-ci": "profile"}
    by_profile = {"measure": link, "model": "glmm", "ci": "profile", "prediction": "z", "tau2-ci": "none"}
    if kind == "separated":
        return []
    closed = same.tests() | same.common(link)
    if kind == "one-sided":
        closed |= one_sided(studies) | {"heterogeneity.tau2": mpfr(0), "heterogeneity.tau2_se": None}
        return [written(spec, closed=closed)]
    surface = BinomialNormal(link, studies)
    if kind == "no-spread":
        fields = location("random", Scale(link), same.y, same.se, k - 1) | criteria(same.value, k)
        fields |= {"heterogeneity.tau2": mpfr(0)}
        return [written(spec, closed=closed | fields)]
    fit = Fit(surface)
    se, se_spread, covariance = fit.se()
    tau2 = mpfr(0) if fit.spread is None else exp(2 * fit.spread)
    typical = typical_variance(link, studies)
    percent = lambda t: None if t is None else 100 * t / (t + typical)  # noqa: E731
    fields = location("random", Scale(link), fit.location, se, k - 1) | criteria(fit.value, k)
    low, high = fit.spread_limits()
    low = mpfr(0) if low is None else exp(2 * low)
    high = None if high is None else exp(2 * high)
    fields |= {"heterogeneity.tau2": tau2, "heterogeneity.tau2_se": None if se_spread is None else 2 * tau2 * se_spread,
               "heterogeneity.tau2_lower": low, "heterogeneity.tau2_upper": high,
               "heterogeneity.i2": percent(tau2), "heterogeneity.i2_lower": percent(low),
               "heterogeneity.i2_upper": percent(high), "heterogeneity.h2": 1 + tau2 / typical}
    margin = t_quantile(k - 1) * sqrt(se * se + tau2)
    fields |= predicted(link, fit.location, margin)
    if fit.spread is not None:
        fields |= population(link, fit, t_quantile(k - 1))
    first = written(spec, closed=closed, quadrature=fields)
    limits = fit.location_limits()
    fields = location("random", Scale(link), fit.location, se, limits=limits)
    for key in ("random.y", "random.se", "random.estimate"):
        fields.pop(key)
    fields |= predicted(link, fit.location, z_quantile() * sqrt(se * se + tau2))
    return [first, written(by_profile, quadrature=fields)]


def predicted(link, centre, margin):
    ends = [centre - margin, centre + margin]
    scale = Scale(link)
    return {"prediction.ci_y": ends, "prediction.lower": scale.proportion(ends[0]),
            "prediction.upper": scale.proportion(ends[1])}


def population(link, fit, quantile):
    """The mean proportion over studies, the probability of the event in one person; delta method on its logit."""
    with bits(BinomialNormal.full_bits):
        event, none = (one(link, x, fit) for x in (1, 0))
        logit = event[0] - none[0]
        by_mu, by_spread = event[1] - none[1], event[2] - none[2]
        se, se_spread, covariance = fit.se()
        variance = (by_mu * se) ** 2 + 2 * by_mu * by_spread * covariance + (by_spread * se_spread) ** 2
        ends = [logit + side * quantile * sqrt(variance) for side in (-1, 0, 1)]
        lower, middle, upper = [1 / (1 + exp(-end)) for end in ends]
    return {"random.population.estimate": middle, "random.population.lower": lower, "random.population.upper": upper}


def one(link, x, fit):
    """ln of the mean of h (or 1 - h) and its slopes in mu and ln tau."""
    tau = exp(fit.spread)
    value, u1, u2, _, _ = likelihood.integral(link, x, 1, fit.location, tau, mpfr(10) ** -34)
    return value, u1 / tau, u2 - 1


def beta_cases(studies):
    kind, k = kind_of(studies), len(studies)
    same = Homogeneity("logit", studies)
    spec = {"measure": "logit", "model": "beta-binomial", "ci": "t", "prediction": "z"}
    by_profile = {"measure": "logit", "model": "beta-binomial", "ci": "profile", "prediction": "none"}
    scale = Scale("logit")
    if kind == "one-sided":
        return [written(spec, closed=one_sided(studies) | {"heterogeneity.rho": mpfr(0)})]
    if kind == "no-spread":
        fields = location("random", scale, same.y, same.se, k - 1) | criteria(same.value, k)
        return [written(spec, closed=fields | {"heterogeneity.rho": mpfr(0)})]
    if kind == "separated":
        yes = sum(x > 0 for x, _ in studies)
        p = mpfr(yes) / k
        y, se = log(p / (1 - p)), 1 / sqrt(k * p * (1 - p))
        value = yes * log(p) + (k - yes) * log(1 - p)
        fields = location("random", scale, y, se, k - 1) | criteria(value, k)
        return [written(spec, closed=fields | {"heterogeneity.rho": mpfr(1)})]
    surface = BetaBinomial(studies)
    fit = Fit(surface)
    se = fit.se()[0]
    rho = mpfr(0) if fit.spread is None else 1 / (1 + exp(-fit.spread))
    fields = location("random", scale, fit.location, se, k - 1) | criteria(fit.value, k)
    i2, limits, h2 = intervals.i2_of_q(same.q_wald, k)
    fields |= {"heterogeneity.rho": rho, "heterogeneity.i2": i2, "heterogeneity.h2": h2,
               "heterogeneity.i2_lower": limits[0] if limits else None,
               "heterogeneity.i2_upper": limits[1] if limits else None}
    fields |= beta_prediction(fit.location, se, rho)
    first = written(spec, iterated=fields)
    ends = fit.location_limits()
    fields = {"random.ci_y": ends, "random.lower": scale.proportion(ends[0]), "random.upper": scale.proportion(ends[1])}
    return [first, written(by_profile, iterated=fields)]


def beta_prediction(y, se, rho):
    """Quantiles of the beta distribution with mean p and variance p q rho + (1 - rho)(p q se)^2."""
    scale = Scale("logit")
    if rho == 0:
        ends = [scale.proportion(y + side * z_quantile() * se) for side in (-1, 1)]
    else:
        p, q = 1 / (1 + exp(-y)), 1 / (1 + exp(y))
        rho = rho + (1 - rho) * p * q * se * se
        size = (1 - rho) / rho
        if size <= 0:
            ends = [mpfr(0), mpfr(1)]
        else:
            ends = [beta_quantile(LEVEL_TAIL, p * size, q * size), beta_quantile(LEVEL_TAIL, p * size, q * size, upper=True)]
    return {"prediction.lower": ends[0], "prediction.upper": ends[1]}
