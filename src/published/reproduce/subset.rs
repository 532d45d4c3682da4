//! Which of the studies were pooled: every subset of a table.

use std::ops::ControlFlow;

use rayon::prelude::*;
use serde::Serialize;

use super::space::Space;
use super::specification;
use crate::data::{Counts, Dataset, Study};
use crate::error::{Error, Problem};
use crate::options::{Request, Spec};
use crate::published::claim::recomputed::Source as _;
use crate::published::claim::{Claim, Field};
use crate::published::search::{Evaluator, Screen, Sums, Target, verified};

/// 2²⁰ subsets a specification; more studies are for a search that says it is not complete.
const MOST: usize = 20;

/// Every subset under some specifications.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Subsets {
    /// How many were looked at, over all specifications; those with another k or total than printed are not.
    pub tried: u64,
    /// How many of them give every printed field, each confirmed by a full analysis.
    pub complete: u64,
    /// Whether the search was stopped before its end.
    pub stopped: bool,
    /// Those that leave out the fewest studies, first.
    pub matches: Vec<SubsetMatch>,
}

/// A subset that gives every printed field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubsetMatch {
    /// The specification.
    pub spec: Spec,
    /// The studies that were not pooled.
    pub left_out: Vec<String>,
    /// How many were pooled.
    pub k: usize,
    /// The pooled proportion, a fraction.
    pub estimate: f64,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
}

/// Looks at every subset of the studies under each specification; `keep_going` is told how many
/// specifications are done, of how many, and stops the search by saying false.
///
/// The four sums of a subset are those of its lower and its upper ten studies added, from two tables
/// of at most 1,024: as fast as stepping from subset to subset by one study (a Gray code), and no
/// rounding error is carried along.
///
/// # Errors
///
/// [`Error::Usage`] with more than 20 studies, nothing printed, or a specification without
/// inverse-variance weights.
///
/// ```
/// use metaprop::Dataset;
/// use metaprop::published::{claim::Claim, reproduce::subsets};
/// use metaprop::options::Request;
/// use metaprop::options::{Measure, Profile};
///
/// let table = Dataset::proportions([("A", 5, 119), ("B", 116, 170), ("C", 30, 60), ("D", 9, 80)])?;
/// let spec = Request { profile: Some(Profile::DlWald), measure: Some(Measure::Raw), ..Default::default() }.resolve()?;
/// let mut printed = Claim::new("", "");
/// printed.set_printed("estimate=0.36")?;
/// printed.set_printed("total=289")?;
/// let found = subsets(&table, &printed, &[spec], 5, |_, _| true)?;
/// assert_eq!(found.matches[0].left_out, ["C", "D"]);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn subsets(
    table: &Dataset,
    printed: &Claim,
    specs: &[Spec],
    list: usize,
    mut keep_going: impl FnMut(usize, usize) -> bool,
) -> Result<Subsets, Error> {
    if table.k() > MOST {
        let problem = Problem::new(format!(
            "{} studies have too many subsets: at most {MOST} studies are gone through",
            table.k()
        ));
        return Err(Error::Usage(vec![problem.help("leave out those that were surely not pooled")]));
    }
    if printed.entries.is_empty() {
        return Err(Error::usage(
            "nothing printed to look for: give at least one field, such as estimate=54.0%",
        ));
    }
    let studies = table.counted()?;
    let mut found = Subsets { tried: 0, complete: 0, stopped: false, matches: Vec::new() };
    for (index, spec) in specs.iter().enumerate() {
        if !keep_going(index, specs.len()) {
            found.stopped = true;
            break;
        }
        let part = Part::new(&studies, printed, spec)?;
        let (tried, fitting) = part.all();
        found.tried += tried;
        found.complete += fitting.len() as u64;
        found.matches.extend(fitting);
        found.matches.sort_by_key(|one| one.left_out.len());
        found.matches.truncate(list);
    }
    Ok(found)
}

/// The inverse-variance specifications whose subsets can be gone through, those that differ on these
/// studies, the likelier first.
///
/// # Errors
///
/// [`Error::Usage`] where the explicit choices contradict each other.
pub fn specifications(table: &Dataset, explicit: &Request, printed: &Claim) -> Result<Vec<Spec>, Error> {
    let space = Space::new(explicit, printed)?;
    let mut specs = Vec::new();
    let _ = specification::each(&table.counted()?, &space, printed, &mut |evaluation| {
        specs.push(evaluation.spec().clone());
        ControlFlow::Continue(())
    });
    Ok(specs)
}

/// The subsets under one specification.
struct Part<'s> {
    studies: &'s [Study],
    printed: &'s Claim,
    evaluator: Evaluator,
    target: Target,
    /// By the number of studies pooled.
    quick: Vec<Option<Screen>>,
    /// Each study on the analysis scale; `None` where it would be left out.
    effects: Vec<Option<[f64; 2]>>,
    /// The printed number of studies and of people.
    size: [Option<u64>; 2],
}

impl<'s> Part<'s> {
    fn new(studies: &'s [Study], printed: &'s Claim, spec: &Spec) -> Result<Self, Error> {
        let evaluator = Evaluator::new(spec, studies.len())?;
        // As in the other searches of this room, cut digits hold, after rounded ones.
        let target = Target::new(printed, true);
        let quick = (0..=studies.len()).map(|k| Screen::new(&evaluator, &target, k)).collect();
        let effects = studies
            .iter()
            .map(|study| evaluator.effect(study.counts, evaluator.amount(study.counts)?))
            .collect();
        Ok(Self {
            studies,
            printed,
            quick,
            effects,
            size: [Field::K, Field::Total].map(|field| printed.count(field)),
            evaluator,
            target,
        })
    }

    fn all(&self) -> (u64, Vec<SubsetMatch>) {
        let low = self.studies.len().min(MOST / 2);
        let (lows, highs) = (self.sums(0, low), self.sums(low, self.studies.len()));
        let parts: Vec<(u64, Vec<SubsetMatch>)> = highs
            .par_iter()
            .enumerate()
            .map(|(upper, high)| {
                let subsets =
                    lows.iter().enumerate().map(|(lower, sums)| (lower | (upper << low), sums.plus(*high)));
                let wanted = subsets.filter(|(subset, _)| *subset != 0 && self.has_size(*subset));
                let (mut tried, mut fitting) = (0, Vec::new());
                for (subset, sums) in wanted {
                    tried += 1;
                    fitting.extend(self.fits(subset, &sums));
                }
                (tried, fitting)
            })
            .collect();
        parts.into_iter().fold((0, Vec::new()), |(tried, mut all), (more, fitting)| {
            all.extend(fitting);
            (tried + more, all)
        })
    }

    /// The sums of every subset of some of the studies.
    fn sums(&self, from: usize, to: usize) -> Vec<Sums> {
        let origin = self.quick.iter().flatten().next().map_or(0.0, |quick| quick.origin);
        (from..to).fold(vec![Sums::default()], |sums, study| {
            let row = self.effects[study].map_or([f64::NAN, 1.0], |[y, v]| [y - origin, v]);
            let with: Vec<Sums> = sums.iter().map(|sums| sums.with(row)).collect();
            [sums, with].concat()
        })
    }

    fn members(&self, subset: usize) -> impl Iterator<Item = usize> + Clone {
        (0..self.studies.len()).filter(move |study| subset >> study & 1 == 1)
    }

    fn has_size(&self, subset: usize) -> bool {
        let [k, total] = self.size;
        let people = || self.members(subset).map(|study| self.studies[study].counts.total()).sum::<u64>();
        k.is_none_or(|k| k == u64::from(subset.count_ones())) && total.is_none_or(|total| total == people())
    }

    fn fits(&self, subset: usize, sums: &Sums) -> Option<SubsetMatch> {
        let members = self.members(subset);
        if !self.may_fit(subset, sums) {
            return None;
        }
        let counts: Vec<Counts> = members.clone().map(|study| self.studies[study].counts).collect();
        if self.target.distance(&self.evaluator.of(&counts)?) > 0.0 {
            return None;
        }
        let pooled = members.map(|study| self.studies[study].clone()).collect();
        let outcome = verified(pooled, &self.evaluator.spec, self.printed, true)?;
        let out = (0..self.studies.len()).filter(|study| subset >> study & 1 == 0);
        Some(SubsetMatch {
            spec: self.evaluator.spec.clone(),
            left_out: out.map(|study| self.studies[study].name.to_string()).collect(),
            k: counts.len(),
            estimate: outcome.pooled().estimate,
            lower: outcome.pooled().lower,
            upper: outcome.pooled().upper,
        })
    }

    fn may_fit(&self, subset: usize, sums: &Sums) -> bool {
        let k = subset.count_ones() as usize;
        let Some(quick) = self.quick[k] else { return true };
        let (mut y, mut v, mut at) = ([0.0; MOST], [0.0; MOST], 0);
        for study in self.members(subset) {
            let Some([estimate, variance]) = self.effects[study] else { return false };
            (y[at], v[at]) = (estimate - quick.origin, variance);
            at += 1;
        }
        quick.accepts(quick.tau2(sums, k as f64), &y[..at], &v[..at], self.evaluator.quantile(k))
    }
}
