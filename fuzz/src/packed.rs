//! A workbook of one sheet. Bytes of an archive that are changed seldom unpack; the XML in it is changed here.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const PARTS: [(&str, &str); 3] = [
    (
        "_rels/.rels",
        "<Relationships><Relationship Id=\"b\" Type=\"http://x/relationships/officeDocument\" \
         Target=\"xl/workbook.xml\"/></Relationships>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r\" Type=\"http://x/relationships/worksheet\" \
         Target=\"sheet.xml\"/></Relationships>",
    ),
    (
        "xl/workbook.xml",
        "<workbook><sheets><sheet name=\"Data\" sheetId=\"1\" r:id=\"r\"/></sheets></workbook>",
    ),
];

/// Whether bytes are a workbook, new or old.
pub fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(b"\xD0\xCF\x11\xE0")
}

/// A workbook whose only sheet has this XML.
pub fn packed(sheet: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let parts = PARTS.iter().map(|(name, text)| (*name, text.as_bytes()));
    for (name, bytes) in parts.chain([("xl/sheet.xml", sheet)]) {
        archive.start_file(name, stored).expect("a part");
        archive.write_all(bytes).expect("memory");
    }
    archive.finish().expect("an archive").into_inner()
}
