//! `metaprop check`: published claims against recomputed values.

use std::path::{Path, PathBuf};

use crate::advisory::{Advisory, Code};
use crate::analysis::{Outcome, run as analyse};
use crate::cli::analysis::Analysis;
use crate::cli::args::{BenchFormat, CheckArgs};
use crate::cli::bench::{hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, files};
use crate::error::{Error, Problem};
use crate::report::check::{self as report, Checked, CheckedOutcome};
use crate::report::junit;
use crate::review::claim::{self, ClaimVerdict, Verdict};
use crate::spec::Spec;
use crate::spec::analysis_file::OutcomeEntry;
use crate::study::Provenance;

/// Holds every claim of an analysis file against its outcome; exit 1 where one fails.
pub(in crate::cli) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let analysis = Analysis::open(Some(&args.analysis))?;
    let inputs = analysis.inputs(Some(&args.analysis));
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let targets = targets(&args.output, &inputs)?;
    if let Some(path) = &args.junit {
        files::check_output(path, &inputs)?;
    }
    let checked = check(&analysis)?;
    let format = (!args.quiet).then_some(args.format);
    if let Some(path) = &args.junit {
        let suite = format!("metaprop check {}", checked.provenance.data);
        files::write(path, |out| out.write_all(junit::write(&suite, &report::junit(&checked)).as_bytes()))?;
    }
    hand_over(terminal, format, &targets, |format, color| match format {
        BenchFormat::Text => report::text(&checked, color),
        BenchFormat::Json => report::json(&checked),
        BenchFormat::Md => report::markdown(&checked),
    })?;
    let warned = args.strict && !checked.advisories.is_empty();
    Ok(if checked.counts().fails > 0 || warned { Ending::Negative } else { Ending::Done })
}

fn check(analysis: &Analysis) -> Result<Checked, Error> {
    if analysis.claims.is_empty() {
        let problem =
            Problem::new("there is no [[claim]] to check").at(analysis.provenance.data.clone(), None);
        return Err(Error::AnalysisFile(vec![problem.help(
            "add what is printed: [[claim]] with outcome, source and figures such as estimate = \"54.0%\"",
        )]));
    }
    let claimed = |entry: &&OutcomeEntry| analysis.claims.iter().any(|claim| claim.outcome == entry.id);
    let entries = analysis.file.outcomes.iter().filter(claimed);
    let recomputed =
        entries.map(|entry| Recomputation::of(entry, analysis)).collect::<Result<Vec<_>, _>>()?;
    let claims: Vec<ClaimVerdict> = analysis
        .claims
        .iter()
        .filter_map(|claim| {
            let of = recomputed.iter().find(|of| of.entry.id == claim.outcome)?;
            Some(match &of.outcome {
                Some(outcome) => claim::check(claim, outcome),
                None => claim::check_alone(claim, of.spec.level),
            })
        })
        .collect();
    let advisories =
        claims.iter().filter(|claim| claim.verdict == Verdict::HoldsTruncated).map(truncated).collect();
    let outcomes = recomputed.into_iter().map(Recomputation::into_checked).collect();
    Ok(Checked { provenance: analysis.provenance.clone(), outcomes, claims, advisories })
}

fn truncated(claim: &ClaimVerdict) -> Advisory {
    let message = format!(
        "the claim about {} ({}) holds only where digits are cut off instead of rounded",
        claim.outcome, claim.source
    );
    Advisory::new(Code::ClaimTruncated, message)
}

/// An outcome that is claimed about, recomputed where it has data.
struct Recomputation<'a> {
    entry: &'a OutcomeEntry,
    spec: Spec,
    outcome: Option<Outcome>,
}

impl<'a> Recomputation<'a> {
    fn of(entry: &'a OutcomeEntry, analysis: &Analysis) -> Result<Self, Error> {
        let spec = analysis.file.request(entry).resolve()?;
        let outcome =
            if analysis.file.has_data(entry) { Some(analyse(&analysis.table(entry)?, &spec)?) } else { None };
        Ok(Self { entry, spec, outcome })
    }

    fn into_checked(self) -> CheckedOutcome {
        CheckedOutcome {
            id: self.entry.id.clone(),
            title: self.entry.title.clone(),
            spec: self.outcome.is_some().then_some(self.spec),
            provenance: self.outcome.map_or_else(Provenance::default, |outcome| outcome.table.provenance),
        }
    }
}
