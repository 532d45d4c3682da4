//! The tables of options: what a row promises is there, and no spec is impossible.

use std::collections::BTreeSet;

use crate::common::program::{Bench, TINY};
use metaprop::options::analysis_file::{parse, to_toml};
use metaprop::options::{
    Choice, Ci, Measure, Model, Parts, Presentation, Profile, ReadOptions, Request, Tau2, Tau2Method,
};
use metaprop::options::{Many, OptionRow, OptionSet, Shape};
use metaprop::{Dataset, MetaAnalysis, Spec, fit};
use serde_json::Value;

/// The commands that take each table of options.
const POOLING: [&[&str]; 6] = [
    &["pool"],
    &["reproduce"],
    &["multiverse"],
    &["reconstruct"],
    &["plot", "forest"],
    &["plot", "specification"],
];
const SHOWING: [&[&str]; 2] = [&["pool"], &["plot", "forest"]];
const PRINTING: [&[&str]; 6] = [
    &["pool"],
    &["reproduce"],
    &["multiverse"],
    &["reconstruct"],
    &["plot", "forest"],
    &["plot", "specification"],
];

/// Something that can be typed for an option.
fn samples<S: OptionSet>(row: &OptionRow<S>) -> Vec<String> {
    let words = row.shape.words().map(|(_, words)| words.iter().map(|word| word.key.to_string()).collect());
    words.unwrap_or_else(|| {
        let sample = match row.shape {
            Shape::Sign(signs) => signs[1],
            Shape::Percent => "90%",
            Shape::Proportion => "25%",
            Shape::Number => "0.25",
            Shape::Whole => "3",
            Shape::Switch => "true",
            _ => "a=b",
        };
        vec![sample.to_string()]
    })
}

#[test]
fn every_option_is_a_flag_with_its_documentation() {
    fn held<S: OptionSet>(commands: &[&[&str]]) {
        let bench = Bench::with(&[]);
        let (man, bash) = (bench.ends(0, &["man"]), bench.ends(0, &["completions", "bash"]));
        for command in commands {
            let help = bench.ends(0, &[command, &["--help"][..]].concat());
            let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
            for row in S::typed() {
                let flag = match row.shape {
                    Shape::Switch => format!("--{}", row.key),
                    _ => format!("--{} <{}>", row.key, row.flag.value_name),
                };
                assert!(help.contains(&flag), "{command:?} has no {flag}");
                assert!(help.contains(&row.help()), "{command:?} does not say: {}", row.help());
                assert!(man.contains(&row.key.replace('-', "\\-")), "the manual page has no {}", row.key);
                assert!(bash.contains(&format!("--{}", row.key)), "no completion of {}", row.key);
            }
        }
    }
    held::<Request>(&POOLING);
    held::<ReadOptions>(&POOLING);
    held::<Presentation>(&PRINTING);
    held::<Parts>(&SHOWING);
}

#[test]
fn every_word_is_listed_and_understood() {
    let bench = Bench::with(&[]);
    let listed: Value = serde_json::from_str(&bench.ends(0, &["list", "--format", "json"])).expect("JSON");
    let listed = listed["choices"].as_array().expect("a list");
    let with_words: Vec<_> = Request::ROWS.iter().filter(|row| row.shape.words().is_some()).collect();
    let (of_analyses, of_simulations) = listed.split_at(with_words.len());
    let names: Vec<_> = of_simulations.iter().map(|listed| &listed["choice"]).collect();
    assert_eq!(names, ["link", "distribution", "target"]);
    for (choice, row) in of_analyses.iter().zip(with_words) {
        let (about, words) = row.shape.words().expect("words");
        assert_eq!((&choice["choice"], &choice["about"]), (&row.key.into(), &about.into()));
        for (listed, word) in choice["words"].as_array().expect("words").iter().zip(words) {
            assert_eq!((&listed["key"], &listed["source"]), (&word.key.into(), &word.source.into()));
            for typed in std::iter::once(&word.key).chain(word.aliases) {
                let mut asked = Request::default();
                (row.set)(&mut asked, &typed.to_uppercase()).expect("a word");
                let kept = (row.get)(&asked);
                assert_eq!(kept.iter().map(ToString::to_string).collect::<Vec<_>>(), [word.key], "{typed}");
            }
        }
        let wrong = (row.set)(&mut Request::default(), "no such word").unwrap_err().to_string();
        assert!(wrong.contains(&format!("is not a {}", row.key)), "{wrong}");
    }
}

#[test]
fn every_option_goes_through_an_analysis_file() {
    let read = |section: &str, entry: &str| {
        let data = "[data]\nfile = \"x.csv\"\nevents = \"e\"\ntotal = \"n\"";
        let text =
            format!("schema = 1\ntitle = \"T\"\n{data}\n{section}\n{entry}\n[[outcome]]\nid = \"a\"\n");
        parse(&text, "a.toml")
    };
    // Some words go with another measure than the default one.
    let contexts = [None, Some(Measure::FreemanTukey), Some(Measure::Generic)];
    for row in Request::typed() {
        let mut accepted = 0;
        for (typed, measure) in
            samples(row).into_iter().flat_map(|typed| contexts.map(|of| (typed.clone(), of)))
        {
            let measure = measure.filter(|_| row.key != Measure::NAME);
            let context = measure.map(|measure| format!("measure = \"{}\"\n", measure.key()));
            // The quadrature goes with one model alone.
            let model = (row.key == "quadrature").then_some(Model::Glmm);
            let context = context.unwrap_or_default() + model.map_or("", |_| "model = \"glmm\"\n");
            let mut asked = Request { measure, model, ..Request::default() };
            (row.set)(&mut asked, &typed).expect("a value");
            let entries = format!("{context}{} = \"{typed}\"", row.key);
            match read("[analysis]", &entries) {
                Ok(file) => {
                    assert_eq!(file.analysis, asked, "{}", row.key);
                    assert_eq!(parse(&to_toml(&file), "again.toml").expect("what was written"), file);
                    accepted += 1;
                }
                Err(error) => assert!(error.to_string().contains("does not apply"), "{}: {error}", row.key),
            }
        }
        assert!(accepted > 0, "no value of {} was accepted", row.key);
    }
    for row in Parts::ROWS {
        let typed = &samples(row)[0];
        let value = if row.shape == Shape::Switch { typed.clone() } else { format!("\"{typed}\"") };
        let file = read("[analysis]", &format!("{} = {value}", row.key)).expect("a file");
        assert_eq!((row.get)(&file.parts).len(), 1, "{}", row.key);
        assert_eq!(parse(&to_toml(&file), "again.toml").expect("what was written"), file);
    }
    for row in Presentation::ROWS {
        let file = read("[analysis]", &format!("{} = {}", row.key, samples(row)[0])).expect("a file");
        assert_eq!((row.get)(&file.presentation).len(), 1, "{}", row.key);
        assert_eq!(parse(&to_toml(&file), "again.toml").expect("what was written"), file);
    }
    let of_estimates = [
        "estimate = \"y\"\nse = \"s\"\ninput-scale = \"logit\"",
        "estimate = \"y\"\nvariance = \"v\"",
        "estimate = \"y\"\nlower = \"l\"\nupper = \"u\"\ninput-level = \"90%\"",
    ];
    for columns in of_estimates {
        let text = format!(
            "schema = 1\ntitle = \"T\"\n[data]\nfile = \"x.csv\"\n{columns}\n[[outcome]]\nid = \"a\"\n"
        );
        let file = parse(&text, "a.toml").expect("a file");
        assert_eq!(to_toml(&file).matches('=').count(), text.matches('=').count() + 1, "{}", to_toml(&file));
        assert_eq!(parse(&to_toml(&file), "again.toml").expect("what was written"), file);
    }
    let said: String = of_estimates.concat();
    let of_counts = ["events", "percent", "total"];
    let others =
        ReadOptions::ROWS.iter().filter(|row| !of_counts.contains(&row.key) && !said.contains(row.key));
    for row in others {
        let typed = &samples(row)[0];
        let value = match (row.many, row.shape) {
            (_, Shape::Switch) => typed.clone(),
            (Many::One, _) => format!("\"{typed}\""),
            _ => format!("[\"{typed}\"]"),
        };
        let file = read("", &format!("{} = {value}", row.key)).expect("a file");
        assert_eq!((row.get)(&file.data.read).len(), 1, "{}", row.key);
        assert_eq!(parse(&to_toml(&file), "again.toml").expect("what was written"), file);
    }
}

#[test]
fn the_document_on_the_analysis_file_names_every_key() {
    let text = include_str!("../../docs/analysis-file.md");
    let words: BTreeSet<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '-')).collect();
    let keys = [Request::keys(), ReadOptions::keys(), Presentation::keys(), Parts::keys()].concat();
    let missing: Vec<_> = keys.into_iter().filter(|key| !words.contains(key)).collect();
    assert!(missing.is_empty(), "docs/analysis-file.md does not name {missing:?}");
}

#[test]
fn every_choice_stands_in_documents_and_in_their_schema() {
    let schema = &metaprop::report::schema::all()["metaprop/1"]["properties"]["spec"];
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let all: Vec<String> =
        Request::ROWS.iter().map(|row| row.field).chain(["conventions"]).map(str::to_string).collect();
    assert_eq!(keys(&schema["properties"]), all);
    let required: Vec<&str> =
        schema["required"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let generic = Request { measure: Some(Measure::Generic), ..Request::default() };
    // The scale of estimates is there for them alone, and the quadrature for the binomial-normal model.
    let glmm = Request { model: Some(Model::Glmm), ..Request::default() };
    for (spec, omitted) in
        [(Spec::default(), 2), (generic.resolve().expect("a spec"), 1), (glmm.resolve().expect("a spec"), 1)]
    {
        let document = serde_json::to_value(spec).expect("a document");
        let found = keys(&document);
        assert_eq!(found.len() + omitted, all.len());
        assert!(
            found.iter().all(|key| all.contains(key))
                && required.iter().all(|key| document.get(key).is_some())
        );
        for (field, value) in document.as_object().expect("an object") {
            let may_be_null = schema["properties"][field]["anyOf"][1]["type"] == "null";
            assert!(may_be_null || !value.is_null(), "{field} is null");
        }
    }
}

#[test]
fn no_result_document_goes_with_a_flag_that_says_what_it_has() {
    let bench = Bench::with(&[]);
    bench.ends(0, &["pool", "counts.csv", "-q", "-o", "result.json"]);
    let value = |shape, sample: String| if shape == Shape::Switch { None } else { Some(sample) };
    let flags = Request::typed().map(|row| (row.key, value(row.shape, samples(row).remove(0))));
    let columns = ReadOptions::ROWS.iter().map(|row| (row.key, value(row.shape, samples(row).remove(0))));
    for (key, value) in flags.chain(columns) {
        let flag = format!("--{key}");
        let arguments = ["pool", "--from", "result.json", &flag].into_iter().chain(value.as_deref());
        let said = bench.complains(2, &arguments.collect::<Vec<_>>());
        assert!(said.contains(&format!("cannot be used with '--{key}")), "{said}");
    }
}

#[test]
fn every_spec_is_its_own_request_and_its_own_document() {
    for (profile, model, measure) in Profile::ALL.iter().flat_map(|profile| {
        let models = Model::ALL.iter().map(move |model| (profile, model));
        models
            .flat_map(|(profile, model)| Measure::ALL.iter().map(move |measure| (*profile, *model, *measure)))
    }) {
        let asked = Request {
            profile: Some(profile),
            model: Some(model),
            measure: Some(measure),
            ..Request::default()
        };
        let Ok(spec) = asked.resolve() else { continue };
        assert_eq!(spec.request().resolve().expect("a spec"), spec);
        let document = serde_json::to_string(&spec).expect("a document");
        assert_eq!(serde_json::from_str::<Spec>(&document).expect("a spec"), spec);
    }
}

#[test]
fn impossible_specs_cannot_be_had() {
    let asked = |change: fn(&mut Request)| {
        let mut asked = Request::default();
        change(&mut asked);
        asked.resolve().expect_err("an impossible choice").to_string()
    };
    assert!(asked(|asked| asked.zero_amount = Some(-3.0)).contains("zero-amount = -3"));
    assert!(asked(|asked| asked.zero_amount = Some(f64::NAN)).contains("zero-amount = NaN"));
    assert!(asked(|asked| asked.null = Some(7.0)).contains("null = 7"));
    assert!(asked(|asked| asked.cutoff = Some(f64::NAN)).contains("cutoff = NaN"));
    assert!(asked(|asked| asked.tau2 = Some(Tau2::Fixed(-1.0))).contains("tau2 = -1"));
    assert!(asked(|asked| asked.tau2 = Some(Tau2::Fixed(f64::INFINITY))).contains("tau2 = inf"));

    // A document that somebody edited.
    let document = serde_json::to_value(Spec::default()).expect("a document");
    for (field, value, said) in [
        ("zero_amount", Value::from(-3.0), "zero-amount = -3"),
        ("null", 7.0.into(), "null = 7"),
        ("tau2", (-1.0).into(), "tau2 = -1"),
        ("level", 100.0.into(), "100%"),
        ("ci", "profile".into(), "ci = profile"),
        ("model", "glmm".into(), "does not apply to model = glmm"),
        ("back_transform", "harmonic".into(), "it belongs to measure = freeman-tukey"),
        ("seed", 3.into(), "does not go with its choices"),
        ("colour", "red".into(), "unknown field"),
    ] {
        let mut edited = document.clone();
        edited[field] = value;
        let error = serde_json::from_value::<Spec>(edited).expect_err(field).to_string();
        assert!(error.contains(said), "{field}: {error}");
    }
    let bench = Bench::with(&[]);
    bench.ends(0, &["pool", "counts.csv", "-q", "-o", "result.json"]);
    let mut result: Value = serde_json::from_str(&bench.read("result.json")).expect("JSON");
    result["spec"]["null"] = 7.0.into();
    bench.file("edited.json", result.to_string());
    let said = bench.complains(3, &["pool", "--from", "edited.json"]);
    assert!(said.contains("edited.json: null = 7 is not a proportion"), "{said}");
}

#[test]
fn the_builder_asks_what_the_command_line_asks() {
    let rows = TINY.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[0].to_string(), cells[1].parse().expect("a count"), cells[2].parse().expect("a count"))
    });
    let data = Dataset::proportions(rows).expect("counts");
    let built = MetaAnalysis::of_proportions()
        .profile(Profile::DlWald)
        .measure("PFT")
        .tau2(Tau2Method::Pm)
        .ci(Ci::T)
        .prediction("hts")
        .back_transform("geometric")
        .level(90)
        .null(0.4)
        .cutoff(0.6)
        .fit(&data)
        .expect("a result");
    let bench = Bench::with(&[]);
    let typed = "--profile dl-wald --measure pft --tau2 pm --ci t --prediction hts --back-transform geometric \
                 --level 90 --null 40% --cutoff 60%";
    let arguments: Vec<&str> = ["pool", "counts.csv"].into_iter().chain(typed.split_whitespace()).collect();
    let document = bench.json(0, &arguments);
    assert_eq!(document["spec"], serde_json::to_value(&built.spec).expect("a document"));
    assert_eq!(document["random"], serde_json::to_value(&built.random).expect("a document"));
    assert_eq!(built, fit(&data, &built.spec).expect("a result"));

    let error = MetaAnalysis::of_proportions()
        .tau2(-0.5)
        .measure("logti")
        .zero_amount(-3.0)
        .model(Model::Common)
        .ci(Ci::Hk)
        .spec()
        .expect_err("four impossible choices")
        .to_string();
    for said in ["tau2 = -0.5", "did you mean 'logit'", "zero-amount = -3", "ci = hk does not apply"] {
        assert!(error.contains(said), "{said}: {error}");
    }
    assert_eq!(
        metaprop::analysis::Analysis::of(built.spec.request()).spec().expect("a spec"),
        built.spec,
        "a request that was made elsewhere"
    );
}
