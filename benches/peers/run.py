#!/usr/bin/env python3
"""The same work in R and in metaprop, timed in one run: a Markdown table on standard output.

    python3 benches/peers/run.py        # needs R with metafor (Debian: r-cran-metafor), and cargo

R (processor time) and metaprop (criterion) run one after the other on one machine; compare the ratios, not the times.
"""
import json, os, subprocess, sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COUNTS = os.path.join(ROOT, "datasets", "tofacitinib-aa", "counts.csv")
# The work; its name in metafor.R; the name of the criterion benchmark.
ROWS = [
    ("DerSimonian-Laird, 14 studies", "dl", "peers/dl"),
    ("REML, 14 studies", "reml", "peers/reml"),
    ("binomial-normal model, 14 studies (`rma.glmm`, 7 nodes)", "glmm", "peers/glmm"),
    ("binomial-normal model, 14 studies (`glmer`, 25 nodes)", "glmer", "peers/glmm"),
    ("beta-binomial model, 14 studies", None, "peers/beta-binomial"),
    ("REML of all 16,383 subsets", "reml of every subset", "peers/reml of every subset"),
    ("forest plot, 14 studies", "forest plot", "peers/forest plot"),
    ("leave-one-out by REML, 14 studies (`leave1out`)", "leave-one-out", "after/leave-one-out/14"),
    ("influence by REML, 14 studies (`influence`)", "influence", "after/influence/14"),
    ("GOSH by REML, 16,369 subsets, with estimate, interval, τ², I² and Q of each", "reml of every subset", "after/gosh/14"),
    ("100,000 permutations of one moderator, DerSimonian-Laird, 14 studies", "permutations", "after/permutations/100000"),
    ("GOSH by DerSimonian-Laird, 2²⁰ subsets of 20 studies", None, "after/gosh/20"),
    ("leave-one-out by DerSimonian-Laird, 10,000 studies", None, "after/leave-one-out of 10000/dl"),
    ("leave-one-out by REML, 10,000 studies", None, "after/leave-one-out of 10000/reml"),
    ("leave-one-out by Paule-Mandel, 10,000 studies", None, "after/leave-one-out of 10000/pm"),
    ("influence by DerSimonian-Laird, 10,000 studies", None, "after/influence of 10000/dl"),
    ("influence by REML, 10,000 studies", None, "after/influence of 10000/reml"),
    ("regression of 1,000,000 studies on three columns, REML", None, "after/regression/1000000"),
    ("REML, 1,000 studies", "reml of 1000", "fit/reml/1000"),
    ("REML, 1,000,000 studies", None, "fit/reml/1000000"),
]


def peer():
    done = subprocess.run(["Rscript", os.path.join(ROOT, "benches", "peers", "metafor.R"), COUNTS],
                          capture_output=True, text=True, check=True)
    return {name: float(value) for name, value in (line.split("\t") for line in done.stdout.splitlines())}


def ours():
    names = "^(peers|after|fit/reml)"
    subprocess.run(["cargo", "bench", "--bench", "pipeline", "--", names], cwd=ROOT, check=True, stdout=sys.stderr)
    found = {}
    for _, _, bench in ROWS:
        folder = os.path.join(ROOT, "target", "criterion", *bench.replace(" ", "_").split("/"))
        if not os.path.isdir(folder):
            folder = os.path.join(ROOT, "target", "criterion", *bench.split("/"))
        with open(os.path.join(folder, "new", "estimates.json")) as file:
            found[bench] = json.load(file)["median"]["point_estimate"] * 1e-9
    return found


def time(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9)):
        if seconds >= size or unit == "ns":
            return f"{seconds / size:.3g} {unit}"


def main():
    r, mine = peer(), ours()
    print("| work | R | metaprop | metaprop, per second | ratio |")
    print("|---|---|---|---|---|")
    for title, name, bench in ROWS:
        theirs, own = r.get(name), mine[bench]
        ratio = f"{theirs / own:,.0f}" if theirs else "–"
        print(f"| {title} | {time(theirs) if theirs else '–'} | {time(own)} | {1 / own:,.0f} | {ratio} |")


if __name__ == "__main__":
    main()
