//! `metaprop check --line`: one sentence against a table.

use super::line::Figures;
use crate::analysis::fit;
use crate::cli::args::CheckArgs;
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::options::Parts;
use crate::published::claim::Claim;
use crate::report::CheckReport;

/// The verdict on the result in a sentence.
pub(super) fn check(line: &str, args: &CheckArgs) -> Result<CheckReport, Error> {
    let figures = Figures::new(Some(line), &[])?.on_scale(args.display.scale);
    let name = args.analysis.to_str().ok_or_else(|| {
        let problem = Problem::new("the name of the table is not UTF-8");
        Error::Usage(vec![problem.help("give it another name, or pipe it in")])
    })?;
    let spec = figures.choices(*args.choices).resolve_for(&args.table, *args.display, &Parts::default())?;
    let result = fit(&Dataset::read_with(name, &args.table)?, &spec)?;
    let claim = Claim { note: figures.reading, ..figures.claim };
    Ok(CheckReport::of_result(&result, name, claim))
}
