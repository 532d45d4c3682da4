//! Square matrices.

use smallvec::SmallVec;

/// A square matrix, row after row.
#[derive(Debug, Clone, PartialEq)]
pub struct Square {
    pub(super) size: usize,
    /// Row after row; those of a few coefficients without memory of their own.
    entries: SmallVec<[f64; 16]>,
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

/// The unit vector of this length along one axis.
pub(crate) fn unit_vector(length: usize, axis: usize) -> Vec<f64> {
    (0..length).map(|at| if at == axis { 1.0 } else { 0.0 }).collect()
}

/// An inner product of a few terms.
#[inline]
pub(crate) fn plain_dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
