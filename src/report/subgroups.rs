//! Results of the studies in groups: in documents, and as tables.

use serde::Serialize;

use super::cells::{p_cell, variances};
use super::results::{NONE, limits};
use super::table::{Align, Row, Table};
use crate::analysis::{Between, MetaAnalysis, Subgroup, Subgroups};
use crate::format::{NumberFormat, sanitize};
use crate::model::{Heterogeneity, Prediction, Summary};
use crate::options::SubgroupTau2;
use crate::plot::heterogeneity::between;

/// The result of a level in a document.
#[derive(Debug, Serialize)]
pub(super) struct LevelDocument<'a> {
    column: &'a str,
    level: &'a str,
    missing: bool,
    studies: &'a [u32],
    k: usize,
    events: Option<u64>,
    total: Option<u64>,
    crude: Option<f64>,
    common: Option<&'a Summary>,
    random: Option<&'a Summary>,
    prediction: Option<&'a Prediction>,
    heterogeneity: Option<&'a Heterogeneity>,
    reason: Option<&'a str>,
}

/// The test between the levels of a column in a document.
#[derive(Debug, Serialize)]
pub(super) struct TestDocument<'a> {
    column: &'a str,
    subgroup_tau2: SubgroupTau2,
    between: Option<Between>,
}

/// Every level of every column.
pub(super) fn levels(result: &MetaAnalysis) -> Vec<LevelDocument<'_>> {
    let of_column = |subgroups| levels_of(subgroups).map(move |level| level_document(subgroups, level));
    result.subgroups().iter().flat_map(of_column).collect()
}

fn levels_of(subgroups: &Subgroups) -> impl Iterator<Item = &Subgroup> {
    subgroups.levels.iter()
}

fn level_document<'a>(subgroups: &'a Subgroups, level: &'a Subgroup) -> LevelDocument<'a> {
    let result = level.result.as_ref();
    let (events, total) = result.and_then(MetaAnalysis::sums).unzip();
    LevelDocument {
        column: &subgroups.column,
        level: &level.of.level,
        missing: level.of.missing,
        studies: &level.of.studies,
        k: level.of.studies.len(),
        events,
        total,
        crude: result.and_then(MetaAnalysis::crude),
        common: result.map(|result| &result.common),
        random: result.and_then(|result| result.random.as_ref()),
        prediction: result.and_then(|result| result.prediction.as_ref()),
        heterogeneity: result.map(|result| &result.heterogeneity),
        reason: level.reason.as_deref(),
    }
}

/// The test of every column.
pub(super) fn tests(result: &MetaAnalysis) -> Vec<TestDocument<'_>> {
    result.subgroups().iter().map(test).collect()
}

fn test(subgroups: &Subgroups) -> TestDocument<'_> {
    TestDocument { column: &subgroups.column, subgroup_tau2: subgroups.tau2, between: subgroups.between }
}

/// A table a column: a row a level, and the test between them below.
pub(super) fn tables(result: &MetaAnalysis, display: NumberFormat) -> Vec<Table> {
    result.subgroups().iter().map(|subgroups| table(subgroups, result, display)).collect()
}

fn table(subgroups: &Subgroups, result: &MetaAnalysis, display: NumberFormat) -> Table {
    let interval = format!("{} CI", result.spec.level);
    let column = sanitize(&subgroups.column).into_owned();
    let estimate = display.unit().unwrap_or_else(|| "Estimate".to_string());
    let columns = [
        (column.as_str(), Align::Left),
        ("Studies", Align::Right),
        (estimate.as_str(), Align::Right),
        (interval.as_str(), Align::Interval),
        ("τ²", Align::Right),
        ("I²", Align::Right),
        ("Heterogeneity\np", Align::Right),
    ];
    let mut table = Table::new(format!("Subgroups by {column}"), &columns);
    table.body = subgroups.levels.iter().map(|level| row(level, display)).collect();
    table.notes = notes(subgroups);
    table
}

fn row(level: &Subgroup, display: NumberFormat) -> Row {
    let name = sanitize(&level.of.level).into_owned();
    let k = level.of.studies.len().to_string();
    let none = || NONE.to_string();
    let Some(result) = &level.result else {
        return Row::new(vec![name, k, none(), none(), none(), none(), none()]);
    };
    let (pooled, heterogeneity) = (result.pooled(), &result.heterogeneity);
    let [tau2, i2] =
        variances(heterogeneity.tau2.map(|tau2| tau2.estimate), heterogeneity.i2.map(|i2| i2.estimate));
    let p = p_cell(heterogeneity.test().filter(|_| result.k() > 1).map(|test| test.p));
    Row::new(vec![name, k, display.with_sign(pooled.estimate), limits(pooled, display), tau2, i2, p])
}

/// What has to be said below the table.
fn notes(subgroups: &Subgroups) -> Vec<String> {
    let mut notes = vec![format!("{}.", between(subgroups))];
    if subgroups.tau2 == SubgroupTau2::Common {
        notes.push("One τ² within all levels.".to_string());
    }
    if subgroups.levels.iter().any(|level| level.of.missing) {
        notes.push("Studies without a value take no part in the test.".to_string());
    }
    let failed = subgroups.levels.iter().filter_map(|level| Some((&level.of.level, level.reason.as_ref()?)));
    notes.extend(failed.map(|(level, reason)| format!("{}: {}", sanitize(level), sanitize(reason))));
    notes
}
