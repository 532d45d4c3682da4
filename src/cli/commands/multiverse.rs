//! `metaprop multiverse`: every defensible specification, one table and one curve.

use std::path::Path;

use super::pool::read_table;
use crate::cli::args::{MultiverseArgs, TableFormat};
use crate::cli::interrupt::Interrupt;
use crate::cli::progress::Progress;
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, files};
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::options::Request;
use crate::plot::specification;
use crate::published::multiverse::{Conclusion, Multiverse, multiverse};
use crate::report::multiverse::{self as report, MultiverseReport};

/// Computes every specification that the choice flags leave open.
pub(in crate::cli) fn run(args: &MultiverseArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let targets = args.output.iter().map(|path| target(path, &args.data)).collect::<Result<Vec<_>, _>>()?;
    let request = *args.choices;
    let spec = request.resolve()?;
    let table = read_table(&args.data, &args.table)?;
    let all = survey(&table, &request, args.conclusion.clone())?;
    let surveyed = MultiverseReport { provenance: table.provenance.clone(), spec, all };
    for (path, format) in targets {
        files::write(path, |out| out.write_all(written(&surveyed, format, args, false).as_bytes()))?;
    }
    terminal.print(written(&surveyed, Some(args.format), args, terminal.color).as_bytes())?;
    Ok(if surveyed.all.stopped { Ending::Interrupted } else { Ending::Done })
}

/// Every specification; those that Ctrl-C leaves time for.
pub(super) fn survey(
    table: &Dataset,
    request: &Request,
    conclusion: Option<Conclusion>,
) -> Result<Multiverse, Error> {
    let (interrupt, mut progress) = (Interrupt::armed(), Progress::new("specifications"));
    multiverse(table, request, conclusion, |done, all| {
        progress.at(done as u64, all as u64);
        !interrupt.came()
    })
}

/// In one format; the specification curve where there is none.
fn written(
    surveyed: &MultiverseReport,
    format: Option<TableFormat>,
    args: &MultiverseArgs,
    color: bool,
) -> String {
    match format {
        Some(TableFormat::Text) => report::text(surveyed, color),
        Some(TableFormat::Json) => report::json(surveyed),
        Some(TableFormat::Csv) => report::csv(surveyed),
        Some(TableFormat::Md) => report::markdown(surveyed),
        None => specification::draw(
            &surveyed.all,
            &specification::Options { title: args.title.clone(), ..specification::Options::default() },
        ),
    }
}

/// What a file is to hold, by its extension; checked before any work is done.
fn target<'a>(path: &'a Path, data: &str) -> Result<(&'a Path, Option<TableFormat>), Error> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    let format = match extension.as_str() {
        "svg" => None,
        "json" => Some(TableFormat::Json),
        "csv" => Some(TableFormat::Csv),
        "md" => Some(TableFormat::Md),
        "txt" => Some(TableFormat::Text),
        _ => {
            let what = format!("--output {}: '.{extension}' is not a format that is written", path.display());
            return Err(Error::Usage(vec![
                Problem::new(what).help("the extension decides: .svg .json .csv .md .txt"),
            ]));
        }
    };
    files::check_output(path, &[Path::new(data)])?;
    Ok((path, format))
}
