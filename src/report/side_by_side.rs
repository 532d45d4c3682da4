//! Printed, recomputed and reconstructed figures in one table.

use super::table::{Align, Row, Table};
use crate::analysis::MetaAnalysis;
use crate::format::{fixed, grouped, sanitize};
use crate::published::claim::{Claim, Field};

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    cells: [String; 7],
    /// Whether it is of a table that was made up to fit.
    made_up: bool,
}

impl Line {
    /// A claim with a pooled estimate, as it is printed.
    #[must_use]
    pub fn printed(title: &str, claim: &Claim) -> Option<Self> {
        let one = |field: Field| claim.one(field).map(ToString::to_string).unwrap_or_default();
        let estimate = claim.one(Field::Estimate)?.to_string();
        let interval = claim.two(Field::Ci)?.to_string();
        let source = format!("printed: {}", claim.source);
        Some(Self {
            made_up: false,
            cells: [
                title.to_string(),
                source,
                one(Field::K),
                one(Field::Total),
                estimate,
                interval,
                one(Field::I2),
            ],
        })
    }

    /// An outcome pooled from studies.
    #[must_use]
    pub fn pooled(title: &str, result: &MetaAnalysis) -> Self {
        Self::of(title, format!("pooled from {}", result.data.provenance.data), result)
    }

    /// A table that was made up to fit.
    #[must_use]
    pub fn reconstructed(title: &str, result: &MetaAnalysis) -> Self {
        let title = format!("reconstructed: {title}");
        Self {
            made_up: true,
            ..Self::of(
                &title,
                "reconstructed, made up to fit: a reconstruction, not data".to_string(),
                result,
            )
        }
    }

    fn of(title: &str, what: String, result: &MetaAnalysis) -> Self {
        let (pooled, display) = (result.pooled(), result.number_format());
        // With its unit at both ends, as papers print it and as a claim is shown above.
        let [lower, upper] = pooled.shown_limits();
        let limits = display.limits(lower, upper);
        let people = result.sums().map(|(_, total)| grouped(total));
        Self {
            made_up: false,
            cells: [
                title.to_string(),
                what,
                result.k().to_string(),
                people.unwrap_or_default(),
                display.with_sign(pooled.estimate),
                limits.unwrap_or_default(),
                result.heterogeneity.i2.map(|i2| format!("{}%", fixed(i2.estimate, 1))).unwrap_or_default(),
            ],
        }
    }
}

/// The lines as a table; `unit` is what the totals count.
#[must_use]
pub fn table(lines: &[Line], unit: &str) -> Table {
    let unit = sanitize(unit);
    let columns = [
        ("figure", Align::Left),
        ("what it is", Align::Left),
        ("studies", Align::Right),
        (&*unit, Align::Right),
        ("estimate", Align::Right),
        ("interval", Align::Right),
        ("I²", Align::Right),
    ];
    let mut table = Table::new("Printed, pooled and reconstructed", &columns);
    for line in lines {
        let cells = line.cells.iter().map(|cell| sanitize(cell).into_owned()).collect();
        table.body.push(Row { made_up: line.made_up, ..Row::new(cells) });
    }
    table
}
