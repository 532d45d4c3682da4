//! What the expected value of a study depends on: one mean, or the columns of a model matrix.

use std::sync::Arc;

use crate::error::{Error, Problem};
use crate::numeric::linear::{Dependence, dependences};

/// What the expected value of a study depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Design<'a> {
    /// One mean for all.
    Mean,
    /// A linear combination of the columns of a model matrix, which has one row for each effect size.
    Moderators(&'a ModelMatrix),
}

/// The model matrix X of a meta-regression: a row a study, a named column a coefficient.
///
/// The columns are finite and none is a combination of others: held by every constructor. A column whose entries
/// all have the same value other than 0 is the intercept.
///
/// ```
/// use metaprop::model::ModelMatrix;
/// let matrix = ModelMatrix::with_intercept([("dose", vec![5.0, 10.0, 10.0]), ("topical", vec![0.0, 0.0, 1.0])])?;
/// assert_eq!(matrix.names().collect::<Vec<_>>(), ["intercept", "dose", "topical"]);
/// assert_eq!((matrix.rows(), matrix.intercept(), matrix.row(2)), (3, Some(0), &[1.0, 10.0, 1.0][..]));
///
/// // A combination of the others is named, with what it is a combination of.
/// let error = ModelMatrix::with_intercept([("dose", vec![5.0, 10.0, 10.0]), ("mg", vec![5e3, 1e4, 1e4])]);
/// assert!(error.unwrap_err().to_string().contains("column 'mg': is a multiple of 'dose'"));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ModelMatrix {
    names: Arc<[String]>,
    rows: usize,
    /// Row after row.
    cells: Vec<f64>,
    intercept: Option<usize>,
}

/// The name of the column of ones.
pub const INTERCEPT: &str = "intercept";

impl ModelMatrix {
    /// Of these columns, as they are.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no column, two have the same name, or they differ in length;
    /// [`Error::Data`] where a cell is not finite, there are fewer rows than columns, or a column is a combination
    /// of columns before it: every such column is named with the columns it depends on.
    pub fn new<N: Into<String>>(columns: impl IntoIterator<Item = (N, Vec<f64>)>) -> Result<Self, Error> {
        let (names, columns): (Vec<String>, Vec<Vec<f64>>) =
            columns.into_iter().map(|(name, column)| (name.into(), column)).unzip();
        check_shape(&names, &columns)?;
        let rows = columns.first().map_or(0, Vec::len);
        let cells = (0..rows).flat_map(|row| columns.iter().map(move |column| column[row])).collect();
        Self::checked(names.into(), rows, cells)
    }

    /// A column of ones, called `intercept`, and these columns.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new). Without columns there is no number of rows: [`ones`](Self::ones) has one.
    pub fn with_intercept<N: Into<String>>(
        columns: impl IntoIterator<Item = (N, Vec<f64>)>,
    ) -> Result<Self, Error> {
        let columns: Vec<(String, Vec<f64>)> =
            columns.into_iter().map(|(name, column)| (name.into(), column)).collect();
        let rows = columns.first().map_or(0, |(_, column)| column.len());
        Self::new([(INTERCEPT.to_string(), vec![1.0; rows])].into_iter().chain(columns))
    }

    /// A column of ones alone: the model of [`Design::Mean`], and what other models are compared with.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] without rows.
    pub fn ones(rows: usize) -> Result<Self, Error> {
        Self::new([(INTERCEPT, vec![1.0; rows])])
    }

    /// The rows at these places, in that order: those of a subset of studies.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where a column depends on others in these rows, though not in all; [`Error::Usage`] where a
    /// row does not exist.
    ///
    /// ```
    /// use metaprop::model::ModelMatrix;
    /// let matrix = ModelMatrix::with_intercept([("dose", vec![5.0, 10.0, 10.0])])?;
    /// assert_eq!(matrix.subset(&[0, 2])?.row(1), [1.0, 10.0]);
    /// // At one dose nothing can be said of the dose.
    /// assert!(matrix.subset(&[1, 2]).unwrap_err().to_string().contains("column 'dose'"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn subset(&self, rows: &[u32]) -> Result<Self, Error> {
        if let Some(row) = rows.iter().find(|row| **row as usize >= self.rows) {
            return Err(Error::usage(format!("the model matrix has {} rows and no row {row}", self.rows)));
        }
        let cells = rows.iter().flat_map(|row| self.row(*row as usize)).copied().collect();
        Self::checked(Arc::clone(&self.names), rows.len(), cells)
    }

    /// The same rows in another order, which has each of them once.
    pub(crate) fn permuted(&self, order: &[u32]) -> Self {
        let mut cells = Vec::with_capacity(self.cells.len());
        order.iter().for_each(|row| cells.extend_from_slice(self.row(*row as usize)));
        Self { names: Arc::clone(&self.names), rows: self.rows, cells, intercept: self.intercept }
    }

    /// With its rank checked.
    fn checked(names: Arc<[String]>, rows: usize, cells: Vec<f64>) -> Result<Self, Error> {
        let p = names.len();
        let finite = cells.chunks_exact(p).enumerate().flat_map(|(row, cells)| {
            names.iter().zip(cells).filter(|(_, cell)| !cell.is_finite()).map(move |(name, cell)| {
                Problem::new(format!("{cell} in row {} is not a finite number", row + 1)).in_column(name)
            })
        });
        let mut problems: Vec<Problem> = finite.collect();
        if problems.is_empty() && rows < p {
            let few = if rows == 1 { "1 row is".to_string() } else { format!("{rows} rows are") };
            let coefficients = if p == 1 { "coefficient" } else { "coefficients" };
            let what = format!("{few} too few for {p} {coefficients} ({})", names.join(", "));
            problems.push(Problem::new(what).help("leave moderators out"));
        }
        if problems.is_empty() {
            let columns: Vec<Vec<f64>> =
                (0..p).map(|column| cells.iter().skip(column).step_by(p).copied().collect()).collect();
            let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            problems = dependences(&slices).iter().map(|found| dependent(&names, found)).collect();
        }
        if !problems.is_empty() {
            return Err(Error::Data(problems));
        }
        let constant = |column: &usize| {
            let first = cells[*column];
            first != 0.0 && cells.iter().skip(*column).step_by(p).all(|cell| *cell == first)
        };
        let intercept = (0..p).find(constant);
        Ok(Self { names, rows, cells, intercept })
    }

    /// The number of rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns p.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.names.len()
    }

    /// The names of the columns, in their order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The same, shared.
    pub(super) fn shared_names(&self) -> Arc<[String]> {
        Arc::clone(&self.names)
    }

    /// One row.
    ///
    /// # Panics
    ///
    /// Where there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.columns()..(row + 1) * self.columns()]
    }

    /// The cells, row after row.
    #[must_use]
    pub fn cells(&self) -> &[f64] {
        &self.cells
    }

    /// The constant column, if there is one.
    #[must_use]
    pub const fn intercept(&self) -> Option<usize> {
        self.intercept
    }
}

/// Names and lengths of the columns.
fn check_shape(names: &[String], columns: &[Vec<f64>]) -> Result<(), Error> {
    let mut problems = Vec::new();
    if names.is_empty() {
        problems.push(Problem::new("a model matrix has at least one column"));
    }
    for (index, (name, column)) in names.iter().zip(columns).enumerate() {
        if names[..index].contains(name) {
            problems.push(Problem::new("stands twice in the model matrix").in_column(name));
        }
        if column.len() != columns[0].len() {
            let what = format!("has {} rows, and '{}' has {}", column.len(), names[0], columns[0].len());
            problems.push(Problem::new(what).in_column(name));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Usage(problems)) }
}

/// Of what a column is a combination, in words.
fn dependent(names: &[String], found: &Dependence) -> Problem {
    let of: Vec<String> = found.of.iter().map(|column| format!("'{}'", names[*column])).collect();
    let what = match &of[..] {
        [] => "is 0 in every study".to_string(),
        [one] if names[found.of[0]] == INTERCEPT => format!("is the same in every study, as {one} is"),
        [one] => format!("is a multiple of {one}"),
        [rest @ .., last] => format!("is a combination of {} and {last}", rest.join(", ")),
    };
    Problem::new(what).in_column(&names[found.column]).help("leave it out, or one that it depends on")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(error: &Error) -> String {
        error.to_string()
    }

    #[test]
    fn every_dependent_column_is_named_with_what_it_depends_on() {
        let error = ModelMatrix::with_intercept([
            ("oral", vec![1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]),
            ("topical", vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]),
            ("year", vec![2001.0, 2004.0, 2005.0, 2009.0, 2011.0, 2012.0, 2015.0]),
            ("design", vec![2.0; 7]),
            ("none", vec![0.0; 7]),
        ])
        .unwrap_err();
        let text = problems(&error);
        assert!(text.contains("column 'topical': is a combination of 'intercept' and 'oral'"), "{text}");
        assert!(text.contains("column 'design': is the same in every study, as 'intercept' is"), "{text}");
        assert!(text.contains("column 'none': is 0 in every study"), "{text}");
        assert!(!text.contains("'year'"), "{text}");
        assert_eq!(error.exit_code(), 3);
    }

    #[test]
    fn shapes_and_cells_are_checked() {
        let of = |columns: Vec<(&str, Vec<f64>)>| problems(&ModelMatrix::new(columns).unwrap_err());
        assert!(of(vec![]).contains("at least one column"));
        assert!(of(vec![("a", vec![1.0, 2.0]), ("a", vec![1.0, 3.0])]).contains("stands twice"));
        assert!(of(vec![("a", vec![1.0, 2.0]), ("b", vec![1.0])]).contains("has 1 rows, and 'a' has 2"));
        assert!(of(vec![("a", vec![1.0, f64::NAN])]).contains("column 'a': NaN in row 2"));
        assert!(of(vec![("a", vec![1.0]), ("b", vec![2.0])]).contains("1 row is too few for 2 coefficients"));
        assert!(ModelMatrix::ones(3).unwrap().subset(&[3]).is_err());
    }

    #[test]
    fn an_intercept_is_any_constant_column() {
        let matrix = ModelMatrix::new([("x", vec![1.0, 2.0]), ("two", vec![2.0, 2.0])]).unwrap();
        assert_eq!(matrix.intercept(), Some(1));
        assert_eq!(ModelMatrix::new([("x", vec![1.0, 2.0])]).unwrap().intercept(), None);
    }
}
