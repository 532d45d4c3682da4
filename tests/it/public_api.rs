//! The public surface of the library, as a list that is kept: `tests/public_api.txt`.
//!
//! A small reader of the source, for the stable toolchain: it follows `pub mod` and `pub use` from `src/lib.rs` and lists
//! what can be reached, with signatures, public fields, variants and implemented traits. Items that a macro makes are
//! not expanded: the list has the names in the macro's invocation, so that a change there is seen too.

mod listing;

use std::fs;
use std::path::Path;

use crate::common::source::Tree;
use listing::listing;

const HEAD: &str = "\
# Everything that can be reached from outside the crate, a line each. Written by
# UPDATE_PUBLIC_API=1 cargo test --test it public_api
";

#[test]
fn the_public_surface_is_the_one_that_is_kept() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lines = listing(&Tree::read(&root.join("src/lib.rs")));
    let items = lines.iter().filter(|line| !line.starts_with("impl ")).count();
    println!("{items} public items, {} implemented traits", lines.len() - items);
    let text = format!(
        "{HEAD}# {items} items, {} implemented traits.\n\n{}\n",
        lines.len() - items,
        lines.join("\n")
    );
    let kept = root.join("tests/public_api.txt");
    if std::env::var_os("UPDATE_PUBLIC_API").is_some() {
        fs::write(&kept, text).expect("a written file");
        return;
    }
    let before = fs::read_to_string(&kept).expect("tests/public_api.txt");
    let before: Vec<&str> =
        before.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let gone = before
        .iter()
        .filter(|line| !lines.iter().any(|other| other == *line))
        .map(|line| format!("- {line}"));
    let new = lines.iter().filter(|line| !before.contains(&line.as_str())).map(|line| format!("+ {line}"));
    let difference: Vec<String> = gone.chain(new).collect();
    assert!(
        difference.is_empty(),
        "the public surface is another than in tests/public_api.txt; where that is meant, write it again with \
         UPDATE_PUBLIC_API=1 cargo test --test it public_api\n{}",
        difference.join("\n")
    );
}

/// The lines for a crate of these files.
fn listed(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::TempDir::new().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    listing(&Tree::read(&folder.path().join("lib.rs")))
}

#[test]
fn modules_are_followed_and_private_items_are_not_listed() {
    let lines = listed(&[
        ("lib.rs", "pub mod room;\nmod hidden;\npub use hidden::Shown;\nfn private() {}"),
        (
            "room/mod.rs",
            "mod inner;\npub use inner::*;\npub(crate) struct Kept;\npub const LIMIT: usize = 3;",
        ),
        (
            "room/inner.rs",
            "pub fn grow<T: Into<f64>>(by: T, all: &[f64]) -> Option<f64> { None }\nfn not() {}",
        ),
        (
            "hidden.rs",
            "#[derive(Debug, Clone)]\npub struct Shown { pub at: u8, of: u8 }\nimpl Shown { pub const fn of(&self) -> u8 { 0 } fn no(&self) {} }\npub struct Other;",
        ),
    ]);
    assert_eq!(
        lines,
        [
            "Shown.at: u8",
            "Shown: pub struct Shown",
            "Shown::of: pub const fn of(&self) -> u8",
            "impl Clone for Shown",
            "impl Debug for Shown",
            "room: pub mod",
            "room::LIMIT: pub const LIMIT: usize",
            "room::grow: pub fn grow<T: Into<f64>>(by: T, all: &[f64]) -> Option<f64>",
        ]
    );
}

#[test]
fn variants_traits_aliases_and_second_paths_are_listed() {
    let lines = listed(&[(
        "lib.rs",
        "pub mod a { #[non_exhaustive] pub enum Kind { One, Two(u8), Three { x: f64 } }\n\
         pub trait Named { const NAME: &'static str; fn name(&self) -> String; fn twice(&self) -> String { String::new() } }\n\
         impl Named for Kind { const NAME: &'static str = \"\"; fn name(&self) -> String { String::new() } }\n\
         pub type Pair = (f64, f64); pub struct Level(pub f64, u8); }\n\
         pub use a::{Kind, Named as Called};\n\
         #[cfg(test)] pub mod tests {}\n\
         #[cfg(feature = \"cli\")] pub mod cli { pub fn run() {} }",
    )]);
    assert_eq!(
        lines,
        [
            "Called: pub trait Named",
            "Called::NAME: const NAME: &'static str",
            "Called::name: fn name(&self) -> String",
            "Called::twice: fn twice(&self) -> String",
            "Kind: #[non_exhaustive] pub enum Kind",
            "Kind::One",
            "Kind::Three { x: f64 }",
            "Kind::Two(u8)",
            "a: pub mod",
            "a::Kind: pub use Kind",
            "a::Level.0: f64",
            "a::Level: pub struct Level",
            "a::Named: pub use Called",
            "a::Pair: pub type Pair = (f64, f64)",
            "cli: #[cfg(feature = \"cli\")] pub mod",
            "cli::run: pub fn run()",
            "impl Called for Kind",
        ]
    );
}

#[test]
fn what_a_macro_makes_is_listed_by_the_names_in_its_invocation() {
    let lines = listed(&[
        ("lib.rs", "pub mod options;\npub use options::Measure;"),
        ("options/mod.rs", "mod choices;\npub use choices::*;\npub use choices::Model;"),
        (
            "options/choices.rs",
            "macro_rules! choice { ($name:ident { $($variant:ident),* }) => { pub enum $name { $($variant),* } }; }\n\
             choice! { /** A scale. */ Measure { Raw, Logit } }\nchoice! { Model { Common } }\nimpl Measure { pub fn key(self) -> u8 { 0 } }",
        ),
    ]);
    assert_eq!(
        lines,
        [
            "Measure: made by choice! in options/choices.rs",
            "Measure::key: pub fn key(self) -> u8",
            "options: choice! Measure Raw Logit",
            "options: choice! Model Common",
            "options: pub mod",
            "options::Model: made by choice! in options/choices.rs",
        ]
    );
}
