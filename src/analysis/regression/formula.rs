//! The moderators of a meta-regression, as they are typed: `dose + factor(route, ref='oral') * age`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::error::{Error, Problem};

/// The moderators of a meta-regression: an R formula without the `~`.
///
/// Terms are joined by `+` (or a comma). `a:b` is the product of two, `a*b` stands for `a + b + a:b`. A moderator is
/// a column, or `factor(column)`, `factor(column, ref='level')`, `center(column)`, `log(column)`. The name of a column
/// that is no word stands between backticks. There is always an intercept.
///
/// ```
/// use metaprop::analysis::Formula;
/// let formula: Formula = "dose*route + factor(design, ref='trial')".parse()?;
/// assert_eq!(formula.to_string(), "dose + route + factor(design, ref='trial') + dose:route");
/// assert!("dose +".parse::<Formula>().is_err());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// Single moderators first, then products of two, and so on; none stands twice.
    pub terms: Vec<Term>,
}

/// A moderator, or the product of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term(pub Vec<Moderator>);

/// A column, and what is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moderator {
    /// The column.
    pub column: String,
    /// How it is used.
    pub coding: Coding,
}

/// How a column is used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Coding {
    /// As numbers where all its cells are numbers, else as a factor.
    ByContent,
    /// As a factor; the reference is this level, or the first in the order of bytes.
    Factor(Option<String>),
    /// As numbers, less their mean over the studies that are used.
    Centred,
    /// As the natural logarithms of its numbers.
    Logarithm,
}

impl FromStr for Formula {
    type Err = Error;

    fn from_str(typed: &str) -> Result<Self, Error> {
        let mut reader = Reader { typed, at: 0 };
        let mut terms: Vec<Term> = Vec::new();
        loop {
            for term in reader.sum()? {
                if !terms.iter().any(|known| known.is(&term)) {
                    terms.push(term);
                }
            }
            reader.blanks();
            if reader.rest().is_empty() {
                break;
            }
            if !reader.takes('+') && !reader.takes(',') {
                return Err(reader.wrong("'+', '*', ':' or the end"));
            }
        }
        terms.sort_by_key(|term| term.0.len());
        Ok(Self { terms })
    }
}

impl TryFrom<&str> for Formula {
    type Error = Error;

    fn try_from(typed: &str) -> Result<Self, Error> {
        typed.parse()
    }
}

impl Term {
    /// Whether it is a product of the same moderators, in any order.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().all(|moderator| other.0.contains(moderator))
    }
}

/// The text from a place on.
struct Reader<'a> {
    typed: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.typed[self.at..]
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn takes(&mut self, sign: char) -> bool {
        self.blanks();
        let found = self.rest().starts_with(sign);
        self.at += if found { sign.len_utf8() } else { 0 };
        found
    }

    fn wrong(&self, expected: &str) -> Error {
        let found = match self.rest() {
            "" => "it ends".to_string(),
            rest => format!("there is '{}'", rest.chars().take(20).collect::<String>().escape_debug()),
        };
        let place = self.typed[..self.at].chars().count() + 1;
        let what = format!(
            "mods = '{}': at character {place} {found}, and {expected} is expected",
            self.typed.escape_debug()
        );
        Error::Usage(vec![Problem::new(what).help("such as: dose + factor(route, ref='oral') * age")])
    }

    /// `a*b`: each of them and all their products.
    fn sum(&mut self) -> Result<Vec<Term>, Error> {
        let mut terms = vec![self.product()?];
        while self.takes('*') {
            let next = self.product()?;
            let products: Vec<Term> = terms.iter().map(|term| joined(term, &next)).collect();
            terms.push(next);
            terms.extend(products);
        }
        Ok(terms)
    }

    /// `a:b`.
    fn product(&mut self) -> Result<Term, Error> {
        let mut term = Term(vec![self.moderator()?]);
        while self.takes(':') {
            term = joined(&term, &Term(vec![self.moderator()?]));
        }
        Ok(term)
    }

    fn moderator(&mut self) -> Result<Moderator, Error> {
        let name = self.name("the name of a column")?;
        let is_call = matches!(name.as_str(), "factor" | "center" | "centre" | "log");
        if !is_call || !self.takes('(') {
            return Ok(Moderator { column: name, coding: Coding::ByContent });
        }
        let column = self.name("the name of a column")?;
        let coding = match name.as_str() {
            "factor" => Coding::Factor(self.reference()?),
            "log" => Coding::Logarithm,
            _ => Coding::Centred,
        };
        if self.takes(')') { Ok(Moderator { column, coding }) } else { Err(self.wrong("')'")) }
    }

    /// `, ref='oral'`
    fn reference(&mut self) -> Result<Option<String>, Error> {
        if !self.takes(',') {
            return Ok(None);
        }
        if self.name("ref='…'")? != "ref" || !self.takes('=') {
            return Err(self.wrong("ref='…'"));
        }
        self.blanks();
        for quote in ['\'', '"'] {
            if self.takes(quote) {
                return self.until(quote).map(Some);
            }
        }
        self.name("the reference level in quotes").map(Some)
    }

    /// A word of letters, digits, points and underscores, or what stands between backticks.
    fn name(&mut self, expected: &str) -> Result<String, Error> {
        if self.takes('`') {
            return self.until('`');
        }
        self.blanks();
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
        let end = self.rest().find(|character| !is_part(character)).unwrap_or(self.rest().len());
        if end == 0 {
            return Err(self.wrong(expected));
        }
        let name = self.rest()[..end].to_string();
        self.at += end;
        Ok(name)
    }

    fn until(&mut self, quote: char) -> Result<String, Error> {
        let Some(end) = self.rest().find(quote) else {
            return Err(self.wrong(&format!("a closing {quote}")));
        };
        let text = self.rest()[..end].to_string();
        self.at += end + quote.len_utf8();
        Ok(text)
    }
}

/// The product of two terms; a moderator of both stands in it once.
fn joined(one: &Term, other: &Term) -> Term {
    let mut moderators = one.0.clone();
    for moderator in &other.0 {
        if !moderators.contains(moderator) {
            moderators.push(moderator.clone());
        }
    }
    Term(moderators)
}

/// A name as it is typed: between backticks where it is no word.
fn typed_name(name: &str) -> String {
    let is_word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    if is_word { name.to_string() } else { format!("`{name}`") }
}

impl fmt::Display for Moderator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = typed_name(&self.column);
        match &self.coding {
            Coding::ByContent => f.write_str(&column),
            Coding::Factor(None) => write!(f, "factor({column})"),
            Coding::Factor(Some(level)) if level.contains('\'') => {
                write!(f, "factor({column}, ref=\"{level}\")")
            }
            Coding::Factor(Some(level)) => write!(f, "factor({column}, ref='{level}')"),
            Coding::Centred => write!(f, "center({column})"),
            Coding::Logarithm => write!(f, "log({column})"),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moderators: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&moderators.join(":"))
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms: Vec<String> = self.terms.iter().map(ToString::to_string).collect();
        f.write_str(&terms.join(" + "))
    }
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> String {
        typed.parse::<Formula>().map_or_else(|error| error.to_string(), |formula| formula.to_string())
    }

    #[test]
    fn formulas_are_read_as_r_reads_them() {
        assert_eq!(read("dose"), "dose");
        assert_eq!(read(" dose , route "), "dose + route");
        assert_eq!(read("a*b"), "a + b + a:b");
        assert_eq!(read("a*b*c"), "a + b + c + a:b + a:c + b:c + a:b:c");
        assert_eq!(read("a:b + a + b:a"), "a + a:b");
        assert_eq!(read("a*a"), "a");
        assert_eq!(read("factor(x, ref=\"it's\")"), "factor(x, ref=\"it's\")");
        assert_eq!(read("factor( x )+center(y)+log(n)"), "factor(x) + center(y) + log(n)");
        assert_eq!(read("`mean age`*`x:y`"), "`mean age` + `x:y` + `mean age`:`x:y`");
        // A column may be called as a function is.
        assert_eq!(read("factor + log"), "factor + log");
        assert_eq!(read("größe + 年龄"), "größe + 年龄");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        for (typed, needle) in [
            ("", "at character 1 it ends"),
            ("dose +", "at character 7 it ends"),
            ("dose + * x", "at character 8 there is '* x'"),
            ("dose x", "at character 6 there is 'x'"),
            ("factor(x", "at character 9 it ends, and ')' is expected"),
            ("factor(x, reff='a')", "ref='…' is expected"),
            ("factor(x, ref='a)", "a closing ' is expected"),
            ("`x", "a closing ` is expected"),
            ("a - 1", "at character 3 there is '- 1'"),
        ] {
            let error = read(typed);
            assert!(error.contains(needle), "{typed}: {error}");
        }
    }
}
