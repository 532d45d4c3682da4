"""Writes tests/reference/tables/table-RELEASE.dta, one table in the releases that pandas writes.

python tests/reference/scripts/tables/stata.py, with pandas 3.1; stata.R writes release 113.
"""

import datetime
from pathlib import Path

import pandas

FOLDER = Path(__file__).parents[2] / "tables"
LABELS = {"region": {1: "North", 2: "Süd"}}


def table():
    studies = ["Müller 2001", "Berg", "Cho", ""]
    return pandas.DataFrame(
        {
            "study": studies,
            "events": pandas.array([3, 100, 0, None], dtype="Int8"),
            "total": pandas.array([10, 32740, 70000, 12], dtype="Int32"),
            "rate": pandas.array([0.1, None, -2.5, 1e10], dtype="Float32"),
            "score": [0.1, 1e-300, None, 12.0],
            "region": pandas.array([1, 2, 9, None], dtype="Int8"),
            "day": [datetime.datetime(2019, 5, 31), None, datetime.datetime(1959, 12, 31), None],
            "note": ["", "two\nlines", "é" * 30, "x"],
        }
    )


for release, order in [(114, "big"), (117, "little"), (118, "big"), (119, "little")]:
    table().to_stata(
        FOLDER / f"table-{release}.dta",
        write_index=False,
        version=release,
        byteorder=order,
        value_labels=LABELS,
        convert_dates={"day": "td"},
        convert_strl=["note"] if release >= 117 else None,
        time_stamp=datetime.datetime(2026, 1, 1),
    )
