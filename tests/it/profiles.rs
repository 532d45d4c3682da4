//! What `docs/profiles.md` says of each profile is what the profile does.

use std::collections::BTreeMap;
use std::path::PathBuf;

use metaprop::Spec;
use metaprop::options::Request;
use metaprop::options::{Choice, Ci, Measure, Model, PredictionMethod, Profile, Tau2Ci, Tau2Method};

/// The rows of a profile's own table, by convention.
fn document(profile: Profile) -> BTreeMap<String, String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/profiles.md");
    let text = std::fs::read_to_string(file).unwrap();
    let heading = format!("### `{}`\n", profile.key());
    let section = text.split_once(&heading).expect("a section a profile").1;
    let section = section.split("\n##").next().unwrap();
    let rows =
        section.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    rows.map(|(convention, what)| (convention.to_string(), what.to_string())).collect()
}

/// The first word in code type.
fn key(what: &str) -> &str {
    what.strip_prefix('`').and_then(|rest| rest.split('`').next()).expect("a key in code type")
}

fn spec(profile: Profile, request: Request) -> Spec {
    Request { profile: Some(profile), ..request }.resolve().unwrap()
}

#[test]
fn every_key_is_the_one_that_takes_effect() {
    for &profile in Profile::ALL {
        let (document, spec) = (document(profile), spec(profile, Request::default()));
        let back =
            self::spec(profile, Request { measure: Some(Measure::FreemanTukey), ..Request::default() });
        let found = [
            ("measure", spec.measure().key()),
            ("zero-cells", spec.zero_cells().key()),
            ("tau2-ci", spec.tau2_ci().key()),
            ("i2", spec.i2().key()),
            ("ci", spec.ci().key()),
            ("prediction", spec.prediction().key()),
            ("study-ci", spec.study_ci().key()),
            ("back-transform", back.back_transform().unwrap().key()),
        ];
        for (convention, taken) in found {
            assert_eq!(key(&document[convention]), taken, "{}: {convention}", profile.key());
        }
        assert_eq!(key(&document["tau2"]), spec.tau2().key(), "{}", profile.key());
        for convention in ["degrees of freedom", "weights shown", "tests"] {
            assert!(document.contains_key(convention), "{}: {convention}", profile.key());
        }
    }
}

/// The conventions of packages, in the words of the tables.
#[test]
fn corrections_are_those_of_the_package() {
    for &profile in Profile::ALL {
        let (document, spec) = (document(profile), spec(profile, Request::default()));
        let correction = &document["zero-cells"];
        let wrong = match (profile, format!("{:?}", spec.conventions().log_denominator).as_str()) {
            (Profile::Stata, _) => !correction.contains("listed in `excluded`"),
            (_, "Both") => !correction.contains("n + 2a") || !correction.contains("estimate and variance"),
            _ => !correction.contains("n + a,") || !correction.contains("estimate x/n"),
        };
        assert!(!wrong, "{}: {correction}", profile.key());
    }
}

/// What the tables say of choices that follow another choice.
#[test]
fn defaults_follow_the_choices_that_they_say_they_follow() {
    for (ci, prediction) in [
        (Ci::T, PredictionMethod::T),
        (Ci::Hk, PredictionMethod::Hk),
        (Ci::HkFloor, PredictionMethod::Hk),
        (Ci::Wald, PredictionMethod::Z),
    ] {
        assert_eq!(
            spec(Profile::Metafor, Request { ci: Some(ci), ..Request::default() }).prediction(),
            prediction
        );
    }
    for profile in [Profile::Meta, Profile::Meta7] {
        let dl =
            Request { tau2: Some(metaprop::options::Tau2::Estimated(Tau2Method::Dl)), ..Request::default() };
        assert_eq!(spec(profile, dl).tau2_ci(), Tau2Ci::Jackson);
        assert!(document(profile)["tau2-ci"].contains("`jackson` with `--tau2 dl`"));
    }
    let common = Request { model: Some(Model::Common), ..Request::default() };
    assert_eq!(spec(Profile::Metafor, common).i2().key(), "q");
}

/// "As none is made by default, the two profiles give the same numbers."
#[test]
fn meta7_differs_from_meta_in_its_name_alone() {
    let (meta, seven) = (spec(Profile::Meta, Request::default()), spec(Profile::Meta7, Request::default()));
    let key = |spec: &Spec| serde_json::to_value(spec).unwrap()["profile"].clone();
    assert_eq!((key(&meta), key(&seven)), ("meta".into(), "meta7".into()));
    let mut seven = serde_json::to_value(seven).unwrap();
    seven["profile"] = "meta".into();
    assert_eq!(seven, serde_json::to_value(meta).unwrap());
}
