//! The result document, `metaprop/1`: every number with all its digits, in a fixed order of keys.
//!
//! It is written as a stream, a study at a time, so a million studies need no copy in memory. What
//! does not exist is `null`; there is no NaN and no infinity.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use serde_json::ser::Formatter;

use super::subgroups;
use super::version::VERSION;
use crate::analysis::{Companion, MetaAnalysis};
use crate::data::{ColumnsRead, Provenance};
use crate::format::is_control;
use crate::published::claim::{Claim, Entry};

/// The name and version of the document. Within a version, keys are only ever added.
pub const SCHEMA: &str = "metaprop/1";

/// How the document is laid out; the content is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A key a line and a study a line: for people, and for comparing versions.
    Indented,
    /// The whole document on one line: JSON lines.
    Line,
}

/// Writes a document, with a line feed at the end.
///
/// Control characters and bidirectional overrides in names are written as `\u` escapes, so the
/// document can be shown on a terminal and still reads back to the same names.
///
/// # Errors
///
/// What the writer gives.
pub fn write(document: &impl Serialize, layout: Layout, mut to: impl Write) -> io::Result<()> {
    match layout {
        Layout::Indented => {
            document.serialize(&mut serde_json::Serializer::with_formatter(&mut to, Indented::default()))
        }
        Layout::Line => document.serialize(&mut serde_json::Serializer::with_formatter(&mut to, Plain)),
    }?;
    to.write_all(b"\n")
}

/// A document as text.
///
/// ```
/// use metaprop::report::json::{Layout, text};
/// use metaprop::{Spec, Dataset, fit};
///
/// let table = Dataset::proportions([("Alpha", 8, 12), ("Beta", 9, 13)])?;
/// let document = text(&fit(&table, &Spec::default())?, Layout::Line);
/// assert!(document.starts_with(r#"{"schema":"metaprop/1","#));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn text(document: &impl Serialize, layout: Layout) -> String {
    let mut bytes = Vec::new();
    // A vector takes every write, and every document has string keys alone.
    let written = write(document, layout, &mut bytes);
    debug_assert!(written.is_ok(), "{written:?}");
    String::from_utf8(bytes).unwrap_or_default()
}

impl Serialize for MetaAnalysis {
    /// The document `metaprop/1`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serialize_result(self, &self.companions(), to)
    }
}

/// A result as a document without companions: that of one of many groups, for each of which the exact models would take
/// longer than the result itself.
#[cfg(feature = "cli")]
pub(crate) struct WithoutCompanions<'a>(pub &'a MetaAnalysis);

#[cfg(feature = "cli")]
impl Serialize for WithoutCompanions<'_> {
    /// The document `metaprop/1`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serialize_result(self.0, &[], to)
    }
}

/// The document `metaprop/1`.
fn serialize_result<S: Serializer>(
    result: &MetaAnalysis,
    companions: &[Companion],
    to: S,
) -> Result<S::Ok, S::Error> {
    let (events, total) = result.sums().unzip();
    let mut document = to.serialize_struct("MetaAnalysis", 20)?;
    document.serialize_field("schema", SCHEMA)?;
    document.serialize_field("provenance", &Table::of(result))?;
    document.serialize_field("spec", &result.spec)?;
    document.serialize_field("k", &result.k())?;
    document.serialize_field("events", &events)?;
    document.serialize_field("total", &total)?;
    document.serialize_field("crude", &result.crude())?;
    document.serialize_field("companions", companions)?;
    document.serialize_field("studies", &Rows(result))?;
    document.serialize_field("excluded", &result.excluded)?;
    document.serialize_field("common", &result.common)?;
    document.serialize_field("random", &result.random)?;
    document.serialize_field("prediction", &result.prediction)?;
    document.serialize_field("heterogeneity", &result.heterogeneity)?;
    document.serialize_field("distribution", &result.distribution)?;
    document.serialize_field("subgroups", &subgroups::levels(result))?;
    document.serialize_field("between", &result.subgroups().first().and_then(|first| first.between))?;
    document.serialize_field("tests_between", &subgroups::tests(result))?;
    document.serialize_field("convergence", &Convergence::of(result))?;
    document.serialize_field("advisories", &result.advisories)?;
    document.end()
}

impl Serialize for Provenance {
    /// With the version that computed. Data given in code have no name and no hash: both are null.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut provenance = to.serialize_struct("Provenance", 3)?;
        provenance.serialize_field("metaprop", VERSION)?;
        provenance.serialize_field("data", &given(&self.data))?;
        provenance.serialize_field("sha256", &given(&self.sha256))?;
        provenance.end()
    }
}

/// Printed figures as a list of `{ field, printed }`, for `serialize_with`.
pub(super) fn printed<S: Serializer>(claim: &Claim, to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Figure {
        field: &'static str,
        printed: String,
    }
    let figure = |entry: &Entry| Figure { field: entry.field.key(), printed: entry.printed.to_string() };
    to.collect_seq(claim.entries.iter().map(figure))
}

/// Where the studies came from, and what was read of their table.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Table<'a> {
    #[serde(flatten)]
    provenance: &'a Provenance,
    sheet: Option<&'a str>,
    columns: Option<Columns<'a>>,
    filters: &'a [String],
    rows: RowCounts,
}

/// The columns that the studies came from.
#[derive(Debug, Clone, Serialize)]
struct Columns<'a> {
    study: &'a [String],
    events: Option<&'a str>,
    total: Option<&'a str>,
    percent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a str>,
    // There for estimates alone.
    #[serde(flatten)]
    of_estimates: Option<EstimateColumns<'a>>,
}

/// The columns that estimates came from.
#[derive(Debug, Clone, Serialize)]
struct EstimateColumns<'a> {
    estimate: &'a str,
    se: Option<&'a str>,
    variance: Option<&'a str>,
    lower: Option<&'a str>,
    upper: Option<&'a str>,
}

/// What became of the rows: `read` is the sum of the others.
#[derive(Debug, Clone, Serialize)]
struct RowCounts {
    read: usize,
    used: usize,
    excluded: usize,
    filtered: usize,
}

impl<'a> Table<'a> {
    pub fn of(result: &'a MetaAnalysis) -> Self {
        let (provenance, columns) = (&result.data.provenance, &result.data.columns);
        let columns = (*columns != ColumnsRead::default()).then(|| Columns {
            study: &columns.study,
            events: given(&columns.events),
            total: given(&columns.total),
            percent: given(&columns.percent),
            cluster: result.data.clusters().map(crate::data::Clusters::column),
            of_estimates: given(&columns.estimate).map(|estimate| EstimateColumns {
                estimate,
                se: given(&columns.se),
                variance: given(&columns.variance),
                lower: given(&columns.lower),
                upper: given(&columns.upper),
            }),
        });
        let ledger = &result.data.ledger;
        let rows = RowCounts {
            read: ledger.read,
            used: result.k(),
            excluded: result.excluded.len(),
            filtered: ledger.filtered,
        };
        let (sheet, filters) = (provenance.sheet.as_deref(), &provenance.filters);
        Self { provenance, sheet, columns, filters, rows }
    }
}

/// A text that is there.
fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The record of the iteration, with its status as a word.
#[derive(Serialize)]
struct Convergence<'a> {
    algorithm: &'a str,
    iterations: u32,
    tolerance: f64,
    status: &'static str,
    bracket: Option<[f64; 2]>,
    at_bracket: Option<[f64; 2]>,
    alternatives: &'a [f64],
}

impl<'a> Convergence<'a> {
    fn of(result: &'a MetaAnalysis) -> Self {
        let record = &result.convergence;
        Self {
            algorithm: record.algorithm,
            iterations: record.iterations,
            tolerance: record.tolerance,
            status: record.status.key(),
            bracket: record.bracket,
            at_bracket: record.at_bracket,
            alternatives: &record.alternatives,
        }
    }
}

/// The studies, each made when it is written.
struct Rows<'a>(&'a MetaAnalysis);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.rows())
    }
}

/// One line, nothing between.
struct Plain;

impl Formatter for Plain {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, to: &mut W, fragment: &str) -> io::Result<()> {
        write_escaped(to, fragment)
    }
}

/// Two levels indented by two blanks each, what is deeper on one line: a key a line, a study a line.
#[derive(Default)]
struct Indented {
    depth: usize,
    empty: bool,
}

impl Indented {
    /// The depth down to which every entry has a line of its own.
    const LINES: usize = 2;

    fn open<W: ?Sized + Write>(&mut self, to: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        to.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, to: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if !self.empty && self.depth < Self::LINES {
            self.new_line(to)?;
        }
        self.empty = false;
        to.write_all(bracket)
    }

    fn entry<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.empty = false;
        let on_its_own_line = self.depth <= Self::LINES;
        match (first, on_its_own_line) {
            (true, true) => self.new_line(to),
            (true, false) => Ok(()),
            (false, true) => to.write_all(b",").and_then(|()| self.new_line(to)),
            (false, false) => to.write_all(b", "),
        }
    }

    fn new_line<W: ?Sized + Write>(&self, to: &mut W) -> io::Result<()> {
        write!(to, "\n{:1$}", "", 2 * self.depth)
    }
}

impl Formatter for Indented {
    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.open(to, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.close(to, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.entry(to, first)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.open(to, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.close(to, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.entry(to, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, to: &mut W, fragment: &str) -> io::Result<()> {
        write_escaped(to, fragment)
    }
}

/// A piece of a string; what could command a terminal and JSON leaves alone is escaped.
fn write_escaped<W: ?Sized + Write>(to: &mut W, fragment: &str) -> io::Result<()> {
    let mut rest = fragment;
    while let Some((at, character)) = rest.char_indices().find(|(_, c)| is_control(*c)) {
        to.write_all(&rest.as_bytes()[..at])?;
        // Every such character lies below U+FFFF, so one escape is enough.
        write!(to, "\\u{:04x}", u32::from(character))?;
        rest = &rest[at + character.len_utf8()..];
    }
    to.write_all(rest.as_bytes())
}
