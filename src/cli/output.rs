//! What the commands of the reviewer's bench share: their formats and their files.

use std::path::{Path, PathBuf};

use super::args::DocumentFormat;
use super::terminal::Terminal;
use crate::error::{Error, Problem};
use crate::io::files;

/// The files that were asked for, each checked before any work is done.
pub(super) fn targets(output: &[PathBuf], inputs: &[&Path]) -> Result<Vec<(PathBuf, DocumentFormat)>, Error> {
    let (mut targets, mut problems) = (Vec::new(), Vec::new());
    for path in output {
        match by_extension(path) {
            Ok(format) => targets.push((path.clone(), format)),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Usage(problems));
    }
    targets.iter().try_for_each(|(path, _)| files::check_output(path, inputs))?;
    Ok(targets)
}

fn by_extension(path: &Path) -> Result<DocumentFormat, Problem> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    match extension.as_str() {
        "json" => Ok(DocumentFormat::Json),
        "md" => Ok(DocumentFormat::Md),
        "txt" => Ok(DocumentFormat::Text),
        _ => {
            let what = format!("--output {}: '.{extension}' is not a format that is written", path.display());
            Err(Problem::new(what).help("the extension decides: .json .md .txt"))
        }
    }
}

/// Prints a result in one format, and writes it in those of the files. `write` is told the format and
/// whether to colour.
pub(super) fn hand_over(
    terminal: &Terminal,
    format: Option<DocumentFormat>,
    targets: &[(PathBuf, DocumentFormat)],
    write: impl Fn(DocumentFormat, bool) -> String,
) -> Result<(), Error> {
    // Files first: a reader of standard output that goes away costs none of them.
    for (path, format) in targets {
        files::write(path, |out| out.write_all(write(*format, false).as_bytes()))?;
    }
    format.map_or(Ok(()), |format| terminal.print(write(format, terminal.color).as_bytes()))
}
