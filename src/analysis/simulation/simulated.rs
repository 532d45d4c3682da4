//! Every specification on every truth.

use rayon::prelude::*;
use serde::Serialize;

use super::performance::{Performance, Totals};
use super::pooled::{Pooled, Pooling};
use super::population::Population;
use super::truth::{Truth, index};
use crate::analysis::KeepGoing;
use crate::data::Counts;
use crate::error::{Error, Problem};
use crate::numeric::random::Stream;
use crate::options::{Choice, DEFAULT_SEED, Model, Spec, Target};

/// So many of the cheapest analyses of one study are made before it is asked whether to go on.
const WORK_AT_ONCE: u64 = 200_000;
/// At most so many tables.
const TABLES_AT_ONCE: u64 = 8192;

/// How often is drawn, and what estimates are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SimulationOptions {
    /// How many tables are drawn of each truth.
    pub repetitions: u32,
    /// The seed of the draws.
    pub seed: u64,
    /// What estimates are compared with.
    pub target: Target,
}

impl Default for SimulationOptions {
    fn default() -> Self {
        Self { repetitions: 10_000, seed: DEFAULT_SEED, target: Target::Median }
    }
}

/// How every specification does on every truth.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Simulation {
    /// What was asked for.
    pub options: SimulationOptions,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// A row a truth and specification, in the order in which they were given.
    pub rows: Vec<SimulatedRow>,
}

/// How one specification does on one truth.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SimulatedRow {
    /// What tables were drawn from.
    #[serde(flatten)]
    pub truth: Truth,
    /// What the estimates are compared with, a fraction.
    pub true_value: f64,
    /// The probability that a true proportion is 0 or 1, because its draw lies beyond the end of the scale.
    pub at_ends: f64,
    /// The specification.
    pub spec: Spec,
    /// How it does.
    #[serde(flatten)]
    pub performance: Performance,
}

/// Draws tables from each truth, on all cores, pools each by every specification, and compares with what is true.
///
/// The numbers are those that [`fit`](crate::fit) gives for the table, fractions clipped to [0, 1]. Every repetition has
/// random numbers of its own, so that the result has the same bits on any number of threads; all specifications are computed on
/// the same tables, and more repetitions, truths behind the others and more specifications leave the tables as they are.
///
/// # Errors
///
/// [`Error::Usage`] where a truth is none, there is nothing to do, or a specification needs more than counts: estimates or
/// clusters.
///
/// ```
/// use metaprop::analysis::{SimulationOptions, StudySizes, Truth, simulate};
/// use metaprop::options::{Ci, Request};
///
/// let truth = Truth::new(5, StudySizes::Between { least: 20, most: 80 }, 0.3).tau2(0.5);
/// let specs = [Ci::Wald, Ci::Hk].map(|ci| Request { ci: Some(ci), ..Request::default() }.resolve());
/// let specs = specs.into_iter().collect::<Result<Vec<_>, _>>()?;
/// let mut options = SimulationOptions::default();
/// options.repetitions = 400;
/// let simulation = simulate(&[truth], &specs, &options)?;
/// let coverage: Vec<f64> = simulation.rows.iter().filter_map(|row| row.performance.coverage).collect();
/// assert!(coverage[0] < 0.93 && coverage[1] > coverage[0]);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn simulate(truths: &[Truth], specs: &[Spec], options: &SimulationOptions) -> Result<Simulation, Error> {
    simulate_watched(truths, specs, options, &mut |_, _| true)
}

/// The same; `keep_going` is given how many tables are done, and stops it by returning false.
///
/// # Errors
///
/// As [`simulate`]; where it is stopped before the first table was pooled.
pub(crate) fn simulate_watched(
    truths: &[Truth],
    specs: &[Spec],
    options: &SimulationOptions,
    keep_going: &mut KeepGoing<'_>,
) -> Result<Simulation, Error> {
    check(truths, specs, options)?;
    let populations = truths.iter().map(Truth::population).collect::<Result<Vec<_>, _>>()?;
    let values: Vec<f64> = populations.iter().map(|population| population.value(options.target)).collect();
    let scenarios: Vec<Scenario<'_>> =
        populations.iter().map(|population| Scenario::new(population, specs)).collect();
    let mut totals: Vec<Totals> =
        values.iter().flat_map(|value| specs.iter().map(|_| Totals::new(*value))).collect();
    let (all, at_once) = (u64::from(options.repetitions) * truths.len() as u64, tables_at_once(&scenarios));
    let mut found = vec![Pooled::NONE; at_once as usize * specs.len()];
    let (mut done, mut stopped) = (0, false);
    while done < all {
        if !keep_going(done, all) {
            stopped = true;
            break;
        }
        let some = (all - done).min(at_once);
        let found = &mut found[..some as usize * specs.len()];
        found.par_chunks_mut(specs.len()).enumerate().for_each_init(Vec::new, |table, (at, pooled)| {
            let at = done + at as u64;
            // A repetition of every truth, then the next one: what was stopped has as many of each.
            let (scenario, repetition) =
                ((at % truths.len() as u64) as usize, (at / truths.len() as u64) as u32);
            scenarios[scenario].pool(
                &mut Stream::new(options.seed, index(scenario, repetition)),
                table,
                pooled,
            );
        });
        for (at, pooled) in found.chunks(specs.len()).enumerate() {
            let scenario = ((done + at as u64) % truths.len() as u64) as usize;
            let totals = &mut totals[scenario * specs.len()..][..specs.len()];
            totals.iter_mut().zip(pooled).for_each(|(totals, pooled)| totals.add(pooled));
        }
        done += some;
    }
    if done == 0 {
        return Err(Error::usage("no table was drawn"));
    }
    let each = |(at, totals): (usize, &Totals)| {
        let (scenario, spec) = (at / specs.len(), at % specs.len());
        SimulatedRow {
            truth: truths[scenario].clone(),
            true_value: values[scenario],
            at_ends: populations[scenario].at_ends(),
            spec: specs[spec].clone(),
            performance: totals.performance(),
        }
    };
    Ok(Simulation { options: *options, stopped, rows: totals.iter().enumerate().map(each).collect() })
}

/// How many tables are drawn before it is asked whether to go on.
fn tables_at_once(scenarios: &[Scenario<'_>]) -> u64 {
    let cost = scenarios.iter().map(Scenario::cost).max().unwrap_or(1).max(1);
    (WORK_AT_ONCE / cost).clamp(2, TABLES_AT_ONCE)
}

fn check(truths: &[Truth], specs: &[Spec], options: &SimulationOptions) -> Result<(), Error> {
    let mut problems = Vec::new();
    if truths.is_empty() {
        problems.push(Problem::new("there is no truth to draw from"));
    }
    if specs.is_empty() {
        problems.push(Problem::new("there is no specification to compute"));
    }
    if options.repetitions == 0 {
        problems.push(Problem::new("repetitions = 0 is not a number from 1 up"));
    }
    if specs.iter().any(|spec| !spec.pools_proportions()) {
        let problem = Problem::new("measure = generic pools estimates, and what is drawn are counts");
        problems.push(problem.help("give a measure of proportions"));
    }
    if specs.iter().any(|spec| spec.model == Model::ThreeLevel) {
        let what = format!("model = {} takes rows in clusters, and none are drawn", Model::ThreeLevel.key());
        problems.push(Problem::new(what).help("give another model"));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Usage(problems)) }
}

/// A truth, and what its tables are pooled by.
struct Scenario<'a> {
    population: &'a Population<'a>,
    poolings: Vec<Pooling<'a>>,
}

impl<'a> Scenario<'a> {
    fn new(population: &'a Population<'a>, specs: &'a [Spec]) -> Self {
        let poolings = specs.iter().map(|spec| Pooling::new(spec, population.k())).collect();
        Self { population, poolings }
    }

    fn cost(&self) -> u64 {
        self.poolings.iter().map(Pooling::cost).sum()
    }

    /// Draws a table, and pools it by every specification.
    fn pool(&self, stream: &mut Stream, table: &mut Vec<Counts>, pooled: &mut [Pooled]) {
        self.population.draw(stream, table);
        pooled.iter_mut().zip(&self.poolings).for_each(|(pooled, pooling)| *pooled = pooling.of(table));
    }
}
