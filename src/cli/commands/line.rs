//! What `--line` and `--printed` say together.

use crate::error::Error;
use crate::options::{Level, Request};
use crate::published::claim::Claim;
use crate::published::sentence::LineReading;

/// The printed figures of a command line.
pub(super) struct Figures {
    pub claim: Claim,
    /// The level of the interval in the sentence.
    level: Option<Level>,
    /// How the sentence was read.
    pub reading: Option<String>,
}

impl Figures {
    /// The figures of a sentence, if one is given, and those given one by one.
    pub fn new(line: Option<&str>, printed: &[String]) -> Result<Self, Error> {
        let read = line.map(LineReading::parse).transpose()?;
        let (level, reading) = (read.as_ref().and_then(|read| read.level), read.as_ref().map(in_words));
        let claim = read.map(|read| read.claim).unwrap_or_default().and_printed(printed)?;
        Ok(Self { claim, level, reading })
    }

    /// The same where a number without a sign is per this many, if that is said.
    pub fn on_scale(mut self, scale: Option<u64>) -> Self {
        if let Some(scale) = scale {
            self.claim = self.claim.on_scale(scale);
        }
        self
    }

    /// The choices as typed, at the level of the sentence where none is typed.
    pub fn choices(&self, typed: Request) -> Request {
        Request { level: typed.level.or(self.level), ..typed }
    }
}

/// How a sentence was read.
fn in_words(read: &LineReading) -> String {
    let level = read.level.map(|level| format!(", level = {level}")).unwrap_or_default();
    let left_out = match &read.left_out[..] {
        [] => String::new(),
        left_out => format!("; not read: {}", left_out.join(", ")),
    };
    format!("read as {}{level}{left_out}", read.words())
}
