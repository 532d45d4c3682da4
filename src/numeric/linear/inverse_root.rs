//! The symmetric root of an inverse.

use nalgebra::{DMatrix, SymmetricEigen};

use super::Square;

/// An eigenvalue below this part of the largest is 0.
const ZERO: f64 = 1e-10;

/// The symmetric root of the inverse of a symmetric matrix without negative eigenvalues; of one that is singular, of
/// its pseudo-inverse.
///
/// ```
/// use metaprop::numeric::linear::{Square, inverse_root};
/// let root = inverse_root(&Square::from_fn(2, |row, column| if row == column { 4.0 } else { 0.0 }));
/// assert!((root.get(0, 0) - 0.5).abs() < 1e-15 && root.get(0, 1).abs() < 1e-15);
/// ```
#[must_use]
pub fn inverse_root(square: &Square) -> Square {
    let size = square.size();
    let matrix = DMatrix::from_fn(size, size, |row, column| square.get(row, column));
    let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(matrix);
    let smallest = ZERO * eigenvalues.amax();
    let roots = eigenvalues.map(|value| if value > smallest { 1.0 / value.sqrt() } else { 0.0 });
    let root = &eigenvectors * DMatrix::from_diagonal(&roots) * eigenvectors.transpose();
    Square::from_fn(size, |row, column| root[(row, column)])
}
