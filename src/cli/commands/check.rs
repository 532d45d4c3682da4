//! `metaprop check`: published claims against recomputed values.

use std::path::{Path, PathBuf};

use crate::cli::analysis::Analysis;
use crate::cli::args::{CheckArgs, DocumentFormat};
use crate::cli::output::{hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, files, verdicts};
use crate::error::{Error, Problem};
use crate::report::check as report;
use crate::report::junit;

/// Holds every claim of an analysis file against its outcome; exit 1 where one fails.
pub(in crate::cli) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let analysis = Analysis::open(Some(&args.analysis))?;
    let inputs = analysis.inputs(Some(&args.analysis));
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let targets = targets(&args.output, &inputs)?;
    if let Some(path) = &args.junit {
        files::check_output(path, &inputs)?;
    }
    let checked = verdicts::check(&analysis)?;
    if checked.claims.is_empty() {
        let problem =
            Problem::new("there is no [[claim]] to check").at(analysis.provenance.data.clone(), None);
        return Err(Error::AnalysisFile(vec![problem.help(
            "add what is printed: [[claim]] with outcome, source and figures such as estimate = \"54.0%\"",
        )]));
    }
    let format = (!args.quiet).then_some(args.format);
    if let Some(path) = &args.junit {
        let suite = format!("metaprop check {}", checked.provenance.data);
        files::write(path, |out| out.write_all(junit::write(&suite, &report::junit(&checked)).as_bytes()))?;
    }
    hand_over(terminal, format, &targets, |format, color| match format {
        DocumentFormat::Text => report::text(&checked, color),
        DocumentFormat::Json => report::json(&checked),
        DocumentFormat::Md => report::markdown(&checked),
    })?;
    let warned = args.strict && !checked.advisories.is_empty();
    Ok(if checked.counts().fails > 0 || warned { Ending::Negative } else { Ending::Done })
}
