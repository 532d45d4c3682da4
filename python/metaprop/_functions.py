"""The functions of the package: the commands of the program."""

from __future__ import annotations

from typing import Any

from metaprop import _native
from metaprop._arguments import given, is_array, of_arrays, source
from metaprop._document import Document, of_native
from metaprop._errors import UsageError
from metaprop._result import Result, pooled

_NO_DATA = "there are no data\n  help: give events and total as arrays, or a table"


def _input(table: Any, total: Any, study: Any, events: Any, choices: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The table and the choices, whether counts were given as arrays or as columns of a table."""
    if is_array(total) or (is_array(events) and table is None):
        if events is not None and table is not None:
            raise UsageError("events are given twice\n  help: give arrays as pool(events, total), or a table with names")
        return of_arrays(table if events is None else events, total, study, choices)
    if table is None or is_array(table):
        raise UsageError(_NO_DATA)
    named = {"study": study, "events": events, "total": total}
    return table, {**{name: column for name, column in named.items() if column is not None}, **choices}


def pool(
    table: Any = None,
    total: Any = None,
    study: Any = None,
    *,
    events: Any = None,
    **choices: Any,
) -> Result:
    """Pool proportions, or estimates with their standard errors.

    Parameters
    ----------
    table : array or table
        The events of each study, with ``total`` (and ``study``) beside it; or a table: a DataFrame of pandas, polars,
        anything with an Arrow stream (pyarrow, DuckDB), a mapping of columns, a list of rows, the path of a file, or
        ``"@NAME"`` of a data set that comes with metaprop.
    total : array or str, optional
        How many people each study has; of a table the name of its column, which is found without it.
    study : array or str or list of str, optional
        The names of the studies; of a table the name of their column.
    events : array or str, optional
        Of a table the name of the column of events, which is found without it.
    **choices
        Every option of ``metaprop pool``, by the same words, with ``_`` for ``-``: ``measure="logit"``, ``model="glmm"``,
        ``tau2="pm"``, ``ci="hk"``, ``level=90``, ``profile="meta"``, ``where="year>=2000"``, ``subgroup="region"`` …
        (:func:`metaprop.options` lists them). ``threads`` says how many threads may be used, ``title`` what figure and
        pages are called.

    Returns
    -------
    Result
        The pooled result.

    Raises
    ------
    UsageError
        Where an option does not exist or does not apply.
    DataError
        Where the data are no counts: every bad row at once.
    ConvergenceError
        Where an iteration finds no optimum.

    Examples
    --------
    >>> import metaprop
    >>> result = metaprop.pool([8, 9, 21, 8], [12, 13, 66, 18], ["Alpha", "Beta", "Gamma", "Delta"])
    >>> round(result.estimate, 4), round(result.lower, 4), round(result.upper, 4)
    (0.4993, 0.2271, 0.7719)
    >>> table = {"study": ["Alpha", "Beta"], "x": [8, 9], "n": [12, 13]}
    >>> metaprop.pool(table, events="x", total="n", model="common").k
    2
    >>> metaprop.pool([8, 9], [12, 13], tau2="remel")
    Traceback (most recent call last):
        ...
    metaprop._errors.UsageError: 'remel' is not a tau2
      help: did you mean 'reml'? ...
    """
    return pooled(*_input(table, total, study, events, choices))


def subgroup(table: Any, by: str | list[str], **choices: Any) -> Result:
    """Pool each level of a column too, and test whether the levels differ.

    Parameters
    ----------
    table : table
        As :func:`pool` takes it.
    by : str or list of str
        The column, or several, one after the other.
    **choices
        As :func:`pool` takes them; ``subgroup_tau2="common"`` gives all levels one variance between studies.

    Returns
    -------
    Result
        The result of all studies, with ``subgroups`` and ``between``.

    Examples
    --------
    >>> import metaprop
    >>> table = {"events": [8, 9, 21, 8], "total": [12, 13, 66, 18], "route": ["oral", "oral", "topical", "topical"]}
    >>> result = metaprop.subgroup(table, "route", tau2="dl")
    >>> [level.level for level in result.subgroups], result.between.df
    (['oral', 'topical'], 1)
    """
    return pool(table, subgroup=by, **choices)


def _further(what: str, table: Any, choices: dict[str, Any]) -> Document:
    threads = choices.pop("threads", None)
    return of_native(_native.further(what, source(table), given(choices), threads))


def leave_one_out(table: Any, **choices: Any) -> Document:
    """The pooled result without each study in turn.

    Parameters
    ----------
    table : table
        As :func:`pool` takes it.
    **choices
        As :func:`pool` takes them.

    Returns
    -------
    Document
        ``rows``, one a study that is left out.

    Examples
    --------
    >>> import metaprop
    >>> document = metaprop.leave_one_out("@miller1978")
    >>> document.rows[0].omitted, document.rows[0].k
    ('Study 1', 3)
    """
    return _further("leave-one-out", table, choices)


def cumulative(table: Any, sort: str | None = None, **choices: Any) -> Document:
    """The pooled result as studies are added one after the other.

    Parameters
    ----------
    table : table
        As :func:`pool` takes it.
    sort : str, optional
        In which order: a column, or ``estimate``, ``weight``, ``precision``, ``total``; ``-`` before it reverses it.
    **choices
        As :func:`pool` takes them.

    Returns
    -------
    Document
        ``rows``, one a study that is added.

    Examples
    --------
    >>> import metaprop
    >>> [row.k for row in metaprop.cumulative("@miller1978", sort="-total").rows]
    [1, 2, 3, 4]
    """
    return _further("cumulative", table, {"sort": sort, **choices})


def influence(table: Any, conclusion: str | None = None, **choices: Any) -> Document:
    """How much each study moves the result.

    Parameters
    ----------
    table : table
        As :func:`pool` takes it.
    conclusion : str, optional
        Also the smallest set of studies without which this statement does not hold: ``"lower > 50%"``.
    **choices
        As :func:`pool` takes them.

    Returns
    -------
    Document
        ``rows``, one a study.

    Examples
    --------
    >>> import metaprop
    >>> document = metaprop.influence("@tofacitinib-aa")
    >>> len(document.rows), document.rows[0].influential
    (14, False)
    """
    return _further("influence", table, {"conclusion": conclusion, **choices})


def gosh(
    table: Any, min_size: int | None = None, subsets: int | None = None, rows: bool = False, **choices: Any
) -> Document:
    """The pooled result of every subset of the studies.

    Parameters
    ----------
    table : table
        As :func:`pool` takes it.
    min_size : int, optional
        The least number of studies of a subset: 2 where it is not given.
    subsets : int, optional
        How many subsets are drawn at random; every one of up to 20 studies where it is not given.
    rows : bool
        Whether the document has a row a subset.
    **choices
        As :func:`pool` takes them.

    Returns
    -------
    Document
        ``summary`` of the subsets, and ``rows`` where they were asked for.

    Examples
    --------
    >>> import metaprop
    >>> metaprop.gosh("@miller1978").subsets
    11
    """
    return _further("gosh", table, {"min_size": min_size, "subsets": subsets, "rows": rows, **choices})


def regress(
    table: Any,
    mods: str,
    at: Any = None,
    permutations: int | None = None,
    r2_interval: bool = False,
    **choices: Any,
) -> Document:
    """What moderators explain: a meta-regression.

    Parameters
    ----------
    table : table
        As :func:`pool` takes it.
    mods : str
        The moderators as an R formula: ``"dose + factor(route)"``.
    at : dict or str or list of str, optional
        Values at which the pooled value is predicted: ``{"dose": [5, 10]}``.
    permutations : int, optional
        A permutation test with at most so many permutations.
    r2_interval : bool
        Whether R² gets an interval by the bootstrap.
    **choices
        As :func:`pool` takes them.

    Returns
    -------
    Document
        ``coefficients``, ``omnibus``, ``residual``, ``r2``.

    Examples
    --------
    >>> import metaprop
    >>> table = {"events": [3, 6, 10, 14, 15], "total": [20, 22, 25, 27, 25], "dose": [1, 2, 4, 6, 8]}
    >>> [term.term for term in metaprop.regress(table, "dose").coefficients]
    ['intercept', 'dose']
    """
    own = {"mods": mods, "at": at, "permutations": permutations, "r2_interval": r2_interval}
    return _further("regress", table, {**own, **choices})


def bias(table: Any, **choices: Any) -> Document:
    """Small-study effects: tests of asymmetry, trim-and-fill, a selection model, fail-safe N.

    Parameters
    ----------
    table : table
        As :func:`pool` takes it.
    **choices
        As :func:`pool` takes them; also ``steps``, ``alternative``, ``orwin_target``, and for the funnel plot
        ``trim_fill="l0"`` and ``side``.

    Returns
    -------
    Document
        ``egger``, ``begg``, ``peters`` and the others.

    Examples
    --------
    >>> import metaprop
    >>> metaprop.bias("@tofacitinib-aa").egger.df
    12.0
    """
    return _further("bias", table, choices)


def _review(what: str, table: Any, choices: dict[str, Any]) -> Document:
    threads = choices.pop("threads", None)
    of = None if table is None else source(table)
    return of_native(_native.review(what, of, given(choices), threads))


def grim(percentage: Any, n: int | None = None, **choices: Any) -> Document:
    """Could this percentage come from n people? And the percentages of a table?

    Parameters
    ----------
    percentage : str or float or table
        A percentage as it is printed, with all its digits (``"58.40%"``); a number without a sign is a percentage. Or a
        table, as :func:`pool` takes it, with ``percent`` and ``total`` for its columns.
    n : int, optional
        The number of people of one percentage.
    **choices
        Options that say how a table is read.

    Returns
    -------
    Document
        ``possible``, ``events``, ``nearest``.

    Examples
    --------
    >>> import metaprop
    >>> metaprop.grim("58.4%", n=90).possible
    False
    >>> print(str(metaprop.grim("58.4%", n=90)).splitlines()[0])
    58.4% is not a plain count of 90: 52 of 90 is 57.77…%, 53 of 90 is 58.88…%; it is possible of 89 and of 101.
    """
    if n is not None or isinstance(percentage, (int, float)):
        return _review("grim", None, {"percentage": percentage, "n": n, **choices})
    return _review("grim", percentage, choices)


def check(table: Any, line: str | None = None, printed: Any = None, **choices: Any) -> Document:
    """Hold published figures against the data.

    Parameters
    ----------
    table : path or table
        An analysis file (``.toml``), whose claims are checked; or a table as :func:`pool` takes it.
    line : str, optional
        A sentence with a result, as it is printed: ``"54.0% (46.3% to 61.5%)"``.
    printed : dict or list of str, optional
        Printed figures with all their digits: ``{"estimate": "54.0%", "ci": ["46.3%", "61.5%"]}``.
    **choices
        How the result was made, as :func:`pool` takes it.

    Returns
    -------
    Document
        ``claims``, each with its verdict.

    Examples
    --------
    >>> import metaprop
    >>> document = metaprop.check("@tofacitinib-aa", printed={"estimate": "57.1%", "k": 13})
    >>> [(field.field, field.verdict) for field in document.claims[0].fields]
    [('estimate', 'holds'), ('k', 'fails')]
    """
    return _review("check", table, {"line": line, "printed": printed, **choices})


def reproduce(table: Any, printed: Any = None, line: str | None = None, **choices: Any) -> Document:
    """Find the specifications, and readings of the data, that give printed figures.

    Parameters
    ----------
    table : table
        As :func:`pool` takes it.
    printed : dict or list of str, optional
        Printed figures with all their digits: ``{"estimate": "0.18", "ci": ["0.14", "0.21"]}``.
    line : str, optional
        A sentence with them.
    **choices
        What is known about the analysis; also ``slips="auto"`` (``"always"``, ``"never"``), ``list``, ``replicates``,
        ``subsets``.

    Returns
    -------
    Document
        ``tried``, ``matches`` (best first), ``chance``.

    Examples
    --------
    >>> import metaprop
    >>> document = metaprop.reproduce("@miller1978", {"estimate": "37.2%", "k": 4}, replicates=0)
    >>> document.matches[0].fields_hold
    2
    """
    return _review("reproduce", table, {"printed": printed, "line": line, **choices})


def multiverse(table: Any, conclusion: str | None = None, **choices: Any) -> Document:
    """Every defensible specification.

    Parameters
    ----------
    table : table
        As :func:`pool` takes it.
    conclusion : str, optional
        A statement that each specification bears out or not: ``"lower > 50%"``.
    **choices
        The choices that are settled; the others are varied.

    Returns
    -------
    Document
        ``specifications``, ``rows``, ``summary``.

    Examples
    --------
    >>> import metaprop
    >>> document = metaprop.multiverse("@miller1978", measure="logit", model="random")
    >>> document.specifications == len(document.rows)
    True
    """
    return _review("multiverse", table, {"conclusion": conclusion, **choices})


def reconstruct(printed: Any = None, known: Any = None, line: str | None = None, **choices: Any) -> Document:
    """Find count tables that are consistent with a printed summary, or show that none exists.

    Parameters
    ----------
    printed : dict or list of str
        Printed figures with all their digits; ``k`` and ``total`` are needed.
    known : table, optional
        Rows that are known; with ``optional=True`` each may have been left out.
    line : str, optional
        A sentence with printed figures.
    **choices
        The specification that the figures were made with; also ``min_n``, ``max_n``, ``truncation``, ``budget``,
        ``tries``, ``list``.

    Returns
    -------
    Document
        ``found``, ``exhaustive``, ``tables``.

    Examples
    --------
    >>> import metaprop
    >>> document = metaprop.reconstruct({"estimate": "50.0%", "k": 2, "total": 8}, profile="dl-wald", min_n=4)
    >>> document.found > 0, document.exhaustive
    (True, True)
    """
    return _review("reconstruct", known, {"printed": printed, "line": line, **choices})


def data_sets() -> list[str]:
    """The names of the data sets that come with metaprop: ``pool("@" + name)`` takes them.

    Examples
    --------
    >>> import metaprop
    >>> "miller1978" in metaprop.data_sets()
    True
    """
    return _native.data_sets()

