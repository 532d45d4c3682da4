//! Workbooks, written by `tests/reference/scripts/tables/workbooks.py` and `old_workbook.py`, or here part by part.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use metaprop::Error;
use metaprop::advisory::Code;
use metaprop::data::Dataset;
use metaprop::io::read::read_bytes;
use metaprop::options::ReadOptions;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::{cells, kept, read, refusal, refusal_with, rows, says};

fn sheet(name: &str) -> ReadOptions {
    ReadOptions { sheet: Some(name.into()), ..ReadOptions::default() }
}

fn excluded(table: &Dataset) -> Vec<(&str, u32, &str)> {
    table.ledger().excluded.iter().map(|row| (&*row.study, row.line, &*row.reason)).collect()
}

#[test]
fn the_sheet_with_counts_is_read_wherever_its_table_begins() {
    let table = read(&kept("extraction.xlsx"), "extraction.xlsx");
    assert_eq!(table.provenance().sheet.as_deref(), Some("Extraction"));
    // A name merged over two rows stands in both; a formula counts by its stored value.
    assert_eq!(rows(&table), [("Alpha 2001", 6, 12, 50), ("Alpha 2001", 7, 7, 40), ("Beta 2004", 8, 9, 45)]);
    assert_eq!(excluded(&table), [("Gamma 2006", 9, "total missing")]);
    assert_eq!(cells(&table, "checked"), ["TRUE", "FALSE", "TRUE"]);
    assert_eq!(cells(&table, "visited")[0], "2019-05-31");
    let skipped = table.advisories().iter().filter(|advisory| advisory.code == Code::LinesSkipped);
    assert_eq!(skipped.count(), 2, "a title above the header, a note below the table");
}

#[test]
fn words_in_merged_cells_of_old_workbooks_stand_in_each_row_and_numbers_in_the_first() {
    let table = read(&kept("merged.xls"), "merged.xls");
    assert_eq!(rows(&table), [("Alpha 2001", 2, 12, 50), ("Alpha 2001", 3, 7, 40), ("Beta 2004", 4, 9, 45)]);
    assert_eq!(excluded(&table), [("Beta 2004", 5, "total missing")]);
}

#[test]
fn two_sheets_with_counts_are_refused_until_one_is_named() {
    let file = kept("two-sheets.xlsx");
    let said = refusal_with(&file, "two-sheets.xlsx", &ReadOptions::default());
    says(&said, &["'Main'", "'Sensitivity'", "--sheet"]);
    for name in ["Sensitivity", "sensitivity", "#2"] {
        let table = read_bytes(&file, "two-sheets.xlsx", &sheet(name)).expect("a table");
        assert_eq!((table.provenance().sheet.as_deref(), table.k()), (Some("Sensitivity"), 1), "{name}");
    }
    let unknown = read_bytes(&file, "two-sheets.xlsx", &sheet("Mian")).expect_err("no such sheet");
    assert!(matches!(unknown, Error::Usage(_)));
    says(&unknown.to_string(), &["'Main'", "'Sensitivity'", "'Dates'", "is it 'Main'?"]);
}

#[test]
fn a_date_among_counts_is_named_as_one() {
    let said = refusal_with(&kept("two-sheets.xlsx"), "two-sheets.xlsx", &sheet("Dates"));
    says(&said, &["two-sheets.xlsx:2", "column 'events'", "'1950-12-01' is a date", "12/50"]);
}

#[test]
fn proportions_of_formulas_are_fractions_of_one_count_each() {
    let options = ReadOptions { percent: Some("prevalence".into()), ..ReadOptions::default() };
    let table = read_bytes(&kept("proportions.xlsx"), "proportions.xlsx", &options).expect("a table");
    assert_eq!(rows(&table), [("A", 2, 7, 30), ("B", 3, 12, 35), ("C", 4, 5, 17)]);
    // They are shown as percentages, so that nothing is to be told apart.
    assert_eq!(table.advisories()[0].code, Code::EventsDerived);
}

#[test]
fn a_sheet_of_a_text_is_refused() {
    let error = read_bytes(b"study,events,total\nA,3,10\n", "a.csv", &sheet("Data")).expect_err("no sheets");
    says(&error.to_string(), &["a.csv", "no sheets", "leave --sheet out"]);
}

/// A workbook with these parts of its sheets: the cells, and what stands behind them. A sheet of which the name begins
/// with `Hidden` is hidden; the styles 1 to 3 show numbers as `0%`, `0.0%` and `0"%"`.
fn workbook(sheets: &[(&str, String)]) -> Vec<u8> {
    let (mut names, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, inside)) in sheets.iter().enumerate() {
        let hidden = if name.starts_with("Hidden") { "state=\"hidden\"" } else { "" };
        write!(names, "<sheet name=\"{name}\" {hidden} sheetId=\"{number}\" r:id=\"r{number}\"/>")
            .expect("text");
        write!(relations, "<Relationship Id=\"r{number}\" Type=\"http://x/relationships/worksheet\" Target=\"s{number}.xml\"/>")
            .expect("text");
        parts.push((format!("xl/s{number}.xml"), format!("<worksheet>{inside}</worksheet>")));
    }
    let related = |relations: &str| format!("<Relationships>{relations}</Relationships>");
    let book =
        "<Relationship Id=\"b\" Type=\"http://x/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>";
    parts.push(("_rels/.rels".into(), related(book)));
    let styles = "<Relationship Id=\"rs\" Type=\"http://x/relationships/styles\" Target=\"styles.xml\"/>";
    relations.push_str(styles);
    parts.push(("xl/styles.xml".into(), STYLES.into()));
    parts.push(("xl/_rels/workbook.xml.rels".into(), related(&relations)));
    parts.push(("xl/workbook.xml".into(), format!("<workbook><sheets>{names}</sheets></workbook>")));
    archive(&parts)
}

const STYLES: &str = "<styleSheet><numFmts count=\"2\"><numFmt numFmtId=\"170\" formatCode=\"0.0%\"/>\
    <numFmt numFmtId=\"171\" formatCode=\"0&quot;%&quot;\"/></numFmts><cellXfs count=\"4\"><xf numFmtId=\"0\"/>\
    <xf numFmtId=\"9\" applyNumberFormat=\"1\"/><xf numFmtId=\"170\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"171\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>";

/// A sheet of one study, whose percentage is stored as this and shown with this style.
fn percentage(stored: &str, style: u32, total: u32) -> Vec<u8> {
    let text = |cell: &str, text: &str| format!("<c r=\"{cell}\" t=\"str\"><v>{text}</v></c>");
    let names =
        [("A1", "study"), ("B1", "prevalence"), ("C1", "n")].map(|(cell, name)| text(cell, name)).concat();
    let row = text("A2", "A")
        + &format!("<c r=\"B2\" s=\"{style}\"><v>{stored}</v></c><c r=\"C2\"><v>{total}</v></c>");
    let rows = format!("<row r=\"1\">{names}</row><row r=\"2\">{row}</row>");
    workbook(&[("Data", format!("<sheetData>{rows}</sheetData>"))])
}

#[test]
fn a_number_is_the_percentage_that_it_is_shown_as() {
    for (stored, style, total, events) in [
        ("0.5", 1, 200, 100),
        ("0.345", 2, 200, 69),
        ("0.342857142857143", 1, 35, 12),
        ("0.01", 1, 300, 3),
        ("1", 1, 40, 40),
        // The sign stands in quotes: what is stored is what is shown.
        ("34", 3, 50, 17),
    ] {
        let book = percentage(stored, style, total);
        assert_eq!(rows(&read(&book, "in.xlsx")), [("A", 2, events, u64::from(total))], "{stored}, {style}");
    }
    let said = refusal(&percentage("34.5", 1, 200), "in.xlsx");
    says(&said, &["in.xlsx:2", "'prevalence'", "3450%"]);
}

#[test]
fn a_hidden_sheet_is_read_where_it_is_named_alone() {
    let data = || data([study(2, "")]);
    let notes = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>Notes</v></c></row></sheetData>".to_owned();
    let shown = read(&workbook(&[("Hidden old", data()), ("Data", data())]), "in.xlsx");
    assert_eq!(shown.provenance().sheet.as_deref(), Some("Data"));
    let book = workbook(&[("Hidden old", data()), ("Notes", notes)]);
    says(&refusal(&book, "in.xlsx"), &["hidden sheets can: 'Hidden old'", "--sheet"]);
    assert_eq!(
        rows(&read_bytes(&book, "in.xlsx", &sheet("Hidden old")).expect("a table")),
        [("S2", 2, 3, 10)]
    );
}

/// A zip archive of these parts; the first is not compressed.
fn archive(parts: &[(String, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (number, (name, text)) in parts.iter().enumerate() {
        let method = if number == 0 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        archive.start_file(name, SimpleFileOptions::default().compression_method(method)).expect("a part");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

/// A row with a study of 3 among 10, and with what else is in it.
fn study(row: u32, more: &str) -> String {
    let cells = format!("<c r=\"B{row}\"><v>3</v></c><c r=\"C{row}\"><v>10</v></c>{more}");
    format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"str\"><v>S{row}</v></c>{cells}</row>")
}

/// The cells of a sheet: a header and these rows.
fn data(rows: impl IntoIterator<Item = String>) -> String {
    let name = |(cell, name)| format!("<c r=\"{cell}1\" t=\"str\"><v>{name}</v></c>");
    let names: String = [("A", "study"), ("B", "events"), ("C", "total")].map(name).concat();
    format!("<sheetData><row r=\"1\">{names}</row>{}</sheetData>", rows.into_iter().collect::<String>())
}

/// A cell in the last column of the last row.
fn last_cell() -> String {
    "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>".to_owned()
}

#[test]
fn a_cell_far_from_the_table_costs_no_more_than_it_holds() {
    let table = read(&workbook(&[("Data", data([study(2, ""), study(3, ""), last_cell()]))]), "in.xlsx");
    assert_eq!(rows(&table), [("S2", 2, 3, 10), ("S3", 3, 3, 10)]);
    assert_eq!(excluded(&table)[0].1, 1_048_576);
    let many = (2..2000).map(|row| study(row, "")).chain([last_cell()]);
    let said = refusal(&workbook(&[("Data", data(many))]), "in.xlsx");
    says(&said, &["in.xlsx", "'Data'", "too far apart", "2000 rows and 16384 columns", "--sheet"]);
}

#[test]
fn merged_words_go_on_into_rows_that_hold_something_else() {
    let row =
        |row: u32| format!("<row r=\"{row}\"><c r=\"B{row}\"><v>4</v></c><c r=\"C{row}\"><v>9</v></c></row>");
    let merged = "<mergeCells><mergeCell ref=\"A2:A1000000\"/></mergeCells>";
    let sheet = data([study(2, ""), row(3), row(999_999), study(1_000_001, "")]) + merged;
    let table = read(&workbook(&[("Data", sheet)]), "in.xlsx");
    let want = [("S2", 2, 3, 10), ("S2", 3, 4, 9), ("S2", 999_999, 4, 9), ("S1000001", 1_000_001, 3, 10)];
    assert_eq!((rows(&table), table.ledger().read), (want.to_vec(), 4));
}

#[test]
fn merged_cells_that_cannot_be_read_are_an_error() {
    let sheet = data([study(2, "")]) + "<mergeCells><mergeCell ref=\"here\"/></mergeCells>";
    says(&refusal(&workbook(&[("Data", sheet)]), "in.xlsx"), &["in.xlsx", "no workbook that can be read"]);
}

#[test]
fn the_sheet_that_is_named_is_read_and_no_other() {
    let book =
        workbook(&[("Data", data([study(2, "")])), ("Broken", "<sheetData><row r=\"x\"/>".to_owned())]);
    assert_eq!(rows(&read_bytes(&book, "in.xlsx", &sheet("Data")).expect("a table")), [("S2", 2, 3, 10)]);
    says(&refusal(&book, "in.xlsx"), &["in.xlsx", "no workbook that can be read"]);
}

#[test]
fn cells_in_any_order_stand_in_their_places() {
    let table = read(&workbook(&[("Data", data([study(3, ""), study(2, "")]))]), "in.xlsx");
    assert_eq!(rows(&table), [("S2", 2, 3, 10), ("S3", 3, 3, 10)]);
}

/// A workbook of OpenDocument with a header and these rows.
fn open_document(rows: &str) -> Vec<u8> {
    let names = ["study", "events", "total"].map(|name| open_document_cell("", name)).concat();
    let table = format!(
        "<table:table table:name=\"Data\"><table:table-row>{names}</table:table-row>{rows}</table:table>"
    );
    let mimetype = "application/vnd.oasis.opendocument.spreadsheet";
    let parts = [("mimetype", mimetype), ("META-INF/manifest.xml", "<manifest/>"), ("content.xml", &table)];
    archive(&parts.map(|(name, text)| (name.to_owned(), text.to_owned())))
}

fn open_document_cell(attributes: &str, text: &str) -> String {
    let kind =
        if text.parse::<u32>().is_ok() { format!("float\" office:value=\"{text}") } else { "string".into() };
    format!(
        "<table:table-cell {attributes} office:value-type=\"{kind}\"><text:p>{text}</text:p></table:table-cell>"
    )
}

fn open_document_study() -> String {
    let cells = ["A", "3", "10"].map(|text| open_document_cell("", text)).concat();
    format!("<table:table-row>{cells}</table:table-row>")
}

#[test]
fn workbooks_of_open_document_are_read() {
    assert_eq!(rows(&read(&open_document(&open_document_study()), "in.ods")), [("A", 2, 3, 10)]);
}

#[test]
fn why_a_workbook_cannot_be_opened_is_said() {
    let empty =
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell/></table:table-row>";
    let far = "<table:table-cell table:number-columns-repeated=\"1000\"/>".to_owned()
        + &open_document_cell("", "1");
    let far = format!("{}{empty}<table:table-row>{far}</table:table-row>", open_document_study());
    says(&refusal(&open_document(&far), "in.ods"), &["in.ods", "Cell limit exceeded"]);
    let old = kept("merged.xls");
    says(&refusal(&old[..1024], "in.xls"), &["in.xls", "no workbook that can be read"]);
    let missing = archive(&[("other.xml".to_owned(), String::new())]);
    says(&refusal(&missing, "in.xlsx"), &["in.xlsx", "no workbook that can be read", "_rels/.rels"]);
}

#[test]
fn old_workbooks_that_are_cut_off_are_refused_in_words() {
    let whole = kept("merged.xls");
    for length in (8..whole.len()).step_by(40) {
        if let Err(error) = read_bytes(&whole[..length], "in.xls", &ReadOptions::default()) {
            says(&error.to_string(), &["in.xls"]);
        }
    }
    says(&refusal(&whole[..4096], "in.xls"), &["no workbook that can be read"]);
}

/// The place of a sector in a file of small sectors.
fn sector(number: u32) -> usize {
    512 + 512 * number as usize
}

#[test]
fn sectors_in_a_circle_are_found_before_they_are_read() {
    let mut file = kept("merged.xls");
    let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().expect("four bytes"));
    let (directory, table) = (word(48), word(76));
    let entry = sector(table) + 4 * directory as usize;
    file[entry..entry + 4].copy_from_slice(&directory.to_le_bytes());
    says(&refusal(&file, "in.xls"), &["in.xls", "its sectors follow each other in a circle"]);
}

#[test]
fn a_sheet_that_says_it_is_larger_than_the_format_is_refused() {
    let mut file = kept("merged.xls");
    let head = [0x00, 0x02, 0x0E, 0x00];
    let at = file.windows(4).position(|bytes| bytes == head).expect("a record of dimensions");
    file[at + 8..at + 12].fill(0xFF);
    says(&refusal(&file, "in.xls"), &["in.xls", "says that it has the rows 0 to 4294967295"]);
}
