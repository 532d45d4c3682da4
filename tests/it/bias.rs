//! Small-study effects against metafor, `lm`, R's meta and 40-digit arithmetic, and where there is little to test.

use metaprop::analysis::{Alternative, Bias, BiasOptions, RegressionTest, Side, TrimFill, TrimFillEstimator};
use metaprop::options::Request;
use metaprop::report::{BiasReport, Document};
use metaprop::{Dataset, MetaAnalysis, Spec, fit};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::common::program::fits_its_schema;
use crate::further::cases;

/// Compares what is there under a key; how many numbers that were.
fn near(name: &str, want: &Value, key: &str, got: Option<f64>, tolerance: f64) -> usize {
    let Some(want) = want[key].as_f64() else { return 0 };
    let got = got.unwrap_or(f64::NAN);
    assert!((got - want).abs() <= tolerance * want.abs().max(0.01), "{name} {key}: {got} and not {want}");
    1
}

fn regression(name: &str, want: &Value, test: &RegressionTest, tolerance: f64) -> usize {
    [
        ("statistic", test.statistic),
        ("df", test.df),
        ("p", test.p),
        ("limit_y", test.limit_y),
        ("limit_lower_y", test.limit_lower_y),
        ("limit_upper_y", test.limit_upper_y),
        ("tau2", test.tau2),
        ("bias", test.intercept),
        ("se_bias", test.intercept_se),
        ("intercept", test.intercept),
        ("intercept_se", test.intercept_se),
    ]
    .into_iter()
    .map(|(key, got)| near(name, want, key, got, tolerance))
    .sum()
}

fn filled(name: &str, want: &Value, row: &TrimFill, tolerance: f64) -> usize {
    assert_eq!(want["k0"].as_u64(), row.k0.map(|k0| k0 as u64), "{name}");
    [
        ("y", row.y),
        ("se", row.se),
        ("estimate", row.estimate),
        ("lower", row.lower),
        ("upper", row.upper),
        ("tau2", row.tau2),
        ("q", row.q),
        ("i2", row.i2),
    ]
    .into_iter()
    .map(|(key, got)| near(name, want, key, got, tolerance))
    .sum()
}

fn of(result: &MetaAnalysis) -> Bias {
    result.bias(&BiasOptions::default()).unwrap()
}

#[test]
fn the_reference_cases() {
    let (mut compared, mut held) = (0, 0);
    for case in cases("bias") {
        let (bias, want, name) = (of(&case.result), &case.case["expect"], &case.name);
        let (spec, tolerance) = (&case.case["spec"], case.case["tolerance"].as_f64().unwrap());
        // The refits of metafor's trimfill stop at a step of 1e-5 in τ², whatever the first fit did: on the filled studies
        // of pritz1997 rma itself, told to go on, has our τ² to 13 digits. `metafor_and_lm` holds the same rows to 1e-8.
        let early = spec["test"] == "trim-and-fill" && spec["tau2"] == "reml";
        let tolerance = if early { 1e-5 } else { tolerance };
        held += 1;
        compared += match case.case["spec"]["test"].as_str().unwrap() {
            "egger" => regression(name, want, &bias.egger, tolerance),
            "egger-mixed" => regression(name, want, &bias.egger_mixed, tolerance),
            "thompson" => regression(name, want, &bias.thompson, tolerance),
            "peters" => regression(name, want, &bias.peters, tolerance),
            "begg" => {
                near(name, want, "statistic", bias.begg.statistic, tolerance)
                    + near(name, want, "tau", bias.begg.tau, tolerance)
                    + near(name, want, "p", bias.begg.p, tolerance)
            }
            "trim-and-fill" => {
                let estimator = &case.case["spec"]["estimator"];
                let row = bias
                    .trim_fill
                    .iter()
                    .find(|row| row.chosen && json!(row.estimator) == *estimator)
                    .unwrap();
                assert_eq!(want["side"], json!(row.side), "{name}");
                let mut ys: Vec<f64> = row.filled.iter().map(|study| study.y).collect();
                ys.sort_by(|a, b| a.total_cmp(b));
                let mut wanted: Vec<f64> =
                    want["filled.y"].as_array().unwrap().iter().map(|y| y.as_f64().unwrap()).collect();
                wanted.sort_by(|a, b| a.total_cmp(b));
                assert!(ys.iter().zip(&wanted).all(|(y, want)| (y - want).abs() < 1e-6), "{name} {ys:?}");
                filled(name, want, row, tolerance)
            }
            other => panic!("{other}"),
        };
    }
    assert_eq!((held, compared >= 200), (36, true), "{held} cases, {compared} numbers");
}

fn sets(file: &str) -> Vec<Value> {
    let path = format!("{}/tests/reference/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["sets"].as_array().unwrap().clone()
}

fn pooled(set: &Value, tau2: &str, ci: &str) -> MetaAnalysis {
    let numbers = |key: &str| -> Vec<f64> {
        set[key].as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    };
    let generic = set["measure"] == "generic";
    let choices = json!({ "profile": "metafor", "measure": set["measure"], "tau2": tau2, "ci": ci });
    let spec = Request::deserialize(choices).unwrap().resolve().unwrap();
    let data = if generic {
        let rows = numbers("y").into_iter().zip(numbers("v"));
        Dataset::estimates(rows.enumerate().map(|(row, (y, v))| (row.to_string(), y, v)))
    } else {
        let rows = numbers("events").into_iter().zip(numbers("total")).enumerate();
        Dataset::proportions(rows.map(|(row, (x, n))| (row.to_string(), x as u64, n as u64)))
    };
    fit(&data.unwrap(), &spec).unwrap()
}

#[test]
fn metafor_and_lm() {
    let mut compared = 0;
    for set in sets("bias.json") {
        let (name, want) = (format!("{} {}", set["name"], set["measure"]), &set["expect"]);
        for tau2 in ["dl", "reml"] {
            for ci in ["wald", "hk"] {
                let bias = of(&pooled(&set, tau2, ci));
                let mixed = &want["mixed"][tau2][ci];
                compared += regression(&format!("{name} {tau2} {ci}"), mixed, &bias.egger_mixed, 1e-8);
                // metafor's trimfill has Wald intervals whatever the first fit had.
                if ci == "hk" {
                    continue;
                }
                for row in
                    want["trim_fill"].as_array().unwrap().iter().filter(|row| row["tau2_method"] == tau2)
                {
                    let same = |found: &&TrimFill| {
                        json!(found.estimator) == row["estimator"] && json!(found.side) == row["side"]
                    };
                    let found = bias.trim_fill.iter().find(same).unwrap();
                    compared += filled(&format!("{name} {tau2} {row}"), row, found, 1e-8);
                }
            }
        }
        let bias = of(&pooled(&set, "reml", "wald"));
        compared += regression(&name, &want["egger"], &bias.egger, 1e-9);
        compared += regression(&name, &want["macaskill"], &bias.macaskill, 1e-9);
        compared += regression(&name, &want["peters"], &bias.peters, 1e-9);
        compared += near(&name, &want["begg"], "tau", bias.begg.tau, 1e-12);
        compared += near(&name, &want["begg"], "p", bias.begg.p, 1e-9);
        for (key, at) in [("egger", &bias.pet_peese.pet), ("peese", &bias.pet_peese.peese)] {
            let at = at.as_ref().unwrap();
            compared += near(&name, &want[key], "limit_y", Some(at.y), 1e-9);
            compared += near(&name, &want[key], "limit_y_se", Some(at.se), 1e-9);
        }
        compared += near(&name, &want["fail_safe"], "rosenthal", bias.fail_safe_n.rosenthal, 0.0);
        // metafor rounds k times a ratio of 1 up from above; half-way is k.
        assert_eq!(bias.fail_safe_n.orwin, Some(bias.egger.k as f64));
    }
    assert!(compared > 600, "{compared}");
}

#[test]
fn the_lfk_index_and_selection_models() {
    let mut compared = 0;
    for (set, exact) in sets("bias.json").iter().zip(sets("bias_exact.json")) {
        let (result, name) = (pooled(set, "reml", "wald"), format!("{} {}", set["name"], set["measure"]));
        compared += near(&name, &exact, "lfk", of(&result).lfk, 1e-11);
        for want in exact["selection"].as_array().unwrap() {
            let mut options = BiasOptions::default();
            options.steps =
                want["steps"].as_array().unwrap().iter().map(|step| step.as_f64().unwrap()).collect();
            options.alternative = match want["alternative"].as_str().unwrap() {
                "greater" => Alternative::Greater,
                "less" => Alternative::Less,
                _ => Alternative::TwoSided,
            };
            let found = result.bias(&options).unwrap().selection;
            let name = format!("{name} {want} {found:?}");
            compared += near(&name, want, "y", found.y, 1e-8);
            compared += near(&name, want, "se", found.se, 1e-7);
            compared += near(&name, want, "tau2", found.tau2, 1e-7);
            compared += near(&name, want, "lrt", found.lrt, 1e-8);
            for (weight, want) in found.weights.iter().zip(want["delta"].as_array().unwrap()) {
                compared += near(&name, &json!({ "delta": want }), "delta", weight.delta, 1e-7);
            }
        }
    }
    assert!(compared > 200, "{compared}");
}

/// No test panics or writes a number that is none, whatever little there is.
#[test]
fn few_or_equal_studies() {
    let of_counts = |rows: &[(u64, u64)]| {
        Dataset::proportions(rows.iter().enumerate().map(|(row, (x, n))| (row.to_string(), *x, *n))).unwrap()
    };
    let equal = [(5, 10); 12];
    let zeros: Vec<(u64, u64)> = (0..11).map(|row| (0, 20 + row)).collect();
    let many: Vec<(u64, u64)> = (0..10).map(|row| (row + 3, 30 + 7 * row)).collect();
    let full: Vec<(u64, u64)> = (0..6).map(|_| (20, 20)).collect();
    let tables: [&[(u64, u64)]; 9] = [
        &many[..1],
        &many[..2],
        &many[..3],
        &many[..9],
        &many,
        &equal,
        &zeros,
        &full,
        &[(0, 5), (1, 1_000_000)],
    ];
    for rows in tables {
        for measure in ["logit", "raw", "log", "arcsine", "freeman-tukey", "probit", "cloglog"] {
            for model in ["random", "common", "ivhet", "glmm", "beta-binomial"] {
                let Ok(result) =
                    MetaAnalysis::of_proportions().model(model).measure(measure).fit(&of_counts(rows))
                else {
                    continue;
                };
                let bias = of(&result);
                let report = BiasReport::new(&result, bias.clone());
                let json = report.json();
                assert!(!json.contains("NaN") && !json.contains("inf,"), "{json}");
                fits_its_schema(&serde_json::from_str(&json).unwrap());
                assert!(!report.text(false).contains("NaN") && !report.csv().unwrap().contains("NaN"));
                for test in [&bias.egger, &bias.egger_mixed, &bias.thompson, &bias.peters, &bias.macaskill] {
                    assert_eq!(
                        test.p.is_none(),
                        test.reason.is_some(),
                        "{rows:?} {measure} {model} {test:?}"
                    );
                }
                assert_eq!(bias.begg.p.is_none(), bias.begg.reason.is_some());
                assert_eq!(bias.lfk.is_none(), bias.doi.reason.is_some());
                assert_eq!(bias.selection.y.is_none(), bias.selection.reason.is_some());
                assert!(bias.trim_fill.iter().all(|row| row.y.is_none() || row.reason.is_none()));
            }
        }
    }
}

#[test]
fn what_is_said() {
    let text = |data: &str, model: &str, measure: &str| {
        let data = Dataset::read(data).unwrap();
        let result = MetaAnalysis::of_proportions().model(model).measure(measure).fit(&data).unwrap();
        BiasReport::new(&result, of(&result)).text(false)
    };
    let logit = text("@tofacitinib-aa", "random", "logit");
    assert!(
        logit.contains("near 0% or 100%") && logit.contains("The test of Peters does not depend on that")
    );
    assert!(!logit.contains("fewer than 10") && logit.contains("This null is arbitrary"), "{logit}");
    assert!(text("@tofacitinib-aa", "random", "arcsine").contains("depends on its number of people alone"));
    let exact = text("@tofacitinib-aa", "glmm", "logit");
    assert!(exact.contains("this model takes counts; pool with model = random"), "{exact}");
    let few =
        fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)]).unwrap(), &Spec::default());
    let few = few.unwrap();
    assert!(BiasReport::new(&few, of(&few)).text(false).contains("fewer than 10"));
}

/// Mirrored estimates are asymmetric to the other side.
#[test]
fn a_mirror() {
    let rows = [(8, 12), (9, 13), (21, 66), (8, 18), (10, 90), (44, 60), (7, 9), (30, 71)];
    let table = |mirrored: bool| {
        let rows = rows.iter().enumerate();
        let rows = rows.map(|(row, (x, n))| (row.to_string(), if mirrored { n - x } else { *x }, *n));
        fit(&Dataset::proportions(rows).unwrap(), &Spec::default()).unwrap()
    };
    let (one, other) = (of(&table(false)), of(&table(true)));
    let close = |a: Option<f64>, b: Option<f64>, sign: f64| {
        assert!((a.unwrap() - sign * b.unwrap()).abs() < 1e-9, "{a:?} {b:?}");
    };
    close(one.egger.statistic, other.egger.statistic, -1.0);
    close(one.peters.statistic, other.peters.statistic, -1.0);
    close(one.begg.tau, other.begg.tau, -1.0);
    for row in &one.trim_fill {
        let opposite = if row.side == Side::Left { Side::Right } else { Side::Left };
        let same = |other: &&TrimFill| other.estimator == row.estimator && other.side == opposite;
        let other = other.trim_fill.iter().find(same).unwrap();
        assert_eq!(row.k0, other.k0);
        close(row.y.or(Some(0.0)), other.y.or(Some(0.0)), -1.0);
    }
    assert!(one.trim_fill.iter().any(|row| row.estimator == TrimFillEstimator::Q0));
}

#[test]
fn options_are_checked() {
    let result = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13)]).unwrap(), &Spec::default()).unwrap();
    for steps in [vec![], vec![0.5, 0.1], vec![0.0], vec![1.0], vec![f64::NAN]] {
        let mut options = BiasOptions::default();
        options.steps = steps;
        assert!(result.bias(&options).unwrap_err().to_string().contains("ascend"));
    }
    let mut options = BiasOptions::default();
    options.orwin_target = Some(0.5);
    let of = result.bias(&options).unwrap().fail_safe_n;
    assert!(of.orwin.is_none() && of.reason.is_some());
}
