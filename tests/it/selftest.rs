//! The certified set: complete, as exact as it should be, and the same bits everywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
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
fn the_set_goes_from_easy_to_vicious() {
    let sets = set::all().expect("the certified set");
    assert_eq!(sets.len(), 56);
    let classes: BTreeSet<&str> = sets.iter().map(|set| set.class.as_str()).collect();
    assert_eq!(classes, BTreeSet::from(["easy", "hard", "ordinary", "vicious"]));
}

/// The files of the folder in the order of their names, one after the other.
fn folder() -> String {
    let folder = repository().join("tests/reference/certified");
    let paths = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let files: BTreeMap<String, PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.file_stem().expect("a name").to_string_lossy().into_owned(), path))
        .collect();
    files.values().map(|path| fs::read_to_string(path).expect("a file")).collect()
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// With UPDATE_CERTIFIED the file is written instead, the same bytes each time: without a time or a name in it.
#[test]
fn the_packed_set_is_the_folder() {
    let path = repository().join("src/selftest/certified.json.gz");
    if std::env::var_os("UPDATE_CERTIFIED").is_some() {
        let mut packed = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
        packed.write_all(folder().as_bytes()).expect("written to memory");
        fs::write(&path, packed.finish().expect("the end")).expect("a written file");
        return;
    }
    assert!(
        set::unpacked().expect("the certified set") == folder(),
        "src/selftest/certified.json.gz is not tests/reference/certified: UPDATE_CERTIFIED=1 cargo test --test it selftest"
    );
    let packed = fs::read(&path).expect("the packed set");
    let header = GzDecoder::new(&packed[..]).header().cloned().expect("a header");
    assert_eq!((header.mtime(), header.filename()), (0, None));
}

#[test]
fn a_file_that_is_no_certified_set_is_an_error() {
    let error = set::read_all("{\"dataset\": \"x\"}").expect_err("no studies");
    assert!(error.to_string().contains("about"), "{error}");
}
