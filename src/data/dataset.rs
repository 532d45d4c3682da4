//! The studies of an analysis: what was counted or estimated in each, and what became of every row.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use rayon::prelude::*;

use super::cell::is_missing;
use super::labels::Labels;
use super::ledger::{Excluded, Ledger};
use super::provenance::{ColumnsRead, Provenance};
use super::studies::{Studies, Study};
use super::{Clusters, Counts, Covariate, Covariates, Estimate};
use crate::advisory::{Advisory, Code};
use crate::error::{Error, Problem, nearest};
use crate::format::counted;
use crate::options::InputScale;

/// So many names are hashed one after the other before another thread is asked.
const HASHED_AT_ONCE: usize = 1 << 14;

/// Names that several studies have, each with their lines, by the line of the first of them.
pub(crate) type Repeated<'d> = BTreeMap<u32, (&'d str, Vec<u32>)>;

/// Studies in the order of the file, every other column of it, what was left out, and where they came from.
///
/// Cloning is cheap: studies and columns are shared.
///
/// ```
/// use metaprop::Dataset;
/// let data = Dataset::proportions([("A", 3, 10), ("B", 5, 9)])?;
/// assert_eq!((data.k(), data.sums()), (2, Some((8, 19))));
/// let data = Dataset::estimates([("A", 0.2, 0.04), ("B", 0.5, 0.09)])?;
/// assert_eq!((data.k(), data.counts()), (2, None));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    pub(crate) labels: Arc<Labels>,
    pub(crate) studies: Studies,
    pub(crate) covariates: Covariates,
    pub(crate) clusters: Option<Clusters>,
    pub(crate) ledger: Ledger,
    pub(crate) provenance: Provenance,
    pub(crate) columns: ColumnsRead,
    pub(crate) input_scale: InputScale,
    pub(crate) advisories: Vec<Advisory>,
}

impl Dataset {
    /// A data set of these studies, with a label each.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is no study.
    pub(crate) fn new(
        labels: Labels,
        studies: Studies,
        ledger: Ledger,
        provenance: Provenance,
    ) -> Result<Self, Error> {
        if studies.is_empty() {
            let problem = Problem::new("no study is left").at(provenance.data.clone(), None);
            return Err(Error::Data(vec![
                problem.help("give at least one row with counts, or with an estimate and its precision"),
            ]));
        }
        Ok(Self {
            labels: Arc::new(labels),
            studies,
            covariates: Covariates::default(),
            clusters: None,
            ledger,
            provenance,
            columns: ColumnsRead::default(),
            input_scale: InputScale::Identity,
            advisories: Vec::new(),
        })
    }

    /// A data set of studies with counts, such as were read or made up.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is no study.
    pub(crate) fn of_studies(studies: Vec<Study>) -> Result<Self, Error> {
        let ledger = Ledger { read: studies.len(), ..Ledger::default() };
        let labels = studies.iter().map(|study| (&*study.name, study.line)).collect();
        let counts: Vec<Counts> = studies.iter().map(|study| study.counts).collect();
        Self::new(labels, Studies::Proportions(counts.into()), ledger, Provenance::default())
    }

    /// A data set from names, events and totals; the first is on line 2, as in a file with a header.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] naming every row whose events exceed its total or whose total is 0,
    /// and where there is no row.
    ///
    /// ```
    /// use metaprop::Dataset;
    /// assert!(Dataset::proportions([("A", 11, 10)]).is_err());
    /// ```
    pub fn proportions<N: Into<Box<str>>>(
        rows: impl IntoIterator<Item = (N, u64, u64)>,
    ) -> Result<Self, Error> {
        let (mut studies, mut problems) = (Vec::new(), Vec::new());
        for ((name, events, total), line) in rows.into_iter().zip(2..) {
            match Counts::new(events, total) {
                Some(counts) => studies.push(Study { name: name.into(), line, counts }),
                None => problems.push(
                    Problem::new(format!("{events} events of a total of {total}"))
                        .at("counts", u64::from(line)),
                ),
            }
        }
        if problems.is_empty() { Self::of_studies(studies) } else { Err(Error::Data(problems)) }
    }

    /// A data set from names, estimates and variances on the scale on which they are pooled; the first is on
    /// line 2, as in a file with a header.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] naming every row whose estimate or variance is no number that can be pooled, as
    /// [`Estimate::new`] has it, and where there is no row.
    pub fn estimates<N: Into<Box<str>>>(
        rows: impl IntoIterator<Item = (N, f64, f64)>,
    ) -> Result<Self, Error> {
        let (mut labels, mut estimates, mut problems) = (Labels::default(), Vec::new(), Vec::new());
        for ((name, y, v), line) in rows.into_iter().zip(2..) {
            match Estimate::new(y, v) {
                Some(estimate) => {
                    labels.push(&name.into(), line);
                    estimates.push(estimate);
                }
                None => problems.push(
                    Problem::new(format!("an estimate of {y} with variance {v}"))
                        .at("estimates", u64::from(line))
                        .help("the estimate is at most 1e50 in size, the variance from 1e-100 to 1e100"),
                ),
            }
        }
        if !problems.is_empty() {
            return Err(Error::Data(problems));
        }
        let ledger = Ledger { read: labels.len(), ..Ledger::default() };
        Self::new(labels, Studies::Generic(estimates.into()), ledger, Provenance::default())
    }

    /// The same data, which came from here.
    #[must_use]
    pub fn with_provenance(self, provenance: Provenance) -> Self {
        Self { provenance, ..self }
    }

    /// The same data, beside rows that were excluded.
    #[must_use]
    pub fn with_excluded(mut self, excluded: Vec<Excluded>) -> Self {
        self.ledger.read += excluded.len();
        self.ledger.excluded = excluded;
        self
    }

    /// The same data, with remarks made while reading.
    #[must_use]
    pub fn with_advisories(self, advisories: Vec<Advisory>) -> Self {
        Self { advisories, ..self }
    }

    /// The same data, with other columns of the table.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where the columns have not one cell a study.
    ///
    /// ```
    /// use metaprop::Dataset;
    /// use metaprop::data::Covariates;
    /// let data = Dataset::proportions([("A", 3, 10), ("B", 5, 9)])?;
    /// let data = data.with_covariates(Covariates::new([("dose", ["5", "10"])])?)?;
    /// assert_eq!(data.covariates().get("dose").unwrap().cell(1), "10");
    /// assert!(data.with_covariates(Covariates::new([("dose", ["5"])])?).is_err());
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn with_covariates(self, covariates: Covariates) -> Result<Self, Error> {
        if covariates.k() != self.k() && !covariates.is_empty() {
            let (cells, k) = (covariates.k(), self.k());
            let problem = Problem::new(format!("the columns have {cells} cells and there are {k} studies"))
                .at(self.provenance.data, None);
            return Err(Error::Data(vec![problem.help("give one cell a study")]));
        }
        Ok(Self { covariates, ..self })
    }

    /// The same data, whose rows belong to these clusters: what the three-level model takes.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where there is not one cluster a row.
    ///
    /// ```
    /// use metaprop::data::Clusters;
    /// use metaprop::{Dataset, MetaAnalysis};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("A", 9, 13), ("B", 21, 66), ("B", 30, 80), ("C", 5, 40)])?;
    /// let data = data.with_clusters(Clusters::new("study", ["A", "A", "B", "B", "C"]))?;
    /// let result = MetaAnalysis::of_proportions().model("three-level").ci("cluster-robust").fit(&data)?;
    /// let h = &result.heterogeneity;
    /// let sum = h.tau2_between.unwrap().estimate + h.tau2_within.unwrap().estimate;
    /// assert_eq!(h.tau2.unwrap().estimate, sum);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn with_clusters(self, clusters: Clusters) -> Result<Self, Error> {
        if clusters.k() != self.k() {
            let (cells, k) = (clusters.k(), self.k());
            let problem = Problem::new(format!("{cells} rows have a cluster and there are {k}"));
            return Err(Error::Data(vec![problem.at(self.provenance.data, None).help("give one a row")]));
        }
        Ok(Self { clusters: Some(clusters), ..self })
    }

    /// The clusters of the rows by a column of the table: one of the other columns, or that of the names of the studies.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no column of this name.
    pub fn clusters_by(&self, column: &str) -> Result<Clusters, Error> {
        if let ([names], None) = (&self.columns.study[..], self.covariates.get(column))
            && names == column
        {
            return Ok(Clusters::new(column, self.labels.iter().map(|label| label.name)));
        }
        Ok(Clusters::new(column, self.column(column, "cluster by")?.cells()))
    }

    /// The clusters of the rows, where they were named.
    #[must_use]
    pub const fn clusters(&self) -> Option<&Clusters> {
        self.clusters.as_ref()
    }

    /// The number of studies.
    #[must_use]
    pub fn k(&self) -> usize {
        self.studies.len()
    }

    /// Name and line of each study.
    #[must_use]
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// What was measured in each study.
    #[must_use]
    pub fn studies(&self) -> &Studies {
        &self.studies
    }

    /// The counts of each study; `None` for estimates.
    #[must_use]
    pub fn counts(&self) -> Option<&[Counts]> {
        self.studies.counts()
    }

    /// The other columns of the table.
    #[must_use]
    pub fn covariates(&self) -> &Covariates {
        &self.covariates
    }

    /// What became of every row.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Where the data came from.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Which columns the studies came from.
    #[must_use]
    pub fn columns(&self) -> &ColumnsRead {
        &self.columns
    }

    /// The scale of the table that estimates came from; identity for counts and for estimates given in code.
    #[must_use]
    pub fn input_scale(&self) -> InputScale {
        self.input_scale
    }

    /// Remarks made while reading.
    #[must_use]
    pub fn advisories(&self) -> &[Advisory] {
        &self.advisories
    }

    /// All events and all people, each at most `u64::MAX`; `None` for estimates.
    #[must_use]
    pub fn sums(&self) -> Option<(u64, u64)> {
        Some(self.counts()?.iter().fold((0, 0), |(events, total): (u64, u64), counts| {
            (events.saturating_add(counts.events()), total.saturating_add(counts.total()))
        }))
    }

    /// The studies with their counts, for what starts from counts alone.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the data are estimates.
    pub fn counted(&self) -> Result<Vec<Study>, Error> {
        let counts = self.counts().ok_or_else(|| {
            let problem = Problem::new("this needs the counts of each study, and the data are estimates");
            let problem = problem.at(self.provenance.data.clone(), None);
            Error::Usage(vec![problem.help("name the columns of events and totals in place of estimates")])
        })?;
        let rows = self.labels.iter().zip(counts);
        Ok(rows
            .map(|(label, counts)| Study { name: label.name.into(), line: label.line, counts: *counts })
            .collect())
    }

    /// The same data with other counts.
    pub(crate) fn with_counts(&self, counts: Vec<Counts>) -> Self {
        Self { studies: Studies::Proportions(counts.into()), ..self.clone() }
    }

    /// The column of the table with this name, which is to do something, such as `group by`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no column of this name.
    pub(crate) fn column(&self, name: &str, to_do: &str) -> Result<Covariate<'_>, Error> {
        self.covariates.get(name).ok_or_else(|| {
            let help = self.columns_there(name);
            let what = format!("there is no column '{}' to {to_do}", name.escape_debug());
            Error::Usage(vec![Problem::new(what).at(self.provenance.data.clone(), None).help(help)])
        })
    }

    /// The columns of the table, for one that is not there.
    fn columns_there(&self, name: &str) -> String {
        let names: Vec<&str> = self.covariates.iter().map(Covariate::name).collect();
        let read = |before: &str| match &self.columns.all()[..] {
            [] => String::new(),
            columns => format!("{before}{}", columns.join(", ")),
        };
        let studies = read("; those of the studies are ");
        match (&names[..], nearest(name, names.iter().copied())) {
            ([], _) => "the table has no other columns than those of the studies".to_string() + &read(": "),
            (_, Some(near)) => {
                format!("did you mean '{near}'? the columns are {}{studies}", names.join(", "))
            }
            (_, None) => format!("the columns are {}{studies}", names.join(", ")),
        }
    }

    /// One data set a value of a column of the table, in the order in which the values first stand there. Rows without
    /// a value are a group too, under an empty name.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no column of this name.
    ///
    /// ```
    /// use metaprop::Dataset;
    /// use metaprop::data::Covariates;
    /// let data = Dataset::proportions([("A", 3, 10), ("B", 5, 9), ("C", 4, 12)])?;
    /// let data = data.with_covariates(Covariates::new([("route", ["oral", "topical", "oral"])])?)?;
    /// let groups = data.groups("route")?;
    /// assert_eq!((&*groups[0].0, groups[0].1.k(), groups[1].1.k()), ("oral", 2, 1));
    /// assert!(data.groups("rout").unwrap_err().to_string().contains("route"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn groups(&self, column: &str) -> Result<Vec<(String, Self)>, Error> {
        let covariate = self.column(column, "group by")?;
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut groups: Vec<(&str, Vec<u32>)> = Vec::new();
        for (cell, study) in covariate.cells().zip(0..) {
            let value = if is_missing(cell) { "" } else { cell };
            let place = *places.entry(value).or_insert_with(|| {
                groups.push((value, Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(study);
        }
        let group = |(value, studies): (&str, Vec<u32>)| {
            let mut data = self.of(&studies);
            data.provenance.filters.push(format!("{column}={value}"));
            (value.to_owned(), data)
        };
        Ok(groups.into_iter().map(group).collect())
    }

    /// These studies, counted from 0, in this order.
    fn of(&self, studies: &[u32]) -> Self {
        let at = |study: &u32| *study as usize;
        Self {
            labels: Arc::new(studies.iter().map(|study| self.labels.at(at(study))).collect()),
            studies: self.studies.of(studies),
            covariates: self.covariates.of(studies),
            clusters: self.clusters.as_ref().map(|clusters| clusters.of_studies(studies)),
            ledger: Ledger { read: studies.len(), ..Ledger::default() },
            ..self.clone()
        }
    }

    /// Whether two of these studies may have the same name: not where the names ascend, as numbered ones do, nor where their
    /// hashes are all different.
    fn may_repeat(&self, among: &[u32]) -> bool {
        let key = |index: u32| {
            let name = self.labels.at(index as usize).name;
            (name.len(), name)
        };
        if among.par_windows(2).with_min_len(HASHED_AT_ONCE).all(|pair| key(pair[0]) < key(pair[1])) {
            return false;
        }
        let hash = |index: &u32| {
            let mut hasher = DefaultHasher::new();
            self.labels.at(*index as usize).name.hash(&mut hasher);
            hasher.finish()
        };
        let mut hashes: Vec<u64> = among.par_iter().with_min_len(HASHED_AT_ONCE).map(hash).collect();
        hashes.par_sort_unstable();
        hashes.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// Names that several of these studies have.
    pub(crate) fn repeated(&self, among: &[u32]) -> Repeated<'_> {
        let mut repeated = Repeated::new();
        if !self.may_repeat(among) {
            return repeated;
        }
        let mut seen: HashMap<&str, u32> = HashMap::with_capacity(self.k());
        for label in among.iter().map(|&index| self.labels.at(index as usize)) {
            let first = *seen.entry(label.name).or_insert(label.line);
            if first != label.line {
                repeated.entry(first).or_insert_with(|| (label.name, vec![first])).1.push(label.line);
            }
        }
        repeated
    }

    /// The remark on studies that share a name, if any of those at these indices do.
    #[must_use]
    pub fn duplicates(&self, among: &[u32]) -> Option<Advisory> {
        Self::duplicated(&self.repeated(among))
    }

    /// The remark on names that several studies have, from [`repeated`](Self::repeated).
    pub(crate) fn duplicated(repeated: &Repeated<'_>) -> Option<Advisory> {
        let (name, first) = repeated.values().next()?;
        let lines: Vec<_> = first.iter().take(5).map(u32::to_string).collect();
        let more = if repeated.len() > 1 {
            format!(", and {}", counted(repeated.len() as u64 - 1, "more name", "more names"))
        } else {
            String::new()
        };
        let message =
            format!("'{name}' stands on lines {}{more}: kept as separate studies", lines.join(", "));
        Some(Advisory::new(Code::DuplicateStudies, message))
    }
}
