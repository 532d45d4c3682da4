"""Many analyses: one a group of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metaprop import _native
from metaprop._arguments import by_columns, given
from metaprop._errors import UsageError


def pool_groups(
    table: Any,
    by: str | list[str],
    events: str = "events",
    total: str = "total",
    *,
    study: str | None = None,
    threads: int | None = None,
    **choices: Any,
) -> Any:
    """Pool every group of a table, in parallel.

    Parameters
    ----------
    table : table
        A DataFrame of pandas or polars, a table of pyarrow, a relation of DuckDB, anything else with an Arrow stream, or
        a mapping of columns (which needs pyarrow). Its buffers are read where they are.
    by : str or list of str
        The column, or columns, that tell groups apart: of text, numbers, dates. Null is a group too.
    events, total : str
        The columns of counts: numbers. A row with a missing count, or a total of 0, is left out and counted.
    study : str, optional
        The column of the names of the studies: two rows of one name in a group are an advisory.
    threads : int, optional
        How many threads may be used; one a core where it is not given. The results are the same on any number.
    **choices
        How to pool, as :func:`metaprop.pool` takes it: ``measure``, ``model``, ``tau2``, ``ci``, ``level``, …

    Returns
    -------
    table
        A row a group, in the order in which they first appear: the columns of the groups, of the types that they have,
        ``k, events, total, estimate, lower, upper, y, se, tau2, i2, q, p, prediction_lower, prediction_upper, excluded,
        advisories, error``. A group that cannot be pooled has its ``error`` and no numbers. It is of the kind that came
        in: a DataFrame of pandas or polars, a table of pyarrow (for what pyarrow and DuckDB give), a dictionary of lists,
        else an object with an Arrow stream.

    Examples
    --------
    >>> import metaprop
    >>> table = {"country": ["Chad", "Mali", "Chad"], "events": [3, 4, 5], "total": [10, 20, 30]}
    >>> rows = metaprop.pool_groups(table, "country")
    >>> rows["country"], rows["k"], [round(estimate, 3) for estimate in rows["estimate"]]
    (['Chad', 'Mali'], [2, 1], [0.205, 0.2])
    """
    kind = _kind(table)
    rows = _native.pool_groups(_stream(table, kind), by_columns(by), events, total, study, given(choices), threads)
    return _as_kind(rows, kind, table)


def _kind(table: Any) -> str:
    """The package that a table is of."""
    if isinstance(table, Mapping):
        return "mapping"
    package = type(table).__module__.split(".")[0]
    # DuckDB's relations are of its C extension, which older releases call duckdb and newer ones _duckdb.
    return package.lstrip("_")


def _stream(table: Any, kind: str) -> Any:
    if kind == "mapping":
        import pyarrow

        return pyarrow.table({str(name): column for name, column in table.items()})
    if kind == "polars" and hasattr(table, "collect"):
        return table.collect()
    if hasattr(table, "__arrow_c_stream__"):
        return table
    if kind == "pandas":
        import pyarrow

        return pyarrow.Table.from_pandas(table, preserve_index=False)
    # Releases of DuckDB before 1.1 have no stream and give a reader of one.
    for to_arrow in ("fetch_arrow_reader", "arrow"):
        if hasattr(table, to_arrow):
            return getattr(table, to_arrow)()
    raise UsageError(
        f"an object of type {type(table).__name__} has no Arrow stream\n  help: give a DataFrame of pandas or polars, a table of pyarrow, a "
        "relation of DuckDB, or a mapping of columns"
    )


def _as_kind(rows: Any, kind: str, table: Any) -> Any:
    if kind == "polars":
        import polars

        frame = polars.DataFrame(rows)
        return frame.lazy() if hasattr(table, "collect") else frame
    if kind not in ("pandas", "pyarrow", "duckdb", "mapping"):
        return rows
    import pyarrow

    arrow = pyarrow.table(rows)
    if kind == "pandas":
        return arrow.to_pandas()
    return arrow.to_pydict() if kind == "mapping" else arrow
