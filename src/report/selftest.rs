//! How many digits agree with the certified set, as text, Markdown and a document.

use serde::Serialize;

use super::document::{Document, displayed};
use super::markdown;
use super::table::{Align, Table};
use super::text::{Paint, table_text};
use crate::data::Provenance;
use crate::format::{fixed, grouped};
use crate::selftest::{Agreement, CertifiedSet, Tally, digest, tally};

/// The certified set recomputed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "schema", rename = "metaprop/selftest/1")]
pub struct SelftestReport {
    provenance: Provenance,
    /// There is nothing to choose.
    spec: Option<()>,
    datasets: usize,
    specifications: usize,
    values: usize,
    below: usize,
    digest: String,
    same_bits: bool,
    statistics: Vec<Tally>,
}

impl SelftestReport {
    /// These sets and how they agree.
    #[must_use]
    pub fn new(sets: &[CertifiedSet], agreements: &[Agreement<'_>]) -> Self {
        let (statistics, digest) = (tally(agreements), digest::sha256(agreements));
        Self {
            provenance: Provenance::default(),
            spec: None,
            datasets: sets.len(),
            specifications: sets.iter().map(|set| set.cases.len()).sum(),
            values: statistics.iter().map(|tally| tally.values).sum(),
            below: statistics.iter().map(|tally| tally.below).sum(),
            same_bits: digest == digest::CERTIFIED.trim(),
            digest,
            statistics,
        }
    }

    /// Whether every bit is the one that was certified.
    #[must_use]
    pub fn same_bits(&self) -> bool {
        self.same_bits
    }

    /// Every value compared.
    #[must_use]
    pub fn values(&self) -> usize {
        self.values
    }

    /// The values with fewer digits than they should have.
    #[must_use]
    pub fn below(&self) -> usize {
        self.below
    }

    /// A row a statistic and kind.
    #[must_use]
    pub fn statistics(&self) -> &[Tally] {
        &self.statistics
    }

    fn sentence(&self) -> String {
        let [values, cases] = [self.values, self.specifications].map(|number| grouped(number as u64));
        let verdict = match self.below {
            0 => "every one has the digits it should have".to_string(),
            below => format!("{} have fewer digits than they should", grouped(below as u64)),
        };
        format!(
            "{values} certified values of {} data sets under {cases} specifications: {verdict}.",
            self.datasets
        )
    }

    fn bits(&self) -> String {
        match self.same_bits {
            true => format!("The bits are those of every other machine (SHA-256 {}).", self.digest),
            false => format!(
                "The bits are not those that were certified: SHA-256 {}, certified {}.",
                self.digest,
                digest::CERTIFIED.trim()
            ),
        }
    }
}

impl Document for SelftestReport {
    const SCHEMA: &'static str = "metaprop/selftest/1";

    fn text(&self, color: bool) -> String {
        let mut page = format!("{}\n\n", self.sentence());
        page.push_str(&table_text(&table(self), Paint { color }));
        page + "\n" + &self.bits() + "\n"
    }

    fn markdown(&self) -> String {
        let mut blocks = vec![self.sentence()];
        blocks.extend(markdown::captioned(&table(self)));
        blocks.push(self.bits());
        blocks.join("\n\n") + "\n"
    }
}

displayed!(SelftestReport);

fn table(tested: &SelftestReport) -> Table {
    let columns = [
        ("statistic", Align::Left),
        ("how", Align::Left),
        ("values", Align::Right),
        ("digits\nmedian", Align::Right),
        ("\nworst", Align::Right),
        ("\ngoal", Align::Right),
    ];
    let mut table = Table::new("Digits that agree with 120-digit arithmetic", &columns);
    for tally in &tested.statistics {
        table.push([
            tally.statistic.to_string(),
            tally.kind.to_string(),
            grouped(tally.values as u64),
            fixed(tally.median, 1),
            fixed(tally.worst, 1),
            fixed(tally.goal, 0),
        ]);
    }
    for tally in tested.statistics.iter().filter(|tally| tally.below > 0) {
        table.notes.push(format!(
            "{} ({}): {} below the goal, the worst at {}",
            tally.statistic, tally.kind, tally.below, tally.at
        ));
    }
    table
}
