"""What can go wrong."""

from __future__ import annotations

from typing import Any


class MetapropError(ValueError):
    """Any error of this package; its text is the message of the program.

    Attributes
    ----------
    problems : list of dict
        Each problem with its ``line``, ``column``, ``what`` and ``help``; empty where the error is not a list of
        problems.

    Examples
    --------
    >>> import metaprop
    >>> try:
    ...     metaprop.pool([19], [18])
    ... except metaprop.MetapropError as error:
    ...     print(error.problems[0]["what"])
    19 events are more than the total 18
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.problems: list[dict[str, Any]] = []


class UsageError(MetapropError):
    """An option that does not exist, does not apply or contradicts another, or an analysis file that is wrong."""


class DataError(MetapropError):
    """Data that cannot be read as counts or estimates: every bad row, not the first alone."""


class ConvergenceError(MetapropError):
    """An iteration that found no certified optimum."""


class FileError(MetapropError, OSError):
    """A file that cannot be read or written."""


class InternalError(MetapropError):
    """A defect of this package: please report it with the data and the call."""
