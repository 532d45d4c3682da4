//! What goes on from a pooled result, at its edges: levels, clusters, one study, and the words for them.

use serde_json::Value;

use crate::common::program::{Bench, fits_its_schema};

const SERIES: &str = "study,year,events,total,dose,route\nAlpha,2001,8,12,5,oral\nBeta,2002,9,13,10,oral\n\
    Gamma,2004,21,66,5,topical\nDelta,2006,8,18,10,topical\nEpsilon,2009,30,40,20,oral\nZeta,2012,5,9,5,topical\n\
    Eta,2015,12,30,15,oral\n";
const NESTED: &str = "study,arm,events,total\nAlpha,a,8,12\nAlpha,b,9,13\nBeta,a,21,66\nBeta,b,8,18\nGamma,a,30,40\n\
    Gamma,b,5,9\nDelta,a,3,30\n";
const THREE_LEVEL: [&str; 5] = ["nested.csv", "--model", "three-level", "--cluster", "study"];

fn bench() -> Bench {
    Bench::with(&[
        ("series.csv", SERIES),
        ("nested.csv", NESTED),
        ("one.csv", "study,events,total,dose\nA,8,12,1\n"),
    ])
}

fn reproduced<'a>(level: &[&'a str]) -> Vec<&'a str> {
    let quick = ["reproduce", "series.csv", "--measure", "logit", "--model", "random", "--replicates", "0"];
    [&quick, level].concat()
}

#[test]
fn the_figures_of_a_level_are_searched_among_its_studies_as_where_does() {
    let bench = bench();
    let of_level = reproduced(&[
        "--subgroup",
        "route",
        "--printed",
        "subgroup.\"topical\".total=93",
        "--printed",
        "subgroup.topical.k=3",
    ]);
    let text = bench.ends(0, &of_level);
    let said =
        "The printed figures are of the level topical of route: its studies alone are searched (3 studies).";
    assert!(text.contains(said), "{text}");
    let document = bench.json(0, &of_level);
    fits_its_schema(&document);
    assert_eq!(document["subgroup"]["k"], 3);
    let plain = ["--where", "route=topical", "--printed", "total=93", "--printed", "k=3"];
    let plain = bench.json(0, &reproduced(&plain));
    assert!(plain.get("subgroup").is_none());
    assert_eq!(document["provenance"], plain["provenance"]);
    assert_eq!(document["matches"], plain["matches"]);
    assert_eq!(document["tried"], plain["tried"]);
}

/// A study of another level that was pooled too is an edit of the data.
#[test]
fn a_study_of_another_level_may_have_been_pooled() {
    let bench = bench();
    let with = [
        "--subgroup",
        "route",
        "--printed",
        "subgroup.topical.total=133",
        "--printed",
        "subgroup.topical.k=4",
    ];
    let document = bench.json(0, &reproduced(&with));
    assert_eq!(document["matches"][0]["edits"][0]["edit"], "put-back", "{document}");
    assert_eq!(document["matches"][0]["edits"][0]["study"], "Epsilon");
}

#[test]
fn figures_that_are_of_no_one_level_are_refused() {
    let bench = bench();
    let cases: [(&[&str], &str); 9] = [
        (&["--printed", "subgroup.oral.k=4"], "name it: --subgroup COL"),
        (&["--subgroup", "route", "--printed", "k=4"], "no printed figure is of one of its levels"),
        (&["--subgroup", "route", "--printed", "subgroup.orl.k=4"], "did you mean 'oral'?"),
        (&["--subgroup", "rout", "--printed", "subgroup.oral.k=4"], "did you mean 'route'?"),
        (
            &["--subgroup", "route", "--printed", "subgroup.oral.k=4", "--printed", "k=7"],
            "of the level 'oral' and of all studies",
        ),
        (
            &["--subgroup", "route", "--printed", "subgroup.oral.k=4", "--printed", "subgroup.topical.k=3"],
            "of the level 'oral' and of the level 'topical'",
        ),
        (
            &["--printed", "coefficient.dose=0.12"],
            "metaprop check holds against the data: coefficient.dose = \"0.12\"",
        ),
        (&["--printed", "between_p=0.03"], "metaprop check holds against the data: between_p = \"0.03\""),
        (&["--subgroup", "route", "--printed", "subgroup.oral.between_p=0.03"], "of no single level"),
    ];
    for (arguments, said) in cases {
        let complaint = bench.complains(2, &reproduced(arguments));
        assert!(complaint.contains(said), "{arguments:?}: {complaint}");
    }
    let of_level = ["reconstruct", "--printed", "subgroup.oral.k=4", "--printed", "subgroup.oral.total=95"];
    let complaint = bench.complains(2, &of_level);
    assert!(complaint.contains("metaprop reproduce takes those of a level"), "{complaint}");
}

/// An analysis file with these lines in its claim, from line 14.
fn claimed(bench: &Bench, lines: &str) {
    let text = format!(
        "schema = 1\ntitle = \"T\"\n[data]\nfile = \"series.csv\"\n[[outcome]]\nid = \"main\"\nevents = \"events\"\n\
         total = \"total\"\nsubgroup = [\"route\"]\nmods = [\"dose\"]\n[[claim]]\noutcome = \"main\"\n\
         source = \"Table 3\"\n{lines}\n"
    );
    bench.file("a.toml", text);
}

#[test]
fn a_figure_at_the_wrong_place_of_a_claim_is_named_with_its_line() {
    let bench = bench();
    for (lines, said) in [
        ("coeficient.dose = \"0.1\"", "a.toml:14: unknown key 'coeficient.dose' in a [[claim]]"),
        ("coeficient.dose = \"0.1\"", "did you mean coefficient.dose?"),
        ("coeficient.\"route=oral\" = \"0.1\"", "did you mean coefficient.\"route=oral\"?"),
        ("k = 7\nsubgrup.\"oral\".estimate = \"62%\"", "a.toml:15: unknown key 'subgrup.oral'"),
        ("subgrup.\"oral\".estimate = \"62%\"", "did you mean subgroup.oral.estimate?"),
        ("[[claim.stdy]]\nstudy = \"Alpha\"\npercent = \"67%\"", "did you mean [[claim.study]]?"),
        (
            "[[claim.study]]\nstudy = \"Alpha\"\ncoefficient.dose = \"0.1\"",
            "a.toml:16: 'coefficient.dose' is no figure of one study",
        ),
        (
            "[[claim.study]]\nstudy = \"Alpha\"\ncoefficient.dose = \"0.1\"",
            "did you mean coefficient.dose, in the [[claim]] itself, above [[claim.study]]?",
        ),
        ("[[claim.study]]\nstudy = \"Alpha\"\ncoefficient = \"0.1\"", "did you mean coefficient.NAME"),
        (
            "k = 7\nsubgroup.\"oral\".between_p = \"0.03\"",
            "a.toml:15: between_p is of a column of subgroups and not of its level 'oral'",
        ),
        (
            "subgroup.\"oral\".coefficient.dose = \"0.03\"",
            "did you mean coefficient.dose, in the [[claim]] itself?",
        ),
        ("subgroup.\"oral\" = \"62%\"", "say of which level: subgroup.\"LEVEL\".estimate"),
        ("coefficient = \"0.1\"", "say which: coefficient.NAME"),
        ("k = 7\np = \"1.5\"", "a.toml:15: p = '1.5' is no p-value: a probability is from 0 to 1"),
        ("k = 7\nbetween_p = \"-0.2\"", "a.toml:15: between_p = '-0.2' is no p-value"),
        ("k = 7\nsubgroup.\"orl\".estimate = \"62%\"", "a.toml:15: the outcome 'main' has no subgroup 'orl'"),
    ] {
        claimed(&bench, lines);
        let complaint = bench.complains(2, &["check", "a.toml"]);
        assert!(complaint.contains(said), "{lines}: {complaint}");
    }
    for lines in ["p = \"1.00\"", "p = \"<0.001\"", "between_p = \"0.0\""] {
        claimed(&bench, lines);
        assert_ne!(bench.run(&["check", "a.toml"]).status.code(), Some(2), "{lines}");
    }
}

#[test]
fn a_number_below_zero_is_rounded_away_from_zero_and_not_up() {
    let bench = bench();
    claimed(&bench, "coefficient.intercept = \"1\"");
    let document: Value =
        serde_json::from_str(&bench.ends(1, &["check", "a.toml", "--format", "json"])).expect("JSON");
    let value = document["claims"][0]["fields"][0]["recomputed"].as_f64().expect("a number");
    assert!(value < 0.0, "{value}");
    let away = (value * 1000.0).floor() / 1000.0;
    let near = (value * 1000.0).round() / 1000.0;
    // One of three and four digits is not the nearest number.
    let printed =
        if away == near { format!("{:.4}", (value * 1e4).floor() / 1e4) } else { format!("{away:.3}") };
    claimed(&bench, &format!("coefficient.intercept = \"{printed}\""));
    let text = bench.ends(1, &["check", "a.toml"]);
    assert!(text.contains("which rounded away from zero would be printed so"), "{printed}: {text}");
}

#[test]
fn rows_of_one_study_are_told_apart_and_called_rows() {
    let bench = bench();
    let run = |command: &str, more: &[&str]| bench.ends(0, &[&[command], &THREE_LEVEL[..], more].concat());
    let text = run("leave-one-out", &[]);
    for said in [
        "With one row left out",
        "The pooled value without each row",
        "Alpha (line 2)",
        "Gamma (line 7)",
        "\nDelta ",
        "Rows",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("tudies") && !text.contains("study left"), "{text}");
    let csv = run("leave-one-out", &["--format", "csv"]);
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].ends_with(",tau2,i2,cluster"), "{csv}");
    assert!(lines[2].starts_with("Alpha (line 3),6,") && lines[2].ends_with(",Alpha"), "{csv}");
    let csv = run("influence", &["--format", "csv"]);
    assert!(
        csv.lines().nth(4).is_some_and(|line| line.starts_with("Beta (line 5),") && line.ends_with(",Beta")),
        "{csv}"
    );
    let csv = run("cumulative", &["--sort", "-total", "--format", "csv"]);
    assert!(
        csv.lines()
            .nth(1)
            .is_some_and(|line| line.starts_with("Beta (line 4),1,") && line.ends_with(",Beta")),
        "{csv}"
    );
    let csv = run("pool", &["--format", "csv"]);
    let commas: Vec<usize> = csv.lines().map(|line| line.matches(',').count()).collect();
    assert!(
        csv.contains(",weight_random,cluster\n") && commas.iter().all(|count| *count == commas[0]),
        "{csv}"
    );
    let text = run("influence", &["--conclusion", "upper < 90%"]);
    assert!(
        text.contains("What changes when the row is left out")
            && text.contains("without 2 rows (Beta (line 4), Beta (line 5))"),
        "{text}"
    );
    let text = run("gosh", &[]);
    assert!(
        text.contains("of all 120 subsets of the rows") && text.contains("with and without each row"),
        "{text}"
    );
    assert!(text.contains("Beta (line 4)"), "{text}");
    // Without clusters the columns are what they were.
    let csv = bench.ends(0, &["leave-one-out", "series.csv", "--format", "csv"]);
    assert!(csv.starts_with("omitted,k,y,se,estimate,lower,upper,q,p_q,tau2,i2\nAlpha,"), "{csv}");
}

#[test]
fn one_study_is_the_same_exit_code_everywhere() {
    let bench = bench();
    let refused: [&[&str]; 10] = [
        &["leave-one-out"],
        &["influence"],
        &["gosh"],
        &["plot", "leave-one-out"],
        &["plot", "influence"],
        &["plot", "gosh"],
        &["plot", "baujat"],
        &["plot", "doi"],
        &["regress", "--mods", "dose"],
        &["plot", "bubble", "--mods", "dose"],
    ];
    for command in refused {
        let words = if command[0] == "plot" { 2 } else { 1 };
        let said = bench.complains(3, &[&command[..words], &["one.csv"], &command[words..]].concat());
        assert!(said.contains("one.csv"), "{command:?}: {said}");
    }
    let few = bench.complains(2, &["gosh", "series.csv", "--min-size", "9"]);
    assert!(few.contains("there are 7 studies, and a subset is to have at least 9"), "{few}");
}

#[test]
fn counts_are_english() {
    let bench = bench();
    bench.file("two.csv", "study,events,total\nA,8,12\nB,9,13\n");
    let text = bench.ends(0, &["gosh", "two.csv"]);
    assert!(text.contains("The pooled proportion of the one subset of the studies is 68.0%."), "{text}");
    let figure = bench.ends(0, &["plot", "gosh", "two.csv"]);
    assert!(figure.contains("GOSH plot of 1 subset:") && !figure.contains("1 subsets"), "{figure}");
    let text = bench.ends(0, &["regress", "series.csv", "--mods", "dose", "--permutations", "200"]);
    assert!(text.contains("(200 drawn at random, and the observed order itself)"), "{text}");
    let text = bench.ends(0, &["regress", "series.csv", "--mods", "dose", "--permutations", "6000"]);
    assert!(text.contains("(all 5,040 permutations)"), "{text}");
    let said = bench.complains(2, &["regress", "series.csv", "--mods", "dse"]);
    assert!(said.contains("did you mean 'dose'?") && said.contains("study, events, total"), "{said}");
    let verbose = bench.run(&["pool", "one.csv", "--verbose"]);
    assert!(
        String::from_utf8_lossy(&verbose.stderr).contains("one.csv: 1 study, 0 rows left out"),
        "{verbose:?}"
    );
}

#[test]
fn a_document_without_its_clusters_is_refused() {
    let bench = bench();
    let whole = bench.ends(0, &[&["pool"], &THREE_LEVEL[..], &["--format", "json"]].concat());
    bench.file("whole.json", &whole);
    assert_eq!(bench.ends(0, &["pool", "--from", "whole.json", "--format", "json"]), whole);
    let mut document: Value = serde_json::from_str(&whole).expect("JSON");
    document["studies"][1].as_object_mut().expect("a study").remove("cluster");
    bench.file("one.json", document.to_string());
    let said = bench.complains(3, &["pool", "--from", "one.json"]);
    assert!(
        said.contains(
            "one.json: studies[1] 'Alpha' has no key cluster, and provenance.columns.cluster is 'study'"
        ),
        "{said}"
    );
    for study in document["studies"].as_array_mut().expect("studies") {
        study.as_object_mut().expect("a study").remove("cluster");
    }
    document["provenance"]["columns"].as_object_mut().expect("columns").remove("cluster");
    bench.file("none.json", document.to_string());
    let said = bench.complains(3, &["pool", "--from", "none.json"]);
    assert!(
        said.contains("studies[6] 'Delta' has no key cluster, and the spec has model = three-level"),
        "{said}"
    );
    // A row without a value is a cluster of its own, and is read back as one.
    bench.file("nested.csv", NESTED.replace("Beta,b", "NA,b"));
    let columns = [
        "pool",
        "nested.csv",
        "--model",
        "three-level",
        "--study",
        "arm",
        "--cluster",
        "study",
        "--format",
        "json",
    ];
    let whole = bench.ends(0, &columns);
    bench.file("whole.json", &whole);
    assert_eq!(bench.ends(0, &["pool", "--from", "whole.json", "--format", "json"]), whole);
}
