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
pub fn cluster_robust(mean: f64, clusters: impl IntoIterator<Item = (f64, f64)>) -> Pooled {
    let mut others: Vec<(f64, f64)> = clusters.into_iter().collect();
    if others.len() < 2 {
        return Pooled { y: mean, se: 0.0, df: Some(0.0) };
    }
    // The heaviest cluster may have all but nothing of the weight: what it leaves, and its distance from the mean, are sums
    // over the others, in which nothing cancels.
    let heaviest =
        (1..others.len()).fold(0, |best, next| if others[next].1 > others[best].1 { next } else { best });
    let (own, weight) = others.remove(heaviest);
    let total = weight + sum(others.iter().map(|(_, weight)| *weight));
    let share = |weight: f64| weight / total;
    let rest = sum(others.iter().map(|(_, weight)| share(*weight)));
    let distance = sum(others.iter().map(|(mean, weight)| share(*weight) * (own - mean)));
    let heavy = share(weight);
    let squares = sum(others.iter().map(|(of, weight)| {
        let h = share(*weight);
        let score = h * (of - mean);
        score * score / (1.0 - h)
    }));
    let variance = squares + heavy * heavy * distance * (distance / rest);
    let outer =
        sum(others.iter().map(|(_, weight)| share(*weight) * share(*weight) / (1.0 - share(*weight))));
    let of_df = sum(others.iter().map(|(_, weight)| {
        let h = share(*weight);
        h * h * (1.0 - 2.0 * h) / ((1.0 - h) * (1.0 - h))
    }));
    // With r = 1 − h of the heaviest, h²(1 − 2h)/r² + (h²/r + o)² = h² + 2 o h²/r + o².
    let df = 1.0 / (heavy * heavy * (1.0 + 2.0 * outer / rest) + outer * outer + of_df);
    Pooled { y: mean, se: variance.sqrt(), df: Some(df) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formulas as they are written, for shares that cancel nothing.
    #[test]
    fn is_what_the_formulas_say() {
        let clusters = [(0.3, 4.0), (1.1, 9.0), (-0.2, 2.0), (0.7, 3.0)];
        let total: f64 = clusters.iter().map(|(_, w)| w).sum();
        let mean: f64 = clusters.iter().map(|(m, w)| m * w / total).sum();
        let h = clusters.map(|(_, w)| w / total);
        let variance: f64 =
            clusters.iter().zip(h).map(|((m, _), h)| h * h * (m - mean) * (m - mean) / (1.0 - h)).sum();
        let first: f64 = h.iter().map(|h| h * h * (1.0 - 2.0 * h) / ((1.0 - h) * (1.0 - h))).sum();
        let outer: f64 = h.iter().map(|h| h * h / (1.0 - h)).sum();
        let found = cluster_robust(mean, clusters);
        assert!((found.se / variance.sqrt() - 1.0).abs() < 1e-14);
        assert!((found.df.unwrap() * (first + outer * outer) - 1.0).abs() < 1e-14);
    }

    /// One of two clusters with all but 10⁻²⁰ of the weight: the distance of the other, times its share, on one degree of
    /// freedom.
    #[test]
    fn a_cluster_with_all_the_weight_gives_numbers() {
        let found = cluster_robust(1e-20, [(0.0, 1.0), (1.0, 1e-20)]);
        assert!(
            (found.se / 1e-10 - 1.0).abs() < 1e-14 && (found.df.unwrap() - 1.0).abs() < 1e-14,
            "{found:?}"
        );
    }
}
