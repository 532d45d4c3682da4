//! The specifications that need a full analysis each: the likelihood models, IVhet, and intervals and
//! estimators that share no intermediate result with others.
//!
//! They take milliseconds each where one by inverse variance takes microseconds, so they are tried only on
//! the data as they were read, with the default rule for zero cells.

use super::space::{MEASURES, Space};
use crate::options::{Ci, Measure, Model, Quadrature, Tau2Method};
use crate::options::{Request, Spec, Tau2};
use crate::published::search::CI;

/// Every such specification that the explicit choices leave open, the more usual ones first.
pub(in crate::published) fn full_analysis_specs(explicit: &Request, space: &Space) -> Vec<Spec> {
    let mut specs = Vec::new();
    for request in requests(space.computations) {
        let Some(request) = compatible(request, explicit) else { continue };
        for &level in &space.levels {
            for prediction in predictions(&request, space) {
                for &i2 in &space.i2 {
                    let of_model = Request { level: Some(level), prediction, ..request };
                    let asked = Request { i2: Some(i2), ..of_model };
                    // A model with one definition of I² keeps it where none was asked for. Choices that are not
                    // compatible are no specification.
                    if let Ok(spec) = asked.resolve().or_else(|_| of_model.resolve())
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

/// The combinations of model, measure, estimator and interval; with `computations` also those of the binomial-normal
/// model as packages approximate it, which are no analyses of their own.
fn requests(computations: bool) -> Vec<Request> {
    let request = |model, measure, tau2: Option<Tau2Method>, ci| Request {
        model: Some(model),
        measure: Some(measure),
        tau2: tau2.map(Tau2::Estimated),
        ci: Some(ci),
        ..Request::default()
    };
    let links = [Measure::Logit, Measure::Probit, Measure::Cloglog];
    let likelihood = [Ci::Wald, Ci::T, Ci::Profile];
    let mut requests = Vec::new();
    for ci in likelihood {
        requests.extend(links.map(|link| request(Model::Glmm, link, None, ci)));
        requests.push(request(Model::BetaBinomial, Measure::Logit, None, ci));
    }
    // By the approximations of packages, which fit the logit alone and print limits by Wald or t.
    let approximations = [Quadrature::Aghq7, Quadrature::Laplace];
    for quadrature in approximations.into_iter().filter(|_| computations) {
        requests.extend([Ci::Wald, Ci::T].map(|ci| Request {
            quadrature: Some(quadrature),
            ..request(Model::Glmm, Measure::Logit, None, ci)
        }));
    }
    for measure in MEASURES {
        requests.extend([Ci::Wald, Ci::T].map(|ci| request(Model::Ivhet, measure, None, ci)));
        requests.extend(CI.map(|ci| request(Model::Random, measure, Some(Tau2Method::Pmm), ci)));
        let with_own_estimator =
            [(Tau2Method::Reml, Ci::Kr), (Tau2Method::Ml, Ci::Profile), (Tau2Method::Dl, Ci::HenmiCopas)];
        requests.extend(with_own_estimator.map(|(tau2, ci)| request(Model::Random, measure, Some(tau2), ci)));
    }
    requests
}

/// A request with the explicit choices added; `None` where one of them is another than the request's.
fn compatible(request: Request, explicit: &Request) -> Option<Request> {
    let joined = request.or(*explicit);
    ((*explicit).or(request) == joined).then_some(joined)
}

/// The prediction intervals that are tried, where one was printed; else that of the request.
fn predictions(request: &Request, space: &Space) -> Vec<Option<crate::options::PredictionMethod>> {
    match &space.predictions[..] {
        [_] => vec![request.prediction],
        several => several.iter().copied().map(Some).collect(),
    }
}
