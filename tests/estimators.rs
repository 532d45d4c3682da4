//! The rarer estimators and intervals against every reference case that names one, function by
//! function; and what the likelihood's certificate must find.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use metaprop::effect::{self, Transform, freeman_tukey};
use metaprop::numeric::elementary::exp;
use metaprop::numeric::random::Stream;
use metaprop::pool::heterogeneity::inconsistency;
use metaprop::pool::likelihood::Likelihood;
use metaprop::pool::mean::{henmi_copas, ivhet, kenward_roger, profile as mean_profile};
use metaprop::pool::tau2::certificate::Maximum;
use metaprop::pool::tau2::interval::Tau2Interval;
use metaprop::pool::tau2::likelihood::certified;
use metaprop::pool::tau2::{self, generalised_q, iterated, median_unbiased, profile, sj_interval, two_step};
use metaprop::pool::{Pooled, Weighing};
use metaprop::spec::{Request, Spec};
use metaprop::vocabulary::{Choice, Ci, I2Method, Measure, Tau2Method};
use metaprop::{StudyTable, error::Error};
use serde_json::Value;

const TAIL: f64 = 0.025;
/// How many cases name one of these words.
const CASES: usize = 1114;

/// Cases and the worst deviation, in units of what is allowed, per estimator or interval and its peer.
#[derive(Default)]
struct Tally(BTreeMap<String, (usize, f64, String)>);

impl Tally {
    fn add(&mut self, group: String, times: f64, what: String) {
        let entry = self.0.entry(group).or_default();
        entry.0 += 1;
        if times > entry.1 || times.is_nan() {
            (entry.1, entry.2) = (times, what);
        }
    }
}

struct Dataset {
    name: String,
    table: StudyTable,
    absolute: f64,
    cases: Vec<Value>,
}

/// A file of `tests/reference`.
fn read(name: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn datasets() -> Vec<Dataset> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/data");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().filter_map(|file| dataset(&fs::read_to_string(file).unwrap())).collect()
}

fn dataset(text: &str) -> Option<Dataset> {
    let file: Value = serde_json::from_str(text).unwrap();
    let rows = file["studies"].as_array()?.iter().map(|study| {
        (
            study["study"].as_str().unwrap(),
            study["events"].as_u64().unwrap(),
            study["total"].as_u64().unwrap(),
        )
    });
    Some(Dataset {
        name: file["dataset"].as_str().unwrap().to_string(),
        table: StudyTable::from_counts(rows).unwrap(),
        absolute: file["abs_tolerance"].as_f64().unwrap_or(0.0),
        cases: file["cases"].as_array().unwrap().clone(),
    })
}

/// The words of a case that this file is about.
struct Asked<'a> {
    model: &'a str,
    tau2: &'a str,
    ci: &'a str,
    tau2_ci: &'a str,
}

impl<'a> Asked<'a> {
    fn of(case: &'a Value) -> Option<Self> {
        let word = |key: &str| case["spec"][key].as_str().unwrap_or("");
        let plain = case["extra"] != true
            && case["spec"].get("command").is_none()
            && case["spec"].get("subgroup").is_none();
        let asked =
            Self { model: word("model"), tau2: word("tau2"), ci: word("ci"), tau2_ci: word("tau2-ci") };
        (plain && matches!(asked.model, "random" | "ivhet") && asked.group().is_some()).then_some(asked)
    }

    fn group(&self) -> Option<&'a str> {
        match self {
            Self { model: "ivhet", .. } => Some("ivhet"),
            Self { tau2: word @ ("dlit" | "dl2" | "sjit" | "pmm"), .. } => Some(word),
            Self { ci: word @ ("kr" | "profile" | "henmi-copas"), .. } => Some(word),
            Self { tau2_ci: word @ ("jackson" | "biggerstaff-jackson" | "sj"), .. } => Some(word),
            Self { tau2_ci: "profile", .. } => Some("profile of tau2"),
            _ => None,
        }
    }
}

/// The analysis scale of a case: everything in its spec but the words under test.
fn spec(case: &Value) -> Spec {
    let mut request = Request::default();
    for (key, value) in case["spec"].as_object().unwrap() {
        let word = value.as_str().unwrap_or_default();
        match key.as_str() {
            "profile" => request.profile = Some(Choice::parse(word).unwrap()),
            "measure" => request.measure = Some(Choice::parse(word).unwrap()),
            "zero-cells" => request.zero_cells = Some(Choice::parse(word).unwrap()),
            "amount" => request.zero_amount = value.as_f64(),
            "back-transform" => request.back_transform = Some(Choice::parse(word).unwrap()),
            _ => {}
        }
    }
    request.resolve().unwrap()
}

fn tau2_of(word: &str, y: &[f64], v: &[f64]) -> Result<tau2::Tau2Fit, Error> {
    match word {
        "dlit" => iterated::der_simonian_laird(y, v),
        "sjit" => iterated::sidik_jonkman(y, v),
        "dl2" => Ok(two_step::two_step(y, v)),
        "pmm" => median_unbiased::median_unbiased(y, v),
        word => tau2::fit(Tau2Method::parse(word)?, y, v),
    }
}

fn tau2_interval(asked: &Asked, y: &[f64], v: &[f64]) -> Result<Option<Tau2Interval>, Error> {
    let likelihood = if asked.tau2 == "reml" { Likelihood::Restricted } else { Likelihood::Full };
    Ok(match asked.tau2_ci {
        "jackson" => Some(generalised_q::jackson(y, v, TAIL)?),
        "biggerstaff-jackson" => Some(generalised_q::biggerstaff_jackson(y, v, TAIL)?),
        "sj" => Some(sj_interval::sj_interval(y, v, TAIL)),
        "profile" => Some(profile::profile(likelihood, y, v, TAIL)?),
        _ => None,
    })
}

/// The fields of the result document that a case can ask of these functions.
fn compute(asked: &Asked, table: &StudyTable, spec: &Spec) -> Option<BTreeMap<&'static str, Value>> {
    let (effects, _) = effect::estimate(&table.studies, spec);
    let (y, v) = (&effects.y, &effects.v);
    if y.len() < 2 {
        return None;
    }
    let fit = tau2_of(asked.tau2, y, v).unwrap();
    let (common, w) = (Weighing::at(y, v, 0.0), Weighing::at(y, v, fit.tau2));
    let (pooled, inference) = match (asked.model, asked.ci) {
        ("ivhet", _) => with_inference(ivhet::ivhet(&common, fit.tau2)),
        (_, "kr") => with_inference(kenward_roger::kenward_roger(&w, v, fit.tau2)),
        (_, "profile") => mean_profile::profile(y, v, TAIL, 0.0).unwrap(),
        (_, "henmi-copas") => henmi_copas::henmi_copas(y, v, TAIL, 0.0).unwrap(),
        (_, ci) => with_inference(Pooled::new(
            &w,
            Ci::parse(if ci.is_empty() { "wald" } else { ci }).unwrap_or(Ci::Wald),
        )),
    };
    let transform = transform(table, &effects, spec, w.se());
    let interval = tau2_interval(asked, y, v).unwrap();
    // An interval whose quantile overflows is null in the document, and absent from the reference.
    let [low, high] = inference.ci_y.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
    let mut found = BTreeMap::from([
        ("tau2", fit.tau2.into()),
        ("tau2_se", fit.se.into()),
        ("y", pooled.y.into()),
        ("se", pooled.se.into()),
        ("df", pooled.df.into()),
        ("ci_y", vec![low, high].into()),
        ("lower_y", low.into()),
        ("upper_y", high.into()),
        ("estimate", transform.to_proportion(pooled.y).into()),
        ("lower", transform.to_proportion(low).into()),
        ("upper", transform.to_proportion(high).into()),
    ]);
    if let Some(interval) = interval {
        let i2 = inconsistency(I2Method::Tau2, &common, fit.tau2, Some(interval), TAIL).limits.unwrap();
        found.extend([("tau2_lower", interval.lower.into()), ("tau2_upper", interval.upper.into())]);
        if !asked.tau2_ci.is_empty() && asked.group() != Some("ivhet") {
            found.extend([("i2_lower", i2[0].into()), ("i2_upper", i2[1].into())]);
        }
    }
    Some(found)
}

fn with_inference(pooled: Pooled) -> (Pooled, metaprop::pool::Inference) {
    (pooled, pooled.infer(TAIL, 0.0))
}

fn transform(table: &StudyTable, effects: &effect::Effects, spec: &Spec, se: f64) -> Transform {
    let Some(choice) = spec.back_transform else { return Transform::new(spec.measure) };
    let totals = effects.index.iter().map(|&index| table.studies[index as usize].counts.total() as f64);
    match freeman_tukey::inverse_n(choice, totals, se) {
        Some(n) => Transform::freeman_tukey(n),
        None => Transform::new(Measure::FreemanTukey),
    }
}

/// The deviation in units of what is allowed, by the rules of the reference values.
fn times(field: &str, got: &Value, want: &Value, relative: f64, absolute: f64, stated: bool, se: f64) -> f64 {
    if let (Some(got), Some(want)) = (got.as_array(), want.as_array()) {
        let pairs = got.iter().zip(want);
        return pairs
            .map(|(got, want)| times(field, got, want, relative, absolute, stated, se))
            .fold(0.0, f64::max);
    }
    let (Some(got), Some(want)) = (got.as_f64(), want.as_f64()) else {
        return if got.is_null() && want.is_null() { 0.0 } else { f64::INFINITY };
    };
    let fraction = matches!(field, "estimate" | "lower" | "upper");
    let (got, want) = if fraction { (got.clamp(0.0, 1.0), want.clamp(0.0, 1.0)) } else { (got, want) };
    let scale =
        if matches!(field, "y" | "ci_y" | "lower_y" | "upper_y") { want.abs().max(se) } else { want.abs() };
    let never =
        matches!(field, "se" | "tau2" | "tau2_se" | "tau2_lower" | "tau2_upper") && want != 0.0 && !stated;
    let allowed = relative * scale + if never { 0.0 } else { absolute };
    if got == want { 0.0 } else { (got - want).abs() / allowed }
}

#[test]
fn every_reference_case() {
    let mut tally = Tally::default();
    let disputes = read("disputed_intervals.json")["fields"].as_array().unwrap().clone();
    for data in datasets() {
        for case in &data.cases {
            let Some(asked) = Asked::of(case) else { continue };
            let Some(found) = compute(&asked, &data.table, &spec(case)) else { continue };
            let se = case["expect"]["se"].as_f64().unwrap_or(0.0);
            let (mut worst, mut what, mut compared) = (0.0, String::new(), 0);
            for (field, want) in case["expect"].as_object().unwrap() {
                let Some(got) = found.get(field.as_str()) else { continue };
                let dispute = disputes
                    .iter()
                    .find(|d| d["dataset"] == *data.name && d["case"] == case["id"] && d["field"] == **field);
                if let Some(dispute) = dispute {
                    assert_eq!(dispute["given"], *want, "the disputed value is the one in the file");
                    compared += 1;
                    let times = times(field, got, &dispute["right"], 1e-12, 1e-15, false, se);
                    if times > worst || times.is_nan() {
                        (worst, what) =
                            (times, format!("{}/{}: {field} (disputed): got {got}", data.name, case["id"]));
                    }
                    continue;
                }
                // I² is defined by Q where the peer is meta.
                if field.starts_with("i2") && case["spec"]["i2"] != "tau2" {
                    continue;
                }
                compared += 1;
                let relative = case["tolerances"][field].as_f64().or(case["tolerance"].as_f64()).unwrap();
                let stated = case["abs_tolerances"][field].as_f64();
                let times =
                    times(field, got, want, relative, stated.unwrap_or(data.absolute), stated.is_some(), se);
                if times > worst || times.is_nan() {
                    (worst, what) =
                        (times, format!("{}/{}: {field}: got {got} want {want}", data.name, case["id"]));
                }
            }
            if compared > 0 {
                let group = format!("{}, {}", asked.group().unwrap(), case["by"].as_str().unwrap());
                tally.add(group, worst, what);
            }
        }
    }
    for (group, (cases, worst, what)) in &tally.0 {
        println!("{cases:4} {group:32} {worst:9.2e} {what}");
    }
    let cases: usize = tally.0.values().map(|entry| entry.0).sum();
    assert_eq!(cases, CASES, "a case was dropped, or a file is missing");
    let failed: Vec<_> =
        tally.0.values().filter(|entry| entry.1 > 1.0 || entry.1.is_nan()).map(|entry| &entry.2).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// Every local maximum of constructed likelihoods, by 50-digit arithmetic, and which is the global one.
#[test]
fn every_maximum_of_a_multimodal_likelihood() {
    for set in read("multimodal.json")["sets"].as_array().unwrap() {
        let (y, v) = (numbers(&set["y"]), numbers(&set["v"]));
        for (likelihood, key) in [(Likelihood::Full, "full"), (Likelihood::Restricted, "restricted")] {
            let known: Vec<(f64, f64)> = set[key]["maxima"]
                .as_array()
                .unwrap()
                .iter()
                .map(|m| {
                    [&m["tau2"], &m["log_likelihood"]].map(|x| x.as_str().unwrap().parse::<f64>().unwrap())
                })
                .map(|[tau2, log]| (tau2, log))
                .collect();
            let found = certified(likelihood, &y, &v).unwrap();
            let best = usize::try_from(set[key]["best"].as_u64().unwrap()).unwrap();
            let mut maxima = found.certificate.alternatives.clone();
            maxima.insert(
                best,
                Maximum { tau2: found.tau2, log_likelihood: likelihood.log(&y, &v, found.tau2) },
            );
            assert_eq!(maxima.len(), known.len(), "{} {key}: {maxima:?}", set["name"]);
            for (got, want) in maxima.iter().zip(known) {
                assert!(
                    (got.tau2 - want.0).abs() <= 1e-12 * want.0,
                    "{} {key}: {got:?} {want:?}",
                    set["name"]
                );
                assert!(
                    (got.log_likelihood - want.1).abs() <= 1e-14 * want.1.abs(),
                    "{} {key}: {got:?} {want:?}",
                    set["name"]
                );
            }
        }
    }
}

/// No τ² of a fine grid has a larger likelihood than the certified maximum; the score changes its sign
/// within the bracket; the scale of the estimates does not matter.
#[test]
fn a_grid_finds_nothing_better() {
    for index in 0..400 {
        let mut stream = Stream::new(11, index);
        let k = 2 + stream.below(8);
        let unevenness = 8.0 * stream.uniform();
        let v: Vec<f64> = (0..k).map(|_| exp(-unevenness * stream.uniform())).collect();
        let tau2 = exp(6.0 * stream.uniform() - 6.0);
        let y: Vec<f64> = v.iter().map(|v| (v + tau2).sqrt() * stream.normal()).collect();
        for likelihood in [Likelihood::Full, Likelihood::Restricted] {
            let found = certified(likelihood, &y, &v).unwrap();
            let log = likelihood.log(&y, &v, found.tau2);
            for step in 0..2_000 {
                let tau2 = exp(-14.0 + 0.01 * f64::from(step));
                assert!(likelihood.log(&y, &v, tau2) <= log + 1e-12, "{y:?} {v:?}: {tau2} beats {found:?}");
            }
            let [lower, upper] = found.certificate.bracket;
            assert!(lower <= found.tau2 && found.tau2 <= upper && upper - lower < 1e-11 * (upper + v[0]));
            assert!(
                found.tau2 == 0.0 || found.certificate.score[0] >= 0.0 && found.certificate.score[1] <= 0.0
            );
            let scaled = certified(
                likelihood,
                &y.iter().map(|y| y * 1e-4).collect::<Vec<_>>(),
                &v.iter().map(|v| v * 1e-8).collect::<Vec<_>>(),
            )
            .unwrap();
            assert!((scaled.tau2 * 1e8 - found.tau2).abs() <= 1e-11 * (found.tau2 + v[0]));
        }
    }
}

/// The iteration that `dlit` is named after, where it converges, ends where `dlit` says; so does that of `sjit`.
#[test]
fn iterations_end_at_their_fixed_points() {
    let (y, v) = ([-0.4, 0.1, 0.9, 1.6, 0.2], [0.1, 0.2, 0.15, 0.1, 0.02]);
    let mut tau2 = 0.0;
    for _ in 0..200 {
        let w = Weighing::at(&y, &v, tau2);
        tau2 = (tau2 + (w.q - w.df()) / w.trace).max(0.0);
    }
    assert!((tau2 - iterated::der_simonian_laird(&y, &v).unwrap().tau2).abs() < 1e-14);
    // Less spread than the variances explain: the multiplicative iteration shrinks to 0.
    assert_eq!(iterated::sidik_jonkman(&[0.1, 0.2, 0.15], &[1.0; 3]).unwrap().tau2, 0.0);
}
