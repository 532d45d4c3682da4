//! What was done, in words: made from the vocabulary, so that the report cannot say one thing and
//! the program do another.

use serde::Serialize;

use super::VERSION;
use super::references::References;
use super::table::{Align, Table};
use crate::analysis::MetaAnalysis;
use crate::format::{Display, significant};
use crate::options::conventions::{Conventions, LogDenominator, RawCorrection, WilsonCcEnds};
use crate::options::{Choice, Measure, Model, PredictionMethod, StudyCi, Word, ZeroCells};
use crate::options::{Spec, Tau2};

/// A sentence and the works it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The sentence, without its full stop.
    pub text: String,
    /// The numbers of the works in the list of references.
    pub cites: Vec<usize>,
}

/// Every effective choice as sentences, each with its references.
#[must_use]
pub fn statements(spec: &Spec, references: &mut References) -> Vec<Statement> {
    let mut said = Said { statements: Vec::new(), references };
    said.word("Proportions were pooled on the scale of the", spec.measure);
    said.word("Pooled by a", spec.model);
    match spec.tau2 {
        Tau2::Estimated(method) => said.word("Between-study variance τ²:", method),
        Tau2::Fixed(value) => said.plain(format!("Between-study variance τ²: fixed at {value}")),
    }
    said.word(&format!("Its {}% interval:", spec.level.percent()), spec.tau2_ci);
    said.word("I²:", spec.i2);
    said.word("Confidence interval of the pooled proportion:", spec.ci);
    if spec.model != Model::Common {
        said.word("Prediction interval:", spec.prediction);
    }
    if let Some(cutoff) = spec.cutoff {
        said.sourced(format!("Share of the true proportions above {}: that of the fitted distribution, with an interval by the delta method on the probit scale", Display::default().exact(cutoff)), CUTOFF);
    }
    said.word("Confidence intervals of the studies:", spec.study_ci);
    match spec.zero_cells {
        ZeroCells::None => said.plain("No count was corrected for zero cells".to_string()),
        rule => {
            said.word(&format!("Zero cells: {} added to events and to non-events in", spec.zero_amount), rule)
        }
    }
    if let Some(back) = spec.back_transform {
        said.word("The n of the Freeman-Tukey inverse:", back);
    }
    for convention in conventions(spec) {
        said.plain(convention.to_string());
    }
    said.plain(format!("Computed by metaprop {VERSION}, profile {}", spec.profile.key()));
    said.statements
}

/// Where the share above a cut-off comes from.
const CUTOFF: &str = "Mathur & VanderWeele 2019, doi:10.1002/sim.8057";

/// Sentences so far.
struct Said<'a> {
    statements: Vec<Statement>,
    references: &'a mut References,
}

impl Said<'_> {
    fn word(&mut self, lead: &str, choice: impl Choice) {
        let Word { title, source, .. } = choice.word();
        self.sourced(format!("{lead} {}", typeset(title)), source);
    }

    fn sourced(&mut self, text: String, source: &str) {
        let cites = self.references.cite(source);
        self.statements.push(Statement { text, cites });
    }

    fn plain(&mut self, text: String) {
        self.statements.push(Statement { text, cites: Vec::new() });
    }
}

/// Greek letters, exponents and the minus sign, where the vocabulary is plain.
fn typeset(text: &str) -> String {
    text.replace("tau2", "τ²").replace("I2", "I²").replace(" - ", " − ")
}

/// What is done where packages differ, where it can matter for this spec.
fn conventions(spec: &Spec) -> Vec<&'static str> {
    let Conventions { log_denominator, raw_correction, wilson_cc_ends } = spec.conventions;
    let corrects = spec.zero_cells != ZeroCells::None;
    let mut said = Vec::new();
    match log_denominator {
        _ if !(corrects && spec.measure == Measure::Log) => {}
        LogDenominator::Both => {
            said.push("The denominator of a study corrected by a is n + 2a, as in metafor")
        }
        LogDenominator::One => said.push("The denominator of a study corrected by a is n + a, as in meta"),
    }
    match raw_correction {
        _ if !(corrects && spec.measure == Measure::Raw) => {}
        RawCorrection::EstimateAndVariance => {
            said.push("The correction changes the estimate and the variance of a study, as in metafor");
        }
        RawCorrection::VarianceOnly => {
            said.push("The correction changes the variance of a study, not its estimate, as in meta");
        }
    }
    match wilson_cc_ends {
        _ if spec.study_ci != StudyCi::WilsonCc => {}
        WilsonCcEnds::ZeroAndOne => {
            said.push("At none and at all events its limits are 0 and 1, as in Newcombe's method 4")
        }
        WilsonCcEnds::Equation => {
            said.push("At none and at all events its limits are what the equation gives, as in meta")
        }
    }
    said
}

/// Every effective choice with its key, formula and source: what to type to have it again.
#[must_use]
pub fn choices(spec: &Spec) -> Table {
    let columns = [
        ("Choice", Align::Left),
        ("Key", Align::Left),
        ("What it is", Align::Left),
        ("Formula", Align::Left),
        ("Source", Align::Left),
    ];
    let mut table = Table::new("Every choice that took effect", &columns);
    word(&mut table, spec.profile);
    word(&mut table, spec.measure);
    word(&mut table, spec.model);
    match spec.tau2 {
        Tau2::Estimated(method) => word(&mut table, method),
        Tau2::Fixed(value) => row(&mut table, ["tau2", &value.to_string(), "fixed value", "", ""]),
    }
    word(&mut table, spec.ci);
    word(&mut table, spec.prediction);
    word(&mut table, spec.tau2_ci);
    word(&mut table, spec.i2);
    word(&mut table, spec.study_ci);
    word(&mut table, spec.zero_cells);
    if spec.zero_cells != ZeroCells::None {
        row(
            &mut table,
            ["zero-amount", &spec.zero_amount.to_string(), "added to events and to non-events", "", ""],
        );
    }
    if let Some(back) = spec.back_transform {
        word(&mut table, back);
    }
    row(&mut table, ["level", &spec.level.percent().to_string(), "confidence level in percent", "", ""]);
    row(&mut table, ["null", &spec.null.to_string(), "proportion that the test compares with", "", ""]);
    if let Some(cutoff) = spec.cutoff {
        row(
            &mut table,
            [
                "cutoff",
                &cutoff.to_string(),
                "share of the true proportions above it",
                "Phi((y - c)/tau)",
                CUTOFF,
            ],
        );
    }
    if let Some(seed) = spec.seed {
        row(&mut table, ["seed", &seed.to_string(), "seed of the random numbers", "", ""]);
    }
    table
}

fn word<C: Choice>(table: &mut Table, choice: C) {
    let Word { key, title, formula, source, .. } = choice.word();
    let source = if *source == "-" { "" } else { source };
    row(table, [C::NAME, key, &typeset(title), formula, source]);
}

fn row(table: &mut Table, cells: [&str; 5]) {
    table.push(cells.map(str::to_string));
}

/// The choices on one line, as they are typed.
#[must_use]
pub fn line(outcome: &MetaAnalysis) -> String {
    let spec = &outcome.spec;
    let mut words = vec![
        format!("measure {}", spec.measure.key()),
        format!("model {}", spec.model.key()),
        format!("tau2 {}", spec.tau2.key()),
        format!("ci {}", spec.ci.key()),
    ];
    if spec.prediction != PredictionMethod::None {
        words.push(format!("prediction {}", spec.prediction.key()));
    }
    words.push(format!("study-ci {}", spec.study_ci.key()));
    if spec.zero_cells != ZeroCells::None {
        words.push(format!("zero-cells {}", spec.zero_cells.key()));
    }
    words.extend(spec.back_transform.map(|back| format!("back-transform {}", back.key())));
    format!("{} (profile {})", words.join(", "), spec.profile.key())
}

/// How the estimate of τ² was found.
#[must_use]
pub fn convergence(outcome: &MetaAnalysis) -> String {
    let record = &outcome.convergence;
    if record.iterations == 0 {
        return format!("{}, {}", record.algorithm, record.status.key());
    }
    let (steps, tolerance) = (record.iterations, significant(record.tolerance, 3));
    format!("{}, {steps} iterations, tolerance {tolerance}, {}", record.algorithm, record.status.key())
}
