//! What `--line` and `--printed` say together.

use crate::error::Error;
use crate::options::Level;
use crate::published::claim::Claim;
use crate::published::sentence::LineReading;

/// The printed figures of a command line.
pub(super) struct Figures {
    pub claim: Claim,
    /// The level of the interval in the sentence.
    pub level: Option<Level>,
    /// How the sentence was read.
    pub reading: Option<String>,
}

impl Figures {
    /// The figures of a sentence, if one is given, and those given one by one; `scale` is what a number without a sign is
    /// per.
    pub fn new(line: Option<&str>, printed: &[String], scale: Option<u64>) -> Result<Self, Error> {
        let read = line.map(LineReading::parse).transpose()?;
        let mut problems = Vec::new();
        let mut claim = read.as_ref().map(|read| read.claim.clone()).unwrap_or_default();
        for figure in printed {
            match claim.set_printed(figure) {
                Err(Error::Usage(found)) => problems.extend(found),
                set => set?,
            }
        }
        if !problems.is_empty() {
            return Err(Error::Usage(problems));
        }
        let claim = scale.map_or(claim.clone(), |scale| claim.on_scale(scale));
        let level = read.as_ref().and_then(|read| read.level);
        Ok(Self { claim, level, reading: read.as_ref().map(in_words) })
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
