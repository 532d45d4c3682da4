//! How many digits agree with the certified set, as text, Markdown and a document.

use serde::Serialize;

use super::json::{self, Provenance};
use super::markdown;
use super::table::{Align, Table};
use super::text::{Paint, table_text};
use crate::data;
use crate::format::{fixed, grouped};
use crate::selftest::{Agreement, CertifiedSet, Tally, digest, tally};

/// The name and version of the document.
pub const SCHEMA: &str = "metaprop/selftest/1";

/// The certified set recomputed.
#[derive(Debug, Clone, PartialEq)]
pub struct SelftestReport {
    /// How many data sets.
    pub sets: usize,
    /// How many specifications of them.
    pub cases: usize,
    /// A row a statistic and kind.
    pub tallies: Vec<Tally>,
    /// The bits of everything that was computed.
    pub digest: String,
}

impl SelftestReport {
    /// These sets and how they agree.
    #[must_use]
    pub fn new(sets: &[CertifiedSet], agreements: &[Agreement<'_>]) -> Self {
        Self {
            sets: sets.len(),
            cases: sets.iter().map(|set| set.cases.len()).sum(),
            tallies: tally(agreements),
            digest: digest::of(agreements),
        }
    }

    /// Whether every bit is the one that was certified.
    #[must_use]
    pub fn same_bits(&self) -> bool {
        self.digest == digest::CERTIFIED.trim()
    }

    /// Every value compared.
    #[must_use]
    pub fn values(&self) -> usize {
        self.tallies.iter().map(|tally| tally.values).sum()
    }

    /// The values with fewer digits than they should have.
    #[must_use]
    pub fn below(&self) -> usize {
        self.tallies.iter().map(|tally| tally.below).sum()
    }

    fn sentence(&self) -> String {
        let [values, cases] = [self.values(), self.cases].map(|number| grouped(number as u64));
        let verdict = match self.below() {
            0 => "every one has the digits it should have".to_string(),
            below => format!("{} have fewer digits than they should", grouped(below as u64)),
        };
        format!(
            "{values} certified values of {} data sets under {cases} specifications: {verdict}.",
            self.sets
        )
    }

    fn bits(&self) -> String {
        match self.same_bits() {
            true => format!("The bits are those of every other machine (SHA-256 {}).", self.digest),
            false => format!(
                "The bits are not those that were certified: SHA-256 {}, certified {}.",
                self.digest,
                digest::CERTIFIED.trim()
            ),
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    provenance: Provenance<'a>,
    /// There is nothing to choose.
    spec: Option<()>,
    datasets: usize,
    specifications: usize,
    values: usize,
    below: usize,
    digest: &'a str,
    same_bits: bool,
    statistics: &'a [Tally],
}

/// The document.
#[must_use]
pub fn json(tested: &SelftestReport) -> String {
    let none = data::Provenance::default();
    json::document(&Document {
        schema: SCHEMA,
        provenance: Provenance::new(&none),
        spec: None,
        datasets: tested.sets,
        specifications: tested.cases,
        values: tested.values(),
        below: tested.below(),
        digest: &tested.digest,
        same_bits: tested.same_bits(),
        statistics: &tested.tallies,
    })
}

/// On a terminal.
#[must_use]
pub fn text(tested: &SelftestReport, color: bool) -> String {
    let mut page = format!("{}\n\n", tested.sentence());
    page.push_str(&table_text(&table(tested), Paint { color }));
    page + "\n" + &tested.bits() + "\n"
}

/// In Markdown.
#[must_use]
pub fn markdown(tested: &SelftestReport) -> String {
    let mut blocks = vec![tested.sentence()];
    blocks.extend(markdown::captioned(&table(tested)));
    blocks.push(tested.bits());
    blocks.join("\n\n") + "\n"
}

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
    for tally in &tested.tallies {
        table.push([
            tally.statistic.to_string(),
            tally.kind.to_string(),
            grouped(tally.values as u64),
            fixed(tally.median, 1),
            fixed(tally.worst, 1),
            fixed(tally.goal, 0),
        ]);
    }
    for tally in tested.tallies.iter().filter(|tally| tally.below > 0) {
        table.notes.push(format!(
            "{} ({}): {} below the goal, the worst at {}",
            tally.statistic, tally.kind, tally.below, tally.at
        ));
    }
    table
}
