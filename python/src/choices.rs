//! Keyword arguments as options: every option of the library's tables, by the same words as on the command line.

use metaprop::error::nearest;
use metaprop::options::{
    Drawing, Many, OptionRow, OptionSet, Parts, Presentation, ReadOptions, Request, Shape, Spec,
};
use metaprop::{Error, Problem};
use pyo3::prelude::*;

use crate::errors::usage;

/// What was given as keyword arguments: each name with its values as they would be typed.
pub type Given = Vec<(String, Vec<String>)>;

/// The options of the library's tables, and those of one function beside them.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// How to pool.
    pub request: Request,
    /// Which columns and rows.
    pub read: ReadOptions,
    /// How proportions are printed.
    pub presentation: Presentation,
    /// Which parts of a result are shown.
    pub parts: Parts,
    /// How figures look.
    pub drawing: Drawing,
    /// The options of the function itself.
    own: Given,
}

impl Choices {
    /// Takes what was given; `own` names the options that the function has beside those of the tables.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with every option that is unknown and every value that is impossible.
    pub fn take(given: Given, own: &[&'static str]) -> Result<Self, Error> {
        let mut choices = Self::default();
        let mut problems = Vec::new();
        for (name, values) in given {
            let key = name.replace('_', "-");
            match choices.set(&key, values, own) {
                Err(Error::Usage(found)) => problems.extend(found),
                set => set?,
            }
        }
        if problems.is_empty() { Ok(choices) } else { Err(Error::Usage(problems)) }
    }

    fn set(&mut self, key: &str, values: Vec<String>, own: &[&'static str]) -> Result<(), Error> {
        if own.contains(&key) {
            self.own.push((key.to_owned(), values));
            return Ok(());
        }
        let is_set = set(&mut self.request, key, &values)?
            || set(&mut self.read, key, &values)?
            || set(&mut self.presentation, key, &values)?
            || set(&mut self.parts, key, &values)?
            || set(&mut self.drawing, key, &values)?;
        if is_set { Ok(()) } else { Err(unknown(key, own)) }
    }

    /// The values of an option of the function itself.
    pub fn own(&self, key: &str) -> &[String] {
        self.own.iter().find(|(own, _)| own == key).map_or(&[], |(_, values)| values)
    }

    /// The only value of an option of the function itself.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there are several.
    pub fn one(&self, key: &str) -> Result<Option<&str>, Error> {
        match self.own(key) {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            several => Err(usage(format!("{key} has {} values", several.len()), "give one")),
        }
    }

    /// The only value, as a number or another thing that is read from text.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where it is none.
    pub fn parsed<T: std::str::FromStr>(&self, key: &str, what: &str) -> Result<Option<T>, Error> {
        let typed = self.one(key)?;
        let parsed = typed
            .map(|typed| typed.parse().map_err(|_| Error::usage(format!("{key} = {typed} is not {what}"))));
        parsed.transpose()
    }

    /// Takes the values of an option of the function itself away.
    pub fn take_own(&mut self, key: &str) -> Vec<String> {
        let place = self.own.iter().position(|(own, _)| own == key);
        place.map(|place| self.own.swap_remove(place).1).unwrap_or_default()
    }

    /// Adds a value of an option of the function itself.
    pub fn put_own(&mut self, key: &str, value: String) {
        match self.own.iter_mut().find(|(own, _)| own == key) {
            Some((_, values)) => values.push(value),
            None => self.own.push((key.to_owned(), vec![value])),
        }
    }

    /// Whether an option of the function itself was given.
    pub fn is_given(&self, key: &str) -> bool {
        self.own.iter().any(|(own, _)| own == key)
    }

    /// The complete spec.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with everything that does not go together.
    pub fn spec(&self) -> Result<Spec, Error> {
        self.spec_of(self.request)
    }

    /// The complete spec of these choices in place of those that were given.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with everything that does not go together.
    pub fn spec_of(&self, request: Request) -> Result<Spec, Error> {
        refuse_conflicts(&self.read)?;
        request.resolve_for(&self.read, self.presentation, &self.parts)
    }
}

/// Sets an option of a table; whether the table has it.
fn set<S: OptionSet>(options: &mut S, key: &str, values: &[String]) -> Result<bool, Error> {
    let Some(row) = S::typed().find(|row| row.key == key) else { return Ok(false) };
    if row.many == Many::One && values.len() > 1 {
        return Err(usage(format!("{key} has {} values", values.len()), "give one"));
    }
    for value in values {
        let value = if row.shape == Shape::Switch && value == "True" { "true" } else { value };
        (row.set)(options, value)?;
        (row.check)(options).map_err(|problem| Error::Usage(vec![problem]))?;
    }
    Ok(true)
}

/// Refuses options that do not go with each other, as the command line does.
fn refuse_conflicts<S: OptionSet>(options: &S) -> Result<(), Error> {
    let is_given = |row: &OptionRow<S>| !(row.get)(options).is_empty();
    let given: Vec<&OptionRow<S>> = S::typed().filter(|row| is_given(row)).collect();
    let problem = |row: &&OptionRow<S>| {
        let other = given.iter().find(|other| row.flag.conflicts.contains(&other.field))?;
        Some(Problem::new(format!("{} does not go with {}", row.key, other.key)).help("give one of the two"))
    };
    let problems: Vec<Problem> = given.iter().filter_map(problem).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Usage(problems)) }
}

fn unknown(key: &str, own: &[&'static str]) -> Error {
    let known = own.iter().copied().chain(all().map(|(_, key, _)| key));
    let help = match nearest(key, known.collect::<Vec<_>>()) {
        Some(near) => format!("did you mean '{}'? metaprop.options() lists all", near.replace('-', "_")),
        None => "metaprop.options() lists all".to_owned(),
    };
    usage(format!("there is no option '{}'", key.replace('-', "_")), help)
}

/// Every option of the tables: its heading, its key and what it is.
fn all() -> impl Iterator<Item = (&'static str, &'static str, String)> {
    fn of<S: OptionSet>() -> impl Iterator<Item = (&'static str, &'static str, String)> {
        S::typed().map(|row| (S::HEADING, row.key, row.help()))
    }
    of::<Request>()
        .chain(of::<ReadOptions>())
        .chain(of::<Presentation>())
        .chain(of::<Parts>())
        .chain(of::<Drawing>())
}

/// Every option: the heading it stands under, its name and what it is.
#[pyfunction]
pub fn options() -> Vec<(&'static str, String, String)> {
    all().map(|(heading, key, help)| (heading, key.replace('-', "_"), help)).collect()
}
