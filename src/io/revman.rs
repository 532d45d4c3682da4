//! Reviews of RevMan 5 (`.rm5`): the dichotomous outcomes of all their comparisons, a row a study.
//!
//! A row has both arms, `events_1` of `total_1` and `events_2` of `total_2`, and the names that the outcome gives them.
//! Its line is that of its element in the file.

use std::collections::HashMap;
use std::rc::Rc;

use encoding_rs::{Encoding, UTF_8};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::cells::Cells;
use super::outcomes;
use super::table::Table;
use super::text::{line_ends, refused};
use crate::error::{Error, Problem};

const ROOT: &str = "COCHRANE_REVIEW";

/// How far from the beginning the root may stand, behind a declaration and comments.
const BEGINNING: usize = 4096;

const COLUMNS: [&str; 11] = [
    "study",
    "year",
    "comparison",
    "outcome",
    "subgroup",
    "group_1",
    "events_1",
    "total_1",
    "group_2",
    "events_2",
    "total_2",
];

/// Whether a file begins as a review.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let beginning = &bytes[..bytes.len().min(BEGINNING)];
    let root = format!("<{ROOT}");
    bytes.starts_with(b"<") && beginning.windows(root.len()).any(|window| window == root.as_bytes())
}

/// The table in a file.
///
/// # Errors
///
/// [`Error::Data`] where it is no XML, or has no dichotomous outcome.
pub(super) fn read(bytes: &[u8], file: &str) -> Result<Table<'static>, Error> {
    let encoding = declared(bytes);
    let (text, _, is_wrong) = encoding.decode(bytes);
    if is_wrong {
        let what = format!("this review is no {} text, which it says it is", encoding.name());
        return Err(refused(file, what, "save it again in RevMan"));
    }
    let mut review = Review::default();
    let mut reader = Reader::from_str(&text);
    let (mut line, mut at) = (1_u32, 0);
    loop {
        let start = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(text.len());
        line = line.saturating_add(line_ends(text.as_bytes(), at..start));
        at = start;
        let event = reader.read_event().map_err(|error| broken(file, line, &error.to_string()))?;
        if matches!(event, Event::Eof) {
            break;
        }
        review.take(&event, line).map_err(|error| broken(file, line, &error.to_string()))?;
    }
    if review.rows.is_empty() {
        let what = "this review has no study in a dichotomous outcome, and so no events and totals";
        return Err(refused(file, what, "give a review with outcomes of that type, or a table as CSV"));
    }
    Ok(review.table())
}

/// The encoding that the declaration names, or UTF-8.
fn declared(bytes: &[u8]) -> &'static Encoding {
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(BEGINNING)]);
    let declaration = beginning.split("?>").next().filter(|text| text.contains("<?xml"));
    let value = declaration.and_then(|text| text.split_once("encoding")?.1.split(['"', '\'']).nth(1));
    value.and_then(|name| Encoding::for_label(name.as_bytes())).unwrap_or(UTF_8)
}

fn broken(file: &str, line: u32, why: &str) -> Error {
    let problem = Problem::new(format!("this review is no XML that can be read: {why}"));
    Error::Data(vec![problem.at(file, u64::from(line)).help("save it again in RevMan, or fetch it again")])
}

/// An element that holds others of interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Comparison,
    Outcome,
    Subgroup,
    /// A text that names one of them or an arm.
    Text(Named),
    Other,
}

/// What a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Comparison,
    Outcome,
    Subgroup,
    Arm1,
    Arm2,
}

impl Element {
    fn of(name: &str, parent: Option<Self>) -> Self {
        match (name, parent) {
            ("COMPARISON", _) => Self::Comparison,
            ("DICH_OUTCOME", _) => Self::Outcome,
            ("DICH_SUBGROUP", _) => Self::Subgroup,
            ("NAME", Some(Self::Comparison)) => Self::Text(Named::Comparison),
            ("NAME", Some(Self::Outcome)) => Self::Text(Named::Outcome),
            ("NAME", Some(Self::Subgroup)) => Self::Text(Named::Subgroup),
            ("GROUP_LABEL_1", Some(Self::Outcome)) => Self::Text(Named::Arm1),
            ("GROUP_LABEL_2", Some(Self::Outcome)) => Self::Text(Named::Arm2),
            _ => Self::Other,
        }
    }

    /// What is named anew within it.
    fn renames(self) -> &'static [Named] {
        match self {
            Self::Comparison => &[Named::Comparison],
            Self::Outcome => &[Named::Outcome, Named::Arm1, Named::Arm2],
            Self::Subgroup => &[Named::Subgroup],
            Self::Text(_) | Self::Other => &[],
        }
    }
}

/// What was read so far.
#[derive(Debug, Default)]
struct Review {
    open: Vec<Element>,
    /// The texts that hold where the reader stands, by [`Named`]; all rows of an outcome share them.
    names: [Rc<String>; 5],
    /// The numbers of the comparison and the outcome, and both as RevMan shows them: `1.2`.
    numbers: [String; 2],
    number: Rc<str>,
    /// Names and years of studies.
    studies: HashMap<String, [String; 2]>,
    rows: Vec<Row>,
}

/// A study in an outcome.
#[derive(Debug)]
struct Row {
    line: u32,
    study: String,
    names: [Rc<String>; 5],
    /// The number of the outcome: `1.2`.
    number: Rc<str>,
    /// Events and totals of the first arm, then of the second.
    counts: [String; 4],
}

impl Review {
    fn take(&mut self, event: &Event<'_>, line: u32) -> Result<(), quick_xml::Error> {
        match event {
            Event::Start(element) => {
                let kind = Element::of(element.name().as_ref(), self.open.last().copied());
                self.begin(kind, element)?;
                self.open.push(kind);
                self.element(element, line)?;
            }
            Event::Empty(element) => self.element(element, line)?,
            Event::End(_) => {
                if let Some(kind) = self.open.pop() {
                    self.forget(kind);
                }
            }
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref()? {
                Some(character) => self.text(character.encode_utf8(&mut [0; 4])),
                None => self.text(resolve_predefined_entity(name).unwrap_or_default()),
            },
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, kind: Element, element: &BytesStart<'_>) -> Result<(), quick_xml::Error> {
        self.forget(kind);
        match kind {
            Element::Comparison => self.numbers[0] = attribute(element, "NO")?,
            Element::Outcome => self.numbers[1] = attribute(element, "NO")?,
            _ => return Ok(()),
        }
        self.number = self.numbers.join(".").into();
        Ok(())
    }

    fn forget(&mut self, kind: Element) {
        for named in kind.renames() {
            self.names[*named as usize] = Rc::default();
        }
    }

    /// Adds to the text that is open.
    fn text(&mut self, text: &str) {
        if let Some(Element::Text(named)) = self.open.last() {
            Rc::make_mut(&mut self.names[*named as usize]).push_str(text);
        }
    }

    /// A study, or its data in an outcome.
    fn element(&mut self, element: &BytesStart<'_>, line: u32) -> Result<(), quick_xml::Error> {
        match element.name().as_ref() {
            "STUDY" => {
                let [name, year] = [attribute(element, "NAME")?, attribute(element, "YEAR")?];
                self.studies.insert(attribute(element, "ID")?, [name, year]);
            }
            "DICH_DATA" => {
                let mut counts: [String; 4] = Default::default();
                for (count, name) in counts.iter_mut().zip(["EVENTS_1", "TOTAL_1", "EVENTS_2", "TOTAL_2"]) {
                    *count = attribute(element, name)?;
                }
                self.rows.push(Row {
                    line,
                    study: attribute(element, "STUDY_ID")?,
                    names: self.names.clone(),
                    number: Rc::clone(&self.number),
                    counts,
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn table(self) -> Table<'static> {
        let numbered =
            self.rows.iter().map(|row| (&*row.number, row.names[Named::Outcome as usize].as_str()));
        let outcomes = outcomes::apart(&numbered.collect::<Vec<_>>());
        let mut cells = Cells::default();
        for (row, outcome) in self.rows.iter().zip(&outcomes) {
            let [comparison, _, subgroup, arm1, arm2] = row.names.each_ref().map(|name| name.trim());
            let known = self.studies.get(&row.study);
            let [study, year] =
                known.map_or([row.study.as_str(), ""], |known| known.each_ref().map(String::as_str));
            let [events_1, total_1, events_2, total_2] = row.counts.each_ref().map(String::as_str);
            let cell = [
                study, year, comparison, outcome, subgroup, arm1, events_1, total_1, arm2, events_2, total_2,
            ];
            cells.push(row.line, cell);
        }
        Table::of_records(COLUMNS.map(str::to_owned).to_vec(), cells)
    }
}

/// The value of an attribute; empty where there is none.
fn attribute(element: &BytesStart<'_>, name: &str) -> Result<String, quick_xml::Error> {
    match element.try_get_attribute(name)? {
        Some(attribute) => Ok(attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned()),
        None => Ok(String::new()),
    }
}
