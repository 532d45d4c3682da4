//! What follows a pooled result against 60-digit arithmetic (`tests/reference/scripts/after_pooling.py`): leave-one-out,
//! cumulative analyses, influence, all subsets, meta-regression with R², subgroups, regression tests, the rank correlation and
//! trim-and-fill of the data sets of the certified set.
//!
//! A number has so many correct digits as −log₁₀(|got − want|/scale). The scale is at least |want|, for a mean and a
//! coefficient its standard error, for a variance component its own, for a statistic y in standard errors: a statistic is a
//! difference of means, whose last digit is that of the means.

use metaprop::analysis::{BiasOptions, GoshOptions, RegressionOptions, StudyInfluence};
use metaprop::data::Covariates;
use metaprop::options::{SubgroupTau2, Tau2Method};
use metaprop::{Dataset, MetaAnalysis};
use serde_json::Value;

const FILE: &str = include_str!("../reference/after_pooling.json");

/// The correct digits that each kind of number must have.
const CLOSED: f64 = 14.0;
const ITERATED: f64 = 11.0;

/// How many numbers were compared, and the fewest digits.
struct Tally {
    compared: usize,
    fewest: f64,
    required: f64,
    at: String,
}

impl Tally {
    fn hold(&mut self, what: &str, got: Option<f64>, want: &Value, scale: f64) {
        let Some(want) = number(want) else { return };
        let got = got.unwrap_or_else(|| panic!("{} {what}: nothing, and not {want}", self.at));
        let digits = -((got - want).abs() / scale.max(want.abs())).log10();
        let digits = digits.min(16.0);
        assert!(digits >= self.required, "{} {what}: {got} and not {want}, {digits:.1} digits", self.at);
        self.compared += 1;
        self.fewest = self.fewest.min(digits);
    }
}

fn number(of: &Value) -> Option<f64> {
    of.as_str().map(|digits| digits.parse().expect("a number"))
}

fn numbers(of: &Value) -> Vec<f64> {
    of.as_array().expect("numbers").iter().map(|one| number(one).expect("a number")).collect()
}

fn table(set: &Value) -> Dataset {
    let studies = set["studies"].as_array().expect("studies");
    let count = |row: &Value, at: usize| row[at].as_u64().expect("a count");
    let names: Vec<String> = (1..=studies.len()).map(|number| format!("S{number}")).collect();
    let rows = names.iter().zip(studies).map(|(name, row)| (name.as_str(), count(row, 0), count(row, 1)));
    let k = studies.len();
    let moderator: Vec<String> = (0..k).map(|row| ((7 * row + 3) % 11).to_string()).collect();
    let group: Vec<String> = (0..k).map(|row| ["even", "odd"][row % 2].to_string()).collect();
    let columns = Covariates::new([("x", moderator), ("group", group)]).expect("columns");
    Dataset::proportions(rows).expect("counts").with_covariates(columns).expect("as many rows")
}

/// √(2/Σ w²), the size of the errors of τ².
fn tau2_scale(v: &[f64], tau2: f64) -> f64 {
    (2.0 / v.iter().map(|v| (v + tau2).powi(-2)).sum::<f64>()).sqrt()
}

fn leave_one_out(result: &MetaAnalysis, want: &Value, tally: &mut Tally) {
    let all = result.leave_one_out().expect("rows");
    let [se, tau2] = ["se", "tau2"].map(|key| numbers(&want[key]));
    for (row, found) in all.rows.iter().enumerate() {
        let found = &found.result;
        tally.hold("leave-one-out y", found.y, &want["y"][row], se[row]);
        tally.hold("leave-one-out se", found.se, &want["se"][row], found.y.unwrap_or(0.0).abs() * 1e-3);
        tally.hold("leave-one-out tau2", found.tau2, &want["tau2"][row], tau2_scale(result.v(), tau2[row]));
        tally.hold("leave-one-out q", found.q, &want["q"][row], 1.0);
    }
}

fn cumulative(result: &MetaAnalysis, want: &Value, tally: &mut Tally) {
    let all = result.cumulative(None).expect("rows");
    let [se, tau2] = ["se", "tau2"].map(|key| numbers(&want[key]));
    for (row, found) in all.rows.iter().skip(1).enumerate() {
        let (found, v) = (&found.result, &result.v()[..row + 2]);
        tally.hold("cumulative y", found.y, &want["y"][row], se[row]);
        tally.hold("cumulative se", found.se, &want["se"][row], found.y.unwrap_or(0.0).abs() * 1e-3);
        tally.hold("cumulative tau2", found.tau2, &want["tau2"][row], tau2_scale(v, tau2[row]));
        tally.hold("cumulative q", found.q, &want["q"][row], 1.0);
    }
}

fn subsets(result: &MetaAnalysis, want: &Value, tally: &mut Tally) {
    if want.is_null() {
        return;
    }
    let summary = result.gosh(&GoshOptions::default()).expect("subsets");
    assert_eq!(summary.rows.len().to_string(), want["count"], "{}", tally.at);
    let summary = summary.summary();
    tally.hold("mean of y over subsets", summary.y_mean, &want["y_mean"], 1.0);
    tally.hold(
        "mean of tau2 over subsets",
        summary.tau2_mean,
        &want["tau2_mean"],
        tau2_scale(result.v(), 0.0),
    );
}

fn trim_fill(result: &MetaAnalysis, want: &Value, tally: &mut Tally) {
    if want.is_null() {
        return;
    }
    let bias = result.bias(&BiasOptions::default()).expect("tests");
    for found in &bias.trim_fill {
        let want = &want[format!("{} {}", found.side.key(), found.estimator.key())];
        if !want.is_object() {
            continue;
        }
        assert_eq!(
            found.k0.map(|k0| k0.to_string()).as_deref(),
            want["k0"].as_str(),
            "{} {found:?}",
            tally.at
        );
        let (se, tau2) = (number(&want["se"]).expect("se"), number(&want["tau2"]).expect("tau2"));
        tally.hold("trim-and-fill y", found.y, &want["y"], se);
        tally.hold("trim-and-fill se", found.se, &want["se"], 0.0);
        tally.hold("trim-and-fill tau2", found.tau2, &want["tau2"], tau2_scale(result.v(), tau2));
    }
}

fn influence(result: &MetaAnalysis, case: &Value, tally: &mut Tally) {
    type Number = fn(&StudyInfluence) -> Option<f64>;
    let columns: [(&str, Number); 6] = [
        ("rstudent", |row| row.rstudent),
        ("dffits", |row| row.dffits),
        ("cook", |row| row.cook),
        ("cov_ratio", |row| row.cov_ratio),
        ("hat", |row| row.hat),
        ("dfbetas", |row| row.dfbetas),
    ];
    let (all, se) = (result.influence().expect("rows"), numbers(&case["leave_one_out"]["se"]));
    for (row, found) in all.rows.iter().enumerate() {
        // y in standard errors.
        let scale = 1.0 + result.y().iter().fold(0.0, |most: f64, y| most.max(y.abs())) / se[row];
        for (key, column) in columns {
            tally.hold(key, column(found), &case["influence"][key][row], scale);
        }
    }
}

fn regression(result: &MetaAnalysis, hk: &MetaAnalysis, want: &Value, tally: &mut Tally) {
    if want.is_null() {
        return;
    }
    let regress =
        |of: &MetaAnalysis| of.regress(&"x".parse().expect("a formula"), &RegressionOptions::default());
    let (found, se) = (regress(result).expect("a regression"), numbers(&want["se"]));
    let tau2 = number(&want["tau2"]).expect("tau2");
    let residual = found.residual.tau2.expect("a variance").estimate;
    tally.hold("regression tau2", Some(residual), &want["tau2"], tau2_scale(result.v(), tau2));
    tally.hold("regression QE", found.residual.test().map(|test| test.statistic), &want["qe"], 1.0);
    tally.hold("regression QM", found.omnibus.statistic, &want["qm"], 1.0);
    for (row, coefficient) in found.coefficients.iter().enumerate() {
        tally.hold("coefficient", Some(coefficient.estimate), &want["b"][row], se[row]);
        tally.hold("coefficient se", Some(coefficient.se), &want["se"][row], 0.0);
    }
    // 100 (1 − τ²/τ²₀): the error of both variances, relative to that without moderators.
    let without = result.heterogeneity.tau2.map_or(0.0, |component| component.estimate);
    let scale = 100.0 * (1.0 + tau2_scale(result.v(), without) / without);
    tally.hold("R²", found.r2, &want["r2"], scale);
    if !want["hk_se"].is_null() {
        for (row, coefficient) in regress(hk).expect("a regression").coefficients.iter().enumerate() {
            tally.hold("coefficient hk se", Some(coefficient.se), &want["hk_se"][row], 0.0);
        }
    }
}

fn subgroups(result: &MetaAnalysis, want: &Value, tally: &mut Tally) {
    let grouped = result.clone().with_subgroups(&["group"], SubgroupTau2::Separate).expect("groups");
    let found = &grouped.subgroups()[0];
    for (row, level) in found.levels.iter().enumerate() {
        let level = level.result.as_ref().expect("a result");
        let se = level.pooled().se.expect("a standard error");
        tally.hold("subgroup y", level.pooled().y, &want["y"][row], se);
        let tau2 = level.heterogeneity.tau2.map(|component| component.estimate);
        // One study has no variance between studies.
        if level.k() > 1 {
            let scale = tau2_scale(level.v(), number(&want["tau2"][row]).expect("tau2"));
            tally.hold("subgroup tau2", tau2, &want["tau2"][row], scale);
        }
    }
    tally.hold("Q between", found.between.as_ref().map(|between| between.q), &want["q_between"], 1.0);
}

#[test]
fn what_follows_a_pooled_result_has_its_digits() {
    let (mut compared, mut fewest) = ([0, 0], [16.0, 16.0]);
    for line in FILE.lines() {
        let set: Value = serde_json::from_str(line).expect("JSON");
        let data = table(&set);
        let pool = |tau2: Tau2Method, ci: &str| {
            MetaAnalysis::of_proportions().tau2(tau2).ci(ci).fit(&data).expect("a result")
        };
        for case in set["cases"].as_array().expect("cases") {
            let (tau2, kind) = if case["tau2"] == "dl" { (Tau2Method::Dl, 0) } else { (Tau2Method::Reml, 1) };
            let ci = case["ci"].as_str().expect("an interval");
            let result = pool(tau2, ci);
            let at = format!("{} {} {ci}", set["dataset"], case["tau2"]);
            let required = [CLOSED, ITERATED][kind];
            let mut tally = Tally { compared: 0, fewest: 16.0, required, at };
            leave_one_out(&result, &case["leave_one_out"], &mut tally);
            influence(&result, case, &mut tally);
            if ci == "wald" {
                regression(&result, &pool(tau2, "hk"), &case["regression"], &mut tally);
                subgroups(&result, &case["subgroups"], &mut tally);
                cumulative(&result, &case["cumulative"], &mut tally);
                subsets(&result, &case["gosh"], &mut tally);
                trim_fill(&result, &case["trim_fill"], &mut tally);
            }
            compared[kind] += tally.compared;
            fewest[kind] = tally.fewest.min(fewest[kind]);
        }
        let reml = pool(Tau2Method::Reml, "wald");
        let at = format!("{} small-study", set["dataset"]);
        let mut tally = Tally { compared: 0, fewest: 16.0, required: ITERATED, at };
        let bias = reml.bias(&BiasOptions::default()).expect("tests");
        let (want, scale) = (&set["small_study"], 1.0);
        tally.hold("Egger", bias.egger.statistic, &want["egger"], scale);
        tally.hold("Macaskill", bias.macaskill.statistic, &want["macaskill"], scale);
        tally.hold("Begg, tau", bias.begg.tau, &want["begg"]["tau"], scale);
        tally.hold("Begg, z", bias.begg.statistic, &want["begg"]["z"], scale);
        tally.hold("Peters", bias.peters.statistic, &want["peters"], scale);
        tally.hold("Egger, mixed", bias.egger_mixed.statistic, &want["egger_mixed"], scale);
        compared[1] += tally.compared;
        fewest[1] = tally.fewest.min(fewest[1]);
    }
    println!("{compared:?} numbers, the fewest digits {fewest:.1?}");
    assert_eq!(compared, [8742, 8862]);
}
