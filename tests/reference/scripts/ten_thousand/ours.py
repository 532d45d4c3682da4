#!/usr/bin/env python3
"""Runs every case of a folder made by generate.py through `metaprop pool`, one process per case.

    python3 ours.py METAPROP FOLDER OUT [PROCESSES]
"""
import csv, json, subprocess, sys
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

FLAGS = ["measure", "model", "tau2", "ci", "prediction", "tau2-ci", "i2", "level", "zero-cells", "zero-amount"]
MODEL = ["y", "se", "ci_y", "estimate", "lower", "upper", "statistic", "df", "p", "log_likelihood", "aic", "bic"]
HETEROGENEITY = ["q", "tau2", "tau2_se", "tau2_lower", "tau2_upper", "i2", "i2_lower", "i2_upper", "h2", "q_wald",
                 "q_lrt", "p_lrt"]


def flags(spec):
    return [word for key in FLAGS if spec[key] != "" for word in ("--" + key, spec[key])]


def values(document):
    """The fields, with the names of metafor.R."""
    model = document["random"] or document["common"]
    heterogeneity, prediction = document["heterogeneity"], document["prediction"] or {}
    out = {"k": document["k"]}
    out |= {"studies." + key: [s[key] for s in document["studies"]] for key in ("y", "v", "lower", "upper")}
    out |= {"weights_" + key: [s["weight_" + key] for s in document["studies"]] for key in ("common", "random")}
    out |= {key: model[key] for key in MODEL} | {key: heterogeneity[key] for key in HETEROGENEITY}
    out |= {"q_df": heterogeneity["df"], "q_p": heterogeneity["p"], "q_wald_p": heterogeneity["p_wald"]}
    out |= {"prediction_y": prediction.get("ci_y"), "prediction_lower": prediction.get("lower"),
            "prediction_upper": prediction.get("upper"), "prediction_df": prediction.get("df")}
    return out


def read(folder, name):
    with open(f"{folder}/{name}", newline="") as file:
        return list(csv.DictReader(file))


def main(program, folder, target, processes=2):
    specs = {s["spec"]: s for s in read(folder, "specs.csv")}
    tables = {name: "study,events,total\n" + "".join(f"{r['study']},{r['events']},{r['total']}\n" for r in rows)
              for name, rows in groupby(read(folder, "studies.csv"), lambda r: r["set"])}

    def run(case):
        command = [program, "pool", "-", "--profile", "metafor", "--format", "jsonl", *flags(specs[case["spec"]])]
        done = subprocess.run(command, input=tables[case["set"]], capture_output=True, text=True)
        error = None if done.returncode == 0 else f"exit {done.returncode}: {done.stderr.strip()}"
        return {"case": case["case"], "error": error, "values": values(json.loads(done.stdout)) if not error else {}}

    with open(target, "w") as out, ThreadPoolExecutor(int(processes)) as pool:
        for line in pool.map(run, read(folder, "cases.csv")):
            out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
