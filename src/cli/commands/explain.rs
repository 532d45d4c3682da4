//! `metaprop pool --explain-diff`: two analyses side by side, with the gap split by convention.

use std::path::Path;

use super::pool::read_table;
use crate::cli::Ending;
use crate::cli::args::{DocumentFormat, Format, PoolArgs};
use crate::cli::output::{hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::error::{Error, Problem};
use crate::options::Request;
use crate::options::{Choice, Profile};
use crate::published::explain::explain;
use crate::report::explain::{self as report, Both, ExplainReport};

pub(super) fn run(args: &PoolArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let format = format(args.format)?;
    // clap requires DATA where there is no --from, and refuses --from here.
    let data = args.data.as_deref().unwrap_or("-");
    let targets = targets(&args.output, &[Path::new(data)])?;
    let (names, requests) = sides(&args.explain_diff, *args.choices)?;
    let spec = Both { a: requests.a.resolve()?, b: requests.b.resolve()? };
    let table = read_table(data, &args.table)?;
    let compared = ExplainReport {
        explained: explain(&table, &spec.a, &spec.b)?,
        provenance: table.provenance,
        names,
        spec,
        display: args.display.display(),
    };
    hand_over(terminal, Some(format), &targets, |format, color| match format {
        DocumentFormat::Text => report::text(&compared, color),
        DocumentFormat::Json => report::json(&compared),
        DocumentFormat::Md => report::markdown(&compared),
    })?;
    Ok(Ending::Done)
}

/// Two profiles, with the given choices on both sides; or a profile as it is, and the given choices.
fn sides(profiles: &[Profile], given: Request) -> Result<(Both<String>, Both<Request>), Error> {
    let wrong = |what: &str, help: &str| Err(Error::Usage(vec![Problem::new(what).help(help)]));
    let of = |profile| Request { profile: Some(profile), ..given };
    match *profiles {
        [a, b] if given.profile.is_none() => {
            let names = Both { a: a.key().to_string(), b: b.key().to_string() };
            Ok((names, Both { a: of(a), b: of(b) }))
        }
        [_, _] => wrong(
            "--profile does not go with two profiles in --explain-diff",
            "name one profile there to compare it with --profile and the other choices",
        ),
        [_] if given == Request::default() => wrong(
            "--explain-diff with one profile needs something to compare it with",
            "name a second profile, or give choices: --explain-diff meta --tau2 dl",
        ),
        [a] => {
            let names = Both { a: a.key().to_string(), b: "the given choices".to_string() };
            Ok((names, Both { a: Request { profile: Some(a), ..Request::default() }, b: given }))
        }
        _ => wrong("--explain-diff takes two profiles", "such as --explain-diff meta,dl-wald"),
    }
}

fn format(format: Format) -> Result<DocumentFormat, Error> {
    match format {
        Format::Text => Ok(DocumentFormat::Text),
        Format::Json => Ok(DocumentFormat::Json),
        Format::Md => Ok(DocumentFormat::Md),
        Format::Jsonl | Format::Csv | Format::Html => {
            let problem = Problem::new("--explain-diff has no such format");
            Err(Error::Usage(vec![problem.help("text, json or md")]))
        }
    }
}
