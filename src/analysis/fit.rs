//! From a data set and a spec to a result.

use super::{MetaAnalysis, advisories};
use crate::data::{Dataset, Excluded, Studies};
use crate::effect::sizes::Unusable;
use crate::effect::{EffectSizes, Scale};
use crate::error::{Error, Problem};
use crate::model::{
    Design, Distribution, Fit, Heterogeneity, Prediction, Prepared, Rows, Summary, VarianceLimits, Watch,
};
use crate::numeric::convergence::Convergence;
use crate::options::{Choice, Spec};

/// Pools the studies of a data set as the spec says.
///
/// # Errors
///
/// [`Error::Data`] where no study has a finite estimate on the analysis scale;
/// [`Error::Usage`] where the spec is of proportions and the data are estimates, or the other way round;
/// [`Error::NoConvergence`] where an iteration finds no certified optimum.
///
/// ```
/// use metaprop::options::{Profile, Request};
/// use metaprop::{Dataset, fit};
///
/// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
/// let spec = Request { profile: Some(Profile::DlWald), ..Request::default() }.resolve()?;
/// let result = fit(&data, &spec)?;
/// assert_eq!(result.heterogeneity.df, 3);
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn fit(data: &Dataset, spec: &Spec) -> Result<MetaAnalysis, Error> {
    fit_watched(data, spec, Watch::default())
}

/// The same, with a function that is given how far a bootstrap is.
///
/// # Errors
///
/// As [`fit`].
pub(crate) fn fit_watched(data: &Dataset, spec: &Spec, watch: Watch<'_>) -> Result<MetaAnalysis, Error> {
    fits_the_data(data, spec)?;
    let (sizes, unusable) = effect_sizes(data, spec);
    if sizes.k() == 0 {
        let problem = Problem::new("no study has a finite estimate on the analysis scale")
            .at(data.provenance.data.clone(), None);
        return Err(Error::Data(vec![
            problem.help("use zero-cells = only0, or a measure that needs no correction, such as arcsine"),
        ]));
    }
    let fitted = Prepared::new(&sizes, data.studies()).in_clusters(data.clusters()).watched(watch).fit(
        Rows::All,
        Design::Mean,
        spec,
    )?;
    let parts = Parts::of(&fitted, spec)?;
    // The fit borrows the effect sizes, which the result takes over: of many studies they are large.
    drop(fitted);
    let excluded = excluded(data, &unusable, spec);
    Ok(parts.result(data, sizes, excluded, spec, unusable.len()))
}

/// What a fit says.
pub(super) struct Parts {
    weights: [Vec<f64>; 2],
    common: Summary,
    random: Option<Summary>,
    distribution: Option<Distribution>,
    prediction: Option<Prediction>,
    heterogeneity: Heterogeneity,
    limits: VarianceLimits,
    wald: Option<[f64; 2]>,
    convergence: Convergence,
    scale: Scale,
}

impl Parts {
    /// Every part of a fit.
    ///
    /// # Errors
    ///
    /// [`Error::NoConvergence`] where a limit is not found.
    pub fn of(fitted: &Fit<'_>, spec: &Spec) -> Result<Self, Error> {
        let random = fitted.pooled(spec)?;
        let (heterogeneity, limits) = fitted.heterogeneity(spec)?;
        Ok(Self {
            weights: fitted.weights(spec),
            common: fitted.common(spec).expect("a model of one mean has a common-effect estimate"),
            distribution: random.as_ref().and_then(|random| fitted.distribution(random, spec)),
            random,
            prediction: fitted.prediction(spec)?,
            heterogeneity,
            limits,
            wald: fitted.wald_interval(spec),
            convergence: fitted.convergence().clone(),
            scale: fitted.scale(spec),
        })
    }

    /// The result of the analysis of these effect sizes, with the remarks on it.
    pub fn result(
        self,
        data: &Dataset,
        sizes: EffectSizes,
        excluded: Vec<Excluded>,
        spec: &Spec,
        unusable: usize,
    ) -> MetaAnalysis {
        let [weights_common, weights_random] = self.weights;
        let mut result = MetaAnalysis {
            spec: spec.clone(),
            data: data.clone(),
            excluded,
            weights_common,
            weights_random,
            common: self.common,
            distribution: self.distribution,
            random: self.random,
            prediction: self.prediction,
            heterogeneity: self.heterogeneity,
            convergence: self.convergence,
            scale: self.scale,
            sizes,
            subgroups: Vec::new(),
            advisories: Vec::new(),
        };
        result.advisories = advisories::all(&result, unusable, self.wald, &self.limits);
        result
    }
}

/// The studies on the analysis scale; for models of the counts themselves every one, as it stands.
fn effect_sizes(data: &Dataset, spec: &Spec) -> (EffectSizes, Vec<Unusable>) {
    match data.studies() {
        Studies::Proportions(counts) if spec.model.is_of_counts() => {
            (EffectSizes::uncorrected(counts, spec), Vec::new())
        }
        studies => EffectSizes::new(studies, spec),
    }
}

fn fits_the_data(data: &Dataset, spec: &Spec) -> Result<(), Error> {
    let of_counts = data.counts().is_some();
    if of_counts != spec.input_scale.is_none() {
        let (have, want) =
            if of_counts { ("counts", "estimates") } else { ("estimates", "events and totals") };
        let problem =
            Problem::new(format!("measure = {} takes {want}, and the data are {have}", spec.measure.key()));
        return Err(Error::Usage(vec![problem.help("name the columns that go with the measure")]));
    }
    Ok(())
}

/// The rows that were excluded while reading, and those that have no finite estimate, by line.
fn excluded(data: &Dataset, unusable: &[Unusable], spec: &Spec) -> Vec<Excluded> {
    let mut excluded = data.ledger.excluded.clone();
    let counts = data.counts().unwrap_or_default();
    excluded.extend(unusable.iter().map(|unusable| {
        let (label, counts) = (data.labels.at(unusable.study as usize), counts[unusable.study as usize]);
        let reason = format!(
            "{} on the {} scale with {} of {} events",
            unusable.defect.words(),
            spec.measure.key(),
            counts.events(),
            counts.total()
        );
        Excluded { total: Some(counts.total()), ..Excluded::new(label.name, label.line, reason) }
    }));
    excluded.sort_by_key(|row| row.line);
    excluded
}
