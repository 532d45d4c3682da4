//! Columns that are combinations of others.

use crate::numeric::sum::dot;

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

#[cfg(test)]
mod tests {
    use super::*;

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
