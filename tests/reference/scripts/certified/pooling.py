"""Pooled values, their intervals and tests, prediction intervals: the fields of one specification."""
from gmpy2 import mpfr, log, sqrt

import henmi_copas
import intervals
import normal_likelihood
import tau2 as estimators
from distributions import chi2_sf, normal_two_sided, t_quantile, t_two_sided, z_quantile
from effects import estimates, scale_of
from weighing import Weighing

LARGEST_DOUBLE = mpfr(2) ** 1024


class Analysis:
    """The studies of one data set on one scale, with a cache of the estimates of tau2."""

    def __init__(self, measure, studies):
        self.measure, self.studies = measure, studies
        self.y, self.v = estimates(measure, studies)
        self.k = len(studies)
        self.common = Weighing(self.y, self.v, 0)
        self.cache = {}

    def tau2(self, method):
        if self.k == 1:
            return mpfr(0), None
        return estimators.estimate(method, self.y, self.v, self.cache)

    def criteria(self, kind, tau2, parameters):
        value = normal_likelihood.log_likelihood(kind, self.y, self.v, tau2)
        observations = self.k - (kind == "restricted")
        return {"log_likelihood": value, "aic": 2 * parameters - 2 * value,
                "bic": parameters * log(mpfr(observations)) - 2 * value}


def location(part, scale, y, se, df=None, limits=None):
    """The fields of a pooled value: normal with df None, else t; `limits` where they are not y +- q se."""
    fields = {"y": y, "se": se, "estimate": scale.proportion(y)}
    null = scale.null()
    if df == 0:
        return {f"{part}.{key}": value for key, value in (fields | dict.fromkeys(("ci_y", "lower", "upper", "statistic", "p"))).items()}
    if limits is None:
        margin = (z_quantile() if df is None else t_quantile(df)) * se
        limits = [y - margin, y + margin]
    fields |= {"ci_y": limits, "lower": scale.proportion(limits[0]), "upper": scale.proportion(limits[1])}
    if se == 0:
        fields |= {"statistic": None, "p": mpfr(0)}
    else:
        statistic = (y - null) / se
        fields |= {"statistic": statistic,
                   "p": normal_two_sided(statistic) if df is None else t_two_sided(statistic, df)}
    return {f"{part}.{key}": value for key, value in fields.items()}


def prediction(kind, scale, w, tau2, floor=False):
    """mean +- q sqrt(se^2 + tau2); null without degrees of freedom."""
    nothing = dict.fromkeys(("prediction.ci_y", "prediction.lower", "prediction.upper"))
    df = {"z": None, "t": w.k - 1, "hk": w.k - 1, "hts": w.k - 2}[kind]
    if w.k < 2 or (df is not None and df <= 0):
        return nothing
    se = w.knapp_hartung(floor) if kind == "hk" else w.se
    margin = (z_quantile() if df is None else t_quantile(df)) * sqrt(se * se + tau2)
    ends = [w.mean - margin, w.mean + margin]
    return {"prediction.ci_y": ends, "prediction.lower": scale.proportion(ends[0]),
            "prediction.upper": scale.proportion(ends[1])}


def common(a):
    """All fields of the common-effect model, and Cochran's Q."""
    w = a.common
    scale = scale_of(a.measure, a.studies)
    fields = location("common", scale, w.mean, w.se)
    fields |= {f"common.{key}": value for key, value in a.criteria("full", mpfr(0), 1).items()}
    q = w.q if a.k > 1 else mpfr(0)
    return fields | {"heterogeneity.q": q, "heterogeneity.p": chi2_sf(q, a.k - 1) if a.k > 1 else mpfr(1)}


def heterogeneity(a, tau2, se):
    if a.k == 1:
        return dict.fromkeys(("heterogeneity.tau2", "heterogeneity.tau2_se", "heterogeneity.i2", "heterogeneity.h2"))
    i2, h2 = intervals.i2_of_tau2(a.y, a.v, tau2)
    return {"heterogeneity.tau2": tau2, "heterogeneity.tau2_se": se, "heterogeneity.i2": i2, "heterogeneity.h2": h2}


def tau2_interval(a, kind, method):
    names = ("heterogeneity.tau2_lower", "heterogeneity.tau2_upper", "heterogeneity.i2_lower", "heterogeneity.i2_upper")
    if a.k == 1:
        return dict.fromkeys(names)
    ends = intervals.of_tau2(kind, method, a.y, a.v, a.cache)
    return dict(zip(names, list(ends) + [intervals.i2_of_tau2(a.y, a.v, end)[0] for end in ends]))


def random(a, method, ci, back="harmonic"):
    """The random-effects value with the interval `ci`."""
    tau2, _ = a.tau2(method)
    w = Weighing(a.y, a.v, tau2)
    scale = scale_of(a.measure, a.studies, back, w.se)
    if a.k == 1:
        return location("random", scale, w.mean, w.se, None if ci == "wald" else 0)
    if ci == "wald":
        return location("random", scale, w.mean, w.se)
    if ci == "t":
        return location("random", scale, w.mean, w.se, w.df)
    if ci in ("hk", "hk-floor"):
        return location("random", scale, w.mean, w.knapp_hartung(ci == "hk-floor"), w.df)
    if ci == "kr":
        fields = location("random", scale, w.mean, *kenward_roger(w))
        if max(abs(end) for end in fields["random.ci_y"]) > LARGEST_DOUBLE:
            # With very few degrees of freedom the quantile exceeds the largest double, and there is no interval.
            fields |= dict.fromkeys(("random.ci_y", "random.lower", "random.upper"))
        return fields
    if ci == "profile":
        ends, deviance = normal_likelihood.profile_of_mean(a.y, a.v, scale.null())
        fields = location("random", scale, w.mean, w.se, limits=ends)
        sign = -1 if w.mean < scale.null() else 1
        return fields | {"random.statistic": sign * sqrt(deviance), "random.p": chi2_sf(deviance, 1)}
    raise ValueError(ci)


def kenward_roger(w):
    """Partlett & Riley 2017: the standard error and the degrees of freedom, expected information."""
    information = w.s2 / 2 - w.s3 / w.s1 + (w.s2 / w.s1) ** 2 / 2
    variance = 1 / w.s1 + 2 * (w.s3 / w.s1 - (w.s2 / w.s1) ** 2) / information / w.s1
    return sqrt(variance), 2 * information / (variance * w.s2) ** 2


def ivhet(a):
    """Doi et al. 2015: common-effect weights, variance sum w^2 (v + tau2)/S1^2."""
    w, (tau2, _) = a.common, a.tau2("dl")
    return location("random", scale_of(a.measure, a.studies), w.mean, sqrt(1 / w.s1 + tau2 * w.s2 / w.s1**2))


def henmi(a):
    u, joint = henmi_copas.quantile(a.y, a.v, a.tau2("dl")[0])
    scale = scale_of(a.measure, a.studies)
    fields = location("random", scale, joint.mean, joint.se, limits=[joint.mean - u * joint.se, joint.mean + u * joint.se])
    fields["random.p"] = henmi_copas.two_sided(joint, abs(fields["random.statistic"]))
    return fields


def by_q(a):
    if a.k == 1:
        return dict.fromkeys(("heterogeneity.i2", "heterogeneity.i2_lower", "heterogeneity.i2_upper", "heterogeneity.h2"))
    i2, limits, h2 = intervals.i2_of_q(a.common.q, a.k)
    lower, upper = limits or (None, None)
    return {"heterogeneity.i2": i2, "heterogeneity.i2_lower": lower, "heterogeneity.i2_upper": upper,
            "heterogeneity.h2": h2}
