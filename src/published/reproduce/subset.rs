//! Which of the studies were pooled: a search over every subset of a table.

use std::ops::ControlFlow;

use rayon::prelude::*;
use serde::Serialize;

use super::prior;
use super::space::Space;
use super::specifications::for_each_specification;
use crate::data::{Counts, Dataset, Study};
use crate::error::{Error, Problem};
use crate::options::{Request, Spec};
use crate::published::claim::field_values::FieldValues as _;
use crate::published::claim::{Claim, Field};
use crate::published::search::{Ask, Evaluator, Findings, Screen, Sums, Target, search, verified};

/// At most 2²⁰ subsets are examined for a specification.
const MOST_STUDIES: usize = 20;
/// A search under one specification is asked whether to go on each time it has gone through so many choices of the studies
/// after the first ten: often enough to say how far it is, and enough work for all cores.
const CHOICES_A_STEP: usize = 32;

/// The subsets of a table that give the printed figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Subsets {
    /// How many were examined, over all specifications; subsets with another k or total than printed are not.
    pub tried: u64,
    /// How many of them give every printed field, each confirmed by a full analysis.
    pub complete: u64,
    /// Whether the search was stopped before its end.
    pub stopped: bool,
    /// The first of those, in the order of how many studies they leave out.
    pub matches: Vec<SubsetMatch>,
}

/// A subset that gives every printed field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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

/// Examines every subset of the studies under each specification; `list` matches are listed. `keep_going` is
/// given how many steps are done and how many there are, each of the same number of subsets, and stops the search by
/// returning false.
///
/// The sums of a subset are those of its first ten studies plus those of its others, from two tables of at
/// most 1,024 entries. That is as fast as changing one study from subset to subset (a Gray code), without
/// accumulating rounding errors.
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
/// let result = subsets(&table, &printed, &[spec], 5, |_, _| true)?;
/// assert_eq!(result.matches[0].left_out, ["C", "D"]);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn subsets(
    table: &Dataset,
    printed: &Claim,
    specs: &[Spec],
    list: usize,
    mut keep_going: impl FnMut(usize, usize) -> bool,
) -> Result<Subsets, Error> {
    if table.k() > MOST_STUDIES {
        let problem = Problem::new(format!(
            "{} studies have too many subsets: at most {MOST_STUDIES} studies are gone through",
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
    let (printed, specs) = (printed.clone(), specs.to_vec());
    let examine_all = move |found: &Findings<Subsets>, ask: &mut Ask<'_>| {
        let steps = steps_of_a_specification(studies.len());
        let all = (specs.len() * steps) as u64;
        let mut done = 0;
        for spec in &specs {
            let search = SubsetSearch::new(&studies, &printed, spec)?;
            for step in 0..steps {
                if !ask(done, all) {
                    return Ok(());
                }
                let (tried, fitting) = search.run(step);
                done += 1;
                if found.add(|found| found.extend(tried, fitting, list)).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    };
    let none = Subsets { tried: 0, complete: 0, stopped: false, matches: Vec::new() };
    let (found, stopped) =
        search(none, examine_all, &mut |done, all| keep_going(done as usize, all as usize))?;
    Ok(Subsets { stopped, ..found })
}

impl Subsets {
    /// Adds those of one more specification; `list` are kept.
    fn extend(&mut self, tried: u64, fitting: Vec<SubsetMatch>, list: usize) {
        self.tried += tried;
        self.complete += fitting.len() as u64;
        self.matches.extend(fitting);
        self.matches.sort_by_key(|one| one.left_out.len());
        self.matches.truncate(list);
    }
}

/// How much less usual than the most usual one a specification may be whose subsets are examined, on the logarithmic
/// scale of the prior shares: a twentieth as usual.
const LESS_USUAL: f64 = 3.0;

/// The inverse-variance specifications that differ on these studies and are at least a twentieth as usual as the most
/// usual one that the explicit choices leave open, that one first: those whose subsets are examined. The shares are
/// those by which [`reproduce`](super::reproduce) ranks its matches.
///
/// # Errors
///
/// [`Error::Usage`] where the explicit choices contradict each other.
///
/// ```
/// use metaprop::Dataset;
/// use metaprop::options::{Ci, Measure, Request};
/// use metaprop::published::{claim::Claim, reproduce::specifications};
///
/// let table = Dataset::proportions([("A", 5, 119), ("B", 116, 170)])?;
/// let explicit = Request { measure: Some(Measure::Raw), ci: Some(Ci::Wald), ..Request::default() };
/// let specs = specifications(&table, &explicit, &Claim::default())?;
/// assert!(specs.iter().all(|spec| spec.measure() == Measure::Raw && spec.ci() == Ci::Wald));
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn specifications(table: &Dataset, explicit: &Request, printed: &Claim) -> Result<Vec<Spec>, Error> {
    let space = Space::new(explicit, printed)?;
    let mut specs: Vec<(f64, Spec)> = Vec::new();
    let _ = for_each_specification(&table.counted()?, &space, printed, f64::INFINITY, &mut |result| {
        specs.push((prior::of_specification(result.spec(), None), result.spec().clone()));
        ControlFlow::Continue(())
    });
    // A stable sort: of equally usual ones the order stays.
    specs.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let least = specs.first().map_or(0.0, |(cost, _)| *cost);
    Ok(specs.into_iter().take_while(|(cost, _)| *cost <= least + LESS_USUAL).map(|(_, spec)| spec).collect())
}

/// The subsets under one specification. A subset is a number whose bit i stands for study i.
struct SubsetSearch<'s> {
    studies: &'s [Study],
    printed: &'s Claim,
    evaluator: Evaluator,
    target: Target,
    /// By the number of studies pooled.
    screens: Vec<Option<Screen>>,
    /// Each study on the analysis scale; `None` where it would be left out.
    effects: Vec<Option<[f64; 2]>>,
    /// The printed number of studies and of people.
    size: [Option<u64>; 2],
    /// The sums of every choice of the first ten studies, and of every choice of the others.
    sums: [Vec<Sums>; 2],
}

/// How many of the studies are the first ones.
const fn first_studies(k: usize) -> usize {
    if k < MOST_STUDIES / 2 { k } else { MOST_STUDIES / 2 }
}

const fn steps_of_a_specification(k: usize) -> usize {
    (1_usize << (k - first_studies(k))).div_ceil(CHOICES_A_STEP)
}

impl<'s> SubsetSearch<'s> {
    fn new(studies: &'s [Study], printed: &'s Claim, spec: &Spec) -> Result<Self, Error> {
        let evaluator = Evaluator::new(spec, studies.len())?;
        // As in `reproduce`, digits may be cut off.
        let target = Target::new(printed, true);
        let screens: Vec<Option<Screen>> =
            (0..=studies.len()).map(|k| Screen::new(&evaluator, &target, k)).collect();
        let effects: Vec<Option<[f64; 2]>> = studies
            .iter()
            .map(|study| evaluator.effect(study.counts, evaluator.correction(study.counts)?))
            .collect();
        let origin = screens.iter().flatten().next().map_or(0.0, |screen| screen.origin);
        let (first, others) = effects.split_at(first_studies(studies.len()));
        Ok(Self {
            studies,
            printed,
            sums: [sums_of_choices(first, origin), sums_of_choices(others, origin)],
            screens,
            effects,
            size: [Field::K, Field::Total].map(|field| printed.count(field)),
            evaluator,
            target,
        })
    }

    /// How many subsets were examined in one step, and those that give the printed figures.
    fn run(&self, step: usize) -> (u64, Vec<SubsetMatch>) {
        let [lows, highs] = &self.sums;
        let first = step * CHOICES_A_STEP;
        let parts: Vec<(u64, Vec<SubsetMatch>)> = (first..highs.len().min(first + CHOICES_A_STEP))
            .into_par_iter()
            .map(|upper| {
                let high = highs[upper];
                let above = upper << first_studies(self.studies.len());
                let subsets = lows.iter().enumerate().map(|(lower, sums)| (lower | above, sums.plus(high)));
                let wanted = subsets.filter(|(subset, _)| *subset != 0 && self.has_size(*subset));
                let (mut tried, mut fitting) = (0, Vec::new());
                for (subset, sums) in wanted {
                    tried += 1;
                    fitting.extend(self.matched(subset, &sums));
                }
                (tried, fitting)
            })
            .collect();
        parts.into_iter().fold((0, Vec::new()), |(tried, mut all), (more, fitting)| {
            all.extend(fitting);
            (tried + more, all)
        })
    }

    /// The indices of the studies of a subset.
    fn members(&self, subset: usize) -> impl Iterator<Item = usize> + Clone {
        (0..self.studies.len()).filter(move |study| subset >> study & 1 == 1)
    }

    /// Whether a subset has the printed k and total.
    fn has_size(&self, subset: usize) -> bool {
        let [k, total] = self.size;
        let people = || self.members(subset).map(|study| self.studies[study].counts.total()).sum::<u64>();
        k.is_none_or(|k| k == u64::from(subset.count_ones())) && total.is_none_or(|total| total == people())
    }

    /// The subset as a match, if a full analysis confirms that it gives the printed figures.
    fn matched(&self, subset: usize, sums: &Sums) -> Option<SubsetMatch> {
        let members = self.members(subset);
        if !self.passes_screen(subset, sums) {
            return None;
        }
        let counts: Vec<Counts> = members.clone().map(|study| self.studies[study].counts).collect();
        if self.target.distance(&self.evaluator.evaluate(&counts)?) > 0.0 {
            return None;
        }
        let pooled = members.map(|study| self.studies[study].clone()).collect();
        let result = verified(pooled, &self.evaluator.spec, self.printed, true)?;
        let out = (0..self.studies.len()).filter(|study| subset >> study & 1 == 0);
        Some(SubsetMatch {
            spec: self.evaluator.spec.clone(),
            left_out: out.map(|study| self.studies[study].name.to_string()).collect(),
            k: counts.len(),
            estimate: result.pooled().estimate,
            lower: result.pooled().lower,
            upper: result.pooled().upper,
        })
    }

    /// Whether the subset may give the printed figures.
    fn passes_screen(&self, subset: usize, sums: &Sums) -> bool {
        let k = subset.count_ones() as usize;
        let Some(screen) = self.screens[k] else { return true };
        let (mut y, mut v, mut rows) = ([0.0; MOST_STUDIES], [0.0; MOST_STUDIES], 0);
        for study in self.members(subset) {
            let Some([estimate, variance]) = self.effects[study] else { return false };
            (y[rows], v[rows]) = (estimate - screen.origin, variance);
            rows += 1;
        }
        screen.accepts(screen.tau2(sums, k as f64), &y[..rows], &v[..rows], self.evaluator.quantile(k))
    }
}

/// The sums of every choice among these studies, measured from the origin: the bits of its place say which are chosen.
fn sums_of_choices(effects: &[Option<[f64; 2]>], origin: f64) -> Vec<Sums> {
    effects.iter().fold(vec![Sums::default()], |sums, effect| {
        let row = effect.map_or([f64::NAN, 1.0], |[y, v]| [y - origin, v]);
        let with: Vec<Sums> = sums.iter().map(|sums| sums.with(row)).collect();
        [sums, with].concat()
    })
}
