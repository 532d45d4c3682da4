//! Triangular matrices: the R of QR and Cholesky decompositions.

use nalgebra::DMatrix;

use super::Square;
use crate::numeric::elementary::ln;
use crate::numeric::sum::sum;

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

    /// Solves R x = `column` in place.
    ///
    /// ```
    /// use metaprop::numeric::linear::Triangle;
    /// let r = Triangle::of_rows(&[3.0, 3.0, 4.0, 4.0, 0.0, 2.0], 2);
    /// let mut column = [8.0, 2.0];
    /// r.solve_column(&mut column);
    /// assert!((column[0] - 0.6).abs() < 1e-15 && (column[1] - 1.0).abs() < 1e-15);
    /// ```
    pub fn solve_column(&self, column: &mut [f64]) {
        for row in (0..self.entries.size).rev() {
            let known: f64 =
                (row + 1..self.entries.size).map(|index| self.get(row, index) * column[index]).sum();
            column[row] = (column[row] - known) / self.get(row, row);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::linear::Gram;
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
}
