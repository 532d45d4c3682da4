"""Writes the workbooks of tests/it/formats/workbook.rs (pip install xlsxwriter)."""

import datetime
import sys

import xlsxwriter

folder = sys.argv[1] if len(sys.argv) > 1 else "."

# A sheet of notes, and the table on another from C5 on: a title above it, names merged over rows, a formula with its
# stored value, a date where 12/50 was typed, a truth value, an error, notes below.
with xlsxwriter.Workbook(f"{folder}/extraction.xlsx") as book:
    notes = book.add_worksheet("Read me")
    notes.write("A1", "Extraction sheet, version 2")
    sheet = book.add_worksheet("Extraction")
    sheet.write("C3", "Table 2. Good regrowth")
    sheet.write_row("C5", ["study", "arm", "events", "n", "checked", "visited"])
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    rows = [("oral", 12, 50, True), ("topical", 7, 40, False), ("oral", 9, 45, True), ("oral", 3, 20, True)]
    for place, (arm, events, total, checked) in enumerate(rows, start=5):
        sheet.write_row(place, 3, [arm, events, total])
        sheet.write_boolean(place, 6, checked)
        sheet.write_datetime(place, 7, datetime.datetime(2019, 5, 31), day)
    sheet.merge_range("C6:C7", "Alpha 2001")
    sheet.write("C8", "Beta 2004")
    sheet.write("C9", "Gamma 2006")
    sheet.write_formula("F8", "=40+5", None, 45)
    sheet.write_formula("E9", "=1+2", None, 3)
    sheet.write_formula("F9", "=NA()", None, "#N/A")
    sheet.write("C12", "Counts of the last visit.")

# Two sheets with counts, and a date among the counts.
with xlsxwriter.Workbook(f"{folder}/two-sheets.xlsx") as book:
    for name in ["Main", "Sensitivity"]:
        sheet = book.add_worksheet(name)
        sheet.write_row("A1", ["study", "events", "total"])
        sheet.write_row("A2", ["A", 3, 10])
    dates = book.add_worksheet("Dates")
    dates.write_row("A1", ["study", "events", "total"])
    dates.write("A2", "A")
    dates.write_datetime("B2", datetime.datetime(1950, 12, 1), book.add_format({"num_format": "mmm-yy"}))
    dates.write("C2", 50)

# Proportions as a formula gives them, shown in percent.
with xlsxwriter.Workbook(f"{folder}/proportions.xlsx") as book:
    sheet = book.add_worksheet()
    percent = book.add_format({"num_format": "0.0%"})
    sheet.write_row("A1", ["study", "n", "prevalence"])
    for row, (study, events, total) in enumerate([("A", 7, 30), ("B", 12, 35), ("C", 5, 17)], start=1):
        sheet.write_row(row, 0, [study, total])
        sheet.write_number(row, 2, events / total, percent)
