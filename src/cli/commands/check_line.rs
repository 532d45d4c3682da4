//! `metaprop check --line`: one sentence against a table.

use super::line::Figures;
use crate::analysis::fit;
use crate::cli::args::CheckArgs;
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::options::Parts;
use crate::published::claim::Claim;
use crate::report::CheckReport;
use crate::report::check::CheckedOutcome;

/// The verdict on the result in a sentence.
pub(super) fn check(line: &str, args: &CheckArgs) -> Result<CheckReport, Error> {
    let figures = Figures::new(Some(line), &[])?.on_scale(args.display.scale);
    let name = args.analysis.to_str().ok_or_else(|| {
        let problem = Problem::new("the name of the table is not UTF-8");
        Error::Usage(vec![problem.help("give it another name, or pipe it in")])
    })?;
    let spec = figures.choices(*args.choices).resolve_for(&args.table, *args.display, &Parts::default())?;
    let result = fit(&Dataset::read_with(name, &args.table)?, &spec)?;
    let claim = Claim { outcome: LINE.to_owned(), note: figures.reading, ..figures.claim };
    let provenance = result.data().provenance().clone();
    let outcome = CheckedOutcome {
        id: LINE.to_owned(),
        title: name.to_owned(),
        provenance: provenance.clone(),
        spec: Some(spec),
    };
    let verdict = result.check(&claim);
    Ok(CheckReport::new(provenance, vec![outcome], vec![verdict], result.advisories))
}

/// What the outcome is called that a sentence is about.
const LINE: &str = "line";
