//! The names of the columns of a table: which column a name means, and how messages call it.

use std::collections::HashSet;

use super::intervals::{last_bracket, without_interval};
use super::roles::{self, PERCENT, Role, plain, says_in_words};
use super::text::{quoted, shown};
use crate::data::cell::trim;
use crate::error::{Problem, nearest};

/// How many columns a message lists.
const LISTED: usize = 30;

/// The names of the columns, and where they stand.
pub(super) struct Header<'a> {
    pub file: &'a str,
    pub line: u32,
    /// Without outer blanks.
    pub names: &'a [String],
    /// In the form in which names are compared.
    plain: Vec<String>,
}

/// The name that R and pandas wrote as `n.1`, since there is another `n`.
fn original(name: &str) -> Option<&str> {
    let (base, number) = name.rsplit_once('.')?;
    let base = base.trim_end_matches('.');
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) && !base.is_empty())
        .then_some(base)
}

/// A name without the number of all that stands behind it: `Events (n = 19)`.
fn without_number(name: &str) -> &str {
    let number = |inside: &str| {
        let digits = inside.strip_prefix(['n', 'N'])?.trim_start().strip_prefix('=')?.trim();
        (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b',')).then_some(())
    };
    match last_bracket(name) {
        Some((before, inside)) if !before.is_empty() && number(inside).is_some() => before,
        _ => name,
    }
}

/// The name of a column of percentages without the interval that it says to stand behind them (`Prevalence (95% CI)`),
/// where no other column is called so; any other name as it is.
pub(super) fn of_percentages<'n>(name: &'n str, others: &HashSet<&str>) -> &'n str {
    let is_of_percentages =
        |bare: &&str| !others.contains(bare) && (PERCENT.has(&plain(bare)) || says_in_words(bare, &PERCENT));
    without_interval(name).filter(is_of_percentages).unwrap_or(name)
}

/// A column, none, or several that could be it.
pub(super) type Found = Result<Option<usize>, Problem>;

impl<'a> Header<'a> {
    pub(super) fn new(file: &'a str, line: u32, names: &'a [String]) -> Self {
        let known: HashSet<&str> = names.iter().map(String::as_str).collect();
        let plain = |name: &String| {
            plain(
                original(name)
                    .filter(|base| known.contains(base))
                    .unwrap_or_else(|| without_number(of_percentages(name, &known))),
            )
        };
        Self { file, line, names, plain: names.iter().map(plain).collect() }
    }

    /// The name of a column in the form in which names are compared; empty where there is no such column.
    pub(super) fn plain(&self, column: usize) -> &str {
        self.plain.get(column).map_or("", String::as_str)
    }

    /// Whether the name of a column is one of those of a role.
    pub(super) fn is_of(&self, column: usize, role: &Role) -> bool {
        role.has(self.plain(column))
    }

    /// The column of this name: as it is written, else as names are compared; or at this position, `#3`.
    pub(super) fn place(&self, name: &str, flag: &str) -> Result<usize, Problem> {
        if let Some(position) = self.position(name, flag) {
            return position;
        }
        let (exact, plain) = (trim(name), plain(name));
        let is_exact = |column: &usize| !exact.is_empty() && self.names[*column] == exact;
        let exact: Vec<usize> = (0..self.names.len()).filter(is_exact).collect();
        let near = || -> Vec<usize> {
            let is_near = |column: &usize| {
                !plain.is_empty()
                    && (self.plain[*column] == plain || roles::plain(&self.names[*column]) == plain)
            };
            (0..self.names.len()).filter(is_near).collect()
        };
        let near = if exact.is_empty() { near() } else { exact };
        match near[..] {
            [column] => Ok(column),
            [] => {
                let what =
                    format!("there is no column {} ({flag}); the columns are {}", quoted(name), self.list());
                let near = nearest(name, self.names.iter().map(String::as_str));
                let help = near
                    .map_or_else(|| "name one of them".to_owned(), |near| format!("is it {}?", quoted(near)));
                Err(self.problem(what).help(help))
            }
            _ => {
                let what = format!(
                    "{flag} {} is the name of {} columns: {}",
                    quoted(name),
                    near.len(),
                    self.places(&near)
                );
                Err(self.problem(what).help("give the columns different names"))
            }
        }
    }

    /// The column at the position that a name `#3` says, where no column is called so.
    fn position(&self, name: &str, flag: &str) -> Option<Result<usize, Problem>> {
        let position: usize = trim(name).strip_prefix('#')?.parse().ok()?;
        if self.names.iter().any(|other| other == trim(name)) {
            return None;
        }
        let place = position.checked_sub(1).filter(|place| *place < self.names.len());
        Some(place.ok_or_else(|| {
            let what = format!("there is no column {} ({flag}); there are {}", trim(name), self.names.len());
            self.problem(what).help("count columns from 1")
        }))
    }

    /// The best column for a role by its name, if there is one.
    pub(super) fn find(&self, role: &Role, taken: &[usize]) -> Found {
        for names in role.names {
            let found = self.among(names, taken);
            match found[..] {
                [] => {}
                [column] => return Ok(Some(column)),
                _ => return Err(self.several(&found, role)),
            }
        }
        Ok(None)
    }

    /// The columns whose name is one of these, as names are compared, without those taken.
    pub(super) fn among(&self, names: &[&str], taken: &[usize]) -> Vec<usize> {
        let is_one = |column: &usize| names.contains(&self.plain(*column)) && !taken.contains(column);
        (0..self.names.len()).filter(is_one).collect()
    }

    /// A problem on the line of the names.
    pub(super) fn problem(&self, what: String) -> Problem {
        Problem::new(what).at(self.file, (self.line > 0).then_some(u64::from(self.line)))
    }

    /// What names a column among the others: its name; its position, `#3`, where it has none or shares it.
    pub(super) fn address(&self, column: usize) -> String {
        let name = &self.names[column];
        let alone = self.names.iter().filter(|other| *other == name).count() == 1;
        if alone && !name.is_empty() { name.clone() } else { format!("#{}", column + 1) }
    }

    /// A column's name in quotes, or its number where it has none.
    pub(super) fn quoted(&self, column: usize) -> String {
        self.named(column).map_or_else(|| format!("number {}", column + 1), quoted)
    }

    /// The same without quotes, for messages that set them.
    pub(super) fn shown(&self, column: usize) -> String {
        self.named(column).map_or_else(|| format!("number {}", column + 1), shown)
    }

    fn named(&self, column: usize) -> Option<&str> {
        self.names.get(column).map(String::as_str).filter(|name| !name.is_empty())
    }

    /// The names of all columns, the first thirty of them in full.
    pub(super) fn list(&self) -> String {
        listed(0..self.names.len(), |column| self.quoted(column))
    }

    /// The names of these columns and where they stand, the first thirty of them.
    pub(super) fn places(&self, columns: &[usize]) -> String {
        listed(columns.iter().copied(), |column| format!("{} (column {})", self.quoted(column), column + 1))
    }

    /// The problem where several columns could play a part.
    pub(super) fn several(&self, columns: &[usize], role: &Role) -> Problem {
        let what = format!("several columns could hold the {}: {}", role.what, self.places(columns));
        self.problem(what).help(format!("name one with {}, or give them different names", role.flag))
    }
}

/// What a message says of columns, of the first thirty of them.
pub(super) fn listed(
    columns: impl ExactSizeIterator<Item = usize>,
    said: impl Fn(usize) -> String,
) -> String {
    let more = columns.len().saturating_sub(LISTED);
    let first: Vec<String> = columns.take(LISTED).map(said).collect();
    format!("{}{}", first.join(", "), if more > 0 { format!(" and {more} more") } else { String::new() })
}
