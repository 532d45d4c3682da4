//! The distributions against statrs, an independent implementation, where statrs is accurate.
//!
//! The truth is in `special_functions.rs`, by 50-digit arithmetic; this guards against a mistake that
//! both the table and the code could share, such as a misread definition.

use metaprop::numeric::{beta, chi_squared, fisher_f, normal, student_t};
use statrs::distribution::{Beta, ChiSquared, ContinuousCDF, FisherSnedecor, Normal, StudentsT};

fn agree(name: &str, ours: f64, theirs: f64, tolerance: f64) {
    assert!((ours - theirs).abs() <= tolerance * theirs.abs(), "{name}: {ours} and {theirs}");
}

#[test]
fn distribution_functions_agree() {
    let standard = Normal::new(0.0, 1.0).expect("a distribution");
    for step in -30..=30 {
        let x = f64::from(step) / 5.0;
        agree("normal", normal::cdf(x), standard.cdf(x), 1e-9);
    }
    for df in [1.0, 2.5, 7.0, 30.0, 200.0] {
        let (t, chi2) = (
            StudentsT::new(0.0, 1.0, df).expect("a distribution"),
            ChiSquared::new(df).expect("a distribution"),
        );
        let f = FisherSnedecor::new(df, 9.0).expect("a distribution");
        for step in 1..40 {
            let x = f64::from(step) / 4.0;
            agree("t", student_t::sf(x, df), t.sf(x), 1e-10);
            agree("chi-squared", chi_squared::cdf(x * df / 4.0, df), chi2.cdf(x * df / 4.0), 1e-10);
            agree("F", fisher_f::sf(x, df, 9.0), f.sf(x), 1e-10);
        }
    }
}

#[test]
fn quantiles_agree() {
    let standard = Normal::new(0.0, 1.0).expect("a distribution");
    for p in [0.005, 0.025, 0.1, 0.3, 0.7, 0.9, 0.975, 0.995] {
        agree("normal", normal::quantile(p), standard.inverse_cdf(p), 1e-12);
        for df in [1.0, 3.0, 13.0, 80.0] {
            let (t, chi2) = (
                StudentsT::new(0.0, 1.0, df).expect("a distribution"),
                ChiSquared::new(df).expect("a distribution"),
            );
            agree("t", student_t::quantile(p, df), t.inverse_cdf(p), 1e-9);
            agree("chi-squared", chi_squared::quantile(p, df), chi2.inverse_cdf(p), 1e-8);
        }
        agree(
            "beta",
            beta::quantile(p, 8.0, 5.0),
            Beta::new(8.0, 5.0).expect("a distribution").inverse_cdf(p),
            1e-8,
        );
    }
}
