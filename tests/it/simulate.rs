//! `metaprop simulate`: what it says is held against truths that can be computed without drawing, and against figures that
//! others have printed.

use metaprop::analysis::{Performance, SimulationOptions, StudySizes, Truth, simulate};
use metaprop::numeric::quadrature::{gauss_hermite, integrate};
use metaprop::numeric::{chi_squared, normal};
use metaprop::options::{Link, Request, Specifications, Target, TrueDistribution};
use metaprop::{Dataset, Spec, fit};

use crate::common::program::Bench;
use crate::promises::documents::Schemas;

/// The specifications of these values of the choices.
fn specs(values: &[(&str, &str)]) -> Vec<Spec> {
    let mut lists = Specifications::default();
    for (key, typed) in values {
        typed.split(',').for_each(|typed| lists.add(key, typed).expect("a value"));
    }
    lists.combine().expect("specifications").specs
}

fn options(repetitions: u32, target: Target) -> SimulationOptions {
    let mut options = SimulationOptions::default();
    (options.repetitions, options.target) = (repetitions, target);
    options
}

/// What a specification gives for every table that there is, each with its probability.
struct Enumerated {
    bias: f64,
    mean_square: f64,
    coverage: f64,
    width: f64,
    failed: f64,
    /// The standard deviation of one estimate and of one width.
    spread: [f64; 2],
}

/// P(x events of n) where the logit of the true proportion is normal: Gauss and Hermite's rule of 80 points.
fn probabilities(n: u64, p: f64, tau2: f64) -> Vec<f64> {
    let (nodes, weights) = gauss_hermite(80);
    let root_pi = std::f64::consts::PI.sqrt();
    let at = |node: &f64| {
        let y = (p / (1.0 - p)).ln() + (2.0 * tau2).sqrt() * node;
        1.0 / (1.0 + (-y).exp())
    };
    let choose = |x: u64| (0..x).fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64);
    let of = |x: u64| {
        let each = nodes.iter().zip(&weights).map(|(node, weight)| {
            let p = at(node);
            weight / root_pi * p.powi(x as i32) * (1.0 - p).powi((n - x) as i32)
        });
        choose(x) * each.sum::<f64>()
    };
    (0..=n).map(of).collect()
}

/// Every table of studies of these sizes.
fn enumerated(sizes: &[u64], p: f64, tau2: f64, spec: &Spec) -> Enumerated {
    let of_study: Vec<Vec<f64>> = sizes.iter().map(|n| probabilities(*n, p, tau2)).collect();
    let tables = sizes.iter().fold(vec![(Vec::new(), 1.0)], |tables: Vec<(Vec<u64>, f64)>, n| {
        let study = tables[0].0.len();
        let more = |(events, probability): &(Vec<u64>, f64)| {
            let (events, probability) = (events.clone(), *probability);
            let of_study = &of_study[study];
            (0..=*n)
                .map(move |x| ([&events[..], &[x]].concat(), probability * of_study[x as usize]))
                .collect::<Vec<_>>()
        };
        tables.iter().flat_map(more).collect()
    });
    let total: f64 = tables.iter().map(|(_, probability)| probability).sum();
    assert!((total - 1.0).abs() < 1e-10, "{total}");
    let [mut estimates, mut intervals, mut failed] = [0.0; 3];
    let [mut first, mut second, mut covered, mut width, mut squared_width] = [0.0; 5];
    for (events, probability) in tables {
        let rows = events.iter().zip(sizes).map(|(events, total)| ("study", *events, *total));
        let data = Dataset::proportions(rows).expect("a table");
        let Ok(result) = fit(&data, spec) else {
            failed += probability;
            continue;
        };
        let pooled = result.pooled();
        estimates += probability;
        first += probability * (pooled.estimate - p);
        second += probability * (pooled.estimate - p) * (pooled.estimate - p);
        if let Some([lower, upper]) = pooled.limits() {
            intervals += probability;
            covered += if lower <= p && p <= upper { probability } else { 0.0 };
            width += probability * (upper - lower);
            squared_width += probability * (upper - lower) * (upper - lower);
        }
    }
    let (bias, mean_square) = (first / estimates, second / estimates);
    let (coverage, width) = (covered / intervals, width / intervals);
    let spread = [mean_square - bias * bias, squared_width / intervals - width * width];
    Enumerated {
        bias,
        mean_square,
        coverage,
        width,
        failed,
        spread: spread.map(|variance| variance.max(0.0).sqrt()),
    }
}

/// Within four of the standard errors that follow from the enumeration.
fn agrees(what: &str, drawn: &Performance, exact: &Enumerated) {
    let (tables, estimates) = (drawn.repetitions as f64, (drawn.repetitions - drawn.failed) as f64);
    let intervals = estimates - drawn.without_interval as f64;
    let share = |p: f64, n: f64| (p * (1.0 - p) / n).sqrt();
    let near = |name: &str, drawn: f64, exact: f64, se: f64| {
        assert!((drawn - exact).abs() <= 4.0 * se + 1e-9, "{what}: {name} {drawn}, exactly {exact}, se {se}");
    };
    let some = |value: Option<f64>| value.expect("a figure");
    let se_of_bias = exact.spread[0] / estimates.sqrt();
    let [se_of_coverage, se_of_width] =
        [share(exact.coverage, intervals), exact.spread[1] / intervals.sqrt()];
    near("failed", drawn.failed as f64 / tables, exact.failed, share(exact.failed, tables));
    near("bias", some(drawn.bias), exact.bias, se_of_bias);
    near("rmse", some(drawn.rmse), exact.mean_square.sqrt(), some(drawn.rmse_se));
    near("coverage", some(drawn.coverage), exact.coverage, se_of_coverage);
    near("width", some(drawn.width), exact.width, se_of_width);
    for (name, said, exact) in [
        ("bias", some(drawn.bias_se), se_of_bias),
        ("coverage", some(drawn.coverage_se), se_of_coverage),
        ("width", some(drawn.width_se), se_of_width),
    ] {
        assert!((said - exact).abs() < 0.1 * exact + 1e-4, "{what}: se of {name} {said}, exactly {exact}");
    }
}

/// Bias, root mean square, coverage, width and failures of drawn tables are those of all tables, each weighted with its
/// probability: with equal true proportions and with a spread of them, of models with weights and of exact ones.
#[test]
fn drawn_tables_have_the_figures_of_all_tables() {
    let weighted = specs(&[
        ("measure", "raw,log,logit,arcsine,freeman-tukey"),
        ("tau2", "dl,reml"),
        ("ci", "wald,hk"),
        ("zero-cells", "only0"),
    ]);
    let none = specs(&[("measure", "raw,logit"), ("zero-cells", "none"), ("ci", "hk"), ("tau2", "dl")]);
    let exact = specs(&[("model", "glmm,beta-binomial"), ("ci", "t")]);
    let mut compared = 0;
    for (sizes, p, tau2, specs) in [
        (&[12][..], 0.3, 0.0, specs(&[("measure", "raw,logit,freeman-tukey"), ("ci", "wald")])),
        (&[6, 9], 0.4, 0.0, [&weighted[..], &none].concat()),
        (&[6, 9], 0.15, 0.8, [&weighted[..], &none].concat()),
        (&[4, 7, 10], 0.5, 0.3, weighted.clone()),
        (&[5, 8], 0.6, 0.5, exact),
    ] {
        let truth = Truth::new(sizes.len(), StudySizes::Listed(sizes.to_vec()), p).tau2(tau2);
        let simulation = simulate(&[truth], &specs, &options(20_000, Target::Median)).expect("a simulation");
        for row in &simulation.rows {
            let what =
                format!("{sizes:?} p {p} tau2 {tau2} {:?}", Specifications::value(&row.spec, "measure"));
            agrees(&what, &row.performance, &enumerated(sizes, p, tau2, &row.spec));
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared}");
}

/// Of studies of one size whose estimates are normal with a known variance v, the interval of Hartung and Knapp has the
/// level exactly, and that of DerSimonian and Laird with the normal quantile E 2Φ(z √(max(v, S²)/(v + τ²))) − 1, where S² is
/// (v + τ²) χ²(k − 1)/(k − 1) and independent of their mean. Arcsines of large studies near 50 % are such estimates:
/// v = 1/(4n).
#[test]
fn wald_and_hartung_knapp_have_the_coverage_that_theory_gives_by_k_and_tau2() {
    let n = 4_000;
    let v = 1.0 / (4.0 * n as f64);
    let specs = specs(&[("measure", "arcsine"), ("tau2", "dl"), ("ci", "wald,hk")]);
    let mut truths = Vec::new();
    for k in [2, 3, 5, 10, 20] {
        for i2 in [0.0, 0.25, 0.5, 0.9] {
            let sizes = StudySizes::Listed(vec![n]);
            truths.push(Truth::new(k, sizes, 0.5).tau2(v * i2 / (1.0 - i2)).link(Link::Arcsine));
        }
    }
    let repetitions = 20_000;
    let simulation = simulate(&truths, &specs, &options(repetitions, Target::Median)).expect("a simulation");
    let z = normal::upper_quantile(0.025);
    for (at, row) in simulation.rows.iter().enumerate() {
        let (truth, coverage) = (&row.truth, row.performance.coverage.expect("intervals"));
        let (df, whole) = (truth.k as f64 - 1.0, v + truth.tau2);
        let given = |u: f64| {
            let s2 = whole * chi_squared::quantile(u, df) / df;
            1.0 - normal::two_sided_p(z * (s2.max(v) / whole).sqrt())
        };
        let exact = if at % 2 == 0 { integrate(given, 0.0, 1.0, 1e-8).value } else { 0.95 };
        let se = (exact * (1.0 - exact) / f64::from(repetitions)).sqrt();
        // The binomial distribution of 4,000 people is not quite normal.
        assert!((coverage - exact).abs() < 4.0 * se + 0.001, "{truth:?}: {coverage}, exactly {exact}");
    }
}

/// Table 2 of Lin & Chu 2020, doi:10.1097/EDE.0000000000001232: 30 studies of 100 to 500 people, true proportions around 1 %
/// and 20 %, τ 0.1 and 0.5; 1,000 meta-analyses. Bias and root mean square in points, coverage in percent.
const LIN_CHU: [(&str, [[f64; 3]; 4]); 4] = [
    ("log", [[0.31, 0.33, 22.0], [0.43, 0.46, 15.0], [0.19, 0.55, 93.0], [0.01, 1.52, 93.0]]),
    ("logit", [[0.30, 0.32, 24.0], [0.43, 0.46, 15.0], [0.10, 0.52, 93.0], [0.23, 1.57, 93.0]]),
    ("glmm logit", [[-0.01, 0.11, 96.0], [0.01, 0.16, 93.0], [0.01, 0.53, 94.0], [0.07, 1.59, 92.0]]),
    ("glmm cloglog", [[-0.01, 0.11, 96.0], [0.01, 0.16, 93.0], [0.01, 0.53, 94.0], [-0.09, 1.56, 92.0]]),
];

/// The same of arcsine and Freeman-Tukey with four inverses, around 20 % alone: around 1 % those of the table are moved by about
/// what half an event more in every study makes.
const LIN_CHU_ARCSINES: [[[f64; 3]; 2]; 5] = [
    [[-0.05, 0.52, 94.0], [0.55, 1.67, 92.0]],
    [[-0.07, 0.52, 93.0], [0.55, 1.67, 92.0]],
    [[-0.05, 0.52, 93.0], [0.57, 1.67, 92.0]],
    [[-0.04, 0.52, 94.0], [0.59, 1.68, 92.0]],
    [[0.06, 0.52, 94.0], [0.64, 1.69, 92.0]],
];

/// The table does not say all settings. True logits that are normal, REML with Wald limits, and half an event added to every
/// study where one has none give its figures within four standard errors of both simulations and its rounding.
#[test]
fn a_published_table_comes_out() {
    let sizes = StudySizes::Between { least: 100, most: 500 };
    let truth = |p: f64, tau: f64| Truth::new(30, sizes.clone(), p).tau2(tau * tau);
    let truths = [truth(0.01, 0.1), truth(0.01, 0.5), truth(0.2, 0.1), truth(0.2, 0.5)];
    let two_step = specs(&[("measure", "log,logit"), ("ci", "wald"), ("zero-cells", "if0all")]);
    let exact = specs(&[("model", "glmm"), ("measure", "logit,cloglog"), ("ci", "wald")]);
    let printed: Vec<&[[f64; 3]]> = LIN_CHU.iter().map(|(_, scenarios)| &scenarios[..]).collect();
    gives(&truths, &[two_step, exact].concat(), &printed);
    let inverses = "harmonic,geometric,arithmetic,inverse-variance";
    let arcsines =
        specs(&[("measure", "arcsine,freeman-tukey"), ("ci", "wald"), ("back-transform", inverses)]);
    let printed: Vec<&[[f64; 3]]> = LIN_CHU_ARCSINES.iter().map(|scenarios| &scenarios[..]).collect();
    gives(&truths[2..], &arcsines, &printed);
}

/// Holds bias, root mean square and coverage of each specification against those that were printed of 1,000 meta-analyses.
fn gives(truths: &[Truth], specs: &[Spec], printed: &[&[[f64; 3]]]) {
    assert_eq!(specs.len(), printed.len());
    let simulation = simulate(truths, specs, &options(1_000, Target::Median)).expect("a simulation");
    for (spec, scenarios) in printed.iter().enumerate() {
        assert_eq!(scenarios.len(), truths.len());
        for (scenario, [bias, rmse, coverage]) in scenarios.iter().enumerate() {
            let found = &simulation.rows[scenario * specs.len() + spec].performance;
            let near = |what: &str, found: f64, printed: f64, se: f64, rounding: f64| {
                let distance = (100.0 * found - printed).abs();
                let both = 100.0 * se * 2.0_f64.sqrt();
                assert!(distance < 4.0 * both + rounding, "{spec} {scenario} {what}: {found} {printed}");
            };
            near("bias", found.bias.expect("bias"), *bias, found.bias_se.expect("se"), 0.005);
            near("rmse", found.rmse.expect("rmse"), *rmse, found.rmse_se.expect("se"), 0.005);
            near(
                "coverage",
                found.coverage.expect("coverage"),
                *coverage,
                found.coverage_se.expect("se"),
                0.5,
            );
        }
    }
}

/// The abstract of a comparison of four transformations (Mathematics 14(3), 2026, ISSN 2227-7390) has the coverage of one
/// study of 50 people around 1 %, in 10,000 draws: 39.36 % for raw proportions, 98.51 % for Freeman-Tukey. A study without
/// events, whose raw variance is 0, counts there as an interval that misses; the inverse is the plain one.
#[test]
fn printed_coverages_of_one_small_study_come_out() {
    let truth = Truth::new(1, StudySizes::Listed(vec![50]), 0.01);
    let specs = [
        specs(&[("measure", "raw"), ("ci", "wald"), ("zero-cells", "none")]),
        specs(&[("measure", "freeman-tukey"), ("ci", "wald"), ("back-transform", "none")]),
    ]
    .concat();
    let simulation = simulate(&[truth], &specs, &options(40_000, Target::Median)).expect("a simulation");
    for (row, printed) in simulation.rows.iter().zip([0.3936, 0.9851]) {
        let found = &row.performance;
        let pooled = 1.0 - found.failed as f64 / found.repetitions as f64;
        let covered = found.coverage.expect("intervals") * pooled;
        let se = (covered * (1.0 - covered) * (1.0 / 10_000.0 + 1.0 / 40_000.0)).sqrt();
        assert!((covered - printed).abs() < 4.0 * se, "{covered} {printed}");
    }
}

#[test]
fn the_bytes_are_the_same_on_any_number_of_threads() {
    let bench = Bench::with(&[]);
    let typed = "simulate --k 3,8 --n 5..40 --n 20 --p 10%,60% --true-tau2 0,0.7 --distribution normal,skew --measure \
                 logit,freeman-tukey --ci wald,hk --repetitions 150 --format json";
    let on = |threads: &str| {
        let arguments: Vec<&str> = typed.split_whitespace().chain(["--threads", threads]).collect();
        bench.ends(0, &arguments)
    };
    let one = on("1");
    assert_eq!(one, on("2"));
    assert_eq!(one, on("7"));
}

/// More repetitions, truths and specifications leave the tables of the others as they are.
#[test]
fn what_is_added_changes_nothing_that_was_there() {
    let sizes = || StudySizes::Between { least: 10, most: 60 };
    let first = Truth::new(5, sizes(), 0.3).tau2(0.4);
    let few = specs(&[("ci", "hk")]);
    let more = specs(&[("ci", "wald,hk,t"), ("measure", "logit,raw")]);
    let alone =
        simulate(std::slice::from_ref(&first), &few, &options(300, Target::Median)).expect("a simulation");
    let truths = [first, Truth::new(9, sizes(), 0.6).tau2(0.1)];
    let all = simulate(&truths, &more, &options(300, Target::Median)).expect("a simulation");
    let same =
        all.rows.iter().find(|row| row.spec == few[0] && row.truth == truths[0]).expect("the same row");
    assert_eq!(same.performance, alone.rows[0].performance);
    assert_eq!(truths[0].draw(1, 7).expect("a table"), truths[0].draw(1, 7).expect("a table"));
    assert_ne!(truths[0].draw(1, 7).expect("a table"), truths[0].draw(2, 7).expect("a table"));
}

#[test]
fn the_document_is_as_its_schema_says() {
    let bench = Bench::with(&[]);
    let typed = "simulate --k 1 --n 3,4 --p 10% --true-tau2 0.05 --distribution beta --target mean --measure raw,logit \
                 --zero-cells none,only0 --repetitions 40";
    let document = bench.json(0, &typed.split_whitespace().collect::<Vec<_>>());
    let complaints = Schemas::of_the_program().complaints(&document);
    assert!(complaints.is_empty(), "{complaints:?}");
    assert_eq!(document["schema"], "metaprop/simulate/1");
    assert_eq!(document["truth"]["target"], "mean");
    assert_eq!(document["truth"]["scenarios"][0]["link"], "raw");
    assert_eq!((&document["repetitions"], &document["seed"]), (&40.into(), &1.into()));
    let rows = document["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 4);
    assert!(rows[0]["failed"].as_u64().expect("a number") > 0, "{}", rows[0]);
    assert_eq!(rows[0]["without_interval"], 40 - rows[0]["failed"].as_u64().expect("a number"));
    assert_eq!(rows[0]["coverage"], serde_json::Value::Null);
}

#[test]
fn sizes_of_a_table_and_files() {
    let bench = Bench::with(&[]);
    let text = bench.ends(
        0,
        &[
            "simulate",
            "--n-from",
            "counts.csv",
            "--p",
            "50%",
            "--true-tau2",
            "0.4",
            "--repetitions",
            "50",
            "-o",
            "a.json",
            "-o",
            "a.csv",
            "-o",
            "a.md",
            "-o",
            "a.txt",
        ],
    );
    assert!(text.contains("k = 4, n = those of counts.csv"), "{text}");
    assert_eq!(bench.read("a.txt"), text);
    let document: serde_json::Value = serde_json::from_str(&bench.read("a.json")).expect("JSON");
    assert_eq!(document["rows"][0]["n"], "12,13,66,18");
    assert_eq!(document["provenance"]["data"], "counts.csv");
    assert!(
        bench.read("a.csv").contains("\n4,\"12,13,66,18\",0.5,0.4,logit,normal,median,0.5,0,default,logit,")
    );
    assert!(bench.read("a.md").starts_with("# Specifications under a stated truth\n"));
}

#[test]
fn what_is_wrong_is_named_with_its_flag_and_value() {
    let bench = Bench::with(&[]);
    let refused = |typed: &str, said: &[&str]| {
        let arguments: Vec<&str> = std::iter::once("simulate").chain(typed.split_whitespace()).collect();
        let complaint = bench.complains(2, &arguments);
        said.iter().for_each(|said| assert!(complaint.contains(said), "{typed}: {complaint}"));
    };
    refused("--n 10 --p 20%", &["--k"]);
    refused("--k 5 --p 20%", &["--n"]);
    refused("--k 5 --n 10", &["--p"]);
    refused("--k 0 --n 10 --p 20%", &["'0' for '--k", "1 up"]);
    refused("--k 5 --n 60..10 --p 20%", &["60..10", "--n"]);
    refused("--k 5 --n 10,x --p 20%", &["10,x", "--n"]);
    refused("--k 5 --n 10 --p 120%", &["'120%'", "--p"]);
    refused("--k 5 --n 10 --p 20 --true-tau2 0", &["'20'", "--p"]);
    refused("--k 5 --n 10 --p 20% --true-tau2 -1", &["'-1' for '--true-tau2"]);
    refused("--k 5 --n 10 --p 20% --true-tau2 0.3 --distribution beta", &["true-tau2 = 0.3", "0.1600"]);
    refused(
        "--k 5 --n 10 --p 20% --link logit --distribution beta",
        &["link = logit", "distribution = beta"],
    );
    refused("--k 5 --n 10 --p 20% --repetitions 0", &["'0' for '--repetitions"]);
    refused("--k 5 --n 10 --p 20% --measure logit,lot", &["'lot' for '--measure"]);
    refused(
        "--k 5 --n 10 --p 20% --measure logit --back-transform none",
        &["back-transform = none", "measure = logit"],
    );
    refused("--k 5 --n 10 --p 20% --model three-level", &["three-level"]);
    refused("--k 5 --n 10 --p 20% --measure generic", &["generic"]);
    refused("--k 5 --n 10 --p 20% --total n", &["--total", "--n-from"]);
    refused("--k 5 --n 10 --n-from counts.csv --p 20%", &["--n-from"]);
    refused("--k 5 --n 10 --p 20% --target middle", &["middle", "median"]);
    refused("--k 5 --n 10 --p 20% -o a.svg", &["a.svg"]);
    let none = bench.complains(5, &["simulate", "--n-from", "none.csv", "--p", "20%"]);
    assert!(none.contains("none.csv"), "{none}");
}

/// The mean and the median of the same truths: a model of the mean is right about one, a model of the logits about the other.
#[test]
fn measures_aim_at_different_things() {
    let truth = Truth::new(200, StudySizes::Listed(vec![400]), 0.1).tau2(1.5);
    let specs = specs(&[("model", "random,beta-binomial"), ("measure", "logit")]);
    let bias = |target: Target| -> Vec<f64> {
        let simulation =
            simulate(std::slice::from_ref(&truth), &specs, &options(60, target)).expect("a simulation");
        simulation.rows.iter().map(|row| row.performance.bias.expect("a bias").abs()).collect()
    };
    let (median, mean) = (bias(Target::Median), bias(Target::Mean));
    assert!(median[0] < 0.005 && mean[0] > 0.03, "{median:?} {mean:?}");
    assert!(mean[1] < 0.015 && median[1] > 0.03, "{median:?} {mean:?}");
}

#[test]
fn a_truth_that_there_is_none_of_is_refused_in_the_library() {
    let sizes = || StudySizes::Listed(vec![10]);
    let spec = [Spec::default()];
    let refused = |truth: Truth| {
        simulate(&[truth], &spec, &options(10, Target::Median)).expect_err("an error").to_string()
    };
    assert!(refused(Truth::new(0, sizes(), 0.2)).contains("k = 0"));
    assert!(refused(Truth::new(3, sizes(), 1.0)).contains("p = 1"));
    assert!(refused(Truth::new(3, sizes(), 0.2).tau2(f64::NAN)).contains("true-tau2 = NaN"));
    assert!(refused(Truth::new(3, StudySizes::Listed(vec![]), 0.2)).contains("n = ''"));
    let beta = Truth::new(3, sizes(), 0.2).tau2(0.2).distribution(TrueDistribution::Beta);
    assert!(refused(beta).contains("true-tau2 = 0.2"));
    let truth = || Truth::new(3, sizes(), 0.2);
    assert!(simulate(&[], &spec, &options(10, Target::Median)).is_err());
    assert!(simulate(&[truth()], &[], &options(10, Target::Median)).is_err());
    assert!(simulate(&[truth()], &spec, &options(0, Target::Median)).is_err());
    let generic = Request { measure: Some(metaprop::options::Measure::Generic), ..Request::default() };
    let error = simulate(&[truth()], &[generic.resolve().expect("a spec")], &options(10, Target::Median));
    assert!(error.expect_err("an error").to_string().contains("generic"));
}
