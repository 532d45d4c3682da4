"""One analysis: what goes in, what comes out."""

from __future__ import annotations

import json
import math

import metaprop
import pytest
from conftest import ROOT, TABLE, needs


def of_kinds():
    """The same table in every kind."""
    yield "mapping", lambda: dict(TABLE)
    yield "rows", lambda: [dict(zip(TABLE, row)) for row in zip(*TABLE.values())]
    yield "pandas", lambda: needs("pandas").DataFrame(TABLE)
    yield "polars", lambda: needs("polars").DataFrame(TABLE)
    yield "pyarrow", lambda: needs("pyarrow").table(TABLE)
    yield "duckdb", lambda: relation()


def relation():
    duckdb, pyarrow = needs("duckdb"), needs("pyarrow")
    made = pyarrow.table(TABLE)  # noqa: F841 (DuckDB finds it by its name)
    return duckdb.sql("select * from made")


@pytest.mark.parametrize("kind, make", list(of_kinds()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_kind_of_table_gives_the_same_document(kind, make, table):
    result = metaprop.pool(make(), subgroup="route")
    assert result.to_json() == metaprop.pool(table, subgroup="route").to_json(), kind
    assert [study.study for study in result.studies] == table["study"]


def test_counts_as_arrays_are_a_table_of_them(table):
    arrays = metaprop.pool(table["events"], table["total"], table["study"])
    assert arrays.random == metaprop.pool(table).random
    assert metaprop.pool(events=table["events"], total=table["total"]).random == arrays.random
    numpy, pandas = needs("numpy"), needs("pandas")
    for make in (numpy.array, pandas.Series, tuple):
        again = metaprop.pool(make(table["events"]), make(table["total"]), make(table["study"]))
        assert again == arrays
    assert metaprop.pool(numpy.array([8.0, 9.0]), numpy.array([12.0, 13.0])).k == 2


def test_a_document_is_that_of_the_program(run, tmp_path, table):
    path = tmp_path / "series.csv"
    lines = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values()))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = {"measure": "freeman-tukey", "tau2": "pm", "subgroup": "route", "where": "dose>2.5"}
    flags = [f"--{name}={value}" for name, value in options.items()]
    printed = run("pool", path, *flags, "--format", "json")
    assert metaprop.pool(path, **options).to_json() == printed
    of_table, of_program = metaprop.pool(table, **options).to_dict(), json.loads(printed)
    for document in (of_table, of_program):
        document["provenance"].update(data=None, sha256=None)
    assert of_table == of_program
    for form, method in (("text", str), ("md", metaprop.Result.to_markdown), ("csv", metaprop.Result.to_csv)):
        assert method(metaprop.pool(path, **options)).rstrip("\n") == run(
            "pool", path, *flags, "--format", form
        ).rstrip("\n")


@pytest.mark.parametrize("name", metaprop.data_sets())
def test_an_embedded_data_set_gives_what_the_program_prints(run, name):
    assert metaprop.pool(f"@{name}").to_json() == run("pool", f"@{name}", "--format", "json")
    assert metaprop.pool(f"@{name}").forest() == run("plot", "forest", f"@{name}")


def test_names_of_options_take_either_sign(table):
    assert metaprop.pool(table, **{"tau2-ci": "jackson"}) == metaprop.pool(table, tau2_ci="jackson")


def test_every_option_of_the_table_is_known(table):
    names = [name for _, name, _ in metaprop.options()]
    assert {"measure", "model", "tau2", "ci", "prediction", "tau2_ci", "i2", "study_ci", "level", "null"} <= set(names)
    for name in names:
        try:
            metaprop.pool(table, **{name: "no such value"})
        except metaprop.MetapropError as error:
            assert "there is no option" not in str(error), name
    with pytest.raises(metaprop.UsageError, match="did you mean 'measure'"):
        metaprop.pool(table, messure="logit")


def test_values_are_those_of_python(table):
    spec = metaprop.pool(table, level=90, null=0.25, tau2=0.3, no_common=True, seed=None, zero_amount=0.25).spec
    assert (spec.level, spec.null, spec.tau2) == (90.0, 0.25, 0.3)


def test_attributes_are_the_keys_of_the_document(table):
    result = metaprop.pool(table)
    document = json.loads(result.to_json())
    assert result.to_dict() == document
    assert (result.estimate, result.lower) == (document["random"]["estimate"], document["random"]["lower"])
    assert result.tau2 == document["heterogeneity"]["tau2"] == result["heterogeneity"].tau2
    assert {"k", "studies", "estimate"} <= set(dir(result))
    common = metaprop.pool(table, model="common")
    assert common.estimate == common.common.estimate and common.random is None
    with pytest.raises(AttributeError, match="there is no 'estimat' here"):
        result.estimat  # noqa: B018


def test_missing_cells_are_excluded_with_the_reason():
    missing = [3, None, math.nan, 5]
    result = metaprop.pool({"events": missing, "total": [10, 20, 30, 9]})
    assert (result.k, [row.reason for row in result.excluded]) == (2, ["events missing"] * 2)
    pandas = needs("pandas")
    frame = pandas.DataFrame({"events": pandas.array([3, None, None, 5], dtype="Int64"), "total": [10, 20, 30, 9]})
    assert metaprop.pool(frame) == result
    mixed = pandas.DataFrame({"events": [3, "NA", None, 5], "total": [10, 20, 30, 9]})
    assert metaprop.pool(mixed).k == 2


def test_estimates_are_pooled():
    table = {"y": [0.2, 0.5, 0.1], "se": [0.2, 0.3, 0.25]}
    result = metaprop.pool(table, estimate="y", se="se", tau2="dl")
    assert (result.k, result.spec.measure, result.events) == (3, "generic", None)


def test_types_of_columns_are_read_as_their_text():
    pyarrow = needs("pyarrow")
    import datetime
    import decimal

    table = pyarrow.table(
        {
            "study": pyarrow.array(["A", "B", "A2"]).dictionary_encode(),
            "events": pyarrow.array([decimal.Decimal(3), decimal.Decimal(4), decimal.Decimal(5)]),
            "total": pyarrow.array([10, 20, 30], pyarrow.float32()),
            "day": pyarrow.array([datetime.date(2020, 1, day) for day in (1, 2, 3)]),
            "blind": [True, False, True],
            "nested": [[1], [2], [3]],
        }
    )
    result = metaprop.pool(table, where="blind=true")
    assert (result.k, result.events, result.total) == (2, 8, 40)
    assert metaprop.pool(table, subgroup="day").subgroups[0].level == "2020-01-01"


def test_a_cell_with_any_text_is_one_cell():
    names = ['a,b', 'say "x"', "two\nlines", "ünï", "semi;colon", "1"]
    table = {"study": names, "events": [1, 2, 3, 4, 5, 6], "total": [10] * 6}
    assert [study.study for study in metaprop.pool(table, study="study").studies] == names


def test_a_file_is_a_table():
    path = ROOT / "datasets"
    csv = next(path.rglob("*.csv"))
    assert isinstance(csv.read_text(encoding="utf-8"), str)
    with pytest.raises(metaprop.FileError, match="cannot read") as raised:
        metaprop.pool("nowhere.csv")
    assert isinstance(raised.value, OSError)
