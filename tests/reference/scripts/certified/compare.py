#!/usr/bin/env python3
"""The number of correct digits of a program on the certified set: python3 compare.py BIN [--below D] [NAMES...]

BIN is `metaprop`: every case is one `BIN pool` on a table in a temporary folder. For each field, by group, it
prints the least and the median number of correct digits, LRE = -log10(|got - want|/scale), at most 16, and lists
every value below D digits (default 9).

The scale is |want|; for y, ci_y and studies.y it is max(|want|, standard error); for a statistic, which is y in
standard errors, max(|want|, 1); for a p-value it is the error of its logarithm over 1 + |ln p|. If want is 0, the
difference itself counts, for sums of squares (q, tau2) too. A p-value below the smallest double may be given as 0.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from decimal import Decimal, getcontext

getcontext().prec = 60
getcontext().Emin, getcontext().Emax = -10**15, 10**15
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "certified")
MOST = 16.0
LEAST = Decimal("1e-305")  # below it a double loses digits, and finally is 0


def digits(got, want, scale):
    """The number of correct digits of one number."""
    if want is None or got is None:
        return MOST if want is got else -1.0
    if 0 < abs(want) < LEAST and abs(Decimal(got)) < LEAST:
        return MOST
    error = abs(Decimal(got) - want)
    relative = error if scale == 0 else error / scale
    if relative == 0:
        return MOST
    return float(min(Decimal(MOST), max(-relative.log10(), Decimal(-1))))


def digits_of_p(got, want):
    if want is None or got is None:
        return MOST if want is got else -1.0
    got = Decimal(got)
    if want < LEAST:
        return MOST if got < 10 * LEAST else -1.0
    if got <= 0:
        return -1.0
    relative = abs(got.ln() - want.ln()) / (1 + abs(want.ln()))
    return MOST if relative == 0 else float(min(Decimal(MOST), max(-relative.log10(), Decimal(-1))))


def at(document, path):
    """The value of a result document at a path; `studies.y` is the column."""
    head, *rest = path.split(".")
    if head == "studies":
        return [study[rest[0]] for study in document["studies"]]
    value = document
    for key in [head, *rest]:
        if value is None:
            return None
        value = value.get(key)
    return value


def field_digits(path, got, want, document):
    """The fewest correct digits of a field: a number, a pair or a column."""
    last = path.split(".")[-1]
    if isinstance(want, list):
        if not isinstance(got, list):
            return -1.0, got
        got = got[:len(want)]  # for a column, the first values
    else:
        got, want = [got], [want]
    values = []
    for index, (g, w) in enumerate(zip(got, want)):
        w = None if w is None else Decimal(w)
        if last in ("p", "p_lrt", "p_wald"):
            values.append(digits_of_p(g, w))
            continue
        scale = abs(w) if w is not None else Decimal(0)
        if last in ("y", "ci_y") and w is not None:
            if path == "studies.y":
                se = math.sqrt(document["studies"][index]["v"])
            else:
                part = path.split(".")[0]
                se = (document.get(part if part != "prediction" else "random") or {}).get("se") or 0.0
            scale = max(scale, Decimal(se))
        if last == "statistic" and w is not None:
            scale = max(scale, Decimal(1))
        values.append(digits(g, w, scale))
    worst = min(range(len(values)), key=values.__getitem__) if values else 0
    return (values[worst], got[worst]) if values else (MOST, None)


def run(binary, table, spec):
    arguments = [binary, "pool", table, "--format", "json"]
    for key, value in spec.items():
        arguments += [f"--{key}", str(value)]
    done = subprocess.run(arguments, capture_output=True, text=True)
    return (json.loads(done.stdout), None) if done.returncode == 0 else (None, done.stderr.strip())


def compare_set(binary, name, folder):
    """Rows (group, field, digits, spec, got, want) of one data set."""
    with open(os.path.join(FOLDER, name + ".json")) as source:
        data = json.load(source)
    table = os.path.join(folder, name + ".csv")
    with open(table, "w") as out:
        out.write("study,events,total\n" + "".join(f"S{i},{x},{n}\n" for i, (x, n) in enumerate(data["studies"])))
    for case in data["cases"]:
        document, error = run(binary, table, case["spec"])
        for group in ("closed", "iterated", "quadrature"):
            for path, want in case.get(group, {}).items():
                if document is None:
                    yield name, group, path, -1.0, case["spec"], error.splitlines()[0], want
                    continue
                agreed, got = field_digits(path, at(document, path), want, document)
                yield name, group, path, agreed, case["spec"], got, want


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--below", type=float, default=9.0)
    options = parser.parse_intermixed_args()
    names = options.names or sorted(f[:-5] for f in os.listdir(FOLDER) if f.endswith(".json"))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            rows += compare_set(options.binary, name, folder)
    print(f"{'group':11} {'field':30} {'least':>6} {'median':>7} {'values':>7}  worst in")
    for key in sorted({(row[1], row[2]) for row in rows}):
        of_field = [row for row in rows if (row[1], row[2]) == key]
        worst = min(of_field, key=lambda row: row[3])
        middle = statistics.median(row[3] for row in of_field)
        print(f"{key[0]:11} {key[1]:30} {worst[3]:6.1f} {middle:7.1f} {len(of_field):7}  {worst[0]} {short(worst[4])}")
    low = sorted((row for row in rows if row[3] < options.below), key=lambda row: row[3])
    print(f"\n{len(rows)} fields, {len(low)} below {options.below:g} digits")
    for name, group, path, agreed, spec, got, want in low:
        print(f"{agreed:5.1f} {name} {short(spec)} {path}: got {got} want {want if not isinstance(want, list) or len(want) < 3 else '...'}")
    sys.exit(1 if low else 0)


def short(spec):
    return ",".join(f"{key}={value}" for key, value in spec.items())


if __name__ == "__main__":
    main()
