//! The fitted distribution of true proportions: its percentiles, and the share above a cut-off.

use crate::common::number;
use metaprop::model::distribution::Shape;
use metaprop::model::{Cutoff, Distribution};
use metaprop::numeric::normal;
use metaprop::options::{Ci, Measure, Model, PredictionMethod};
use metaprop::options::{Request, Tau2};
use metaprop::{Code, Dataset, MetaAnalysis, fit};

const WILD: [(u64, u64); 6] = [(2, 50), (54, 60), (30, 70), (5, 52), (45, 61), (22, 48)];
const EQUAL: [(u64, u64); 4] = [(10, 40), (20, 80), (5, 20), (15, 60)];

fn pool(rows: &[(u64, u64)], request: Request) -> MetaAnalysis {
    let named = rows.iter().enumerate().map(|(index, &(events, total))| (format!("S{index}"), events, total));
    fit(&Dataset::proportions(named).unwrap(), &request.resolve().unwrap()).unwrap()
}

fn asked(cutoff: f64) -> Request {
    Request { cutoff: Some(cutoff), ..Request::default() }
}

fn distribution(outcome: &MetaAnalysis) -> &Distribution {
    outcome.distribution.as_ref().expect("a distribution")
}

fn only(outcome: &MetaAnalysis) -> Cutoff {
    assert_eq!(distribution(outcome).cutoffs.len(), 1);
    distribution(outcome).cutoffs[0]
}

fn says(outcome: &MetaAnalysis, code: Code) -> bool {
    outcome.advisories.iter().any(|advisory| advisory.code == code)
}

/// The estimator and the standard error as Mathur & VanderWeele 2019 print them, back from the probit scale.
#[test]
fn the_share_is_the_published_one_on_every_scale() {
    // The quantile is that of the interval of the pooled value; t with 5 degrees of freedom from a table.
    const Z: f64 = 1.959_963_984_540_054;
    const T: f64 = 2.570_581_835_636_314;
    let cases = [(Ci::Wald, Z), (Ci::T, T), (Ci::Hk, T), (Ci::HkFloor, T)];
    let cases = Measure::OF_PROPORTIONS
        .iter()
        .flat_map(|measure| cases.map(|(ci, quantile)| (*measure, ci, quantile)));
    for (measure, ci, quantile) in cases {
        let outcome = pool(&WILD, Request { measure: Some(measure), ci: Some(ci), ..asked(0.3) });
        let (random, h) = (outcome.pooled(), &outcome.heterogeneity);
        let (y, se) = (random.y.unwrap(), random.se.unwrap());
        let (tau2, tau2_se) = (number(h, "tau2").unwrap(), number(h, "tau2_se").unwrap());
        let q = outcome.scale().from_natural(0.3);
        let z = (y - q) / tau2.sqrt();
        let share = only(&outcome);
        assert!((share.above - normal::cdf(z)).abs() < 1e-15, "{measure:?}");
        let published =
            (se * se / tau2 + tau2_se * tau2_se * (q - y) * (q - y) / (4.0 * tau2.powi(3))).sqrt();
        let limits = [share.lower.unwrap(), share.upper.unwrap()].map(normal::quantile);
        let ours = (limits[1] - limits[0]) / (2.0 * quantile);
        assert!((ours / published - 1.0).abs() < 1e-12, "{measure:?} {ci:?}: {ours} {published}");
        assert_eq!(share.method, Some("probit-delta"));
    }
}

#[test]
fn percentiles_hold_nine_tenths() {
    for &measure in Measure::OF_PROPORTIONS {
        let outcome = pool(&WILD, Request { measure: Some(measure), ..Request::default() });
        let spread = distribution(&outcome);
        assert!(spread.cutoffs.is_empty() && spread.shape == Shape::Normal);
        let [low, high] = spread.percentiles_y.unwrap();
        let (y, tau) = (outcome.pooled().y.unwrap(), number(&outcome.heterogeneity, "tau2").unwrap().sqrt());
        let inside = normal::cdf((high - y) / tau) - normal::cdf((low - y) / tau);
        assert!((inside - 0.9).abs() < 1e-14);
        assert!(spread.lower_5 < outcome.pooled().estimate && outcome.pooled().estimate < spread.upper_95);
    }
}

/// The share above a percentile is the share that the percentile names.
#[test]
fn cutoff_and_percentile_agree() {
    for model in [Model::Random, Model::Glmm, Model::BetaBinomial] {
        let request = |cutoff| Request { model: Some(model), cutoff, ..Request::default() };
        let plain = pool(&WILD, request(None));
        let spread = distribution(&plain);
        for (at, share) in [(spread.lower_5, 0.95), (spread.upper_95, 0.05)] {
            let found = only(&pool(&WILD, request(Some(at))));
            assert!((found.above - share).abs() < 1e-12, "{model:?}: {found:?}");
            assert!(found.lower.unwrap() < share && share < found.upper.unwrap());
        }
    }
}

/// One share is 1 minus the other where events and non-events are exchanged.
#[test]
fn exchanging_events_and_non_events_mirrors_the_share() {
    let mirrored = WILD.map(|(events, total)| (total - events, total));
    for model in [Model::Random, Model::Glmm, Model::BetaBinomial] {
        let request = |cutoff| Request { model: Some(model), ..asked(cutoff) };
        let (one, two) = (only(&pool(&WILD, request(0.3))), only(&pool(&mirrored, request(0.7))));
        for (a, b) in [(one.above, two.above), (one.lower.unwrap(), two.upper.unwrap())] {
            assert!((a + b - 1.0).abs() < 1e-9, "{model:?}: {one:?} {two:?}");
        }
    }
}

#[test]
fn without_spread_it_is_all_or_nothing_and_says_so() {
    for model in [Model::Random, Model::Glmm, Model::BetaBinomial] {
        for (cutoff, above) in [(0.2, 1.0), (0.3, 0.0)] {
            let outcome = pool(&EQUAL, Request { model: Some(model), ..asked(cutoff) });
            let spread = distribution(&outcome);
            assert_eq!(
                (spread.shape, spread.lower_5, spread.upper_95),
                (Shape::Point, outcome.pooled().estimate, outcome.pooled().estimate)
            );
            assert_eq!(
                (only(&outcome).above, only(&outcome).lower, only(&outcome).method),
                (above, None, None)
            );
            assert!(says(&outcome, Code::CutoffAtBoundary), "{model:?}");
        }
    }
    assert!(!says(&pool(&WILD, asked(0.5)), Code::CutoffAtBoundary));
    assert!(!says(&pool(&EQUAL, Request::default()), Code::CutoffAtBoundary));
}

#[test]
fn without_a_distribution_it_is_null_and_says_why() {
    let of = |model| Request { model: Some(model), ..asked(0.5) };
    let henmi = Request { ci: Some(Ci::HenmiCopas), ..asked(0.5) };
    let zero = [(0, 12), (0, 30), (0, 7)];
    let cases = [
        (&WILD[..], of(Model::Common), "common-effect model"),
        (&WILD[..], of(Model::Ivhet), "IVhet"),
        (&WILD[..], henmi, "henmi-copas"),
        (&WILD[..1], asked(0.5), "one study"),
        (&WILD[..1], of(Model::Glmm), "one study"),
        (&zero[..], of(Model::Glmm), "no finite maximum"),
    ];
    for (rows, request, reason) in cases {
        let outcome = pool(rows, request);
        assert_eq!(outcome.distribution, None);
        let said = outcome.advisories.iter().find(|advisory| advisory.code == Code::NoDistribution);
        assert!(said.is_some_and(|said| said.message.contains(reason)), "{reason}: {said:?}");
        let silent = pool(rows, Request { cutoff: None, ..request });
        assert!(!says(&silent, Code::NoDistribution));
    }
}

/// Every study says yes or no: any cut-off parts the two, and the share is the mean.
#[test]
fn two_points_at_an_intraclass_correlation_of_one() {
    let split = [(0, 9), (7, 7), (0, 4), (12, 12), (0, 6)];
    let outcome = pool(&split, Request { model: Some(Model::BetaBinomial), ..asked(0.6) });
    assert_eq!(number(&outcome.heterogeneity, "rho"), Some(1.0));
    let (spread, share) = (distribution(&outcome), only(&outcome));
    assert_eq!((spread.lower_5, spread.upper_95, spread.percentiles_y), (0.0, 1.0, None));
    assert_eq!((share.above, share.lower), (outcome.pooled().estimate, outcome.pooled().lower));
}

/// A given τ² has no error: the interval is that of the mean alone.
#[test]
fn a_given_tau2_is_known() {
    let request = Request {
        tau2: Some(Tau2::Fixed(0.25)),
        ci: Some(Ci::Wald),
        prediction: Some(PredictionMethod::Z),
        ..asked(0.5)
    };
    let outcome = pool(&WILD, request);
    let [lower, upper] = outcome.pooled().ci_y.unwrap();
    let share = only(&outcome);
    assert!((share.lower.unwrap() - normal::cdf(lower / 0.5)).abs() < 1e-14);
    assert!((share.upper.unwrap() - normal::cdf(upper / 0.5)).abs() < 1e-14);
}

#[test]
fn a_cutoff_is_a_proportion() {
    for wrong in [0.0, 1.0, 50.0, f64::NAN] {
        assert!(asked(wrong).resolve().is_err(), "{wrong}");
    }
}
