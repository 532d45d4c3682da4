//! Estimates in place of counts: pooled as metafor pools them, read with everything that is wrong named, and shown on
//! the scale of their table.

use std::fs;
use std::path::PathBuf;

use crate::common::program::Bench;
use metaprop::options::{
    Choice, Ci, InputScale, Measure, PredictionMethod, Profile, ReadOptions, Tau2Method,
};
use metaprop::published::claim::{Claim, Verdict};
use metaprop::{Dataset, MetaAnalysis};
use serde_json::Value;

fn reference() -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/generic_estimates.json");
    serde_json::from_str(&fs::read_to_string(file).expect("a reference file")).expect("JSON")
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().map(|value| value.as_f64().expect("a number")).collect(),
        value => vec![value.as_f64().expect("a number")],
    }
}

/// How far two numbers may be apart, as a share of the larger one or of `scale`: metafor's iterations stop at a change
/// of τ² below 1e-10, or below less where they end there.
const TOLERANCE: f64 = 2e-9;

fn agrees(what: &str, got: &[f64], want: &[f64], scale: f64) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (got, want) in got.iter().zip(want) {
        let apart = (got - want).abs() / want.abs().max(scale);
        assert!(apart <= TOLERANCE, "{what}: {got} {want}, {apart:e} apart");
    }
}

#[test]
fn estimates_are_pooled_as_metafor_pools_them() {
    let reference = reference();
    let mut compared = 0;
    for set in reference["sets"].as_array().expect("sets") {
        let rows = numbers(&set["y"]).into_iter().zip(numbers(&set["v"]));
        let rows = rows.enumerate().map(|(index, (y, v))| (format!("Study {index}"), y, v));
        let data = Dataset::estimates(rows).expect("estimates");
        for case in set["random"].as_array().expect("cases") {
            let (tau2, ci) = (case["tau2"].as_str().unwrap(), case["ci"].as_str().unwrap());
            let what = |key: &str| format!("{} {tau2} {ci} {key}", set["name"]);
            let analysis = MetaAnalysis::of_estimates().profile(Profile::Metafor);
            let analysis = analysis.tau2(Tau2Method::parse(tau2).unwrap()).ci(Ci::parse(ci).unwrap());
            let result = analysis.fit(&data).expect("a result");
            let (random, h) = (result.random.as_ref().unwrap(), &result.heterogeneity);
            let (want, se) = (|key: &str| numbers(&case["values"][key]), random.se.unwrap());
            let [tau2, i2] = [h.tau2, h.i2].map(Option::unwrap);
            let test = h.test().unwrap();
            agrees(&what("y"), &[random.y.unwrap()], &want("y"), se);
            agrees(&what("se"), &[se], &want("se"), 0.0);
            agrees(&what("ci_y"), &random.ci_y.unwrap(), &want("ci_y"), se);
            agrees(&what("statistic"), &[random.statistic.unwrap()], &want("statistic"), 0.0);
            // The relative error of a small p grows with the square of the statistic.
            agrees(&what("p"), &[random.p.unwrap().ln()], &[want("p")[0].ln()], 1.0);
            agrees(
                &what("prediction"),
                &result.prediction.as_ref().unwrap().ci_y.unwrap(),
                &want("prediction_y"),
                se,
            );
            agrees(&what("tau2"), &[tau2.estimate], &want("tau2"), 0.0);
            agrees(&what("tau2_se"), &[tau2.se.unwrap()], &want("tau2_se"), 0.0);
            agrees(&what("tau2_ci"), &[tau2.lower.unwrap(), tau2.upper.unwrap()], &want("tau2_ci"), 0.0);
            agrees(&what("i2"), &[i2.estimate], &want("i2"), 0.0);
            agrees(&what("h2"), &[h.h2.unwrap()], &want("h2"), 0.0);
            agrees(&what("q"), &[test.statistic], &want("q"), 0.0);
            agrees(&what("weights"), result.weights_random(), &want("weights"), 0.0);
            compared += 1;
        }
        let result = MetaAnalysis::of_estimates().model("common").fit(&data).expect("a result");
        let (want, se) = (|key: &str| numbers(&set["common"][key]), result.common.se.unwrap());
        agrees("common y", &[result.common.y.unwrap()], &want("y"), se);
        agrees("common se", &[se], &want("se"), 0.0);
        agrees("common ci", &result.common.ci_y.unwrap(), &want("ci_y"), se);
    }
    assert_eq!(compared, 108);
}

#[test]
fn ratios_and_proportions_with_limits_are_pooled_on_their_scale() {
    let reference = reference();
    for key in ["log", "logit"] {
        let case = &reference[key];
        let rows = case["rows"].as_array().expect("rows").iter().enumerate();
        let rows =
            rows.map(|(i, row)| format!("S{i},{},{},{}\n", row["estimate"], row["lower"], row["upper"]));
        let bench = Bench::with(&[("t.csv", &format!("study,est,low,high\n{}", rows.collect::<String>()))]);
        let level = case["level"].to_string();
        let read = [
            "--estimate",
            "est",
            "--lower",
            "low",
            "--upper",
            "high",
            "--input-scale",
            key,
            "--input-level",
            &level,
        ];
        let document =
            bench.json(0, &[&["pool", "t.csv", "--tau2", "dl", "--ci", "wald"][..], &read].concat());
        for field in ["estimate", "lower", "upper"] {
            agrees(field, &numbers(&document["random"][field]), &numbers(&case[field]), 0.0);
        }
        agrees("tau2", &numbers(&document["heterogeneity"]["tau2"]), &numbers(&case["tau2"]), 0.0);
        let columns = &document["provenance"]["columns"];
        assert_eq!(
            (&columns["estimate"], &columns["lower"], &columns["se"]),
            (&"est".into(), &"low".into(), &Value::Null)
        );
        assert_eq!((&document["events"], &document["studies"][0]["total"]), (&Value::Null, &Value::Null));
        assert_eq!(
            (&document["spec"]["measure"], &document["spec"]["input_scale"]),
            (&"generic".into(), &key.into())
        );
        // The test is of 0 on the pooled scale.
        assert_eq!(document["spec"]["null"], 0.0);
        let (y, se) = (document["random"]["y"].as_f64().unwrap(), document["random"]["se"].as_f64().unwrap());
        assert_eq!(document["random"]["statistic"].as_f64().unwrap(), y / se);
    }
}

const RATIOS: &str = "author,hr,low,high,se,var,n\nAdler,0.70,0.50,0.98,0.17,0.03,10\nBaum,0.85,0.60,1.20,0.18,0.03,20\nChen,1.10,0.70,1.73,0.23,0.05,30\nDiaz,0.60,0.40,0.90,0.21,0.04,40\n";
const OF_RATIOS: [&str; 8] =
    ["--estimate", "hr", "--lower", "low", "--upper", "high", "--input-scale", "log"];

#[test]
fn a_document_of_estimates_runs_again_to_the_same_bytes() {
    let bench = Bench::with(&[("t.csv", RATIOS)]);
    let document =
        bench.ends(0, &[&["pool", "t.csv", "--format", "json", "-o", "r.json"][..], &OF_RATIOS].concat());
    assert_eq!(bench.ends(0, &["pool", "--from", "r.json", "--format", "json"]), document);
    let broken = document.replace("\"v\": ", "\"v\": -");
    bench.file("broken.json", broken);
    assert!(bench.complains(3, &["pool", "--from", "broken.json"]).contains("no y with a v above 0"));
}

#[test]
fn an_analysis_file_of_estimates_gives_the_same() {
    let bench = Bench::with(&[("t.csv", RATIOS)]);
    let line = [&["pool", "t.csv"][..], &OF_RATIOS].concat();
    let file = bench.ends(0, &[&line[..], &["--print-spec"]].concat());
    assert!(
        file.contains("estimate = \"hr\"")
            && file.contains("input-scale = \"log\"")
            && !file.contains("total"),
        "{file}"
    );
    let claim = "[[claim]]\noutcome = \"main\"\nsource = \"S\"\nestimate = \"0.78\"\nci = [\"0.57\", \"1.07\"]\nprediction = [\"0.41\", \"1.47\"]\n";
    bench.file("a.toml", file + claim);
    let built = bench.ends(0, &["report", "a.toml", "-o", "out"]);
    assert!(built.contains("out/main/forest.svg"), "{built}");
    assert_eq!(bench.ends(0, &["report", "a.toml", "-o", "out", "--check"]).matches("fresh").count(), 1);
    let [mut of_file, of_line] =
        [bench.read("out/main/result.json"), bench.ends(0, &[&line[..], &["--format", "json"]].concat())]
            .map(|text| serde_json::from_str::<Value>(&text).expect("JSON"));
    of_file["provenance"]["data"] = of_line["provenance"]["data"].clone();
    assert_eq!(of_file, of_line);
    let page = bench.read("out/report.md").to_lowercase();
    assert!(
        page.contains("| 0.78 |") && page.contains("0.57 to 1.07") && !page.contains("proportion"),
        "{page}"
    );
    // Limits on both sides of 1 are ratios, and no percentages.
    let checked = bench.ends(1, &["check", "a.toml"]);
    assert!(checked.contains("estimate 0.78: holds") && checked.contains("recomputed 0.4"), "{checked}");
}

#[test]
fn what_does_not_go_with_estimates_is_refused_by_name() {
    let bench = Bench::with(&[("t.csv", RATIOS)]);
    fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["pool", "t.csv"][..], more].concat()
    }
    fn of<'a>(more: &[&'a str]) -> Vec<&'a str> {
        with(&[&OF_RATIOS[..], more].concat())
    }
    for (arguments, said) in [
        (of(&["--study-ci", "wilson"]), "study-ci = wilson does not apply to measure = generic"),
        (of(&["--zero-cells", "all"]), "zero-cells = all does not apply to measure = generic"),
        (of(&["--zero-amount", "1"]), "zero-amount = 1 does not apply to measure = generic"),
        (of(&["--model", "glmm"]), "measure = generic does not apply to model = glmm"),
        (of(&["--model", "beta-binomial"]), "measure = generic does not apply to model = beta-binomial"),
        (of(&["--null", "20%"]), "null = 0.2 does not apply to measure = generic"),
        (of(&["--cutoff", "20%"]), "cutoff = 0.2 does not apply to measure = generic"),
        (
            of(&["--back-transform", "harmonic"]),
            "back-transform = harmonic does not apply to measure = generic",
        ),
        (of(&["--scale", "1000"]), "scale = 1000 does not apply to estimates with input-scale = log"),
        (of(&["--measure", "logit"]), "measure = logit is of counts, and the table has estimates"),
        (of(&["--events", "n"]), "cannot be used with '--events"),
        (of(&["--total", "n"]), "cannot be used with '--total"),
        (of(&["--percent", "n"]), "cannot be used with '--percent"),
        (of(&["--se", "se"]), "cannot be used with"),
        (with(&["--estimate", "hr"]), "estimate needs se, variance, or lower and upper"),
        (with(&["--estimate", "hr", "--lower", "low"]), "lower and upper go together"),
        (
            with(&["--estimate", "hr", "--se", "se", "--input-level", "90"]),
            "input-level is the level of limits",
        ),
        (with(&["--estimate", "hr", "--se", "hr"]), "--estimate and --se both name the column 'hr'"),
        (with(&["--estimate", "hr", "--se", "sd"]), "there is no column 'sd' (--se)"),
        (with(&["--se", "se"]), "se goes with estimates, and no column of estimates is named"),
        (with(&["--input-scale", "log"]), "input-scale goes with estimates"),
        (with(&["--measure", "generic"]), "no column of events is found"),
    ] {
        let code = if said.starts_with("no column") { 3 } else { 2 };
        let complaint = bench.complains(code, &arguments);
        assert!(complaint.contains(said), "{arguments:?}: {complaint}");
    }
    for command in [
        &["multiverse", "t.csv"][..],
        &["reproduce", "t.csv", "--printed", "estimate=0.7"],
        &["plot", "specification", "t.csv"],
    ] {
        let complaint = bench.complains(2, &[command, &OF_RATIOS].concat());
        assert!(complaint.contains("this needs the counts of each study"), "{complaint}");
    }
    assert!(bench.complains(2, &[&["grim", "t.csv"][..], &OF_RATIOS].concat()).contains("no percentages"));
}

#[test]
fn every_bad_cell_is_named_with_its_line_and_column() {
    let table = "study,y,se\nA,0.5,0.1\nB,abc,0.2\nC,0.3,-0.2\nD,\"0,4\",0.1\nE,1e300,1e200\nF,50%,0.1\n";
    let bench = Bench::with(&[("t.csv", table)]);
    let said = bench.complains(3, &["pool", "t.csv", "--estimate", "y", "--se", "se"]);
    for line in [
        "t.csv:3: column 'y': 'abc' is not a number",
        "t.csv:4: column 'se': -0.2 is negative, and it is a standard error",
        "t.csv:5: column 'y': '0,4' is not a number\n  help: write it without marks between thousands, or say --decimal ,",
        "t.csv:6: column 'y': the estimate 1e300 is above 1e50 in size",
        "t.csv:7: column 'y': '50%' is not a number\n  help: give percentages as fractions",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let limits = "study,r,lo,hi\nA,0.5,0.6,0.9\nB,-0.2,-0.3,-0.1\nC,0.5,-0.1,0.9\n";
    let bench = Bench::with(&[("t.csv", limits)]);
    let read = ["pool", "t.csv", "--estimate", "r", "--lower", "lo", "--upper", "hi", "--input-scale", "log"];
    let said = bench.complains(3, &read);
    for line in [
        "t.csv:2: column 'r': the estimate 0.5 is not between its limits 0.6 and 0.9",
        "t.csv:3: column 'lo': -0.3 is negative, and input-scale is log",
        "t.csv:4: column 'lo': -0.1 is negative, and input-scale is log",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
}

#[test]
fn what_is_missing_or_has_no_precision_is_left_out_with_the_reason() {
    let table = "study,y,v\nA,0.5,0.1\nB,NA,0.2\nC,0.3,\nD,0.4,0\nE,0.7,0.2\nOverall,0.6,0.05\n";
    let bench = Bench::with(&[("t.csv", table), ("p.csv", "study,p,se\nA,0.2,0.3\nB,0,0.4\nC,0.3,0.2\n")]);
    let document = bench.json(0, &["pool", "t.csv", "--estimate", "y", "--variance", "v"]);
    let excluded = |document: &Value| {
        let rows = document["excluded"].as_array().expect("a list").iter();
        rows.map(|row| (row["line"].as_u64().unwrap(), row["reason"].as_str().unwrap().to_owned()))
            .collect::<Vec<_>>()
    };
    let reasons = [(3, "estimate missing"), (4, "variance missing"), (5, "variance 0"), (7, "totals row")];
    assert_eq!(excluded(&document), reasons.map(|(line, reason)| (line, reason.to_owned())));
    assert_eq!((&document["k"], &document["provenance"]["rows"]["read"]), (&2.into(), &6.into()));
    let logits = bench.json(0, &["pool", "p.csv", "--estimate", "p", "--se", "se", "--input-scale", "logit"]);
    assert_eq!(excluded(&logits), [(3, "no finite logit".to_owned())]);
}

#[test]
fn limits_that_are_those_of_ratios_are_noticed() {
    let bench = Bench::with(&[("t.csv", RATIOS)]);
    let said = |more: &[&str]| {
        let read = ["pool", "t.csv", "--estimate", "hr", "--lower", "low", "--upper", "high"];
        bench.json(0, &[&read[..], more].concat())["advisories"].to_string()
    };
    assert!(said(&[]).contains("limits-asymmetric") && said(&[]).contains("on the log scale"));
    assert!(!said(&["--input-scale", "log"]).contains("limits-asymmetric"));
}

#[test]
fn texts_and_figures_speak_of_estimates() {
    let bench = Bench::with(&[("t.csv", RATIOS)]);
    let files = ["-o", "f.svg", "-o", "p.html", "-o", "p.md", "-o", "s.csv"];
    let text = bench.ends(0, &[&["pool", "t.csv"][..], &OF_RATIOS, &files].concat());
    assert!(
        text.contains("Test of 1") && text.contains("True effects") && !text.contains("Events"),
        "{text}"
    );
    for name in ["f.svg", "p.html", "p.md"] {
        let written = bench.read(name).to_lowercase();
        for word in
            ["pooled proportion", "true proportion", "proportion,", "| percent", "people", "zero cells"]
        {
            assert!(!written.contains(word), "{name} says '{word}'");
        }
    }
    assert!(bench.read("f.svg").contains("Estimate (logarithmic scale)"));
    assert!(bench.read("p.md").contains("the pooled estimate is 0.7"));
    assert!(bench.read("s.csv").starts_with("row,study,line,events,total,estimate,lower,"));
    // Differences stand on an even axis, with a line at 0.
    let svg = bench.ends(0, &["plot", "forest", "t.csv", "--estimate", "hr", "--se", "se"]);
    assert!(svg.contains("solid line: 0") && !svg.contains("logarithmic"));
}

#[test]
fn the_library_pools_estimates_of_a_table_and_checks_what_is_printed_of_them() {
    let bench = Bench::with(&[("t.csv", RATIOS)]);
    let read = ReadOptions {
        estimate: Some("hr".into()),
        se: Some("se".into()),
        input_scale: Some(InputScale::Log),
        ..ReadOptions::default()
    };
    let path = bench.path().join("t.csv");
    let data = Dataset::read_with(path.to_str().expect("a path"), &read).expect("a table");
    assert_eq!(data.covariates().get("n").expect("a column").cell(2), "30");
    // The scale of the table is that of the result.
    let result = MetaAnalysis::of_estimates()
        .ci(Ci::Wald)
        .prediction(PredictionMethod::None)
        .fit(&data)
        .expect("a result");
    assert_eq!((result.spec.measure(), result.spec.input_scale()), (Measure::Generic, Some(InputScale::Log)));
    assert!((result.pooled().estimate - result.pooled().y.unwrap().exp()).abs() < 1e-15);
    let checked = result.check(&Claim::printed(["ci=0.62,0.97", "k=4"]).expect("figures"));
    assert_eq!(checked.verdict, Verdict::Holds, "{:?} {checked:?}", result.pooled());
    // A ratio above 1 is no percentage.
    let checked = result.check(&Claim::printed(["estimate=1.56"]).expect("a figure"));
    assert_eq!(checked.verdict, Verdict::Fails);
    assert!(
        checked.fields[0].reasons.iter().any(|reason| reason.to_string().contains("0.77")),
        "{checked:?}"
    );
    assert!(
        MetaAnalysis::of_proportions().fit(&data).unwrap_err().to_string().contains("the data are estimates")
    );
}
