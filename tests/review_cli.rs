//! The reviewer's bench from outside: commands, verdicts, documents, exit codes.

#[path = "common/program.rs"]
mod program;

use std::fs;
use std::path::Path;

use program::{Bench, fits_its_schema};
use serde_json::Value;

const HEAD: &str = "schema = 1\ntitle = \"Tiny\"\n[data]\nfile = \"counts.csv\"\n[analysis]\nprofile = \"dl-wald\"\n[[outcome]]\nid = \"main\"\nevents = \"events\"\ntotal = \"total\"\n";
const PAIR: &str = "study,events,total\nA,5,119\nB,116,170\n";

fn bench() -> Bench {
    Bench::with(&[("pair.csv", PAIR)])
}

/// The tiny analysis with these claims.
fn with_claims(bench: &Bench, claims: &str) {
    bench.file("analysis.toml", format!("{HEAD}{claims}"));
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn grim_says_what_is_possible() {
    let bench = bench();
    let said = bench.ends(1, &["grim", "58.4%", "--n", "90"]);
    assert!(said.contains("58.4% of 90 is impossible: 52 of 90 is 57.77…%, 53 of 90 is 58.88…%"), "{said}");
    assert!(said.contains("possible of 89 and of 101"), "{said}");
    assert!(bench.ends(0, &["grim", "33.8%", "--n", "80"]).contains("is 27, rounding half up"));
    assert!(bench.ends(0, &["grim", "16%", "--n", "125", "--format", "md"]).contains("says nothing"));
    let document = bench.json(0, &["grim", "0.338", "--n", "80"]);
    fits_its_schema(&document);
    assert_eq!(
        (&document["possible"], &document["events"][0], &document["n"]),
        (&Value::Bool(true), &Value::from(27), &Value::from(80))
    );
    assert_eq!(bench.json(1, &["grim", "58.4%", "--n", "90"])["nearest"]["below"]["events"], 52);
}

#[test]
fn grim_refuses_what_it_cannot_judge() {
    let bench = bench();
    assert!(bench.complains(2, &["grim", "~58%", "--n", "90"]).contains("about how many"));
    assert!(bench.complains(2, &["grim", "58%", "--n", "0"]).contains("n = 0"));
    assert!(bench.complains(2, &["grim", "fifty", "--n", "90"]).contains("fifty"));
}

#[test]
fn the_figures_of_the_seeds_get_their_verdicts() {
    let bench = bench();
    let seeds = repository().join("datasets/seeds/analysis.toml");
    let seeds = seeds.to_str().expect("UTF-8");
    let document = bench.json(1, &["check", seeds]);
    fits_its_schema(&document);
    let summary = &document["summary"];
    assert_eq!(
        ["holds", "holds_truncated", "fails", "not_checkable"].map(|key| summary[key].as_u64()),
        [Some(13), Some(0), Some(1), Some(13)]
    );
    let claims = document["claims"].as_array().expect("claims");
    let failed = claims.iter().find(|claim| claim["verdict"] == "fails").expect("one fails");
    assert_eq!(
        (&failed["outcome"], &failed["fields"][1]["printed"]),
        (&Value::from("retro90-salt50"), &Value::from("58.4%"))
    );
    // The documents name no folder of this machine.
    assert_eq!(document["provenance"]["data"], "analysis.toml");
    let text = bench.ends(1, &["check", seeds]);
    assert!(
        text.contains("retro90-salt50: fails")
            && text.contains("27 claims: 13 hold, 1 fails, 13 cannot be checked"),
        "{text}"
    );
}

#[test]
fn claims_are_held_against_what_is_recomputed() {
    let bench = bench();
    let pooled = bench.json(0, &["pool", "counts.csv", "--profile", "dl-wald"]);
    let random = |key: &str| 100.0 * pooled["random"][key].as_f64().expect("a number");
    let claim = |shift: f64| {
        format!(
            "[[claim]]\noutcome = \"main\"\nsource = \"x\"\nestimate = \"{:.1}%\"\nci = [\"{:.1}%\", \"{:.1}%\"]\nk = 4\ntotal = 109\n[[claim.study]]\nstudy = \"Alpha 2001\"\npercent = \"66.7%\"\n",
            random("estimate") + shift,
            random("lower"),
            random("upper")
        )
    };
    with_claims(&bench, &claim(0.0));
    let document = bench.json(0, &["check", "analysis.toml"]);
    fits_its_schema(&document);
    let fields = document["claims"][0]["fields"].as_array().expect("fields");
    assert_eq!(fields.len(), 5);
    assert!(fields.iter().all(|field| field["verdict"] == "holds"), "{fields:?}");
    assert_eq!(fields[4]["study"], "Alpha 2001");
    assert_eq!(fields[0]["recomputed"], pooled["random"]["estimate"]);
    assert_eq!(document["spec"][0]["spec"]["tau2"], "dl");
    with_claims(&bench, &claim(1.0));
    let said = bench.ends(1, &["check", "analysis.toml"]);
    assert!(
        said.contains("main: fails") && said.contains("estimate") && said.contains("recomputed"),
        "{said}"
    );
}

#[test]
fn digits_cut_off_hold_with_an_advisory() {
    let bench = bench();
    // 8 of 12 is 66.66…%.
    with_claims(
        &bench,
        "[[claim]]\noutcome = \"main\"\nsource = \"x\"\n[[claim.study]]\nstudy = \"Alpha 2001\"\npercent = \"66.6%\"\n",
    );
    let document = bench.json(0, &["check", "analysis.toml"]);
    assert_eq!(document["claims"][0]["verdict"], "holds-truncated");
    assert_eq!(document["advisories"][0]["code"], "claim-truncated");
    assert!(bench.ends(1, &["check", "analysis.toml", "--strict", "-q"]).is_empty());
}

#[test]
fn verdicts_are_written_in_every_format() {
    let bench = bench();
    with_claims(
        &bench,
        "[[claim]]\noutcome = \"main\"\nsource = \"a | b\"\nk = 5\n[[claim]]\noutcome = \"main\"\nsource = \"y\"\nweight = \"5%\"\n",
    );
    bench.ends(
        1,
        &["check", "analysis.toml", "-q", "-o", "v.md", "-o", "v.json", "-o", "v.txt", "--junit", "v.xml"],
    );
    let read = |name: &str| fs::read_to_string(bench.path().join(name)).expect("a file");
    assert!(
        read("v.md").contains("a \\| b") && read("v.md").contains("| k | 5 | 4 | fails |"),
        "{}",
        read("v.md")
    );
    assert_eq!(read("v.json"), bench.ends(1, &["check", "analysis.toml", "--format", "json"]));
    assert_eq!(read("v.txt"), bench.ends(1, &["check", "analysis.toml"]));
    let xml = read("v.xml");
    let document = roxmltree::Document::parse(&xml).expect("XML");
    let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).expect("a suite");
    assert_eq!(
        ["tests", "failures", "skipped"].map(|key| suite.attribute(key)),
        [Some("2"), Some("1"), Some("1")]
    );
    assert!(bench.complains(2, &["check", "analysis.toml", "-o", "v.csv"]).contains(".csv"));
    assert!(bench.complains(2, &["check", "analysis.toml", "-o", "analysis.toml"]).contains("toml"));
}

#[test]
fn a_claim_that_cannot_be_understood_says_where() {
    let bench = bench();
    let claim = |body: &str| format!("[[claim]]\noutcome = \"main\"\nsource = \"x\"\n{body}\n");
    for (claims, words) in [
        (claim("estimat = \"5%\""), &["analysis.toml:14", "estimat", "did you mean 'estimate'?"][..]),
        (claim("estimate = 54.0"), &["analysis.toml:14", "estimate = 54.0", "quotation marks"]),
        (claim("estimate = \"fifty\""), &["analysis.toml:14", "fifty"]),
        (
            claim("k = 4\n[[claim.study]]\nstudy = \"A\"\ntau2 = \"1\""),
            &["analysis.toml:17", "'tau2' is not a field of one study"],
        ),
        (claim("k = 4\n[[claim.study]]\npercent = \"1%\""), &["analysis.toml:15", "no study"]),
        (claim("k = 4\nstudy = \"A\""), &["analysis.toml:15", "list of tables"]),
        (claim(""), &["analysis.toml:11", "claims nothing"]),
        (
            "[[claim]]\noutcome = \"mian\"\nsource = \"x\"\nk = 4\n".to_string(),
            &["analysis.toml:12", "did you mean 'main'?"],
        ),
        ("[[claim]]\noutcome = \"main\"\nk = 4\n".to_string(), &["analysis.toml:11", "no source"]),
        (String::new(), &["analysis.toml", "no [[claim]]"]),
    ] {
        with_claims(&bench, &claims);
        let said = bench.complains(2, &["check", "analysis.toml"]);
        assert!(words.iter().all(|word| said.contains(word)), "{claims}\n{said}");
    }
}

#[test]
fn an_outcome_without_data_has_claims_only() {
    let bench = bench();
    with_claims(&bench, "[[outcome]]\nid = \"other\"\nfile = \"pair.csv\"\n");
    let alone = "schema = 1\ntitle = \"T\"\n[[outcome]]\nid = \"alone\"\n[[claim]]\noutcome = \"alone\"\nsource = \"x\"\npercent = \"33.8%\"\ntotal = 80\n";
    bench.file("alone.toml", alone);
    assert_eq!(bench.json(0, &["check", "alone.toml"])["claims"][0]["verdict"], "holds");
    assert!(bench.complains(2, &["report", "alone.toml", "-o", "r"]).contains("metaprop check"));
    // An outcome without events and without a claim is a slip.
    bench.file(
        "slip.toml",
        "schema = 1\ntitle = \"T\"\n[data]\nfile = \"counts.csv\"\n[[outcome]]\nid = \"alone\"\n",
    );
    assert!(bench.complains(2, &["report", "slip.toml", "-o", "r"]).contains("slip.toml:5"));
    // A report leaves the claims to check, and says nothing new.
    with_claims(&bench, "[[claim]]\noutcome = \"main\"\nsource = \"x\"\nk = 4\n");
    bench.ends(0, &["report", "analysis.toml", "-o", "r", "-q"]);
    bench.ends(0, &["report", "analysis.toml", "-o", "r", "-q", "--check"]);
}

#[test]
fn the_pair_is_the_common_effect_raw_proportion() {
    let bench = bench();
    let document =
        bench.json(0, &["reproduce", "pair.csv", "--printed", "estimate=0.18", "--printed", "ci=0.14,0.21"]);
    fits_its_schema(&document);
    let best = &document["matches"][0];
    assert_eq!(
        (&best["spec"]["measure"], &best["spec"]["model"]),
        (&Value::from("raw"), &Value::from("common"))
    );
    let pooled = bench.json(0, &["pool", "pair.csv", "--measure", "raw", "--model", "common"]);
    assert_eq!(best["estimate"], pooled["common"]["estimate"]);
    assert_eq!((&best["fields_hold"], &best["edits"]), (&Value::from(2), &Value::Array(Vec::new())));
    assert_eq!(document["chance"]["replicates"], 99);
    assert_eq!(document["slips"], false);
    let text = bench.ends(
        0,
        &[
            "reproduce",
            "pair.csv",
            "--printed",
            "estimate=0.18",
            "--printed",
            "ci=0.14,0.21",
            "--replicates",
            "9",
        ],
    );
    assert!(text.contains("printed figures") && text.contains("raw") && text.contains("by chance"), "{text}");
}

#[test]
fn nothing_that_fits_is_exit_1_with_the_nearest() {
    let bench = bench();
    let arguments = ["reproduce", "pair.csv", "--printed", "estimate=0.93", "--printed", "ci=0.92,0.94"];
    let document = bench.json(1, &arguments);
    fits_its_schema(&document);
    assert_eq!(
        (&document["complete"], &document["chance"], &document["slips"]),
        (&Value::from(0), &Value::Null, &Value::Bool(true))
    );
    assert!(bench.ends(1, &arguments).contains("The nearest gives"));
    assert_eq!(bench.json(1, &[&arguments[..], &["--as-read"]].concat())["slips"], false);
}

#[test]
fn choice_flags_restrict_the_search() {
    let bench = bench();
    let arguments = [
        "reproduce",
        "pair.csv",
        "--printed",
        "estimate=0.18",
        "--printed",
        "ci=0.14,0.21",
        "--as-read",
        "--replicates",
        "0",
    ];
    let all = bench.json(0, &arguments);
    let random = bench.json(1, &[&arguments[..], &["--model", "random"]].concat());
    assert!(random["tried"].as_u64() < all["tried"].as_u64());
    assert!(
        random["matches"].as_array().expect("matches").iter().all(|best| best["spec"]["model"] == "random")
    );
    for (typed, words) in
        [("estimat=5%", "'estimate'"), ("54.0%", "FIELD=VALUE"), ("estimate=fifty", "fifty")]
    {
        assert!(
            bench.complains(2, &["reproduce", "pair.csv", "--printed", typed]).contains(words),
            "{typed}"
        );
    }
    assert!(bench.complains(2, &["reproduce", "pair.csv"]).contains("--printed"));
}

#[test]
fn a_table_is_reconstructed_or_shown_not_to_exist() {
    let bench = bench();
    bench.file("known.csv", "study,events,total\nA,8,12\nB,9,20\n");
    let printed = |estimate| {
        [
            "reconstruct",
            "--printed",
            estimate,
            "--printed",
            "ci=42.1%,67.1%",
            "--printed",
            "k=4",
            "--printed",
            "total=60",
            "--profile",
            "dl-wald",
        ]
    };
    let known = ["--known", "known.csv", "--list", "2"];
    let document = bench.json(0, &[&printed("estimate=54.9%")[..], &known].concat());
    fits_its_schema(&document);
    assert_eq!(
        (&document["exhaustive"], &document["spec"]["tau2"], &document["provenance"]["data"]),
        (&Value::Bool(true), &Value::from("dl"), &Value::from("known.csv"))
    );
    assert!(document["found"].as_u64() > Some(0));
    let table = document["tables"][0].as_array().expect("rows");
    assert_eq!(table.iter().map(|row| row["total"].as_u64().expect("a count")).sum::<u64>(), 60);
    assert!(table.iter().all(|row| row["known"] == true
        || row["origin"].as_str().is_some_and(|origin| origin.contains("not data"))));
    let text = bench.ends(0, &[&printed("estimate=54.9%")[..], &known].concat());
    assert!(text.contains("made up to fit") && text.contains("not what they were"), "{text}");
    // The estimate lies outside its interval.
    let none = bench.ends(1, &[&printed("estimate=80.0%")[..], &known].concat());
    assert!(none.contains("No table exists"), "{none}");
    assert!(
        bench.complains(2, &["reconstruct", "--printed", "estimate=54.9%"]).contains("k=14 and total=275")
    );
    // Two readings of one row, either of which may have been left out.
    bench.file("maybe.csv", "study,events,total\nB,9,20\nB,12,24\n");
    let document = bench.json(
        0,
        &[&printed("estimate=54.9%")[..], &["--optional", "maybe.csv", "--tries", "20", "--budget", "1000"]]
            .concat(),
    );
    assert_eq!((&document["exhaustive"], &document["selections"][0]), (&Value::Bool(false), &Value::from(3)));
}

#[test]
fn every_specification_in_one_table_and_one_curve() {
    let bench = bench();
    let arguments =
        ["multiverse", "counts.csv", "--conclusion", "lower > 20%", "-o", "curve.svg", "-o", "rows.csv"];
    let document = bench.json(0, &arguments);
    fits_its_schema(&document);
    let rows = document["rows"].as_array().expect("rows");
    assert_eq!(document["specifications"].as_u64(), Some(rows.len() as u64));
    assert!(rows.len() > 300 && document["summary"]["conclusion"]["of"].as_u64() > Some(0));
    let read = |name: &str| fs::read_to_string(bench.path().join(name)).expect("a file");
    assert!(roxmltree::Document::parse(&read("curve.svg")).is_ok());
    assert_eq!(read("rows.csv").lines().count(), rows.len() + 1);
    let text = bench.ends(0, &arguments);
    assert!(text.contains("The conclusion \"lower > 20%\" holds in") && text.contains("measure"), "{text}");
    let settled = bench.json(0, &[&arguments[..], &["--measure", "logit", "--model", "random"]].concat());
    assert!(settled["rows"].as_array().expect("rows").iter().all(|row| row["spec"]["measure"] == "logit"));
    assert!(bench.complains(2, &["multiverse", "counts.csv", "--conclusion", "lower > 50"]).contains("50"));
    assert!(bench.complains(2, &["multiverse", "counts.csv", "-o", "x.docx"]).contains(".docx"));
}

#[test]
fn an_analysis_file_with_claims_is_written_as_it_was_read() {
    use metaprop::spec::analysis_file::{parse, to_toml};
    for path in ["datasets/seeds/analysis.toml", "datasets/guo-2020/claims.toml"] {
        let text = fs::read_to_string(repository().join(path)).expect("a file");
        let file = parse(&text, path).expect("an analysis file");
        let again = parse(&to_toml(&file), "again.toml").expect("an analysis file");
        assert_eq!(file, again);
        assert!(!file.claims.is_empty());
    }
    let text = format!(
        "{HEAD}[[claim]]\noutcome = \"main\"\nsource = \"x\"\nci = [\"1%\", \"2%\"]\n[[claim.study]]\nstudy = \"A\"\npercent = \"5%\"\n[[claim.study]]\nstudy = \"B\"\npercent = \"6%\"\n"
    );
    let file = parse(&text, "a.toml").expect("an analysis file");
    assert_eq!(
        (file.claims[0].studies.len(), parse(&to_toml(&file), "b.toml").expect("it reads back")),
        (2, file.clone())
    );
}
