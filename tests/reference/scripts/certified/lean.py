"""Leaves out values that are the same as in another case of the same measure."""

ALWAYS = {"heterogeneity.tau2", "heterogeneity.tau2_se", "studies.weight_random", "studies.weight_common"}
OF_THE_LIKELIHOOD = {"random.log_likelihood", "random.aic", "random.bic"}


def is_estimator(spec):
    """Whether the case differs from others only in the estimator of tau2."""
    return (spec.get("ci"), spec.get("prediction"), spec.get("tau2-ci")) == ("wald", "z", "none") and "model" not in spec


def kept(spec, path, repeated):
    """Whether a field is written; `repeated` if an earlier estimator gave the same tau2."""
    criterion = path.endswith((".aic", ".bic"))
    if criterion and spec["measure"] != "logit" and spec.get("model") in (None, "common"):
        return False
    if not is_estimator(spec):
        return True
    method = spec["tau2"]
    if repeated:
        return path in ALWAYS or (method in ("ml", "reml") and path in OF_THE_LIKELIHOOD)
    if method not in ("dl", "reml") and path in ("random.statistic", "heterogeneity.h2"):
        return False
    if method != "reml" and path in ("prediction.lower", "prediction.upper"):
        return False
    return method in ("dl", "reml") or path != "prediction.ci_y"


def thinned(cases):
    seen, result = set(), []
    for case in cases:
        spec, repeated = case["spec"], False
        if is_estimator(spec):
            fields = case.get("closed", case.get("iterated"))
            key = (spec["measure"], fields["heterogeneity.tau2"])
            repeated = key in seen
            seen.add(key)
        lean = {"spec": spec}
        for group in ("closed", "iterated", "quadrature"):
            fields = {path: value for path, value in case.get(group, {}).items() if kept(spec, path, repeated)}
            if fields:
                lean[group] = fields
        result.append(lean)
    return result
