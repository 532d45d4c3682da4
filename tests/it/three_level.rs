//! The three-level model against metafor's `rma.mv` and dense matrices in 40 digits, and what holds for any clusters.

use std::time::Instant;

use crate::common::program::Bench;
use metaprop::advisory::Code;
use metaprop::analysis::TrimFillEstimator;
use metaprop::data::{Clusters, Covariates};
use metaprop::options::{
    Ci, Measure, Model, PredictionMethod, Request, SubgroupTau2, Tau2, Tau2Ci, Tau2Method, ZeroCells,
};
use metaprop::{Dataset, MetaAnalysis, fit};
use serde_json::Value;

const METAFOR: &str = include_str!("../reference/three_level.json");
const EXACT: &str = include_str!("../reference/three_level_exact.json");

fn numbers(of: &Value) -> Vec<f64> {
    of.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// The data of a reference set, on the scale of its measure.
fn data(set: &Value) -> (Dataset, Measure) {
    let names = || (1..).map(|row| format!("row {row}"));
    let clusters: Vec<&str> =
        set["cluster"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let data = if set["measure"] == "generic" {
        let rows = names().zip(numbers(&set["y"])).zip(numbers(&set["v"]));
        Dataset::estimates(rows.map(|((name, y), v)| (name, y, v))).unwrap()
    } else {
        let rows = names().zip(numbers(&set["events"])).zip(numbers(&set["total"]));
        Dataset::proportions(rows.map(|((name, x), n)| (name, x as u64, n as u64))).unwrap()
    };
    let measure = match set["measure"].as_str().unwrap() {
        "generic" => Measure::Generic,
        "logit" => Measure::Logit,
        "arcsine" => Measure::Arcsine,
        _ => Measure::Raw,
    };
    (data.with_clusters(Clusters::new("cluster", clusters)).unwrap(), measure)
}

fn request(measure: Measure, method: Tau2Method) -> Request {
    Request {
        measure: Some(measure),
        model: Some(Model::ThreeLevel),
        tau2: Some(Tau2::Estimated(method)),
        ..Request::default()
    }
}

fn pool(data: &Dataset, request: Request) -> MetaAnalysis {
    fit(data, &request.resolve().unwrap()).unwrap()
}

const METHODS: [(&str, Tau2Method); 2] = [("reml", Tau2Method::Reml), ("ml", Tau2Method::Ml)];

/// Compares relative to the value, or to `scale` where that is larger.
fn near(what: &str, got: f64, want: f64, tolerance: f64, scale: f64) {
    let allowed = tolerance * want.abs().max(scale);
    assert!((got - want).abs() <= allowed, "{what}: {got:?} and not {want:?}");
}

#[test]
fn metafor() {
    let sets: Vec<Value> = serde_json::from_str(METAFOR).unwrap();
    assert_eq!(sets.len(), 14);
    for set in &sets {
        let (data, measure) = data(set);
        for (key, method) in METHODS {
            let (want, name) = (&set[key], format!("{} {key}", set["name"]));
            let number = |key: &str| want[key].as_f64().unwrap();
            let result = pool(&data, request(measure, method));
            let (pooled, h) = (result.pooled(), &result.heterogeneity);
            let (between, within) = (h.tau2_between.unwrap(), h.tau2_within.unwrap());
            let scale = 0.01
                * (number("between") + number("within")).max(result.v().iter().copied().fold(1.0, f64::min));
            // nlminb stops where the likelihood no longer changes, so that a variance is known to half of its digits: the
            // 40 digits of `dense_matrices` say which of two is right. On a boundary it leaves some 1e-9 of the scale.
            near(&format!("{name} between"), between.estimate, number("between"), 2e-6, scale);
            near(&format!("{name} within"), within.estimate, number("within"), 2e-6, scale);
            near(&format!("{name} y"), pooled.y.unwrap(), number("y"), 1e-7, 0.01);
            near(&format!("{name} se"), pooled.se.unwrap(), number("se"), 1e-7, 0.0);
            near(&format!("{name} ll"), pooled.log_likelihood.unwrap(), number("log_likelihood"), 1e-9, 1.0);
            near(&format!("{name} aic"), pooled.aic.unwrap(), number("aic"), 1e-9, 1.0);
            near(&format!("{name} bic"), pooled.bic.unwrap(), number("bic"), 1e-9, 1.0);
            near(&format!("{name} q"), h.cochran.unwrap().statistic, number("q"), 1e-9, 0.0);
            assert!(
                pooled.log_likelihood.unwrap() > number("log_likelihood") - 1e-9,
                "{name}: a higher maximum"
            );
            for (part, key) in [(between, "between_ci"), (within, "within_ci")] {
                let got = [part.lower.unwrap(), part.upper.unwrap()];
                // Null where a refit of metafor failed on the way to the limit.
                let known = (0..2).filter_map(|of| Some((got[of], want[key][of].as_f64()?)));
                known.for_each(|(got, want)| near(&format!("{name} {key}"), got, want, 1e-7, scale));
            }
            let limits = |got: [f64; 2], key: &str| {
                let want = numbers(&want[key]);
                (0..2).for_each(|of| near(&format!("{name} {key}"), got[of], want[of], 1e-7, 0.1));
            };
            limits(pooled.ci_y.unwrap(), "ci_t");
            limits(result.prediction.as_ref().unwrap().ci_y.unwrap(), "pi_t");
            let wald = pool(&data, Request { ci: Some(Ci::Wald), ..request(measure, method) });
            limits(wald.pooled().ci_y.unwrap(), "ci_z");
            for (got, want) in result.weights_random().iter().zip(numbers(&want["weights"])) {
                near(&format!("{name} weight"), *got, want, 1e-7, 0.01);
            }
        }
    }
}

#[test]
fn dense_matrices() {
    let sets: Vec<Value> = serde_json::from_str(METAFOR).unwrap();
    let exact: Vec<Value> = serde_json::from_str(EXACT).unwrap();
    assert!(exact.len() >= 8);
    for entry in &exact {
        let set = sets.iter().find(|set| set["name"] == entry["name"]).unwrap();
        let (data, measure) = data(set);
        for (key, method) in METHODS {
            let (want, name) = (&entry[key], format!("{} {key}", entry["name"]));
            let number = |key: &str| want[key].as_f64().unwrap();
            let result = pool(&data, Request { ci: Some(Ci::ClusterRobust), ..request(measure, method) });
            let (pooled, h) = (result.pooled(), &result.heterogeneity);
            let of = |key: &str, got: f64| near(&format!("{name} {key}"), got, number(key), 1e-9, 0.0);
            of("between", h.tau2_between.unwrap().estimate);
            of("within", h.tau2_within.unwrap().estimate);
            of("log_likelihood", pooled.log_likelihood.unwrap());
            of("y", pooled.y.unwrap());
            of("se_cr2", pooled.se.unwrap());
            of("df_cr2", pooled.df.unwrap());
            let model = pool(&data, request(measure, method));
            of("se", model.pooled().se.unwrap());
        }
    }
}

fn konstantopoulos() -> Value {
    let sets: Vec<Value> = serde_json::from_str(METAFOR).unwrap();
    sets.into_iter().next().unwrap()
}

#[test]
fn the_order_of_rows_and_the_names_of_clusters_do_not_matter() {
    let set = konstantopoulos();
    let rows: Vec<(String, f64, f64)> = set["cluster"]
        .as_array()
        .unwrap()
        .iter()
        .zip(numbers(&set["y"]))
        .zip(numbers(&set["v"]))
        .map(|((cluster, y), v)| (cluster.as_str().unwrap().to_string(), y, v))
        .collect();
    let pooled = |rows: &[(String, f64, f64)]| {
        let names = rows.iter().map(|row| format!("in {}", row.0));
        let data = Dataset::estimates(rows.iter().map(|row| ("row", row.1, row.2))).unwrap();
        let data = data.with_clusters(Clusters::new("c", names)).unwrap();
        pool(&data, request(Measure::Generic, Tau2Method::Reml))
    };
    let (mut moved, first) = (rows.clone(), pooled(&rows));
    moved.reverse();
    moved.rotate_left(17);
    for (row, name) in moved.iter_mut().zip(["x"; 56]) {
        row.0 = format!("{name}{}", row.0);
    }
    let second = pooled(&moved);
    let of = |result: &MetaAnalysis| {
        let h = &result.heterogeneity;
        let (between, within) = (h.tau2_between.unwrap(), h.tau2_within.unwrap());
        [
            result.pooled().y,
            result.pooled().se,
            Some(between.estimate),
            between.lower,
            between.upper,
            Some(within.estimate),
            within.lower,
            within.upper,
        ]
        .map(Option::unwrap)
    };
    for (one, other) in of(&first).into_iter().zip(of(&second)) {
        assert!((one - other).abs() <= 1e-12 * one.abs(), "{one:?} and {other:?}");
    }
}

#[test]
fn clusters_of_one_row_give_the_random_effects_model() {
    let rows = [("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18), ("E", 30, 40)];
    let data = Dataset::proportions(rows).unwrap();
    let nested = data.clone().with_clusters(Clusters::new("study", ["A", "B", "C", "D", "E"])).unwrap();
    for (_, method) in METHODS {
        let three = pool(&nested, request(Measure::Logit, method));
        let random = pool(
            &data,
            Request {
                model: Some(Model::Random),
                ci: Some(Ci::T),
                tau2_ci: Some(Tau2Ci::Profile),
                prediction: Some(PredictionMethod::T),
                ..request(Measure::Logit, method)
            },
        );
        let (one, other) = (three.heterogeneity.tau2.unwrap(), random.heterogeneity.tau2.unwrap());
        near("tau2", one.estimate, other.estimate, 1e-9, 0.0);
        near("lower", one.lower.unwrap(), other.lower.unwrap(), 1e-8, 1e-3);
        near("upper", one.upper.unwrap(), other.upper.unwrap(), 1e-8, 0.0);
        near("y", three.pooled().y.unwrap(), random.pooled().y.unwrap(), 1e-10, 0.01);
        let limits = [&three, &random].map(|result| result.pooled().ci_y.unwrap()[0]);
        near("limit", limits[0], limits[1], 1e-9, 0.01);
        assert_eq!((three.heterogeneity.tau2_between, three.heterogeneity.tau2_within), (None, None));
        assert!(three.advisories.iter().any(|remark| remark.code == Code::VariancesNotSeparable));
    }
}

#[test]
fn one_cluster_tells_nothing_of_others() {
    let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)]).unwrap();
    let data = data.with_clusters(Clusters::new("study", ["A", "A", "A"])).unwrap();
    let result =
        pool(&data, Request { ci: Some(Ci::ClusterRobust), ..request(Measure::Logit, Tau2Method::Reml) });
    assert!(result.heterogeneity.tau2_between.is_none() && result.prediction.is_none());
    assert!(result.heterogeneity.tau2_within.is_some() && result.pooled().ci_y.is_none());
    let codes: Vec<Code> = result.advisories.iter().map(|remark| remark.code).collect();
    assert!(
        codes.contains(&Code::VariancesNotSeparable) && codes.contains(&Code::IntervalMissing),
        "{codes:?}"
    );
}

/// Without a variance between clusters the weights are those of the random-effects model, and CR2 that of a regression
/// on the intercept.
#[test]
fn a_variance_at_its_boundary_is_0_and_an_unknown_column_is_named() {
    let y = [-0.5, 0.7, 1.5, -0.9, 0.1, 0.4, -0.2, 0.2];
    let v = [0.04, 0.05, 0.02, 0.06, 0.1, 0.03, 0.08, 0.05];
    let data = Dataset::estimates(y.iter().zip(v).map(|(y, v)| ("A", *y, v))).unwrap();
    let clusters = ["1", "1", "2", "2", "3", "3", "4", "4"];
    let data = data.with_covariates(Covariates::new([("c", clusters)]).unwrap()).unwrap();
    let nested = data.clone().with_clusters(data.clusters_by("c").unwrap()).unwrap();
    let result =
        pool(&nested, Request { ci: Some(Ci::ClusterRobust), ..request(Measure::Generic, Tau2Method::Reml) });
    assert_eq!(result.heterogeneity.tau2_between.unwrap().estimate, 0.0);
    assert!(data.clusters_by("d").unwrap_err().to_string().contains("no column 'd' to cluster by"));
}

#[test]
fn a_hundred_thousand_rows_take_seconds() {
    let k = 100_000_u64;
    let rows = (0..k).map(|row| {
        let (cluster, noise) = (row / 4, (row * 7919) % 1000);
        let level = 30 + (cluster * 104_729) % 40;
        ("row", (level + noise / 100).min(100), 100)
    });
    let data = Dataset::proportions(rows).unwrap();
    let data = data.with_clusters(Clusters::new("c", (0..k).map(|row| (row / 4).to_string()))).unwrap();
    let start = Instant::now();
    let result =
        pool(&data, Request { tau2_ci: Some(Tau2Ci::None), ..request(Measure::Logit, Tau2Method::Reml) });
    let seconds = start.elapsed().as_secs_f64();
    assert!(result.heterogeneity.tau2_between.unwrap().estimate > 0.1);
    assert!(seconds < 60.0, "{seconds} s");
    eprintln!("100,000 rows: {seconds:.1} s");
}

#[test]
fn what_the_model_does_not_take_is_named() {
    let of = |request: Request| request.resolve().unwrap_err().to_string();
    let dl = of(request(Measure::Logit, Tau2Method::Dl));
    assert!(
        dl.contains("tau2 = dl does not apply to model = three-level") && dl.contains("reml, ml"),
        "{dl}"
    );
    let hk = of(Request { ci: Some(Ci::Hk), ..request(Measure::Logit, Tau2Method::Ml) });
    assert!(hk.contains("ci = t, wald, cluster-robust"), "{hk}");
    let robust = of(Request { ci: Some(Ci::ClusterRobust), ..Request::default() });
    assert!(robust.contains("model = three-level"), "{robust}");
    let zero = Request { zero_cells: Some(ZeroCells::All), ..request(Measure::Logit, Tau2Method::Ml) };
    assert!(zero.resolve().is_ok());
    let default = Request { model: Some(Model::ThreeLevel), ..Request::default() }.resolve().unwrap();
    assert_eq!((default.ci(), default.tau2_ci()), (Ci::T, Tau2Ci::Profile));
    let data = Dataset::proportions([("A", 8, 12), ("A", 9, 13)]).unwrap();
    let error = fit(&data, &default).unwrap_err().to_string();
    assert!(error.contains("no clusters are named") && error.contains("--cluster"), "{error}");
    let shared = fit(&data, &Request::default().resolve().unwrap()).unwrap();
    assert!(shared.advisories.iter().any(|remark| remark.code == Code::RowsShareStudy));
}

/// Two arms of six studies each: the same difference within every study.
fn arms() -> Dataset {
    let rows = [(10, 16), (30, 41), (60, 68), (80, 87), (45, 56), (20, 29)];
    let rows = rows.iter().flat_map(|&(a, b)| [a, b]);
    let data =
        Dataset::proportions(rows.enumerate().map(|(row, events)| (format!("S{}", row / 2), events, 100)));
    let arm = (0..12).map(|row| ["a", "b"][row % 2]).collect::<Vec<_>>();
    let half = (0..12).map(|row| ["first", "second"][row / 6]).collect::<Vec<_>>();
    let columns = Covariates::new([("arm", arm), ("half", half)]).unwrap();
    let clusters = Clusters::new("study", (0..12).map(|row| (row / 2).to_string()));
    data.unwrap().with_covariates(columns).unwrap().with_clusters(clusters).unwrap()
}

/// Levels that share clusters are not independent: a test that takes them as such would find nothing where every study has
/// the same difference.
#[test]
fn levels_that_share_clusters_are_not_tested_as_independent() {
    let result = pool(&arms(), request(Measure::Logit, Tau2Method::Reml));
    let by = |column: &str| result.clone().with_subgroups(&[column], SubgroupTau2::Separate).unwrap();
    let said = |result: &MetaAnalysis| {
        result.advisories.iter().filter(|remark| remark.code == Code::ClustersSpanLevels).count()
    };
    let shared = by("arm");
    assert_eq!((shared.subgroups()[0].between, said(&shared)), (None, 1));
    let apart = by("half");
    assert!(apart.subgroups()[0].between.is_some() && said(&apart) == 0);
    let independent = fit(&arms(), &Request::default().resolve().unwrap()).unwrap();
    let independent = independent.with_subgroups(&["arm"], SubgroupTau2::Separate).unwrap();
    assert!(independent.subgroups()[0].between.is_some());
}

#[test]
fn figures_and_tests_have_the_clusters_or_say_that_they_take_none() {
    let result = pool(&arms(), request(Measure::Logit, Tau2Method::Reml));
    let curves = result.drapery_curves().unwrap();
    let ci_y = result.pooled().ci_y.unwrap();
    let at_95 = curves.z.iter().position(|z| *z > 1.959_963).unwrap();
    let wide = curves.random[at_95].unwrap();
    assert!(wide[0] <= ci_y[0] && ci_y[1] <= wide[1], "{wide:?} {ci_y:?}");
    let trimmed = result.trim_fill(TrimFillEstimator::L0, None).unwrap_err().to_string();
    assert!(trimmed.contains("takes independent studies"), "{trimmed}");
    assert!(result.doi().reason.unwrap().contains("takes independent studies"));
}

/// Clusters of the same mean have a cluster-robust standard error of 0, which is no interval; the test says whether rows
/// differ, where the interval of a variance in clusters does not.
#[test]
fn equal_clusters_and_a_clear_test_are_said_so() {
    let data = Dataset::proportions([("A", 8, 12), ("A", 8, 12), ("B", 8, 12), ("B", 8, 12)]).unwrap();
    let equal = data.with_clusters(Clusters::new("c", ["A", "A", "B", "B"])).unwrap();
    let robust = Request { ci: Some(Ci::ClusterRobust), ..request(Measure::Logit, Tau2Method::Reml) };
    let result = pool(&equal, robust);
    assert!(result.advisories.iter().any(|remark| remark.code == Code::HkDegenerate));
    let data = Dataset::proportions([("A", 8, 12), ("B", 9, 23), ("C", 2, 20), ("D", 12, 20)]).unwrap();
    let apart = data.with_clusters(Clusters::new("c", ["A", "B", "C", "D"])).unwrap();
    let result = pool(&apart, request(Measure::Logit, Tau2Method::Reml));
    let sentence = result.page().markdown();
    assert!(sentence.contains("differ more than chance alone"), "{sentence}");
}

/// The specifications that are tried are of independent rows: an analysis file that asks for them of rows in clusters is
/// refused, as the command is.
#[test]
fn no_specification_that_is_tried_has_rows_in_clusters() {
    let table = "study,events,total\nA,8,12\nA,9,13\nB,21,66\nB,8,18\nC,30,40\n";
    let analysis = "schema = 1\ntitle = \"t\"\n[data]\nfile = \"t.csv\"\ncluster = \"study\"\n[[outcome]]\nid = \"a\"\n\
                    title = \"a\"\nevents = \"events\"\ntotal = \"total\"\nmodel = \"three-level\"\nmultiverse = true\n";
    let bench = Bench::with(&[("t.csv", table), ("a.toml", analysis)]);
    let said = bench.complains(2, &["report", "a.toml", "-o", "out"]);
    assert!(said.contains("three-level is none of the specifications"), "{said}");
}
