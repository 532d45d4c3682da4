//! Documents of Word: the text as it is with all changes accepted; the line of a place is the number of the paragraph.

use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::collector::Collector;
use crate::data::{Passage, Place};
use crate::format::sanitize;

/// The parts that hold text, in the order in which paragraphs are counted; the first has to be there.
const PARTS: [&str; 3] = ["word/document.xml", "word/footnotes.xml", "word/endnotes.xml"];

/// Elements whose text is not shown: deleted, moved away, or there a second time for old programs.
const HIDDEN: [&str; 6] =
    ["w:del", "w:moveFrom", "w:delText", "w:instrText", "mc:Fallback", "w:delInstrText"];

/// Tables within tables deeper than this are refused.
const DEEPEST: usize = 50;

/// Its paragraphs, rows of tables and notes, where they have no more than `most` bytes together, or what is wrong.
pub(super) fn passages(bytes: &[u8], most: u64) -> Result<Vec<Passage>, String> {
    let no_word = |why: &dyn std::fmt::Display| {
        format!("this is no document of Word (.docx) that can be read: {}", sanitize(&why.to_string()))
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| no_word(&error))?;
    let mut document = Document::default();
    let mut unpacked = 0;
    for name in PARTS {
        let part = match archive.by_name(name) {
            Ok(part) => part,
            Err(error) if name == PARTS[0] => return Err(no_word(&format!("{name}: {error}"))),
            Err(_) => continue,
        };
        let mut text = Vec::new();
        let left = most - unpacked;
        part.take(left + 1).read_to_end(&mut text).map_err(|error| no_word(&format!("{name}: {error}")))?;
        if text.len() as u64 > left {
            return Err(format!("more than {most} bytes of text are packed in it, and more are not read"));
        }
        unpacked += text.len() as u64;
        let text = String::from_utf8(text).map_err(|_| no_word(&format!("{name} is not UTF-8")))?;
        document.read(&text).map_err(|error| no_word(&format!("{name}: {error}")))?;
    }
    Ok(document.passages)
}

#[derive(Default)]
struct Document {
    passages: Vec<Passage>,
    /// The number of the paragraph.
    paragraph: u64,
    /// The character in it.
    column: u64,
    /// What is being read: the text, and each table that is open within the one before.
    open: Vec<Collector>,
    /// How many elements are open whose text is not shown.
    hidden: usize,
    in_text: bool,
    raised: bool,
}

impl Document {
    fn read(&mut self, text: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(text);
        self.open = vec![Collector::default()];
        (self.hidden, self.in_text, self.raised) = (0, false, false);
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Eof => break,
                Event::Start(element) => self.start(&element)?,
                Event::Empty(element) => self.empty(&element),
                Event::End(element) => self.end(element.name().as_ref()),
                Event::Text(text) if self.in_text => self.text(&text.xml10_content()),
                Event::GeneralRef(entity) if self.in_text => {
                    let number = entity.resolve_char_ref().map_err(|error| error.to_string())?;
                    let named = resolve_predefined_entity(&entity);
                    self.text(&number.map(String::from).or(named.map(str::to_string)).unwrap_or_default());
                }
                _ => {}
            }
        }
        while let Some(part) = self.open.pop() {
            self.passages.extend(part.finish());
        }
        Ok(())
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        let name = element.name();
        let name = name.as_ref();
        if HIDDEN.contains(&name) {
            self.hidden += 1;
        }
        match name {
            "w:t" | "m:t" => self.in_text = self.hidden == 0,
            "w:p" => (self.paragraph, self.column) = (self.paragraph + 1, 1),
            "w:r" => self.raised = false,
            "w:tbl" if self.open.len() >= DEEPEST => {
                return Err(format!("tables stand within each other more than {DEEPEST} deep"));
            }
            "w:tbl" => self.open.push(Collector::default()),
            "w:tc" => self.collector().begin_cell(),
            _ => {}
        }
        Ok(())
    }

    fn empty(&mut self, element: &BytesStart<'_>) {
        match element.name().as_ref() {
            "w:tab" | "w:br" | "w:cr" => self.text(" "),
            "w:noBreakHyphen" => self.text("-"),
            "w:p" => self.paragraph += 1,
            "w:vertAlign" => {
                let values = element.attributes().flatten();
                self.raised = values.map(|value| value.value).any(|value| value.as_ref() == "superscript");
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if HIDDEN.contains(&name) {
            self.hidden = self.hidden.saturating_sub(1);
        }
        match name {
            "w:t" | "m:t" => self.in_text = false,
            "w:p" => self.end_paragraph(),
            "w:tc" => {
                let place = self.place();
                let row = self.collector();
                row.end_cell();
                row.open.push_for("| ", place);
                row.begin_cell();
            }
            "w:tr" => {
                let row = self.collector();
                let is_first = row.header.is_none();
                row.end_row(is_first);
            }
            "w:tbl" if self.open.len() > 1 => {
                let rows = self.open.pop().map(Collector::finish).unwrap_or_default();
                self.collector().passages.extend(rows);
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let (place, in_table) = (self.place(), self.open.len() > 1);
        let open = self.collector();
        if in_table {
            open.open.blank(place);
        } else {
            open.end_paragraph();
        }
    }

    fn collector(&mut self) -> &mut Collector {
        if self.open.is_empty() {
            self.open.push(Collector::default());
        }
        self.open.last_mut().expect("one was pushed")
    }

    fn place(&self) -> Place {
        Place { line: self.paragraph.max(1), column: self.column.max(1) }
    }

    /// Text of the paragraph. A raised number is the mark of a reference, unless a letter is squared by it.
    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        let raised = self.raised;
        for character in text.chars() {
            let place = self.place();
            self.column += 1;
            let open = &mut self.collector().open;
            let squares =
                open.last().is_some_and(|last| matches!(last, 'I' | 'i' | 'τ' | 'χ' | 'H' | 'Q' | 'u' | 'R'));
            match character {
                '2' if raised && squares => open.push('²', place),
                _ if raised && (character.is_ascii_digit() || matches!(character, ',' | '–' | '-')) => {
                    open.blank(place);
                }
                '\u{AD}' => {}
                '\n' | '\t' | '\r' => open.blank(place),
                other => open.push(other, place),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    const BODY: &str = "<w:document><w:body><w:p><w:r><w:t>A</w:t></w:r></w:p>\
        <w:p><w:r><w:t xml:space=\"preserve\">54.0% (46.3</w:t></w:r><w:del><w:r><w:delText>9</w:delText><w:t>9</w:t></w:r></w:del>\
        <w:ins><w:r><w:t>&#8211;61.5), I</w:t></w:r></w:ins><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>2</w:t></w:r>\
        <w:r><w:t> = 64.7%; p &lt; .001</w:t></w:r><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>12</w:t></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Outcome</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Rate</w:t></w:r></w:p></w:tc></w:tr>\
        <w:tr><w:tc><w:p><w:r><w:t>Good</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>54%</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
        </w:body></w:document>";

    #[test]
    fn text_is_read_as_it_is_with_all_changes_accepted() {
        let bytes = packed(&[
            ("word/document.xml", BODY),
            ("word/footnotes.xml", "<w:p><w:r><w:t>Note.</w:t></w:r></w:p>"),
        ]);
        let read = passages(&bytes, 1 << 20).unwrap();
        let texts: Vec<&str> = read.iter().map(|passage| passage.text().trim()).collect();
        assert_eq!(texts[..2], ["A", "54.0% (46.3–61.5), I² = 64.7%; p < .001"]);
        assert_eq!(
            (read[3].cell_texts(), read[3].header().to_vec()),
            (vec!["Good".to_string(), "54%".to_string()], vec!["Outcome".to_string(), "Rate".to_string()],)
        );
        assert_eq!(texts[4], "Note.");
        assert_eq!(read[1].place(6).to_string(), "2:7");
        assert_eq!(read[4].place(0).to_string(), "7:1");
    }

    #[test]
    fn what_is_packed_is_bounded_and_what_is_broken_is_said() {
        let bytes = packed(&[("word/document.xml", BODY)]);
        assert!(passages(&bytes, BODY.len() as u64).is_ok());
        let error = passages(&bytes, BODY.len() as u64 - 1).unwrap_err();
        assert!(error.contains("bytes of text are packed in it"), "{error}");
        for (parts, said) in [
            (&[("word/other.xml", BODY)][..], "word/document.xml"),
            (&[("word/document.xml", "<w:p><w:t>x</w:p>")], "word/document.xml"),
        ] {
            let error = passages(&packed(parts), 1 << 20).unwrap_err();
            assert!(error.starts_with("this is no document of Word") && error.contains(said), "{error}");
        }
        assert!(passages(b"no archive", 1 << 20).is_err());
    }
}
