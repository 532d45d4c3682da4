//! From a formula and the columns of a table to the model matrix.

use std::collections::BTreeSet;

use super::formula::{Coding, Formula, Moderator, Term};
use crate::analysis::MetaAnalysis;
use crate::data::{Covariate, Excluded, is_missing};
use crate::error::{Error, Problem};
use crate::model::ModelMatrix;
use crate::model::design::INTERCEPT;
use crate::numeric::elementary::ln;
use crate::numeric::sum::sum;

/// The model matrix of a formula, and how its columns come from the values of the moderators.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ModelDesign {
    /// The studies that have every moderator, counted from 0 among those that were pooled.
    pub rows: Vec<u32>,
    /// The others, with the reason.
    pub excluded: Vec<Excluded>,
    /// One row for each of `rows`.
    pub matrix: ModelMatrix,
    /// For each term of the formula its columns of the matrix.
    pub terms: Vec<(String, Vec<usize>)>,
    /// What each column but the intercept is the product of.
    columns: Vec<Vec<Part>>,
    variables: Vec<Variable>,
}

/// A part of a product.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    /// A numeric variable.
    Number(usize),
    /// 1 for a level of a factor.
    Level(usize, usize),
}

/// A moderator over the studies that are used.
#[derive(Debug, Clone, PartialEq)]
struct Variable {
    moderator: Moderator,
    values: Values,
}

#[derive(Debug, Clone, PartialEq)]
enum Values {
    /// Numbers as they enter the model, less `centre`.
    Numbers { values: Vec<f64>, centre: f64 },
    /// The levels, the reference first, and that of each study.
    Factor { levels: Vec<String>, of: Vec<usize> },
}

/// A value of a column at which a prediction is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AtValue<'a> {
    pub column: &'a str,
    pub value: &'a str,
}

impl ModelDesign {
    /// Of a formula, over the studies that were pooled.
    pub fn new(formula: &Formula, result: &MetaAnalysis) -> Result<Self, Error> {
        let mut moderators: Vec<&Moderator> = Vec::new();
        for moderator in formula.terms.iter().flat_map(|term| &term.0) {
            if !moderators.contains(&moderator) {
                moderators.push(moderator);
            }
        }
        let columns: Result<Vec<Column<'_>>, Error> =
            moderators.iter().map(|moderator| Column::new(&moderator.column, result)).collect();
        let columns = columns?;
        let (rows, excluded) = complete(result, &moderators, &columns);
        if rows.is_empty() {
            return Err(Error::data("no study has every moderator"));
        }
        let studies: Vec<usize> = rows.iter().map(|row| result.sizes.study[*row as usize] as usize).collect();
        let variables: Result<Vec<Variable>, Error> = moderators
            .iter()
            .zip(&columns)
            .map(|(moderator, column)| Variable::new(moderator, column, &studies))
            .collect();
        let variables = variables?;
        if let Some(variable) = variables.iter().find(|variable| variable.is_constant()) {
            let what = "is the same in every study that has all moderators";
            let problem = Problem::new(what).in_column(&variable.moderator.column);
            return Err(Error::Data(vec![problem.help("leave it out of mods: it explains nothing")]));
        }
        let (names, parts, terms) = coded(formula, &variables);
        let cells = |parts: &Vec<Part>| -> Vec<f64> {
            (0..rows.len()).map(|row| parts.iter().map(|part| part.at(&variables, row)).product()).collect()
        };
        let matrix = ModelMatrix::new(
            std::iter::once((INTERCEPT.to_string(), vec![1.0; rows.len()]))
                .chain(names.into_iter().zip(parts.iter().map(cells))),
        )?;
        Ok(Self { rows, excluded, matrix, terms, columns: parts, variables })
    }

    /// The row of the matrix at these values; a moderator that is not named is at its mean over the studies, a factor
    /// at the shares of its levels.
    pub fn row_at(&self, values: &[AtValue<'_>]) -> Result<Vec<f64>, Error> {
        for value in values {
            if !self.variables.iter().any(|variable| variable.moderator.column == value.column) {
                let names: BTreeSet<&str> =
                    self.variables.iter().map(|variable| variable.moderator.column.as_str()).collect();
                let problem = Problem::new(format!("at: '{}' is no moderator of the model", value.column));
                let names: Vec<&str> = names.into_iter().collect();
                return Err(Error::Usage(vec![problem.help(format!("they are {}", names.join(", ")))]));
            }
        }
        let levels: Result<Vec<Vec<f64>>, Error> = self
            .variables
            .iter()
            .map(|variable| {
                let value = values.iter().find(|value| value.column == variable.moderator.column);
                variable.at(value.map(|value| value.value))
            })
            .collect();
        let levels = levels?;
        let part = |part: &Part| match *part {
            Part::Number(variable) => levels[variable][0],
            Part::Level(variable, level) => levels[variable][level],
        };
        let products = self.columns.iter().map(|parts| parts.iter().map(part).product());
        Ok(std::iter::once(1.0).chain(products).collect())
    }

    /// The numbers of the one moderator of the model as they enter it, and what was taken from them to centre them;
    /// none where there are others, or it is a factor.
    pub fn only_numbers(&self) -> Option<(&[f64], f64)> {
        match (&self.variables[..], &self.columns[..]) {
            ([Variable { values: Values::Numbers { values, centre }, .. }], [_]) => Some((values, *centre)),
            _ => None,
        }
    }

    /// The numbers of the first moderator that is a number, for a figure: its name and its value for each study.
    pub fn first_numbers(&self) -> Option<(String, Vec<f64>)> {
        self.variables.iter().find_map(|variable| match &variable.values {
            Values::Numbers { values, centre } => {
                Some((variable.moderator.to_string(), values.iter().map(|value| value + centre).collect()))
            }
            Values::Factor { .. } => None,
        })
    }
}

/// A column of the table: one beside names and counts, or that of the totals.
enum Column<'a> {
    Covariate(Covariate<'a>),
    Totals(Vec<f64>, Vec<String>),
}

impl<'a> Column<'a> {
    fn new(name: &str, result: &'a MetaAnalysis) -> Result<Self, Error> {
        let counts = result.data.counts().filter(|_| name == result.data.columns.total);
        match (result.data.covariates.get(name), counts) {
            (None, Some(counts)) => {
                let totals: Vec<f64> = counts.iter().map(|counts| counts.total() as f64).collect();
                let cells = totals.iter().map(f64::to_string).collect();
                Ok(Self::Totals(totals, cells))
            }
            _ => result.data.column(name, "regress on").map(Self::Covariate),
        }
    }

    fn cell(&self, study: usize) -> &str {
        match self {
            Self::Covariate(column) => column.cell(study),
            Self::Totals(_, cells) => &cells[study],
        }
    }

    fn numbers(&self) -> Vec<Option<f64>> {
        match self {
            Self::Covariate(column) => column.numbers(),
            Self::Totals(totals, _) => totals.iter().copied().map(Some).collect(),
        }
    }
}

/// The studies that have every moderator, and the others with the reason.
fn complete(
    result: &MetaAnalysis,
    moderators: &[&Moderator],
    columns: &[Column<'_>],
) -> (Vec<u32>, Vec<Excluded>) {
    let (mut rows, mut excluded) = (Vec::new(), Vec::new());
    for (study, row) in result.sizes.study.iter().zip(0..) {
        let missing: BTreeSet<&str> = moderators
            .iter()
            .zip(columns)
            .filter(|(_, column)| is_missing(column.cell(*study as usize)))
            .map(|(moderator, _)| moderator.column.as_str())
            .collect();
        if missing.is_empty() {
            rows.push(row);
            continue;
        }
        let label = result.label(row as usize);
        let names: Vec<&str> = missing.into_iter().collect();
        let reason = format!("{} missing", names.join(" and "));
        excluded.push(Excluded::new(label.name, label.line, reason));
    }
    (rows, excluded)
}

impl Variable {
    fn new(moderator: &Moderator, column: &Column<'_>, studies: &[usize]) -> Result<Self, Error> {
        let numbers = column.numbers();
        let numbers: Option<Vec<f64>> = studies.iter().map(|study| numbers[*study]).collect();
        let values = match (&moderator.coding, numbers) {
            (Coding::ByContent, Some(values)) => Values::Numbers { values, centre: 0.0 },
            (Coding::Centred, Some(values)) => {
                let centre = sum(values.iter().copied()) / values.len() as f64;
                Values::Numbers { values: values.iter().map(|value| value - centre).collect(), centre }
            }
            (Coding::Logarithm, Some(values)) if values.iter().all(|value| *value > 0.0) => {
                Values::Numbers { values: values.into_iter().map(ln).collect(), centre: 0.0 }
            }
            (Coding::Centred | Coding::Logarithm, _) => {
                let above = if moderator.coding == Coding::Logarithm { " above 0" } else { "" };
                let bad = studies
                    .iter()
                    .map(|study| column.cell(*study))
                    .find(|cell| !cell.parse::<f64>().is_ok_and(|value| above.is_empty() || value > 0.0));
                let cell = bad.unwrap_or_default().escape_debug().to_string();
                let what = format!("{moderator} takes numbers{above}, and a cell is '{cell}'");
                return Err(Error::Data(vec![Problem::new(what).in_column(&moderator.column)]));
            }
            (Coding::ByContent, None) => factor(moderator, None, column, studies)?,
            (Coding::Factor(reference), _) => factor(moderator, reference.as_deref(), column, studies)?,
        };
        Ok(Self { moderator: moderator.clone(), values })
    }

    /// Whether it is a factor of one level.
    fn is_constant(&self) -> bool {
        matches!(&self.values, Values::Factor { levels, .. } if levels.len() == 1)
    }

    /// What the parts of it are at a value, or at its mean.
    fn at(&self, value: Option<&str>) -> Result<Vec<f64>, Error> {
        match &self.values {
            Values::Numbers { values, centre } => {
                let Some(value) = value else {
                    return Ok(vec![sum(values.iter().copied()) / values.len() as f64]);
                };
                let number = value.parse::<f64>().ok().filter(|number| number.is_finite());
                let number = match (&self.moderator.coding, number) {
                    (Coding::Logarithm, Some(number)) if number > 0.0 => ln(number),
                    (Coding::Logarithm, _) | (_, None) => {
                        let what = format!(
                            "at: {} = '{}' is no number that it takes",
                            self.moderator.column,
                            value.escape_debug()
                        );
                        return Err(Error::usage(what));
                    }
                    (_, Some(number)) => number - centre,
                };
                Ok(vec![number])
            }
            Values::Factor { levels, of } => {
                let share =
                    |level: usize| of.iter().filter(|of| **of == level).count() as f64 / of.len() as f64;
                let Some(value) = value else { return Ok((0..levels.len()).map(share).collect()) };
                let Some(place) = levels.iter().position(|level| level == value) else {
                    let what =
                        format!("at: {} has no level '{}'", self.moderator.column, value.escape_debug());
                    let problem = Problem::new(what).help(format!("its levels are {}", levels.join(", ")));
                    return Err(Error::Usage(vec![problem]));
                };
                Ok((0..levels.len()).map(|level| if level == place { 1.0 } else { 0.0 }).collect())
            }
        }
    }
}

/// The levels of a column, the reference first, the others in the order of their bytes.
fn factor(
    moderator: &Moderator,
    reference: Option<&str>,
    column: &Column<'_>,
    studies: &[usize],
) -> Result<Values, Error> {
    let levels: BTreeSet<&str> = studies.iter().map(|study| column.cell(*study)).collect();
    let mut levels: Vec<&str> = levels.into_iter().collect();
    if let Some(reference) = reference {
        let Some(place) = levels.iter().position(|level| *level == reference) else {
            let what = format!("{moderator}: no study has the level '{}'", reference.escape_debug());
            let problem = Problem::new(what).help(format!("its levels are {}", levels.join(", ")));
            return Err(Error::Usage(vec![problem]));
        };
        let reference = levels.remove(place);
        levels.insert(0, reference);
    }
    let of = |study: &usize| levels.iter().position(|level| *level == column.cell(*study)).unwrap_or(0);
    Ok(Values::Factor {
        of: studies.iter().map(of).collect(),
        levels: levels.into_iter().map(str::to_string).collect(),
    })
}

impl Part {
    fn at(self, variables: &[Variable], row: usize) -> f64 {
        match (self, |variable: usize| &variables[variable].values) {
            (Self::Number(variable), of) => match of(variable) {
                Values::Numbers { values, .. } => values[row],
                Values::Factor { .. } => unreachable!("a factor has levels"),
            },
            (Self::Level(variable, level), of) => match of(variable) {
                Values::Factor { of, .. } => f64::from(u8::from(of[row] == level)),
                Values::Numbers { .. } => unreachable!("a number has no levels"),
            },
        }
    }
}

type Coded = (Vec<String>, Vec<Vec<Part>>, Vec<(String, Vec<usize>)>);

/// The columns of every term: their names, what they are the products of, and which belong to which term.
///
/// A factor in a term has a column for each level but the reference where the rest of the term is in the model, else
/// for every level, as in R.
fn coded(formula: &Formula, variables: &[Variable]) -> Coded {
    let (mut names, mut columns, mut terms): Coded = (Vec::new(), Vec::new(), Vec::new());
    for term in &formula.terms {
        let mut products: Vec<(Vec<String>, Vec<Part>)> = vec![(Vec::new(), Vec::new())];
        for moderator in &term.0 {
            let place = variables.iter().position(|known| known.moderator == *moderator).unwrap_or(0);
            let parts = parts(&variables[place], place, is_marginal(formula, term, moderator));
            products = products
                .iter()
                .flat_map(|(names, of)| {
                    parts.iter().map(move |(name, part)| {
                        ([&names[..], std::slice::from_ref(name)].concat(), [&of[..], &[*part]].concat())
                    })
                })
                .collect();
        }
        // The intercept is the first column.
        let first = columns.len() + 1;
        terms.push((term.to_string(), (first..first + products.len()).collect()));
        for (name, parts) in products {
            names.push(name.join(":"));
            columns.push(parts);
        }
    }
    (names, columns, terms)
}

/// Whether the term without this moderator is in the model: the intercept is.
fn is_marginal(formula: &Formula, term: &Term, moderator: &Moderator) -> bool {
    let rest: Vec<Moderator> = term.0.iter().filter(|other| *other != moderator).cloned().collect();
    rest.is_empty() || formula.terms.iter().any(|known| known.is(&Term(rest.clone())))
}

/// The columns of a moderator: one for a number, one a level for a factor, with or without the reference.
fn parts(variable: &Variable, place: usize, without_reference: bool) -> Vec<(String, Part)> {
    match &variable.values {
        Values::Numbers { .. } => vec![(variable.moderator.to_string(), Part::Number(place))],
        Values::Factor { levels, .. } => levels
            .iter()
            .enumerate()
            .skip(usize::from(without_reference))
            .map(|(level, name)| (format!("{}={name}", variable.moderator.column), Part::Level(place, level)))
            .collect(),
    }
}
