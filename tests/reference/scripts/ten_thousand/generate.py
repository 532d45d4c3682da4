#!/usr/bin/env python3
"""Ten thousand data sets and the specifications by which each is pooled.

Writes `studies.csv` (set, study, events, total), `specs.csv` and `cases.csv` (case, set, spec) into the
folder given on the command line. The same seed gives the same files on every machine, because only
`random.Random.random` is used, whose stream is fixed in Python.

    python3 generate.py FOLDER [PASSES]

In each pass one specification is drawn for every data set; more passes, up to 6, extend the same run. The
binomial-normal model is fitted to every 20th data set.
"""
import csv, math, os, random, sys

SEED = 20201121
SETS = 10_000
SPECS = 900
PASSES, MOST_PASSES = 3, 6
GLMM_EVERY = 20

MEASURES = ["raw", "log", "logit", "logit", "arcsine", "freeman-tukey"]
TAU2 = ["dl", "he", "hs", "hsk", "sj", "ml", "ml", "reml", "reml", "eb", "pm", "pmm", "number"]
CORRECTED = ("raw", "log", "logit")
KINDS = ["plain"] * 12 + ["rare", "rare", "near-one", "near-one", "dominated", "equal", "same-share", "tiny",
                          "huge", "zero", "full", "split"]


class Draw:
    """Random numbers that are built from uniform ones only."""

    def __init__(self, seed):
        self.uniform = random.Random(seed).random

    def between(self, low, high):
        return low + (high - low) * self.uniform()

    def log_between(self, low, high):
        return math.exp(self.between(math.log(low), math.log(high)))

    def choice(self, items):
        return items[int(self.uniform() * len(items))]

    def normal(self):
        return math.sqrt(-2 * math.log(1 - self.uniform())) * math.cos(2 * math.pi * self.uniform())

    def binomial(self, n, p):
        """Exact up to 300 trials; beyond, a rounded normal number or a sum of exponential gaps."""
        if p > 0.5:
            return n - self.binomial(n, 1 - p)
        if n <= 300:
            return sum(self.uniform() < p for _ in range(n))
        if n * p > 50:
            return min(n, max(0, round(n * p + math.sqrt(n * p * (1 - p)) * self.normal())))
        events, reached = 0, -math.log(1 - self.uniform())
        while reached < n * p:
            events, reached = events + 1, reached - math.log(1 - self.uniform())
        return min(n, events)


def how_many(draw):
    u = draw.uniform()
    return 1 if u < 0.02 else 2 if u < 0.08 else 3 if u < 0.16 else min(40, int(draw.log_between(4, 41)))


def totals(draw, kind, k):
    if kind == "tiny":
        return [1 + int(6 * draw.uniform()) for _ in range(k)]
    low = draw.log_between(1, 3000)
    high = min(1e6, low * draw.log_between(1.2, 1000))
    if kind == "huge":
        low, high = 1e4, 1e6
    sizes = [max(1, round(draw.log_between(low, high))) for _ in range(k)]
    if kind == "dominated":
        sizes[int(draw.uniform() * k)] = 1_000_000
    return sizes


def shares(draw, kind, k):
    mean = {"rare": draw.between(-9, -3.5), "near-one": draw.between(3.5, 9)}.get(kind, draw.between(-3, 3))
    spread = draw.choice([0.0, 0.0, 0.05, 0.2, 0.5, 1.0, 2.0, 4.0])
    return [1 / (1 + math.exp(-(mean + spread * draw.normal()))) for _ in range(k)]


def studies(draw):
    kind, k = draw.choice(KINDS), how_many(draw)
    sizes, chances = totals(draw, kind, k), shares(draw, kind, k)
    if kind == "equal":
        events = draw.binomial(sizes[0], chances[0])
        return [(events, sizes[0])] * k
    if kind == "same-share":
        part, whole = 1 + int(4 * draw.uniform()), 5 + int(6 * draw.uniform())
        return [(part * s, whole * s) for s in (1 + int(400 * draw.uniform()) for _ in range(k))]
    if kind in ("zero", "full"):
        return [(0 if kind == "zero" else n, n) for n in sizes]
    rows = [(draw.binomial(n, p), n) for n, p in zip(sizes, chances)]
    if kind == "split":
        rows = [(n if draw.uniform() < 0.3 else 0 if draw.uniform() < 0.4 else x, n) for x, n in rows]
    return rows


def prediction(draw, ci):
    """The prediction intervals that metafor 3.8-1 offers with this interval; empty for the default of the profile."""
    own = {"wald": ["z", "t", "hts"], "t": ["z", "t", "hts"]}.get(ci, ["hk", "z", "t"])
    return "" if draw.uniform() < 0.4 else draw.choice(own)


def spec(draw):
    s = {"measure": draw.choice(MEASURES), "model": "common" if draw.uniform() < 0.1 else "random"}
    s["level"] = draw.choice(["95", "95", "95", "90", "99", "80", "99.9", "50"])
    if s["measure"] in CORRECTED:
        s["zero-cells"] = draw.choice(["only0", "only0", "all", "if0all", "none"])
        s["zero-amount"] = draw.choice(["0.5", "0.5", "0.1", "1", "0.01"]) if s["zero-cells"] != "none" else ""
    if s["model"] == "common":
        return s
    tau2 = draw.choice(TAU2)
    s["tau2"] = draw.choice(["0", "0.001", "0.01", "0.1", "1"]) if tau2 == "number" else tau2
    s["ci"] = draw.choice(["wald", "t", "hk", "hk-floor"])
    s["prediction"] = prediction(draw, s["ci"])
    intervals = ["none"] if tau2 == "number" else ["q-profile"] * 4 + ["none"]
    s["tau2-ci"] = draw.choice(intervals + ["profile"] * 2 if tau2 in ("ml", "reml") else intervals)
    s["i2"] = "q" if draw.uniform() < 0.1 else "tau2"
    return s


def glmm(draw):
    s = {"measure": "logit", "model": "glmm", "level": draw.choice(["95", "90", "99"]), "ci": draw.choice(["wald", "t"])}
    s["prediction"] = draw.choice(["z", "t", "hts"])
    return s


COLUMNS = ["measure", "model", "tau2", "ci", "prediction", "tau2-ci", "i2", "level", "zero-cells", "zero-amount"]


def write(folder, name, header, rows):
    with open(os.path.join(folder, name), "w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])


def main(folder, passes):
    os.makedirs(folder, exist_ok=True)
    draw = Draw(SEED)
    specs = [spec(draw) for _ in range(SPECS)] + [glmm(draw) for _ in range(18)]
    rows, cases = [], []
    for index in range(SETS):
        name = f"r{index:05d}"
        rows += [(name, f"s{i + 1}", x, n) for i, (x, n) in enumerate(studies(draw))]
        drawn = [int(SPECS * draw.uniform()) for _ in range(MOST_PASSES)]
        cases += [(f"{name}.{i}", name, f"p{s:03d}") for i, s in enumerate(drawn[:passes])]
        if index % GLMM_EVERY == 0:
            cases.append((f"{name}.{MOST_PASSES}", name, f"p{SPECS + int(18 * draw.uniform()):03d}"))
    cases.sort(key=lambda case: (int(case[0].split(".")[1]), case[1]))
    write(folder, "studies.csv", ["set", "study", "events", "total"], rows)
    write(folder, "specs.csv", ["spec"] + COLUMNS, [[f"p{i:03d}"] + [s.get(c, "") for c in COLUMNS] for i, s in enumerate(specs)])
    write(folder, "cases.csv", ["case", "set", "spec"], cases)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else PASSES)
