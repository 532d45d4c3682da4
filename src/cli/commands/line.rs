//! What `--line` and `--printed` say together.

use crate::error::{Error, Problem};
use crate::options::{Level, Request};
use crate::published::claim::{Claim, PrintedOf};
use crate::published::sentence::LineReading;

/// The printed figures of a command line.
pub(super) struct Figures {
    pub claim: Claim,
    /// The level of a column that they are of; `None` for all studies.
    pub subgroup: Option<String>,
    /// The confidence level of the interval in the sentence.
    level: Option<Level>,
    /// How the sentence was read.
    pub reading: Option<String>,
}

impl Figures {
    /// The figures of a sentence, if one is given, and those given one by one: all of them of all studies.
    pub fn new(line: Option<&str>, printed: &[String]) -> Result<Self, Error> {
        let figures = Self::of_one(line, printed)?;
        match &figures.subgroup {
            None => Ok(figures),
            Some(level) => {
                let problem = Problem::new(format!("figures of the level '{level}' of a column"));
                Err(Error::Usage(vec![
                    problem.help("give those of all studies; metaprop reproduce takes those of a level"),
                ]))
            }
        }
    }

    /// The same of all studies, or of one level of a column.
    pub fn of_one(line: Option<&str>, printed: &[String]) -> Result<Self, Error> {
        let PrintedOf { level: subgroup, figures: printed } = PrintedOf::read(printed)?;
        if let (Some(_), Some(level)) = (line, &subgroup) {
            let problem = Problem::new(format!(
                "--line is about all studies, and the printed figures are of the level '{level}'"
            ));
            return Err(Error::Usage(vec![problem.help("give every figure of the level with --printed")]));
        }
        let read = line.map(LineReading::parse).transpose()?;
        let (level, reading) = (read.as_ref().and_then(|read| read.level), read.as_ref().map(in_words));
        let claim = read.map(|read| read.claim).unwrap_or_default().and_printed(printed)?;
        Ok(Self { claim, subgroup, level, reading })
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
