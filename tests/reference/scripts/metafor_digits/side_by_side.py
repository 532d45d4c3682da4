#!/usr/bin/env python3
"""The table of digits in the README: metaprop beside metafor on the certified set.

    metaprop selftest --format json > selftest.json
    python3 side_by_side.py selftest.json ../../metafor_digits.json

Each cell is the median and the minimum of the correct digits, over closed forms, iterations and integrals together.
"""
import json
import sys

# A row of the table, its statistics in `metaprop selftest`, its paths in metafor_digits.json.
MODELS = ("common", "random")
ROWS = [
    ("estimate and variance of a study", ["study y and v"], ["studies.y", "studies.v"]),
    ("pooled value, standard error", ["pooled y", "standard error"], [f"{m}.{f}" for m in MODELS for f in ("y", "se")]),
    ("its limits", ["limits of y"], [f"{m}.ci_y" for m in MODELS]),
    ("proportion and limits", ["proportion and limits"],
     [f"{m}.{f}" for m in MODELS for f in ("estimate", "lower", "upper")]),
    ("test and p", ["test and p"], [f"{m}.{f}" for m in MODELS for f in ("statistic", "p")]),
    ("log-likelihood, AIC, BIC", ["log-likelihood, AIC, BIC"],
     [f"{m}.{f}" for m in MODELS for f in ("log_likelihood", "aic", "bic")]),
    ("prediction interval", ["prediction"], ["prediction.ci_y", "prediction.lower", "prediction.upper"]),
    ("Q and its p", ["Q and p"], ["heterogeneity.q", "heterogeneity.p"]),
    ("τ², its standard error", ["tau2", "standard error of tau2"], ["heterogeneity.tau2", "heterogeneity.tau2_se"]),
    ("limits of τ²", ["limits of tau2"], ["heterogeneity.tau2_lower", "heterogeneity.tau2_upper"]),
    ("I², its limits, H²", ["I2, its limits, H2"],
     [f"heterogeneity.{f}" for f in ("i2", "i2_lower", "i2_upper", "h2")]),
]


def middle(rows):
    """The weighted median of medians, which differ by at most a digit or two."""
    rows, so_far = sorted(rows, key=lambda row: row["median"]), 0
    for row in rows:
        so_far += row["values"]
        if 2 * so_far >= sum(row["values"] for row in rows):
            return row["median"]


def cell(rows):
    failed = sum(row.get("failures", 0) for row in rows)
    text = f"{middle(rows):.1f}, {min(row['worst'] for row in rows):.1f}"
    return text + (f" ({failed} failed)" if failed else "")


def ours(tested, names):
    return cell([row for row in tested["statistics"] if row["statistic"] in names])


def theirs(mode, paths):
    return cell([mode["paths"][path] for path in paths if mode["paths"].get(path, {}).get("values")])


def main(selftest, metafor):
    with open(selftest) as file:
        tested = json.load(file)
    with open(metafor) as file:
        peer = json.load(file)
    print("| digits agreed: median, worst | metaprop | metafor, default | metafor, tightened |")
    print("|---|---|---|---|")
    for title, names, paths in ROWS:
        print(f"| {title} | {ours(tested, names)} | {theirs(peer['default'], paths)} | {theirs(peer['tight'], paths)} |")


if __name__ == "__main__":
    main(*sys.argv[1:])
