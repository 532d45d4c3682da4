#!/usr/bin/env python3
"""Many groups at once beside polars, numpy and R, timed in one run: a Markdown table on standard output.

    python3 benches/peers/groups.py PROGRAM [GROUPS]    # 1,000,000 groups of 14 studies where no number is given

PROGRAM is metaprop, built with the feature tables; needs polars and numpy, and R with metafor for its row. Each row is a
process of its own, run three times in turn with the others; the least time by the clock is shown, and the processor time
and the memory of that run. R fits 1,000 groups, and its time is multiplied.
"""
import os
import subprocess
import sys
import tempfile

STUDIES = 14

GENERATE = """
import sys
import numpy as np, polars as pl
groups, studies, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
draw = np.random.default_rng(2)
total = draw.integers(8, 80, (groups, studies))
events = draw.binomial(total, 1 / (1 + np.exp(-draw.normal(0, 0.5, (groups, studies)))))
site = np.char.add("g", np.repeat(np.arange(groups), studies).astype(str))
study = np.tile([f"S{i}" for i in range(studies)], groups)
table = pl.DataFrame({"site": site, "study": study, "events": events.ravel(), "total": total.ravel()})
table.write_csv(folder + "/groups.csv")
table.write_parquet(folder + "/groups.parquet")
table.head(1000 * studies).write_csv(folder + "/first.csv")
"""

READ = """
import sys
import polars as pl
scan = pl.scan_csv if sys.argv[1].endswith(".csv") else pl.scan_parquet
print(scan(sys.argv[1]).group_by("site", maintain_order=True).agg(pl.len()).collect().height)
"""

NUMPY = """
import sys
import numpy as np, polars as pl
table = pl.read_csv(sys.argv[1]) if sys.argv[1].endswith(".csv") else pl.read_parquet(sys.argv[1])
codes = table["site"].rle_id().to_numpy()
events, total = (table[name].to_numpy().astype(float) for name in ("events", "total"))
at_end = (events == 0) | (events == total)
events, total = np.where(at_end, events + 0.5, events), np.where(at_end, total + 1, total)
y, v = np.log(events / (total - events)), 1 / events + 1 / (total - events)
groups = codes[-1] + 1
of = lambda weights: np.bincount(codes, weights, groups)
w = 1 / v
sw, swy, sww, k = of(w), of(w * y), of(w * w), of(np.ones_like(y))
q = of(w * (y - (swy / sw)[codes]) ** 2)
tau2 = np.maximum(0, (q - (k - 1)) / (sw - sww / sw))
w = 1 / (v + tau2[codes])
mean, se = of(w * y) / of(w), 1 / np.sqrt(of(w))
print(mean.mean(), se.mean())
"""

METAFOR = """
library(metafor)
d <- read.csv(commandArgs(TRUE)[1])
seconds <- system.time(for (rows in split(d, d$site)) {
  fit <- tryCatch(rma(measure = "PLO", xi = events, ni = total, data = rows, test = "knha"), error = function(e) NULL)
  if (!is.null(fit)) { confint(fit); predict(fit) }
})
cat(seconds["user.self"] + seconds["sys.self"])
"""


def run(command):
    """Seconds by the clock, of the processor, and the memory in MB."""
    done = subprocess.run(["/usr/bin/time", "-f", "%e %U %S %M", *command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    wall, user, system, memory = map(float, done.stderr.split("\n")[-2].split())
    return wall, user + system, memory / 1024


def python(script, *arguments):
    return [sys.executable, "-c", script, *arguments]


def main():
    program, groups = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(python(GENERATE, str(groups), str(STUDIES), folder), check=True)
        table = {kind: f"{folder}/groups.{kind}" for kind in ("csv", "parquet")}
        pool = lambda kind, out: [program, "pool", table[kind], "--group-by", "site", "-q", "-o", f"{folder}/{out}"]
        work = {}
        for kind in ("csv", "parquet"):
            name = {"csv": "CSV", "parquet": "Parquet"}[kind]
            work[f"{name}: polars reads and groups, and counts the rows"] = python(READ, table[kind])
            work[f"{name}: polars reads, numpy pools by DerSimonian-Laird, with standard errors"] = python(NUMPY, table[kind])
            work[f"{name}: metaprop, REML, Hartung-Knapp, Q-profile, prediction, I²"] = pool(kind, f"out.{kind}")
        found = {}
        for _ in range(3):
            for title, command in work.items():
                found[title] = min(found.get(title, (float("inf"),)), run(command))
        print(f"{groups:,} groups of {STUDIES} studies\n")
        print("| work | by the clock | of the processor | memory |\n|---|---|---|---|")
        for title, (wall, processor, memory) in found.items():
            print(f"| {title} | {wall:.1f} s | {processor:.1f} s | {memory:,.0f} MB |", flush=True)
        if subprocess.run(["which", "Rscript"], capture_output=True).returncode == 0:
            script = f"{folder}/metafor.R"
            with open(script, "w") as file:
                file.write(METAFOR)
            done = subprocess.run(["Rscript", script, f"{folder}/first.csv"], capture_output=True, text=True, check=True)
            seconds = float(done.stdout.split()[-1])
            print(f"| metafor, 1,000 of the groups: {seconds:.1f} s, so of all | – | {seconds * groups / 1000:,.0f} s | – |")


if __name__ == "__main__":
    main()
