#!/usr/bin/env python3
"""The number of correct digits of metafor on the certified set: log relative errors, as in NIST's StRD.

    Rscript metafor.R ../../certified metafor.jsonl
    python3 digits.py ../../certified metafor.jsonl ../../metafor_digits.json

Digits are -log10(|got - want| / scale), at least 0 and at most 16, on the scales of `metaprop selftest`: |want|, or
at least the standard error (y, limits of y), the half width (proportions), se(tau2) (tau2 and its limits), 1
(statistics and log-likelihoods), 100 (I2), the smallest normal number; for p-values |want| (1 + |ln p|); where the
value is 0 and has no such scale, 1.

A value that exists but that R does not give, or gives as NaN, counts as failed; so does every value of a case that
ends in an error. Not counted are values that do not exist (null), cases that metafor 3.8-1 does not support, and
values that metafor defines differently (NOT_THE_SAME).
"""
import glob, json, math, os, sys
from collections import defaultdict
from mpmath import log, log10, mp, mpf

mp.dps = 30
HETEROGENEITY = {"tau2", "tau2_se", "tau2_lower", "tau2_upper", "i2", "i2_lower", "i2_upper", "h2", "q_wald", "q_lrt",
                 "p_wald", "p_lrt"}
FRACTIONS = {"estimate", "lower", "upper"}
# The rows of the table: the statistic and its paths in the result document.
GROUPS = [
    ("estimate of a study, its variance", ("studies.y", "studies.v")),
    ("interval of a study", ("studies.lower", "studies.upper")),
    ("weights", ("studies.weight_common", "studies.weight_random")),
    ("pooled value", ("common.y", "common.estimate", "random.y", "random.estimate")),
    ("its standard error", ("common.se", "random.se")),
    ("its interval", ("common.ci_y", "common.lower", "common.upper", "random.ci_y", "random.lower", "random.upper")),
    ("test statistic, p", ("common.statistic", "common.p", "random.statistic", "random.p")),
    ("log-likelihood, AIC, BIC", tuple(f"{m}.{f}" for m in ("common", "random") for f in ("log_likelihood", "aic", "bic"))),
    ("prediction interval", ("prediction.ci_y", "prediction.lower", "prediction.upper")),
    ("Q and its p", ("heterogeneity.q", "heterogeneity.p")),
    ("τ²", ("heterogeneity.tau2",)),
    ("its standard error (τ²)", ("heterogeneity.tau2_se",)),
    ("its interval (τ²)", ("heterogeneity.tau2_lower", "heterogeneity.tau2_upper")),
    ("I², H² with limits", tuple("heterogeneity." + f for f in ("i2", "i2_lower", "i2_upper", "h2"))),
]
# rma.glmm reports a conditional log-likelihood; the Henmi-Copas interval has no test; for one study metafor's
# restricted likelihood is empty.
NOT_THE_SAME = {"glmm": {"random.log_likelihood", "random.aic", "random.bic", "heterogeneity.tau2_se",
                         "heterogeneity.tau2_lower", "heterogeneity.tau2_upper", "heterogeneity.i2_lower",
                         "heterogeneity.i2_upper"},
                "henmi-copas": {"heterogeneity.tau2_se", "random.statistic", "random.p", "random.log_likelihood"},
                "one study": {"random.log_likelihood", "random.aic", "random.bic"}}


def r_name(path):
    """The name in the output of metafor.R for a path of the result document."""
    block, field = path.split(".", 1)
    if block == "studies":
        return path
    if block == "prediction":
        return "prediction_y" if field == "ci_y" else "prediction_" + field
    if block == "heterogeneity" and field not in HETEROGENEITY:
        return {"q": "q", "p": "q_p"}[field]
    return field


def digits(path, got, want, unit):
    """The number of correct digits; None for a failure."""
    if got is None or not math.isfinite(got):
        return None
    if path.split(".", 1)[1] in FRACTIONS:
        got = min(1.0, max(0.0, got))
    if got == float(want):
        return 16.0
    scale = max(abs(want), unit)
    if path.split(".", 1)[1] in ("p", "p_wald", "p_lrt") and want > 0:
        scale *= 1 + abs(log(want))
    scale = max(scale, mpf(2) ** -1022) if scale else 1
    return float(min(mpf(16), max(mpf(0), -log10(abs(mpf(got) - want) / scale))))


def unit_of(path, value):
    """The least scale for a deviation; `value` looks up a path."""
    block, field = path.split(".", 1)
    if field in ("y", "ci_y") and block != "studies":
        return value("common.se" if block == "common" else "random.se")
    if field in ("statistic", "log_likelihood", "aic", "bic"):
        return 1
    if field in ("tau2", "tau2_lower", "tau2_upper"):
        return value("heterogeneity.tau2_se")
    if field in ("i2", "i2_lower", "i2_upper"):
        return 100
    if field in FRACTIONS and block != "studies":
        return (value(block + ".upper") - value(block + ".lower")) / 2
    return 0


def compared(case, line, model):
    """(path, digits) of every value that is defined for both."""
    wants = {path: value for kind in ("closed", "iterated", "quadrature") for path, value in case.get(kind, {}).items()}
    skip = NOT_THE_SAME.get(model, set())
    value = lambda path: mpf(wants.get(path) or line["values"].get(r_name(path)) or 0)
    for path, want in wants.items():
        if path in skip or "population" in path or path.endswith("rho") or model == "glmm" and path.startswith("common"):
            continue
        got, unit = line["values"].get(r_name(path)), unit_of(path, value)
        if not isinstance(want, list):
            pairs = [(got, want, unit)]
        elif path == "studies.y":
            pairs = [(g, w, mpf(v) ** 0.5) for g, w, v in zip(got or [None] * len(want), want, line["values"].get("studies.v") or want)]
        else:
            pairs = [(g, w, unit) for g, w in zip(got or [None] * len(want), want)]
        for g, w, u in pairs:
            if w is not None:
                yield path, digits(path, g, mpf(w), u)


def row(values):
    found = sorted(v for v in values if v is not None)
    failures = len(values) - len(found)
    if not found:
        return {"values": 0, "failures": failures}
    return {"values": len(found), "median": round(found[len(found) // 2], 1), "worst": round(found[0], 1),
            "at_least_9": round(sum(v >= 9 for v in found) / len(found), 4), "failures": failures}


def main(folder, measured, target):
    sets = {}
    for path in glob.glob(os.path.join(folder, "*.json")):
        with open(path) as file:
            sets_of = json.load(file)
        sets[sets_of["dataset"]] = sets_of
    by_path = {mode: defaultdict(list) for mode in ("default", "tight")}
    cases, errors = {"default": 0, "tight": 0}, {"default": 0, "tight": 0}
    with open(measured) as file:
        for line in map(json.loads, file):
            name, index, mode = line["case"].rsplit(" ", 2)
            case = sets[name]["cases"][int(index)]
            spec = case["spec"]
            cases[mode] += 1
            errors[mode] += line["error"] is not None
            model = "glmm" if spec.get("model") == "glmm" else "one study" if len(sets[name]["studies"]) == 1 else spec.get("ci")
            for path, found in compared(case, line, model):
                by_path[mode][("glmm: " if model == "glmm" else "") + path].append(found)
    summary = {"generator": "scripts/metafor_digits: R 4.2.2, metafor 3.8-1, lme4 1.1-31", "data_sets": len(sets),
               "cases": cases["default"]}
    for mode, paths in by_path.items():
        summary[mode] = {"errors": errors[mode], "all": row([v for vs in paths.values() for v in vs]),
                         "paths": {path: row(vs) for path, vs in sorted(paths.items())}}
    with open(target, "w") as out:
        json.dump(summary, out, indent=1)
        out.write("\n")
    print(table(by_path))


def table(by_path):
    cell = lambda r: f"{r['median']:.1f} | {r['worst']:.1f} | {100 * r['at_least_9']:.1f} % | {r['failures']}" if r["values"] else f"– | – | – | {r['failures']}"
    text = ["| statistic | values | median | worst | ≥ 9 digits | failed | median | worst | ≥ 9 digits | failed |",
            "|---|---|---|---|---|---|---|---|---|---|"]
    groups = GROUPS + [("binomial-normal model", tuple(p for p in by_path["default"] if p.startswith("glmm: ")))]
    for name, paths in groups + [("all", tuple(by_path["default"]))]:
        rows = [row([v for p in paths for v in by_path[mode].get(p, [])]) for mode in ("default", "tight")]
        if rows[0]["values"] + rows[0]["failures"]:
            text.append(f"| {name} | {rows[0]['values'] + rows[0]['failures']:,} | {cell(rows[0])} | {cell(rows[1])} |")
    return "\n".join(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
