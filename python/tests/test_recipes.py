"""Dask, Ray and DuckDB, as the page has them."""

from __future__ import annotations

import re

import metaprop
from conftest import needs
from test_docs import PAGE, blocks
from test_groups import synthetic


def recipe(package):
    """The block of the page that imports this package."""
    found = [block for block in blocks() if re.search(rf"^\s*(?:import|from) {package}\b", block, flags=re.MULTILINE)]
    assert len(found) == 1, f"{PAGE.name} has {len(found)} recipes with {package}"
    return found[0]


def rows_of(frame):
    missing = frame.isna()
    frame = frame.astype(object).where(~missing, None)
    columns = [frame[name].tolist() for name in ("g", "k", "estimate", "lower", "upper", "tau2")]
    return sorted(map(repr, zip(*columns)))


def run(package, tmp_path, monkeypatch):
    pandas = needs("pandas")
    monkeypatch.chdir(tmp_path)
    needs("pyarrow")
    table = pandas.DataFrame(synthetic(60))
    table.to_parquet("counts.parquet")
    names: dict[str, object] = {"metaprop": metaprop}
    # Spark's process may run in another folder.
    block = recipe(package).replace("counts.parquet", (tmp_path / "counts.parquet").as_posix())
    exec(compile(block, package, "exec"), names)
    return rows_of(names["rows"]), rows_of(metaprop.pool_groups(table, "g"))


def test_dask(tmp_path, monkeypatch):
    needs("dask.dataframe")
    ours, expected = run("dask", tmp_path, monkeypatch)
    assert ours == expected


def test_ray(tmp_path, monkeypatch):
    ray = needs("ray")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        ours, expected = run("ray", tmp_path, monkeypatch)
    finally:
        ray.shutdown()
    assert ours == expected


def test_duckdb(tmp_path, monkeypatch):
    needs("duckdb")
    ours, expected = run("duckdb", tmp_path, monkeypatch)
    assert ours == expected


def test_spark(tmp_path, monkeypatch):
    from test_spark import session

    needs("pyspark")
    made = session("local[2]")
    try:
        ours, expected = run("pyspark", tmp_path, monkeypatch)
    finally:
        made.stop()
    assert ours == expected
