"""The certified set: the same numbers as the program, to the last bit."""

from __future__ import annotations

import json
import math
import os
import subprocess

import metaprop

# Every so many specifications are held against the program, which is started once for each.
EVERY = int(os.environ.get("METAPROP_CERTIFIED_EVERY", "23"))
# The digits that a value of each kind has at least; docs/numbers of the program has the same.
DIGITS = {"closed": 14, "iterated": 11, "quadrature": 10}


def specifications(certified, every):
    cases = ((data, case) for data in certified for case in data["cases"])
    return [case for number, case in enumerate(cases) if number % every == 0]


def without_source(document):
    document["provenance"].update(data=None, sha256=None)
    return document


def test_bits_are_those_of_the_program(program, certified, tmp_path):
    chosen = specifications(certified, EVERY)
    assert len({data["dataset"] for data, _ in chosen}) > 50 or EVERY > 23
    for number, (data, case) in enumerate(chosen):
        path = tmp_path / f"{data['dataset']}.csv"
        if not path.exists():
            rows = "".join(f"{events},{total}\n" for events, total in data["studies"])
            path.write_text(f"events,total\n{rows}", encoding="utf-8")
        flags = [f"--{name}={value}" for name, value in case["spec"].items()]
        done = subprocess.run([program, "pool", path, *flags, "--format", "json"], capture_output=True, text=True, encoding="utf-8")
        events, total = zip(*data["studies"])
        try:
            ours = metaprop.pool(events, total, **case["spec"])
        except metaprop.MetapropError as error:
            assert done.returncode == (4 if isinstance(error, metaprop.ConvergenceError) else 3), done.stderr
            continue
        assert done.returncode == 0, done.stderr
        # JSON numbers read back to the same bits, so equal documents are equal bits.
        assert without_source(ours.to_dict()) == without_source(json.loads(done.stdout)), (number, data["dataset"], case["spec"])


def test_values_are_the_certified_ones(certified):
    """Without the program: each certified value of the pooled result, to the digits that the set promises."""
    held = 0
    for data, case in specifications(certified, 29):
        events, total = zip(*data["studies"])
        result = metaprop.pool(events, total, **case["spec"])
        for kind, digits in DIGITS.items():
            for path, value in case.get(kind, {}).items():
                ours = at(result.to_dict(), path)
                if isinstance(value, str) and isinstance(ours, float):
                    assert agree(ours, float(value), digits), (data["dataset"], case["spec"], path, ours, value)
                    held += 1
    assert held > 1000, held


def at(document, path):
    for key in path.split("."):
        document = document.get(key) if isinstance(document, dict) else None
    return document


def agree(ours, certified, digits):
    # Three digits fewer, and of the scale of the data where a value is near 0: one that cancels loses some, which the
    # self-test of the program accounts for.
    return math.isclose(ours, certified, rel_tol=10.0 ** (3 - digits), abs_tol=10.0 ** (-digits))
