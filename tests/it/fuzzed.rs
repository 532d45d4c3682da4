//! The targets of `fuzz/` as plain loops: the files of the corpus, and then the same changed by a seeded generator.
//!
//! `METAPROP_FUZZ_SECONDS` is how long each target runs (1 where it is not said), `METAPROP_FUZZ_SEED` the seed. The same
//! seed makes the same inputs; one that breaks a promise is written into a file that the message names.

use std::collections::BTreeSet;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use metaprop::options::{OptionRow, OptionSet, Parts, Presentation, ReadOptions, Request, Shape};

#[path = "../../fuzz/src/lib.rs"]
mod properties;

pub use properties::{holds, schema};

/// An input that takes longer than this is held to hang.
const LONGEST: Duration = Duration::from_secs(120);
/// Inputs do not grow beyond this.
const LARGEST: usize = 64 * 1024;

/// What a file of the fuzzer is called: `fuzz/corpus/table`.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

/// The inputs that are kept for a target, in the order of their names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = file("corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    paths.iter().map(|path| fs::read(path).expect("a file of the corpus")).collect()
}

/// The tokens of a dictionary of libFuzzer.
fn tokens(dictionary: &str) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(file("dict").join(dictionary)).expect("a dictionary");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| token(line).unwrap_or_else(|| panic!("{dictionary}: libFuzzer refuses the line {line}")))
        .collect()
}

/// The bytes of a line of a dictionary as libFuzzer reads it: printable ASCII in quotes, with `\\`, `\"` and `\xAB`. It
/// refuses a file with any other line.
fn token(line: &str) -> Option<Vec<u8>> {
    let mut rest = line.strip_prefix('"')?.strip_suffix('"')?.as_bytes();
    let mut bytes = Vec::new();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, length) = match (first, after) {
            (b'\\', [b'x', hex @ ..]) => {
                (u8::from_str_radix(std::str::from_utf8(hex.get(..2)?).ok()?, 16).ok()?, 4)
            }
            (b'\\', [escaped @ (b'\\' | b'"'), ..]) => (*escaped, 2),
            (b'\\' | b'"', _) => return None,
            (b' '..=b'~', _) => (first, 1),
            _ => return None,
        };
        bytes.push(byte);
        rest = &rest[length..];
    }
    Some(bytes).filter(|bytes| !bytes.is_empty())
}

/// A generator of whole numbers: splitmix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below another; 0 where there is none.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).expect("below a usize")
    }

    fn of<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    /// A part of a text of this length.
    fn part(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..(start + self.below(16)).min(length)
    }
}

/// Numbers at the limits of something.
const NUMBERS: [&str; 24] = [
    "0",
    "1",
    "2",
    "-1",
    "0.5",
    "00",
    "1e308",
    "1e-308",
    "1e400",
    "NaN",
    "inf",
    "-0",
    "255",
    "256",
    "65535",
    "65536",
    "4294967296",
    "9007199254740992",
    "9007199254740993",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999",
    "0.000000000000000001",
];

/// What inputs are made from.
struct Mutations {
    seeds: Vec<Vec<u8>>,
    tokens: Vec<Vec<u8>>,
}

impl Mutations {
    /// An input: one that is kept, changed a few times.
    fn input(&self, random: &mut Random) -> Vec<u8> {
        let mut bytes = random.of(&self.seeds).clone();
        for _ in 0..=random.below(6) {
            self.change(&mut bytes, random);
        }
        bytes.truncate(LARGEST);
        bytes
    }

    fn change(&self, bytes: &mut Vec<u8>, random: &mut Random) {
        let length = bytes.len();
        match random.below(10) {
            0 if length > 0 => bytes[random.below(length)] ^= 1 << random.below(8),
            1 if length > 0 => bytes[random.below(length)] = random.next().to_le_bytes()[0],
            2 => bytes.truncate(random.below(length + 1)),
            3 => drop(bytes.drain(random.part(length))),
            4 => {
                let part = bytes[random.part(length)].to_vec();
                let times = 1 + random.below(8);
                let at = random.below(length + 1);
                bytes.splice(at..at, part.repeat(times));
            }
            5 => {
                let other = random.of(&self.seeds);
                bytes.truncate(random.below(length + 1));
                bytes.extend(&other[random.below(other.len() + 1)..]);
            }
            6 => replace_number(bytes, random),
            _ => self.insert_token(bytes, random),
        }
    }

    /// A token of the dictionary: an option before everything, another anywhere, in place of something or not.
    fn insert_token(&self, bytes: &mut Vec<u8>, random: &mut Random) {
        if self.tokens.is_empty() {
            return;
        }
        let token = random.of(&self.tokens);
        let part = match token.starts_with(b"--") {
            true => 0..0,
            false => random.part(bytes.len()),
        };
        let part = if random.below(2) == 0 { part.start..part.start } else { part };
        bytes.splice(part, token.iter().copied());
    }
}

/// A number at a limit in place of a number.
fn replace_number(bytes: &mut Vec<u8>, random: &mut Random) {
    let from = random.below(bytes.len() + 1);
    let digit = |byte: &u8| byte.is_ascii_digit();
    let Some(start) = bytes[from..].iter().position(digit).map(|start| from + start) else { return };
    let length = bytes[start..].iter().take_while(|byte| digit(byte)).count();
    bytes.splice(start..start + length, random.of(&NUMBERS).bytes());
}

fn setting(name: &str, default: u64) -> u64 {
    let value = std::env::var(name).ok();
    value.map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} = {value} is no number")))
}

/// Runs a target on its corpus and on what is made from it.
fn run(target: &'static str, dictionaries: &[&str], property: fn(&[u8])) {
    let time = Duration::from_secs(setting("METAPROP_FUZZ_SECONDS", 1));
    let seed = setting("METAPROP_FUZZ_SEED", 1);
    let tokens = dictionaries.iter().flat_map(|name| tokens(name)).collect();
    let mutations = Mutations { seeds: corpus(target), tokens };
    // Written before it is tried: what ends the process has no other word to say which input it was.
    let tried = std::env::temp_dir().join(format!("metaprop-fuzz-{target}-{}", std::process::id()));
    let begun = Arc::new(Mutex::new(Instant::now()));
    let (file, since) = (tried.clone(), begun.clone());
    let work = std::thread::spawn(move || {
        let (start, mut random, mut count) = (Instant::now(), Random(seed), 0_u64);
        let kept = mutations.seeds.clone().into_iter();
        for input in kept.chain(std::iter::repeat_with(|| mutations.input(&mut random))) {
            if start.elapsed() > time && count >= mutations.seeds.len() as u64 {
                break;
            }
            fs::write(&file, &input).expect("the input is written");
            *since.lock().expect("no panic holds it") = Instant::now();
            property(&input);
            count += 1;
        }
        count
    });
    let input = format!("an input made with METAPROP_FUZZ_SEED={seed} is in {}", tried.display());
    while !work.is_finished() {
        std::thread::sleep(Duration::from_millis(20));
        let since = *begun.lock().expect("no panic holds it");
        assert!(since.elapsed() < LONGEST, "{target} comes to no end: {input}");
    }
    match work.join() {
        Ok(count) => println!("{target}: {count} inputs made with METAPROP_FUZZ_SEED={seed}"),
        Err(panic) => {
            eprintln!("{target}: {input}");
            resume_unwind(panic);
        }
    }
    fs::remove_file(&tried).expect("the last input is removed");
}

macro_rules! targets {
    ($($target:ident: $dictionaries:expr;)+) => {
        const TARGETS: &[&str] = &[$(stringify!($target)),+];

        $(#[test]
        fn $target() {
            run(stringify!($target), &$dictionaries, properties::$target);
        })+
    };
}

targets! {
    table: ["table.dict", "options.dict"];
    percentages: ["table.dict", "options.dict"];
    json: ["json.dict", "table.dict"];
    workbook: ["xml.dict", "table.dict"];
    parquet: ["table.dict"];
    stata: ["stata.dict", "table.dict"];
    revman: ["xml.dict", "table.dict"];
    printed: ["printed.dict"];
    manuscript: ["manuscript.dict", "xml.dict"];
    analysis_file: ["analysis_file.dict", "options.dict"];
    document: ["json.dict", "options.dict"];
    fit: ["options.dict"];
    multiverse: ["options.dict"];
}

/// The lines that a table of options gives to the dictionary.
fn option_lines<S: OptionSet>() -> impl Iterator<Item = String> {
    let lines = |row: &'static OptionRow<S>| {
        values(row.shape).into_iter().map(|value| format!("--{}={value}\\x0A", row.key))
    };
    S::typed().flat_map(lines)
}

/// Every word of an option that has words, and something of every other.
fn values(shape: Shape) -> Vec<&'static str> {
    let words = shape.words().map(|(_, words)| words).unwrap_or_default().iter().map(|word| word.key);
    let others: &[&str] = match shape {
        Shape::Sign(signs) => signs,
        Shape::Percent => &["50", "90", "99.9", "99.999", "0.1%", "1e-300%"],
        Shape::Proportion => &["0.01", "50%", "0.999999", "1e-300"],
        Shape::WordOrNumber { .. } => &["0", "0.3", "1e-12", "1e300"],
        Shape::Number => &["0.5", "1e-300", "1e300", "3"],
        Shape::Whole => &["0", "1", "3", "100", "100000"],
        Shape::Switch => &["true"],
        Shape::Text => &["A", "study", "events", "total", "percent", "year=2001", "year>2000"],
        _ => &[],
    };
    words.chain(others.iter().copied()).collect()
}

#[test]
fn the_dictionary_has_every_option() {
    let lines = option_lines::<Request>().chain(option_lines::<ReadOptions>());
    let lines = lines.chain(option_lines::<Presentation>()).chain(option_lines::<Parts>());
    let lines: BTreeSet<String> = lines.map(|line| format!("\"{line}\"\n")).collect();
    let want = format!(
        "# UPDATE_DICTIONARY=1 cargo test --test it the_dictionary\n{}",
        lines.iter().map(String::as_str).collect::<String>()
    );
    let path = file("dict/options.dict");
    if std::env::var_os("UPDATE_DICTIONARY").is_some() {
        fs::write(&path, &want).expect("written");
    }
    assert!(
        fs::read_to_string(&path).expect("a dictionary") == want,
        "run: UPDATE_DICTIONARY=1 cargo test --test it the_dictionary"
    );
}

#[test]
fn every_target_is_built_by_cargo_fuzz_too() {
    let manifest = fs::read_to_string(file("Cargo.toml")).expect("a manifest");
    let named: Vec<&str> = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")?.strip_suffix(".rs\""))
        .collect();
    assert_eq!(named, TARGETS);
    for target in TARGETS {
        let program =
            fs::read_to_string(file("fuzz_targets").join(format!("{target}.rs"))).expect("a target");
        assert!(program.contains(&format!("metaprop_fuzz::{target}(bytes)")), "{target}");
    }
}

#[test]
fn every_dictionary_is_one_that_the_fuzzer_reads() {
    for refused in ["\"46.3\u{2013}61.5\"", "\"", "\"\"", "word", "\"a\\q\"", "\"a\"b\"", "\"\\x4\""] {
        assert_eq!(token(refused), None, "{refused}");
    }
    for entry in fs::read_dir(file("dict")).expect("the dictionaries") {
        let name = entry.expect("an entry").file_name();
        assert!(!tokens(name.to_str().expect("a name")).is_empty(), "{name:?}");
    }
}
