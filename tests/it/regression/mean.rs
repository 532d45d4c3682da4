//! A model matrix of one constant column is [`Design::Mean`], to a few units in the last place.
//!
//! The two ways add the same terms in another order: a sum of terms of one sign may be off by 9 units on either
//! side, and what is computed from sums by what that does to it. What is held is what was measured, rounded up to a
//! power of two.

use metaprop::effect::EffectSizes;
use metaprop::io::read::read_bytes;
use metaprop::model::{Design, Fit, ModelMatrix, Prepared, Rows};
use metaprop::numeric::elementary::ln;
use metaprop::numeric::random::Stream;
use metaprop::options::{Choice, Ci, Measure, ReadOptions, Request, Tau2, Tau2Method};
use metaprop::{Dataset, Spec};

/// The numbers of both ways with the scale of each: its size, and where it can come out near 0 the size of what it
/// is a difference of.
fn pairs(data: &Dataset, spec: &Spec) -> Vec<(&'static str, [f64; 2], f64)> {
    let (sizes, _) = EffectSizes::new(data.studies(), spec);
    if sizes.k() < 2 {
        return Vec::new();
    }
    let prepared = Prepared::new(&sizes, data.studies());
    let matrix = ModelMatrix::ones(sizes.k()).unwrap();
    let mean = prepared.fit(Rows::All, Design::Mean, spec).unwrap();
    let regression = prepared.fit(Rows::All, Design::Moderators(&matrix), spec).unwrap();
    let (of_mean, of_regression) =
        (mean.heterogeneity(spec).unwrap().0, regression.heterogeneity(spec).unwrap().0);
    let prediction = mean.prediction(spec).unwrap();
    let Fit::Regression(regression) = &regression else { panic!("a regression") };
    let summary = mean.pooled(spec).unwrap().unwrap();
    let (coefficient, value) =
        (&regression.coefficients(spec).unwrap()[0], regression.predict(&[1.0], spec).unwrap());

    let (y, se) = (summary.y.unwrap(), summary.se.unwrap());
    let [tau2, again] = [of_mean.tau2.unwrap(), of_regression.tau2.unwrap()];
    let tau2_scale = tau2.estimate.max(tau2.se.unwrap());
    let [q, q_again] = [of_mean.cochran.unwrap().statistic, of_regression.cochran.unwrap().statistic];
    let log_terms: f64 =
        sizes.v.iter().map(|v| ln(v + tau2.estimate).abs() + ln(std::f64::consts::TAU)).sum();
    let ([log, aic, bic], criteria) =
        ([summary.log_likelihood, summary.aic, summary.bic].map(Option::unwrap), regression.criteria());
    // Q at the fitted τ² is at most that at 0.
    let log_scale = log_terms + q;
    let limits = |ends: Option<[f64; 2]>| ends.map_or(0.0, |ends| ends[0].abs().max(ends[1].abs()));
    let of_optional = |a: Option<f64>, b: Option<f64>| {
        assert_eq!(a.is_some(), b.is_some());
        [a.unwrap_or(0.0), b.unwrap_or(0.0)]
    };
    let mut pairs = vec![
        ("y", [y, coefficient.estimate], se.max(y.abs())),
        ("se", [se, coefficient.se], se),
        ("df", of_optional(summary.df, coefficient.df), summary.df.unwrap_or(1.0)),
        ("estimate", [summary.estimate, value.estimate], summary.estimate.max(se)),
        ("tau2", [tau2.estimate, again.estimate], tau2_scale),
        ("tau2_se", [tau2.se.unwrap(), again.se.unwrap()], tau2_scale),
        ("tau2_lower", of_optional(tau2.lower, again.lower), tau2_scale.max(tau2.lower.unwrap())),
        ("tau2_upper", of_optional(tau2.upper, again.upper), tau2_scale.max(tau2.upper.unwrap())),
        ("q", [q, q_again], q),
        ("i2", [of_mean.i2.unwrap().estimate, of_regression.i2.unwrap().estimate], 100.0),
        ("h2", of_optional(of_mean.h2, of_regression.h2), of_mean.h2.unwrap_or(1.0)),
        ("log_likelihood", [log, criteria.log_likelihood], log_scale),
        ("aic", [aic, criteria.aic], log_scale),
        ("bic", [bic, criteria.bic], log_scale),
    ];
    if spec.ci() != Ci::Kr {
        // With less than one degree of freedom, which Kenward and Roger's can be, the quantile multiplies the
        // rounding of the degrees of freedom by more than a hundred.
        let ends = [summary.ci_y.map(|ends| ends[0]), coefficient.lower];
        pairs.push(("lower", of_optional(ends[0], ends[1]), se.max(limits(summary.ci_y))));
    }
    assert_eq!(prediction.is_some(), value.prediction.is_some());
    if let (Some(one), Some(other)) = (prediction, value.prediction) {
        let ends = [one.ci_y, other.ci_y].map(|ci_y| ci_y.map(|ends| ends[0]));
        pairs.push(("prediction", of_optional(ends[0], ends[1]), limits(one.ci_y)));
    }
    pairs
}

/// By how many units of 2⁻⁵² of its scale the worst number is off.
fn worst(data: &Dataset, spec: &Spec) -> (f64, String) {
    let mut worst = (0.0, String::new());
    for (name, [mean, regression], scale) in pairs(data, spec) {
        let off = if mean == regression { 0.0 } else { (mean - regression).abs() / (f64::EPSILON * scale) };
        if off > worst.0 || off.is_nan() {
            let choices = format!("{:?} {:?} {:?}", spec.measure(), spec.tau2(), spec.ci());
            worst = (off, format!("{name}: {mean:e} {regression:e} of {} studies, {choices}", data.k()));
        }
    }
    worst
}

fn spec(measure: Measure, method: Tau2Method, ci: Ci) -> Spec {
    let tau2 = Some(Tau2::Estimated(method));
    Request { measure: Some(measure), tau2, ci: Some(ci), ..Request::default() }.resolve().unwrap()
}

/// Every measure, every estimator of τ² and every interval that goes with it.
fn hold(data: &Dataset, cis: &[Ci], allowed: f64) {
    for &measure in Measure::OF_PROPORTIONS {
        for &method in Tau2Method::ALL {
            for &ci in cis.iter().filter(|ci| **ci != Ci::Kr || method == Tau2Method::Reml) {
                let (off, what) = worst(data, &spec(measure, method, ci));
                assert!(off <= allowed, "{off:.1} units: {what}");
            }
        }
    }
}

#[test]
fn one_constant_column_is_one_mean() {
    let bytes = include_bytes!("../../../datasets/tofacitinib-aa/counts.csv");
    let data = read_bytes(bytes, "counts.csv", &ReadOptions::default()).unwrap();
    hold(&data, &[Ci::Wald, Ci::T, Ci::Hk, Ci::HkFloor, Ci::Kr], 16.0);
}

/// From studies of a few people to 10,000, with none to all of the events.
#[test]
fn one_constant_column_is_one_mean_on_random_tables() {
    for index in 0..60 {
        let mut stream = Stream::new(17, index);
        let k = 2 + stream.below(10);
        let rows = (0..k).map(|study| {
            let most = if stream.uniform() < 0.2 { 10_000 } else { 200 };
            let total = 1 + stream.below(most);
            (format!("S{study}"), stream.below(total + 1), total)
        });
        let data = Dataset::proportions(rows.collect::<Vec<_>>()).unwrap();
        hold(&data, &[Ci::Hk, Ci::Kr], 128.0);
    }
}

/// One study with all the weight, τ² near 0, totals of 10⁹, likelihoods with several maxima.
#[cfg(feature = "selftest")]
#[test]
fn one_constant_column_is_one_mean_on_the_certified_set() {
    for set in metaprop::selftest::set::all().unwrap() {
        hold(&set.table, &[Ci::Hk, Ci::Kr], 128.0);
    }
}
