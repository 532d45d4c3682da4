//! Why two analyses of a table differ, as text, Markdown and a document.

use serde::Serialize;
use serde_json::{Map, Value};

use super::document::{Document, displayed};
use super::markdown;
use super::results::NONE;
use super::table::{Align, Row, Table};
use super::text::{Paint, table_text};
use crate::data::{Dataset, Provenance};
use crate::error::Error;
use crate::format::{MINUS, NumberFormat, fixed, sanitize, significant};
use crate::options::Spec;
use crate::published::explain::{Explanation, Gap, explain};

/// Two of a kind: of the first analysis and of the second.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Both<T> {
    /// Of the first.
    pub a: T,
    /// Of the second.
    pub b: T,
}

/// Two analyses of a table and why they differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "schema", rename = "metaprop/explain-diff/1")]
pub struct ExplainReport {
    provenance: Provenance,
    names: Both<String>,
    spec: Both<Spec>,
    differences: Vec<Difference>,
    #[serde(flatten)]
    explained: Explanation,
    #[serde(skip)]
    display: NumberFormat,
}

/// A choice that the two specs do not share, whether or not it moves a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Difference {
    choice: String,
    a: Value,
    b: Value,
}

impl ExplainReport {
    /// The gap between the analyses of these data by two specs, split; `names` are what the two are called, and
    /// `display` says how proportions are written for people.
    ///
    /// # Errors
    ///
    /// Those of [`explain`].
    pub fn new(
        data: &Dataset,
        names: Both<String>,
        spec: Both<Spec>,
        display: NumberFormat,
    ) -> Result<Self, Error> {
        Ok(Self {
            explained: explain(data, &spec.a, &spec.b)?,
            provenance: data.provenance().clone(),
            names,
            differences: differences(&spec),
            spec,
            display,
        })
    }

    /// The gap, split.
    #[must_use]
    pub fn explained(&self) -> &Explanation {
        &self.explained
    }
}

impl Document for ExplainReport {
    const SCHEMA: &'static str = "metaprop/explain-diff/1";

    fn text(&self, color: bool) -> String {
        let paint = Paint { color };
        let data = &self.provenance.data;
        let mut page = format!("{}\n\n", sanitize(&format!("{data}: {}", title(self))));
        page.push_str(&table_text(&split(self), paint));
        page += &format!("\n{}\n", HOW.replace("; ", ";\n"));
        for note in notes(self) {
            page += &format!("{}\n", sanitize(&note));
        }
        page
    }

    fn markdown(&self) -> String {
        let data = markdown::escaped(&self.provenance.data);
        let mut blocks = vec![format!("# {data}: {}", markdown::escaped(&title(self)))];
        blocks.extend(markdown::captioned(&split(self)));
        blocks.push(markdown::escaped(HOW));
        blocks.extend(notes(self).iter().map(|note| markdown::escaped(note)));
        blocks.retain(|block| !block.is_empty());
        blocks.join("\n\n") + "\n"
    }
}

displayed!(ExplainReport);

const HOW: &str = "A share is what switching the convention moves, averaged over all orders of switching (Shapley's value); the shares add up to the gap.";

fn title(compared: &ExplainReport) -> String {
    format!("from {} to {}", compared.names.a, compared.names.b)
}

/// From the first analysis to the second, a convention a row.
fn split(compared: &ExplainReport) -> Table {
    let Explanation { conventions, gaps, .. } = &compared.explained;
    let mut columns = vec![("", Align::Left)];
    columns.extend(gaps.iter().map(|gap| (title_of(gap.quantity), Align::Right)));
    let unit = compared.display.unit().unwrap_or_else(|| compared.display.sign().to_string());
    let unit = match (compared.spec.a.pools_proportions(), unit.is_empty()) {
        (false, _) => String::new(),
        (true, true) => "; proportions in fractions".to_string(),
        (true, false) => format!("; proportions in {unit}"),
    };
    let mut table = Table::new(format!("The gap by convention{unit}"), &columns);
    let row = |label: String, strong: bool, cell: &dyn Fn(&Gap) -> String| Row {
        strong,
        ..Row::new(std::iter::once(label).chain(gaps.iter().map(cell)).collect())
    };
    let display = compared.display;
    table.body.push(row(compared.names.a.clone(), true, &|gap| number(gap.quantity, gap.a, display)));
    for (index, switched) in conventions.iter().enumerate() {
        let label = format!("{}: {} → {}", switched.convention, switched.a, switched.b);
        let share = |gap: &Gap| gap.shares.as_ref().map(|shares| without_rounding(gap, shares[index]));
        table.body.push(row(label, false, &|gap| signed(&number(gap.quantity, share(gap), display))));
    }
    table.body.push(row(compared.names.b.clone(), true, &|gap| number(gap.quantity, gap.b, display)));
    table.foot.push(row("Gap".to_string(), false, &|gap| {
        signed(&number(gap.quantity, gap.gap.map(|moved| without_rounding(gap, moved)), display))
    }));
    table
}

/// 0 for what is no more than the rounding of the two numbers.
fn without_rounding(gap: &Gap, moved: f64) -> f64 {
    let size = [gap.a, gap.b].into_iter().flatten().map(f64::abs).fold(0.0, f64::max);
    if moved.abs() <= 1e-12 * size { 0.0 } else { moved }
}

fn title_of(quantity: &str) -> &str {
    match quantity {
        "estimate" => "Estimate",
        "lower" => "Lower",
        "upper" => "Upper",
        "tau2" => "τ²",
        "i2" => "I² (%)",
        "prediction_lower" => "Prediction\nlower",
        "prediction_upper" => "Prediction\nupper",
        other => other,
    }
}

/// With a decimal more than a result is printed with: a gap is the small difference of two of them.
fn number(quantity: &str, value: Option<f64>, display: NumberFormat) -> String {
    let Some(value) = value else { return NONE.to_string() };
    match quantity {
        "tau2" => significant(value, 3),
        "i2" => fixed(value, 2),
        _ => NumberFormat { digits: display.digits + 1, ..display }.number(value),
    }
}

fn signed(number: &str) -> String {
    let is_plain =
        number == NONE || number.starts_with(MINUS) || number.bytes().all(|b| matches!(b, b'0' | b'.'));
    if is_plain { number.to_string() } else { format!("+{number}") }
}

/// Whether a choice, or a convention of profiles, moves none of these numbers.
fn is_silent(difference: &Difference) -> bool {
    let row = Spec::CHOICES.iter().find(|row| row.option.field == difference.choice);
    // A profile stands for the choices and conventions that it brings, which are listed themselves.
    row.is_some_and(|row| !row.details.moves_pooled && row.option.field != "profile")
        || difference.choice == "wilson_cc_ends"
}

/// What the table does not show: studies that one of the two leaves out, what goes along with a model, and what
/// differs without an effect.
fn notes(compared: &ExplainReport) -> Vec<String> {
    let Explanation { conventions, studies: [a, b], .. } = &compared.explained;
    let (silent, rest): (Vec<_>, Vec<_>) =
        compared.differences.iter().partition(|difference| is_silent(difference));
    let named = |difference: &Difference| {
        conventions.iter().any(|switched| switched.convention.replace(' ', "_").contains(&difference.choice))
    };
    let mut notes = Vec::new();
    if a != b {
        notes.push(format!(
            "They do not pool the same studies: {} pools {a}, {} pools {b}.",
            compared.names.a, compared.names.b
        ));
    }
    if conventions.iter().any(|switched| switched.convention == "model") {
        let along: Vec<_> = rest
            .iter()
            .filter(|d| d.choice != "profile" && !named(d))
            .map(|difference| difference.in_words())
            .collect();
        if !along.is_empty() {
            notes.push(format!("The row of the model also has what changes with it: {}.", along.join(", ")));
        }
    }
    if !silent.is_empty() {
        let silent: Vec<_> = silent.iter().map(|difference| difference.in_words()).collect();
        notes.push(format!("They also differ in what moves none of these numbers: {}.", silent.join(", ")));
    }
    notes
}

impl Difference {
    fn in_words(&self) -> String {
        format!("{} {} → {}", self.choice.replace('_', " "), bare(&self.a), bare(&self.b))
    }
}

fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

/// Every key of the spec whose value is not the same, those of its conventions included.
fn differences(spec: &Both<Spec>) -> Vec<Difference> {
    let flat = |spec: &Spec| {
        let mut keys = match serde_json::to_value(spec) {
            Ok(Value::Object(keys)) => keys,
            _ => Map::new(),
        };
        if let Some(Value::Object(conventions)) = keys.remove("conventions") {
            keys.extend(conventions);
        }
        keys
    };
    let (a, mut b) = (flat(&spec.a), flat(&spec.b));
    a.into_iter()
        .map(|(choice, a)| Difference { b: b.remove(&choice).unwrap_or_default(), choice, a })
        .filter(|difference| difference.a != difference.b)
        .collect()
}
