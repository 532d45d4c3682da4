//! The options that an input begins with.

use metaprop::options::{OptionRow, OptionSet, Parts, Presentation, ReadOptions, Request};

use super::is_sound;

/// What an input asks for, and the rest of it.
#[derive(Default)]
pub struct Chosen<'a> {
    /// How a table is read.
    pub read: ReadOptions,
    /// The choices of the analysis.
    pub request: Request,
    /// How its numbers are printed.
    pub presentation: Presentation,
    /// Which parts of the result are shown.
    pub parts: Parts,
    /// What follows the options.
    pub rest: &'a [u8],
}

impl<'a> Chosen<'a> {
    /// Lines that begin with two hyphens are options, up to the first that is none. A key that no table has, or a value
    /// that its row refuses, is passed over.
    #[must_use]
    pub fn of(bytes: &'a [u8]) -> Self {
        let mut chosen = Chosen { rest: bytes, ..Chosen::default() };
        while let Some(line) = chosen.rest.strip_prefix(b"--") {
            let end = line.iter().position(|byte| *byte == b'\n').unwrap_or(line.len());
            if let Some((key, value)) =
                std::str::from_utf8(&line[..end]).ok().and_then(|line| line.split_once('='))
            {
                set(&mut chosen.read, key, value);
                set(&mut chosen.request, key, value);
                set(&mut chosen.presentation, key, value);
                set(&mut chosen.parts, key, value);
            }
            chosen.rest = line.get(end + 1..).unwrap_or_default();
        }
        chosen
    }
}

fn set<S: OptionSet>(options: &mut S, key: &str, value: &str) {
    let rows = S::typed().filter(|row: &&OptionRow<S>| row.key == key);
    for error in rows.filter_map(|row| (row.set)(options, value).err()) {
        is_sound(&error, &[2]);
    }
}
