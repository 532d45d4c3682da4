//! Linear algebra for models with a few columns and many rows: a thin layer over nalgebra, which is named in no
//! other file.
//!
//! Matrices with a row a study are slices, row after row. From nalgebra come the QR and the Cholesky
//! decomposition, which are made of inner products and vector sums in a fixed order. Its matrix product is not
//! used: for more than a few rows it goes to a library that takes fused multiply-add where the processor has it,
//! and so gives other bits on another machine.

use nalgebra::DMatrix;

use super::elementary::ln;
use super::sum::{Sum, dot, sum};

/// A square matrix, row after row.
#[derive(Debug, Clone, PartialEq)]
pub struct Square {
    size: usize,
    entries: Vec<f64>,
}

impl Square {
    /// The matrix with these entries.
    ///
    /// ```
    /// use metaprop::numeric::linear::Square;
    /// let square = Square::from_fn(2, |row, column| if row == column { 2.0 } else { 1.0 });
    /// assert_eq!((square.get(0, 0), square.get(0, 1), square.size()), (2.0, 1.0, 2));
    /// ```
    #[must_use]
    pub fn from_fn(size: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let entries = (0..size * size).map(|index| entry(index / size, index % size)).collect();
        Self { size, entries }
    }

    /// The number of rows.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    /// One entry.
    ///
    /// # Panics
    ///
    /// Where the row or the column does not exist.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> f64 {
        self.entries[row * self.size + column]
    }

    /// Its rows.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.entries.chunks_exact(self.size)
    }

    /// The product with a column.
    #[must_use]
    pub fn times(&self, column: &[f64]) -> Vec<f64> {
        self.rows().map(|row| plain_dot(row, column)).collect()
    }

    /// xᵀAx.
    ///
    /// ```
    /// use metaprop::numeric::linear::Square;
    /// let square = Square::from_fn(2, |row, column| if row == column { 2.0 } else { 1.0 });
    /// assert_eq!(square.quadratic_form(&[1.0, 3.0]), 26.0);
    /// ```
    #[must_use]
    pub fn quadratic_form(&self, x: &[f64]) -> f64 {
        self.rows().zip(x).map(|(row, x_of_row)| x_of_row * plain_dot(row, x)).sum()
    }

    /// Half of the matrix and its transpose.
    #[must_use]
    pub fn symmetric_part(&self) -> Self {
        Self::from_fn(self.size, |row, column| 0.5 * (self.get(row, column) + self.get(column, row)))
    }

    /// The sum with another of the same size.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let entries = self.entries.iter().zip(&other.entries).map(|(a, b)| a + b).collect();
        Self { size: self.size, entries }
    }

    /// The product with another of the same size.
    #[must_use]
    pub fn product(&self, other: &Self) -> Self {
        Self::from_fn(self.size, |row, column| {
            (0..self.size).map(|inner| self.get(row, inner) * other.get(inner, column)).sum()
        })
    }

    /// The sum of the diagonal.
    #[must_use]
    pub fn trace(&self) -> f64 {
        (0..self.size).map(|index| self.get(index, index)).sum()
    }
}

/// The sum of a aᵀ over rows a, compensated.
#[derive(Debug, Clone)]
pub struct Gram {
    size: usize,
    /// The upper triangle, row after row.
    sums: Vec<Sum>,
}

impl Gram {
    /// Of no rows.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self { size, sums: vec![Sum::new(); size * (size + 1) / 2] }
    }

    /// Adds `weight` a aᵀ.
    #[inline]
    pub fn add(&mut self, row: &[f64], weight: f64) {
        let mut sums = self.sums.iter_mut();
        for (index, first) in row.iter().enumerate() {
            for (second, sum) in row[index..].iter().zip(&mut sums) {
                sum.add(weight * (first * second));
            }
        }
    }

    /// The sum so far.
    ///
    /// ```
    /// use metaprop::numeric::linear::Gram;
    /// let mut gram = Gram::new(2);
    /// gram.add(&[1.0, 2.0], 1.0);
    /// gram.add(&[3.0, -1.0], 2.0);
    /// assert_eq!([gram.value().get(0, 0), gram.value().get(1, 0), gram.value().get(1, 1)], [19.0, -4.0, 6.0]);
    /// ```
    #[must_use]
    pub fn value(&self) -> Square {
        Square::from_fn(self.size, |row, column| {
            let (row, column) = (row.min(column), row.max(column));
            self.sums[row * self.size - row * (row + 1) / 2 + column].value()
        })
    }
}

/// An upper triangular matrix with a diagonal above 0, the R of a QR or Cholesky decomposition.
#[derive(Debug, Clone, PartialEq)]
pub struct Triangle {
    entries: Square,
}

/// Rows that are decomposed at a time: their matrix stays in the cache.
const BLOCK: usize = 512;

impl Triangle {
    /// The R of the QR decomposition of a matrix of at least as many rows as columns: AᵀA = RᵀR, without forming
    /// AᵀA, whose condition is the square of that of A.
    ///
    /// By Householder reflections, block by block (Demmel, Grigori, Hoemmen & Langou 2012, doi:10.1137/080731992,
    /// the flat tree). Where A has not full rank a diagonal entry is 0 or tiny.
    ///
    /// ```
    /// use metaprop::numeric::linear::Triangle;
    /// let r = Triangle::of_rows(&[3.0, 3.0, 4.0, 4.0, 0.0, 2.0], 2);
    /// let mut row = [5.0, 7.0];
    /// r.solve_row(&mut row);
    /// assert!((row[0] - 1.0).abs() < 1e-15 && (row[1] - 1.0).abs() < 1e-15);
    /// ```
    #[must_use]
    pub fn of_rows(rows: &[f64], columns: usize) -> Self {
        let mut triangle: Option<DMatrix<f64>> = None;
        for block in rows.chunks(BLOCK.max(columns) * columns) {
            let above = triangle.as_ref().map_or(0, DMatrix::nrows);
            let stacked = DMatrix::from_fn(above + block.len() / columns, columns, |row, column| {
                match (&triangle, row.checked_sub(above)) {
                    (Some(triangle), None) => triangle[(row, column)],
                    (_, row) => block[row.unwrap_or(0) * columns + column],
                }
            });
            triangle = Some(stacked.qr().unpack_r());
        }
        let entry = |row: usize, column: usize| {
            triangle.as_ref().filter(|r| row <= column && row < r.nrows()).map_or(0.0, |r| r[(row, column)])
        };
        Self { entries: Square::from_fn(columns, entry) }
    }

    /// The R of the Cholesky decomposition A = RᵀR; `None` where A is not positive definite.
    ///
    /// ```
    /// use metaprop::numeric::linear::{Square, Triangle};
    /// let square = Square::from_fn(2, |row, column| if row == column { 4.0 } else { 2.0 });
    /// assert!((Triangle::of_symmetric(&square).unwrap().ln_determinant() - 0.5 * 12.0_f64.ln()).abs() < 1e-15);
    /// assert!(Triangle::of_symmetric(&Square::from_fn(2, |_, _| 1.0)).is_none());
    /// ```
    #[must_use]
    pub fn of_symmetric(square: &Square) -> Option<Self> {
        let matrix = DMatrix::from_fn(square.size, square.size, |row, column| square.get(row, column));
        let lower = matrix.cholesky()?.unpack();
        let entry = |row: usize, column: usize| if row <= column { lower[(column, row)] } else { 0.0 };
        Some(Self { entries: Square::from_fn(square.size, entry) })
    }

    /// One entry, 0 below the diagonal.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> f64 {
        self.entries.get(row, column)
    }

    /// As a square matrix.
    #[must_use]
    pub const fn square(&self) -> &Square {
        &self.entries
    }

    /// Solves x R = `row` in place.
    #[inline]
    pub fn solve_row(&self, row: &mut [f64]) {
        for column in 0..self.entries.size {
            let known: f64 = (0..column).map(|index| row[index] * self.get(index, column)).sum();
            row[column] = (row[column] - known) / self.get(column, column);
        }
    }

    /// The product with another triangle on the right.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        Self { entries: self.entries.product(&other.entries) }
    }

    /// The logarithm of the determinant.
    #[must_use]
    pub fn ln_determinant(&self) -> f64 {
        sum((0..self.entries.size).map(|index| ln(self.get(index, index))))
    }
}

/// As many rows of a matrix as it has columns, and every row written as a combination of them.
///
/// With the *basis rows* B of a matrix X, the coordinates of X are N = X B⁻¹; those of a basis row are a unit
/// vector. The rows are chosen by Gaussian elimination with complete pivoting of the rows multiplied by `scale`,
/// so that no coordinate, times the scale of its row and over that of the basis row, is much above 1.
#[derive(Debug, Clone)]
pub struct RowBasis {
    columns: usize,
    rows: Vec<usize>,
    /// The columns in the order in which they were eliminated.
    order: Vec<usize>,
    /// B = L U with the columns in that order: unit lower and upper triangular.
    lower: Square,
    upper: Square,
    coordinates: Vec<f64>,
}

impl RowBasis {
    /// Chooses basis rows; of rows that are equally good the first. `first` is the column that is eliminated
    /// first: a constant one, whose elimination takes the differences from one row.
    ///
    /// `None` where the matrix has not full rank, or a number in it is not finite.
    ///
    /// ```
    /// use metaprop::numeric::linear::RowBasis;
    /// // y = 1, x: the second row has the largest scale, the third differs most from it.
    /// let basis = RowBasis::choose(&[1.0, 5.0, 1.0, 6.0, 1.0, 9.0], 2, &[1.0, 2.0, 1.0], Some(0)).unwrap();
    /// assert_eq!(basis.rows(), [1, 2]);
    /// let third = 1.0 / 3.0;
    /// assert!((basis.coordinates_of(0)[0] - 4.0 * third).abs() < 1e-15);
    /// // The line through (6, 2) and (9, 5).
    /// assert_eq!(basis.solve(&[2.0, 5.0]), [-4.0, 1.0]);
    /// ```
    #[must_use]
    pub fn choose(rows: &[f64], columns: usize, scale: &[f64], first: Option<usize>) -> Option<Self> {
        // Becomes the multipliers of L, in the column that each step eliminates, and the rows of U.
        let mut work = rows.to_vec();
        let mut free = vec![true; scale.len()];
        let (mut chosen, mut order) = (Vec::with_capacity(columns), Vec::<usize>::with_capacity(columns));
        for step in 0..columns {
            let remaining: Vec<usize> = (0..columns).filter(|column| !order.contains(column)).collect();
            let candidates = match &first {
                Some(first) if step == 0 => std::slice::from_ref(first),
                _ => &remaining[..],
            };
            let (row, column) = pivot(&work, columns, scale, &free, candidates)?;
            free[row] = false;
            chosen.push(row);
            order.push(column);
            let pivot_row: Vec<f64> = work[row * columns..(row + 1) * columns].to_vec();
            for (other, _) in free.iter().enumerate().filter(|(_, free)| **free) {
                let cells = &mut work[other * columns..(other + 1) * columns];
                let multiplier = cells[column] / pivot_row[column];
                cells[column] = multiplier;
                for &rest in remaining.iter().filter(|rest| **rest != column) {
                    cells[rest] -= multiplier * pivot_row[rest];
                }
            }
        }
        let cell = |row: usize, step: usize| work[chosen[row] * columns + order[step]];
        let lower = Square::from_fn(columns, |row, step| match row.cmp(&step) {
            std::cmp::Ordering::Greater => cell(row, step),
            std::cmp::Ordering::Equal => 1.0,
            std::cmp::Ordering::Less => 0.0,
        });
        let upper = Square::from_fn(columns, |row, step| if row <= step { cell(row, step) } else { 0.0 });
        let mut basis = Self { columns, rows: chosen, order, lower, upper, coordinates: Vec::new() };
        basis.coordinates = basis.all_coordinates(&work, scale.len());
        Some(basis)
    }

    /// The coordinates of every row, from its multipliers.
    fn all_coordinates(&self, work: &[f64], rows: usize) -> Vec<f64> {
        let mut coordinates = vec![0.0; rows * self.columns];
        for (row, to) in coordinates.chunks_exact_mut(self.columns).enumerate() {
            if let Some(place) = self.place(row) {
                to[place] = 1.0;
            } else {
                for (to, column) in to.iter_mut().zip(&self.order) {
                    *to = work[row * self.columns + column];
                }
                self.divide_by_lower(to);
            }
        }
        coordinates
    }

    /// The basis rows, in the order in which they were chosen.
    #[must_use]
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// Which basis row this row is, if it is one.
    #[must_use]
    #[inline]
    pub fn place(&self, row: usize) -> Option<usize> {
        self.rows.iter().position(|basis| *basis == row)
    }

    /// The coordinates of a row of the matrix.
    #[must_use]
    #[inline]
    pub fn coordinates_of(&self, row: usize) -> &[f64] {
        &self.coordinates[row * self.columns..(row + 1) * self.columns]
    }

    /// The coordinates of any row: n with n B = `row`.
    #[must_use]
    pub fn coordinates(&self, row: &[f64]) -> Vec<f64> {
        let mut coordinates: Vec<f64> = self.order.iter().map(|column| row[*column]).collect();
        for step in 0..self.columns {
            let known: f64 = (0..step).map(|index| coordinates[index] * self.upper.get(index, step)).sum();
            coordinates[step] = (coordinates[step] - known) / self.upper.get(step, step);
        }
        self.divide_by_lower(&mut coordinates);
        coordinates
    }

    /// Solves n L = `row` in place.
    fn divide_by_lower(&self, row: &mut [f64]) {
        for step in (0..self.columns).rev() {
            let known: f64 =
                (step + 1..self.columns).map(|index| row[index] * self.lower.get(index, step)).sum();
            row[step] -= known;
        }
    }

    /// The b with B b = `values`.
    #[must_use]
    pub fn solve(&self, values: &[f64]) -> Vec<f64> {
        let mut solved = values.to_vec();
        for step in 0..self.columns {
            let known: f64 = (0..step).map(|index| self.lower.get(step, index) * solved[index]).sum();
            solved[step] -= known;
        }
        for step in (0..self.columns).rev() {
            let known: f64 =
                (step + 1..self.columns).map(|index| self.upper.get(step, index) * solved[index]).sum();
            solved[step] = (solved[step] - known) / self.upper.get(step, step);
        }
        let mut b = vec![0.0; self.columns];
        for (value, column) in solved.into_iter().zip(&self.order) {
            b[*column] = value;
        }
        b
    }

    /// ln|det B|.
    #[must_use]
    pub fn ln_determinant(&self) -> f64 {
        sum((0..self.columns).map(|step| ln(self.upper.get(step, step).abs())))
    }
}

/// The free row and the column of the largest scaled entry, each column in units of its largest entry.
fn pivot(
    work: &[f64],
    columns: usize,
    scale: &[f64],
    free: &[bool],
    candidates: &[usize],
) -> Option<(usize, usize)> {
    let free = || (0..scale.len()).filter(|row| free[*row]);
    let mut best = (0.0, None);
    for &column in candidates {
        let entry = |row: usize| work[row * columns + column].abs();
        let largest = free().map(entry).fold(0.0, f64::max);
        for row in free() {
            let size = scale[row] * (entry(row) / largest);
            if size > best.0 {
                best = (size, Some((row, column)));
            }
        }
    }
    best.1
}

/// A column that is a combination of columns before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependence {
    /// The column.
    pub column: usize,
    /// The columns it is a combination of; none where all its entries are 0.
    pub of: Vec<usize>,
}

/// A column depends on those before it where what they leave of it is at most this part of it: far above the
/// rounding of its entries, far below what a column with a meaning of its own has.
const RANK_TOLERANCE: f64 = 1e-10;

/// The columns that are combinations of columns before them, by Gram-Schmidt orthogonalisation with one repetition
/// (Giraud, Langou & Rozložník 2005, doi:10.1016/j.camwa.2005.08.009).
///
/// ```
/// use metaprop::numeric::linear::{Dependence, dependences};
/// let columns = [vec![1.0, 1.0, 1.0], vec![0.0, 0.1, 0.2], vec![2.0, 1.9, 1.8], vec![0.0, 1.0, 0.0]];
/// let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
/// assert_eq!(dependences(&columns), [Dependence { column: 2, of: vec![0, 1] }]);
/// ```
#[must_use]
pub fn dependences(columns: &[&[f64]]) -> Vec<Dependence> {
    let (mut found, mut independent) = (Vec::new(), Vec::<usize>::new());
    // An orthonormal basis, and each independent column in that basis.
    let (mut basis, mut written) = (Vec::<Vec<f64>>::new(), Vec::<Vec<f64>>::new());
    for (column, cells) in columns.iter().enumerate() {
        // In units of the largest entry, so that no square overflows.
        let largest = cells.iter().fold(0.0_f64, |largest, cell| largest.max(cell.abs()));
        let mut rest: Vec<f64> = cells.iter().map(|cell| cell / largest).collect();
        let size = dot(&rest, &rest).sqrt();
        let mut parts = vec![0.0; basis.len()];
        for _ in 0..2 {
            for (part, direction) in parts.iter_mut().zip(&basis) {
                let length = dot(direction, &rest);
                *part += length;
                rest.iter_mut().zip(direction).for_each(|(rest, direction)| *rest -= length * direction);
            }
        }
        let length = dot(&rest, &rest).sqrt();
        if length > RANK_TOLERANCE * size {
            rest.iter_mut().for_each(|rest| *rest /= length);
            basis.push(rest);
            parts.push(length);
            written.push(parts);
            independent.push(column);
        } else {
            let of = if largest > 0.0 { involved(&written, &parts, size) } else { Vec::new() };
            found.push(Dependence { column, of: of.into_iter().map(|index| independent[index]).collect() });
        }
    }
    found
}

/// Which of the independent columns take part in the one with these parts in the basis.
fn involved(written: &[Vec<f64>], parts: &[f64], size: f64) -> Vec<usize> {
    let mut rest = parts.to_vec();
    let mut involved = Vec::new();
    for (index, column) in written.iter().enumerate().rev() {
        let factor = rest[index] / column[index];
        for (rest, part) in rest.iter_mut().zip(column) {
            *rest -= factor * part;
        }
        let length = dot(column, column).sqrt();
        if factor.abs() * length > 1e3 * RANK_TOLERANCE * size {
            involved.push(index);
        }
    }
    involved.reverse();
    involved
}

/// An inner product of a few terms.
#[inline]
fn plain_dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Stream;

    fn random(rows: usize, columns: usize, index: u64) -> Vec<f64> {
        let mut stream = Stream::new(3, index);
        (0..rows * columns).map(|_| stream.normal()).collect()
    }

    /// RᵀR = AᵀA over one block and several.
    #[test]
    fn the_triangle_of_a_tall_matrix_has_its_gram_matrix() {
        for (rows, columns) in [(1, 1), (5, 3), (511, 2), (513, 4), (3000, 7)] {
            let a = random(rows, columns, rows as u64);
            let r = Triangle::of_rows(&a, columns);
            let mut gram = Gram::new(columns);
            a.chunks_exact(columns).for_each(|row| gram.add(row, 1.0));
            let (gram, scale) = (gram.value(), rows as f64);
            for i in 0..columns {
                assert!(r.get(i, i) > 0.0);
                for j in 0..columns {
                    let got: f64 = (0..columns).map(|l| r.get(l, i) * r.get(l, j)).sum();
                    assert!((got - gram.get(i, j)).abs() < 1e-13 * scale, "{rows} {columns}: {got}");
                }
            }
        }
    }

    #[test]
    fn a_row_basis_gives_back_every_row_and_its_coordinates_are_bounded() {
        for index in 0..50 {
            let (rows, columns) = (9, 4);
            let mut a = random(rows, columns, 100 + index);
            a.chunks_exact_mut(columns).for_each(|row| row[1] = 3.0);
            let mut stream = Stream::new(4, index);
            let scale: Vec<f64> =
                (0..rows).map(|_| crate::numeric::elementary::exp(8.0 * stream.normal())).collect();
            let basis = RowBasis::choose(&a, columns, &scale, Some(1)).unwrap();
            let heaviest = (0..rows).fold(0, |best, row| if scale[row] > scale[best] { row } else { best });
            assert_eq!(basis.rows()[0], heaviest);
            for (row, cells) in a.chunks_exact(columns).enumerate() {
                let coordinates = basis.coordinates_of(row);
                for column in 0..columns {
                    let back: f64 = basis
                        .rows()
                        .iter()
                        .zip(coordinates)
                        .map(|(basis, part)| part * a[basis * columns + column])
                        .sum();
                    let size: f64 = coordinates.iter().map(|part| part.abs()).sum();
                    assert!((back - cells[column]).abs() < 1e-14 * (1.0 + 5.0 * size), "{back} {cells:?}");
                }
                for (coordinate, basis_row) in coordinates.iter().zip(basis.rows()) {
                    assert!(scale[row] * coordinate.abs() <= 8.0 * scale[*basis_row]);
                }
                let again = basis.coordinates(cells);
                assert!(again.iter().zip(coordinates).all(|(a, b)| (a - b).abs() < 1e-12 * (1.0 + b.abs())));
            }
        }
    }

    #[test]
    fn a_matrix_without_full_rank_has_no_row_basis() {
        assert!(RowBasis::choose(&[1.0, 2.0, 1.0, 2.0, 1.0, 2.0], 2, &[1.0; 3], Some(0)).is_none());
        assert!(RowBasis::choose(&[1.0, f64::NAN, 1.0, f64::NAN], 2, &[1.0; 2], None).is_none());
    }

    #[test]
    fn dependences_name_the_columns_involved_on_any_scale() {
        let year: Vec<f64> = (0..20).map(|index| 1948.0 + f64::from(index)).collect();
        let cubed: Vec<f64> = year.iter().map(|year| year * year * year).collect();
        let squared: Vec<f64> = year.iter().map(|year| year * year).collect();
        let ones = vec![1.0; 20];
        assert!(dependences(&[&ones, &year, &squared, &cubed]).is_empty());
        let tiny: Vec<f64> = year.iter().map(|year| 1e-200 * (year - 1950.3)).collect();
        let zeros = vec![0.0; 20];
        let found = dependences(&[&ones, &squared, &year, &tiny, &zeros]);
        assert_eq!(
            found,
            [Dependence { column: 3, of: vec![0, 2] }, Dependence { column: 4, of: Vec::new() }]
        );
    }
}
