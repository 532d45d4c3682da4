"""Many analyses on a Spark DataFrame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from metaprop._arguments import by_columns
from metaprop._groups import pool_groups as _pool_groups

_WHOLE = ("k", "events", "total", "excluded")
_TEXT = ("advisories", "error")
_RESULTS = (
    *("k", "events", "total", "estimate", "lower", "upper", "y", "se", "tau2", "i2", "q", "p"),
    *("prediction_lower", "prediction_upper", "excluded", "advisories", "error"),
)


def pool_groups(
    df: Any,
    by: str | list[str],
    events: str = "events",
    total: str = "total",
    *,
    study: str | None = None,
    partitions: int | None = None,
    threads: int = 1,
    **choices: Any,
) -> Any:
    """Pool every group of a Spark DataFrame.

    The rows of each group are brought together by one shuffle on the columns of the groups, and each partition is pooled
    in one call (``mapInArrow``), so that a task costs the same for one group and for many. Nothing is computed until
    Spark is asked for rows, and a task that is lost is run again by Spark.

    Parameters
    ----------
    df : pyspark.sql.DataFrame
        The rows.
    by : str or list of str
        The column, or columns, that tell groups apart.
    events, total : str
        The columns of counts.
    study : str, optional
        The column of the names of the studies.
    partitions : int, optional
        Into how many partitions the rows are brought; Spark decides where it is not given. The counts of one partition
        have to fit into the memory of a task.
    threads : int
        How many threads a task may use: one, as Spark gives a task one core.
    **choices
        How to pool, as :func:`metaprop.pool` takes it.

    Returns
    -------
    pyspark.sql.DataFrame
        The columns of :func:`metaprop.pool_groups`, a row a group, in no particular order.
    """
    import pyspark.sql.types as types

    by = by_columns(by)
    _refuse_wrong_choices(events, total, choices)
    fields = [types.StructField(name, df.schema[name].dataType, True) for name in by]
    for name in _RESULTS:
        kind = types.LongType() if name in _WHOLE else types.StringType() if name in _TEXT else types.DoubleType()
        fields.append(types.StructField(name, kind, True))
    columns = list(dict.fromkeys([*by, events, total, *([study] if study else [])]))
    # Plain names on the way: Spark takes a name with a dot for a field of a column.
    plain = {column: f"column_{place}" for place, column in enumerate(columns)}
    rows = df.select(*[f"`{column}`" for column in columns]).toDF(*plain.values())
    parts = [plain[column] for column in by]
    together = rows.repartition(partitions, *parts) if partitions else rows.repartition(*parts)
    names = {"by": by, "events": events, "total": total, "study": study, "threads": threads}
    return together.mapInArrow(_Pool(columns, {**names, **choices}), types.StructType(fields))


class _Pool:
    """Pools one partition; Spark sends it to its workers."""

    def __init__(self, columns: list[str], arguments: dict[str, Any]) -> None:
        self._columns = columns
        self._arguments = arguments

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        filled = [batch for batch in batches if batch.num_rows]
        if filled:
            table = pyarrow.Table.from_batches(filled).rename_columns(self._columns)
            yield from _pool_groups(table, **self._arguments).to_batches()


def _refuse_wrong_choices(events: str, total: str, choices: dict[str, Any]) -> None:
    """Says on the driver, and before any work is done, what is wrong with the choices."""
    import pyarrow

    nothing = {"group": pyarrow.array([], pyarrow.string())}
    counts = {name: pyarrow.array([], pyarrow.int64()) for name in (events, total)}
    _pool_groups(pyarrow.table({**nothing, **counts}), "group", events, total, threads=1, **choices)
