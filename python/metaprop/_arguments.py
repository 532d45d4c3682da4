"""Keyword arguments and tables as the native module takes them."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from typing import Any

from metaprop import _native
from metaprop._errors import UsageError

Given = list[tuple[str, list[str]]]

# Options whose values are written in one text: what stands between them.
_JOINED = {"axis_limits": ",", "steps": ","}


def given(choices: Mapping[str, Any]) -> Given:
    """Each option with its values as they are typed on the command line.

    ``None`` and ``False`` stand for an option that is not given, ``True`` for one that is given without a value.

    >>> given({"level": 90, "where": ["year>=2000"], "no_common": True, "tau2": None})
    [('level', ['90']), ('where', ['year>=2000']), ('no_common', ['true'])]
    >>> given({"at": {"dose": [5, 10]}, "printed": {"estimate": "54.0%"}})
    [('at', ['dose=5,10']), ('printed', ['estimate=54.0%'])]
    """
    return [
        (name, _values(name, value))
        for name, value in choices.items()
        if value is not None and value is not False
    ]


def _values(name: str, value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{key}={_joined(of_key, ',')}" for key, of_key in value.items()]
    name = name.replace("-", "_")
    if name in _JOINED:
        return [_joined(value, _JOINED[name])]
    return [_typed(one) for one in value] if _is_list(value) else [_typed(value)]


def _joined(value: Any, between: str) -> str:
    return between.join(map(_typed, value)) if _is_list(value) else _typed(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, os.PathLike))


def _typed(value: Any) -> str:
    value = _plain(value)
    if value is True:
        return "true"
    return os.fspath(value) if isinstance(value, os.PathLike) else _text(value)


def _plain(value: Any) -> Any:
    """A scalar of numpy as one of Python."""
    item = getattr(value, "item", None)
    return item() if callable(item) and getattr(value, "shape", None) == () else value


def _text(value: Any) -> str:
    """The text of a cell: nothing where it is missing, whole numbers without a point."""
    value = _plain(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    text = str(value)
    return "" if text in ("<NA>", "NaT") else text


def by_columns(by: Any) -> list[str]:
    """The names of the columns of groups: one name or several.

    >>> by_columns("country"), by_columns(["country", "year"])
    (['country'], ['country', 'year'])
    """
    return [by] if isinstance(by, str) else [str(name) for name in by]


def is_array(values: Any) -> bool:
    """Whether these are the values of one column, and no table and no name."""
    if not _is_list(values) or isinstance(values, Mapping):
        return False
    return not _is_frame(values) and not _is_rows(values)


def _is_frame(table: Any) -> bool:
    """Whether this has an Arrow stream of columns: a series has one too, and no names of columns."""
    names = ("columns", "column_names", "schema")
    return hasattr(table, "__arrow_c_stream__") and any(hasattr(table, name) for name in names)


def _is_rows(table: Any) -> bool:
    is_list = isinstance(table, (list, tuple)) and len(table) > 0
    return is_list and all(isinstance(row, Mapping) for row in table)


def source(table: Any) -> Any:
    """A table as the native module takes it: a name, an object with an Arrow stream, or columns of texts.

    >>> source({"events": [3, None], "total": [10.0, 20.0]})
    [('events', ['3', '']), ('total', ['10', '20'])]
    """
    if isinstance(table, (str, os.PathLike)):
        return os.fspath(table)
    if _is_frame(table):
        return _streamed(table)
    if isinstance(table, Mapping):
        return _columns(table)
    if _is_rows(table):
        names = dict.fromkeys(name for row in table for name in row)
        return [(str(name), [_text(row.get(name)) for row in table]) for name in names]
    if hasattr(table, "to_dict") and hasattr(table, "columns"):
        return _columns(table.to_dict("list"))
    raise UsageError(
        f"an object of type {type(table).__name__} is no table\n  help: give a DataFrame, anything with an Arrow stream, a mapping of "
        "columns, a list of rows, the path of a file, or '@NAME' of a data set that comes with metaprop"
    )


def _streamed(table: Any) -> Any:
    """The table itself, or its columns where its Arrow stream needs a package that is not there or mixes types."""
    if type(table).__module__.split(".")[0] != "pandas":
        return table
    try:
        return _native_stream(table)
    except Exception:  # noqa: BLE001 (pyarrow raises errors of many kinds for columns of mixed types)
        return _columns(table.to_dict("list"))


class _native_stream:
    """An Arrow stream that was asked for once, so that what it raises is known."""

    def __init__(self, table: Any) -> None:
        self._capsule = table.__arrow_c_stream__()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._capsule


def _columns(table: Mapping[Any, Any]) -> list[tuple[str, list[str]]]:
    columns = [(str(name), [_text(cell) for cell in _cells(column)]) for name, column in table.items()]
    lengths = {len(cells) for _, cells in columns}
    if len(lengths) > 1:
        said = ", ".join(f"'{name}' {len(cells)}" for name, cells in columns)
        raise UsageError(f"the columns are not of one length: {said}")
    return columns


def _cells(column: Any) -> Any:
    if isinstance(column, (str, bytes)) or not isinstance(column, Iterable):
        raise UsageError(f"a column is a {type(column).__name__}\n  help: give its values as a list or an array")
    for plain in ("tolist", "to_list", "to_pylist"):
        if hasattr(column, plain):
            return getattr(column, plain)()
    return column


def of_arrays(events: Any, total: Any, study: Any, choices: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Counts that were given as arrays: a table of them, and the choices with the names of its columns."""
    columns = {"events": events, "total": total} if study is None else {"study": study, "events": events, "total": total}
    named = {name: name for name in columns}
    return columns, {**named, **choices}


def options() -> list[tuple[str, str, str]]:
    """Every option that the functions take as a keyword argument.

    Returns
    -------
    list of tuple
        The heading under which the command line has it, its name, and what it is.

    Examples
    --------
    >>> import metaprop
    >>> [name for heading, name, about in metaprop.options() if name.startswith("tau2")]
    ['tau2', 'tau2_ci']
    """
    return _native.options()
