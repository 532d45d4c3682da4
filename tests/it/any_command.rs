//! Every command with a JSON document over random small tables: the document is as its schema says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value;

use crate::common::program::Bench;
use crate::promises::documents::Schemas;

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(Schemas::of_the_program);

/// The commands, as they are typed; LINE is the printed result of the table, SIZE the number of its
/// studies, PEOPLE the sum of their totals.
const COMMANDS: [&str; 21] = [
    "pool t.csv",
    "pool t.csv --explain-diff meta,dl-wald",
    "subgroup t.csv --subgroup group",
    "leave-one-out t.csv",
    "cumulative t.csv --sort dose",
    "influence t.csv --conclusion lower>10%",
    "gosh t.csv --subsets 30",
    "regress t.csv --mods dose",
    "bias t.csv --steps 0.025,0.5",
    "multiverse t.csv --conclusion lower>10%",
    "simulate --n-from t.csv --p 20% --true-tau2 0.5 --repetitions 3",
    "columns t.csv",
    "grim percentages.csv",
    "grim PERCENT% --n 20",
    "check t.csv --line LINE",
    "scan paper.txt",
    "scan paper.txt a.toml",
    "reproduce t.csv --line LINE --replicates 5",
    "reproduce t.csv --line LINE --subsets --replicates 0",
    "reconstruct --line LINE --printed k=3 --printed total=60 --budget 50 --tries 1",
    "reconstruct --known t.csv --line LINE --printed k=SIZE --printed total=PEOPLE --also estimate=20% --also-events events --budget 50 --tries 1",
];

/// Commands that take the choices of an analysis beside their own options.
fn takes_choices(command: &str) -> bool {
    !["columns", "grim", "scan", "pool t.csv --explain-diff"].iter().any(|other| command.starts_with(other))
}

/// Events, total and dose.
type Row = (u64, u64, u8);

/// Rows of events, total, and a dose: small, with empty and full studies.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (1..60_u64, 0..6_u8, 0.0..1.0_f64, 0..5_u8).prop_map(|(total, kind, share, dose)| match kind {
        0 => (0, total, dose),
        1 => (total, total, dose),
        _ => (((share * total as f64) as u64).min(total), total, dose),
    });
    prop::collection::vec(row, 1..8)
}

/// Choices as they are typed; those that do not go together are refused, which is an answer too.
fn choices() -> impl Strategy<Value = Vec<&'static str>> {
    let flags: [&[&str]; 12] = [
        &[],
        &["--profile", "meta"],
        &["--profile", "stata"],
        &["--measure", "freeman-tukey"],
        &["--measure", "log", "--level", "90"],
        &["--model", "common"],
        &["--model", "glmm"],
        &["--model", "beta-binomial"],
        &["--model", "ivhet", "--null", "40%"],
        &["--tau2", "dl", "--prediction", "none"],
        &["--ci", "profile", "--tau2", "ml", "--tau2-ci", "profile"],
        &["--zero-cells", "none", "--cutoff", "30%"],
    ];
    prop::sample::select(flags.to_vec()).prop_map(<[_]>::to_vec)
}

/// The folder with the table, the percentages of its rows and an analysis file.
fn bench(rows: &[Row]) -> Bench {
    let mut table = String::from("study,events,total,group,dose\n");
    let mut percentages = String::from("study,percent,total\n");
    for (at, (events, total, dose)) in rows.iter().enumerate() {
        let group = ["x", "y"][at % 2];
        writeln!(table, "Study {at},{events},{total},{group},{dose}").expect("text");
        let percent = *events as f64 / *total as f64 * 100.0 + f64::from(*dose) / 10.0;
        writeln!(percentages, "Study {at},{:.1}%,{total}", percent.min(100.0)).expect("text");
    }
    let analysis = "schema = 1\ntitle = \"T\"\n[data]\nfile = \"t.csv\"\n[[outcome]]\nid = \"a\"\ntitle = \"A\"\nevents = \"events\"\ntotal = \"total\"\n";
    Bench::with(&[("t.csv", &table), ("percentages.csv", &percentages), ("a.toml", analysis)])
}

/// Sentences with the pooled result and with the counts of the first study, whose percentage may be wrong.
fn paper(rows: &[Row], line: &str) -> String {
    let (events, total, dose) = rows[0];
    let percent = events * 100 / total;
    format!("The pooled proportion was {line}. Of {total} people {events} ({percent}.{dose}%) responded.")
}

/// What a command printed as a document, with what is wrong with it; none where the command was refused.
fn answer(bench: &Bench, arguments: &[String], schemas: &Schemas) -> (Option<Value>, Vec<String>) {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--format", "json"]).collect();
    let output = bench.run(&arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code();
    // 2, 3 and 4: choices that do not go together, rows that none is left of, no maximum. They print no document.
    match (code, output.stdout.is_empty()) {
        (Some(2..=4), true) => return (None, Vec::new()),
        (Some(0 | 1), false) => {}
        _ => return (None, vec![format!("exit {code:?}: {said}")]),
    }
    match serde_json::from_slice::<Value>(&output.stdout) {
        Ok(document) => {
            let wrong = schemas.complaints(&document);
            (Some(document), wrong)
        }
        Err(error) => (None, vec![error.to_string()]),
    }
}

/// The command with the printed line and what is known of the table in place of the words that stand for them.
fn typed(command: &str, rows: &[Row], line: &str) -> Vec<String> {
    let people: u64 = rows.iter().map(|(_, total, _)| total).sum();
    let percent = line.split('%').next().expect("an estimate");
    let known = [
        ("LINE", line.to_owned()),
        ("PERCENT", percent.to_owned()),
        ("SIZE", rows.len().to_string()),
        ("PEOPLE", people.to_string()),
    ];
    let put_in =
        |word: &str| known.iter().fold(word.to_owned(), |word, (name, value)| word.replace(name, value));
    command.split(' ').map(put_in).collect()
}

/// The pooled result of the table, as it would be printed; another one where the table has none.
fn printed_of(bench: &Bench, choices: &[&str]) -> String {
    let arguments: Vec<&str> = [&["pool", "t.csv", "--format", "json"], choices].concat();
    let document = serde_json::from_slice::<Value>(&bench.run(&arguments).stdout).unwrap_or_default();
    let percent = |key: &str| document["random"][key].as_f64().map(|proportion| proportion * 100.0);
    match [percent("estimate"), percent("lower"), percent("upper")] {
        [Some(estimate), Some(lower), Some(upper)] => format!("{estimate:.1}% ({lower:.1}% to {upper:.1}%)"),
        _ => "30.0% (20.1% to 43.1%)".to_owned(),
    }
}

/// What is wrong with the documents of all commands over this table; the schemas that were seen go into `seen`.
fn complaints(rows: &[Row], choices: &[&str], schemas: &Schemas, seen: &mut BTreeSet<String>) -> Vec<String> {
    let bench = bench(rows);
    let line = printed_of(&bench, choices);
    bench.file("paper.txt", paper(rows, &line));
    let mut wrong = Vec::new();
    for command in COMMANDS {
        let mut arguments = typed(command, rows, &line);
        if takes_choices(command) {
            arguments.extend(choices.iter().map(|word| (*word).to_owned()));
        }
        let (document, complaints) = answer(&bench, &arguments, schemas);
        wrong.extend(complaints.into_iter().map(|complaint| format!("{arguments:?}: {complaint}")));
        seen.extend(document.and_then(|document| document["schema"].as_str().map(str::to_owned)));
    }
    wrong
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 10, ..ProptestConfig::default() })]

    #[test]
    fn every_document_is_as_its_schema_says(rows in rows(), choices in choices()) {
        let wrong = complaints(&rows, &choices, &SCHEMAS, &mut BTreeSet::new());
        prop_assert_eq!(wrong, Vec::<String>::new(), "{:?} {:?}", rows, choices);
    }
}

#[test]
fn the_commands_have_every_document() {
    let rows = [(3, 12, 1), (0, 33, 2), (21, 66, 3), (8, 18, 0), (5, 19, 4)];
    let mut seen = BTreeSet::new();
    assert_eq!(complaints(&rows, &[], &SCHEMAS, &mut seen), Vec::<String>::new());
    let of_no_table = ["selftest".to_owned()];
    let (document, wrong) = answer(&Bench::with(&[]), &of_no_table, &SCHEMAS);
    assert_eq!(wrong, Vec::<String>::new());
    seen.extend(document.and_then(|document| document["schema"].as_str().map(str::to_owned)));
    assert_eq!(seen, SCHEMAS.names());
}

#[test]
fn a_nearest_table_without_limits_is_printed_without_them() {
    let bench = Bench::with(&[("one.csv", "study,events,total\nA,0,1\n")]);
    let size = ["--known", "one.csv", "--printed", "k=1", "--printed", "total=1", "--tries", "1"];
    let figures = ["--line", "30.0% (20.1% to 43.1%)", "--measure", "log"];
    let also = ["--also", "estimate=20%", "--also-events", "events"];
    for (outcomes, shown) in
        [(&[][..], "the nearest gives 25.00%."), (&also, "the nearest gives 25.00% and 25.00%.")]
    {
        let command = [&["reconstruct"], &size[..], &figures, outcomes].concat();
        let text = bench.ends(1, &command);
        assert!(text.contains(shown) && !text.contains("NaN"), "{text}");
        let document = bench.json(1, &command);
        assert_eq!(document["nearest"]["distance"], Value::Null);
        assert_eq!(SCHEMAS.complaints(&document), Vec::<String>::new());
    }
}
