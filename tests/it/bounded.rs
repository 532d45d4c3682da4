//! Every analysis ends: the exact models of sparse tables within counted work, and every command soon after Ctrl-C.
//! What comes out of them is in order: lower limit, estimate, upper limit.

use metaprop::options::{Choice, Ci, I2Method, Level, Measure, Model, Request, Tau2, Tau2Method};
use metaprop::{Dataset, Error, MetaAnalysis, fit};
use proptest::prelude::*;

use crate::growth::{counts, least_time};

/// What the advisory says where a number was given up because it took too much work.
const GIVEN_UP: &str = "no more are allowed";

fn pool(rows: &[(u64, u64)], request: &Request) -> Result<MetaAnalysis, Error> {
    let named = rows.iter().enumerate().map(|(index, &(events, total))| (index.to_string(), events, total));
    fit(&Dataset::proportions(named).expect("counts"), &request.resolve().expect("a spec"))
}

/// The exact models with the interval that takes the most work.
fn exact() -> Vec<Request> {
    let glmm = [Measure::Logit, Measure::Probit, Measure::Cloglog].map(|measure| Request {
        measure: Some(measure),
        model: Some(Model::Glmm),
        ci: Some(Ci::Profile),
        ..Request::default()
    });
    let beta = Request { model: Some(Model::BetaBinomial), ci: Some(Ci::Profile), ..Request::default() };
    let usual: Vec<_> = glmm.into_iter().chain([beta]).collect();
    let wide = usual.iter().map(|request| Request { level: Some(level(99.999)), ..*request });
    wide.chain(usual.clone()).collect()
}

fn level(percent: f64) -> Level {
    Level::try_from(percent).expect("a level")
}

/// lower ≤ estimate ≤ upper wherever there are limits, and no number that was given up.
fn is_in_order(result: &MetaAnalysis) -> Result<(), String> {
    let summaries = [Some(&result.common), result.random.as_ref()].into_iter().flatten();
    for summary in summaries {
        let (lower, upper) = (summary.lower.unwrap_or(0.0), summary.upper.unwrap_or(1.0));
        if !(lower <= summary.estimate && summary.estimate <= upper) {
            return Err(format!("{lower} {} {upper}", summary.estimate));
        }
    }
    let heterogeneity = &result.heterogeneity;
    for component in [heterogeneity.i2, heterogeneity.tau2, heterogeneity.rho].into_iter().flatten() {
        if component.limits().is_some_and(|[lower, upper]| lower > upper) {
            return Err(format!("{component:?}"));
        }
    }
    match result.advisories.iter().find(|advisory| advisory.message.contains(GIVEN_UP)) {
        Some(given_up) => Err(given_up.message.clone()),
        None => Ok(()),
    }
}

/// Studies with none, all or some of the events.
fn sparse_rows() -> impl Strategy<Value = Vec<(u64, u64)>> {
    let total = prop_oneof![3 => 1..5_u64, 3 => 1..30_u64, 1 => 1..1_000_000_u64];
    let row = (total, 0..8_u8, 0.0..1.0_f64).prop_map(|(total, kind, share)| match kind {
        0..4 => (0, total),
        4 | 5 => (total, total),
        _ => (((share * total as f64) as u64).min(total), total),
    });
    prop::collection::vec(row, 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn exact_models_of_sparse_tables_end_within_counted_work(rows in sparse_rows()) {
        for request in exact() {
            match pool(&rows, &request) {
                Ok(result) => prop_assert_eq!(is_in_order(&result), Ok(()), "{:?} {:?}", rows, request),
                Err(Error::NoConvergence(problem)) => prop_assert!(!problem.contains(GIVEN_UP), "{problem}"),
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }

    #[test]
    fn the_mirrored_table_has_the_mirrored_beta_binomial_limits(rows in sparse_rows()) {
        let mirrored: Vec<_> = rows.iter().map(|&(events, total)| (total - events, total)).collect();
        let request = Request { model: Some(Model::BetaBinomial), ci: Some(Ci::Profile), ..Request::default() };
        let (Ok(one), Ok(other)) = (pool(&rows, &request), pool(&mirrored, &request)) else { return Ok(()) };
        let (one, other) = (one.random.expect("a value"), other.random.expect("a value"));
        for (a, b) in [(one.lower, other.upper), (one.upper, other.lower)] {
            prop_assert_eq!(a.is_some(), b.is_some());
            prop_assert!(a.zip(b).is_none_or(|(a, b)| (a + b - 1.0).abs() < 1e-6), "{a:?} {b:?}");
        }
    }
}

#[test]
fn tables_that_ran_for_minutes_have_their_limits() {
    let ten = [(0, 51), (0, 28), (0, 47), (0, 58), (0, 36), (0, 27), (1, 57), (0, 10), (0, 40), (13, 13)];
    let three = [(0, 37_532_014), (59, 230_516), (6_597_539, 350_820_580)];
    let four = [(71, 72), (0, 19), (0, 36), (41, 41)];
    let of_few = [(1, 1), (1, 1), (0, 1), (1, 1), (0, 1), (0, 1), (1, 2), (2, 2), (2, 2), (0, 1)];
    for rows in [&ten[..], &three, &four, &of_few] {
        for request in exact() {
            let result = pool(rows, &request).expect("a result");
            assert_eq!(is_in_order(&result), Ok(()), "{rows:?} {request:?}");
            let random = result.random.expect("a value");
            // At 99.999 % a limit can lie where the best tau is beyond 10⁵, and is null with the reason.
            let has_both = random.limits().is_some();
            let is_said = result.advisories.iter().any(|advisory| advisory.message.contains("is looked for"));
            assert!(has_both || (request.level.is_some() && is_said), "{rows:?} {request:?}");
        }
    }
}

#[test]
fn a_beta_binomial_prediction_near_one_has_both_limits() {
    let request = Request { model: Some(Model::BetaBinomial), ..Request::default() };
    let rows = [(0, 1), (1810, 1810), (1, 2)];
    let limits = |rows: &[(u64, u64)]| pool(rows, &request).unwrap().prediction.unwrap().ci_y.unwrap();
    let [lower, upper] = limits(&rows);
    let [mirrored_lower, mirrored_upper] = limits(&rows.map(|(events, total)| (total - events, total)));
    assert!(upper.is_finite() && upper > 36.0, "{upper}");
    assert!((upper + mirrored_lower).abs() < 1e-9 * upper && (lower + mirrored_upper).abs() < 1e-9 * upper);
}

#[test]
fn studies_with_one_outcome_each_have_a_profile_interval() {
    let rows = [(1, 1), (0, 1), (0, 2), (0, 4), (0, 2), (0, 4), (0, 2), (0, 1), (0, 1), (0, 1)];
    let request = Request { model: Some(Model::BetaBinomial), ci: Some(Ci::Profile), ..Request::default() };
    let random = pool(&rows, &request).expect("a result").random.expect("a value");
    let [lower, upper] = random.limits().expect("limits");
    // At rho = 1 this is one event in ten studies: ln L = ln p + 9 ln(1 − p), 1.92 below its maximum at
    // p = 0.0060 and 0.3714. Other rho only widen it.
    assert!(lower <= 0.00602 && (0.371..0.45).contains(&upper), "{lower} {upper}");
}

#[test]
fn limits_of_i2_are_in_order_near_a_hundred_percent() {
    let n = 1_000_000_000_000_000;
    for other in [1, 7, 12_345] {
        for measure in [Measure::Logit, Measure::Raw, Measure::Arcsine, Measure::FreemanTukey] {
            for i2 in [I2Method::Q, I2Method::Tau2] {
                let request = Request { measure: Some(measure), i2: Some(i2), ..Request::default() };
                let result = pool(&[(n - 1_000_000, n), (other, n), (n / 2, n)], &request).unwrap();
                assert_eq!(is_in_order(&result), Ok(()), "{measure:?} {i2:?}");
            }
        }
    }
}

#[test]
fn twice_the_studies_take_about_twice_the_time() {
    let rows = |k| counts(k).collect::<Vec<_>>();
    let (one, two) = (rows(4_000), rows(8_000));
    for tau2 in Tau2Method::ALL.iter().copied() {
        let request = Request { tau2: Some(Tau2::Estimated(tau2)), ..Request::default() };
        let [single, double] = [&one, &two].map(|rows| {
            least_time(5, || {
                pool(rows, &request).expect("a result");
            })
        });
        // 4 is what quadratic work would give; the rest is for a busy machine.
        assert!(
            double < single * 7 / 2 + std::time::Duration::from_millis(20),
            "{tau2:?}: {single:?} {double:?}"
        );
    }
}

/// Sends Ctrl-C to a command that waits for its table, and holds that it ends soon and says so.
#[cfg(unix)]
#[test]
fn a_command_without_a_result_ends_soon_after_ctrl_c() {
    use crate::common::program::Bench;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    let bench = Bench::with(&[]);
    for (name, arguments) in
        [("pool", &["pool", "-"][..]), ("columns", &["columns", "-"]), ("multiverse", &["multiverse", "-"])]
    {
        let mut command = bench.command(arguments);
        let waiting = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut waiting = waiting.spawn().expect("the program");
        // Held open, so that the command never has the whole table.
        let input = waiting.stdin.take();
        std::thread::sleep(Duration::from_millis(500));
        let (sent, id) = (Instant::now(), waiting.id().to_string());
        assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill").success());
        let output = waiting.wait_with_output().expect("an end");
        drop(input);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(130), "{name}: {said}");
        assert!(said.starts_with(&format!("{name} was stopped by Ctrl-C")), "{said}");
        assert!(sent.elapsed() < Duration::from_secs(10), "{name}: {:?}", sent.elapsed());
    }
}

#[test]
fn where_a_study_says_yes_or_no_the_prediction_has_no_limits_on_the_logit_scale() {
    let request = Request { model: Some(Model::BetaBinomial), ..Request::default() };
    let rows = [(1, 1), (0, 1), (0, 2), (0, 4), (0, 2), (0, 4), (0, 2), (0, 1), (0, 1), (0, 1)];
    let prediction = pool(&rows, &request).unwrap().prediction.unwrap();
    assert_eq!((prediction.lower, prediction.upper, prediction.ci_y), (0.0, 1.0, None));
    assert_eq!(prediction.shown_limits(), [Some(0.0), Some(1.0)]);
}

#[test]
fn limits_of_tau2_are_in_order_at_a_level_of_next_to_nothing() {
    use metaprop::options::{Choice, Tau2Ci, Tau2Method};
    let large = 9_007_199_254_740_992;
    let rows = [(1, large), (large, large), (3, 7)];
    for method in Tau2Ci::ALL {
        let request =
            Request { level: Some("1e-300%".parse().unwrap()), tau2_ci: Some(*method), ..Request::default() };
        // The interval of Sidik and Jonkman goes with their estimator alone.
        let tau2 = (method.key() == "sj").then_some(Tau2Method::Sj.into());
        let Ok(result) = pool(&rows, &Request { tau2, ..request }) else { continue };
        let limits = result.heterogeneity.tau2.and_then(|tau2| tau2.limits());
        assert!(limits.is_none_or(|[lower, upper]| lower <= upper), "{}: {limits:?}", method.key());
    }
}
