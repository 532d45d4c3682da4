//! A claim: what one source prints about one outcome, read from the keys of the analysis file.

use super::Field;
use super::figure::{Figure, is_outside, single_text, whole_number, whole_numbers};
use crate::error::{Error, Problem, nearest};
use crate::options::analysis_file::{AnalysisFile, ClaimEntry, ClaimField};
use crate::printed::{Pair, Printed};

/// A printed field, of the pooled result or of one study.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Which field; an interval of the pooled proportion or of a study has two entries, one for each limit.
    pub field: Field,
    /// The study's name; `None` for the pooled result.
    pub study: Option<Box<str>>,
    /// As it was printed, of a result that pools proportions: a number without a sign can be a percentage.
    pub printed: Figure,
    /// As it was typed.
    pub(super) typed: Figure,
}

impl Entry {
    /// Of a figure as it was typed.
    pub(super) fn new(field: Field, study: Option<Box<str>>, typed: Figure) -> Self {
        Self { field, study, printed: typed.of_proportions(field), typed }
    }
}

/// What one source claims about one outcome.
///
/// ```
/// use metaprop::published::claim::Claim;
///
/// let mut claim = Claim::new("good", "Guo 2020, abstract");
/// claim.set("estimate", &["54.0%"])?;
/// claim.set("ci", &["46.3%", "61.5%"])?; // or one text: "46.3%–61.5%"
/// claim.set("k", &["14"])?;
/// assert!(claim.set("estimat", &["54.0%"]).unwrap_err().to_string().contains("estimate"));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Claim {
    /// The outcome's id.
    pub outcome: String,
    /// Where it was printed.
    pub source: String,
    /// The level of a subgroup that it is about; `None` for all studies.
    pub subgroup: Option<String>,
    /// The coefficient of a meta-regression that it is about: its name in [`Regression`](crate::analysis::Regression).
    pub coefficient: Option<String>,
    /// What a reader should know; copied into the report, without effect on the verdict.
    pub note: Option<String>,
    /// What the figure is, where it is no proportion of people: "a median".
    pub not_a_proportion: Option<String>,
    /// The claim in words, where no digits were printed.
    pub statement: Option<String>,
    /// The printed fields: the pooled ones in the order of [`Field::ALL`], then the studies' as given.
    pub entries: Vec<Entry>,
    /// Other n printed with a percentage: reported whether they fit, without effect on the verdict.
    pub other_n: Vec<Printed>,
    /// The same figure as printed elsewhere in the source.
    pub elsewhere: Vec<Printed>,
    /// Sizes of groups that should add up to the total.
    pub parts: Vec<Printed>,
    /// Events of groups that should add up to the events.
    pub part_events: Vec<Printed>,
    /// Numbers of studies that should add up to k.
    pub part_k: Vec<Printed>,
}

/// The keys of a claim other than the printed fields.
const OTHER_KEYS: [&str; 10] = [
    "outcome",
    "source",
    "note",
    "not-a-proportion",
    "statement",
    "other-n",
    "elsewhere",
    "parts",
    "part-events",
    "part-k",
];

impl Claim {
    /// A claim without figures.
    pub fn new(outcome: impl Into<String>, source: impl Into<String>) -> Self {
        Self { outcome: outcome.into(), source: source.into(), ..Self::default() }
    }

    /// What is printed of a pooled result, each figure as `FIELD=VALUE`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with every figure that cannot be read, as [`set_printed`](Self::set_printed).
    ///
    /// ```
    /// use metaprop::published::claim::Claim;
    ///
    /// let claim = Claim::printed(["estimate=54.0%", "ci=46.3%,61.5%", "k=14"])?;
    /// assert_eq!(claim.entries.len(), 4);
    /// let error = Claim::printed(["estimat=54.0%", "k"]).unwrap_err().to_string();
    /// assert!(error.contains("'estimat'") && error.contains("'k'"), "{error}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn printed<T: AsRef<str>>(figures: impl IntoIterator<Item = T>) -> Result<Self, Error> {
        Self::default().and_printed(figures)
    }

    /// The same with more figures, each as `FIELD=VALUE`, or everything that is wrong with them.
    pub(crate) fn and_printed<T: AsRef<str>>(
        mut self,
        figures: impl IntoIterator<Item = T>,
    ) -> Result<Self, Error> {
        let mut problems = Vec::new();
        for figure in figures {
            match self.set_printed(figure.as_ref()) {
                Err(Error::Usage(found)) => problems.extend(found),
                set => set?,
            }
        }
        if problems.is_empty() { Ok(self) } else { Err(Error::Usage(problems)) }
    }

    /// Every key that a claim can have in the analysis file, apart from its studies.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        OTHER_KEYS.into_iter().chain(Field::ALL.iter().map(|field| field.key()))
    }

    /// Sets a key to the texts that were given for it.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the key is unknown, is set twice, or its texts cannot be read.
    pub fn set(&mut self, key: &str, texts: &[impl AsRef<str>]) -> Result<(), Error> {
        let text = || single_text(key, texts);
        match key {
            "outcome" => self.outcome = text()?,
            "source" => self.source = text()?,
            "note" => self.note = Some(text()?),
            "not-a-proportion" => self.not_a_proportion = Some(text()?),
            "statement" => self.statement = Some(text()?),
            "other-n" => self.other_n = whole_numbers(key, texts)?,
            "elsewhere" => {
                self.elsewhere =
                    texts.iter().map(|text| Printed::parse(text.as_ref())).collect::<Result<_, _>>()?
            }
            "parts" => self.parts = whole_numbers(key, texts)?,
            "part-events" => self.part_events = whole_numbers(key, texts)?,
            "part-k" => self.part_k = whole_numbers(key, texts)?,
            _ => {
                let field = Field::parse(key).map_err(|_| unknown_key(key))?;
                self.push(field, None, texts)?;
            }
        }
        Ok(())
    }

    /// Sets a field from the text of `--printed`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where it is not `FIELD=VALUE`, or as [`set`](Self::set).
    ///
    /// ```
    /// use metaprop::published::claim::{Claim, Field};
    /// let mut printed = Claim::default();
    /// printed.set_printed("ci=46.3%,61.5%")?;
    /// printed.set_printed("p=<0.001")?;
    /// assert_eq!(printed.two(Field::Ci).unwrap().upper.mantissa(), 615);
    /// assert!(printed.set_printed("54.0%").is_err() && printed.set_printed("source=x").is_err());
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn set_printed(&mut self, typed: &str) -> Result<(), Error> {
        let Some((field, value)) = typed.split_once('=') else {
            let problem = Problem::new(format!("'{typed}' is not a printed field"));
            return Err(Error::Usage(vec![
                problem.help("write FIELD=VALUE, such as estimate=54.0% or ci=46.3%,61.5%"),
            ]));
        };
        self.push(Field::parse(field)?, None, &[value])
    }

    /// Sets a field of one study.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the field is unknown, is not one of a study, is set twice, or cannot be read.
    pub fn set_of_study(&mut self, study: &str, key: &str, texts: &[impl AsRef<str>]) -> Result<(), Error> {
        let field = Field::parse(key)?;
        if !field.is_of_study() {
            let known = Field::ALL
                .iter()
                .filter(|field| field.is_of_study())
                .map(|field| field.key())
                .collect::<Vec<_>>();
            let problem = Problem::new(format!("'{key}' is not a field of one study"));
            return Err(Error::Usage(vec![problem.help(format!("known: {}", known.join(", ")))]));
        }
        self.push(field, Some(study), texts)
    }

    /// `ci` is kept as its two limits, each of which is checked by itself.
    fn push(&mut self, field: Field, study: Option<&str>, texts: &[impl AsRef<str>]) -> Result<(), Error> {
        match (field, Figure::parse(field, texts)?) {
            (Field::Ci, Figure::Two(Pair { lower, upper })) => {
                self.push_figure(Field::Lower, study, Figure::One(lower))?;
                self.push_figure(Field::Upper, study, Figure::One(upper))
            }
            (field, figure) => self.push_figure(field, study, figure),
        }
    }

    fn push_figure(&mut self, field: Field, study: Option<&str>, typed: Figure) -> Result<(), Error> {
        if self.entry(field, study).is_some() {
            return Err(Error::usage(format!("'{}' is claimed twice", field.key())));
        }
        self.entries.push(Entry::new(field, study.map(Into::into), typed));
        // Pooled fields first, in the order of a report whatever the order of the keys; then the studies' as
        // given.
        self.entries
            .sort_by_key(|entry| if entry.study.is_none() { (0, Some(entry.field)) } else { (1, None) });
        Ok(())
    }

    /// The entry of a field, of the pooled result or of a study.
    pub(super) fn entry(&self, field: Field, study: Option<&str>) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.field == field && entry.study.as_deref() == study)
    }

    /// The number printed for a field of the pooled result.
    #[must_use]
    pub fn one(&self, field: Field) -> Option<&Printed> {
        self.entry(field, None)?.printed.one()
    }

    /// The limits printed for a field of the pooled result; of `ci`, where both are printed.
    #[must_use]
    pub fn two(&self, field: Field) -> Option<Pair> {
        if field == Field::Ci {
            return Some(Pair::new(self.one(Field::Lower)?.clone(), self.one(Field::Upper)?.clone()));
        }
        self.entry(field, None)?.printed.two().cloned()
    }

    /// The whole number printed for a field of the pooled result, where it is exact.
    #[must_use]
    pub fn count(&self, field: Field) -> Option<u64> {
        self.one(field).and_then(whole_number)
    }

    /// The same claim about proportions that are printed per this many: a number without a sign is one of them, and no
    /// percentage or fraction.
    ///
    /// ```
    /// use metaprop::published::claim::{Claim, Field};
    /// let claim = Claim::printed(["estimate=24.3", "ci=2.1%,2.8%"])?.on_scale(100_000);
    /// assert_eq!(claim.one(Field::Estimate).unwrap().steps(), 10 * 100_000);
    /// assert_eq!(claim.two(Field::Ci).unwrap().lower.steps(), 10 * 100);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn on_scale(&self, scale: u64) -> Self {
        let mut claim = self.clone();
        for entry in &mut claim.entries {
            entry.printed = entry.typed.on_scale(entry.field, scale);
        }
        claim
    }

    /// The same claim about a result that pools estimates and not proportions.
    pub(in crate::published) fn of_estimates(&self) -> Self {
        let mut claim = self.clone();
        for entry in &mut claim.entries {
            entry.printed = entry.typed.of_estimates(entry.field);
        }
        claim
    }

    /// The same claim without k, total, events and df, for a comparison with other studies than those pooled.
    #[must_use]
    pub fn without_sizes(&self) -> Self {
        let mut claim = self.clone();
        claim
            .entries
            .retain(|entry| !matches!(entry.field, Field::K | Field::Total | Field::Events | Field::Df));
        claim
    }
}

fn unknown_key(key: &str) -> Error {
    let known = Claim::keys().collect::<Vec<_>>().join(", ");
    let help = match nearest(key, Claim::keys()) {
        Some(word) => format!("did you mean '{word}'? known: {known}"),
        None => format!("known: {known}"),
    };
    Error::Usage(vec![Problem::new(format!("unknown key '{key}' in a claim")).help(help)])
}

/// Every claim of an analysis file, in its order; `name` is the file's name in error messages.
///
/// # Errors
///
/// [`Error::AnalysisFile`] with every unknown key and every text that cannot be read, each with its line.
///
/// ```
/// use metaprop::published::claim::{claims_of, Field};
/// use metaprop::options::analysis_file::parse;
///
/// let text = "schema = 1\ntitle = \"T\"\n[[outcome]]\nid = \"a\"\n[[claim]]\noutcome = \"a\"\nsource = \"x\"\nestimat = \"54%\"\n";
/// let error = claims_of(&parse(text, "a.toml")?, "a.toml").unwrap_err().to_string();
/// assert!(error.contains("a.toml:8") && error.contains("did you mean 'estimate'?"), "{error}");
/// let claims = claims_of(&parse(&text.replace("estimat ", "estimate "), "a.toml")?, "a.toml")?;
/// assert_eq!(claims[0].one(Field::Estimate).unwrap().to_string(), "54%");
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn claims_of(file: &AnalysisFile, name: &str) -> Result<Vec<Claim>, Error> {
    let mut problems = Vec::new();
    let read = |entry: &ClaimEntry| {
        let claim = read_claim(entry, name, &mut problems);
        let Some(outcome) = file.outcomes.iter().find(|outcome| outcome.id == entry.outcome) else {
            return claim;
        };
        match file.presentation(outcome).scale {
            _ if file.source(outcome).read.has_estimates() => claim.of_estimates(),
            Some(scale) => claim.on_scale(scale),
            None => claim,
        }
    };
    let claims = file.claims.iter().map(read).collect();
    if problems.is_empty() { Ok(claims) } else { Err(Error::AnalysisFile(problems)) }
}

fn read_claim(entry: &ClaimEntry, name: &str, problems: &mut Vec<Problem>) -> Claim {
    let mut claim = Claim::new(&entry.outcome, &entry.source);
    claim.subgroup.clone_from(&entry.subgroup);
    claim.coefficient.clone_from(&entry.coefficient);
    for field in &entry.fields {
        let set = claim.set(&field.key, &field.texts).and_then(|()| probability(&claim, &field.key));
        collect_problems(set, field, name, problems);
    }
    for study in &entry.studies {
        for field in &study.fields {
            let set = claim.set_of_study(&study.study, &field.key, &field.texts);
            collect_problems(set, field, name, problems);
        }
    }
    claim
}

/// Refuses a p-value that no number printed so can be.
fn probability(claim: &Claim, key: &str) -> Result<(), Error> {
    let field = Field::parse(key).ok();
    let field = field.filter(|field| matches!(field, Field::P | Field::PNull | Field::BetweenP));
    let Some(printed) = field.and_then(|field| claim.one(field)) else { return Ok(()) };
    if !is_outside(printed, [0.0, 1.0]) {
        return Ok(());
    }
    let problem = Problem::new(format!("{key} = '{printed}' is no p-value: a probability is from 0 to 1"));
    Err(Error::Usage(vec![problem.help(
        "compare it with the source; where that prints it so, say it in a note, and leave the figure out",
    )]))
}

/// Adds what is wrong with a field to `problems`, with its line.
fn collect_problems(set: Result<(), Error>, field: &ClaimField, name: &str, problems: &mut Vec<Problem>) {
    match set {
        Ok(()) => {}
        Err(Error::Usage(found)) => {
            problems.extend(found.into_iter().map(|problem| problem.at(name, field.line.0)))
        }
        Err(other) => problems.push(Problem::new(other.to_string()).at(name, field.line.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printed::Unit;

    #[test]
    fn a_figure_without_unit_has_that_of_its_field() {
        let mut claim = Claim::new("x", "y");
        claim.set("i2", &["64.7"]).unwrap();
        claim.set("ci", &["46.3", "61.5"]).unwrap();
        claim.set("tau2", &["0.28"]).unwrap();
        assert_eq!(claim.one(Field::I2).unwrap().unit(), Unit::Percent);
        assert_eq!(claim.two(Field::Ci).unwrap().lower.unit(), Unit::Percent);
        assert_eq!(claim.one(Field::Tau2).unwrap().unit(), Unit::None);
    }

    #[test]
    fn texts_that_cannot_be_read_are_refused() {
        let mut claim = Claim::new("x", "y");
        for (key, text) in
            [("k", "14.5"), ("total", "27%"), ("estimate", "fifty"), ("ci", "46.3"), ("parts", "-1")]
        {
            assert!(claim.set(key, &[text]).is_err(), "{key}");
        }
        claim.set("k", &["1,400"]).unwrap();
        assert_eq!(claim.count(Field::K), Some(1400));
        assert!(claim.set("k", &["14"]).is_err());
        assert!(claim.set_of_study("A", "tau2", &["1"]).is_err());
        claim.set_of_study("A", "percent", &["5%"]).unwrap();
        claim.set_of_study("B", "percent", &["5%"]).unwrap();
    }
}
