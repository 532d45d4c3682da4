//! The certified set: complete, as exact as it should be, and the same bits everywhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use metaprop::selftest::{Agreement, digest, recompute, set, tally};

/// Agreements below the digits that their kind should have. There is no list of exceptions.
fn below<'a>(agreements: &'a [Agreement<'a>]) -> Vec<String> {
    let short = agreements.iter().filter(|a| a.digits < a.kind.goal());
    short
        .map(|a| {
            format!(
                "{:.1} digits: {} {} {}: got {:?}, want {:?}",
                a.digits, a.set, a.path, a.words, a.got, a.want
            )
        })
        .collect()
}

#[test]
fn every_value_has_its_digits_and_the_bits_are_the_same_on_any_number_of_threads() {
    let sets = set::all().expect("the certified set");
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
        pool.install(|| recompute(&sets))
    };
    let (one, three) = (on(1), on(3));
    let short = below(&one);
    assert!(short.is_empty(), "{} values:\n{}", short.len(), short[..short.len().min(200)].join("\n"));
    assert_eq!(digest::sha256(&one), digest::sha256(&three), "threads change a bit");
    assert_eq!(digest::sha256(&one), digest::CERTIFIED.trim(), "a bit differs from the certified results");
}

#[test]
fn every_value_has_a_row_in_the_table() {
    let sets = set::all().expect("the certified set");
    for value in sets.iter().flat_map(|set| &set.cases).flat_map(|case| &case.values) {
        assert!(tally::statistic(&value.path).is_some(), "{} has no row", value.path);
    }
}

#[test]
fn the_set_is_the_folder_from_easy_to_vicious() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/certified");
    let names = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let files: BTreeSet<String> = names
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let sets = set::all().expect("the certified set");
    let embedded: BTreeSet<String> = sets.iter().map(|set| set.name.clone()).collect();
    assert_eq!(embedded, files, "the list in src/selftest/set.rs is not the folder");
    assert!(embedded.len() >= 40, "only {} data sets", embedded.len());
    let classes: BTreeSet<&str> = sets.iter().map(|set| set.class.as_str()).collect();
    assert_eq!(classes, BTreeSet::from(["easy", "hard", "ordinary", "vicious"]));
}
