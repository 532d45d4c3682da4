//! Every remark: data that call for it, and data that do not.

use metaprop::options::{BackTransform, Ci, Measure, Model, PredictionMethod, Profile, Tau2Ci, Tau2Method};
use metaprop::options::{Request, Tau2};
use metaprop::{Code, Dataset, fit};

fn says(rows: &[(u64, u64)], request: Request, code: Code) -> bool {
    let named = rows.iter().enumerate().map(|(index, &(events, total))| (format!("S{index}"), events, total));
    let table = Dataset::proportions(named).expect("counts");
    let outcome = fit(&table, &request.resolve().expect("a spec")).expect("an outcome");
    outcome.advisories.iter().any(|advisory| advisory.code == code)
}

const CALM: [(u64, u64); 6] = [(20, 50), (24, 60), (30, 70), (18, 52), (25, 61), (22, 48)];
const WILD: [(u64, u64); 6] = [(2, 50), (54, 60), (30, 70), (5, 52), (45, 61), (22, 48)];

#[test]
fn number_of_studies() {
    assert!(says(&CALM[..1], Request::default(), Code::SingleStudy));
    assert!(says(&CALM[..4], Request::default(), Code::FewStudies));
    assert!(!says(&CALM, Request::default(), Code::FewStudies));
}

#[test]
fn heterogeneity_without_prediction() {
    let request = |prediction| Request { prediction: Some(prediction), ..Request::default() };
    assert!(says(&WILD, request(PredictionMethod::None), Code::HeterogeneityWithoutPrediction));
    assert!(!says(&WILD, request(PredictionMethod::Hk), Code::HeterogeneityWithoutPrediction));
    assert!(!says(&CALM, request(PredictionMethod::None), Code::HeterogeneityWithoutPrediction));
}

#[test]
fn zero_cells_that_carry_the_result() {
    let sparse = [(0, 12), (0, 15), (0, 9), (0, 14), (0, 20)];
    assert!(says(&sparse, Request::default(), Code::ZeroCellsCarryResult));
    assert!(!says(&WILD, Request::default(), Code::ZeroCellsCarryResult));
    let glmm = Request { model: Some(Model::Glmm), ..Request::default() };
    assert!(!says(&sparse, glmm, Code::ZeroCellsCarryResult));
}

#[test]
fn one_study_with_most_of_the_weight() {
    let common = Request { model: Some(Model::Common), ..Request::default() };
    assert!(says(&[(400, 1000), (3, 9), (5, 11)], common, Code::DominatingStudy));
    assert!(!says(&CALM, common, Code::DominatingStudy));
    // The value is not its own where its interval does not hold it, nor where nobody differs from anybody.
    assert!(!says(&[(400, 1000), (30, 39), (35, 41), (290, 300)], common, Code::DominatingStudy));
    assert!(!says(&[(0, 1000), (0, 9), (0, 11)], common, Code::DominatingStudy));
    assert!(!says(&[(1000, 1000), (9, 9), (11, 11)], common, Code::DominatingStudy));
    let glmm = Request { model: Some(Model::Glmm), ..Request::default() };
    assert!(!says(&[(0, 1000), (0, 9), (0, 11)], glmm, Code::DominatingStudy));
}

/// The inverse with a small n is nowhere near the pooled angle where large studies carry it.
#[test]
fn the_freeman_tukey_inverse_that_cannot_be_believed() {
    let request = |back| Request {
        measure: Some(Measure::FreemanTukey),
        back_transform: Some(back),
        ..Request::default()
    };
    let tiny = [(0, 10), (0, 20)];
    let rare = [(210, 100_000), (380, 200_000), (1050, 500_000)];
    let mixed = |large: [(u64, u64); 3]| [&tiny[..], &large].concat();
    let mirrored = |rows: Vec<(u64, u64)>| rows.into_iter().map(|(x, n)| (n - x, n)).collect::<Vec<_>>();
    for rows in [mixed(rare), mixed([(21, 10_000), (38, 20_000), (105, 50_000)]), mirrored(mixed(rare))] {
        assert!(says(&rows, request(BackTransform::Harmonic), Code::FreemanTukeyInverse), "{rows:?}");
        // Without an n there is nothing to go wrong.
        assert!(!says(&rows, request(BackTransform::None), Code::FreemanTukeyInverse), "{rows:?}");
    }
    // A value or a limit that is cut to 0 although some had the event.
    assert!(says(&[(0, 12), (1, 30), (0, 9)], request(BackTransform::Harmonic), Code::FreemanTukeyInverse));
    for rows in [&CALM[..], &WILD, &rare] {
        assert!(!says(rows, request(BackTransform::Harmonic), Code::FreemanTukeyInverse), "{rows:?}");
    }
}

#[test]
fn tau2_at_and_outside_its_bounds() {
    assert!(says(
        &CALM,
        Request { tau2: Some(Tau2::Estimated(Tau2Method::Dl)), ..Request::default() },
        Code::Tau2AtBoundary
    ));
    assert!(!says(&WILD, Request::default(), Code::Tau2AtBoundary));
    assert!(!says(
        &CALM,
        Request { tau2: Some(Tau2::Fixed(0.0)), ..Request::default() },
        Code::Tau2AtBoundary
    ));
    // A fixed value need not be one that the data would give.
    let far = Request { tau2: Some(Tau2::Fixed(40.0)), ..Request::default() };
    assert!(says(&WILD, far, Code::Tau2OutsideInterval));
    assert!(!says(&WILD, Request::default(), Code::Tau2OutsideInterval));
}

#[test]
fn hartung_knapp_narrower_than_wald() {
    let alike = [(20, 50), (21, 52), (20, 51), (22, 54), (20, 49)];
    assert!(says(&alike, Request::default(), Code::HkNarrower));
    assert!(!says(&WILD, Request { ci: Some(Ci::Wald), ..Request::default() }, Code::HkNarrower));
}

#[test]
fn prediction_narrower_than_the_interval() {
    let mixed = Request { ci: Some(Ci::T), prediction: Some(PredictionMethod::Z), ..Request::default() };
    assert!(says(&CALM[..3], mixed, Code::PredictionNarrower));
    assert!(!says(&WILD, Request::default(), Code::PredictionNarrower));
}

#[test]
fn the_raw_scale_crosses_its_ends() {
    let raw = Request { profile: Some(Profile::DlWald), measure: Some(Measure::Raw), ..Request::default() };
    assert!(says(&[(0, 12), (1, 15), (1, 9)], raw, Code::OutsideRange));
    assert!(!says(&CALM, raw, Code::OutsideRange));
}

#[test]
fn a_tau2_interval_that_is_not_there() {
    let glmm = Request { model: Some(Model::Glmm), ..Request::default() };
    assert!(says(&[(0, 12), (0, 30), (0, 7)], glmm, Code::Tau2IntervalMissing));
    assert!(!says(&WILD, glmm, Code::Tau2IntervalMissing));
    assert!(!says(&CALM, glmm, Code::Tau2IntervalMissing));
    // One person a study tells nothing of tau2: null, and nothing to say.
    assert!(!says(&[(0, 1), (1, 1), (1, 1), (0, 1)], glmm, Code::Tau2IntervalMissing));
    let none = Request { tau2_ci: Some(Tau2Ci::None), ..glmm };
    assert!(!says(&[(0, 12), (0, 30), (0, 7)], none, Code::Tau2IntervalMissing));
}
