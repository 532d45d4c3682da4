//! How the time of each command and each choice grows with the number of studies: at most in proportion, or with its square
//! where `docs/limits.md` says so. Times are the least of several runs on one thread.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use metaprop::options::{
    Choice, Ci, Measure, Model, PredictionMethod, Request, StudyCi, Tau2, Tau2Ci, Tau2Method, ZeroCells,
};
use metaprop::{Dataset, Spec, fit};

use crate::common::program::Bench;

/// Twice the studies take at most so many times as long: what is linear takes 2, quadratic 4, cubic 8.
const LINEAR: f64 = 3.2;
const QUADRATIC: f64 = 6.0;
/// What a start of the program and the clock may add.
const SLACK: Duration = Duration::from_millis(20);
/// A time is compared with that of twice as many studies once it is so long that the slack hides no square: from here on four
/// times a time are more than the linear limit and the slack together.
const TELLING: Duration = Duration::from_millis(40);

/// The least time of a few runs.
pub fn least_time(runs: u32, mut run: impl FnMut()) -> Duration {
    let time = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..runs).map(|_| time(&mut run)).min().expect("a run")
}

/// Holds that twice as many studies take at most `most` times as long, from `k` studies on and then from twice as many, until
/// the time tells; tries again where the machine was busy. `prepared` makes what is run with so many studies.
fn grows<P>(what: &str, k: usize, most: f64, prepared: impl Fn(usize) -> P, run: impl Fn(&P)) {
    let (mut k, mut at_k, mut busy) = (k, prepared(k), Vec::new());
    let mut single = least_time(2, || run(&at_k));
    loop {
        let at_twice = prepared(2 * k);
        let double = least_time(2, || run(&at_twice));
        if double > single.mul_f64(most) + SLACK {
            busy.push((k, single, double));
            assert!(busy.len() < 4, "{what}: so many studies and twice as many took {busy:?}");
            single = least_time(2, || run(&at_k));
        } else if single >= TELLING {
            return;
        } else {
            (k, at_k, single) = (2 * k, at_twice, double);
        }
    }
}

pub fn counts(k: usize) -> impl Iterator<Item = (u64, u64)> {
    (0..k as u64).map(|row| (1 + row * 7919 % 40, 50 + row * 104_729 % 50))
}

fn data(k: usize) -> Dataset {
    let rows = (1..).zip(counts(k)).map(|(number, (events, total))| (format!("S{number}"), events, total));
    Dataset::proportions(rows).expect("studies")
}

fn spec(request: Request) -> Spec {
    request.resolve().expect("a spec")
}

fn pooling_grows(what: &str, k: usize, request: Request) {
    let spec = spec(request);
    grows(what, k, LINEAR, data, |data| {
        fit(data, &spec).expect("a result");
    });
}

#[test]
fn each_choice_of_pooling_is_linear() {
    let plain = Request::default;
    for measure in Measure::ALL.iter().copied().filter(|measure| *measure != Measure::Generic) {
        pooling_grows(measure.key(), 2_000, Request { measure: Some(measure), ..plain() });
    }
    for ci in Ci::ALL.iter().copied().filter(|ci| *ci != Ci::ClusterRobust) {
        let k = if ci == Ci::Bootstrap { 40 } else { 2_000 };
        pooling_grows(ci.key(), k, Request { ci: Some(ci), ..plain() });
    }
    for prediction in PredictionMethod::ALL.iter().copied() {
        let k = if prediction == PredictionMethod::Bootstrap { 40 } else { 2_000 };
        pooling_grows(prediction.key(), k, Request { prediction: Some(prediction), ..plain() });
    }
    for tau2_ci in Tau2Ci::ALL.iter().copied() {
        // The exact distribution of Q is a sum over its eigenvalues at every point.
        let k = if matches!(tau2_ci, Tau2Ci::Jackson | Tau2Ci::BiggerstaffJackson) { 200 } else { 2_000 };
        let tau2 = (tau2_ci == Tau2Ci::Sj).then_some(Tau2::Estimated(Tau2Method::Sj));
        pooling_grows(tau2_ci.key(), k, Request { tau2_ci: Some(tau2_ci), tau2, ..plain() });
    }
    for zero_cells in ZeroCells::ALL.iter().copied() {
        pooling_grows(zero_cells.key(), 2_000, Request { zero_cells: Some(zero_cells), ..plain() });
    }
}

#[test]
fn each_interval_of_a_study_is_linear() {
    for study_ci in StudyCi::ALL.iter().copied() {
        let spec = spec(Request { study_ci: Some(study_ci), ..Request::default() });
        grows(
            study_ci.key(),
            500,
            LINEAR,
            |k| fit(&data(k), &spec).expect("a result"),
            |result| {
                assert!(result.rows().all(|row| row.lower <= row.upper));
            },
        );
    }
}

#[test]
fn exact_models_are_linear() {
    for model in [Model::Glmm, Model::BetaBinomial] {
        pooling_grows(model.key(), 60, Request { model: Some(model), ..Request::default() });
    }
}

/// A table with a cluster of each three rows, a group and a number.
fn table(k: usize) -> String {
    let mut text = String::from("study,events,total,cluster,group,dose\n");
    for (row, (events, total)) in counts(k).enumerate() {
        let (cluster, group, dose) = (row / 3, ["a", "b", "c"][row % 3], 5 + row * 31 % 7);
        writeln!(text, "S{row},{events},{total},C{cluster},{group},{dose}").expect("text");
    }
    text
}

fn command_grows(k: usize, most: f64, arguments: &[&str]) {
    let prepared = |k| Bench::with(&[("data.csv", &table(k))]);
    grows(&arguments.join(" "), k, most, prepared, |bench| {
        let output = bench.command(arguments).env("RAYON_NUM_THREADS", "1").output().expect("the program");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {said}");
    });
}

#[test]
fn commands_are_linear() {
    for format in ["text", "json", "csv", "md", "html"] {
        command_grows(2_000, LINEAR, &["pool", "data.csv", "--format", format]);
    }
    for (k, arguments) in [
        (20_000, &["columns", "data.csv"][..]),
        (2_000, &["pool", "data.csv", "-o", "forest.svg"]),
        (1_000, &["pool", "data.csv", "--model", "three-level", "--cluster", "cluster"]),
        (2_000, &["subgroup", "data.csv", "--subgroup", "group"]),
        (2_000, &["regress", "data.csv", "--mods", "dose + group"]),
        (2_000, &["regress", "data.csv", "--mods", "dose", "--cluster", "cluster"]),
        (2_000, &["leave-one-out", "data.csv"]),
        (2_000, &["influence", "data.csv"]),
        (1_000, &["gosh", "data.csv", "--subsets", "200"]),
        (2_000, &["bias", "data.csv"]),
        (60, &["multiverse", "data.csv"]),
        (2_000, &["check", "data.csv", "--line", "0.40 [0.39; 0.41]"]),
    ] {
        command_grows(k, LINEAR, arguments);
    }
}

/// Each of k refits has up to k studies; each of some eight readings of a study is tried with all specifications.
#[test]
fn what_tries_every_study_again_is_quadratic() {
    command_grows(400, QUADRATIC, &["cumulative", "data.csv"]);
    command_grows(
        15,
        QUADRATIC,
        &["reproduce", "data.csv", "--printed", "estimate=12.3%", "--slips", "always"],
    );
}
