//! Weighted least squares at given weights: the sums that a meta-regression is made of.

use std::sync::Arc;

use crate::model::ResidualSums;
use crate::numeric::elementary::ln;
use crate::numeric::linear::{Gram, RowBasis, Square, Triangle};
use crate::numeric::sum::{Sum, sum};

/// The weighted least-squares fit of k estimates on the p columns of a model matrix X, as sums over the studies.
///
/// What [`WeightedMean`](crate::model::WeightedMean) does for one mean is done here for p columns. There
/// deviations are taken from the most precise study; here p *basis studies* are chosen, so that every row of X is
/// a combination of theirs (X = N B, B their rows; [`RowBasis`]), and the estimates are taken as deviations from
/// the fit through the basis studies alone. The coefficients in this basis are the fitted values of the basis
/// studies, as deviations from their estimates: small where those studies have most of the weight, and exact where
/// residuals formed as y − Xb would have lost their digits. With a column of ones the basis study is the most
/// precise one, N is a column of ones, and the sums are those of one mean.
///
/// W^(1/2) N = Q R by the QR decomposition, with R corrected once by the Cholesky decomposition of QᵀQ, which is a
/// compensated sum (Yamamoto, Nakatsukasa, Yanagisawa & Fukaya 2015, doi:10.1553/etna_vol44s306): then Q is
/// orthonormal to rounding however many studies there are. Time and memory are O(k p²) and O(k p).
#[derive(Debug, Clone)]
pub struct WeightedRegression {
    basis: Arc<RowBasis>,
    w: Vec<f64>,
    root_w: Vec<f64>,
    /// Q, row after row.
    orthonormal: Vec<f64>,
    /// R W_B^(−1/2), W_B the weights of the basis studies: the rows of W^(1/2) N W_B^(−1/2) are those of Q times it.
    triangle: Triangle,
    /// I − QQᵀ for the basis studies.
    unexplained: Square,
    residuals: Vec<f64>,
}

/// A coordinate of a study, as [`RowBasis`] bounds it, above which other basis studies are chosen.
const LARGEST_COORDINATE: f64 = 8.0;

impl WeightedRegression {
    /// Whether the basis is good at these weights: no study has much more weight in a direction than the basis
    /// studies.
    pub(super) fn suits(basis: &RowBasis, w: &[f64]) -> bool {
        let basis_weights: Vec<f64> = basis.rows().iter().map(|row| w[*row]).collect();
        w.iter().enumerate().all(|(row, w)| {
            let coordinates = basis.coordinates_of(row).iter().zip(&basis_weights);
            let limit = LARGEST_COORDINATE * LARGEST_COORDINATE;
            coordinates.into_iter().all(|(n, basis_w)| w * (n * n) <= limit * basis_w)
        })
    }

    /// The fit of `y` with the weights `w`, in this basis.
    pub(super) fn new(basis: Arc<RowBasis>, y: &[f64], w: Vec<f64>) -> Self {
        let p = basis.rows().len();
        let root_w: Vec<f64> = w.iter().map(|w| w.sqrt()).collect();
        let mut orthonormal = scaled_coordinates(&basis, &root_w);
        let mut triangle = Triangle::of_rows(&orthonormal, p);
        orthonormal.chunks_exact_mut(p).for_each(|row| triangle.solve_row(row));
        // QᵀQ is close to the identity; where a number is not finite, so is all that follows.
        let mut gram = Gram::new(p);
        orthonormal.chunks_exact(p).for_each(|row| gram.add(row, 1.0));
        if let Some(correction) = Triangle::of_symmetric(&gram.value()) {
            orthonormal.chunks_exact_mut(p).for_each(|row| correction.solve_row(row));
            triangle = correction.times(&triangle);
        }
        let unexplained = unexplained(&basis, &orthonormal, &triangle);
        let residuals = Vec::new();
        let mut fit = Self { basis, w, root_w, orthonormal, triangle, unexplained, residuals };
        fit.residuals = fit.residuals_of(y);
        fit
    }

    /// The number of coefficients p.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.triangle.square().size()
    }

    /// The residuals y − Xb.
    #[must_use]
    pub fn residuals(&self) -> &[f64] {
        &self.residuals
    }

    /// The residuals of any other estimates at the same weights.
    ///
    /// With the deviations d from the fit through the basis studies, which are 0 for these, the residuals are
    /// d − N θ, N θ = W^(−1/2) Q Qᵀ W^(1/2) d.
    #[must_use]
    pub fn residuals_of(&self, y: &[f64]) -> Vec<f64> {
        let p = self.columns();
        let at_basis: Vec<f64> = self.basis.rows().iter().map(|row| y[*row]).collect();
        let mut deviations: Vec<f64> =
            (0..y.len()).map(|row| y[row] - plain_dot(self.basis.coordinates_of(row), &at_basis)).collect();
        self.basis.rows().iter().for_each(|row| deviations[*row] = 0.0);
        let mut parts = vec![Sum::new(); p];
        for (row, deviation) in deviations.iter().enumerate() {
            for (part, q) in parts.iter_mut().zip(self.orthonormal(row)) {
                part.add(q * (self.root_w[row] * deviation));
            }
        }
        let parts: Vec<f64> = parts.iter().map(Sum::value).collect();
        for (row, deviation) in deviations.iter_mut().enumerate() {
            *deviation -= plain_dot(self.orthonormal(row), &parts) / self.root_w[row];
        }
        deviations
    }

    /// The coefficients of these estimates, of which [`residuals`](Self::residuals) are the residuals.
    #[must_use]
    pub fn coefficients(&self, y: &[f64]) -> Vec<f64> {
        self.basis.solve(&self.fitted_at_basis(y))
    }

    /// The fitted values of the basis studies.
    fn fitted_at_basis(&self, y: &[f64]) -> Vec<f64> {
        self.basis.rows().iter().map(|row| y[*row] - self.residuals[*row]).collect()
    }

    /// The value of a linear combination of the coefficients of these estimates.
    #[must_use]
    pub fn combination(&self, of: &[f64], y: &[f64]) -> f64 {
        plain_dot(&self.basis.coordinates(of), &self.fitted_at_basis(y))
    }

    /// The z of a linear combination ℓ of the coefficients, for which its variance is zᵀz, and the covariance of
    /// two is the product of theirs: z = K⁻ᵀℓ with W^(1/2) X = QK.
    #[must_use]
    pub fn standardised(&self, of: &[f64]) -> Vec<f64> {
        let mut z = self.basis.coordinates(of);
        for (z, row) in z.iter_mut().zip(self.basis.rows()) {
            *z /= self.root_w[*row];
        }
        self.triangle.solve_row(&mut z);
        z
    }

    /// The part of the variance of a study's estimate that is its fitted value's: its leverage, the diagonal of
    /// QQᵀ.
    #[must_use]
    pub fn leverage(&self, row: usize) -> f64 {
        squared_length(self.orthonormal(row))
    }

    /// 1 − leverage, to its own accuracy.
    fn unexplained_of(&self, row: usize) -> f64 {
        match self.basis.place(row) {
            Some(place) => self.unexplained.get(place, place),
            None => 1.0 - self.leverage(row),
        }
    }

    /// 2 ln|W^(1/2) X|.
    #[must_use]
    pub fn ln_determinant(&self) -> f64 {
        let of_weights = sum(self.basis.rows().iter().map(|row| ln(self.w[*row])));
        2.0 * (self.basis.ln_determinant() + self.triangle.ln_determinant()) + of_weights
    }

    /// tr(PUPU) with U = diag(u), as sums of terms of one sign.
    ///
    /// With M = I − QQᵀ it is Σ u w uⱼwⱼ M². For two studies of which none is a basis study M is −qᵀq, so that
    /// with D = Σ u w q qᵀ over these their part is Σ (u w)²(1 − h)² + Σ u w (qᵀDq − u w h²), h = qᵀq; that of a
    /// basis study with them is u w qᵀDq.
    #[must_use]
    pub fn trace_of_square(&self, u: impl Fn(usize) -> f64) -> f64 {
        let weight = |row: usize| u(row) * self.w[row];
        let mut gram = Gram::new(self.columns());
        for row in (0..self.w.len()).filter(|row| self.basis.place(*row).is_none()) {
            gram.add(self.orthonormal(row), weight(row));
        }
        let gram = gram.value();
        let mut total = Sum::new();
        for row in 0..self.w.len() {
            let (weight, q) = (weight(row), self.orthonormal(row));
            let crossed = gram.quadratic_form(q);
            if let Some(place) = self.basis.place(row) {
                total.add(2.0 * weight * crossed);
                for (other, basis_row) in self.basis.rows().iter().enumerate() {
                    let unexplained = self.unexplained.get(place, other);
                    total.add(weight * (u(*basis_row) * self.w[*basis_row]) * (unexplained * unexplained));
                }
            } else {
                let leverage = squared_length(q);
                let own = weight * (1.0 - leverage);
                total.add(own * own + weight * (crossed - weight * (leverage * leverage)));
            }
        }
        total.value()
    }

    /// Σ w q qᵀ, and Σ (w − Σ w q qᵀ) q qᵀ (w − Σ w q qᵀ): with K as in [`standardised`](Self::standardised),
    /// KᵀAK is XᵀW²X for the first and XᵀW³X − XᵀW²X(XᵀWX)⁻¹XᵀW²X for the second.
    #[must_use]
    pub fn weight_moments(&self) -> (Square, Square) {
        let p = self.columns();
        let mut mean = Gram::new(p);
        self.w.iter().enumerate().for_each(|(row, w)| mean.add(self.orthonormal(row), *w));
        let mean = mean.value();
        let mut about_mean = Gram::new(p);
        for (row, w) in self.w.iter().enumerate() {
            let q = self.orthonormal(row);
            let deviation: Vec<f64> = mean.times(q).iter().zip(q).map(|(mean, q)| w * q - mean).collect();
            about_mean.add(&deviation, 1.0);
        }
        (mean, about_mean.value())
    }

    /// A row of Q in W^(1/2) X = QK.
    #[must_use]
    pub fn orthonormal(&self, row: usize) -> &[f64] {
        let p = self.columns();
        &self.orthonormal[row * p..(row + 1) * p]
    }

    /// A residual times the root of its weight.
    #[must_use]
    pub fn standardised_residual(&self, row: usize) -> f64 {
        self.root_w[row] * self.residuals[row]
    }

    /// The sum over the studies of a function of the weight and the residual.
    fn over_residuals(&self, term: impl Fn(f64, f64) -> f64) -> f64 {
        sum(self.w.iter().zip(&self.residuals).map(|(w, residual)| term(*w, *residual)))
    }

    /// Σ w² r², with the residuals e of the weighted residuals w r at the same weights Σ w e² = yᵀP³y, both sums
    /// of terms of one sign.
    pub(super) fn second_and_third_forms(&self) -> [f64; 2] {
        let weighted: Vec<f64> = self.w.iter().zip(&self.residuals).map(|(w, r)| w * r).collect();
        let again = self.residuals_of(&weighted);
        [
            sum(weighted.iter().map(|e| e * e)),
            sum(self.w.iter().zip(&again).map(|(w, residual)| w * (residual * residual))),
        ]
    }

    /// Σ w².
    pub(super) fn squares(&self) -> f64 {
        sum(self.w.iter().map(|w| w * w))
    }

    /// tr PV, V = diag(v).
    pub(super) fn trace_with(&self, v: &[f64]) -> f64 {
        sum(v.iter().enumerate().map(|(row, v)| v * self.w[row] * self.unexplained_of(row)))
    }
}

impl ResidualSums for WeightedRegression {
    fn k(&self) -> f64 {
        self.w.len() as f64
    }

    fn df(&self) -> f64 {
        (self.w.len() - self.columns()) as f64
    }

    fn sum(&self) -> f64 {
        sum(self.w.iter().copied())
    }

    fn q(&self) -> f64 {
        self.over_residuals(|w, residual| w * (residual * residual))
    }

    fn q_slope(&self) -> f64 {
        self.over_residuals(|w, residual| (w * residual) * (w * residual))
    }

    /// Σ w (1 − leverage).
    fn trace(&self) -> f64 {
        sum(self.w.iter().enumerate().map(|(row, w)| w * self.unexplained_of(row)))
    }
}

/// W^(1/2) N W_B^(−1/2), row after row: the identity for the basis studies.
fn scaled_coordinates(basis: &RowBasis, root_w: &[f64]) -> Vec<f64> {
    let of_basis: Vec<f64> = basis.rows().iter().map(|row| root_w[*row]).collect();
    let mut scaled = Vec::with_capacity(root_w.len() * of_basis.len());
    for (row, root_w) in root_w.iter().enumerate() {
        let coordinates = basis.coordinates_of(row).iter().zip(&of_basis);
        scaled.extend(coordinates.map(|(n, basis_root)| n * (root_w / basis_root)));
    }
    scaled
}

/// I − QQᵀ for the basis studies, without the cancellation where one has all the weight.
///
/// With T the rows of Q of the basis studies and C = Σ q qᵀ over the others, TᵀT + C = I and T R = I, R being the
/// triangle; so I − TTᵀ = Rᵀ(I − TᵀT)Tᵀ = RᵀCTᵀ.
fn unexplained(basis: &RowBasis, orthonormal: &[f64], triangle: &Triangle) -> Square {
    let p = basis.rows().len();
    let mut others = Gram::new(p);
    for (row, q) in orthonormal.chunks_exact(p).enumerate() {
        if basis.place(row).is_none() {
            others.add(q, 1.0);
        }
    }
    let others = others.value();
    let row_of = |place: usize| &orthonormal[basis.rows()[place] * p..(basis.rows()[place] + 1) * p];
    // Column by column: C Tᵀ, then Rᵀ times it.
    let columns: Vec<Vec<f64>> = (0..p).map(|place| others.times(row_of(place))).collect();
    Square::from_fn(p, |row, column| {
        (0..=row).map(|inner| triangle.get(inner, row) * columns[column][inner]).sum()
    })
    .symmetric_part()
}

fn plain_dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn squared_length(a: &[f64]) -> f64 {
    plain_dot(a, a)
}
