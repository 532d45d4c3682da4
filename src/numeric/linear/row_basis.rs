//! The rows of a matrix that the others are combinations of.

use super::Square;
use crate::numeric::elementary::ln;
use crate::numeric::sum::sum;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::random::Stream;

    fn random(rows: usize, columns: usize, index: u64) -> Vec<f64> {
        let mut stream = Stream::new(3, index);
        (0..rows * columns).map(|_| stream.normal()).collect()
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
}
