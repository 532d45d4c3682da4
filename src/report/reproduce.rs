//! The specifications that give the printed figures, as text, Markdown and a document.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::document::{Document, displayed};
use super::json;
use super::markdown;
use super::table::{Align, Table};
use super::text::sentences_and_tables;
use crate::data::Provenance;
use crate::format::{NumberFormat, fixed, grouped, sanitize, significant, studies};
use crate::options::{Choice, Model, Quadrature, ZeroCells};
use crate::options::{Level, Spec};
use crate::published::claim::{Claim, Computation, Verdict};
use crate::published::multiverse::choice_keys;
use crate::published::reproduce::{
    Agreement, Chance, Edit, Match, Misprint, MisprintKind, ReproduceQuery, Reproduction, SubsetMatch,
    Subsets, Uncalibrated,
};

/// A search, what it was for, and what it found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "schema", rename = "metaprop/reproduce/1")]
pub struct ReproduceReport {
    provenance: Provenance,
    /// The level whose studies alone were searched.
    #[serde(skip_serializing_if = "Option::is_none")]
    subgroup: Option<LevelOf>,
    /// What the search starts from: the explicit choices, and the defaults of the others.
    spec: Spec,
    #[serde(serialize_with = "json::printed")]
    printed: Claim,
    /// Whether the data were also tried with one error undone.
    #[serde(rename = "slips")]
    data_errors: bool,
    #[serde(flatten)]
    found: Reproduction,
    subsets: Option<Subsets>,
    #[serde(flatten, serialize_with = "chance")]
    chance: Result<Chance, Uncalibrated>,
    /// How many studies were searched.
    #[serde(skip)]
    k: usize,
    /// How proportions are written for people.
    #[serde(skip)]
    display: Option<NumberFormat>,
}

/// A level of a column, and how many studies it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct LevelOf {
    column: String,
    level: String,
    k: usize,
}

/// `chance` and `chance_missing`: one of the two is null.
fn chance<S: Serializer>(chance: &Result<Chance, Uncalibrated>, to: S) -> Result<S::Ok, S::Error> {
    let mut keys = to.serialize_map(Some(2))?;
    keys.serialize_entry("chance", &chance.as_ref().ok())?;
    keys.serialize_entry("chance_missing", &chance.as_ref().err())?;
    keys.end()
}

impl ReproduceReport {
    /// What was found for a query; `spec` is what the search starts from: the explicit choices, and the defaults
    /// of the others.
    ///
    /// ```
    /// use metaprop::prelude::*;
    /// use metaprop::published::reproduce::{ReproduceQuery, reproduce};
    /// use metaprop::report::ReproduceReport;
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let printed = Claim::printed(["estimate=51.3%"])?;
    /// let query = ReproduceQuery::new(&data, &printed);
    /// let found = reproduce(&query, |_, _| true)?;
    /// let report = ReproduceReport::new(&query, Spec::default(), found);
    /// assert!(report.to_string().contains("specifications were tried"));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn new(query: &ReproduceQuery<'_>, spec: Spec, found: Reproduction) -> Self {
        Self {
            provenance: query.table.provenance().clone(),
            subgroup: None,
            k: query.table.k(),
            spec,
            printed: query.printed.clone(),
            data_errors: query.data_errors,
            found,
            subsets: None,
            chance: Err(Uncalibrated::NotAsked),
            display: None,
        }
    }

    /// How proportions are written where nothing else is said: in percent with one decimal, rare ones with more.
    #[must_use]
    pub fn number_format(&self) -> NumberFormat {
        self.found.matches.first().map_or(NumberFormat::default(), |best| {
            NumberFormat::of_proportion(best.estimate, best.lower.zip(best.upper).map(<[f64; 2]>::from))
        })
    }

    /// Per how many proportions are written for people, and with how many decimals; what was found has one more, to
    /// show how near it comes.
    #[must_use]
    pub fn display(self, display: NumberFormat) -> Self {
        Self { display: Some(display), ..self }
    }

    /// One decimal more than what is printed elsewhere.
    fn finer(&self) -> NumberFormat {
        let display = self.display.unwrap_or_else(|| self.number_format());
        NumberFormat { digits: (display.digits + 1).min(15), ..display }
    }

    /// With what was found among the subsets of the studies, where they were asked for.
    #[must_use]
    pub fn with_subsets(self, subsets: Option<Subsets>) -> Self {
        Self { subsets, ..self }
    }

    /// With how often so good a match happens by chance, or why that is not known.
    #[must_use]
    pub fn with_chance(self, chance: Result<Chance, Uncalibrated>) -> Self {
        Self { chance, ..self }
    }

    /// Said to be of the studies of this level of a column alone: the table of the query has no others.
    #[must_use]
    pub fn of_level(self, column: impl Into<String>, level: impl Into<String>) -> Self {
        let subgroup = LevelOf { column: column.into(), level: level.into(), k: self.k };
        Self { subgroup: Some(subgroup), ..self }
    }

    /// What was found.
    #[must_use]
    pub fn found(&self) -> &Reproduction {
        &self.found
    }

    /// How many specifications give every printed figure, on a reading of the data or on a subset.
    #[must_use]
    pub fn matches(&self) -> u64 {
        self.found.complete + self.subsets.as_ref().map_or(0, |subsets| subsets.complete)
    }
}

impl Document for ReproduceReport {
    const SCHEMA: &'static str = "metaprop/reproduce/1";

    fn text(&self, color: bool) -> String {
        sentences_and_tables(&sentences(self), &tables(self), color)
    }

    fn markdown(&self) -> String {
        let title =
            format!("# What gives the printed figures of {}", markdown::escaped(&self.provenance.data));
        markdown::page(title, &sentences(self), &tables(self))
    }
}

displayed!(ReproduceReport);

/// How many fit, whether they agree, and what chance would give.
pub(super) fn sentences(searched: &ReproduceReport) -> Vec<String> {
    let (found, fields) = (&searched.found, searched.printed.entries.len());
    let readings = if searched.data_errors {
        ", over the data as they were read and with one error in one row undone"
    } else {
        ""
    };
    let were = if found.tried == 1 { "specification was" } else { "specifications were" };
    let tried = format!("{} {were} tried{readings}", grouped(found.tried));
    let mut sentences: Vec<String> = searched.subgroup.iter().map(of_level).collect();
    sentences.push(match found.complete {
        0 => format!("{tried}: none gives {}.", every(fields)),
        1 => format!("{tried}: one gives {}.", every(fields)),
        many => format!("{tried}: {} give {}.", grouped(many), every(fields)),
    });
    if found.stopped || searched.subsets.as_ref().is_some_and(|subsets| subsets.stopped) {
        sentences.push("The search was stopped before its end.".to_string());
    }
    if found.complete == 0 {
        sentences.extend(found.matches.first().map(|best| match best.is_complete {
            true => but_for_a_misprint(best, found.with_misprint, searched.finer()),
            false => nearest(best, fields),
        }));
    }
    sentences.extend(
        found
            .agreement
            .as_ref()
            .filter(|_| found.complete > 0)
            .map(|found| agreement(found, searched.finer())),
    );
    sentences.extend(searched.subsets.as_ref().map(|subsets| of_subsets(subsets, fields)));
    sentences.extend(on_chance(searched));
    sentences
}

/// Which studies were searched.
fn of_level(of: &LevelOf) -> String {
    let (column, level) = (sanitize(&of.column), sanitize(&of.level));
    let searched = if of.k == 1 { "its one study alone is" } else { "its studies alone are" };
    format!(
        "The printed figures are of the level {level} of {column}: {searched} searched ({}).",
        studies(of.k)
    )
}

/// How many subsets of the studies fit, and which leaves out the fewest.
fn of_subsets(subsets: &Subsets, fields: usize) -> String {
    let tried = format!(
        "Of the subsets of the studies, {} were tried over the usual specifications",
        grouped(subsets.tried)
    );
    let Some(best) = subsets.matches.first() else {
        return format!("{tried}: none gives {}.", every(fields));
    };
    let out = if best.left_out.is_empty() {
        "all studies in".to_string()
    } else {
        format!("without {}", best.left_out.join(", "))
    };
    let label = label(&best.spec);
    format!(
        "{tried}: {} give{} {}; the largest is {}, {out} ({label}).",
        grouped(subsets.complete),
        if subsets.complete == 1 { "s" } else { "" },
        every(fields),
        studies(best.k)
    )
}

fn every(fields: usize) -> String {
    match fields {
        1 => "the printed figure".to_string(),
        2 => "both printed figures".to_string(),
        more => format!("all {more} printed figures"),
    }
}

/// What fits if a figure was misprinted, and the likeliest of these.
fn but_for_a_misprint(best: &Match, specifications: u64, display: NumberFormat) -> String {
    let misprints: Vec<String> =
        best.edits.iter().filter(|edit| matches!(edit, Edit::Misprint(_))).map(edit).collect();
    let value = display.with_sign(best.estimate);
    let limits = display.interval(best.lower, best.upper).unwrap_or_default();
    let how_many = match specifications {
        1 => "One gives them".to_string(),
        many => format!("{} give them", grouped(many)),
    };
    format!(
        "{how_many} but for a misprint; the most usual of these: {}, {value} {limits}, if {}.",
        label(&best.spec),
        sanitize(&misprints.join(" and ")),
    )
}

fn nearest(best: &Match, fields: usize) -> String {
    let missing: Vec<String> = best
        .fields
        .iter()
        .filter(|field| field.verdict == Verdict::Fails)
        .map(|field| field.field.to_string())
        .collect();
    let off = if best.distance.is_finite() {
        format!(", which differ by up to {} units of the last printed digit", significant(best.distance, 3))
    } else {
        String::new()
    };
    format!(
        "The nearest gives {} of the {fields} figures and not {}{off}.",
        best.fields_hold,
        missing.join(", ")
    )
}

/// Whether those that fit agree on what was not printed.
fn agreement(agreement: &Agreement, display: NumberFormat) -> String {
    let of = |[low, high]: [f64; 2]| match display.number(low) == display.number(high) {
        true => display.with_sign(low),
        false => display.limits(Some(low), Some(high)).unwrap_or_default(),
    };
    let open: Vec<String> = agreement
        .choices
        .iter()
        .filter(|(_, words)| words.len() > 1)
        .map(|(choice, words)| format!("{choice} ({})", words.iter().cloned().collect::<Vec<_>>().join(", ")))
        .collect();
    let limits = agreement
        .lower
        .zip(agreement.upper)
        .map(|(lower, upper)| format!(", lower limit {}, upper limit {}", of(lower), of(upper)))
        .unwrap_or_default();
    let i2 = agreement
        .i2
        .map(|[low, high]| {
            if high - low < 0.05 {
                format!(", I² {}%", fixed(low, 1))
            } else {
                format!(", I² {}% to {}%", fixed(low, 1), fixed(high, 1))
            }
        })
        .unwrap_or_default();
    let differ = if open.is_empty() {
        "they agree on every choice".to_string()
    } else {
        format!("they differ in {}", open.join("; "))
    };
    match agreement.specifications {
        1 => format!("It gives estimate {}{limits}{i2}.", of(agreement.estimate)),
        many => format!(
            "Of the {} on the best reading of the data {differ}: estimate {}{limits}{i2}.",
            grouped(many),
            of(agreement.estimate)
        ),
    }
}

/// What chance gives, and of which matches that is not known.
fn on_chance(searched: &ReproduceReport) -> Vec<String> {
    let mut sentences = match &searched.chance {
        Ok(chance) => vec![by_chance(chance, searched.printed.entries.len())],
        Err(Uncalibrated::FullModelsAlone) => vec![
            "How often chance gives as much was not calibrated: what fits is not by inverse variance with a Wald, t or Hartung-Knapp interval, and the others are not searched on redrawn data.".to_string(),
        ],
        Err(_) => Vec::new(),
    };
    if searched.subsets.as_ref().is_some_and(|subsets| subsets.complete > 0) {
        sentences.push(
            "How often chance gives as much was not calibrated for subsets: the more of them are tried, the more fit by chance alone.".to_string(),
        );
    }
    sentences
}

fn by_chance(chance: &Chance, fields: usize) -> String {
    format!(
        "On {} of {} data sets drawn around these (seed {}) an inverse-variance specification no less usual explains {} as well: by chance, {}.",
        chance.as_good,
        chance.replicates,
        chance.seed,
        every(fields),
        if chance.as_good == 0 {
            format!("in less than 1 of {}", chance.replicates + 1)
        } else {
            format!("in about {}%", fixed(100.0 * chance.probability, 0))
        },
    )
}

/// The best matches, and the subsets that give the printed figures.
pub(super) fn tables(searched: &ReproduceReport) -> Vec<Table> {
    let matches = (!searched.found.matches.is_empty()).then(|| table(searched));
    let subsets = searched.subsets.as_ref().filter(|subsets| !subsets.matches.is_empty());
    matches
        .into_iter()
        .chain(subsets.map(|subsets| subset_table(&subsets.matches, searched.finer())))
        .collect()
}

fn subset_table(matches: &[SubsetMatch], display: NumberFormat) -> Table {
    let columns = [
        ("k", Align::Right),
        ("estimate", Align::Right),
        ("interval", Align::Interval),
        ("specification", Align::Left),
        ("left out", Align::Left),
    ];
    let mut table = Table::new("Subsets of the studies that give the printed figures", &columns);
    for one in matches {
        let limits = display.interval(one.lower, one.upper);
        table.push([
            one.k.to_string(),
            display.with_sign(one.estimate),
            limits.unwrap_or_default(),
            label(&one.spec),
            sanitize(&one.left_out.join(", ")).into_owned(),
        ]);
    }
    table
}

/// The specification in a line.
fn label(spec: &Spec) -> String {
    choice_keys(spec).into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn table(searched: &ReproduceReport) -> Table {
    let of_fields = format!("figures that\nhold, of {}", searched.printed.entries.len());
    let columns = [
        ("", Align::Right),
        (of_fields.as_str(), Align::Right),
        ("estimate", Align::Right),
        ("interval", Align::Interval),
        ("measure", Align::Left),
        ("model", Align::Left),
        ("tau2", Align::Left),
        ("ci", Align::Left),
        ("other choices", Align::Left),
        ("data and print", Align::Left),
        ("others with\nthese numbers", Align::Right),
    ];
    let (mut table, display) = (Table::new("The best matches", &columns), searched.finer());
    for (rank, best) in (1_u32..).zip(&searched.found.matches) {
        let limits = display.interval(best.lower, best.upper);
        let common = best.spec.model == Model::Common;
        table.push([
            rank.to_string(),
            best.fields_hold.to_string(),
            display.with_sign(best.estimate),
            limits.unwrap_or_default(),
            best.spec.measure.key().to_string(),
            best.spec.model.key().to_string(),
            if common { String::new() } else { best.spec.tau2.key() },
            best.spec.ci.key().to_string(),
            others(best),
            edits(&best.edits),
            if best.also > 0 { grouped(best.also) } else { String::new() },
        ]);
    }
    table
}

/// The choices that are not those of most papers.
fn others(best: &Match) -> String {
    let spec = &best.spec;
    let back_transform = spec.back_transform.filter(|_| best.computed != Some(Computation::HalfAngle));
    let mut words: Vec<String> = back_transform.map(|back| back.key().to_string()).into_iter().collect();
    words.extend(match best.computed {
        Some(Computation::EarlyStop { tau2, converged }) => Some(format!(
            "iteration stopped as metafor's, at tau2 {} and not {}",
            significant(tau2, 4),
            significant(converged, 4)
        )),
        Some(Computation::HalfAngle) => Some("taken back by sin²(y/2), not sin²(y)".to_string()),
        _ => None,
    });
    if let Some(approximation) = spec.quadrature.filter(|quadrature| *quadrature != Quadrature::Exact) {
        words.push(format!("quadrature {}", approximation.key()));
    }
    if spec.zero_amount > 0.0 && spec.zero_cells != ZeroCells::Only0 {
        words.push(format!("zero cells {}", spec.zero_cells.key()));
    }
    if spec.level != Level::DEFAULT {
        words.push(format!("level {}%", spec.level.percent()));
    }
    words.join(", ")
}

fn edits(edits: &[Edit]) -> String {
    let words: Vec<String> = edits.iter().map(edit).collect();
    if words.is_empty() { "as read".to_string() } else { sanitize(&words.join("; ")).into_owned() }
}

fn edit(edit: &Edit) -> String {
    match edit {
        Edit::LeftOut { study } => format!("without {study}"),
        Edit::PutBack { study } => format!("with {study}, which was left out"),
        Edit::Recounted { study, events } => {
            format!("{study} with {events} events, which are printed so too")
        }
        Edit::Swapped { study } => format!("{study}: events and non-events swapped"),
        Edit::Twice { study } => format!("{study} twice"),
        Edit::Transposed { study, events, total } => format!("{study} as {events}/{total}"),
        Edit::Misprint(Misprint { field, printed, corrected, kind }) => {
            let how = match kind {
                MisprintKind::Digit => "a wrong digit",
                MisprintKind::Transposed => "two digits transposed",
                MisprintKind::Exchanged => "exchanged with another figure",
                MisprintKind::Level => "the interval of another level",
                MisprintKind::Unit => "the wrong unit",
            };
            format!("{} {printed} should be {corrected} ({how})", field.key())
        }
    }
}
