//! The JSON Schema of a simulation.

use serde_json::{Value, json};

use super::parts::{fraction, list, merge, nullable, number, object, text, titled, whole, word, yes_no};
use super::result::{provenance, spec};
use crate::options::{Link, Target, TrueDistribution};
use crate::report::{Document, SimulationReport};

/// The schema of the document, by its name.
pub(super) fn all() -> [(&'static str, Value); 1] {
    [(SimulationReport::SCHEMA, of_simulation())]
}

/// What a table is drawn from.
fn truth() -> Value {
    json!({
        "k": whole("the number of studies"),
        "n": text("how many people they have: a range from which each is drawn, 10..60, or numbers that are gone through again and again, 20,50"),
        "p": fraction("the mean of the distribution on the scale of the link, taken back"),
        "true_tau2": number("the variance of the true proportions on the scale of the link"),
        "link": word::<Link>(),
        "distribution": word::<TrueDistribution>(),
        "true_value": fraction("what the estimates are compared with"),
        "at_ends": fraction("the probability that a true proportion is 0 or 1, because its draw lies beyond the end of the scale"),
    })
}

fn of_simulation() -> Value {
    let maybe = |about: &str| nullable(number(about));
    let figures = json!({
        "spec": spec(),
        "repetitions": whole("how many tables were pooled"),
        "failed": whole("how many of them gave no estimate"),
        "without_interval": whole("how many gave an estimate and no interval"),
        "mean": nullable(fraction("the mean of the estimates")),
        "bias": maybe("that less the true value"),
        "bias_se": maybe("the Monte Carlo standard error of the bias"),
        "empirical_se": maybe("the standard deviation of the estimates"),
        "empirical_se_se": maybe("its Monte Carlo standard error"),
        "rmse": maybe("the root of the mean squared distance to the true value"),
        "rmse_se": maybe("its Monte Carlo standard error"),
        "coverage": nullable(fraction("the share of the intervals that have the true value")),
        "coverage_se": maybe("its Monte Carlo standard error"),
        "below": nullable(fraction("the share of the intervals below the true value")),
        "above": nullable(fraction("the share of those above it")),
        "width": nullable(fraction("the mean width of the intervals, clipped to [0, 1]")),
        "width_se": maybe("its Monte Carlo standard error"),
    });
    let body = json!({
        "schema": { "const": SimulationReport::SCHEMA },
        "provenance": provenance(),
        "truth": object(json!({ "target": word::<Target>(), "scenarios": list(object(truth())) })),
        "repetitions": whole("how many tables of each truth were asked for"),
        "seed": whole("of the random numbers"),
        "stopped": yes_no("whether Ctrl-C came before the end"),
        "left_out": whole("how many combinations of the choices do not go together"),
        "rows": list(object(merge(truth(), figures))),
    });
    titled(SimulationReport::SCHEMA, "How specifications do under a stated truth", object(body))
}
