"""What goes on from a pooled result, and what starts from printed figures: the documents of the program."""

from __future__ import annotations

import metaprop
import pytest

NAME = "@tofacitinib-aa"
CALLS = [
    ("leave-one-out", lambda: metaprop.leave_one_out(NAME), [], 0),
    ("cumulative", lambda: metaprop.cumulative(NAME, sort="-total"), ["--sort=-total"], 0),
    ("influence", lambda: metaprop.influence(NAME, "lower > 40%"), ["--conclusion", "lower > 40%"], 0),
    ("gosh", lambda: metaprop.gosh(NAME, subsets=500, seed=3), ["--subsets", 500, "--seed", 3], 0),
    ("bias", lambda: metaprop.bias(NAME, steps=[0.025, 0.5], alternative="less"), ["--steps", "0.025,0.5", "--alternative", "less"], 0),
    ("multiverse", lambda: metaprop.multiverse(NAME, "lower > 50%", measure="logit"), ["--conclusion", "lower > 50%", "--measure", "logit"], 0),
    (
        "reproduce",
        lambda: metaprop.reproduce(NAME, {"estimate": "57.1%", "k": 14}, replicates=19, model="random"),
        ["--printed", "estimate=57.1%", "--printed", "k=14", "--replicates", 19, "--model", "random"],
        0,
    ),
    ("check", lambda: metaprop.check(NAME, "57.1% (46.1% to 67.4%), k = 14"), ["--line", "57.1% (46.1% to 67.4%), k = 14"], None),
    ("subgroup", lambda: metaprop.subgroup(NAME, "route", tau2="dl", ci="wald"), ["--subgroup", "route", "--tau2", "dl", "--ci", "wald"], 0),
]


@pytest.mark.parametrize("command, call, flags, code", CALLS, ids=[call[0] for call in CALLS])
def test_documents_are_those_of_the_program(program, command, call, flags, code):
    import subprocess

    done = subprocess.run(
        [program, command, NAME, *map(str, flags), "--format", "json"], capture_output=True, text=True, encoding="utf-8"
    )
    assert code is None or done.returncode == code, done.stderr
    assert call().to_json() == done.stdout


def test_moderators(run, tmp_path, table):
    path = tmp_path / "series.csv"
    lines = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values()))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    flags = ["--mods", "dose", "--at", "dose=5,10", "--permutations", 50, "--format", "json"]
    document = metaprop.regress(path, "dose", at={"dose": [5, 10]}, permutations=50)
    assert document.to_json() == run("regress", path, *flags)
    assert document.figure() is not None
    assert metaprop.regress(table, "route").figure() is None


def test_grim_of_one_and_of_a_table():
    assert metaprop.grim("58.4%", n=90).possible is False
    assert metaprop.grim(0.5, n=200).possible is True
    table = {"study": ["A", "B"], "percent": ["58.4%", "33.8%"], "n": [90, 80]}
    document = metaprop.grim(table, percent="percent")
    assert len(document.to_dict()) > 2 and "58.4" in str(document)
    with pytest.raises(metaprop.UsageError, match="how many people"):
        metaprop.grim(58.4)


def test_an_analysis_file_is_checked(tmp_path):
    (tmp_path / "series.csv").write_text("study,events,n\nAlpha,8,12\nBeta,9,13\n", encoding="utf-8")
    file = tmp_path / "analysis.toml"
    claim = '[[claim]]\noutcome = "good"\nsource = "abstract"\nk = 3\n'
    outcome = '[[outcome]]\nid = "good"\ntitle = "Good"\nevents = "events"\ntotal = "n"\n'
    file.write_text(f'schema = 1\ntitle = "T"\n[data]\nfile = "series.csv"\n{outcome}{claim}', encoding="utf-8")
    assert [claim.verdict for claim in metaprop.check(file).claims] == ["fails"]
    with pytest.raises(metaprop.UsageError, match="analysis file says itself"):
        metaprop.check(file, measure="raw")


def test_sentences_are_read():
    document = metaprop.check("@tofacitinib-aa", line="57.1% (90% CI 48.2% to 65.6%)")
    assert "level = 90" in document.reading
    found = metaprop.reproduce("@miller1978", line="37.2% (20.7% to 57.4%), 4 studies", replicates=0)
    assert found.reading.startswith("read as") and found.matches
    with pytest.raises(metaprop.UsageError, match="there are no printed figures"):
        metaprop.reproduce("@miller1978")


def test_tables_are_found_within_ranges():
    printed = {"estimate": "50.0%", "k": "2..3", "total": 8}
    document = metaprop.reconstruct(printed, profile="dl-wald", min_n=2)
    assert document.found > 0
