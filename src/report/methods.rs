//! What was done, in words: made from the table of options, so that the report cannot say one thing and
//! the program do another.

use serde::Serialize;

use super::references::References;
use super::table::{Align, Table};
use super::version::VERSION;
use crate::analysis::MetaAnalysis;
use crate::format::significant;
use crate::options::conventions::{Conventions, IteratedTau2Se, LogDenominator, RawCorrection, WilsonCcEnds};
use crate::options::{
    Choice, Ci, Measure, PredictionMethod, Spec, StudyCi, Tau2, Tau2Method, Typed, ZeroCells,
};

/// A sentence and the works it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// The sentence, without its full stop.
    pub text: String,
    /// The numbers of the works in the list of references.
    pub cites: Vec<usize>,
}

/// The choices that a methods section names first; the others follow in the order of the table of options.
const FIRST: [&str; 8] = ["measure", "model", "tau2", "tau2-ci", "i2", "ci", "prediction", "cutoff"];

/// Every effective choice as sentences, each with its references.
#[must_use]
pub fn statements(result: &MetaAnalysis, references: &mut References) -> Vec<Statement> {
    let spec = &result.spec;
    let plain = |text: String| Statement { text, cites: Vec::new() };
    let mut rows: Vec<_> = Spec::CHOICES.iter().collect();
    rows.sort_by_key(|row| FIRST.iter().position(|key| *key == row.option.key).unwrap_or(FIRST.len()));
    let mut statements = Vec::new();
    for row in rows {
        if let Some(text) = without_effect(result, row.option.key) {
            statements.push(plain(text));
        } else if let Some(text) = (row.details.sentence)(spec) {
            let cites = references.cite(row.source(spec));
            statements.push(Statement { text: typeset(&text), cites });
        }
    }
    statements.extend(conventions(spec).into_iter().map(|text| plain(text.to_string())));
    statements.push(plain(format!("Computed by metaprop {VERSION}, profile {}", spec.profile.key())));
    statements
}

/// Whether the methods of two results read the same.
#[must_use]
pub fn are_the_same(one: &MetaAnalysis, other: &MetaAnalysis) -> bool {
    let exceptions = |result| Spec::CHOICES.iter().map(move |row| without_effect(result, row.option.key));
    one.spec == other.spec && exceptions(one).eq(exceptions(other))
}

/// What there is to say in place of a choice of which these studies have nothing to show.
fn without_effect(result: &MetaAnalysis, key: &str) -> Option<String> {
    let (spec, random) = (&result.spec, result.random.as_ref()?);
    match key {
        PredictionMethod::NAME if result.prediction.is_none() && spec.prediction != PredictionMethod::None => {
            let why = match result.k() {
                1 => "one study does not tell how studies differ",
                _ if random.y.is_none() => "the likelihood has no finite maximum",
                _ => "these studies leave it no degrees of freedom",
            };
            Some(format!("No prediction interval: {why}"))
        }
        Ci::NAME if random.y.is_none() => Some(
            "The likelihood has no finite maximum: the interval is one-sided, of the profile likelihood at τ² = 0"
                .to_string(),
        ),
        _ => None,
    }
}

/// Greek letters, exponents and the minus sign, where `metaprop list` has plain letters.
fn typeset(text: &str) -> String {
    text.replace("tau2", "τ²").replace("I2", "I²").replace(" - ", " − ")
}

/// What is done where packages differ, where it can matter for this spec.
fn conventions(spec: &Spec) -> Vec<&'static str> {
    let Conventions { log_denominator, raw_correction, wilson_cc_ends, iterated_tau2_se } = spec.conventions;
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
    let is_iterated = [Tau2Method::Dlit, Tau2Method::Sjit].map(Tau2::Estimated).contains(&spec.tau2);
    match iterated_tau2_se {
        IteratedTau2Se::Metafor if is_iterated => {
            said.push("The standard error of τ² is that of metafor, by a formula for other weights or another estimator");
        }
        _ => {}
    }
    said
}

/// Every effective choice with its key, formula and source: what to type to have it again.
#[must_use]
pub fn choices(result: &MetaAnalysis) -> Table {
    let spec = &result.spec;
    let columns = [
        ("Choice", Align::Left),
        ("Key", Align::Left),
        ("What it is", Align::Left),
        ("Formula", Align::Left),
        ("Source", Align::Left),
    ];
    let mut table = Table::new("Every choice that took effect", &columns);
    for row in Spec::CHOICES.iter().filter(|row| without_effect(result, row.option.key).is_none()) {
        let details = &row.details;
        let cells = match row.value(spec) {
            None => continue,
            Some(Typed::Word(word)) => [word.key.to_string(), typeset(word.title), word.formula.to_string()],
            Some(Typed::Percent(value)) => [value.to_string(), details.title.into(), details.formula.into()],
            Some(value) => [value.to_string(), details.title.into(), details.formula.into()],
        };
        let [key, title, formula] = cells;
        let source = Some(row.source(spec)).filter(|source| *source != "-").unwrap_or_default();
        table.push([row.option.key.to_string(), key, title, formula, source.to_string()]);
    }
    table
}

/// The choices on one line, as they are typed.
#[must_use]
pub fn line(result: &MetaAnalysis) -> String {
    let spec = &result.spec;
    let brief = Spec::CHOICES.iter().filter(|row| row.details.brief);
    let brief = brief.filter(|row| without_effect(result, row.option.key).is_none());
    let words: Vec<String> = brief
        .filter_map(|row| {
            let value = match row.value(spec)? {
                Typed::Word(word) if word.key == "none" => return None,
                Typed::Number(value) => format!("{value:?}"),
                value => value.to_string(),
            };
            Some(format!("{} {value}", row.option.key))
        })
        .collect();
    format!("{} (profile {})", words.join(", "), spec.profile.key())
}

/// How the estimate of τ² was found.
#[must_use]
pub fn convergence(result: &MetaAnalysis) -> String {
    let record = &result.convergence;
    if record.iterations == 0 {
        return format!("{}, {}", record.algorithm, record.status.key());
    }
    let (steps, tolerance) = (record.iterations, significant(record.tolerance, 3));
    format!("{}, {steps} iterations, tolerance {tolerance}, {}", record.algorithm, record.status.key())
}
