"""Many analyses."""

from __future__ import annotations

import csv
import io

import metaprop
import pytest
from conftest import needs

ROWS = {
    "country": ["Chad", "Mali", "Chad", "Togo", "Mali", "Mali", "Niger"],
    "year": [2001, 2001, 2002, 2001, 2002, 2002, 2003],
    "events": [3, 4, 5, 9, 7, None, 0],
    "total": [10, 20, 30, 8, 25, 10, 0],
}


def frames():
    pandas, polars, pyarrow, duckdb = (needs(name) for name in ("pandas", "polars", "pyarrow", "duckdb"))
    made = table = pyarrow.table(ROWS)
    yield "pandas", pandas.DataFrame(ROWS), pandas.DataFrame
    yield "polars", polars.DataFrame(ROWS), polars.DataFrame
    yield "lazy", polars.DataFrame(ROWS).lazy(), polars.LazyFrame
    yield "pyarrow", table, pyarrow.Table
    yield "batches", pyarrow.RecordBatchReader.from_batches(table.schema, table.to_batches(2)), pyarrow.Table
    yield "duckdb", duckdb.sql("select * from made"), pyarrow.Table
    yield "mapping", dict(ROWS), dict


def as_dict(rows):
    if hasattr(rows, "collect"):
        rows = rows.collect()
    if hasattr(rows, "to_pydict"):
        return rows.to_pydict()
    if hasattr(rows, "as_series") or type(rows).__module__.startswith("polars"):
        return rows.to_dict(as_series=False)
    if isinstance(rows, dict):
        return rows
    pandas = needs("pandas")
    return {name: [None if pandas.isna(cell) else cell for cell in rows[name]] for name in rows}


def test_a_table_comes_back_as_the_kind_that_it_was():
    expected = metaprop.pool_groups(dict(ROWS), "country")
    for name, table, kind in frames():
        rows = metaprop.pool_groups(table, "country")
        assert isinstance(rows, kind), name
        assert as_dict(rows) == expected, name


def test_rows_are_in_the_order_of_the_groups():
    rows = metaprop.pool_groups(dict(ROWS), "country")
    assert list(rows) == [
        *("country", "k", "events", "total", "estimate", "lower", "upper", "y", "se", "tau2", "i2", "q", "p"),
        *("prediction_lower", "prediction_upper", "excluded", "advisories", "error"),
    ]
    assert rows["country"] == ["Chad", "Mali", "Togo", "Niger"]
    assert rows["k"] == [2, 2, None, None] and rows["excluded"] == [0, 1, 0, 1]
    assert rows["error"][2] == "line 5, column 'events': 9 events are more than the total 8"
    assert rows["error"][3] == "no study is left" and rows["error"][0] is None
    assert "few-studies" in rows["advisories"][0].split()


def test_the_numbers_are_those_of_each_group_alone():
    rows = metaprop.pool_groups(dict(ROWS), "country", measure="arcsine", tau2="pm", ci="hk")
    for place, country in enumerate(rows["country"][:2]):
        alone = [row for row in zip(*ROWS.values()) if row[0] == country]
        result = metaprop.pool([row[2] for row in alone], [row[3] for row in alone], measure="arcsine", tau2="pm", ci="hk")
        for name in ("k", "events", "total", "estimate", "lower", "upper", "y", "se", "tau2", "i2", "q"):
            assert rows[name][place] == getattr(result, name), name
        assert rows["p"][place] == result.heterogeneity.p
        assert rows["prediction_lower"][place] == result.prediction.lower
        # That names are missing is said of one analysis, and not of each of many.
        codes = [advisory.code for advisory in result.advisories if advisory.code != "studies-numbered"]
        assert rows["advisories"][place].split() == codes


def test_rows_are_those_of_the_program(run, tmp_path):
    table = synthetic(300)
    path = tmp_path / "groups.csv"
    lines = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values()))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    printed = run("pool", path, "--group-by", "g", "--format", "csv", "--level", 90)
    of_program = list(csv.DictReader(io.StringIO(printed)))
    ours = metaprop.pool_groups(table, "g", study="study", level=90)
    assert len(of_program) == len(ours["g"])
    for place, row in enumerate(of_program):
        for name, cell in row.items():
            mine = ours[name][place]
            same = (cell or None) == mine if isinstance(mine, str) or name == "error" else cell == typed(mine)
            assert same or (name == "advisories" and cell == mine), (place, name, cell, mine)


def typed(value):
    return "" if value is None else str(value) if isinstance(value, int) else str(repr(value)).replace("e-0", "e-")


def synthetic(groups, seed=1):
    import random

    draw = random.Random(seed)
    table = {"g": [], "study": [], "events": [], "total": []}
    for group in range(groups):
        at = draw.random()
        for study in range(draw.randint(1, 9)):
            n = draw.randint(5, 200)
            table["g"].append(f"g{group}")
            table["study"].append(f"S{study}")
            table["total"].append(n)
            table["events"].append(sum(draw.random() < at for _ in range(n)))
    return table


def test_any_number_of_threads_gives_the_same():
    table = synthetic(200)
    one = metaprop.pool_groups(table, "g", threads=1)
    assert metaprop.pool_groups(table, "g", threads=3) == one == metaprop.pool_groups(table, "g")


def test_groups_keep_the_type_of_their_columns():
    pyarrow = needs("pyarrow")
    import datetime

    table = pyarrow.table(
        {
            "site": pyarrow.array(["x", "y", None, None]).dictionary_encode(),
            "day": pyarrow.array([datetime.date(2020, 1, 1)] * 2 + [datetime.date(2020, 1, 2)] * 2),
            "arm": pyarrow.array([1, 2, 3, 3], pyarrow.int16()),
            "events": pyarrow.array([1.0, 2.0, 3.0, 4.0]),
            "total": pyarrow.array([10, 20, 30, 40], pyarrow.uint32()),
        }
    )
    rows = metaprop.pool_groups(table, ["site", "day", "arm"])
    assert [rows.schema.field(name).type for name in ("day", "arm")] == [pyarrow.date32(), pyarrow.int16()]
    assert rows["site"].to_pylist() == ["x", "y", None] and rows["k"].to_pylist() == [1, 1, 2]


def test_decimals_and_bad_numbers_are_counts_or_errors():
    pyarrow = needs("pyarrow")
    table = pyarrow.table({"g": [1, 2, 3, 4], "events": [-1.0, 17.5, 1e300, 3.0], "total": [9.0, 20.0, 1e301, 9.0]})
    rows = metaprop.pool_groups(table, "g").to_pydict()
    assert rows["error"] == [
        "line 2, column 'events': -1 is negative",
        "line 3, column 'events': 17.5 is a fraction",
        "line 4, column 'events': 1e300 is too large for a count",
        None,
    ]


def test_nothing_in_is_nothing_out():
    rows = metaprop.pool_groups({"g": [], "events": [], "total": []}, "g")
    assert rows["g"] == [] and rows["estimate"] == []


def test_two_rows_of_one_name_are_an_advisory():
    table = {"g": ["a", "a", "a"], "s": ["X", "X", "Y"], "events": [1, 2, 3], "total": [10, 10, 10]}
    assert "rows-share-study" in metaprop.pool_groups(table, "g", study="s")["advisories"][0]
    assert "rows-share-study" not in metaprop.pool_groups(table, "g")["advisories"][0]


@pytest.mark.parametrize(
    "by, choices, message",
    [
        ("contry", {}, "did you mean 'country'"),
        ([], {}, "need a column to group by"),
        ("country", {"events": "country"}, "counts are whole numbers"),
        ("country", {"tau2": "remel"}, "did you mean 'reml'"),
        ("country", {"where": "year>2001"}, "pool_groups takes columns of numbers"),
        ("events", {}, "called as one of the results"),
    ],
)
def test_what_is_wrong_is_said(by, choices, message):
    with pytest.raises(metaprop.MetapropError, match=message):
        metaprop.pool_groups(dict(ROWS), by, **choices)


def test_a_stream_of_another_package_gives_a_stream():
    pyarrow = needs("pyarrow")

    class Other:
        def __arrow_c_stream__(self, requested_schema=None):
            return pyarrow.table(ROWS).__arrow_c_stream__(requested_schema)

    rows = metaprop.pool_groups(Other(), "country")
    assert len(rows) == 4 and rows.column_names[0] == "country"
    assert pyarrow.table(rows)["k"].to_pylist() == [2, 2, None, None]
    with pytest.raises(metaprop.UsageError, match="has no Arrow stream"):
        metaprop.pool_groups(3, "country")
