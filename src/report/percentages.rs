//! The percentages of a table, each held against its total, as text, Markdown, CSV and a document.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::csv;
use super::document::{Document, Format, displayed};
use super::markdown;
use super::table::{Align, Table};
use super::text::{Paint, table_text};
use crate::data::{PercentRow, Percentages};
use crate::format::{counted, grouped, sanitize};
use crate::options::OnImpossible;
use crate::printed::Consistency;
use crate::printed::grim::nearest_count;

/// A row with its verdict.
#[derive(Serialize)]
struct Judged<'a> {
    study: &'a str,
    line: u32,
    percent: String,
    total: u64,
    possible: bool,
    rounding: Consistency,
    /// The first and the last count that give it.
    events: Option<[u64; 2]>,
    ambiguity: u64,
    /// The count that `metaprop pool` takes.
    taken: Option<u64>,
    sentence: String,
}

impl<'a> Judged<'a> {
    fn of(row: &'a PercentRow, on_impossible: OnImpossible) -> Self {
        let derived = row.derived();
        let kept = || (on_impossible == OnImpossible::Keep).then(|| nearest_count(&row.percent, row.total));
        let grim = row.grim().ok();
        Self {
            study: &row.study,
            line: row.line,
            percent: row.percent.to_string(),
            total: row.total,
            possible: derived.is_some(),
            rounding: grim.as_ref().map_or(Consistency::No, |grim| grim.rounding),
            events: derived.map(|derived| derived.counts),
            ambiguity: derived.map_or(0, |derived| derived.ambiguity()),
            taken: derived.map(|derived| derived.taken).or_else(kept),
            sentence: grim.map(|grim| grim.sentence()).unwrap_or_default(),
        }
    }

    fn verdict(&self) -> &'static str {
        match (self.possible, self.ambiguity, self.rounding) {
            (false, ..) => "impossible",
            (true, 1, Consistency::Truncation) => "one count, digits cut off",
            (true, 1, _) => "one count",
            (true, _, Consistency::Truncation) => "several counts, digits cut off",
            (true, ..) => "several counts",
        }
    }
}

impl Serialize for Percentages {
    /// The document `metaprop/percentages/1`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let impossible = self.impossible();
        let mut document = to.serialize_struct("Percentages", 9)?;
        document.serialize_field("schema", Self::SCHEMA)?;
        document.serialize_field("provenance", &self.provenance)?;
        // There is nothing to choose.
        document.serialize_field("spec", &None::<()>)?;
        document.serialize_field("column", &self.column)?;
        document.serialize_field("possible", &(self.rows.len() - impossible))?;
        document.serialize_field("impossible", &impossible)?;
        document.serialize_field(
            "rows",
            &self.rows.iter().map(|row| Judged::of(row, self.on_impossible)).collect::<Vec<_>>(),
        )?;
        document.serialize_field("excluded", &self.excluded)?;
        document.serialize_field("advisories", &self.advisories)?;
        document.end()
    }
}

impl Document for Percentages {
    const SCHEMA: &'static str = "metaprop/percentages/1";
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv, Format::Markdown, Format::Text];

    fn text(&self, color: bool) -> String {
        let mut page = String::new();
        page.push_str(&table_text(&table(self), Paint { color }));
        let remarks = remarks(self);
        page.push_str(&format!("\n{}\n", sanitize(&summary(self))));
        remarks.iter().for_each(|remark| page.push_str(&format!("  {}\n", sanitize(remark))));
        page
    }

    fn markdown(&self) -> String {
        let title = format!(
            "# The percentages of {}, column {}",
            markdown::escaped(&self.provenance.data),
            markdown::escaped(&self.column)
        );
        let mut blocks = vec![title, markdown::escaped(&summary(self))];
        let remarks: Vec<String> =
            remarks(self).iter().map(|remark| format!("- {}", markdown::escaped(remark))).collect();
        if !remarks.is_empty() {
            blocks.push(remarks.join("\n"));
        }
        blocks.extend(markdown::captioned(&table(self)));
        blocks.join("\n\n") + "\n"
    }

    /// A row a study.
    fn csv(&self) -> Option<String> {
        let mut text = "study,line,percent,total,verdict,first,last,taken\n".to_string();
        for row in self.rows.iter().map(|row| Judged::of(row, self.on_impossible)) {
            let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
            let [first, last] = [0, 1].map(|end: usize| number(row.events.map(|events| events[end])));
            let cells = [
                csv::field(row.study).into_owned(),
                row.line.to_string(),
                csv::field(&row.percent).into_owned(),
                row.total.to_string(),
                csv::field(row.verdict()).into_owned(),
                first,
                last,
                number(row.taken),
            ];
            text.push_str(&format!("{}\n", cells.join(",")));
        }
        for row in &self.excluded {
            let [study, why] =
                [&*row.study, &format!("left out: {}", row.reason)].map(|cell| csv::field(cell).into_owned());
            text.push_str(&format!("{study},{},,,{why},,,\n", row.line));
        }
        Some(text)
    }
}

displayed!(Percentages);

fn summary(percentages: &Percentages) -> String {
    let (all, impossible) = (percentages.rows.len(), percentages.impossible());
    let several = percentages.rows.iter().filter_map(PercentRow::derived).filter(|it| it.ambiguity() > 1);
    format!(
        "{}: {} impossible, {} with more than one count.",
        counted(all as u64, "row", "rows"),
        grouped(impossible as u64),
        grouped(several.count() as u64)
    )
}

/// A sentence a row that is impossible and a row that was left out, and the remarks made while reading.
fn remarks(percentages: &Percentages) -> Vec<String> {
    let judged = percentages
        .rows
        .iter()
        .filter(|row| row.derived().is_none())
        .map(|row| Judged::of(row, percentages.on_impossible));
    let judged = judged.map(|row| format!("{} (line {}): {}", row.study, row.line, row.sentence));
    let left_out = percentages.excluded.iter();
    let left_out = left_out.map(|row| format!("{} (line {}): left out: {}", row.study, row.line, row.reason));
    let advisories = percentages.advisories.iter().map(|advisory| advisory.message.clone());
    judged.chain(left_out).chain(advisories).collect()
}

fn table(percentages: &Percentages) -> Table {
    let columns = [
        ("study", Align::Left),
        ("line", Align::Right),
        ("percent", Align::Right),
        ("total", Align::Right),
        ("counts", Align::Left),
        ("taken", Align::Right),
        ("verdict", Align::Left),
    ];
    let mut table = Table::new("What each percentage can count", &columns);
    for row in percentages.rows.iter().map(|row| Judged::of(row, percentages.on_impossible)) {
        let counts = match row.events {
            None => String::new(),
            Some([first, last]) if first == last => first.to_string(),
            Some([first, last]) => format!("{first} to {last}"),
        };
        table.push([
            sanitize(row.study).into_owned(),
            row.line.to_string(),
            row.percent.clone(),
            row.total.to_string(),
            counts,
            row.taken.map(|taken| taken.to_string()).unwrap_or_default(),
            row.verdict().to_string(),
        ]);
    }
    table
}
