//! The search over specifications and variants of the data.

use std::ops::ControlFlow;

use rayon::prelude::*;
use serde::Serialize;

use super::agreement::Agreement;
use super::best_matches::{BestMatches, Match};
use super::data_variant::{DataVariant, data_variants};
use super::full_analysis::full_analysis_specs;
use super::prior;
use super::query::{OwnedQuery, ReproduceQuery};
use super::score::Score;
use super::space::Space;
use super::specifications::for_each_specification;
use crate::analysis::fit;
use crate::error::Error;
use crate::published::claim::field_values::FieldValues;
use crate::published::search::{Ask, Findings, search};

/// What the search found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Reproduction {
    /// How many specifications were tried, over all variants of the data.
    pub tried: u64,
    /// How many of them give every printed field.
    pub complete: u64,
    /// How many more give every printed field but for a misprint.
    pub with_misprint: u64,
    /// How many of those that give every field need a full analysis each: likelihood models, IVhet, Kenward-Roger, …
    pub by_full_analysis: u64,
    /// Whether the search was stopped before its end.
    pub stopped: bool,
    /// The best matches, the best first; specifications that give the same numbers are listed once.
    pub matches: Vec<Match>,
    /// Whether the specifications that give every printed field agree, on the data as they were read if any
    /// does there, else on the first variant where one does.
    pub agreement: Option<Agreement>,
}

/// Tries every inverse-variance specification on every variant of the data, and those that need a full
/// analysis (likelihood models, IVhet, Kenward-Roger, …) on the data as they were read. `keep_going` is given
/// how many steps are done and how many there are, and stops the search by returning false: then the best so
/// far is returned. It is asked between two steps, and every 50 ms while one lasts, which is then left.
///
/// # Errors
///
/// [`Error::Usage`] where nothing is printed, the explicit choices contradict each other, or the data are
/// estimates.
///
/// ```
/// use metaprop::Dataset;
/// use metaprop::published::{claim::Claim, reproduce::{ReproduceQuery, reproduce}};
/// use metaprop::options::{Measure, Model};
///
/// // Printed 0.18 [0.14–0.21], as "random effects".
/// let table = Dataset::proportions([("A", 5, 119), ("B", 116, 170)])?;
/// let mut printed = Claim::new("", "");
/// printed.set("estimate", &["0.18"])?;
/// printed.set("ci", &["0.14", "0.21"])?;
/// let result = reproduce(&ReproduceQuery::new(&table, &printed), |_, _| true)?;
/// let best = &result.matches[0];
/// assert_eq!((best.fields_hold, best.spec.measure(), best.spec.model()), (3, Measure::Raw, Model::Common));
/// assert!((best.estimate - 0.1763).abs() < 5e-5);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn reproduce(
    query: &ReproduceQuery<'_>,
    mut keep_going: impl FnMut(usize, usize) -> bool,
) -> Result<Reproduction, Error> {
    if query.printed.entries.is_empty() {
        return Err(Error::usage(
            "nothing printed to look for: give at least one field, such as estimate=54.0%",
        ));
    }
    let space = Space::new(&query.explicit, query.printed)?.with_computations();
    query.table.counted()?;
    let query = OwnedQuery::new(query);
    let results = Results::new(&query);
    let try_all =
        move |results: &Findings<Results>, ask: &mut Ask<'_>| try_variants(&query, &space, results, ask);
    let (results, stopped) =
        search(results, try_all, &mut |done, all| keep_going(done as usize, all as usize))?;
    Ok(results.into_reproduction(stopped))
}

/// How many variants of the data are searched between two looks at whether to go on.
const VARIANTS_AT_ONCE: usize = 16;

/// Adds the results of all specifications on all variants of the data, until it is asked to stop.
fn try_variants(
    owned: &OwnedQuery,
    space: &Space,
    results: &Findings<Results>,
    ask: &mut Ask<'_>,
) -> Result<(), Error> {
    let query = owned.borrowed();
    let studies = query.table.counted()?;
    let variants = data_variants(&studies, &query);
    let all = variants.len() as u64;
    if !ask(0, all) {
        return Ok(());
    }
    let _ = for_each_specification(&studies, space, query.printed, f64::INFINITY, &mut |result| {
        let score = Score::new(result, query.printed, 0.0, query.explicit.level);
        results.add(|results| results.add(result, score, 0, &variants[0], false))
    });
    if try_full_analyses(&query, space, results, &variants[0], ask).is_break() {
        return Ok(());
    }
    let of_variant = |index: usize| {
        let (mut results, variant) = (Results::new(owned), &variants[index]);
        let (changed, cost) = (variant.studies(&studies), prior::of_variant(variant, studies.len()));
        let _ = for_each_specification(&changed, space, query.printed, f64::INFINITY, &mut |result| {
            let score = Score::new(result, query.printed, cost, query.explicit.level);
            results.add(result, score, index, variant, false);
            ControlFlow::Continue(())
        });
        results
    };
    let mut done = 1;
    while done < variants.len() && ask(done as u64, all) {
        // In parallel, and joined in their order: the result does not depend on the number of threads.
        let end = (done + VARIANTS_AT_ONCE).min(variants.len());
        let parts: Vec<Results> = (done..end).into_par_iter().map(of_variant).collect();
        if results.add(|all| parts.into_iter().for_each(|part| all.join(part))).is_break() {
            break;
        }
        done = end;
    }
    Ok(())
}

/// Tries the specifications that need a full analysis, on the data as they were read.
fn try_full_analyses(
    query: &ReproduceQuery<'_>,
    space: &Space,
    results: &Findings<Results>,
    as_read: &DataVariant,
    ask: &mut Ask<'_>,
) -> ControlFlow<()> {
    let specs = full_analysis_specs(&query.explicit, space);
    for (index, spec) in specs.iter().enumerate() {
        if !ask(index as u64, specs.len() as u64) {
            return ControlFlow::Break(());
        }
        // A likelihood without a certified maximum gives no result.
        if let Ok(result) = fit(query.table, spec) {
            // The score, which may compute what was printed, is found first: nobody waits for it.
            let score = Score::new(&result, query.printed, 0.0, query.explicit.level);
            results.add(|results| results.add(&result, score, 0, as_read, true))?;
        }
    }
    ControlFlow::Continue(())
}

/// The results so far.
struct Results {
    /// How many fields are printed.
    fields: usize,
    best: BestMatches,
    /// With the index of its data variant.
    agreement: Option<(usize, Agreement)>,
    tried: u64,
    complete: u64,
    with_misprint: u64,
    complete_by_full_analysis: u64,
}

impl Results {
    fn new(query: &OwnedQuery) -> Self {
        Self {
            fields: query.printed.entries.len(),
            best: BestMatches::new(query),
            agreement: None,
            tried: 0,
            complete: 0,
            with_misprint: 0,
            complete_by_full_analysis: 0,
        }
    }

    /// Adds the result of a specification on the data variant with this index.
    fn add(
        &mut self,
        result: &dyn FieldValues,
        score: Score,
        index: usize,
        variant: &DataVariant,
        full_analysis: bool,
    ) {
        self.tried += 1;
        self.with_misprint += u64::from(score.is_complete && score.is_misprinted);
        if score.hold == self.fields {
            self.complete += 1;
            self.complete_by_full_analysis += u64::from(full_analysis);
            self.add_to_agreement(result, index);
        }
        self.best.add(result, score, index, variant);
    }

    /// The agreement stays with the first data variant that has one: those with smaller edits come first.
    fn add_to_agreement(&mut self, result: &dyn FieldValues, index: usize) {
        let one = Agreement::new(result);
        match &mut self.agreement {
            None => self.agreement = Some((index, one)),
            Some((known, agreement)) if *known == index => agreement.widen(&one),
            Some(_) => {}
        }
    }

    /// With the results of data variants that come after these.
    fn join(&mut self, other: Self) {
        self.tried += other.tried;
        self.complete += other.complete;
        self.with_misprint += other.with_misprint;
        self.complete_by_full_analysis += other.complete_by_full_analysis;
        self.agreement = self.agreement.take().or(other.agreement);
        self.best.join(other.best);
    }

    fn into_reproduction(self, stopped: bool) -> Reproduction {
        Reproduction {
            tried: self.tried,
            complete: self.complete,
            with_misprint: self.with_misprint,
            by_full_analysis: self.complete_by_full_analysis,
            stopped,
            matches: self.best.into_matches(),
            agreement: self.agreement.map(|(_, agreement)| agreement),
        }
    }
}
