//! The interval of a weighted mean whose estimates are of independent clusters.

use crate::model::Pooled;
use crate::numeric::sum::sum;

/// The bias-reduced linearisation CR2 with the model's own variances as working model, and degrees of freedom by
/// Satterthwaite (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004), for one mean.
///
/// `clusters` has the mean mⱼ and the weight Wⱼ = 1ᵀVⱼ⁻¹1 of each cluster. With S = ΣW, h = W/S and the residuals
/// r = m − μ: se² = Σ W²r²/(1 − h)/S², which is Σ W/S² in expectation where the model holds, and
/// df = 1/(Σ h²(1 − 2h)/(1 − h)² + (Σ h²/(1 − h))²).
///
/// With one cluster there is no such variance: 0 degrees of freedom.
///
/// ```
/// use metaprop::model::ci::cluster_robust::cluster_robust;
/// // Three clusters of one weight: the standard error of a mean, on two degrees of freedom.
/// let pooled = cluster_robust(2.0, [(1.0, 5.0), (2.0, 5.0), (3.0, 5.0)]);
/// assert!((pooled.se - 3.0_f64.sqrt().recip()).abs() < 1e-15);
/// assert!((pooled.df.unwrap() - 2.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn cluster_robust(mean: f64, clusters: impl IntoIterator<Item = (f64, f64), IntoIter: Clone>) -> Pooled {
    let clusters = clusters.into_iter();
    let precision = sum(clusters.clone().map(|(_, weight)| weight));
    // 1 − h as a sum of the others' shares would cost O(k²); of the heaviest cluster it loses few digits.
    let share = |weight: f64| (weight / precision, (precision - weight) / precision);
    if clusters.clone().count() < 2 {
        return Pooled { y: mean, se: 0.0, df: Some(0.0) };
    }
    let squares = clusters.clone().map(|(own, weight)| {
        let (h, rest) = share(weight);
        let score = h * (own - mean);
        score * score / rest
    });
    let of_df = clusters.clone().map(|(_, weight)| {
        let (h, rest) = share(weight);
        h * h * (1.0 - 2.0 * h) / (rest * rest)
    });
    let outer = sum(clusters.map(|(_, weight)| {
        let (h, rest) = share(weight);
        h * h / rest
    }));
    let df = 1.0 / (sum(of_df) + outer * outer);
    Pooled { y: mean, se: sum(squares).sqrt(), df: Some(df) }
}
