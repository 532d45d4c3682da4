//! A result document read back, to be run again: `pool --from result.json`.
//!
//! A document holds all that an analysis needs: its studies, what was left out, and every effective
//! choice. Running it again gives the same bytes; the numbers in it are not read.

use serde::Deserialize;

use super::json::SCHEMA;
use crate::advisory::{Advisory, Code};
use crate::analysis::{Grouping, Level, MetaAnalysis, fit};
use crate::data::{Clusters, ColumnsRead, Counts, Dataset, Estimate, Excluded, Provenance};
use crate::data::{Labels, Ledger, Studies};
use crate::error::{Error, Problem};
use crate::options::{Choice, InputScale, Model, Spec, SubgroupTau2, UncheckedSpec};

/// The studies and the spec of the result document in `text`; `name` is what errors call it.
///
/// # Errors
///
/// [`Error::Data`] where it is not a `metaprop/1` document, where its spec has a key or a word that
/// this version does not know, and naming every study whose counts are impossible.
///
/// ```
/// use metaprop::report::reread::read;
/// let error = read(r#"{"schema": "other/2"}"#, "result.json").unwrap_err().to_string();
/// assert!(error.starts_with("result.json: the schema is 'other/2'"), "{error}");
/// ```
pub fn read(text: &str, name: &str) -> Result<Reread, Error> {
    let rejected = |problem: Problem| Error::Data(vec![problem]);
    let head: Head = serde_json::from_str(text).map_err(|error| rejected(not_a_document(&error, name)))?;
    if head.schema != SCHEMA {
        let what = format!("the schema is '{}', and this version reads '{SCHEMA}'", head.schema);
        return Err(rejected(Problem::new(what).at(name, None)));
    }
    let document: Document =
        serde_json::from_str(text).map_err(|error| rejected(not_a_document(&error, name)))?;
    document.into_table(name)
}

/// The one key that says what the rest is.
#[derive(Deserialize)]
struct Head {
    schema: String,
}

/// What running again needs; every other key is made anew.
#[derive(Deserialize)]
struct Document {
    provenance: Source,
    spec: UncheckedSpec,
    studies: Vec<Row>,
    excluded: Vec<Excluded>,
    advisories: Vec<Advisory>,
    // What follows is missing in documents of an earlier version.
    #[serde(default)]
    subgroups: Vec<LevelRow>,
    #[serde(default)]
    tests_between: Vec<TestRow>,
}

/// A level of a column, with its studies.
#[derive(Deserialize)]
struct LevelRow {
    column: String,
    level: String,
    missing: bool,
    studies: Vec<u32>,
}

/// A column of subgroups.
#[derive(Deserialize)]
struct TestRow {
    column: String,
    subgroup_tau2: String,
}

/// What a document has for another run.
#[derive(Debug)]
pub struct Reread {
    /// The studies.
    pub data: Dataset,
    /// Every choice.
    pub spec: Spec,
    /// Which studies belong together, by column.
    pub groupings: Vec<Grouping>,
    /// Whether each subgroup has a between-study variance of its own.
    pub subgroup_tau2: SubgroupTau2,
}

impl Reread {
    /// The result, with its subgroups.
    ///
    /// # Errors
    ///
    /// As [`fit`] and [`MetaAnalysis::with_groupings`].
    pub fn fit(self) -> Result<MetaAnalysis, Error> {
        fit(&self.data, &self.spec)?.with_groupings(self.groupings, self.subgroup_tau2)
    }
}

#[derive(Deserialize)]
struct Source {
    data: Option<String>,
    sha256: Option<String>,
    // What follows is missing in documents of an earlier version.
    sheet: Option<String>,
    columns: Option<Columns>,
    #[serde(default)]
    filters: Vec<String>,
    #[serde(default)]
    rows: RowCounts,
}

#[derive(Deserialize)]
struct Columns {
    study: Vec<String>,
    events: Option<String>,
    total: Option<String>,
    percent: Option<String>,
    cluster: Option<String>,
    estimate: Option<String>,
    se: Option<String>,
    variance: Option<String>,
    lower: Option<String>,
    upper: Option<String>,
}

/// Of the rows only those that filters left out cannot be counted again.
#[derive(Deserialize, Default)]
struct RowCounts {
    filtered: usize,
}

impl From<Columns> for ColumnsRead {
    fn from(columns: Columns) -> Self {
        Self {
            study_by_content: false,
            study: columns.study,
            events: columns.events.unwrap_or_default(),
            total: columns.total.unwrap_or_default(),
            percent: columns.percent.unwrap_or_default(),
            estimate: columns.estimate.unwrap_or_default(),
            se: columns.se.unwrap_or_default(),
            variance: columns.variance.unwrap_or_default(),
            lower: columns.lower.unwrap_or_default(),
            upper: columns.upper.unwrap_or_default(),
        }
    }
}

#[derive(Deserialize)]
struct Row {
    study: Box<str>,
    line: u32,
    cluster: Option<Box<str>>,
    events: Option<u64>,
    total: Option<u64>,
    y: Option<f64>,
    v: Option<f64>,
    estimate: Option<f64>,
}

impl Document {
    fn into_table(self, name: &str) -> Result<Reread, Error> {
        let spec = checked(self.spec, name)?;
        let (groupings, subgroup_tau2) =
            groupings(self.subgroups, self.tests_between, self.studies.len(), name)?;
        let clusters = clusters(&self.studies, &self.provenance, (&spec, &self.advisories), name)?;
        let (labels, studies) = studies(self.studies, &spec, name)?;
        let provenance = Provenance {
            data: self.provenance.data.unwrap_or_default(),
            sha256: self.provenance.sha256.unwrap_or_default(),
            filters: self.provenance.filters,
            sheet: self.provenance.sheet,
        };
        let advisories = self.advisories.into_iter().filter(|advisory| is_kept(advisory.code)).collect();
        let ledger = Ledger { read: labels.len(), ..Ledger::default() };
        let mut data = Dataset::new(labels, studies, ledger, provenance)?.with_excluded(self.excluded);
        data.input_scale = spec.input_scale.unwrap_or(InputScale::Identity);
        data.ledger.read += self.provenance.rows.filtered;
        data.ledger.filtered = self.provenance.rows.filtered;
        data.columns = self.provenance.columns.map(ColumnsRead::from).unwrap_or_default();
        data.clusters = clusters;
        Ok(Reread { data: data.with_advisories(advisories), spec, groupings, subgroup_tau2 })
    }
}

/// The clusters of the studies, where the document has them. Every study of a table that was read has one, unless an
/// advisory says that some have none; of data given in code, some study.
fn clusters(
    rows: &[Row],
    from: &Source,
    (spec, advisories): (&Spec, &[Advisory]),
    name: &str,
) -> Result<Option<Clusters>, Error> {
    let column = from.columns.as_ref().and_then(|columns| columns.cluster.as_deref());
    let some_have = rows.iter().any(|row| row.cluster.is_some());
    if column.is_none() && spec.model != Model::ThreeLevel && !some_have {
        return Ok(None);
    }
    let is_said = advisories.iter().any(|advisory| advisory.code == Code::ClusterMissing)
        || (some_have && from.sha256.is_none());
    let without = rows.iter().enumerate().filter(|(_, row)| row.cluster.is_none() && !is_said);
    let why = match column {
        Some(column) => format!("provenance.columns.cluster is '{column}'"),
        None => "the spec has model = three-level, or another study has one".to_string(),
    };
    let problems: Vec<Problem> = without.map(|(index, row)| no_cluster(index, row, &why, name)).collect();
    if !problems.is_empty() {
        return Err(Error::Data(problems));
    }
    let cells = rows.iter().map(|row| row.cluster.as_deref().unwrap_or_default());
    Ok(Some(Clusters::new(column.unwrap_or_default(), cells)))
}

fn no_cluster(index: usize, row: &Row, why: &str, name: &str) -> Problem {
    let what = format!("studies[{index}] '{}' has no key cluster, and {why}", row.study);
    Problem::new(what).at(name, None).help("put the key back, or pool the table again")
}

/// The groups of the studies, in the order of the document.
fn groupings(
    levels: Vec<LevelRow>,
    tests: Vec<TestRow>,
    k: usize,
    name: &str,
) -> Result<(Vec<Grouping>, SubgroupTau2), Error> {
    let mut tau2 = SubgroupTau2::Separate;
    let mut groupings: Vec<Grouping> = Vec::new();
    for test in tests {
        tau2 = SubgroupTau2::parse(&test.subgroup_tau2)?;
        groupings.push(Grouping { column: test.column, levels: Vec::new() });
    }
    for row in levels {
        let in_order = row.studies.is_sorted_by(|a, b| a < b)
            && row.studies.last().is_none_or(|last| (*last as usize) < k);
        let grouping = groupings.iter_mut().find(|grouping| grouping.column == row.column);
        let Some(grouping) = grouping.filter(|_| in_order) else {
            let what = format!(
                "the subgroup '{}' of '{}' has other studies than the document",
                row.level, row.column
            );
            return Err(Error::Data(vec![Problem::new(what).at(name, None)]));
        };
        grouping.levels.push(Level { level: row.level, missing: row.missing, studies: row.studies });
    }
    Ok((groupings, tau2))
}

/// The studies with their labels: counts, or estimates where the spec pools them.
fn studies(rows: Vec<Row>, spec: &Spec, name: &str) -> Result<(Labels, Studies), Error> {
    let mut problems = Vec::new();
    let (mut labels, mut counts, mut estimates) = (Labels::default(), Vec::new(), Vec::new());
    for (row, index) in rows.into_iter().zip(0..) {
        if spec.pools_proportions() {
            let given = row.events.zip(row.total).and_then(|(events, total)| Counts::new(events, total));
            problems.extend(given.is_none().then(|| impossible(&row, index, name)));
            counts.extend(given);
        } else {
            let given = row.y.zip(row.v).and_then(|(y, v)| Estimate::new(y, v));
            problems.extend(given.is_none().then(|| impossible_estimate(&row, index, name)));
            estimates.extend(given.map(|given| given.in_table(row.estimate)));
        }
        labels.push(&row.study, row.line);
    }
    if !problems.is_empty() {
        return Err(Error::Data(problems));
    }
    let studies = if spec.pools_proportions() {
        Studies::Proportions(counts.into())
    } else {
        Studies::Generic(estimates.into())
    };
    Ok((labels, studies))
}

/// The spec, or what is wrong with it as problems of the document.
fn checked(spec: UncheckedSpec, name: &str) -> Result<Spec, Error> {
    Spec::try_from(spec).map_err(|error| match error {
        Error::Usage(problems) => {
            Error::Data(problems.into_iter().map(|problem| problem.at(name, None)).collect())
        }
        error => error,
    })
}

/// Whether a remark cannot be made again from the studies that are in the document: those made while
/// the table was read, and the one on studies that had no finite estimate, whose counts are not in it.
const fn is_kept(code: Code) -> bool {
    code.results_from_reading() || matches!(code, Code::StudiesExcluded)
}

fn impossible(row: &Row, index: usize, name: &str) -> Problem {
    let study = &row.study;
    let what = match row.events.zip(row.total) {
        Some((events, total)) => {
            format!("studies[{index}] '{study}' has {events} events of a total of {total}")
        }
        None => {
            format!("studies[{index}] '{study}' has no events or no total, and the spec pools proportions")
        }
    };
    Problem::new(what).at(name, None)
}

fn impossible_estimate(row: &Row, index: usize, name: &str) -> Problem {
    let what =
        format!("studies[{index}] '{}' has no y with a v above 0, and the spec pools estimates", row.study);
    Problem::new(what).at(name, None)
}

/// What is wrong with the text, without the place that serde repeats in it.
fn not_a_document(error: &serde_json::Error, name: &str) -> Problem {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let what = error.to_string();
    let what = what.strip_suffix(&place).unwrap_or(&what);
    let line = u64::try_from(error.line()).ok().filter(|line| *line > 0);
    Problem::new(format!("not a result document: {what}"))
        .at(name, line)
        .help(format!("it must be what `metaprop pool --format json` writes, with \"schema\": \"{SCHEMA}\""))
}
