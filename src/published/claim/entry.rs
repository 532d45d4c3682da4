//! A claim and its printed figures, from the keys of the analysis file.

use std::fmt;

use serde::Serialize;

use super::Field;
use super::field::Reading;
use crate::error::{Error, Problem, nearest};
use crate::printed::{Pair, Printed, Relation, Unit};

/// One figure, or two limits, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Figure {
    /// One number.
    One(Printed),
    /// Two limits.
    Two(Pair),
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(printed) => printed.fmt(f),
            Self::Two(pair) => pair.fmt(f),
        }
    }
}

/// A printed field, of the pooled result or of one study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What was printed.
    pub field: Field,
    /// Whose it is; `None` for the pooled result.
    pub study: Option<Box<str>>,
    /// As it was printed.
    pub printed: Figure,
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
    /// What a reader should know; carried into the report, never judged.
    pub note: Option<String>,
    /// What the figure is, where it is no proportion of people: "a median".
    pub not_a_proportion: Option<String>,
    /// The claim in words, where no digits were printed.
    pub statement: Option<String>,
    /// The printed fields: the pooled ones in the order of [`Field::ALL`], then the studies' as given.
    pub entries: Vec<Entry>,
    /// Other n printed beside a percentage: told whether they fit, never judged.
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

/// The keys of a claim that are no printed field.
pub(super) const OTHER_KEYS: [&str; 10] = [
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
    /// A claim without a figure yet.
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
    /// assert_eq!(claim.entries.len(), 3);
    /// let error = Claim::printed(["estimat=54.0%", "k"]).unwrap_err().to_string();
    /// assert!(error.contains("'estimat'") && error.contains("'k'"), "{error}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn printed<T: AsRef<str>>(figures: impl IntoIterator<Item = T>) -> Result<Self, Error> {
        let (mut claim, mut problems) = (Self::default(), Vec::new());
        for figure in figures {
            match claim.set_printed(figure.as_ref()) {
                Err(Error::Usage(found)) => problems.extend(found),
                set => set?,
            }
        }
        if problems.is_empty() { Ok(claim) } else { Err(Error::Usage(problems)) }
    }

    /// Every key that a claim can have in the analysis file, beside its studies.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        OTHER_KEYS.into_iter().chain(Field::ALL.iter().map(|field| field.key()))
    }

    /// Sets a key to the texts that were given for it.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the key is unknown, is set twice, or its texts cannot be read.
    pub fn set(&mut self, key: &str, texts: &[impl AsRef<str>]) -> Result<(), Error> {
        let one = || single(key, texts);
        match key {
            "outcome" => self.outcome = one()?,
            "source" => self.source = one()?,
            "note" => self.note = Some(one()?),
            "not-a-proportion" => self.not_a_proportion = Some(one()?),
            "statement" => self.statement = Some(one()?),
            "other-n" => self.other_n = counts(key, texts)?,
            "elsewhere" => {
                self.elsewhere =
                    texts.iter().map(|text| Printed::parse(text.as_ref())).collect::<Result<_, _>>()?
            }
            "parts" => self.parts = counts(key, texts)?,
            "part-events" => self.part_events = counts(key, texts)?,
            "part-k" => self.part_k = counts(key, texts)?,
            _ => {
                let field = Field::parse(key).map_err(|_| unknown(key))?;
                self.push(field, None, texts)?;
            }
        }
        Ok(())
    }

    /// Sets a field as `--printed` types it.
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
    /// [`Error::Usage`] where the field is unknown or is none of a study, is set twice, or cannot be read.
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

    fn push(&mut self, field: Field, study: Option<&str>, texts: &[impl AsRef<str>]) -> Result<(), Error> {
        if self.entries.iter().any(|entry| entry.field == field && entry.study.as_deref() == study) {
            return Err(Error::usage(format!("'{}' is claimed twice", field.key())));
        }
        let printed = figure(field, texts)?;
        self.entries.push(Entry { field, study: study.map(Into::into), printed });
        // The pooled fields first and in the order of a report, whatever the order of the keys; the studies as given.
        self.entries
            .sort_by_key(|entry| if entry.study.is_none() { (0, Some(entry.field)) } else { (1, None) });
        Ok(())
    }

    /// The number printed for a field of the pooled result.
    #[must_use]
    pub fn one(&self, field: Field) -> Option<&Printed> {
        self.entries.iter().find(|entry| entry.field == field && entry.study.is_none()).and_then(|entry| {
            match &entry.printed {
                Figure::One(printed) => Some(printed),
                Figure::Two(_) => None,
            }
        })
    }

    /// The limits printed for a field of the pooled result.
    #[must_use]
    pub fn two(&self, field: Field) -> Option<&Pair> {
        self.entries.iter().find(|entry| entry.field == field && entry.study.is_none()).and_then(|entry| {
            match &entry.printed {
                Figure::One(_) => None,
                Figure::Two(pair) => Some(pair),
            }
        })
    }

    /// The same without the numbers of studies, people and events: of other studies they are others.
    #[must_use]
    pub fn without_sizes(&self) -> Self {
        let mut claim = self.clone();
        claim
            .entries
            .retain(|entry| !matches!(entry.field, Field::K | Field::Total | Field::Events | Field::Df));
        claim
    }

    /// The whole number printed for a field, where it is exact.
    #[must_use]
    pub fn count(&self, field: Field) -> Option<u64> {
        self.one(field).and_then(whole)
    }
}

/// A whole number, where one was printed.
pub(super) fn whole(printed: &Printed) -> Option<u64> {
    let plain =
        printed.relation() == Relation::Equal && printed.unit() == Unit::None && printed.decimals() == 0;
    u64::try_from(printed.mantissa()).ok().filter(|_| plain)
}

fn figure(field: Field, texts: &[impl AsRef<str>]) -> Result<Figure, Error> {
    if field.is_pair() {
        let pair = match texts {
            [both] => Pair::parse(both.as_ref())?,
            [lower, upper] => Pair::new(Printed::parse(lower.as_ref())?, Printed::parse(upper.as_ref())?),
            _ => return Err(Error::usage(format!("'{}' is two limits", field.key()))),
        };
        let [lower, upper] = [&pair.lower, &pair.upper].map(|limit| field.read(limit));
        return Ok(Figure::Two(Pair::new(lower, upper)));
    }
    let printed = field.read(&Printed::parse(&single(field.key(), texts)?)?);
    if field.reading() == Reading::Count {
        counts(field.key(), &[printed.to_string()])?;
    }
    Ok(Figure::One(printed))
}

fn single(key: &str, texts: &[impl AsRef<str>]) -> Result<String, Error> {
    match texts {
        [text] => Ok(text.as_ref().trim().to_string()),
        _ => Err(Error::usage(format!("'{key}' is one text"))),
    }
}

fn counts(key: &str, texts: &[impl AsRef<str>]) -> Result<Vec<Printed>, Error> {
    let read = |text: &str| {
        let printed = Printed::parse(text)?;
        let plain = printed.unit() == Unit::None && printed.decimals() == 0 && printed.mantissa() >= 0;
        if plain { Ok(printed) } else { Err(Error::usage(format!("{key} = '{text}' is not a whole number"))) }
    };
    texts.iter().map(|text| read(text.as_ref())).collect()
}

fn unknown(key: &str) -> Error {
    let known = Claim::keys().collect::<Vec<_>>().join(", ");
    let help = match nearest(key, Claim::keys()) {
        Some(word) => format!("did you mean '{word}'? known: {known}"),
        None => format!("known: {known}"),
    };
    Error::Usage(vec![Problem::new(format!("unknown key '{key}' in a claim")).help(help)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_follow_the_field() {
        let mut claim = Claim::new("x", "y");
        claim.set("i2", &["64.7"]).unwrap();
        claim.set("ci", &["46.3", "61.5"]).unwrap();
        claim.set("tau2", &["0.28"]).unwrap();
        assert_eq!(claim.one(Field::I2).unwrap().unit(), Unit::Percent);
        assert_eq!(claim.two(Field::Ci).unwrap().lower.unit(), Unit::Percent);
        assert_eq!(claim.one(Field::Tau2).unwrap().unit(), Unit::None);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
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
