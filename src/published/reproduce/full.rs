//! The specifications that need a full analysis each: the likelihood models, IVhet, and the intervals and
//! estimators that share nothing with their neighbours.
//!
//! They are a second tier: some milliseconds each where one by inverse variance takes microseconds, so
//! they are tried on the data as they were read, with the usual rule for zero cells.

use super::space::{MEASURES, Space};
use crate::options::{Ci, Measure, Model, Tau2Method};
use crate::options::{Request, Spec, Tau2};
use crate::published::search::CI;

/// Every such specification that the explicit choices leave open, the likelier first.
pub(in crate::published) fn specs(explicit: &Request, space: &Space) -> Vec<Spec> {
    let mut specs = Vec::new();
    for wanted in kinds() {
        let Some(request) = joined(wanted, explicit) else { continue };
        for &level in &space.levels {
            for prediction in predictions(&request, space) {
                for &i2 in &space.i2 {
                    let request = Request { level: Some(level), prediction, i2: Some(i2), ..request };
                    // What does not go together is no specification.
                    if let Ok(spec) = request.resolve()
                        && !specs.contains(&spec)
                    {
                        specs.push(spec);
                    }
                }
            }
        }
    }
    specs
}

/// The combinations of model, measure, estimator and interval.
fn kinds() -> Vec<Request> {
    let kind = |model, measure, tau2: Option<Tau2Method>, ci| Request {
        model: Some(model),
        measure: Some(measure),
        tau2: tau2.map(Tau2::Estimated),
        ci: Some(ci),
        ..Request::default()
    };
    let links = [Measure::Logit, Measure::Probit, Measure::Cloglog];
    let likelihood = [Ci::Wald, Ci::T, Ci::Profile];
    let mut kinds = Vec::new();
    for ci in likelihood {
        kinds.extend(links.map(|link| kind(Model::Glmm, link, None, ci)));
        kinds.push(kind(Model::BetaBinomial, Measure::Logit, None, ci));
    }
    for measure in MEASURES {
        kinds.extend([Ci::Wald, Ci::T].map(|ci| kind(Model::Ivhet, measure, None, ci)));
        kinds.extend(CI.map(|ci| kind(Model::Random, measure, Some(Tau2Method::Pmm), ci)));
        let own =
            [(Tau2Method::Reml, Ci::Kr), (Tau2Method::Ml, Ci::Profile), (Tau2Method::Dl, Ci::HenmiCopas)];
        kinds.extend(own.map(|(tau2, ci)| kind(Model::Random, measure, Some(tau2), ci)));
    }
    kinds
}

/// The wanted choices with the explicit ones, unless they contradict each other.
fn joined(wanted: Request, explicit: &Request) -> Option<Request> {
    let joined = wanted.or(*explicit);
    // What was typed comes first: where that changes what was wanted, there is no such specification.
    ((*explicit).or(wanted) == joined).then_some(joined)
}

/// Those that are tried, where a prediction interval was printed; else the one that goes with the rest.
fn predictions(request: &Request, space: &Space) -> Vec<Option<crate::options::PredictionMethod>> {
    match &space.predictions[..] {
        [_] => vec![request.prediction],
        several => several.iter().copied().map(Some).collect(),
    }
}
