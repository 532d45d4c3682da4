//! What holds for any input: a function a target, each of bytes alone.
//!
//! The targets of `cargo fuzz` call these functions, and so does `tests/it/fuzzed.rs`, which changes the files of
//! `fuzz/corpus/` by a seeded generator. An input may begin with options, a line each as on the command line
//! (`--events=good`); what follows is the file, or the studies.

mod chosen;
mod documents;
mod figures;
mod fitted;
mod manuscripts;
mod packed;
pub mod schema;
mod tables;

pub use chosen::Chosen;
pub use documents::{analysis_file, document};
pub use figures::printed;
pub use fitted::{fit, multiverse};
pub use manuscripts::manuscript;
pub use tables::{holds, json, parquet, percentages, revman, stata, table, workbook};

/// An error that a person is shown: one of these exit codes, no controls, and not endless.
///
/// # Panics
///
/// Where it is not.
pub fn is_sound(error: &metaprop::Error, exit_codes: &[u8]) {
    let text = error.to_string();
    assert!(exit_codes.contains(&error.exit_code()), "exit code {}: {text}", error.exit_code());
    assert!(!text.is_empty(), "an error without a word");
    assert!(!text.contains(|c: char| metaprop::format::is_control(c) && c != '\n'), "controls: {text:?}");
    assert!(text.len() <= 20_000, "an error of {} bytes: {text:.300}", text.len());
}
