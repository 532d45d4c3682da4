#!/usr/bin/env python3
"""The certified set: tests/reference/certified/NAME.json, one file per data set.

    pip install mpmath gmpy2            # mpmath only for `python3 distributions.py`, which checks those functions
    python3 make.py [NAMES...]          # without names all sets: half an hour on one processor
    python3 make.py --quick [NAMES...]  # without the likelihood models: five minutes
    python3 make.py --kept [NAMES...]   # of the likelihood models only what an earlier run has computed
    python3 make.py --list

Every value is from the formulas of the papers in real arithmetic of 120 digits (54 in the integrals of the
binomial-normal model, 180 for the beta-binomial one), and is written with 25 significant digits, without
trailing zeros. There are three groups of values:

    closed       a finite formula, with the normal, t and chi-squared distributions
    iterated     roots and optima, solved to more than 30 digits after a scan for all of them
    quadrature   integrals, refined until the error is below 1e-28

A field that does not exist is null; a field that is left out of a case is the same as in another case of its measure.
Computed cases are kept in .cache/ beside this script, so that an interrupted run continues where it stopped; delete it
to compute them again. Specifications use the keys of `metaprop list`; options left out have their default, but tau2-ci
and prediction are written where they have an effect.
"""
import json
import os
import sys
import time

import cache
import lean
import models
import pooling
import sets
import study_intervals
import tau2 as estimators
from effects import MEASURES
from pooling import Analysis
from real import text, total

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "..", "..", "certified")
QUIET = {"ci": "wald", "prediction": "none", "tau2-ci": "none"}
FEW = 12  # the number of studies whose intervals are written
PLAIN = {"ci": "wald", "prediction": "z", "tau2-ci": "none"}
INTERVALS = (
    {"ci": "hk", "prediction": "hk", "tau2-ci": "q-profile"},
    {"ci": "hk-floor", "prediction": "hk", "tau2-ci": "none"},
    {"ci": "t", "prediction": "t", "tau2-ci": "none"},
    {"ci": "wald", "prediction": "hts", "tau2-ci": "none"},
)


def case(spec, **groups):
    """A case as it is written, with its fields in the order of computation."""
    return {"spec": spec} | {name: {key: text(value) for key, value in fields.items()}
                             for name, fields in groups.items() if fields}


def group_of(method):
    return "closed" if method in estimators.CLOSED else "iterated"


def of_measure(measure, studies):
    """The cases of one measure."""
    a = Analysis(measure, studies)
    yield case({"measure": measure, "model": "common"}, closed={"studies.y": a.y, "studies.v": a.v} | pooling.common(a))
    methods = estimators.ALL if measure == "logit" else ("dl", "reml", "pm", "eb")
    for method in methods:
        yield of_estimator(a, method)
    if measure in ("logit", "raw", "log", "freeman-tukey"):
        for choice in INTERVALS:
            yield of_intervals(a, choice)
    if measure == "logit":
        yield from of_logit(a)
    if measure == "freeman-tukey":
        for back in ("arithmetic", "geometric", "inverse-variance", "none"):
            fields = pooling.random(a, "dl", "wald", back)
            kept = {key: fields[f"random.{key}"] for key in ("estimate", "lower", "upper")}
            yield case({"measure": measure, "tau2": "dl", **QUIET, "back-transform": back},
                       closed={f"random.{key}": value for key, value in kept.items()})


def of_estimator(a, method):
    tau2, se = a.tau2(method)
    fields = pooling.heterogeneity(a, tau2, se) | pooling.random(a, method, "wald")
    w = pooling.Weighing(a.y, a.v, tau2)
    scale = pooling.scale_of(a.measure, a.studies, se=w.se)
    ends = pooling.prediction("z", scale, w, tau2)
    fields |= ends if method in ("dl", "reml") else {"prediction.ci_y": ends["prediction.ci_y"]}
    if method in ("ml", "reml", "dl"):
        kind = "restricted" if method == "reml" and a.k > 1 else "full"
        fields |= {f"random.{key}": value for key, value in a.criteria(kind, tau2, 2).items()}
    if a.measure == "logit" and method in ("dl", "reml"):
        fields["studies.weight_random"] = [x / w.s1 for x in w.w]
        if method == "dl":
            fields["studies.weight_common"] = [x / a.common.s1 for x in a.common.w]
    return case({"measure": a.measure, "tau2": method, **PLAIN}, **{group_of(method): fields})


def of_intervals(a, choice):
    """REML with another interval: the fields that differ from the Wald case."""
    tau2, _ = a.tau2("reml")
    w = pooling.Weighing(a.y, a.v, tau2)
    scale = pooling.scale_of(a.measure, a.studies, se=w.se)
    fields = {}
    if choice["ci"] != "wald":
        fields = pooling.random(a, "reml", choice["ci"])
        for same in ("random.y", "random.estimate"):
            fields.pop(same)
        if choice["ci"] == "t":
            fields.pop("random.se")
    fields |= pooling.prediction(choice["prediction"], scale, w, tau2, choice["ci"] == "hk-floor")
    if choice["tau2-ci"] == "q-profile":
        fields |= pooling.tau2_interval(a, "q-profile", "reml")
    return case({"measure": a.measure, "tau2": "reml", **choice}, iterated=fields)


def of_logit(a):
    logit = {"measure": "logit"}
    yield case({**logit, "tau2": "reml", **QUIET, "ci": "kr"}, iterated=pooling.random(a, "reml", "kr"))
    spec = {**logit, "tau2": "ml", "ci": "profile", "prediction": "none", "tau2-ci": "profile"}
    yield case(spec, iterated=pooling.random(a, "ml", "profile") | pooling.tau2_interval(a, "profile", "ml"))
    for method, kind in (("reml", "profile"), ("dl", "jackson"), ("dl", "biggerstaff-jackson"), ("sj", "sj")):
        group = {"profile": "iterated", "sj": "closed"}.get(kind, "quadrature")
        if group == "quadrature" and a.k > 60:
            continue
        yield case({**logit, "tau2": method, **QUIET, "tau2-ci": kind}, **{group: pooling.tau2_interval(a, kind, method)})
    spec = {**logit, "tau2": "dl", **QUIET, "ci": "henmi-copas"}
    if a.k == 1:
        yield case(spec, quadrature=pooling.random(a, "dl", "hk"))
    elif a.k <= 60:
        yield case(spec, quadrature=pooling.henmi(a))
    yield case({**logit, "model": "ivhet", "tau2": "dl", "ci": "wald", "tau2-ci": "none"}, closed=pooling.ivhet(a))
    yield case({**logit, "tau2": "dl", **QUIET, "i2": "q"}, closed=pooling.by_q(a))


def of_studies(studies):
    """Study intervals, of the first studies."""
    for method in study_intervals.CLOSED + study_intervals.ITERATED:
        limits = [study_intervals.interval(method, x, n) for x, n in studies[:FEW]]
        spec = {"measure": "logit", "study-ci": method}
        group = "closed" if method in study_intervals.CLOSED else "iterated"
        fields = {"studies.lower": [pair[0] for pair in limits], "studies.upper": [pair[1] for pair in limits]}
        yield case(spec, **{group: fields})


def check_counts(name, studies):
    if not all(0 <= x <= n and n > 0 for x, n in studies):
        raise ValueError(f"{name}: events must lie between 0 and the total")


def by_estimates(studies):
    cases = []
    for measure in MEASURES:
        cases += of_measure(measure, studies)
    return cases + list(of_studies(studies))


def make(entry, quick):
    name, studies = entry["name"], entry["studies"]
    check_counts(name, studies)
    cases = cache.kept(name, "estimates", studies, lambda: by_estimates(studies))
    if not quick and len(studies) <= sets.MOST_FOR_LIKELIHOODS:
        cases = cases + models.cases(name, studies)
    return cases


def write(entry, cases):
    head = {"dataset": entry["name"], "about": entry["about"], "class": entry["class"], "studies": entry["studies"]}
    compact = lambda value: json.dumps(value, separators=(",", ":"))  # noqa: E731
    lines = ",\n".join(compact(one) for one in lean.thinned(cases))
    with open(os.path.join(FOLDER, entry["name"] + ".json"), "w") as out:
        out.write(compact(head)[:-1] + ',"cases":[\n' + lines + "\n]}\n")


def main():
    names = sys.argv[1:]
    quick = "--quick" in names
    cache.ONLY_KEPT = "--kept" in names
    names = [name for name in names if name not in ("--quick", "--kept")]
    if names == ["--list"]:
        for entry in sets.ALL:
            print(f"{entry['name']:34} {entry['class']:9} k={len(entry['studies']):<4} {entry['about']}")
        return
    unknown = set(names) - {entry["name"] for entry in sets.ALL}
    if unknown:
        sys.exit(f"no such data set: {', '.join(sorted(unknown))}; --list has them")
    os.makedirs(FOLDER, exist_ok=True)
    for entry in sets.ALL:
        if not names or entry["name"] in names:
            start = time.time()
            cases = make(entry, quick)
            write(entry, cases)
            print(f"{entry['name']}: {len(cases)} cases, {time.time() - start:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
