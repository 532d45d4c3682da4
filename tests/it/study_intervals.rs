//! Every study interval against 40-digit values, at the tolerance their file states.

use metaprop::Counts;
use metaprop::effect::study_interval::interval;
use metaprop::options::{Choice, StudyCi};
use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("../reference/data/study_ci.json")).expect("JSON")
}

#[test]
fn every_interval_agrees() {
    let file = reference();
    let tolerance = file["tolerance"].as_f64().expect("a tolerance");
    let mut compared = 0;
    for point in file["points"].as_array().expect("points") {
        let counts =
            Counts::new(point["events"].as_u64().expect("events"), point["total"].as_u64().expect("a total"))
                .expect("counts");
        for (word, want) in point["intervals"].as_object().expect("intervals") {
            let got = interval(StudyCi::parse(word).expect("a word"), counts, 0.025);
            for end in 0..2 {
                // The file does not clip wald and agresti-coull, and neither does `interval`.
                let want = want[end].as_f64().expect("a limit");
                let error = (got[end] - want).abs();
                assert!(
                    error <= tolerance * want.abs() + 1e-16,
                    "{word} of {counts:?}: got {} want {want}",
                    got[end]
                );
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 34 * 8 * 2, "the grid of points is complete");
}

#[test]
fn mid_p_lies_within_clopper_pearson_and_both_hold_the_proportion() {
    for total in [1, 2, 5, 17, 100, 1_000_000] {
        for events in [0, 1, total / 3, total / 2, total - 1, total] {
            let counts = Counts::new(events, total).expect("counts");
            let [exact_lower, exact_upper] = interval(StudyCi::ClopperPearson, counts, 0.025);
            let [lower, upper] = interval(StudyCi::MidP, counts, 0.025);
            assert!(exact_lower <= lower && upper <= exact_upper, "{counts:?}");
            assert!(lower <= counts.proportion() && counts.proportion() <= upper, "{counts:?}");
        }
    }
}

#[test]
fn symmetric_intervals_mirror_when_events_and_non_events_swap() {
    for &method in StudyCi::ALL {
        for (events, total) in [(0, 9), (3, 9), (1, 400), (123, 1_000_000)] {
            let of = |x| interval(method, Counts::new(x, total).expect("counts"), 0.05);
            let ([lower, upper], [mirror_lower, mirror_upper]) = (of(events), of(total - events));
            let near = |a: f64, b: f64| (a - b).abs() < 1e-14;
            assert!(
                near(lower, 1.0 - mirror_upper) && near(upper, 1.0 - mirror_lower),
                "{}: {events}/{total}",
                method.key()
            );
        }
    }
}
