//! Figures of commands and of reports: `-o x.svg`, `plots`, `bias`, and claims on tests and coefficients.

use metaprop::options::analysis_file::{OutcomePlot, parse, to_toml};
use serde_json::Value;

use crate::common::program::{Bench, fits_its_schema};

const SERIES: &str = "study,year,events,total,dose,route\nAlpha,2001,8,12,5,oral\nBeta,2002,9,13,10,oral\n\
    Gamma,2004,21,66,5,topical\nDelta,2006,8,18,10,topical\nEpsilon,2009,30,40,20,oral\nZeta,2012,5,9,5,topical\n\
    Eta,2015,12,30,15,oral\n";

fn bench() -> Bench {
    Bench::with(&[("series.csv", SERIES)])
}

#[test]
fn a_command_writes_the_figure_that_plot_draws() {
    let bench = bench();
    let cases: [(&[&str], &[&str]); 8] = [
        (&["leave-one-out"], &["leave-one-out"]),
        (&["cumulative", "--sort", "year"], &["cumulative", "--sort", "year"]),
        (&["influence"], &["influence"]),
        (&["gosh", "--subsets", "50", "--seed", "3"], &["gosh", "--subsets", "50", "--seed", "3"]),
        (&["bias"], &["funnel"]),
        (&["regress", "--mods", "dose"], &["bubble", "--mods", "dose"]),
        (&["subgroup", "--subgroup", "route"], &["forest", "--subgroup", "route"]),
        (&["pool"], &["forest"]),
    ];
    for (command, plot) in cases {
        let shared = ["series.csv", "--tau2", "dl", "--digits", "2"];
        bench.ends(0, &[command, &shared, &["-o", "x.svg", "-o", "x.json"]].concat());
        bench.ends(0, &[&["plot"], plot, &shared, &["-o", "y.svg"]].concat());
        assert!(bench.read("x.svg") == bench.read("y.svg"), "{command:?}");
        let _: Value = serde_json::from_str(&bench.read("x.json")).expect("a document");
    }
    assert!(bench.read("y.svg").contains("</svg>"));
}

#[test]
fn the_figure_of_a_regression_takes_one_moderator_that_is_a_number() {
    let bench = bench();
    for mods in ["route", "dose + year"] {
        let said =
            bench.complains(2, &["regress", "series.csv", "--mods", mods, "-o", "x.svg", "-o", "x.json"]);
        assert!(said.contains("one moderator that is a number"), "{said}");
        assert!(!bench.path().join("x.json").exists());
    }
    let said = bench.complains(2, &["gosh", "series.csv", "-o", "x.gif"]);
    assert!(said.contains(".svg"), "{said}");
}

#[test]
fn a_funnel_has_the_filled_studies() {
    let bench = bench();
    let figure = bench.ends(0, &["plot", "funnel", "series.csv", "--trim-fill", "L0", "--side", "left"]);
    let document = bench.json(0, &["bias", "series.csv"]);
    let rows = document["trim_fill"].as_array().unwrap();
    let row = rows.iter().find(|row| row["estimator"] == "L0" && row["side"] == "left").unwrap();
    let k0 = row["k0"].as_u64().unwrap() as usize;
    assert_eq!(figure.matches("class=\"filled\"").count(), k0, "{row}");
    let said = bench.complains(2, &["plot", "funnel", "series.csv", "--trim-fill", "q0", "--y", "n"]);
    assert!(said.contains("leave --y out"), "{said}");
    let said = bench.complains(2, &["plot", "funnel", "series.csv", "--trim-fill", "l0", "--model", "glmm"]);
    assert!(said.contains("takes counts"), "{said}");
    bench.complains(2, &["plot", "funnel", "series.csv", "--side", "left"]);
    bench.file("one.csv", "study,events,total\nA,3,9\n");
    let said = bench.complains(3, &["plot", "doi", "one.csv"]);
    assert!(said.contains("one study has no two limbs"), "{said}");
}

#[test]
fn the_figures_of_exact_models() {
    let bench = bench();
    for model in ["glmm", "beta-binomial"] {
        for kind in ["doi", "drapery"] {
            let figure = bench.ends(0, &["plot", kind, "series.csv", "--model", model]);
            assert!(figure.contains("</svg>") && !figure.contains("NaN"), "{kind} {model}");
        }
    }
}

const HEAD: &str = "schema = 1\ntitle = \"T\"\n[data]\nfile = \"series.csv\"\n[[outcome]]\nid = \"main\"\n\
    title = \"Response\"\nevents = \"events\"\ntotal = \"total\"\n";

/// The words of a file without what is about one outcome: id and title of the figure.
fn without_names(svg: &str) -> String {
    svg.replace("-main", "")
}

#[test]
fn a_report_has_the_figures_that_are_asked_for() {
    let bench = bench();
    let words: Vec<String> = OutcomePlot::ALL.iter().map(|plot| format!("\"{}\"", plot.key())).collect();
    let more = format!("mods = [\"dose\", \"route\"]\nbias = true\nplots = [{}]\n", words.join(", "));
    bench.file("a.toml", format!("{HEAD}{more}"));
    bench.ends(0, &["report", "a.toml", "-o", "out"]);
    let (page, markdown, digest) =
        (bench.read("out/report.html"), bench.read("out/report.md"), bench.read("out/digest.txt"));
    assert!(page.len() <= 300_000);
    for plot in OutcomePlot::ALL.iter().map(|plot| plot.key()) {
        let path = format!("main/{plot}.svg");
        assert!(digest.contains(&path) && markdown.contains(&path), "{plot}");
        let title = if plot == "bubble" { "Response, dose" } else { "Response" };
        let mods = ["--mods", "dose"];
        let mods: &[&str] = if plot == "bubble" { &mods } else { &[] };
        let drawn = bench.ends(0, &[&["plot", plot, "series.csv", "--title", title], mods].concat());
        assert_eq!(without_names(&bench.read(&format!("out/{path}"))), drawn, "{plot}");
        let said = drawn.split_once("<desc").and_then(|(_, rest)| rest.split_once('>')).unwrap().1;
        let said = said.split('.').next().unwrap();
        assert!(page.contains(said) && markdown.contains(said), "{plot}: {said}");
    }
    assert!(!bench.path().join("out/main/bubble-2.svg").exists(), "a factor has no axis");
    let bias: Value = serde_json::from_str(&bench.read("out/main/bias.json")).unwrap();
    fits_its_schema(&bias);
    assert!(page.contains("do small studies differ from large ones?") && page.contains("Peters"));
    bench.ends(0, &["report", "a.toml", "-o", "out", "--check"]);
    std::fs::remove_file(bench.path().join("out/main/bias.json")).unwrap();
    bench.file("out/main/doi.svg", "<svg/>");
    assert!(bench.ends(1, &["report", "a.toml", "-o", "out", "--check"]).contains("main/doi.svg"));
}

#[test]
fn words_of_plots_are_checked() {
    let bench = bench();
    let cases = [
        ("plots = \"funel\"\n", "a.toml:10: plots: there is no figure 'funel'"),
        ("plots = \"funel\"\n", "did you mean 'funnel'?"),
        ("plots = [\"doi\", \"doi\"]\n", "twice"),
        ("plots = \"forest\"\n", "without being asked"),
        ("plots = \"specification\"\n", "multiverse = true"),
        ("plots = \"bubble\"\n", "of a meta-regression"),
        ("plots = \"bubble\"\nmods = \"route\"\n", "needs a moderator that is a number"),
        ("plots = \"gosh\"\nmodel = \"glmm\"\n", "take minutes"),
        ("plots = \"radial\"\nmodel = \"glmm\"\n", "a.toml:10"),
        ("bias = \"yes\"\n", "true or false"),
    ];
    for (more, expected) in cases {
        bench.file("a.toml", format!("{HEAD}{more}"));
        let said = bench.complains(2, &["report", "a.toml", "-o", "out"]);
        assert!(said.contains(expected), "{more}: {said}");
    }
}

#[test]
fn an_analysis_file_with_them_is_written_and_read_back() {
    let text = format!(
        "{HEAD}mods = \"dose\"\nbias = true\nplots = [\"funnel\", \"leave-one-out\"]\n[[claim]]\noutcome = \"main\"\n\
         source = \"s\"\nbetween-p = \"0.03\"\ncoefficient.dose = \"0.12\"\ncoefficient.\"route[oral]\" = \"0.5\"\n"
    );
    let file = parse(&text, "a.toml").unwrap();
    assert_eq!(file.claims.len(), 3);
    let mut names: Vec<_> = file.claims.iter().filter_map(|claim| claim.coefficient.as_deref()).collect();
    names.sort_unstable();
    assert_eq!(names, ["dose", "route[oral]"]);
    assert_eq!(parse(&to_toml(&file), "again.toml").unwrap(), file);
}

#[test]
fn the_p_value_between_subgroups_and_coefficients_can_be_claimed() {
    let bench = bench();
    let p =
        bench.json(0, &["subgroup", "series.csv", "--subgroup", "route"])["between"]["p"].as_f64().unwrap();
    let found = bench.json(0, &["regress", "series.csv", "--mods", "dose + route"]);
    let coefficient = |term: &str| {
        let all = found["coefficients"].as_array().unwrap();
        all.iter().find(|one| one["term"] == term).unwrap()["estimate"].as_f64().unwrap()
    };
    let (dose, route) = (coefficient("dose"), coefficient("route=topical"));
    let check = |outcome: &str, claims: &str, code: i32| -> Value {
        let claim = "[[claim]]\noutcome = \"main\"\nsource = \"Table 3\"\n";
        bench.file("a.toml", format!("{HEAD}{outcome}{claim}{claims}"));
        let checked = bench.json(code, &["check", "a.toml"]);
        fits_its_schema(&checked);
        checked["claims"].clone()
    };
    let both = "subgroup = \"route\"\nmods = [\"dose + route\"]\n";
    let printed = format!(
        "between_p = \"{p:.3}\"\ncoefficient.dose = \"{dose:.3}\"\ncoefficient.\"route[topical]\" = \"{route:.2}\"\n"
    );
    let claims = check(both, &printed, 0);
    let verdicts: Vec<&Value> = claims.as_array().unwrap().iter().map(|claim| &claim["verdict"]).collect();
    assert_eq!(verdicts, ["holds"; 3], "{claims}");
    assert_eq!(claims[0]["fields"][0]["field"], "between-p");
    // A file can write a minus as papers do; a wrong value fails.
    check(both, &format!("between_p = \"{:.3}\"\n", p + 0.1), 1);
    check(both, &format!("coefficient.dose = \"{:.3}\"\n", dose + 0.01), 1);
    // What the outcome does not have cannot be checked, and the reason says what is missing.
    let reason = |outcome: &str, claim: &str| {
        let claims = check(outcome, claim, 0);
        assert_eq!(claims[0]["verdict"], "not-checkable", "{claims}");
        claims[0]["fields"][0]["reason"].as_str().unwrap().to_string()
    };
    assert!(reason("", "between_p = \"0.05\"\n").contains("no test between subgroups"));
    assert!(reason("", "coefficient.dose = \"0.05\"\n").contains("no meta-regression"));
    assert!(reason(both, "coefficient.dosis = \"0.05\"\n").contains("is it 'dose'?"));
    // Without data nothing is recomputed.
    let head = HEAD
        .replace("events = \"events\"\ntotal = \"total\"\n", "")
        .replace("[data]\nfile = \"series.csv\"\n", "");
    bench.file("a.toml", format!("{head}[[claim]]\noutcome = \"main\"\nsource = \"s\"\nbetween_p = \"0.05\"\ncoefficient.dose = \"0.1\"\n"));
    let claims = bench.json(0, &["check", "a.toml"])["claims"].clone();
    assert!(claims.as_array().unwrap().iter().all(|claim| claim["verdict"] == "not-checkable"), "{claims}");
    bench.file(
        "a.toml",
        format!("{HEAD}[[claim]]\noutcome = \"main\"\nsource = \"s\"\ncoefficient = \"0.1\"\n"),
    );
    assert!(bench.complains(2, &["check", "a.toml"]).contains("must be a table"));
}
