//! Meta-regression from formulas: the reference cases, and what formulas, missing values and dependent columns give.

use metaprop::analysis::{Formula, MetaAnalysis, Regression, RegressionOptions};
use metaprop::data::Covariates;
use metaprop::report::{Document, RegressionReport};
use metaprop::{Dataset, Spec, fit};
use serde_json::Value;

use crate::common::program::{Bench, fits_its_schema};
use crate::further::{data_file, spec_of};

/// The studies of a file of reference values, with the column of a case.
fn with_column(file: &Value, column: &str) -> Dataset {
    let studies = file["studies"].as_array().expect("studies");
    let count = |study: &Value, key: &str| study[key].as_u64().expect("a count");
    let rows =
        studies.iter().map(|s| (s["study"].as_str().expect("a name"), count(s, "events"), count(s, "total")));
    let cells = studies.iter().map(|study| match column {
        "log_total" => (count(study, "total") as f64).ln().to_string(),
        _ => study[column].as_str().unwrap_or_default().to_string(),
    });
    let columns = Covariates::new([(column, cells.collect::<Vec<_>>())]).expect("a column");
    Dataset::proportions(rows).expect("counts").with_covariates(columns).expect("a cell a study")
}

fn regress(data: &Dataset, spec: &Spec, mods: &str) -> Result<Regression, metaprop::Error> {
    fit(data, spec)?.regress(&mods.parse()?, &RegressionOptions::default())
}

#[test]
fn the_reference_cases() {
    let mut compared = 0;
    for name in [
        "pritz1997",
        "syn_k60",
        "tofacitinib_aa_sourced_good",
        "tsoumpou2009_p16_wnl",
        "stijnen2010_crbsi_treated",
    ] {
        let file = data_file(name);
        for case in
            file["cases"].as_array().unwrap().iter().filter(|case| case["spec"]["command"] == "regress")
        {
            let mods = case["spec"]["mods"].as_str().unwrap();
            let data = with_column(&file, mods);
            let regression = regress(&data, &spec_of(case), mods).unwrap();
            let tolerance = case["tolerance"].as_f64().unwrap();
            let expected = &case["expect"];
            let mut hold = |key: &str, got: Vec<Option<f64>>| {
                let want = &expected[key];
                let want = want.as_array().cloned().unwrap_or_else(|| vec![want.clone(); got.len()]);
                for (got, want) in got.iter().zip(&want) {
                    let Some(want) = want.as_f64() else { continue };
                    let got = got.unwrap_or_else(|| panic!("{name} {} {key}", case["id"]));
                    let allowed = tolerance * want.abs().max(1e-2);
                    assert!(
                        (got - want).abs() <= allowed,
                        "{name} {} {key}: {got} and not {want}",
                        case["id"]
                    );
                    compared += 1;
                }
            };
            let of = &regression.coefficients;
            hold("coefficients", of.iter().map(|c| Some(c.estimate)).collect());
            hold("se", of.iter().map(|c| Some(c.se)).collect());
            hold("statistic", of.iter().map(|c| c.statistic).collect());
            hold("df", of.iter().map(|c| c.df).collect());
            hold("p", of.iter().map(|c| c.p).collect());
            hold("lower_y", of.iter().map(|c| c.lower).collect());
            hold("upper_y", of.iter().map(|c| c.upper).collect());
            let (tau2, i2) = (regression.residual.tau2.unwrap(), regression.residual.i2.unwrap());
            hold("tau2", vec![Some(tau2.estimate)]);
            hold("tau2_se", vec![tau2.se]);
            hold("i2", vec![Some(i2.estimate)]);
            hold("h2", vec![regression.residual.h2]);
            hold("r2", vec![regression.r2]);
            hold("qe", vec![regression.residual.cochran.map(|test| test.statistic)]);
            hold("qe_p", vec![regression.residual.cochran.map(|test| test.p)]);
            hold("qm", vec![regression.omnibus.statistic]);
            hold("qm_df", vec![Some(regression.omnibus.df1 as f64), regression.omnibus.df2]);
            hold("qm_p", vec![regression.omnibus.p]);
            if case["spec"]["tau2"] != "dl" {
                hold("log_likelihood", vec![Some(regression.fit.log_likelihood)]);
            }
            let terms: Vec<Value> = of.iter().map(|c| c.term.as_str().into()).collect();
            assert_eq!(expected["terms"], Value::Array(terms), "{name} {}", case["id"]);
        }
    }
    assert!(compared > 800, "{compared}");
}

/// Eight studies with a number, a factor and a hole in each.
fn table() -> Dataset {
    let rows = [
        ("A", 8, 12),
        ("B", 9, 13),
        ("C", 21, 66),
        ("D", 8, 18),
        ("E", 30, 40),
        ("F", 5, 9),
        ("G", 12, 30),
        ("H", 14, 22),
    ];
    let columns = [
        ("dose", ["5", "10", "10", "2.5", "20", "5", "NA", "7.5"]),
        ("route", ["oral", "oral", "topical", "topical", "oral", "topical", "oral", ""]),
        ("mg", ["5000", "10000", "10000", "2500", "20000", "5000", "1", "7500"]),
        ("one", ["x"; 8]),
        ("mean age", ["30", "41", "25", "33", "37", "52", "44", "28"]),
    ];
    Dataset::proportions(rows).unwrap().with_covariates(Covariates::new(columns).unwrap()).unwrap()
}

fn terms(mods: &str) -> Vec<String> {
    let regression =
        regress(&table(), &Spec::default(), mods).unwrap_or_else(|error| panic!("{mods}: {error}"));
    regression.coefficients.into_iter().map(|coefficient| coefficient.term).collect()
}

#[test]
fn columns_are_coded_as_in_r() {
    assert_eq!(terms("dose"), ["intercept", "dose"]);
    assert_eq!(terms("route"), ["intercept", "route=topical"]);
    assert_eq!(terms("factor(route, ref='topical')"), ["intercept", "route=oral"]);
    assert_eq!(terms("dose*route"), ["intercept", "dose", "route=topical", "dose:route=topical"]);
    // Without the slope common to both, each route has its own.
    assert_eq!(terms("dose:route"), ["intercept", "dose:route=oral", "dose:route=topical"]);
    assert_eq!(
        terms("route + dose:route"),
        ["intercept", "route=topical", "dose:route=oral", "dose:route=topical"]
    );
    assert_eq!(terms("`mean age`"), ["intercept", "`mean age`"]);
    assert_eq!(terms("center(dose) + log(mg)")[1..], ["center(dose)", "log(mg)"]);
    assert_eq!(terms("factor(dose)").len(), 5);
}

#[test]
fn studies_that_lack_a_moderator_are_named_with_it() {
    let regression = regress(&table(), &Spec::default(), "dose + route").unwrap();
    let left_out: Vec<_> =
        regression.excluded.iter().map(|row| (row.study.as_str(), row.reason.as_str())).collect();
    assert_eq!(left_out, [("G", "dose missing"), ("H", "route missing")]);
    assert_eq!(regression.rows, [0, 1, 2, 3, 4, 5]);
    assert_eq!(regression.residual.df, 3);
}

#[test]
fn centring_moves_the_intercept_alone() {
    let [plain, centred] =
        ["dose", "center(dose)"].map(|mods| regress(&table(), &Spec::default(), mods).unwrap());
    let close = |a: f64, b: f64| (a - b).abs() < 1e-12 * a.abs().max(1.0);
    assert!(close(plain.coefficients[1].estimate, centred.coefficients[1].estimate));
    assert!(close(plain.coefficients[1].se, centred.coefficients[1].se));
    let mean = [5.0, 10.0, 10.0, 2.5, 20.0, 5.0, 7.5].iter().sum::<f64>() / 7.0;
    let at_mean = plain.coefficients[0].estimate + mean * plain.coefficients[1].estimate;
    assert!(close(at_mean, centred.coefficients[0].estimate));
}

#[test]
fn what_cannot_be_regressed_says_why() {
    for (mods, needle) in [
        ("weeks", "no column 'weeks' to regress on"),
        ("one", "column 'one': is the same in every study"),
        ("factor(one)", "column 'one': is the same in every study"),
        ("factor(route, ref='iv')", "its levels are oral, topical"),
        ("center(route)", "center(route) takes numbers, and a cell is 'oral'"),
        ("dose + mg", "column 'mg'"),
        ("dose*route + factor(dose)", "too few for"),
    ] {
        let error = regress(&table(), &Spec::default(), mods).expect_err(mods).to_string();
        assert!(error.contains(needle), "{mods}: {error}");
    }
    let of_counts = |model: &str, options: &RegressionOptions| {
        let result = MetaAnalysis::of_proportions().model(model).fit(&table()).unwrap();
        result.regress(&"dose".parse().unwrap(), options).unwrap_err().to_string()
    };
    let error = of_counts("beta-binomial", &RegressionOptions::default());
    assert!(error.contains("does not take moderators"), "{error}");
    let mut options = RegressionOptions::default();
    options.cluster = Some("route".into());
    let error = of_counts("glmm", &options);
    assert!(error.contains("cluster takes estimates with variances"), "{error}");
}

#[test]
fn predictions_at_values_and_at_means() {
    let data = table();
    let result = fit(&data, &Spec::default()).unwrap();
    let mut options = RegressionOptions::default();
    options.at = vec![("dose".into(), vec!["5".into(), "10".into()]), ("route".into(), vec!["oral".into()])];
    let regression = result.regress(&"dose*route".parse().unwrap(), &options).unwrap();
    let b: Vec<f64> = regression.coefficients.iter().map(|c| c.estimate).collect();
    let at_ten = &regression.predictions[1];
    assert_eq!(at_ten.at[0], ("dose".to_string(), "10".to_string()));
    assert!((at_ten.value.y - (b[0] + 10.0 * b[1])).abs() < 1e-12);
    options.at = vec![("dose".into(), vec!["10".into()])];
    let regression = result.regress(&"dose + route".parse().unwrap(), &options).unwrap();
    let b: Vec<f64> = regression.coefficients.iter().map(|c| c.estimate).collect();
    // Three of the six studies are topical.
    assert!((regression.predictions[0].value.y - (b[0] + 10.0 * b[1] + 0.5 * b[2])).abs() < 1e-12);
    for (column, value, needle) in [
        ("age", "3", "no moderator of the model"),
        ("route", "iv", "no level 'iv'"),
        ("dose", "high", "no number"),
    ] {
        options.at = vec![(column.into(), vec![value.into()])];
        let error = result.regress(&"dose + route".parse().unwrap(), &options).unwrap_err().to_string();
        assert!(error.contains(needle), "{error}");
    }
}

#[test]
fn a_permutation_test_of_few_studies_goes_through_all_of_them() {
    let data = table();
    let result = MetaAnalysis::of_proportions().tau2("dl").fit(&data).unwrap();
    let mut options = RegressionOptions::default();
    options.permutations = Some(0);
    let none = result.regress(&"dose".parse().unwrap(), &options).unwrap_err().to_string();
    assert!(none.contains("at least one permutation"), "{none}");
    options.permutations = Some(10_000);
    // Six studies: 720 permutations.
    let exact = result.regress(&"dose + route".parse().unwrap(), &options).unwrap().permutation.unwrap();
    assert_eq!((exact.permutations, exact.exact, exact.failed), (720, true, 0));
    assert_eq!(exact.coefficient_p[0], None);
    options.permutations = Some(700);
    let drawn = result.regress(&"dose + route".parse().unwrap(), &options).unwrap().permutation.unwrap();
    assert_eq!((drawn.permutations, drawn.exact), (701, false));
    for (exact, drawn) in exact.coefficient_p.iter().zip(&drawn.coefficient_p).skip(1) {
        // Four standard errors of a share of 701 draws.
        let p = exact.unwrap();
        assert!((p - drawn.unwrap()).abs() < 4.0 * (p * (1.0 - p) / 701.0).sqrt() + 2.0 / 701.0);
    }
    options.seed = Some(7);
    assert_ne!(
        result.regress(&"dose + route".parse().unwrap(), &options).unwrap().permutation.unwrap(),
        drawn
    );
}

/// With a cluster a study CR2 is HC2: Σ z²e²/(1 − h), computed here from the hat values.
#[test]
fn clusters_of_one_study_give_the_errors_of_each() {
    let data = table();
    let data = data.clone().with_covariates(
        Covariates::new([
            ("dose", ["5", "10", "10", "2.5", "20", "5", "3", "7.5"]),
            ("id", ["a", "b", "c", "d", "e", "f", "g", "h"]),
        ])
        .unwrap(),
    );
    let result = MetaAnalysis::of_proportions().model("common").fit(&data.unwrap()).unwrap();
    let mut options = RegressionOptions::default();
    options.cluster = Some("id".into());
    let regression = result.regress(&"dose".parse().unwrap(), &options).unwrap();
    let robust = regression.robust.as_ref().unwrap();
    let dose = [5.0, 10.0, 10.0, 2.5, 20.0, 5.0, 3.0, 7.5];
    let w: Vec<f64> = result.v().iter().map(|v| 1.0 / v).collect();
    let total: f64 = w.iter().sum();
    let mean = w.iter().zip(dose).map(|(w, x)| w * x).sum::<f64>() / total;
    let sxx: f64 = w.iter().zip(dose).map(|(w, x)| w * (x - mean) * (x - mean)).sum();
    let (b0, b1) = (regression.coefficients[0].estimate, regression.coefficients[1].estimate);
    let variance: f64 = (0..8)
        .map(|i| {
            let (d, e) = (dose[i] - mean, result.y()[i] - b0 - b1 * dose[i]);
            let hat = w[i] / total + w[i] * d * d / sxx;
            (w[i] * d / sxx * e).powi(2) / (1.0 - hat)
        })
        .sum();
    assert!(
        (robust.coefficients[1].se - variance.sqrt()).abs() < 1e-12,
        "{} {}",
        robust.coefficients[1].se,
        variance.sqrt()
    );
    assert!(robust.coefficients[1].df.unwrap() < 6.0);
}

#[test]
fn variance_inflation_is_that_of_the_correlations() {
    let data = table();
    let one = regress(&data, &Spec::default(), "dose").unwrap();
    assert!(one.vif.is_empty());
    let two = regress(&data, &Spec::default(), "dose + route").unwrap();
    assert_eq!(two.vif.len(), 2);
    // Two terms share one correlation.
    assert!((two.vif[0].gvif - two.vif[1].gvif).abs() < 1e-12 && two.vif[0].gvif >= 1.0);
}

#[test]
fn the_document_and_the_program() {
    let data = table();
    let result = MetaAnalysis::of_proportions().tau2("ml").fit(&data).unwrap();
    let mut options = RegressionOptions::default();
    options.at = vec![("dose".into(), vec!["5".into()])];
    (options.permutations, options.cluster, options.r2_interval) = (Some(100), Some("route".into()), true);
    let regression = result.regress(&"dose + route".parse::<Formula>().unwrap(), &options).unwrap();
    let report = RegressionReport::new(&result, &regression);
    fits_its_schema(&serde_json::from_str(&report.json()).unwrap());
    assert!(report.text(false).contains("Likelihood ratio against no moderators"));
    assert!(report.markdown().contains("| dose |"));
    let table = "study,events,n,dose\nA,8,12,5\nB,9,13,10\nC,21,66,2\nD,8,18,7\n";
    let bench = Bench::with(&[("t.csv", table)]);
    let document = bench.json(0, &["regress", "t.csv", "--mods", "dose + log(n)", "--at", "dose=5,10"]);
    assert_eq!(document["coefficients"][2]["term"], "log(n)");
    assert_eq!(document["predictions"][1]["at"]["dose"], "10");
    assert_eq!(document["advisories"][0]["code"], "few-studies-per-coefficient");
    let error = bench.complains(2, &["regress", "t.csv", "--mods", "dose +"]);
    assert!(error.contains("at character 7"), "{error}");
    bench.complains(2, &["regress", "t.csv"]);
}
