//! The analyses that go on from a pooled result, against the reference cases that have a `command`.

use std::fs;
use std::path::PathBuf;

use metaprop::analysis::{GoshOptions, Refit};
use metaprop::options::Request;
use metaprop::report::{CumulativeReport, Document, GoshReport, InfluenceReport, LeaveOneOutReport};
use metaprop::{Dataset, MetaAnalysis, Spec, fit};
use serde::Deserialize;
use serde_json::Value;

use crate::common::program::fits_its_schema;

/// A case with the analysis that it starts from.
pub struct Case {
    pub name: String,
    pub result: MetaAnalysis,
    pub case: Value,
}

/// The cases of a command, over all data sets.
pub fn cases(command: &str) -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/data");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("the data").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files.iter().flat_map(|file| of_file(&fs::read_to_string(file).expect("text"), command)).collect()
}

fn of_file(text: &str, command: &str) -> Vec<Case> {
    let file: Value = serde_json::from_str(text).expect("JSON");
    let Some(cases) = file["cases"].as_array() else { return Vec::new() };
    let cases = cases.iter().filter(|case| case["spec"]["command"] == command);
    cases
        .map(|case| Case {
            name: format!("{}/{}", file["dataset"].as_str().expect("a name"), case["id"]),
            result: fit(&table(&file, case), &spec_of(case)).expect("a result"),
            case: case.clone(),
        })
        .collect()
}

fn table(file: &Value, case: &Value) -> Dataset {
    let studies = file["studies"].as_array().expect("studies");
    let count = |study: &Value, key: &str| study[key].as_u64().expect("a count");
    let most = if case["spec"]["studies"] == "first 8" { 8 } else { usize::MAX };
    let rows = studies.iter().take(most);
    let rows = rows.map(|s| (s["study"].as_str().expect("a name"), count(s, "events"), count(s, "total")));
    Dataset::proportions(rows).expect("counts")
}

/// A file of reference cases.
pub fn data_file(name: &str) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/data");
    serde_json::from_str(&fs::read_to_string(folder.join(format!("{name}.json"))).expect("a file"))
        .expect("JSON")
}

/// The choices among the keys of a case.
pub fn spec_of(case: &Value) -> Spec {
    let of_pool = ["profile", "measure", "zero-cells", "amount", "model", "tau2", "ci"];
    let choices = case["spec"].as_object().expect("a spec").iter();
    let choices = choices.filter(|(key, _)| of_pool.contains(&key.as_str()));
    let choices = choices.map(|(key, value)| match key.as_str() {
        "amount" => ("zero-amount".to_string(), value.clone()),
        _ => (key.clone(), value.clone()),
    });
    Request::deserialize(Value::Object(choices.collect())).expect("choices").resolve().expect("a spec")
}

/// What a row has under a key of the reference.
type Column<'a> = (&'a str, Box<dyn Fn(usize) -> Option<f64> + 'a>);

/// Holds columns of a case, but for the first rows; how many numbers were compared.
fn hold(case: &Case, columns: &[Column<'_>], skip: usize) -> usize {
    let tolerance = case.case["tolerance"].as_f64().expect("a tolerance");
    let mut compared = 0;
    for (key, column) in columns {
        let Some(wanted) = case.case["expect"][key].as_array() else { continue };
        for (row, want) in wanted.iter().enumerate().skip(skip) {
            let (want, got) = (want.as_f64().expect("a number"), column(row).unwrap_or(f64::NAN));
            // At its boundary the peer's τ² is 0 to its own tolerance.
            let allowed = tolerance * want.abs().max(0.1);
            assert!((got - want).abs() <= allowed, "{} {key} {row}: {got} and not {want}", case.name);
            compared += 1;
        }
    }
    compared
}

fn refits<'a>(rows: &'a [&'a Refit]) -> Vec<Column<'a>> {
    fn column<'a>(rows: &'a [&'a Refit], key: &'static str, get: fn(&Refit) -> Option<f64>) -> Column<'a> {
        (key, Box::new(move |row| get(rows[row])))
    }
    vec![
        column(rows, "y", |row| row.y),
        column(rows, "se", |row| row.se),
        column(rows, "estimate", |row| row.estimate),
        column(rows, "lower", |row| row.lower),
        column(rows, "upper", |row| row.upper),
        column(rows, "q", |row| row.q),
        column(rows, "q_p", |row| row.p_q),
        column(rows, "tau2", |row| row.tau2),
        column(rows, "i2", |row| row.i2),
    ]
}

#[test]
fn without_each_study() {
    let mut compared = 0;
    for case in cases("leave-one-out") {
        let all = case.result.leave_one_out().expect("rows");
        let rows: Vec<&Refit> = all.rows.iter().map(|row| &row.result).collect();
        compared += hold(&case, &refits(&rows), 0);
    }
    assert_eq!(compared, 4 * 9 * (14 + 14 + 60));
}

#[test]
fn as_studies_are_added() {
    let mut compared = 0;
    for case in cases("cumulative") {
        let all = case.result.cumulative(None).expect("rows");
        let rows: Vec<&Refit> = all.rows.iter().map(|row| &row.result).collect();
        // Of one study R metafor has τ² = 0; here there is none.
        compared += hold(&case, &refits(&rows), 1);
        assert_eq!((rows[0].tau2, rows[0].i2, rows[0].q, rows[0].p_q), (None, None, Some(0.0), Some(1.0)));
        let first = case.result.row(0);
        assert!(
            (rows[0].estimate.expect("the study") - first.proportion.expect("a proportion")).abs() < 0.05
        );
    }
    assert_eq!(compared, 4 * 9 * (13 + 13 + 59));
}

#[test]
fn influence() {
    let mut compared = 0;
    for case in cases("influence") {
        let all = case.result.influence().expect("rows");
        let column = |get: fn(&metaprop::analysis::StudyInfluence) -> Option<f64>| -> Box<dyn Fn(usize) -> Option<f64>> {
            let values: Vec<_> = all.rows.iter().map(get).collect();
            Box::new(move |row| values[row])
        };
        // Other cases of this command are about residuals that are not studentised by deletion.
        if case.case["expect"]["cook_d"].is_null() {
            continue;
        }
        let columns = [
            ("rstudent", column(|row| row.rstudent)),
            ("dffits", column(|row| row.dffits)),
            ("cook_d", column(|row| row.cook)),
            ("cov_r", column(|row| row.cov_ratio)),
            ("tau2_del", column(|row| row.tau2_deleted)),
            ("qe_del", column(|row| row.q_deleted)),
            ("hat", column(|row| row.hat)),
            ("weight", column(|row| row.weight)),
            ("dfbetas", column(|row| row.dfbetas)),
        ];
        compared += hold(&case, &columns, 0);
        let marked: Vec<Value> = all.rows.iter().map(|row| row.influential.into()).collect();
        assert_eq!(case.case["expect"]["influential"], Value::Array(marked), "{}", case.name);
    }
    assert_eq!(compared, 2 * 9 * (14 + 14 + 60));
}

#[test]
fn every_subset() {
    let mut compared = 0;
    for case in cases("gosh") {
        let all = case.result.gosh(&GoshOptions::default()).expect("subsets");
        assert!(all.exhaustive && all.failed == 0);
        assert_eq!(case.case["expect"]["subsets"], all.rows.len());
        let summary = all.summary();
        let extreme = |get: fn(&metaprop::analysis::Subset) -> Option<f64>, pick: fn(f64, f64) -> f64| {
            all.rows.iter().filter_map(get).reduce(pick)
        };
        for (key, got) in [
            ("mean_y", summary.y_mean),
            ("sd_y", summary.y_sd),
            ("mean_tau2", summary.tau2_mean),
            ("mean_i2", summary.i2_mean),
            ("mean_estimate", summary.estimate_mean),
            ("min_y", extreme(|row| row.y, f64::min)),
            ("max_y", extreme(|row| row.y, f64::max)),
            ("max_tau2", extreme(|row| row.tau2, f64::max)),
        ] {
            let want = case.case["expect"][key].as_f64().expect(key);
            let got = got.expect(key);
            assert!((got - want).abs() <= 1e-8 * want.abs().max(1e-3), "{} {key}: {got} {want}", case.name);
            compared += 1;
        }
    }
    assert_eq!(compared, 3 * 8);
}

/// A subset's numbers are those of an analysis of its studies alone, for every kind of model.
#[test]
fn a_subset_is_what_its_studies_give_alone() {
    let rows = [("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18), ("E", 3, 40)];
    for (model, measure) in [
        ("random", "logit"),
        ("common", "logit"),
        ("ivhet", "arcsine"),
        ("random", "freeman-tukey"),
        ("glmm", "logit"),
        ("beta-binomial", "logit"),
    ] {
        let analysis = || {
            let analysis = MetaAnalysis::of_proportions().model(model).measure(measure);
            if model == "random" { analysis.tau2("dl") } else { analysis }
        };
        let all = analysis().fit(&Dataset::proportions(rows).unwrap()).unwrap();
        let gosh = all.gosh(&GoshOptions::default()).unwrap();
        assert_eq!((gosh.rows.len(), gosh.failed), (26, 0), "{model} {measure}");
        for subset in &gosh.rows {
            let studies = gosh.studies(subset);
            let alone = Dataset::proportions(studies.iter().map(|study| rows[*study as usize])).unwrap();
            let alone = analysis().fit(&alone).unwrap();
            let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-9 * a.abs().max(1.0),
                (a, b) => a == b,
            };
            assert!(close(subset.y, alone.pooled().y), "{model} {measure} {studies:?}");
            assert!(
                close(Some(subset.estimate), Some(alone.pooled().estimate)),
                "{model} {measure} {studies:?}"
            );
            assert!(
                close(subset.i2, alone.heterogeneity.i2.map(|i2| i2.estimate)),
                "{model} {measure} {studies:?}"
            );
            assert!(close(subset.q, alone.heterogeneity.test().map(|test| test.statistic)));
        }
    }
}

#[test]
fn drawn_subsets_depend_on_the_seed_alone() {
    let data = Dataset::read("@opioid-jordan2017").unwrap();
    let result = fit(&data, &Spec::default()).unwrap();
    let mut options = GoshOptions::default();
    options.subsets = Some(500);
    let one = result.gosh(&options).unwrap();
    assert!(!one.exhaustive && one.rows.len() == 500);
    assert_eq!(one, result.gosh(&options).unwrap());
    options.seed = 2;
    assert_ne!(one, result.gosh(&options).unwrap());
    options.subsets = Some(u64::MAX);
    assert!(result.gosh(&options).is_err());
    // Each study is in half of them.
    for study in one.by_study() {
        assert!((200..=300).contains(&study.subsets_with), "{study:?}");
    }
}

#[test]
fn documents_are_as_their_schemas_say() {
    let data = Dataset::proportions([("A", 8, 12), ("B", 0, 13), ("C", 21, 66), ("D", 8, 18)]).unwrap();
    for model in ["random", "common", "glmm", "beta-binomial", "ivhet"] {
        let result = MetaAnalysis::of_proportions().model(model).fit(&data).unwrap();
        let document = |json: String| fits_its_schema(&serde_json::from_str(&json).expect("JSON"));
        document(LeaveOneOutReport::new(&result, result.leave_one_out().unwrap()).json());
        document(
            CumulativeReport::new(&result, result.cumulative(Some("-total".parse().unwrap())).unwrap())
                .json(),
        );
        document(InfluenceReport::new(&result, result.influence().unwrap()).json());
        let gosh = result.gosh(&GoshOptions::default()).unwrap();
        document(GoshReport::new(&result, &gosh).with_rows().json());
    }
}

#[test]
fn one_study_is_refused_where_one_is_left_out() {
    let result = fit(&Dataset::proportions([("A", 8, 12)]).unwrap(), &Spec::default()).unwrap();
    let gosh = result.gosh(&GoshOptions::default()).unwrap_err();
    for error in [result.leave_one_out().unwrap_err(), result.influence().unwrap_err(), gosh] {
        assert_eq!(error.exit_code(), 3);
        assert!(error.to_string().contains("at least two studies"), "{error}");
    }
    assert_eq!(result.cumulative(None).unwrap().rows.len(), 1);
    let mut of_one = GoshOptions::default();
    of_one.min_size = 1;
    assert_eq!(result.gosh(&of_one).unwrap().rows.len(), 1);
}

/// What is called the smallest set is: every smaller one is fitted here again, and leaves the conclusion standing.
#[test]
fn the_smallest_removal_is_the_smallest() {
    for (name, statement, size) in
        [("@tofacitinib-aa", "upper > 60%", 5), ("@pritz1997", "estimate > 72%", 2)]
    {
        let result = fit(&Dataset::read(name).unwrap(), &Spec::default()).unwrap();
        let conclusion = statement.parse().unwrap();
        let removal = result.smallest_removal(&conclusion).unwrap();
        if removal.holds != Some(true) {
            assert_eq!((removal.size, removal.fitted), (None, 0), "{name}");
            continue;
        }
        assert!(removal.proved_smallest && removal.tried_up_to + 1 == removal.size.unwrap(), "{name}");
        assert_eq!(removal.size, Some(size), "{name}");
        let mut options = GoshOptions::default();
        options.min_size = result.k() - removal.size.unwrap();
        let gosh = result.gosh(&options).unwrap();
        let mut falling = 0;
        for subset in &gosh.rows {
            let rows = gosh.studies(subset);
            let data: Vec<(String, u64, u64)> = rows
                .iter()
                .map(|study| result.row(*study as usize))
                .map(|row| (row.study.to_string(), row.events.unwrap(), row.total.unwrap()))
                .collect();
            let alone = fit(&Dataset::proportions(data).unwrap(), &Spec::default()).unwrap();
            let pooled = alone.pooled();
            if conclusion.holds(pooled.estimate, [pooled.lower, pooled.upper]) == Some(false) {
                assert_eq!(rows.len(), options.min_size, "{name}: a smaller set does it");
                falling += 1;
            }
        }
        assert_eq!(falling, removal.sets, "{name}");
        assert_eq!(removal.found.len() as u64, removal.sets.min(20));
    }
}

/// Where there are too many sets, one after the other is taken away, and nothing is claimed of smaller ones.
#[test]
fn a_set_found_step_by_step_is_not_called_the_smallest() {
    let rows = (0..60u64).map(|study| (format!("Study {study}"), 12 + study % 5, 20 + study % 3));
    let result = MetaAnalysis::of_proportions().tau2("dl").fit(&Dataset::proportions(rows).unwrap()).unwrap();
    let low = result.pooled().estimate - 0.04;
    let removal = result.smallest_removal(&format!("estimate > {low:.4}").parse().unwrap()).unwrap();
    assert!(removal.size.is_some() && !removal.proved_smallest, "{:?}", removal.size);
    assert!(removal.tried_up_to >= 3 && removal.size.unwrap() > removal.tried_up_to + 1);
    let [last] = &removal.found[..] else { panic!("one set") };
    assert!(last.result.estimate.unwrap() <= low + 1e-4 && last.omitted.len() == removal.size.unwrap());
}

/// With many studies the sums without one come from those of all: the numbers are those of a fit to the others.
mod many {
    use metaprop::effect::EffectSizes;
    use metaprop::model::{Design, Prepared, Rows};
    use metaprop::options::{Choice, Ci, Measure, Model, Request, Spec, Tau2Method};
    use metaprop::{Dataset, fit};

    /// splitmix64, as a number from 0 to 1.
    fn uniform(state: &mut u64) -> f64 {
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as f64 / u64::MAX as f64
    }

    /// Studies of very different sizes, some far from the others; the first has a share of the weight that is too large to
    /// be taken away from a sum.
    fn table(k: usize, spread: f64, seed: u64) -> Dataset {
        let mut state = seed;
        let names: Vec<String> = (0..k).map(|index| format!("S{index}")).collect();
        let rows: Vec<(&str, u64, u64)> = names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let total = if index == 0 { 9_000 } else { 9 + (400.0 * uniform(&mut state).powi(3)) as u64 };
                let p = (0.4 + spread * (uniform(&mut state) - 0.5)).clamp(0.0, 1.0);
                (name.as_str(), ((p * total as f64).round() as u64).min(total), total)
            })
            .collect();
        Dataset::proportions(rows).expect("studies")
    }

    fn spec(measure: &str, model: Model, tau2: Tau2Method, ci: Ci) -> Spec {
        Request {
            measure: Some(Measure::parse(measure).expect("a measure")),
            model: Some(model),
            tau2: Some(metaprop::options::Tau2::Estimated(tau2)),
            ci: Some(ci),
            ..Request::default()
        }
        .resolve()
        .expect("a spec")
    }

    fn compared(data: &Dataset, spec: &Spec) {
        let result = fit(data, spec).expect("a result");
        let found = result.leave_one_out().expect("rows");
        let influence = result.influence().expect("rows");
        let (sizes, _) = EffectSizes::new(data.studies(), spec);
        let prepared = Prepared::new(&sizes, data.studies());
        let k = sizes.k();
        for omitted in (0..k).step_by(7).chain([1, 2, k - 1]) {
            let rows: Vec<u32> = (0..k as u32).filter(|row| *row as usize != omitted).collect();
            let others = prepared.fit(Rows::Only(&rows), Design::Mean, spec).expect("a fit");
            let want =
                others.pooled(spec).expect("a value").or_else(|| others.common(spec)).expect("a value");
            let (heterogeneity, _) = others.heterogeneity(spec).expect("a variance");
            let got = &found.rows[omitted].result;
            let se = want.se.expect("a standard error");
            let far = (got.y.expect("a value") - want.y.expect("a value")).abs() / se;
            assert!(far < 1e-10, "{omitted}: {got:?} {want:?}");
            assert!((got.se.expect("one") / se - 1.0).abs() < 1e-10, "{omitted}: {got:?} {want:?}");
            assert!((got.upper.expect("one") - want.upper.expect("one")).abs() < 1e-11, "{got:?} {want:?}");
            let tau2 = heterogeneity.tau2.map_or(0.0, |tau2| tau2.estimate);
            let scale = tau2.max(1e-6);
            assert!((got.tau2.unwrap_or(0.0) - tau2).abs() < 1e-10 * scale, "{omitted}: {got:?} {tau2}");
            let q = heterogeneity.cochran.expect("a test").statistic;
            assert!((got.q.expect("one") / q - 1.0).abs() < 1e-11, "{omitted}: {got:?} {q}");
            assert_eq!(influence.rows[omitted].tau2_deleted, got.tau2);
        }
    }

    #[test]
    fn without_one_of_many_is_the_fit_of_the_others() {
        let methods = Tau2Method::ALL.iter().copied();
        for (index, tau2) in methods.enumerate() {
            let data = table(230, [0.0, 0.1, 0.6, 1.0][index % 4], index as u64);
            let ci = [Ci::Wald, Ci::Hk, Ci::T, Ci::HkFloor][index % 4];
            compared(&data, &spec(["logit", "raw", "arcsine", "log"][index % 4], Model::Random, tau2, ci));
            compared(&data, &spec("logit", Model::Random, tau2, Ci::Hk));
        }
        let data = table(230, 0.3, 77);
        compared(&data, &spec("logit", Model::Common, Tau2Method::Dl, Ci::Wald));
        compared(&data, &spec("logit", Model::Ivhet, Tau2Method::Dl, Ci::Wald));
    }
}

/// Nine alike studies, and these.
fn alike_and(odd: &[(&str, u64, u64)]) -> MetaAnalysis {
    let names: Vec<String> = (0..9).map(|i| format!("S{i}")).collect();
    let alike = names.iter().zip(0..).map(|(name, i)| (name.as_str(), 28 + 2 * i, 100 + 6 * i));
    fit(&Dataset::proportions(alike.chain(odd.iter().copied())).expect("counts"), &Spec::default())
        .expect("a result")
}

#[test]
fn studies_that_part_the_subsets_are_found_one_after_the_other() {
    let result = alike_and(&[("Far", 80, 100), ("Near", 60, 110)]);
    let gosh = result.gosh(&GoshOptions::default()).unwrap();
    let found = gosh.clusters(&result);
    assert_eq!(found.reason, None);
    let mut all = found.sets.last().unwrap().studies.clone();
    all.sort_unstable();
    assert_eq!(all, ["Far", "Near"], "{found:?}");
    assert!(found.sets.last().unwrap().result.i2.unwrap() < 1.0);
    for set in &found.sets {
        assert!((0.6..=1.0).contains(&set.kappa) && (0.3..=1.0).contains(&set.between), "{set:?}");
        let rest: Vec<_> =
            result.rows().filter(|row| !set.studies.iter().any(|name| name == row.study)).collect();
        let data =
            Dataset::proportions(rest.iter().map(|row| (row.study, row.events.unwrap(), row.total.unwrap())));
        let without = fit(&data.unwrap(), &Spec::default()).unwrap();
        let (one, other) = (set.result.y.unwrap(), without.pooled().y.unwrap());
        assert!((one - other).abs() < 1e-9, "{one} {other}");
    }
    let document = GoshReport::new(&result, &gosh).json();
    let document: Value = serde_json::from_str(&document).unwrap();
    fits_its_schema(&document);
    assert_eq!(document["clusters"]["sets"][0]["kappa"], found.sets[0].kappa);
    let text = GoshReport::new(&result, &gosh).text(false);
    assert!(text.contains("agrees with the presence of Far") && text.contains("Far, Near"), "{text}");
}

#[test]
fn no_study_parts_the_subsets_of_alike_studies_and_few_have_no_clusters() {
    let result = alike_and(&[]);
    let gosh = result.gosh(&GoshOptions::default()).unwrap();
    assert_eq!(gosh.clusters(&result).sets, [], "{}", GoshReport::new(&result, &gosh).text(false));
    // Drawn subsets.
    let odd = alike_and(&[("Far", 80, 100)]);
    let mut some = GoshOptions::default();
    some.subsets = Some(500);
    assert_eq!(odd.gosh(&some).unwrap().clusters(&odd).sets[0].studies, ["Far"]);
    let few = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)]).unwrap();
    let few = fit(&few, &Spec::default()).unwrap();
    let none = few.gosh(&GoshOptions::default()).unwrap().clusters(&few);
    assert!(none.sets.is_empty() && none.reason.unwrap().contains("fewer than 100"));
}
