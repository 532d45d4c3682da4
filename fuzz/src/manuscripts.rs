//! Manuscripts: any bytes give passages whose places are in the file, results and counts, or an error.

use std::io::{Cursor, Write};

use metaprop::data::{Manuscript, ManuscriptFormat};
use metaprop::report::{Document, ScanReport};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::is_sound;
use super::packed::is_packed;

/// The format in the first line (`md`, `tex`, `docx`, else plain text), the manuscript in the others; for `docx` an
/// archive, or the XML of its text.
pub fn manuscript(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (head, rest) = (&bytes[..end], bytes.get(end + 1..).unwrap_or_default());
    let format = std::str::from_utf8(head).ok().and_then(|head| ManuscriptFormat::of_extension(head.trim()));
    let format = format.unwrap_or(ManuscriptFormat::Text);
    let read = match format {
        ManuscriptFormat::Docx if !is_packed(rest) => Manuscript::parse(&document(rest), "any.docx", format),
        _ => Manuscript::parse(rest, "any", format),
    };
    match read {
        Ok(manuscript) => holds(&manuscript, rest),
        Err(error) => is_sound(&error, &[5]),
    }
}

/// An archive with this text of a document of Word.
fn document(xml: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("word/document.xml", SimpleFileOptions::default()).expect("a part");
    archive.write_all(xml).expect("its text");
    archive.finish().expect("an archive").into_inner()
}

/// Places are lines of the file, what is read is quoted, and all forms can be written.
fn holds(manuscript: &Manuscript, bytes: &[u8]) {
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 1;
    for passage in &manuscript.passages {
        let text = passage.text();
        for at in [0, text.len()].into_iter().chain(passage.cells().iter().map(|cell| cell.start)) {
            let place = passage.place(at);
            assert!(place.line >= 1 && place.column >= 1, "{place}");
            assert!(manuscript.format == ManuscriptFormat::Docx || place.line <= lines, "{place} of {lines}");
        }
        assert!(passage.cells().iter().all(|cell| text.get(cell.clone()).is_some()), "{passage:?}");
    }
    let report = ScanReport::alone(manuscript);
    for result in report.results() {
        assert!(!result.text.is_empty() && !result.read.entries.is_empty(), "{result:?}");
        assert!(result.sentence.chars().count() <= 401, "{result:?}");
    }
    for count in report.counts() {
        assert!(count.total > 0 && !count.reason.is_empty(), "{count:?}");
        assert!(!count.possible || count.events <= count.total, "{count:?}");
    }
    let text = report.to_string();
    assert!(!text.contains(|c: char| metaprop::format::is_control(c) && c != '\n'), "controls: {text:?}");
    let document: serde_json::Value = serde_json::from_str(&report.json()).expect("JSON");
    assert_eq!(document["schema"], "metaprop/scan/1");
    assert!(report.junit().starts_with("<?xml") && report.markdown().starts_with("# Results in"));
}
