//! Coordinates of the coefficients of a model matrix, the last of which is one combination of them.

use crate::model::ModelMatrix;
use crate::numeric::linear::Triangle;

/// Coordinates γ of coefficients b, in which the columns of the model matrix are orthogonal with a mean square of 1, and
/// the last coordinate is a combination ℓᵀb times a positive factor.
///
/// With b̃ the coefficients of which one that takes part in ℓ is replaced by ℓᵀb and put last, Xb = X̃b̃, and with the QR
/// decomposition X̃ = Q̃R, γ = R b̃/√k. Then a coefficient of any column has a size that can be compared with τ, and the
/// profile likelihood of ℓᵀb is that over the other coordinates.
#[derive(Debug, Clone)]
pub(super) struct Coordinates {
    /// ℓ.
    combination: Vec<f64>,
    /// The coefficient in whose place ℓᵀb stands.
    replaced: usize,
    /// R/√k, so that γ = R b̃/√k.
    triangle: Triangle,
}

impl Coordinates {
    /// For the combination with these factors, which are not all 0.
    pub fn new(matrix: &ModelMatrix, combination: &[f64]) -> Self {
        let columns = matrix.columns();
        let size = |column: usize| {
            let largest = (0..matrix.rows()).map(|row| matrix.row(row)[column].abs()).fold(0.0, f64::max);
            combination[column].abs() / largest
        };
        let replaced = (1..columns).fold(0, |best, next| if size(next) > size(best) { next } else { best });
        let combination = combination.to_vec();
        let rows: Vec<f64> = (0..matrix.rows())
            .flat_map(|row| exchanged(&combination, replaced, matrix.row(row)))
            .map(|cell| cell / (matrix.rows() as f64).sqrt())
            .collect();
        Self { triangle: Triangle::of_rows(&rows, columns), combination, replaced }
    }

    /// The factors of the coordinates in a combination of the coefficients: cᵀb = gᵀγ. Those of a row of the model matrix
    /// are the coordinates of that study.
    pub fn of(&self, combination: &[f64]) -> Vec<f64> {
        let mut factors = exchanged(&self.combination, self.replaced, combination);
        self.triangle.solve_row(&mut factors);
        factors
    }

    /// The coordinates of these coefficients.
    pub fn place(&self, coefficients: &[f64]) -> Vec<f64> {
        let mut values: Vec<f64> =
            others(self.replaced, coefficients.len()).map(|at| coefficients[at]).collect();
        values.push(self.combination.iter().zip(coefficients).map(|(factor, value)| factor * value).sum());
        self.triangle.square().times(&values)
    }

    /// What the last coordinate is divided by to give ℓᵀb.
    pub fn unit(&self) -> f64 {
        let last = self.combination.len() - 1;
        self.triangle.get(last, last)
    }
}

/// The factors of the coefficients b̃ in a combination of the coefficients b.
fn exchanged(combination: &[f64], replaced: usize, of: &[f64]) -> Vec<f64> {
    let ratio = of[replaced] / combination[replaced];
    let kept = others(replaced, of.len()).map(|column| of[column] - ratio * combination[column]);
    kept.chain([ratio]).collect()
}

/// Every column but one.
fn others(replaced: usize, columns: usize) -> impl Iterator<Item = usize> {
    (0..columns).filter(move |column| *column != replaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// X = (1, dose, year), and the value at a dose of 2 in 2010.
    #[test]
    fn a_combination_is_the_last_coordinate() {
        let columns = [("dose", vec![1.0, 2.0, 4.0, 8.0]), ("year", vec![2001.0, 2005.0, 2004.0, 2012.0])];
        let matrix = ModelMatrix::with_intercept(columns).unwrap();
        let (b, wanted) = ([-40.0, 0.3, 0.02], [1.0, 2.0, 2010.0]);
        let coordinates = Coordinates::new(&matrix, &wanted);
        let gamma = coordinates.place(&b);
        let value = |of: &[f64]| -> f64 { coordinates.of(of).iter().zip(&gamma).map(|(g, c)| g * c).sum() };
        assert!((gamma[2] / coordinates.unit() - (-40.0 + 0.6 + 40.2)).abs() < 1e-11);
        for row in 0..4 {
            let want: f64 = matrix.row(row).iter().zip(&b).map(|(cell, b)| cell * b).sum();
            assert!((value(matrix.row(row)) - want).abs() < 1e-11);
        }
        // Orthogonal columns with a mean square of 1.
        let rows: Vec<Vec<f64>> = (0..4).map(|row| coordinates.of(matrix.row(row))).collect();
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = rows.iter().map(|row| row[i] * row[j] / 4.0).sum();
                assert!((product - if i == j { 1.0 } else { 0.0 }).abs() < 1e-11, "{i} {j}: {product}");
            }
        }
    }
}
