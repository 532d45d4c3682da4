//! Printed figures: alone, of so many people, and as claims.

use metaprop::printed::grim::{counts, derive, grim, grim_of_percentage};
use metaprop::printed::{Printed, Rule};
use metaprop::published::claim::Claim;

use super::is_sound;

/// A figure in the first line, a number of people in the second, claims in the others.
pub fn printed(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines();
    let figure = Printed::parse(lines.next().unwrap_or_default());
    let people: u64 = lines.next().and_then(|line| line.trim().parse().ok()).unwrap_or(90);
    match &figure {
        Ok(figure) => is_an_interval(figure, people),
        Err(error) => is_sound(error, &[2]),
    }
    for claim in lines {
        match Claim::printed([claim]) {
            Ok(claim) => assert!(!claim.entries.is_empty(), "no figure in {claim:?}"),
            Err(error) => is_sound(&error, &[2]),
        }
    }
}

/// A figure reads back, stands for an interval around its value, and can be held against people.
fn is_an_interval(figure: &Printed, people: u64) {
    assert_eq!(Printed::parse(&figure.to_string()).ok().as_ref(), Some(figure));
    let [lower, upper] = figure.widest();
    assert!(lower <= upper, "{figure}: {lower} to {upper}");
    for typed in [figure.clone(), figure.or_percent()] {
        for tested in [grim(&typed, people), grim_of_percentage(&typed, people)] {
            match tested {
                Ok(tested) => {
                    assert!(!tested.sentence().is_empty());
                    assert!(tested.events.iter().all(|events| *events <= people), "{tested:?}");
                    assert_eq!(tested.possible, !tested.events.is_empty(), "{tested:?}");
                }
                Err(error) => is_sound(&error, &[2]),
            }
        }
        if let Some(derived) = derive(&typed, people) {
            let [least, most] = derived.counts;
            assert!(least <= derived.taken && derived.taken <= most && most <= people, "{derived:?}");
            assert_eq!(counts(&typed, people, derived.rule), Some(least..=most));
        }
        for rule in Rule::TRIED {
            let range = counts(&typed, people, rule);
            assert!(range.is_none_or(|range| range.start() <= range.end() && *range.end() <= people));
        }
    }
}
