//! Files of Stata (`.dta`), of releases 113 to 115 and 117 to 119 and of either byte order.
//!
//! A row of the table is an observation, its line the number of that observation. A value is the text of its label where
//! every value of its variable has one; labels of some values alone (0 "none") would make words of counts, and are left
//! aside. A missing value (`.`, `.a` to `.z`) is an empty cell, a date that of the format of its variable.

mod bytes;
mod labels;
mod layout;
mod values;

use std::borrow::Cow;
use std::collections::HashMap;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use self::bytes::{Broken, Bytes, until_zero};
use self::labels::{Labels, LongText, LongTexts};
use self::layout::{Kind, Layout, Variable};
use self::values::Number;
use super::cells::Cells;
use super::table::Table;
use super::text::{quoted, refused};
use crate::error::Error;

pub(super) use self::layout::begins;

/// As much text as the cells of a file may have together: one label or long text may stand in every row.
const MOST_BYTES: usize = 4 << 30;

/// What a cell of bytes that are no text says.
const BINARY: &str = "(binary)";

/// The table in a file, and whether a text in it was read as Windows-1252 without that being said.
///
/// # Errors
///
/// [`Error::Data`] where the file is of another release, is cut off, or is no UTF-8 where it should be.
pub(super) fn read(
    bytes: &[u8],
    file: &str,
    encoding: Option<&'static Encoding>,
) -> Result<(Table<'static>, bool), Error> {
    let broken = |Broken { what, at }: Broken| {
        let what = format!("this Stata file cannot be read: {what} (byte {at})");
        refused(file, what, "fetch it again; or in Stata, save it again with saveold, or export it as CSV")
    };
    File::read(bytes, encoding).and_then(File::table).map_err(broken)
}

/// The parts of a file.
struct File<'a> {
    layout: Layout<'a>,
    data: Bytes<'a>,
    texts: LongTexts<'a>,
    labels: HashMap<&'a [u8], Labels<'a>>,
    encoding: Option<&'static Encoding>,
    /// Whether a text was read as Windows-1252 without that being said.
    guessed: bool,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8], encoding: Option<&'static Encoding>) -> Result<Self, Broken> {
        let mut bytes = Bytes::new(bytes);
        let layout = Layout::read(&mut bytes)?;
        let data = bytes;
        bytes.parts(layout.observations, layout.width(), "the data")?;
        let texts =
            if layout.is_tagged { labels::long_texts(&mut bytes, &layout)? } else { LongTexts::default() };
        let labels = labels::labels(&mut bytes, &layout)?;
        let encoding = encoding.or(layout.is_utf8.then_some(UTF_8));
        Ok(Self { layout, data, texts, labels, encoding, guessed: false })
    }

    fn table(mut self) -> Result<(Table<'static>, bool), Broken> {
        self.leave_labels_of_some_values()?;
        let variables = std::mem::take(&mut self.layout.variables);
        let names = variables
            .iter()
            .map(|variable| self.decoded(variable.name, self.data.at).map(Cow::into_owned))
            .collect::<Result<_, _>>()?;
        let (mut cells, mut bytes, mut row) = (Cells::default(), 0, Vec::new());
        for observation in 1..=self.layout.observations {
            row.clear();
            for variable in &variables {
                let cell = self.cell(variable)?;
                bytes += cell.len();
                if bytes > MOST_BYTES {
                    return Err(self.data.broken("its texts have more than 4 GiB".to_owned()));
                }
                row.push(cell);
            }
            cells.push(u32::try_from(observation).unwrap_or(u32::MAX), row.iter().map(AsRef::as_ref));
        }
        Ok((Table::of_records(names, cells), self.guessed))
    }

    /// Takes the labels from the variables of which a value that occurs has none.
    fn leave_labels_of_some_values(&mut self) -> Result<(), Broken> {
        let (width, order) = (self.layout.width(), self.data.order);
        let rows = { self.data }.parts(self.layout.observations, width, "the data")?;
        let mut start = 0;
        for variable in &mut self.layout.variables {
            let (place, kind) = (start..start + variable.kind.width(), variable.kind);
            start = place.end;
            let Some(labels) = self.labels.get(variable.labels) else { continue };
            let mut numbers =
                rows.chunks_exact(width).filter_map(|row| Number::read(&row[place.clone()], kind, order));
            if !numbers.all(|number| number.whole().is_some_and(|whole| labels.has(whole))) {
                variable.labels = &[];
            }
        }
        Ok(())
    }

    /// The text of the next cell.
    fn cell(&mut self, variable: &Variable<'a>) -> Result<Cow<'a, str>, Broken> {
        let at = self.data.at;
        let bytes = self.data.take(variable.kind.width(), "the data")?;
        match variable.kind {
            Kind::Text(_) => self.decoded(until_zero(bytes), at),
            Kind::LongText => match self.long_text(bytes) {
                Some(LongText::Text(text)) => self.decoded(text, at),
                Some(LongText::Binary) => Ok(Cow::Borrowed(BINARY)),
                None => Ok(Cow::Borrowed("")),
            },
            kind => {
                let Some(number) = Number::read(bytes, kind, self.data.order) else {
                    return Ok(Cow::Borrowed(""));
                };
                let set = if variable.labels.is_empty() { None } else { self.labels.get(variable.labels) };
                let label = set.zip(number.whole()).and_then(|(set, whole)| set.get(whole));
                match label {
                    Some(label) => self.decoded(label, at),
                    None => Ok(Cow::Owned(number.text(variable.format))),
                }
            }
        }
    }

    /// The long text that a cell refers to; an empty one is not kept.
    fn long_text(&self, reference: &[u8]) -> Option<LongText<'a>> {
        let width = self.layout.widths.variable_of_reference;
        let order = self.data.order;
        let (variable, observation) = reference.split_at_checked(width)?;
        self.texts.get(&(order.whole(variable), order.whole(observation))).copied()
    }

    /// A text in the encoding that is named, or else in UTF-8, or before release 118 in Windows-1252 where it is none.
    fn decoded(&mut self, bytes: &'a [u8], at: usize) -> Result<Cow<'a, str>, Broken> {
        let (text, is_wrong) = match self.encoding {
            Some(encoding) => encoding.decode_without_bom_handling(bytes),
            None => match std::str::from_utf8(bytes) {
                Ok(text) => (Cow::Borrowed(text), false),
                Err(_) => {
                    self.guessed = true;
                    WINDOWS_1252.decode_without_bom_handling(bytes)
                }
            },
        };
        if is_wrong {
            let name = self.encoding.unwrap_or(UTF_8).name();
            let text = String::from_utf8_lossy(bytes);
            let what = format!("the text {} is no {name}; --encoding names another", quoted(&text));
            return Err(Broken { what, at });
        }
        Ok(text)
    }
}
