"""Meta-analysis of proportions, with the numbers of the program ``metaprop`` to the last bit.

>>> import metaprop
>>> result = metaprop.pool([8, 9, 21, 8], [12, 13, 66, 18])
>>> f"{result.estimate:.3f} ({result.lower:.3f} to {result.upper:.3f})"
'0.499 (0.227 to 0.772)'

Choices are keyword arguments with the words of the command line; :func:`options` lists them. :func:`pool_groups` pools
every group of a table in parallel, and ``metaprop.spark`` does so on a Spark DataFrame.
"""

from metaprop._arguments import options
from metaprop._document import Document, Record
from metaprop._errors import (
    ConvergenceError,
    DataError,
    FileError,
    InternalError,
    MetapropError,
    UsageError,
)
from metaprop._functions import (
    bias,
    check,
    cumulative,
    data_sets,
    gosh,
    grim,
    influence,
    leave_one_out,
    multiverse,
    pool,
    reconstruct,
    regress,
    reproduce,
    subgroup,
)
from metaprop._groups import pool_groups
from metaprop._native import __version__
from metaprop._result import Result

__all__ = [
    "ConvergenceError",
    "DataError",
    "Document",
    "FileError",
    "InternalError",
    "MetapropError",
    "Record",
    "Result",
    "UsageError",
    "__version__",
    "bias",
    "check",
    "cumulative",
    "data_sets",
    "gosh",
    "grim",
    "influence",
    "leave_one_out",
    "multiverse",
    "options",
    "pool",
    "pool_groups",
    "reconstruct",
    "regress",
    "reproduce",
    "subgroup",
]
