"""Writes the Parquet files of tests/reference/tables.

python tests/reference/scripts/tables/parquet.py, with pyarrow 26.0.
"""

import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow
from pyarrow import parquet

FOLDER = Path(__file__).parents[2] / "tables"
DAYS = [datetime.date(2019, 5, 31), None, datetime.date(1959, 12, 31)]
TIMES = [datetime.datetime(2019, 5, 31, 8, 30), None, datetime.datetime(1959, 12, 31)]
DECIMALS = [Decimal("1.50"), None, Decimal("-0.05")]


def array(values, kind):
    return pyarrow.array(values, kind)


COLUMNS = {
    "study": array(["Müller 2001", "Berg", "Cho"], pyarrow.string()),
    "events": array([3, None, 0], pyarrow.int64()),
    "total": array([10, 20, 4_000_000_000], pyarrow.uint32()),
    "byte": array([-1, 2, 3], pyarrow.int8()),
    "large": array([2**64 - 1, None, 0], pyarrow.uint64()),
    "rate": array([0.1, None, -2.5], pyarrow.float32()),
    "score": array([0.1, None, 12.0], pyarrow.float64()),
    "half": array([0.5, None, -2.0], pyarrow.float16()),
    "open": array([True, None, False], pyarrow.bool_()),
    "day": array(DAYS, pyarrow.date32()),
    "milli": array(TIMES, pyarrow.timestamp("ms")),
    "micro": array(TIMES, pyarrow.timestamp("us", "UTC")),
    "nano": array(TIMES, pyarrow.timestamp("ns")),
    "clock": array([datetime.time(8, 30), None, datetime.time(0, 0)], pyarrow.time64("us")),
    "price": array(DECIMALS, pyarrow.decimal128(9, 2)),
    "wide": array(DECIMALS, pyarrow.decimal256(50, 2)),
    "region": array(["North", None, "North"], pyarrow.string()).dictionary_encode(),
    "blob": array([b"text", None, b"\xff\x00"], pyarrow.binary()),
    "nothing": pyarrow.nulls(3),
}


def write(name, columns, **options):
    parquet.write_table(pyarrow.table(columns), FOLDER / name, store_schema=False, **options)


write("kinds.parquet", COLUMNS, compression="none", row_group_size=2)
few = {name: COLUMNS[name] for name in ["study", "events", "total"]}
for compression in ["snappy", "gzip", "zstd", "lz4", "brotli"]:
    write(f"{compression}.parquet", few, compression=compression, version="1.0" if compression == "gzip" else "2.6")
write("old.parquet", {**few, "time": COLUMNS["nano"]}, use_deprecated_int96_timestamps=True, data_page_version="2.0")
nested = {**few, "doses": array([[1, 2], None, []], pyarrow.list_(pyarrow.int64()))}
nested["arm"] = array([{"n": 1}, None, {"n": 2}], pyarrow.struct([("n", pyarrow.int64())]))
write("nested.parquet", nested)

# Twenty million rows of the same three values, a page a column.
rows = 20_000_000
same = {name: pyarrow.repeat(pyarrow.scalar(3, pyarrow.int8()), rows) for name in ["study", "events", "total"]}
pages = {"row_group_size": rows, "max_rows_per_page": rows, "data_page_size": 1 << 30}
write("repeated.parquet", same, compression="zstd", **pages)
