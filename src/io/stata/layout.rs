//! How a file of Stata is laid out: its release, its variables, and how many observations there are.
//!
//! Releases 113 to 115 (Stata 8 to 12) are binary from their first byte on; 117 to 119 (Stata 13 and later) set every
//! part between tags, with numbers and texts of a fixed width inside. No release 116 was ever published.

use super::bytes::{Broken, Bytes, Order, until_zero};

/// The releases that are read, for messages.
pub(super) const READ: &str = "113 to 115 and 117 to 119 (Stata 8 and later)";

/// What stands before the first variable is described.
const TAGS: &str = "<stata_dta><header><release>";

/// How wide the parts of a file are, by its release.
#[derive(Debug, Clone, Copy)]
pub(super) struct Widths {
    /// Names of variables and of sets of labels.
    pub name: usize,
    format: usize,
    describing: usize,
    variables: usize,
    observations: usize,
    sorted: usize,
    data_label: usize,
    /// The variable in the reference of a cell to a long text; the observation takes the rest of eight bytes.
    pub variable_of_reference: usize,
    /// The observation of a long text where it is kept.
    pub observation_of_text: usize,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variable<'a> {
    pub name: &'a [u8],
    pub kind: Kind,
    /// How its values are shown: `%9.0g`, `%td`.
    pub format: &'a [u8],
    /// The name of its set of labels, or nothing.
    pub labels: &'a [u8],
}

/// What a cell of a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text of at most so many bytes.
    Text(usize),
    /// A reference to a text that is kept behind the data.
    LongText,
    Byte,
    Int,
    Long,
    Float,
    Double,
}

impl Kind {
    /// How many bytes a cell has.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Text(width) => width,
            Self::Byte => 1,
            Self::Int => 2,
            Self::Long | Self::Float => 4,
            Self::Double | Self::LongText => 8,
        }
    }

    fn of_binary(number: usize) -> Option<Self> {
        Some(match number {
            1..=244 => Self::Text(number),
            251 => Self::Byte,
            252 => Self::Int,
            253 => Self::Long,
            254 => Self::Float,
            255 => Self::Double,
            _ => return None,
        })
    }

    fn of_tagged(number: usize) -> Option<Self> {
        Some(match number {
            1..=2045 => Self::Text(number),
            32_768 => Self::LongText,
            65_526 => Self::Double,
            65_527 => Self::Float,
            65_528 => Self::Long,
            65_529 => Self::Int,
            65_530 => Self::Byte,
            _ => return None,
        })
    }
}

/// What the beginning of a file says.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    pub is_tagged: bool,
    /// Whether texts are UTF-8, as they are from release 118 on.
    pub is_utf8: bool,
    pub widths: Widths,
    pub variables: Vec<Variable<'a>>,
    pub observations: usize,
}

/// Whether a file begins as one of Stata.
pub(in crate::io) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"<stata_dta>") || matches!(bytes, [102..=115, 1..=2, 1, ..])
}

impl<'a> Layout<'a> {
    /// Reads up to where the data begin.
    pub(super) fn read(bytes: &mut Bytes<'a>) -> Result<Self, Broken> {
        let layout = if bytes.passes(TAGS) { Self::of_tagged(bytes)? } else { Self::of_binary(bytes)? };
        if layout.variables.is_empty() {
            return Err(bytes.broken("there are no variables in it".to_owned()));
        }
        Ok(layout)
    }

    /// How many bytes an observation has.
    pub(super) fn width(&self) -> usize {
        self.variables.iter().map(|variable| variable.kind.width()).sum()
    }

    fn of_binary(bytes: &mut Bytes<'a>) -> Result<Self, Broken> {
        let release = bytes.number(1, "the release")?;
        let widths = Widths {
            name: 33,
            format: if release == 113 { 12 } else { 49 },
            describing: 81,
            variables: 2,
            observations: 4,
            sorted: 2,
            data_label: 0,
            variable_of_reference: 4,
            observation_of_text: 4,
        };
        if !(113..=115).contains(&release) {
            return Err(unknown(bytes, &release.to_string()));
        }
        bytes.order = if bytes.take(1, "the header")? == [1] { Order::MostFirst } else { Order::LeastFirst };
        bytes.take(2, "the header")?;
        let count = bytes.number(widths.variables, "the number of variables")?;
        let observations = bytes.number(widths.observations, "the number of observations")?;
        bytes.take(81 + 18, "the header")?;
        let kinds = bytes.parts(count, 1, "the types of the variables")?;
        let names = bytes.parts(count, widths.name, "the names of the variables")?;
        bytes.parts(count + 1, widths.sorted, "the order of sorting")?;
        let formats = bytes.parts(count, widths.format, "the formats")?;
        let labels = bytes.parts(count, widths.name, "the names of the labels")?;
        bytes.parts(count, widths.describing, "the labels of the variables")?;
        while let [kind, length @ ..] = bytes.take(5, "the characteristics")? {
            let length = usize::try_from(bytes.order.whole(length)).unwrap_or(usize::MAX);
            if *kind == 0 && length == 0 {
                break;
            }
            bytes.take(length, "the characteristics")?;
        }
        let kinds = kinds.iter().map(|kind| usize::from(*kind));
        let described = Described { names, formats, labels, widths };
        let variables = described.variables(kinds, Kind::of_binary, bytes)?;
        Ok(Self { is_tagged: false, is_utf8: false, widths, variables, observations })
    }

    fn of_tagged(bytes: &mut Bytes<'a>) -> Result<Self, Broken> {
        let release = bytes.take(3, "the release")?;
        let is_utf8 = release != b"117";
        let widths = match release {
            b"117" => Widths {
                name: 33,
                format: 49,
                describing: 81,
                variables: 2,
                observations: 4,
                sorted: 2,
                data_label: 1,
                variable_of_reference: 4,
                observation_of_text: 4,
            },
            b"118" | b"119" => Widths {
                name: 129,
                format: 57,
                describing: 321,
                variables: if is_119(release) { 4 } else { 2 },
                observations: 8,
                sorted: if is_119(release) { 4 } else { 2 },
                data_label: 2,
                variable_of_reference: if is_119(release) { 3 } else { 2 },
                observation_of_text: 8,
            },
            _ => return Err(unknown(bytes, &String::from_utf8_lossy(release))),
        };
        bytes.tag("</release><byteorder>")?;
        bytes.order = match bytes.take(3, "the byte order")? {
            b"MSF" => Order::MostFirst,
            b"LSF" => Order::LeastFirst,
            _ => return Err(bytes.broken("the byte order is neither MSF nor LSF".to_owned())),
        };
        bytes.tag("</byteorder><K>")?;
        let count = bytes.number(widths.variables, "the number of variables")?;
        bytes.tag("</K><N>")?;
        let observations = bytes.number(widths.observations, "the number of observations")?;
        bytes.tag("</N><label>")?;
        let length = bytes.number(widths.data_label, "the header")?;
        bytes.take(length, "the header")?;
        bytes.tag("</label><timestamp>")?;
        let length = bytes.number(1, "the header")?;
        bytes.take(length, "the header")?;
        bytes.tag("</timestamp></header>")?;
        let mut part = |tag: &str, count: usize, width: usize| {
            bytes.tag(&format!("<{tag}>"))?;
            let part = bytes.parts(count, width, &format!("<{tag}>"))?;
            bytes.tag(&format!("</{tag}>")).map(|()| part)
        };
        part("map", 14, 8)?;
        let kinds = part("variable_types", count, 2)?;
        let names = part("varnames", count, widths.name)?;
        part("sortlist", count.saturating_add(1), widths.sorted)?;
        let formats = part("formats", count, widths.format)?;
        let labels = part("value_label_names", count, widths.name)?;
        part("variable_labels", count, widths.describing)?;
        bytes.tag("<characteristics>")?;
        while bytes.passes("<ch>") {
            let length = bytes.number(4, "the characteristics")?;
            bytes.take(length, "the characteristics")?;
            bytes.tag("</ch>")?;
        }
        bytes.tag("</characteristics><data>")?;
        let order = bytes.order;
        let kinds = kinds.chunks_exact(2).map(|kind| usize::try_from(order.whole(kind)).unwrap_or_default());
        let described = Described { names, formats, labels, widths };
        let variables = described.variables(kinds, Kind::of_tagged, bytes)?;
        Ok(Self { is_tagged: true, is_utf8, widths, variables, observations })
    }
}

fn is_119(release: &[u8]) -> bool {
    release == b"119"
}

/// What is said of the variables, each in a part of its own.
struct Described<'a> {
    names: &'a [u8],
    formats: &'a [u8],
    labels: &'a [u8],
    widths: Widths,
}

impl<'a> Described<'a> {
    fn variables(
        &self,
        kinds: impl Iterator<Item = usize>,
        kind: impl Fn(usize) -> Option<Kind>,
        bytes: &Bytes<'a>,
    ) -> Result<Vec<Variable<'a>>, Broken> {
        let names = self.names.chunks_exact(self.widths.name).map(until_zero);
        let formats = self.formats.chunks_exact(self.widths.format).map(until_zero);
        let labels = self.labels.chunks_exact(self.widths.name).map(until_zero);
        let mut variables = Vec::new();
        for (((number, name), format), labels) in kinds.zip(names).zip(formats).zip(labels) {
            let Some(kind) = kind(number) else {
                let name = String::from_utf8_lossy(name);
                return Err(bytes.broken(format!("the variable '{name}' has the unknown type {number}")));
            };
            variables.push(Variable { name, kind, format, labels });
        }
        Ok(variables)
    }
}

fn unknown(bytes: &Bytes<'_>, release: &str) -> Broken {
    bytes.broken(format!("it has the release {release}; read are {READ}"))
}
