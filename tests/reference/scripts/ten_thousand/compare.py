#!/usr/bin/env python3
"""Compares every number of metaprop with R's; every disagreement gets a reason that is checked (judge.py).

    python3 compare.py FOLDER OURS SUMMARY SAMPLE THEIRS...

Writes counts, largest deviations and reasons to SUMMARY and every 50th data set with R's numbers to SAMPLE.
Disagreements without a reason are printed, and the exit code is then 1.
"""
import csv, json, sys
from collections import Counter, defaultdict
from itertools import groupby
from generate import SEED
from judge import TOLERANCE, Case, deviation, present, refused, settle

EVERY = 50
OF_EACH_REASON = 3
# Fields that are left out of the sample: long columns, and fields that follow from another.
LEFT_OUT = {"sign", "k", "q_df", "df", "aic", "bic", "prediction_lower", "prediction_upper", "prediction_df",
            "studies.lower", "studies.upper", "weights_common", "weights_random", "studies.y", "studies.v"}


def read(folder, name):
    with open(f"{folder}/{name}", newline="") as file:
        return list(csv.DictReader(file))


def lines(path):
    with open(path) as file:
        for line in file:
            if line.endswith("}\n"):
                yield json.loads(line)


class Tally:
    def __init__(self):
        self.counts, self.worst, self.reasons, self.unexplained = Counter(), defaultdict(float), Counter(), []
        self.cases, self.sets, self.sample = 0, set(), {}

    def refusal(self, case):
        reason = refused(case)
        self.reasons[reason or "unexplained"] += 1
        if reason is None:
            self.unexplained.append((case.name, "error", case.ours["error"], case.theirs["error"]))

    def add(self, case):
        self.cases += 1
        self.sets.add(case.name.split(".")[0])
        if case.ours["error"] or case.theirs["error"]:
            return self.refusal(case)
        expect, differs = {}, []
        for field, want in case.r.items():
            if field == "sign":
                continue
            reason = self.field(case, field, want)
            if reason:
                differs.append((field, reason))
            elif field not in LEFT_OUT:
                expect[field] = want
        self.keep(case, expect, differs)

    def field(self, case, field, want):
        got = case.mine.get(field)
        off = deviation(field, got, want, case.se)
        kind = ("glmm " if case.spec["model"] == "glmm" else "") + field
        self.counts[kind] += len(want) if isinstance(want, list) else 1
        if off <= TOLERANCE:
            self.worst[kind] = max(self.worst[kind], off)
            return None
        try:
            reason = settle(case, field, got, want)
        except Exception as problem:  # if the check itself fails, there is no reason
            reason = None
            print("judge", case.name, field, repr(problem), file=sys.stderr)
        self.reasons[reason or "unexplained"] += 1
        if reason is None:
            self.unexplained.append((case.name, field, off, got, want))
        return reason or "unexplained"

    def keep(self, case, expect, differs):
        """Adds to the sample: the cases of every 50th data set, and the first few cases of every reason."""
        if case.spec["model"] == "glmm":
            return
        name, number = case.name.split(".")[0], int(case.name[1:6])
        new = [field for field, reason in differs if self.sample.get(reason, 0) < OF_EACH_REASON]
        if number % EVERY and not new:
            return
        for _, reason in differs:
            self.sample[reason] = self.sample.get(reason, 0) + 1
        entry = self.sample.setdefault("sets", {}).setdefault(name, {"dataset": name, "studies": case.rows, "cases": []})
        spec = {("amount" if k == "zero-amount" else k): v for k, v in case.spec.items() if v and k != "spec"}
        stated = {"id": case.name, "spec": {"profile": "metafor"} | spec, "expect": expect}
        if differs:
            stated["differs"] = [self.difference(case, field, reason) for field, reason in differs if field not in LEFT_OUT]
        entry["cases"].append(stated)

    @staticmethod
    def difference(case, field, reason):
        if reason.startswith("equal estimates"):
            # As documented: an interval of width 0, no statistic, p = 0.
            return {"field": field, "reason": reason, "metafor": case.r[field], "right": case.mine[field]}
        right = case.right(field) if present(case.mine.get(field)) else None
        right = [float(x) for x in right] if isinstance(right, list) else right if right is None else float(right)
        return {"field": field, "reason": reason, "metafor": case.r[field], "right": right}

    def summary(self):
        return {"generator": "scripts/ten_thousand: R 4.2.2, metafor 3.8-1, lme4 1.1-31, tightened; mpmath 1.3.0, 40 digits",
                "seed": SEED, "tolerance": TOLERANCE, "data_sets": len(self.sets), "cases": self.cases,
                "numbers_compared": sum(self.counts.values()),
                "differ": sum(self.reasons.values()), "unexplained": len(self.unexplained),
                "reasons": dict(self.reasons.most_common()),
                "fields": {f: {"numbers": n, "largest_deviation": float(f"{self.worst[f]:.1e}")}
                           for f, n in sorted(self.counts.items())}}


def main(folder, ours, summary, sample, *theirs):
    specs = {s["spec"]: s for s in read(folder, "specs.csv")}
    rows = {name: [(int(r["events"]), int(r["total"])) for r in rows]
            for name, rows in groupby(read(folder, "studies.csv"), lambda r: r["set"])}
    spec_of = {c["case"]: specs[c["spec"]] for c in read(folder, "cases.csv")}
    mine = {line["case"]: line for line in lines(ours)}
    tally = Tally()
    for path in theirs:
        for line in lines(path):
            name = line["case"]
            tally.add(Case(name, rows[name.split(".")[0]], spec_of[name], mine[name], line))
    with open(summary, "w") as out:
        json.dump(tally.summary(), out, indent=1)
        out.write("\n")
    with open(sample, "w") as out:
        sets = sorted(tally.sample.get("sets", {}).values(), key=lambda s: s["dataset"])
        body = ",\n".join(json.dumps(s, separators=(",", ":")) for s in sets)
        out.write('{"generator":"scripts/ten_thousand, metafor 3.8-1","tolerance":%r,"sets":[\n%s\n]}\n' % (TOLERANCE, body))
    for line in tally.unexplained:
        print(line, file=sys.stderr)
    return 1 if tally.unexplained else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
