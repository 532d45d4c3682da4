//! Random tables under random choices of every option: limits are in order, and documents are as their schema says.

use std::sync::LazyLock;

use metaprop::data::Clusters;
use metaprop::options::{
    BackTransform, Choice, Ci, I2Method, Level, Measure, Model, PredictionMethod, Quadrature, Request,
    StudyCi, Tau2, Tau2Ci, Tau2Method, ZeroCells,
};
use metaprop::report::json::{Layout, text};
use metaprop::{Dataset, Error, fit};
use proptest::prelude::*;
use serde_json::Value;

use crate::promises::documents::Schemas;

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(Schemas::of_the_program);

pub type Rows = Vec<(u64, u64)>;

/// Tables of sparse, full, empty and large studies.
pub fn tables() -> impl Strategy<Value = Rows> {
    let total = prop_oneof![3 => 1..8_u64, 4 => 1..200_u64, 1 => 1..1_000_000_000_u64];
    let row = (total, 0..8_u8, 0.0..1.0_f64).prop_map(|(total, kind, share)| match kind {
        0 | 1 => (0, total),
        2 => (total, total),
        _ => (((share * total as f64) as u64).min(total), total),
    });
    prop::collection::vec(row, 1..10)
}

/// A word of a choice, or none: the default.
fn word<C: Choice + Copy + std::fmt::Debug + 'static>() -> impl Strategy<Value = Option<C>> {
    prop::option::weighted(0.4, prop::sample::select(C::ALL))
}

/// Any combination of the choices, whether they go together or not.
pub fn requests() -> impl Strategy<Value = Request> {
    let tau2 = prop_oneof![
        4 => prop::sample::select(Tau2Method::ALL).prop_map(Tau2::Estimated),
        1 => (0.0..4.0_f64).prop_map(Tau2::Fixed),
    ];
    let measure = prop::option::weighted(0.8, prop::sample::select(Measure::OF_PROPORTIONS));
    let level = prop::option::weighted(0.3, prop::sample::select(&[50.0, 90.0, 99.0, 99.999][..]));
    let null = prop::option::weighted(0.3, 0.01..0.99_f64);
    let cutoff = prop::option::weighted(0.3, 0.01..0.99_f64);
    let pooled = (measure, word::<Model>(), prop::option::weighted(0.4, tau2), word::<Ci>());
    let spread = (word::<PredictionMethod>(), word::<Tau2Ci>(), word::<I2Method>());
    let rows = (word::<StudyCi>(), word::<ZeroCells>(), word::<BackTransform>());
    let quadrature = word::<Quadrature>();
    let all = (pooled, spread, rows, level, null, cutoff, quadrature);
    all.prop_map(|(pooled, spread, rows, level, null, cutoff, quadrature)| Request {
        measure: pooled.0,
        model: pooled.1,
        tau2: pooled.2,
        ci: pooled.3,
        prediction: spread.0,
        tau2_ci: spread.1,
        i2: spread.2,
        study_ci: rows.0,
        zero_cells: rows.1,
        back_transform: rows.2,
        level: level.map(|percent| Level::try_from(percent).expect("a level")),
        null,
        cutoff,
        // It belongs to the binomial-normal model, and most requests ask for another.
        quadrature: quadrature.filter(|_| pooled.1 == Some(Model::Glmm)),
        ..Request::default()
    })
}

/// The two numbers at these keys, where both are there, are in order.
fn in_order(value: &Value, keys: [&str; 2], wrong: &mut Vec<String>) {
    if let [Some(lower), Some(upper)] = keys.map(|key| value[key].as_f64())
        && lower > upper
    {
        wrong.push(format!("{} = {lower} > {} = {upper}", keys[0], keys[1]));
    }
}

/// What is out of order in a document.
fn disorder(document: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let is_percentile = document["spec"]["ci"] == "bootstrap";
    for key in ["common", "random"] {
        let summary = &document[key];
        in_order(summary, ["lower", "upper"], &mut wrong);
        // Percentiles of draws need not lie around the estimate.
        if key == "common" || !is_percentile {
            in_order(summary, ["lower", "estimate"], &mut wrong);
            in_order(summary, ["estimate", "upper"], &mut wrong);
        }
    }
    in_order(&document["prediction"], ["lower", "upper"], &mut wrong);
    for (lower, upper) in [("tau2_lower", "tau2_upper"), ("i2_lower", "i2_upper"), ("rho_lower", "rho_upper")]
    {
        in_order(&document["heterogeneity"], [lower, upper], &mut wrong);
    }
    for study in document["studies"].as_array().expect("studies") {
        in_order(study, ["lower", "upper"], &mut wrong);
    }
    wrong
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn every_result_is_in_order_and_as_its_schema_says(rows in tables(), request in requests()) {
        let Ok(spec) = request.resolve() else { return Err(TestCaseError::reject("usage")) };
        let result = match fit(&in_pairs(data(&rows)), &spec) {
            Ok(result) => result,
            Err(Error::NoConvergence(_) | Error::Data(_)) => return Ok(()),
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        };
        let document: Value = serde_json::from_str(&text(&result, Layout::Line)).expect("a document");
        prop_assert_eq!(disorder(&document), Vec::<String>::new(), "{:?} {:?}", rows, spec);
        prop_assert_eq!(SCHEMAS.complaints(&document), Vec::<String>::new(), "{:?} {:?}", rows, spec);
    }
}

/// Two rows a cluster, which the three-level model takes.
pub fn in_pairs(data: Dataset) -> Dataset {
    let clusters = Clusters::new("c", (0..data.k()).map(|row| (row / 2).to_string()));
    data.with_clusters(clusters).expect("one a row")
}

/// A number at these keys of a document.
fn number(document: &Value, keys: [&str; 2]) -> Option<f64> {
    document[keys[0]][keys[1]].as_f64()
}

/// The table as a data set, its studies named by their number.
pub fn data(rows: &[(u64, u64)]) -> Dataset {
    let named = rows.iter().zip(1..).map(|(&(events, total), at)| (format!("s{at}"), events, total));
    Dataset::proportions(named).expect("counts")
}

/// The document of a data set under a spec, where there is one.
pub fn document(data: &Dataset, spec: &metaprop::Spec) -> Option<Value> {
    let result = fit(data, spec).ok()?;
    Some(serde_json::from_str(&text(&result, Layout::Line)).expect("a document"))
}

/// How far proportions and limits may be apart where only the order of the sums differs. A maximum of a likelihood is
/// known to about the root of what rounds it, and limits of one to what their iteration leaves.
pub fn tolerance(spec: &metaprop::Spec) -> f64 {
    if matches!(spec.model(), Model::Glmm | Model::BetaBinomial) { 1e-6 } else { 1e-8 }
}

/// Whether the likelihood is an approximation, which is not smooth where the mode of a study jumps: the last digits can
/// then decide whether a maximum or a limit is found at all.
pub fn is_approximate(spec: &metaprop::Spec) -> bool {
    spec.quadrature().is_some_and(|quadrature| quadrature != Quadrature::Exact)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    /// Rows in the opposite order: the last digits may move, and nothing else; but a bootstrap draws by row.
    #[test]
    fn the_order_of_rows_moves_the_last_digits_alone(rows in tables(), request in requests()) {
        let Ok(spec) = request.resolve() else { return Err(TestCaseError::reject("usage")) };
        if spec.ci() == Ci::Bootstrap || spec.prediction() == PredictionMethod::Bootstrap {
            return Err(TestCaseError::reject("draws by row"));
        }
        let backwards: Rows = rows.iter().rev().copied().collect();
        let (one, other) = (document(&data(&rows), &spec), document(&data(&backwards), &spec));
        prop_assert!(one.is_some() == other.is_some() || is_approximate(&spec), "{rows:?} {spec:?}");
        let (Some(one), Some(other)) = (one, other) else { return Ok(()) };
        for part in ["common", "random"] {
            for key in ["estimate", "lower", "upper"] {
                let (a, b) = (number(&one, [part, key]), number(&other, [part, key]));
                let both = a.is_some() == b.is_some() || is_approximate(&spec);
                prop_assert!(both, "{part} {key} {rows:?} {spec:?}");
                let apart = a.zip(b).map_or(0.0, |(a, b)| (a - b).abs());
                prop_assert!(apart <= tolerance(&spec), "{part} {key} {apart:e} {rows:?} {spec:?}");
            }
        }
    }
}
