"""Writes tests/reference/tables/merged.xls, with xlwt 1.3: a name merged over two rows, a total over two others.

python tests/reference/scripts/tables/old_workbook.py
"""

from pathlib import Path

import xlwt

book = xlwt.Workbook()
sheet = book.add_sheet("Counts")
for column, name in enumerate(["study", "arm", "events", "total"]):
    sheet.write(0, column, name)
rows = [("oral", 12, 50), ("topical", 7, 40), ("oral", 9, 45), ("topical", 3, 20)]
for row, (arm, events, total) in enumerate(rows, start=1):
    sheet.write(row, 1, arm)
    sheet.write(row, 2, events)
    if row < 3:
        sheet.write(row, 3, total)
sheet.write_merge(1, 2, 0, 0, "Alpha 2001")
sheet.write_merge(3, 4, 0, 0, "Beta 2004")
sheet.write_merge(3, 4, 3, 3, 45)
book.save(Path(__file__).parents[2] / "tables" / "merged.xls")
