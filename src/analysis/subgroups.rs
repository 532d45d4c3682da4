//! The studies in groups: a result for each level of a column, and whether the levels differ.

use std::collections::HashMap;

use super::fit::Parts;
use super::levels::{Between, BetweenTest, Grouping, Level, MISSING};
use super::meta_analysis::{MetaAnalysis, Subgroup, Subgroups};
use crate::advisory::{Advisory, Code};
use crate::data::is_missing;
use crate::error::{Error, Problem};
use crate::format::{counted, studies};
use crate::model::{Design, Fit, ModelMatrix, Rows};
use crate::options::{Choice, Ci, Model, Spec, SubgroupTau2, Tau2, Tau2Ci};

impl MetaAnalysis {
    /// With a result for each level of these columns, one column after the other.
    ///
    /// With `separate` each level is an analysis of its own; with `common` the between-study variance is that of a
    /// meta-regression on the levels, by the estimator of the spec. The amounts that were added to zero cells stay
    /// those of the whole analysis.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the table has no such column, or `common` does not go with the model; [`Error::Data`]
    /// where a common variance has no more studies than levels.
    ///
    /// ```
    /// use metaprop::data::Covariates;
    /// use metaprop::options::SubgroupTau2;
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let data = data.with_covariates(Covariates::new([("route", ["oral", "oral", "topical", "topical"])])?)?;
    /// let result = fit(&data, &Spec::default())?.with_subgroups(&["route"], SubgroupTau2::Separate)?;
    /// let by_route = &result.subgroups()[0];
    /// let oral = by_route.levels[0].result.as_ref().unwrap();
    /// assert_eq!((by_route.levels[0].of.level.as_str(), oral.k()), ("oral", 2));
    /// assert_eq!(by_route.between.unwrap().df, 1);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn with_subgroups(self, columns: &[impl AsRef<str>], tau2: SubgroupTau2) -> Result<Self, Error> {
        let groupings: Result<Vec<Grouping>, Error> =
            columns.iter().map(|column| self.grouping(column.as_ref())).collect();
        let groupings = groupings?;
        self.with_groupings(groupings, tau2)
    }

    /// The same, of studies that were put into groups before.
    ///
    /// # Errors
    ///
    /// As [`with_subgroups`](Self::with_subgroups).
    pub fn with_groupings(self, groupings: Vec<Grouping>, tau2: SubgroupTau2) -> Result<Self, Error> {
        let found: Result<Vec<(Subgroups, Option<Advisory>)>, Error> =
            groupings.into_iter().map(|grouping| self.in_groups(grouping, tau2)).collect();
        let (subgroups, remarks): (Vec<Subgroups>, Vec<Option<Advisory>>) = found?.into_iter().unzip();
        let mut advisories = self.advisories.clone();
        advisories.extend(remarks.into_iter().flatten());
        Ok(Self { subgroups, advisories, ..self })
    }

    /// The subgroups that were asked for, one column after the other.
    #[must_use]
    pub fn subgroups(&self) -> &[Subgroups] {
        &self.subgroups
    }

    /// Which of the pooled studies belong together by a column of the table.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the table has no such column.
    pub fn grouping(&self, column: &str) -> Result<Grouping, Error> {
        let covariate = self.data.column(column, "group by")?;
        let mut pooled = vec![None; self.data.k()];
        self.sizes.study.iter().zip(0..).for_each(|(study, row)| pooled[*study as usize] = Some(row));
        let (mut places, mut levels): (HashMap<&str, usize>, Vec<Level>) = (HashMap::new(), Vec::new());
        for (cell, row) in covariate.cells().zip(pooled) {
            let value = if is_missing(cell) { "" } else { cell };
            let place = *places.entry(value).or_insert_with(|| {
                let missing = value.is_empty();
                let level = if missing { MISSING } else { value }.to_string();
                levels.push(Level { level, missing, studies: Vec::new() });
                levels.len() - 1
            });
            levels[place].studies.extend(row);
        }
        levels.sort_by_key(|level| level.missing);
        Ok(Grouping { column: column.to_string(), levels })
    }

    /// With what has to be said of the comparison of the levels.
    fn in_groups(
        &self,
        grouping: Grouping,
        tau2: SubgroupTau2,
    ) -> Result<(Subgroups, Option<Advisory>), Error> {
        let spec = match tau2 {
            SubgroupTau2::Separate => self.spec.clone(),
            SubgroupTau2::Common => {
                let tau2 = Tau2::Fixed(self.common_tau2(&grouping)?);
                Spec { tau2, tau2_ci: Tau2Ci::None, ..self.spec.clone() }
            }
        };
        let levels: Vec<Subgroup> =
            grouping.levels.into_iter().map(|level| self.subgroup(level, &spec)).collect();
        let (between, remark) = if self.spans_clusters(&levels) {
            (None, Some(shared_clusters(&grouping.column)))
        } else {
            (self.between(&levels), None)
        };
        Ok((Subgroups { column: grouping.column, tau2, levels, between }, remark))
    }

    /// Whether the model has clusters, and one has rows in two of these levels: the results of the levels are then not
    /// independent, and no test takes them as such.
    fn spans_clusters(&self, levels: &[Subgroup]) -> bool {
        let Some(clusters) = self.data.clusters().filter(|_| self.spec.model == Model::ThreeLevel) else {
            return false;
        };
        let mut levels_of: HashMap<u32, usize> = HashMap::new();
        let named = levels.iter().enumerate().filter(|(_, level)| !level.of.missing);
        let mut rows = named.flat_map(|(place, level)| level.of.studies.iter().map(move |row| (place, *row)));
        rows.any(|(place, row)| {
            let cluster = clusters.of(self.sizes.study[row as usize] as usize);
            *levels_of.entry(cluster).or_insert(place) != place
        })
    }

    fn subgroup(&self, of: Level, spec: &Spec) -> Subgroup {
        if of.studies.is_empty() {
            let reason = Some("no study of it can be pooled".to_string());
            return Subgroup { of, result: None, reason };
        }
        match self.of_rows(&of.studies, spec) {
            Ok(result) => Subgroup { of, result: Some(result), reason: None },
            Err(error) => Subgroup { of, result: None, reason: Some(error.to_string()) },
        }
    }

    /// The analysis of some of the studies; nothing that was remarked while the table was read, and no row that was
    /// left out, is theirs.
    fn of_rows(&self, rows: &[u32], spec: &Spec) -> Result<Self, Error> {
        let sizes = self.sizes.subset(rows, self.data.counts(), spec);
        let data = self.data.clone().with_advisories(Vec::new());
        let prepared = self.prepared(&self.sizes);
        let fitted = prepared.fit(Rows::Only(rows), Design::Mean, spec)?;
        Ok(Parts::of(&fitted, spec)?.result(&data, sizes, Vec::new(), spec, 0))
    }

    /// The between-study variance within the levels: the residual one of a meta-regression on them.
    fn common_tau2(&self, grouping: &Grouping) -> Result<f64, Error> {
        let Tau2::Estimated(_) = self.spec.tau2 else {
            return Err(Error::usage("subgroup-tau2 = common does not go with a fixed tau2"));
        };
        if matches!(self.spec.model, Model::Common | Model::ThreeLevel) || self.spec.model.is_of_counts() {
            let problem = Problem::new(format!(
                "subgroup-tau2 = common does not go with model = {}",
                self.spec.model.key()
            ));
            return Err(Error::Usage(vec![problem.help("use subgroup-tau2 = separate")]));
        }
        let levels: Vec<&Level> = grouping.levels.iter().filter(|level| !level.studies.is_empty()).collect();
        if levels.len() >= self.k() {
            let what = format!(
                "a between-study variance common to {} takes more than {}",
                counted(levels.len() as u64, "level", "levels"),
                studies(self.k())
            );
            return Err(Error::data(what));
        }
        let indicator = |level: &&Level| {
            let mut column = vec![0.0; self.k()];
            level.studies.iter().for_each(|row| column[*row as usize] = 1.0);
            column
        };
        let columns = levels.iter().enumerate().map(|(place, level)| (place.to_string(), indicator(level)));
        let matrix = ModelMatrix::new(columns)?;
        let spec = Spec { model: Model::Random, ci: Ci::Wald, tau2_ci: Tau2Ci::None, ..self.spec.clone() };
        let prepared = self.prepared(&self.sizes);
        match prepared.fit(Rows::All, Design::Moderators(&matrix), &spec)? {
            Fit::Regression(fit) => Ok(fit.tau2()),
            _ => unreachable!("a design of moderators is a regression"),
        }
    }

    fn between(&self, levels: &[Subgroup]) -> Option<Between> {
        let named: Vec<&Self> = levels
            .iter()
            .filter(|level| !level.of.missing)
            .filter_map(|level| level.result.as_ref())
            .collect();
        let test = BetweenTest::of(named.iter().map(|result| result.pooled()))?;
        Some(Between {
            q: test.q,
            df: test.df,
            p: test.p,
            common: BetweenTest::of(named.iter().map(|result| &result.common)),
            likelihood_ratio: self.likelihood_ratio(levels, &named),
        })
    }

    /// Twice what the log-likelihoods of the levels add up to more than that of all their studies.
    fn likelihood_ratio(&self, levels: &[Subgroup], named: &[&Self]) -> Option<BetweenTest> {
        if !self.spec.model.is_of_counts() {
            return None;
        }
        let of_levels: Option<Vec<f64>> = named.iter().map(|result| result.pooled().log_likelihood).collect();
        let mut rows: Vec<u32> = levels
            .iter()
            .filter(|level| !level.of.missing)
            .flat_map(|level| &level.of.studies)
            .copied()
            .collect();
        rows.sort_unstable();
        let all = if rows.len() == self.k() {
            self.pooled().log_likelihood
        } else {
            self.of_rows(&rows, &self.spec).ok()?.pooled().log_likelihood
        };
        let statistic = 2.0 * (of_levels?.iter().sum::<f64>() - all?);
        Some(BetweenTest::new(statistic.max(0.0), 2 * (named.len() - 1)))
    }
}

/// What is said where clusters span levels.
fn shared_clusters(column: &str) -> Advisory {
    Advisory::new(
        Code::ClustersSpanLevels,
        format!(
            "clusters have rows in several levels of {column}, so the levels are not independent and are not tested \
             against each other; regress --mods {column} with the column of the clusters (CR2) compares them"
        ),
    )
}
