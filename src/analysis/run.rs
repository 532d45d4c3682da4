//! From studies and a spec to an outcome.

use super::{Heterogeneity, Outcome, Prediction, Summary, advice};
use crate::effect::{self, Effects, Transform, freeman_tukey};
use crate::error::{Error, Problem};
use crate::numeric::chi_squared;
use crate::numeric::convergence::Convergence;
use crate::pool::heterogeneity::inconsistency;
use crate::pool::likelihood::{Criteria, Likelihood};
use crate::pool::prediction::predict;
use crate::pool::tau2::interval::{Tau2Interval, q_profile};
use crate::pool::tau2::{self, Tau2Fit};
use crate::pool::weighing::fractions;
use crate::pool::{Pooled, Weighing};
use crate::spec::{Spec, Tau2};
use crate::study::StudyTable;
use crate::vocabulary::{Ci, Measure, Model, Tau2Ci, Tau2Method};

/// Pools the studies of a table as the spec says.
///
/// # Errors
///
/// [`Error::Data`] where no study has a finite estimate on the analysis scale;
/// [`Error::NoConvergence`] where an iteration finds no certified optimum.
///
/// ```
/// use metaprop::{run, spec::Request, StudyTable, vocabulary::Profile};
///
/// let table = StudyTable::from_counts([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
/// let spec = Request { profile: Some(Profile::DlWald), ..Request::default() }.resolve()?;
/// let outcome = run(&table, &spec)?;
/// assert_eq!(outcome.heterogeneity.df, 3);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn run(table: &StudyTable, spec: &Spec) -> Result<Outcome, Error> {
    let (effects, unusable) = effect::estimate(&table.studies, spec);
    if effects.y.is_empty() {
        let problem = Problem::new("no study has a finite estimate on the analysis scale")
            .at(table.provenance.data.clone(), None);
        return Err(Error::Data(vec![
            problem.help("use zero-cells = only0, or a measure that needs no correction, such as arcsine"),
        ]));
    }
    let mut excluded = table.excluded.clone();
    excluded.extend(unusable.iter().cloned());
    excluded.sort_by_key(|row| row.line);

    let fit = Fit::new(&effects, spec)?;
    let random_weights = fit.random.as_ref().map(|_| fractions(&effects.v, fit.tau2.tau2));
    let transform = pooled_transform(table, &effects, spec, &fit);
    let mut outcome = Outcome {
        spec: spec.clone(),
        table: table.clone(),
        excluded,
        weights_common: fractions(&effects.v, 0.0),
        weights_random: random_weights.unwrap_or_default(),
        common: fit.common_summary(&effects, spec, &transform),
        random: fit.random_summary(&effects, spec, &transform),
        prediction: fit.prediction(spec, &transform),
        heterogeneity: fit.heterogeneity(spec),
        convergence: fit.tau2.convergence.clone(),
        advisories: Vec::new(),
        transform,
        effects,
    };
    outcome.advisories = advice::all(&outcome, unusable.len(), fit.interval);
    Ok(outcome)
}

/// The numbers of a fit on the analysis scale.
struct Fit {
    common: Weighing,
    /// The sums at the fitted τ²; `None` for `model = common`.
    random: Option<Weighing>,
    tau2: Tau2Fit,
    interval: Option<Tau2Interval>,
}

impl Fit {
    fn new(effects: &Effects, spec: &Spec) -> Result<Self, Error> {
        let (y, v) = (&effects.y, &effects.v);
        let alone = y.len() == 1;
        let tau2 = match spec.tau2 {
            Tau2::Fixed(value) => given("fixed tau2", value),
            Tau2::Estimated(_) if alone => given("one study", 0.0),
            Tau2::Estimated(method) => tau2::fit(method, y, v)?,
        };
        let interval = match spec.tau2_ci {
            Tau2Ci::QProfile if !alone => Some(q_profile(y, v, spec.level.tail())?),
            Tau2Ci::QProfile | Tau2Ci::None => None,
        };
        let random = (spec.model == Model::Random).then(|| Weighing::at(y, v, tau2.tau2));
        Ok(Self { common: Weighing::at(y, v, 0.0), random, tau2, interval })
    }

    fn common_summary(&self, effects: &Effects, spec: &Spec, transform: &Transform) -> Summary {
        let pooled = Pooled::new(&self.common, Ci::Wald);
        let criteria = Criteria::at(Likelihood::Full, &effects.y, &effects.v, 0.0, 1.0);
        summary(None, &pooled, spec, transform, &criteria)
    }

    fn random_summary(&self, effects: &Effects, spec: &Spec, transform: &Transform) -> Option<Summary> {
        let w = self.random.as_ref()?;
        let pooled = Pooled::new(w, spec.ci);
        // One study has no spread: its own standard error, whatever the interval.
        let pooled = if w.k == 1 { Pooled { se: w.se(), ..pooled } } else { pooled };
        let (likelihood, parameters) = match spec.tau2 {
            Tau2::Estimated(Tau2Method::Reml) if w.k > 1 => (Likelihood::Restricted, 2.0),
            Tau2::Estimated(_) => (Likelihood::Full, 2.0),
            Tau2::Fixed(_) => (Likelihood::Full, 1.0),
        };
        let criteria = Criteria::at(likelihood, &effects.y, &effects.v, self.tau2.tau2, parameters);
        Some(summary(Some("random"), &pooled, spec, transform, &criteria))
    }

    fn prediction(&self, spec: &Spec, transform: &Transform) -> Option<Prediction> {
        let w = self.random.as_ref()?;
        let interval = predict(spec.prediction, spec.ci, w, self.tau2.tau2, spec.level.tail())?;
        let [lower, upper] = interval.ci_y.map(|y| transform.to_proportion(y));
        Some(Prediction { method: spec.prediction, df: interval.df, ci_y: interval.ci_y, lower, upper })
    }

    fn heterogeneity(&self, spec: &Spec) -> Heterogeneity {
        let df = self.common.df();
        if df == 0.0 {
            return Heterogeneity { p: 1.0, ..Heterogeneity::default() };
        }
        let inconsistency =
            inconsistency(spec.i2, &self.common, self.tau2.tau2, self.interval, spec.level.tail());
        Heterogeneity {
            q: self.common.q,
            df: self.common.k as u64 - 1,
            p: chi_squared::sf(self.common.q, df),
            tau2: Some(self.tau2.tau2),
            tau2_se: self.tau2.se,
            tau2_lower: self.interval.map(|interval| interval.lower),
            tau2_upper: self.interval.map(|interval| interval.upper),
            i2: inconsistency.i2,
            i2_lower: inconsistency.limits.map(|limits| limits[0]),
            i2_upper: inconsistency.limits.map(|limits| limits[1]),
            h2: inconsistency.h2,
            ..Heterogeneity::default()
        }
    }
}

fn given(algorithm: &'static str, tau2: f64) -> Tau2Fit {
    Tau2Fit { tau2, se: None, convergence: Convergence::closed_form(algorithm) }
}

/// The scale of the pooled value; on the Freeman-Tukey scale with the n of the asked model.
fn pooled_transform(table: &StudyTable, effects: &Effects, spec: &Spec, fit: &Fit) -> Transform {
    let Some(choice) = spec.back_transform else { return Transform::new(spec.measure) };
    let totals = effects.index.iter().map(|&index| table.studies[index as usize].counts.total() as f64);
    let se = fit.random.as_ref().unwrap_or(&fit.common).se();
    match freeman_tukey::inverse_n(choice, totals, se) {
        Some(n) => Transform::freeman_tukey(n),
        None => Transform::new(Measure::FreemanTukey),
    }
}

fn summary(
    method: Option<&'static str>,
    pooled: &Pooled,
    spec: &Spec,
    transform: &Transform,
    criteria: &Criteria,
) -> Summary {
    let inference = pooled.infer(spec.level.tail(), transform.from_proportion(spec.null));
    let limit = |end: usize| inference.ci_y.map(|ci_y| transform.to_proportion(ci_y[end]));
    Summary {
        method,
        y: pooled.y,
        se: pooled.se,
        ci_y: inference.ci_y,
        estimate: transform.to_proportion(pooled.y),
        lower: limit(0),
        upper: limit(1),
        statistic: inference.statistic,
        df: pooled.df.filter(|df| *df > 0.0),
        p: inference.p,
        log_likelihood: Some(criteria.log_likelihood),
        aic: Some(criteria.aic),
        bic: Some(criteria.bic),
    }
}
