//! From a data set and a spec to a result.

use super::{MetaAnalysis, advisories};
use crate::data::{Dataset, Excluded, Studies};
use crate::effect::EffectSizes;
use crate::effect::sizes::Unusable;
use crate::error::{Error, Problem};
use crate::model::{Design, Fit, Prepared, Rows, Watch};
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
    let excluded = excluded(data, &unusable, spec);
    assemble(data, sizes.clone(), excluded, &fitted, spec, unusable.len())
}

/// The result of a fit: every part of it, and the remarks on it.
///
/// # Errors
///
/// [`Error::NoConvergence`] where a limit is not found.
pub(super) fn assemble(
    data: &Dataset,
    sizes: EffectSizes,
    excluded: Vec<Excluded>,
    fitted: &Fit<'_>,
    spec: &Spec,
    unusable: usize,
) -> Result<MetaAnalysis, Error> {
    let random = fitted.pooled(spec)?;
    let prediction = fitted.prediction(spec)?;
    let (heterogeneity, limits) = fitted.heterogeneity(spec)?;
    let wald = fitted.wald_interval(spec);
    let [weights_common, weights_random] = fitted.weights(spec);
    let mut result = MetaAnalysis {
        spec: spec.clone(),
        data: data.clone(),
        excluded,
        weights_common,
        weights_random,
        common: fitted.common(spec).expect("a model of one mean has a common-effect estimate"),
        distribution: random.as_ref().and_then(|random| fitted.distribution(random, spec)),
        random,
        prediction,
        heterogeneity,
        convergence: fitted.convergence().clone(),
        scale: fitted.scale(spec),
        sizes,
        subgroups: Vec::new(),
        advisories: Vec::new(),
    };
    result.advisories = advisories::all(&result, unusable, wald, &limits);
    Ok(result)
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
        Excluded {
            study: label.name.to_string(),
            line: label.line,
            reason: format!(
                "{} on the {} scale with {} of {} events",
                unusable.defect.words(),
                spec.measure.key(),
                counts.events(),
                counts.total()
            ),
        }
    }));
    excluded.sort_by_key(|row| row.line);
    excluded
}
