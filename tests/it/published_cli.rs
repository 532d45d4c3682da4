//! The reviewer's bench from outside: commands, verdicts, documents, exit codes.

use std::fs;
use std::path::Path;

use crate::common::program::{Bench, fits_its_schema};
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
    assert!(
        said.contains("58.4% is not a plain count of 90: 52 of 90 is 57.77…%, 53 of 90 is 58.88…%"),
        "{said}"
    );
    assert!(said.contains("possible of 89 and of 101"), "{said}");
    assert!(bench.ends(0, &["grim", "33.8%", "--n", "80"]).contains("is 27, rounding half up"));
    assert!(bench.ends(0, &["grim", "16%", "--n", "125", "--format", "md"]).contains("says nothing"));
    let half = bench.ends(0, &["grim", "0.5", "--n", "200"]);
    assert!(
        half.contains("0.5 has no sign and is taken as 0.5%") && half.contains("0.5% of 200 is 1,"),
        "{half}"
    );
    assert!(!bench.ends(0, &["grim", "0.5%", "--n", "200"]).contains("taken as"));
    let document = bench.json(0, &["grim", "33.8", "--n", "80"]);
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
        [Some(13), Some(0), Some(1), Some(17)]
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
            && text.contains("31 claims: 13 hold, 1 fails, 17 cannot be checked"),
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
    // The interval is two fields: each limit is checked by itself.
    assert_eq!(fields.len(), 6);
    assert!(fields.iter().all(|field| field["verdict"] == "holds"), "{fields:?}");
    assert_eq!(fields[5]["study"], "Alpha 2001");
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
    bench.ends(0, &["report", "alone.toml", "-o", "r"]);
    assert!(bench.read("r/report.md").contains("33.8% of 80 is 27"));
    // An outcome without events and without a claim is a slip.
    bench.file(
        "slip.toml",
        "schema = 1\ntitle = \"T\"\n[data]\nfile = \"counts.csv\"\n[[outcome]]\nid = \"alone\"\n",
    );
    assert!(bench.complains(2, &["report", "slip.toml", "-o", "r"]).contains("slip.toml:5"));
    // A report has the verdicts, and is fresh where they are the same.
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
    assert_eq!((&best["fields_hold"], &best["edits"]), (&Value::from(3), &Value::Array(Vec::new())));
    assert_eq!(
        (&document["chance"]["replicates"], &document["chance_missing"]),
        (&Value::from(99), &Value::Null)
    );
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
    use metaprop::options::analysis_file::{parse, to_toml};
    for path in ["datasets/seeds/analysis.toml", "datasets/guo-2020/analysis.toml"] {
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

#[test]
fn parts_are_held_against_the_printed_sum_else_against_the_studies() {
    let bench = bench();
    let head = "[[claim]]\noutcome = \"main\"\nsource = \"x\"\n";
    with_claims(
        &bench,
        &format!(
            "{head}k = 4\npart-k = [\"2\", \"2\"]\nparts = [\"25\", \"84\"]\npart-events = [\"17\", \"30\"]\n"
        ),
    );
    let document = bench.json(1, &["check", "analysis.toml"]);
    let fields = document["claims"][0]["fields"].as_array().expect("fields");
    let of =
        |key: &str| fields.iter().find(|field| field["field"] == key).expect("the field")["verdict"].clone();
    assert_eq!(
        (of("part-k"), of("parts"), of("part-events")),
        ("holds".into(), "holds".into(), "fails".into())
    );
}

#[test]
fn reproduce_finds_which_studies_were_pooled() {
    let bench = bench();
    // Alpha, Beta and Delta: 25 of 43 people.
    let printed = ["--printed", "percent=58.1%", "--printed", "k=3", "--printed", "total=43"];
    let document = bench.json(
        0,
        &[&["reproduce", "counts.csv", "--subsets", "--as-read", "--replicates", "0"][..], &printed].concat(),
    );
    fits_its_schema(&document);
    assert_eq!(document["complete"], 0);
    assert_eq!(document["subsets"]["matches"][0]["left_out"], serde_json::json!(["Gamma 2003"]));
    let text =
        bench.ends(0, &[&["reproduce", "counts.csv", "--subsets", "--as-read"][..], &printed].concat());
    assert!(text.contains("without Gamma 2003") && text.contains("Subsets of the studies"), "{text}");
}

#[test]
fn reproduce_puts_a_row_back_that_was_left_out() {
    let bench = bench();
    bench.file("long.csv", "study,events,total,arm\nA,5,119,x\nB,116,170,x\nC,30,60,y\n");
    let printed = ["--printed", "total=349", "--printed", "events=151", "--replicates", "0"];
    let edit = |arguments: &[&str]| {
        let document = bench.json(0, &[arguments, &printed[..]].concat());
        document["matches"][0]["edits"][0].clone()
    };
    let back = serde_json::json!({ "edit": "put-back", "study": "C" });
    assert_eq!(edit(&["reproduce", "long.csv", "--where", "arm=x"]), back);
    bench.file("aside.csv", "study,events,total\nC,30,60\n");
    assert_eq!(edit(&["reproduce", "pair.csv", "--aside", "aside.csv"]), back);
}

#[test]
fn reproduce_reads_a_percentage_as_another_count() {
    let bench = bench();
    // 16% of 300 is 47, 48 or 49; 48 is taken, and 47 is what was pooled.
    bench.file("p.csv", "study,percent,total\nA,16%,300\nB,50.0%,60\n");
    let document = bench.json(0, &["reproduce", "p.csv", "--printed", "events=77", "--replicates", "0"]);
    assert_eq!(
        document["matches"][0]["edits"],
        serde_json::json!([{ "edit": "recounted", "study": "A", "events": 47 }])
    );
}

#[test]
fn reproduce_holds_figures_of_one_study_too() {
    let bench = bench();
    let common = ["--printed-of", "A: weight=79.0%", "--replicates", "0", "--as-read"];
    let document =
        bench.json(0, &[&["reproduce", "pair.csv", "--printed", "estimate=0.18"][..], &common].concat());
    let best = &document["matches"][0];
    assert_eq!(
        (&best["spec"]["model"], &best["fields"][1]["study"]),
        (&Value::from("common"), &Value::from("A"))
    );
    let said =
        bench.complains(2, &["reproduce", "pair.csv", "--printed", "k=2", "--printed-of", "A weight=3%"]);
    assert!(said.contains("STUDY: FIELD=VALUE"), "{said}");
    bench.complains(2, &["reproduce", "pair.csv", "--printed", "k=2", "--printed-of", "A: tau2=3"]);
}

#[test]
fn reproduce_tries_the_likelihood_models() {
    let bench = bench();
    let glmm = bench.json(0, &["pool", "counts.csv", "--model", "glmm", "--ci", "profile"]);
    let percent = |key: &str| format!("{:.3}%", 100.0 * glmm["random"][key].as_f64().expect("a number"));
    let (estimate, ci) = (
        format!("estimate={}", percent("estimate")),
        format!("ci={},{}", percent("lower"), percent("upper")),
    );
    let document = bench
        .json(0, &["reproduce", "counts.csv", "--printed", &estimate, "--printed", &ci, "--replicates", "9"]);
    let spec = &document["matches"][0]["spec"];
    assert_eq!(
        (&spec["model"], &spec["ci"], &spec["measure"]),
        (&Value::from("glmm"), &Value::from("profile"), &Value::from("logit"))
    );
    fits_its_schema(&document);
    // The calibration redraws by inverse variance alone: of this match it has nothing to say.
    assert_eq!(
        (&document["complete"], &document["chance"], &document["chance_missing"]),
        (&document["by_full_analysis"], &Value::Null, &Value::from("full-models-alone"))
    );
    for format in ["text", "md"] {
        let said = bench.ends(
            0,
            &["reproduce", "counts.csv", "--printed", &estimate, "--printed", &ci, "--format", format],
        );
        assert!(said.contains("was not calibrated: what fits is not by inverse variance"), "{said}");
        assert!(!said.contains("by chance, in"), "{said}");
    }
}

#[test]
fn a_choice_that_is_made_is_kept_in_every_specification() {
    let bench = bench();
    for (flag, key) in
        [("--model", "glmm"), ("--tau2", "pmm"), ("--ci", "kr"), ("--ci", "hk"), ("--measure", "probit")]
    {
        let document = bench.json(0, &["multiverse", "counts.csv", flag, key]);
        let rows = document["rows"].as_array().expect("rows");
        let choice = flag.trim_start_matches('-');
        // The common-effect model estimates no τ².
        let made = |row: &&Value| choice != "tau2" || row["spec"]["model"] != "common";
        assert!(rows.iter().filter(made).all(|row| row["spec"][choice] == key), "{flag} {key}");
        let mut specs: Vec<String> = rows.iter().map(|row| row["spec"].to_string()).collect();
        let all = specs.len();
        specs.sort();
        specs.dedup();
        assert!(all > 0 && specs.len() == all, "{flag} {key}: one specification stands twice");
    }
}

/// A match on a subset alone: the calibration says nothing of subsets, and that is told.
#[test]
fn chance_is_not_claimed_for_subsets() {
    let bench = bench();
    bench.file("four.csv", "study,events,total\nA,5,119\nB,116,170\nC,30,60\nD,9,80\n");
    let arguments = [
        "reproduce",
        "four.csv",
        "--printed",
        "k=2",
        "--printed",
        "total=289",
        "--printed",
        "ci=0.14,0.21",
        "--as-read",
        "--subsets",
    ];
    let document = bench.json(0, &arguments);
    fits_its_schema(&document);
    assert_eq!(
        (&document["complete"], &document["chance"], &document["chance_missing"]),
        (&Value::from(0), &Value::Null, &Value::from("subsets-alone"))
    );
    assert_eq!(document["subsets"]["matches"][0]["left_out"][0], "C");
    for format in ["text", "md"] {
        let said = bench.ends(0, &[&arguments[..], &["--format", format]].concat());
        assert!(said.contains("was not calibrated for subsets") && !said.contains("by chance, in"), "{said}");
    }
}

/// Sends Ctrl-C as soon as the program listens, and gives what it told.
#[cfg(unix)]
fn interrupted(mut command: std::process::Command) -> Value {
    use std::process::{Command, Stdio};
    let search = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program");
    wait_until_it_listens(search.id());
    let sent = Command::new("kill").args(["-INT", &search.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let output = search.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(130));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A signal that comes before would end the program. Progress is told on terminals alone; the system knows
/// which signals are caught.
#[cfg(unix)]
fn wait_until_it_listens(id: u32) {
    let catches = || {
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"))?;
        Some(u64::from_str_radix(mask.trim(), 16).ok()? & 0b10 != 0)
    };
    for _ in 0..6000 {
        match catches() {
            Some(true) => return,
            Some(false) => std::thread::sleep(std::time::Duration::from_millis(5)),
            // Where there is no such file.
            None => return std::thread::sleep(std::time::Duration::from_secs(3)),
        }
    }
    panic!("it never listened for Ctrl-C");
}

#[cfg(unix)]
#[test]
fn an_interrupted_reproduction_tells_the_best_so_far() {
    let bench = bench();
    let rows: String = (0..20).map(|row| format!("S{row},{},{}\n", 7 + row, 40 + 3 * row)).collect();
    bench.file("twenty.csv", format!("study,events,total\n{rows}"));
    let document = interrupted(bench.command(&[
        "reproduce",
        "twenty.csv",
        "--printed",
        "estimate=27.1828%",
        "--printed",
        "ci=20.1234%,31.4159%",
        "--subsets",
        "--format",
        "json",
    ]));
    fits_its_schema(&document);
    let stopped = |of: &Value| of["stopped"] == true;
    assert!(stopped(&document) || stopped(&document["subsets"]));
    assert_eq!((&document["chance"], &document["slips"].is_boolean()), (&Value::Null, &true));
}

/// Ctrl-C on a search that would go on for days.
#[cfg(unix)]
#[test]
fn an_interrupted_search_tells_the_best_so_far() {
    let bench = bench();
    let document = interrupted(bench.command(&[
        "reconstruct",
        "--printed",
        "estimate=50.00%",
        "--printed",
        "ci=40.00%,60.01%",
        "--printed",
        "k=9",
        "--printed",
        "total=400",
        "--profile",
        "dl-wald",
        "--tries",
        "1000000000",
        "--format",
        "json",
    ]));
    assert_eq!((&document["stopped"], &document["exhaustive"]), (&Value::Bool(true), &Value::Bool(false)));
}

#[test]
fn figures_are_drawn_one_by_one() {
    let bench = bench();
    let svg = bench.ends(0, &["plot", "forest", "counts.csv", "--title", "A title"]);
    assert!(svg.starts_with("<svg ") && svg.contains("Gamma 2003") && svg.contains("A title"));
    let said = bench
        .ends(0, &["plot", "specification", "counts.csv", "--conclusion", "lower > 20%", "-o", "curve.svg"]);
    assert!(said.is_empty() && bench.read("curve.svg").contains("lower &gt; 20%"));
    assert!(bench.complains(2, &["plot", "forest", "counts.csv", "-o", "x.gif"]).contains(".svg"));
    bench.complains(2, &["plot", "tunnel", "counts.csv"]);
}

/// An analysis with everything a report can have.
const EVERYTHING: &str = r#"schema = 1
title = "Everything"
[data]
file = "counts.csv"
study = "study"
[analysis]
profile = "dl-wald"
[[outcome]]
id = "printed"
title = "As printed"
file = "counts.csv"
events = "events"
total = "total"
[[outcome]]
id = "main"
events = "events"
total = "total"
multiverse = true
conclusion = "lower > 20%"
reproduce = "printed"
[[claim]]
outcome = "printed"
source = "a paper"
estimate = "53.4%"
ci = ["33.6%", "72.2%"]
k = 4
total = 109
[[reconstruct]]
id = "rows"
title = "What the rows can have been"
claim = "printed"
events = "events"
total = "total"
without = "Delta 2004"
each-left-out = true
tries = 16
"#;

#[test]
fn a_report_shows_claims_specifications_and_reconstructions() {
    let bench = bench();
    let random = &bench.json(0, &["pool", "counts.csv", "--profile", "dl-wald"])["random"];
    let percent = |key: &str| format!("{:.1}%", 100.0 * random[key].as_f64().expect("a number"));
    let text = EVERYTHING
        .replace("53.4%", &percent("estimate"))
        .replace("33.6%", &percent("lower"))
        .replace("72.2%", &percent("upper"));
    bench.file("all.toml", &text);
    bench.ends(0, &["report", "all.toml", "-o", "out"]);
    let page = bench.read("out/report.md");
    for part in [
        "Side by side",
        "a reconstruction, not data",
        "every specification",
        "how near it comes",
        "With one of the known rows left out",
        "1 claim: 1 holds",
    ] {
        assert!(page.contains(part), "{part} is not in the report");
    }
    for file in [
        "out/check.json",
        "out/main/specification.svg",
        "out/main/specification.csv",
        "out/main/reproduce.json",
        "out/rows/reconstruct.json",
        "out/rows/forest.svg",
    ] {
        assert!(!bench.read(file).is_empty(), "{file}");
    }
    assert!(bench.read("out/rows/forest.svg").contains("A reconstruction, not the data"));
    let reconstructed: Value = serde_json::from_str(&bench.read("out/rows/reconstruct.json")).expect("JSON");
    fits_its_schema(&reconstructed);
    bench.ends(0, &["report", "all.toml", "-o", "out", "--check"]);
    bench.file("counts.csv", bench.read("counts.csv").replace("Beta 2002,9", "Beta 2002,8"));
    assert!(bench.ends(1, &["report", "all.toml", "-o", "out", "--check"]).contains("main/reproduce.json"));
}

#[test]
fn what_a_report_cannot_be_asked_for_says_where() {
    let bench = bench();
    for (from, to, words) in [
        ("multiverse = true", "multiverse = 1", &["all.toml:18", "true or false"][..]),
        ("lower > 20%\"", "lower > 20\"", &["all.toml:19", "not a conclusion"]),
        ("reproduce = \"printed\"", "reproduce = \"main\"", &["all.toml:20", "no [[claim]] about 'main'"]),
        ("claim = \"printed\"", "claim = \"x\"", &["all.toml:28", "whose printed figures"]),
        ("without = \"Delta 2004\"", "without = \"Delta\"", &["all.toml:28", "no study 'Delta'"]),
        ("id = \"rows\"", "id = \"main\"", &["all.toml:28", "already taken"]),
        ("tries = 16", "tries = 0", &["all.toml:36", "tries = 0"]),
        ("each-left-out", "each-left", &["all.toml:35", "did you mean 'each-left-out'?"]),
    ] {
        assert!(EVERYTHING.contains(from), "{from}");
        bench.file("all.toml", EVERYTHING.replace(from, to));
        let said = bench.complains(2, &["report", "all.toml", "-o", "out"]);
        assert!(words.iter().all(|word| said.contains(word)), "{to}: {said}");
    }
}
