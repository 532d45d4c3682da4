//! The correction of studies in which none or all had the event.

use crate::data::Counts;
use crate::options::ZeroCells;

/// The amount added to the events and to the non-events of each study: 0 where it is not corrected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correction {
    everyone: bool,
    boundary: bool,
    amount: f64,
}

impl Correction {
    /// The rule applied to these studies: `if0all` looks at all of them.
    #[must_use]
    pub fn new(rule: ZeroCells, amount: f64, studies: &[Counts]) -> Self {
        let everyone = match rule {
            ZeroCells::All => true,
            ZeroCells::If0All => studies.iter().any(|counts| counts.at_boundary()),
            ZeroCells::Only0 | ZeroCells::None => false,
        };
        Self { everyone, boundary: rule == ZeroCells::Only0, amount }
    }

    /// The amount for one study.
    #[must_use]
    pub fn amount(&self, counts: Counts) -> f64 {
        if self.everyone || (self.boundary && counts.at_boundary()) { self.amount } else { 0.0 }
    }
}
