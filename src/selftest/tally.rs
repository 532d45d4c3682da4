//! The agreements by statistic.

use serde::Serialize;

use super::recompute::Agreement;
use super::set::Kind;

/// How well one statistic agrees, over all data sets and specifications.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tally {
    /// The statistic.
    pub statistic: &'static str,
    /// How its values are computed.
    pub kind: &'static str,
    /// How many values were compared.
    pub values: usize,
    /// The median number of digits.
    pub median: f64,
    /// The smallest number of digits.
    pub worst: f64,
    /// The number of digits that all should have.
    pub goal: f64,
    /// How many have fewer.
    pub below: usize,
    /// Data set, path and choices of the value with the fewest.
    pub at: String,
}

/// The statistics in the order of the report, with their paths in the result document.
const STATISTICS: [(&str, &[&str]); 18] = [
    ("study y and v", &["studies.y", "studies.v"]),
    ("study limits", &["studies.lower", "studies.upper"]),
    ("weights", &["studies.weight_common", "studies.weight_random"]),
    ("pooled y", &["common.y", "random.y"]),
    ("standard error", &["common.se", "random.se"]),
    ("limits of y", &["common.ci_y", "random.ci_y"]),
    (
        "proportion and limits",
        &[
            "common.estimate",
            "common.lower",
            "common.upper",
            "random.estimate",
            "random.lower",
            "random.upper",
        ],
    ),
    (
        "population mean",
        &["random.population.estimate", "random.population.lower", "random.population.upper"],
    ),
    ("test and p", &["common.statistic", "common.p", "random.statistic", "random.p"]),
    (
        "log-likelihood, AIC, BIC",
        &[
            "common.log_likelihood",
            "common.aic",
            "common.bic",
            "random.log_likelihood",
            "random.aic",
            "random.bic",
        ],
    ),
    ("prediction", &["prediction.ci_y", "prediction.lower", "prediction.upper"]),
    ("Q and p", &["heterogeneity.q", "heterogeneity.p"]),
    ("tau2", &["heterogeneity.tau2"]),
    ("standard error of tau2", &["heterogeneity.tau2_se"]),
    ("limits of tau2", &["heterogeneity.tau2_lower", "heterogeneity.tau2_upper"]),
    (
        "I2, its limits, H2",
        &["heterogeneity.i2", "heterogeneity.i2_lower", "heterogeneity.i2_upper", "heterogeneity.h2"],
    ),
    (
        "Wald and likelihood-ratio tests",
        &["heterogeneity.q_wald", "heterogeneity.p_wald", "heterogeneity.q_lrt", "heterogeneity.p_lrt"],
    ),
    ("rho", &["heterogeneity.rho"]),
];

/// The statistic that a path belongs to; `None` where none does.
#[must_use]
pub fn statistic(path: &str) -> Option<&'static str> {
    STATISTICS.iter().find(|(_, paths)| paths.contains(&path)).map(|(name, _)| *name)
}

/// One row for each statistic and kind that occur, closed forms first.
#[must_use]
pub fn tally(agreements: &[Agreement<'_>]) -> Vec<Tally> {
    let rows = Kind::ALL.into_iter().flat_map(|kind| STATISTICS.iter().map(move |(name, _)| (kind, *name)));
    rows.filter_map(|(kind, name)| {
        let of_row = |a: &&Agreement<'_>| a.kind == kind && statistic(a.path) == Some(name);
        row(kind, name, agreements.iter().filter(of_row).collect())
    })
    .collect()
}

fn row(kind: Kind, statistic: &'static str, mut agreements: Vec<&Agreement<'_>>) -> Option<Tally> {
    agreements.sort_by(|a, b| a.digits.total_cmp(&b.digits));
    let worst = agreements.first()?;
    Some(Tally {
        statistic,
        kind: kind.key(),
        values: agreements.len(),
        median: agreements[agreements.len() / 2].digits,
        worst: worst.digits,
        goal: kind.goal(),
        below: agreements.iter().filter(|a| a.digits < kind.goal()).count(),
        at: format!("{}: {} {}", worst.set, worst.path, worst.words),
    })
}
