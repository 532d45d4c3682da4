//! What `reproduce` names where a printed result has a planted slip, over eight data sets: run by hand,
//! `cargo test --release --features tables --test it confusion -- --ignored --nocapture`, since it takes minutes.
//! `METAPROP_SEED` is the seed of the draws, `METAPROP_TRIALS` how many there are for each slip and data set.

use std::collections::BTreeMap;
use std::time::Instant;

use metaprop::data::Counts;
use metaprop::options::{Ci, Measure, Model, Profile, Request, Spec, Tau2, Tau2Method};
use metaprop::published::claim::{Claim, Verdict, check};
use metaprop::published::reproduce::{
    Edit, Match, MisprintKind, ReproduceQuery, Slips, reproduce_calibrated,
};
use metaprop::{Dataset, MetaAnalysis, fit};

const DATA: [&str; 8] = [
    "@tofacitinib-aa",
    "@miller1978",
    "@pritz1997",
    "@opioid-jordan2017",
    "@stijnen2010-control",
    "@stijnen2010-treated",
    "@tsoumpou2009-wnl",
    "datasets/guo-2020/good.csv",
];

/// What is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slip {
    Nothing,
    OtherLevel,
    CommonForRandom,
    TransposedCount,
    StudyOmitted,
    StudyTwice,
    EstimateMisprinted,
    LimitMisprinted,
    DigitsTransposed,
    RoundedTwice,
}

const SLIPS: [Slip; 10] = [
    Slip::Nothing,
    Slip::OtherLevel,
    Slip::CommonForRandom,
    Slip::TransposedCount,
    Slip::StudyOmitted,
    Slip::StudyTwice,
    Slip::EstimateMisprinted,
    Slip::LimitMisprinted,
    Slip::DigitsTransposed,
    Slip::RoundedTwice,
];

/// A generator by Steele, Lea and Flood 2014 (SplitMix64), enough for draws of a test.
struct Draws(u64);

impl Draws {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

/// The specifications that published reviews name most.
fn usual(draws: &mut Draws) -> Request {
    let measure = [Measure::Logit, Measure::FreemanTukey, Measure::Raw][draws.below(3)];
    let tau2 = [Tau2Method::Dl, Tau2Method::Dl, Tau2Method::Reml][draws.below(3)];
    let ci = [Ci::Wald, Ci::Wald, Ci::Hk][draws.below(3)];
    Request {
        profile: Some(Profile::Metafor),
        measure: Some(measure),
        model: Some(Model::Random),
        tau2: Some(Tau2::Estimated(tau2)),
        ci: Some(ci),
        ..Request::default()
    }
}

/// A printed result, the specification that gave it, and the study whose row was changed.
struct Planted {
    printed: [String; 3],
    k: usize,
    spec: Spec,
    study: Option<String>,
}

fn rows(data: &Dataset) -> Vec<(String, u64, u64)> {
    let labels = data.labels().iter().map(|label| label.name.to_string());
    let counts = data.counts().expect("counts").iter().map(|counts| (counts.events(), counts.total()));
    labels.zip(counts).map(|(name, (events, total))| (name, events, total)).collect()
}

fn swapped_digits(number: u64) -> Option<u64> {
    let mut digits = number.to_string().into_bytes();
    let at = (1..digits.len()).find(|&at| digits[at] != digits[at - 1])?;
    digits.swap(at - 1, at);
    String::from_utf8(digits).ok()?.parse().ok()
}

/// One digit of the text another, not the first one.
fn other_digit(text: &str, draws: &mut Draws) -> String {
    let places: Vec<usize> =
        text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = places[1 + draws.below(places.len() - 1)];
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = b'0' + (bytes[at] - b'0' + 1 + draws.below(9) as u8) % 10;
    String::from_utf8(bytes).expect("digits")
}

fn percent(value: f64) -> String {
    format!("{:.1}%", 100.0 * value)
}

fn plant(slip: Slip, data: &Dataset, draws: &mut Draws) -> Option<Planted> {
    let mut request = usual(draws);
    match slip {
        Slip::OtherLevel => request.level = Some("90".parse().expect("a level")),
        Slip::CommonForRandom => {
            request = Request { model: Some(Model::Common), tau2: None, ci: None, ..request };
        }
        _ => {}
    }
    let spec = request.resolve().expect("a specification");
    let (mut rows, mut study) = (rows(data), None);
    let row = draws.below(rows.len());
    match slip {
        Slip::TransposedCount => {
            let other = swapped_digits(rows[row].1).filter(|events| *events <= rows[row].2)?;
            Counts::new(other, rows[row].2)?;
            rows[row].1 = other;
            study = Some(rows[row].0.clone());
        }
        Slip::StudyOmitted => study = Some(rows.remove(row).0),
        Slip::StudyTwice => {
            rows.insert(row, rows[row].clone());
            study = Some(rows[row].0.clone());
        }
        _ => {}
    }
    let k = rows.len();
    let pooled =
        Dataset::proportions(rows.iter().map(|(name, events, total)| (name.as_str(), *events, *total)))
            .ok()?;
    let result: MetaAnalysis = fit(&pooled, &spec).ok()?;
    let (estimate, lower, upper) = (result.pooled().estimate, result.pooled().lower?, result.pooled().upper?);
    let mut printed = [percent(estimate), percent(lower), percent(upper)];
    match slip {
        Slip::EstimateMisprinted => printed[0] = other_digit(&printed[0], draws),
        Slip::LimitMisprinted => {
            let at = 1 + draws.below(2);
            printed[at] = other_digit(&printed[at], draws);
        }
        Slip::DigitsTransposed => {
            let at = draws.below(3);
            let plain = printed[at].replace(['.', '%'], "");
            let swapped = swapped_digits(plain.parse().ok()?)?;
            let text = format!("{swapped:0width$}", width = plain.len());
            printed[at] = format!("{}.{}%", &text[..text.len() - 1], &text[text.len() - 1..]);
        }
        Slip::RoundedTwice => {
            let twice = |value: f64| format!("{:.1}%", ((value * 1e4).round() / 10.0).round() / 10.0);
            let again = [twice(estimate), twice(lower), twice(upper)];
            if again == printed {
                return None;
            }
            printed = again;
        }
        _ => {}
    }
    Some(Planted { printed, k, spec, study })
}

/// Whether a match says what was planted.
fn names(found: &Match, slip: Slip, planted: &Planted) -> bool {
    let same = found.spec.measure() == planted.spec.measure()
        && found.spec.model() == planted.spec.model()
        && found.spec.level() == planted.spec.level();
    let study = |name: &str| planted.study.as_deref() == Some(name);
    let edits = match (&found.edits[..], slip) {
        ([Edit::LeftOut { study: name }], Slip::StudyOmitted) => study(name),
        ([Edit::Twice { study: name }], Slip::StudyTwice) => study(name),
        ([Edit::Transposed { study: name, .. }], Slip::TransposedCount) => study(name),
        ([Edit::Misprint(misprint)], Slip::EstimateMisprinted | Slip::LimitMisprinted) => {
            matches!(misprint.kind, MisprintKind::Digit | MisprintKind::Transposed)
        }
        ([Edit::Misprint(misprint)], Slip::DigitsTransposed) => misprint.kind == MisprintKind::Transposed,
        ([], Slip::Nothing | Slip::OtherLevel | Slip::CommonForRandom | Slip::RoundedTwice) => true,
        _ => false,
    };
    same && edits
}

#[derive(Default)]
struct Tally {
    trials: u32,
    first: u32,
    in_three: u32,
    wrong: u32,
    none: u32,
}

#[test]
#[ignore = "takes minutes; prints a table"]
fn confusion_of_planted_slips() {
    let number = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let (seed, trials) = (number("METAPROP_SEED").unwrap_or(1), number("METAPROP_TRIALS").unwrap_or(3));
    let mut tallies: BTreeMap<Slip, Tally> = BTreeMap::new();
    let (mut longest, mut alarms, mut checked) = (0.0_f64, 0, 0);
    for (of_data, file) in DATA.iter().enumerate() {
        let data = Dataset::read(file).expect("a data set");
        for (of_slip, slip) in SLIPS.into_iter().enumerate() {
            for trial in 0..trials {
                let mut draws = Draws(seed + 1_000 * of_data as u64 + 100 * of_slip as u64 + trial);
                let Some(planted) = (0..20).find_map(|_| plant(slip, &data, &mut draws)) else { continue };
                let mut claim = Claim::new("x", "planted");
                claim.set("estimate", &[&planted.printed[0]]).expect("an estimate");
                claim.set("ci", &planted.printed[1..]).expect("limits");
                claim.set("k", &[planted.k.to_string()]).expect("a number");
                let began = Instant::now();
                let query = ReproduceQuery::new(&data, &claim);
                let result =
                    reproduce_calibrated(&query, Slips::Auto, 99, 1, |_, _, _| true).expect("a search");
                longest = longest.max(began.elapsed().as_secs_f64());
                let matches: Vec<&Match> =
                    result.found.matches.iter().filter(|found| found.is_complete).collect();
                let rank = matches.iter().position(|found| names(found, slip, &planted));
                let tally = tallies.entry(slip).or_default();
                tally.trials += 1;
                tally.first += u32::from(rank == Some(0));
                tally.in_three += u32::from(rank.is_some_and(|rank| rank < 3));
                tally.wrong += u32::from(!matches.is_empty() && rank != Some(0));
                tally.none += u32::from(matches.is_empty());
                let of_true_data = matches!(slip, Slip::Nothing | Slip::OtherLevel | Slip::CommonForRandom);
                if of_true_data {
                    checked += 1;
                    let verdict = check(&claim, &fit(&data, &planted.spec).expect("a result")).verdict;
                    alarms += u32::from(verdict == Verdict::Fails);
                }
            }
        }
        let done: u32 = tallies.values().map(|tally| tally.trials).sum();
        let first: u32 = tallies.values().map(|tally| tally.first).sum();
        eprintln!(
            "{file}: {first} of {done} trials so far have the truth first; longest search {longest:.1} s"
        );
    }
    println!(
        "{:20} {:>6} {:>6} {:>9} {:>12} {:>5}",
        "planted", "trials", "first", "in three", "other first", "none"
    );
    for (slip, tally) in &tallies {
        println!(
            "{:20} {:>6} {:>6} {:>9} {:>12} {:>5}",
            format!("{slip:?}"),
            tally.trials,
            tally.first,
            tally.in_three,
            tally.wrong,
            tally.none
        );
    }
    println!("seed {seed}; longest search {longest:.1} s; false alarms of check {alarms} of {checked}");
    assert_eq!(alarms, 0);
    let plain = &tallies[&Slip::Nothing];
    assert!(
        2 * plain.in_three >= plain.trials,
        "the true specification is in the first three in half of the trials"
    );
}
