//! What the commands share: the formats of their files, and handing a result over.

use std::path::{Path, PathBuf};

use super::args::{self, DocumentFormat, TableFormat};
use super::terminal::Terminal;
use crate::error::{Error, Problem};
use crate::format;
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::report::{self, Document, Format};

/// The files that were asked for, each in the format of its extension, checked before any work is done.
pub(super) fn targets(
    output: &[PathBuf],
    known: &[Format],
    inputs: &Inputs,
) -> Result<Vec<(PathBuf, Format)>, Error> {
    let (mut targets, mut problems) = (Vec::new(), Vec::new());
    for path in output {
        match Format::of(path, known) {
            Some(format) => targets.push((path.clone(), format)),
            None => problems.push(not_written(path, known)),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Usage(problems));
    }
    targets.iter().try_for_each(|(path, _)| output_file::check(path, inputs))?;
    Ok(targets)
}

fn not_written(path: &Path, known: &[Format]) -> Problem {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    let what = format!("--output {}: '.{extension}' is not a format that is written", format::path(path));
    Problem::new(what).help(format!("the extension decides: {}", Format::extensions(known)))
}

/// Prints a result in one format, and writes it in those of the files.
pub(super) fn hand_over(
    terminal: &Terminal,
    format: Option<Format>,
    targets: &[(PathBuf, Format)],
    document: &impl Document,
) -> Result<(), Error> {
    // Files first: a reader of standard output that goes away costs none of them.
    for (path, format) in targets {
        let text = report::write(document, *format, false).unwrap_or_default();
        output_file::write(path, |out| out.write_all(text.as_bytes()))?;
    }
    let printed = format.and_then(|format| report::write(document, format, terminal.color));
    printed.map_or(Ok(()), |text| terminal.print(text.as_bytes()))
}

impl From<args::Format> for Format {
    fn from(asked: args::Format) -> Self {
        match asked {
            args::Format::Text => Self::Text,
            args::Format::Json => Self::Json,
            args::Format::Jsonl => Self::Jsonl,
            args::Format::Csv => Self::Csv,
            args::Format::Md => Self::Markdown,
            args::Format::Html => Self::Html,
        }
    }
}

impl From<DocumentFormat> for Format {
    fn from(asked: DocumentFormat) -> Self {
        match asked {
            DocumentFormat::Text => Self::Text,
            DocumentFormat::Json => Self::Json,
            DocumentFormat::Md => Self::Markdown,
        }
    }
}

impl From<TableFormat> for Format {
    fn from(asked: TableFormat) -> Self {
        match asked {
            TableFormat::Text => Self::Text,
            TableFormat::Json => Self::Json,
            TableFormat::Csv => Self::Csv,
            TableFormat::Md => Self::Markdown,
        }
    }
}
