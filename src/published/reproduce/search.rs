//! The search, its best matches, and whether they agree on what was not printed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use serde::Serialize;

use super::full;
use super::reading::{self, Edit, Reading};
use super::score::{Score, is_percent};
use super::space::Space;
use super::specification;
use crate::analysis::fit;
use crate::data::{Dataset, PercentRow, Study};
use crate::error::Error;
use crate::model::Value;
use crate::options::{Choice, Ci, Measure, Model, Tau2Method};
use crate::options::{Request, Spec};
use crate::published::claim::compare::judge;
use crate::published::claim::recomputed::{Source, candidates};
use crate::published::claim::{Claim, Field, FieldVerdict};

/// What is searched for, and where.
#[derive(Debug, Clone)]
pub struct Search<'s> {
    /// The studies.
    pub table: &'s Dataset,
    /// The printed fields.
    pub printed: &'s Claim,
    /// The choices that are known; the others are searched.
    pub explicit: Request,
    /// Whether other readings of the data are tried.
    pub slips: bool,
    /// Rows that were read and left out, by a filter for instance: one of them may have been pooled.
    pub aside: &'s [Study],
    /// The percentages that the counts were derived from: where one can be another count, that is tried.
    pub percentages: &'s [PercentRow],
    /// How many matches are told.
    pub list: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reproduction {
    /// How many specifications were tried, over all readings.
    pub tried: u64,
    /// How many of them give every printed field.
    pub complete: u64,
    /// How many of those need a full analysis each: likelihood models, IVhet, Kenward-Roger, …
    pub by_full_analysis: u64,
    /// Whether the search was stopped before its end.
    pub stopped: bool,
    /// The best, first; specifications that give the same numbers are told once.
    pub matches: Vec<Match>,
    /// What those that give every printed field say of the rest; of the data as they were read where any do.
    pub agreement: Option<Agreement>,
}

/// A specification, with the reading of the data it was computed on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Match {
    /// How many printed fields hold.
    pub fields_hold: usize,
    /// How far the farthest field that does not hold lies, in steps of its last printed digit; 0 where
    /// all hold, null where one has no value.
    pub distance: f64,
    /// One verdict a printed field.
    pub fields: Vec<FieldVerdict>,
    /// What was changed in the data; empty as they were read.
    pub edits: Vec<Edit>,
    /// The specification.
    pub spec: Spec,
    /// The pooled proportion, a fraction.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
    /// How many more specifications give the same estimate and limits.
    pub also: u64,
}

/// The ranges over all specifications that give every printed field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// How many there are on the same reading of the data as the best.
    pub specifications: u64,
    /// Of the estimate, a fraction.
    pub estimate: [f64; 2],
    /// Of the lower limit.
    pub lower: Option<[f64; 2]>,
    /// Of the upper limit.
    pub upper: Option<[f64; 2]>,
    /// Of I² in percent, by the definition of each specification.
    pub i2: Option<[f64; 2]>,
    /// Of the between-study variance, where all are on one scale.
    pub tau2: Option<[f64; 2]>,
    /// The choices they make: one word where they agree.
    pub choices: BTreeMap<&'static str, BTreeSet<String>>,
}

/// A fit that is kept.
struct Kept {
    score: Score,
    reading: usize,
    spec: Spec,
    values: [f64; 3],
    fields: Vec<FieldVerdict>,
    also: u64,
}

/// Searches: every inverse-variance specification on every reading, and on the data as they were read
/// those that need a full analysis (likelihood models, IVhet, Kenward-Roger, …) too. `keep_going` is told
/// how many steps are done, of how many, and stops the search by saying false: the best so far is
/// returned.
///
/// # Errors
///
/// [`Error::Usage`] where nothing exact is printed or the explicit choices contradict each other.
///
/// ```
/// use metaprop::Dataset;
/// use metaprop::published::{claim::Claim, reproduce::{reproduce, Search}};
/// use metaprop::options::{Measure, Model};
///
/// // Printed 0.18 [0.14–0.21], as "random effects".
/// let table = Dataset::proportions([("A", 5, 119), ("B", 116, 170)])?;
/// let mut printed = Claim::new("", "");
/// printed.set("estimate", &["0.18"])?;
/// printed.set("ci", &["0.14", "0.21"])?;
/// let search = Search { table: &table, printed: &printed, explicit: Default::default(), slips: false, aside: &[], percentages: &[], list: 10 };
/// let found = reproduce(&search, |_, _| true)?;
/// let best = &found.matches[0];
/// assert_eq!((best.fields_hold, best.spec.measure, best.spec.model), (2, Measure::Raw, Model::Common));
/// assert!((best.estimate - 0.1763).abs() < 5e-5);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn reproduce(
    search: &Search<'_>,
    mut keep_going: impl FnMut(usize, usize) -> bool,
) -> Result<Reproduction, Error> {
    if search.printed.entries.is_empty() {
        return Err(Error::usage(
            "nothing printed to look for: give at least one field, such as estimate=54.0%",
        ));
    }
    let space = Space::new(&search.explicit, search.printed)?;
    let readings = reading::all(search.table, search)?;
    let mut found = Found { search, kept: Vec::new(), agreement: None, tried: 0, complete: 0, full: 0 };
    let mut stopped = false;
    for (index, reading) in readings.iter().enumerate() {
        if stopped || !keep_going(index, readings.len()) {
            stopped = true;
            break;
        }
        let _ = specification::each(&reading.studies, &space, search.printed, &mut |evaluation| {
            found.add(evaluation, index, reading, false);
            ControlFlow::Continue(())
        });
        if index == 0 {
            stopped = !full_tier(search, &space, &mut found, reading, &mut keep_going);
        }
    }
    Ok(found.into_reproduction(&readings, stopped))
}

/// The specifications that need a full analysis, on the data as they were read; false where it was stopped.
fn full_tier(
    search: &Search<'_>,
    space: &Space,
    found: &mut Found<'_>,
    reading: &Reading,
    keep_going: &mut impl FnMut(usize, usize) -> bool,
) -> bool {
    let specs = full::specs(&search.explicit, space);
    for (index, spec) in specs.iter().enumerate() {
        if !keep_going(index, specs.len()) {
            return false;
        }
        // A likelihood without a certified maximum gives no answer.
        if let Ok(result) = fit(search.table, spec) {
            found.add(&result, 0, reading, true);
        }
    }
    true
}

/// The search as it goes.
struct Found<'s> {
    search: &'s Search<'s>,
    kept: Vec<Kept>,
    agreement: Option<(usize, Agreement)>,
    tried: u64,
    complete: u64,
    /// Of the complete ones, those by a full analysis.
    full: u64,
}

impl Found<'_> {
    /// `full` says that it took an analysis of its own.
    fn add(&mut self, source: &dyn Source, reading: usize, read: &Reading, full: bool) {
        self.tried += 1;
        let score = Score::of(source, self.search.printed, read.cost());
        if score.hold == self.search.printed.entries.len() {
            self.complete += 1;
            self.full += u64::from(full);
            self.agree(source, reading);
        }
        // The list is sorted; what is worse than its last has no place in it.
        if self.kept.len() >= self.search.list
            && self.kept.last().is_some_and(|last| last.score.order(&score).is_le())
            && !self.is_known(source, reading)
        {
            return;
        }
        self.keep(source, score, reading);
    }

    fn is_known(&self, source: &dyn Source, reading: usize) -> bool {
        let values = values(source);
        self.kept.iter().any(|kept| kept.is_same(reading, &values))
    }

    fn keep(&mut self, source: &dyn Source, score: Score, reading: usize) {
        let values = values(source);
        let same = self
            .kept
            .iter_mut()
            .find(|kept| kept.is_same(reading, &values) && kept.score.order(&score).is_le());
        if let Some(same) = same {
            same.also += 1;
            return;
        }
        let fields = self.search.printed.entries.iter().map(|entry| {
            let candidates = candidates(entry.field, entry.study.as_deref(), source).unwrap_or_default();
            judge(entry, &candidates, is_percent(entry.field))
        });
        let kept =
            Kept { score, reading, spec: source.spec().clone(), values, fields: fields.collect(), also: 0 };
        // Behind its equals: of equally good specifications the likelier was visited first.
        let place = self.kept.partition_point(|other| other.score.order(&score).is_le());
        self.kept.insert(place, kept);
        self.kept.truncate(self.search.list);
    }

    /// Widens the ranges; a reading with a smaller edit comes first and is kept.
    fn agree(&mut self, source: &dyn Source, reading: usize) {
        let one = Agreement::of(source);
        match &mut self.agreement {
            None => self.agreement = Some((reading, one)),
            Some((known, agreement)) if *known == reading => agreement.widen(&one),
            Some(_) => {}
        }
    }

    fn into_reproduction(self, readings: &[Reading], stopped: bool) -> Reproduction {
        let matches = self.kept.into_iter().map(|kept| Match {
            fields_hold: kept.score.hold,
            distance: kept.score.distance,
            edits: readings[kept.reading].edits.clone(),
            fields: kept.fields,
            spec: kept.spec,
            estimate: kept.values[0],
            lower: Some(kept.values[1]).filter(|limit| limit.is_finite()),
            upper: Some(kept.values[2]).filter(|limit| limit.is_finite()),
            also: kept.also,
        });
        Reproduction {
            tried: self.tried,
            complete: self.complete,
            by_full_analysis: self.full,
            stopped,
            matches: matches.collect(),
            agreement: self.agreement.map(|(_, agreement)| agreement),
        }
    }
}

impl Kept {
    /// Whether it gives the same numbers on the same data: within a few units of the last place.
    fn is_same(&self, reading: usize, values: &[f64; 3]) -> bool {
        let close = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-12 || (a.is_nan() && b.is_nan());
        self.reading == reading && self.values.iter().zip(values).all(close)
    }
}

/// Estimate and limits; NaN where there is none.
fn values(source: &dyn Source) -> [f64; 3] {
    let [lower, upper] = value_of(Field::Ci, source).and_then(Value::limits).unwrap_or([f64::NAN; 2]);
    [number(Field::Estimate, source).unwrap_or(f64::NAN), lower, upper]
}

fn value_of(field: Field, source: &dyn Source) -> Option<Value> {
    field.statistic()?.of(source)
}

fn number(field: Field, source: &dyn Source) -> Option<f64> {
    value_of(field, source)?.number()
}

impl Agreement {
    fn of(source: &dyn Source) -> Self {
        let one = |field: Field| number(field, source).map(|value| [value; 2]);
        let [estimate, lower, upper] = values(source);
        let limit = |value: f64| value.is_finite().then_some([value; 2]);
        Self {
            specifications: 1,
            estimate: [estimate; 2],
            lower: limit(lower),
            upper: limit(upper),
            i2: one(Field::I2),
            tau2: one(Field::Tau2),
            choices: choices(source.spec()),
        }
    }

    fn widen(&mut self, other: &Self) {
        let join = |a: [f64; 2], b: [f64; 2]| [a[0].min(b[0]), a[1].max(b[1])];
        let both = |a: Option<[f64; 2]>, b: Option<[f64; 2]>| a.zip(b).map(|(a, b)| join(a, b));
        self.specifications += 1;
        self.estimate = join(self.estimate, other.estimate);
        self.lower = both(self.lower, other.lower);
        self.upper = both(self.upper, other.upper);
        self.i2 = both(self.i2, other.i2);
        for (choice, words) in &other.choices {
            self.choices.entry(choice).or_default().extend(words.iter().cloned());
        }
        let one_scale = self.choices.get(Measure::NAME).is_some_and(|words| words.len() == 1);
        self.tau2 = both(self.tau2, other.tau2).filter(|_| one_scale);
    }
}

/// The choices that readers care about, by name.
fn choices(spec: &Spec) -> BTreeMap<&'static str, BTreeSet<String>> {
    let tau2 = if spec.model == Model::Common { "none".to_string() } else { spec.tau2.key() };
    let words = [
        (Measure::NAME, spec.measure.key().to_string()),
        (Model::NAME, spec.model.key().to_string()),
        (Tau2Method::NAME, tau2),
        (Ci::NAME, spec.ci.key().to_string()),
        ("level", spec.level.percent().to_string()),
    ];
    words.into_iter().map(|(name, word)| (name, BTreeSet::from([word]))).collect()
}
