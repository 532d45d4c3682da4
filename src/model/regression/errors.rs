//! The covariance of the coefficients of a meta-regression, by the interval that was asked for.

use super::inference::Omnibus;
use super::weighted::WeightedRegression;
use crate::model::ResidualSums;
use crate::model::inference::hartung_knapp_scale;
use crate::numeric::linear::{Square, Triangle, plain_dot as dot};
use crate::numeric::{chi_squared, fisher_f};
use crate::options::Ci;

/// Which covariance the coefficients have, and which degrees of freedom.
///
/// The model-based covariance is Φ = (XᵀWX)⁻¹. `wald` takes it with the normal distribution, `t` with Student's and
/// k − p degrees of freedom, `hk` and `hk-floor` multiply it by the scale of Knapp & Hartung 2003,
/// doi:10.1002/sim.1482, and `kr` adjusts it: see [`KenwardRoger`].
#[derive(Debug, Clone)]
pub(super) struct StandardErrors<'a> {
    fit: &'a WeightedRegression,
    kind: Kind,
}

#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant)] // a few of them live at once, on the stack
enum Kind {
    /// `scale` Φ, with the normal distribution or Student's with k − p degrees of freedom.
    Scaled {
        scale: f64,
        df: Option<f64>,
    },
    KenwardRoger(KenwardRoger),
}

/// Kenward & Roger 1997, doi:10.2307/2533558, for p coefficients and one variance component, with the expected
/// information.
///
/// With P₁ = XᵀW²X and the variance 2/tr P² of τ², the adjusted covariance is
/// Φ_A = Φ + (4/tr P²) Φ(XᵀW³X − P₁ΦP₁)Φ. Everything is kept in the coordinates of
/// [`standardised`](WeightedRegression::standardised), in which Φ is the identity.
#[derive(Debug, Clone)]
struct KenwardRoger {
    /// tr P².
    square: f64,
    /// Φ_A.
    adjusted: Square,
    /// ΦP₁Φ, minus the slope of Φ⁻¹ in τ².
    slope: Square,
}

/// The standard error of a linear combination of the coefficients, with its degrees of freedom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct StandardError {
    pub se: f64,
    pub df: Option<f64>,
}

impl<'a> StandardErrors<'a> {
    /// Of `wald`, `t`, `hk`, `hk-floor` and `kr`; of others `None`.
    ///
    /// With as many coefficients as studies there is no spread to take a scale from, and it is 1.
    pub fn new(fit: &'a WeightedRegression, ci: Ci) -> Option<Self> {
        let df = Some(fit.df());
        let kind = match ci {
            Ci::Wald => Kind::Scaled { scale: 1.0, df: None },
            Ci::T => Kind::Scaled { scale: 1.0, df },
            Ci::Hk | Ci::HkFloor | Ci::Kr if fit.df() == 0.0 => Kind::Scaled { scale: 1.0, df },
            Ci::Hk | Ci::HkFloor => Kind::Scaled { scale: hartung_knapp_scale(fit, ci == Ci::HkFloor), df },
            Ci::Kr => Kind::KenwardRoger(KenwardRoger::new(fit)),
            _ => return None,
        };
        Some(Self { fit, kind })
    }

    /// Of the combination ℓ of the coefficients.
    ///
    /// The degrees of freedom of Kenward and Roger are 2/(w a²) with the variance w of τ² and
    /// a = ℓᵀΦP₁Φℓ/ℓᵀΦℓ, in which Partlett & Riley 2017, doi:10.1002/sim.7140, and R meta have the adjusted
    /// variance: a = (ℓᵀΦP₁Φℓ)(ℓᵀΦ_Aℓ)/(ℓᵀΦℓ)². That is used here, as for one mean.
    pub fn of(&self, combination: &[f64]) -> StandardError {
        let z = self.fit.standardised(combination);
        let variance: f64 = z.iter().map(|z| z * z).sum();
        match &self.kind {
            Kind::Scaled { scale, df } => StandardError { se: (scale * variance).sqrt(), df: *df },
            Kind::KenwardRoger(kr) => {
                let adjusted = kr.adjusted.quadratic_form(&z);
                let ratio = kr.slope.quadratic_form(&z) / variance * (adjusted / variance);
                StandardError { se: adjusted.sqrt(), df: Some(kr.square / (ratio * ratio)) }
            }
        }
    }

    /// The covariance of these combinations of the coefficients.
    pub fn covariance(&self, combinations: &[Vec<f64>]) -> Square {
        let z: Vec<Vec<f64>> = combinations.iter().map(|of| self.fit.standardised(of)).collect();
        Square::from_fn(z.len(), |row, column| match &self.kind {
            Kind::Scaled { scale, .. } => scale * dot(&z[row], &z[column]),
            Kind::KenwardRoger(kr) => dot(&z[row], &kr.adjusted.times(&z[column])),
        })
    }

    /// The test that these combinations, which have these estimates, are all 0.
    pub fn test(&self, combinations: &[Vec<f64>], estimates: &[f64]) -> Omnibus {
        omnibus(self.statistic(combinations, estimates), estimates.len() as f64)
    }

    /// The statistic of that test.
    pub fn statistic(&self, combinations: &[Vec<f64>], estimates: &[f64]) -> WaldStatistic {
        let z: Vec<Vec<f64>> = combinations.iter().map(|of| self.fit.standardised(of)).collect();
        match &self.kind {
            Kind::Scaled { scale, df: None } => WaldStatistic::of(form(&z, estimates) / scale, None),
            Kind::Scaled { scale, df } if *scale > 0.0 => {
                WaldStatistic::of(form(&z, estimates) / estimates.len() as f64 / scale, *df)
            }
            Kind::Scaled { df, .. } => WaldStatistic { value: None, df: *df },
            Kind::KenwardRoger(kr) => kr.statistic(&z, estimates),
        }
    }
}

/// χ², or F with its denominator degrees of freedom; `value` is `None` where it cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct WaldStatistic {
    pub value: Option<f64>,
    pub df: Option<f64>,
}

impl WaldStatistic {
    const fn of(value: f64, df: Option<f64>) -> Self {
        Self { value: Some(value), df }
    }
}

impl KenwardRoger {
    fn new(fit: &WeightedRegression) -> Self {
        let (slope, about_mean) = fit.weight_moments();
        let square = fit.trace_of_square(|_| 1.0);
        let adjusted = Square::from_fn(slope.size(), |row, column| {
            let one = if row == column { 1.0 } else { 0.0 };
            one + 4.0 / square * about_mean.get(row, column)
        });
        Self { square, adjusted, slope }
    }

    /// F = λ/m bᵀΦ_A⁻¹b on m and d degrees of freedom, with λ and d from the mean and the variance of F
    /// (Kenward & Roger 1997, section 3).
    fn statistic(&self, z: &[Vec<f64>], estimates: &[f64]) -> WaldStatistic {
        let none = WaldStatistic { value: None, df: None };
        let l = estimates.len() as f64;
        let Some(root) = Triangle::of_symmetric(&self.adjusted) else { return none };
        let adjusted: Vec<Vec<f64>> = z.iter().map(|z| root.square().times(z)).collect();
        let form = form(&adjusted, estimates);
        let [a1, a2] = self.moments(z);
        let (scale, df) = if estimates.len() == 1 { (1.0, 2.0 / a2) } else { scale_and_df(l, a1, a2) };
        if scale > 0.0 && df > 0.0 { WaldStatistic::of(scale / l * form, Some(df)) } else { none }
    }

    /// A₁ = w tr(G)² and A₂ = w tr(G²) with G = Φ_A Φ⁻¹(ΦP₁Φ)Φ⁻¹ of the combinations and w = 2/tr P², the
    /// variance of τ²; Φ_A in place of Φ as in [`StandardErrors::of`].
    fn moments(&self, z: &[Vec<f64>]) -> [f64; 2] {
        let rows = orthonormal_rows(z);
        let of = |square: &Square| {
            Square::from_fn(rows.len(), |row, column| dot(&rows[row], &square.times(&rows[column])))
        };
        let product = of(&self.adjusted).product(&of(&self.slope));
        let (trace, trace_of_square) = (product.trace(), product.product(&product).trace());
        [2.0 / self.square * trace * trace, 2.0 / self.square * trace_of_square]
    }
}

/// λ and the denominator degrees of freedom.
fn scale_and_df(l: f64, a1: f64, a2: f64) -> (f64, f64) {
    let b = (a1 + 6.0 * a2) / (2.0 * l);
    let g = ((l + 1.0) * a1 - (l + 4.0) * a2) / ((l + 2.0) * a2);
    let d = 3.0 * l + 2.0 * (1.0 - g);
    let [c1, c2, c3] = [g / d, (l - g) / d, (l + 2.0 - g) / d];
    let mean = 1.0 / (1.0 - a2 / l);
    let variance = 2.0 / l * (1.0 + c1 * b) / ((1.0 - c2 * b) * (1.0 - c2 * b) * (1.0 - c3 * b));
    let ratio = variance / (2.0 * mean * mean);
    let df = 4.0 + (l + 2.0) / (l * ratio - 1.0);
    (df / (mean * (df - 2.0)), df)
}

/// bᵀ(ZZᵀ)⁻¹b by the QR decomposition of Zᵀ.
pub(super) fn form(z: &[Vec<f64>], estimates: &[f64]) -> f64 {
    let mut solved = estimates.to_vec();
    triangle_of(z).solve_row(&mut solved);
    dot(&solved, &solved)
}

/// Z with its rows made orthonormal: R⁻ᵀ Z for ZZᵀ = RᵀR.
fn orthonormal_rows(z: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let triangle = triangle_of(z);
    let columns = z.first().map_or(0, Vec::len);
    let solved: Vec<Vec<f64>> = (0..columns)
        .map(|column| {
            let mut cells: Vec<f64> = z.iter().map(|row| row[column]).collect();
            triangle.solve_row(&mut cells);
            cells
        })
        .collect();
    (0..z.len()).map(|row| solved.iter().map(|cells| cells[row]).collect()).collect()
}

/// The R of the QR decomposition of Zᵀ.
fn triangle_of(z: &[Vec<f64>]) -> Triangle {
    let columns = z.first().map_or(0, Vec::len);
    let rows: Vec<f64> = (0..columns).flat_map(|column| z.iter().map(move |row| row[column])).collect();
    Triangle::of_rows(&rows, z.len())
}

pub(super) fn omnibus(of: WaldStatistic, df1: f64) -> Omnibus {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a number of coefficients
    let whole = df1 as u64;
    let p = match (of.value, of.df) {
        (None, _) | (_, Some(0.0)) => None,
        (Some(q), None) => Some(chi_squared::sf(q, df1)),
        (Some(f), Some(df2)) => Some(fisher_f::sf(f, df1, df2)),
    };
    Omnibus { statistic: of.value, df1: whole, df2: of.df.filter(|df| *df > 0.0), p }
}

#[cfg(test)]
mod tests {
    use super::scale_and_df;

    /// Kenward & Roger 1997, section 3: the approximation is exact where the test is that of one variance on m degrees of
    /// freedom (A₁ = 2l²/m, A₂ = 2l/m, an F test as it is) and for Hotelling's T² (A₁ = 2l/m, A₂ = l(l + 1)/m, an F test on
    /// m − l + 1 degrees of freedom after scaling by (m − l + 1)/m).
    #[test]
    fn the_two_exact_cases_are_exact() {
        let near = |given: f64, exact: f64| assert!((given / exact - 1.0).abs() < 1e-12, "{given}, {exact}");
        for (l, m) in [(2.0, 10.0), (3.0, 8.0), (2.0, 40.0), (5.0, 17.0)] {
            let (scale, df) = scale_and_df(l, 2.0 * l * l / m, 2.0 * l / m);
            near(scale, 1.0);
            near(df, m);
            let (scale, df) = scale_and_df(l, 2.0 * l / m, l * (l + 1.0) / m);
            near(df, m - l + 1.0);
            near(scale, (m - l + 1.0) / m);
        }
    }
}
