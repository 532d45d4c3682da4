//! How much the studies differ beyond chance: tests, variance components, I² and H².

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::ResidualSums;
use super::statistic::fields;
use super::tau2::interval::Tau2Interval;
use crate::numeric::chi_squared;
use crate::numeric::elementary::{exp, ln};
use crate::numeric::normal;
use crate::options::{I2Method, Spec};

/// How much the studies differ beyond chance.
///
/// ```
/// use metaprop::model::{HeterogeneityField, Value};
/// use metaprop::{Dataset, Spec, fit};
///
/// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?;
/// let heterogeneity = fit(&data, &Spec::default())?.heterogeneity;
/// let tau2 = heterogeneity.tau2.expect("a random-effects model has one");
/// assert_eq!(heterogeneity.get(HeterogeneityField::Tau2), Some(Value::Number(tau2.estimate)));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Heterogeneity {
    /// Cochran's Q, for a meta-regression that of the residuals; `None` for a likelihood model, which has tests of its own.
    pub cochran: Option<Test>,
    /// The degrees of freedom of the tests: k − 1, or k − p for a meta-regression with p coefficients.
    pub df: u64,
    /// The between-study variance τ² on the squared analysis scale.
    pub tau2: Option<Component>,
    /// Of a three-level model, the variance between clusters: one of two whose sum `tau2` is.
    pub tau2_between: Option<Component>,
    /// The variance of the rows within clusters.
    pub tau2_within: Option<Component>,
    /// I², in percent.
    pub i2: Option<Component>,
    /// The part of I² that is of the variance between clusters, in percent.
    pub i2_between: Option<f64>,
    /// The part that is of the variance within clusters, in percent.
    pub i2_within: Option<f64>,
    /// H².
    pub h2: Option<f64>,
    /// Wald test of heterogeneity of a likelihood model.
    pub wald: Option<Test>,
    /// Whether that leaves out studies, those with none or all of the events.
    pub wald_leaves_out: bool,
    /// Whether documents have null in its place: it is no test of heterogeneity, and no package of the profile prints
    /// it.
    pub(crate) wald_withheld: bool,
    /// Whether I² and H² rest on that test.
    pub(crate) i2_by_wald: bool,
    /// Likelihood-ratio test of one proportion a study against one for all, of a likelihood model.
    pub likelihood_ratio: Option<Test>,
    /// The intra-class correlation of a beta-binomial model.
    pub rho: Option<Component>,
    /// Likelihood ratio of a likelihood model against itself without heterogeneity, τ² = 0 or ρ = 0; its p is
    /// half of P(χ²₁ ≥ statistic), since 0 lies at the boundary.
    pub against_zero: Option<Test>,
}

/// A test with its p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Test {
    /// The statistic.
    pub statistic: f64,
    /// Its p-value.
    pub p: f64,
}

/// An estimated quantity with what is known of its precision.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Component {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub se: Option<f64>,
    /// Its lower limit.
    pub lower: Option<f64>,
    /// Its upper limit.
    pub upper: Option<f64>,
}

impl Component {
    /// An estimate of which nothing else is known.
    pub(super) const fn new(estimate: f64) -> Self {
        Self { estimate, se: None, lower: None, upper: None }
    }

    /// Both limits, where there are two.
    #[must_use]
    pub fn limits(&self) -> Option<[f64; 2]> {
        self.lower.zip(self.upper).map(<[f64; 2]>::from)
    }
}

fields! {
    /// A number on how much the studies differ.
    HeterogeneityField of Heterogeneity {
        document {
            Q "q", "Cochran's Q" => |h| h.cochran.map(|test| test.statistic);
            Df "df", "The degrees of freedom, k - 1" => |h| h.df;
            P "p", "P(chi-squared >= Q)" => |h| h.cochran.map(|test| test.p);
            Tau2 "tau2", "The between-study variance" => |h| h.tau2.map(|tau2| tau2.estimate);
            Tau2Se "tau2_se", "Its standard error" => |h| h.tau2.and_then(|tau2| tau2.se);
            Tau2Lower "tau2_lower", "Its lower limit" => |h| h.tau2.and_then(|tau2| tau2.lower);
            Tau2Upper "tau2_upper", "Its upper limit" => |h| h.tau2.and_then(|tau2| tau2.upper);
            I2 "i2", "I2 in percent" => |h| h.i2.map(|i2| i2.estimate);
            I2Lower "i2_lower", "Its lower limit" => |h| h.i2.and_then(|i2| i2.lower);
            I2Upper "i2_upper", "Its upper limit" => |h| h.i2.and_then(|i2| i2.upper);
            H2 "h2", "H2" => |h| h.h2;
            QWald "q_wald", "The Wald test of a likelihood model" => |h| h.wald.map(|test| test.statistic);
            PWald "p_wald", "Its p-value" => |h| h.wald.map(|test| test.p);
            QLrt "q_lrt", "The likelihood-ratio test of a likelihood model" => |h| h.likelihood_ratio.map(|test| test.statistic);
            PLrt "p_lrt", "Its p-value" => |h| h.likelihood_ratio.map(|test| test.p);
            Rho "rho", "The intra-class correlation" => |h| h.rho.map(|rho| rho.estimate);
            Tau2Between "tau2_between", "The variance between clusters" => |h| h.tau2_between.map(|tau2| tau2.estimate);
            Tau2Within "tau2_within", "The variance within clusters" => |h| h.tau2_within.map(|tau2| tau2.estimate);
            I2Between "i2_between", "The part of I2 between clusters, in percent" => |h| h.i2_between;
            I2Within "i2_within", "The part of I2 within clusters, in percent" => |h| h.i2_within;
            Tau2BetweenLower "tau2_between_lower" sparse, "The lower limit of tau2_between" => |h| h.tau2_between.and_then(|tau2| tau2.lower);
            Tau2BetweenUpper "tau2_between_upper" sparse, "Its upper limit" => |h| h.tau2_between.and_then(|tau2| tau2.upper);
            Tau2WithinLower "tau2_within_lower" sparse, "The lower limit of tau2_within" => |h| h.tau2_within.and_then(|tau2| tau2.lower);
            Tau2WithinUpper "tau2_within_upper" sparse, "Its upper limit" => |h| h.tau2_within.and_then(|tau2| tau2.upper);
            RhoSe "rho_se" sparse, "Its standard error" => |h| h.rho.and_then(|rho| rho.se);
            RhoLower "rho_lower" sparse, "Its lower limit" => |h| h.rho.and_then(|rho| rho.lower);
            RhoUpper "rho_upper" sparse, "Its upper limit" => |h| h.rho.and_then(|rho| rho.upper);
            QZero "q_zero" sparse, "The likelihood ratio against no heterogeneity" => |h| h.against_zero.map(|test| test.statistic);
            PZero "p_zero" sparse, "Its p-value" => |h| h.against_zero.map(|test| test.p);
        }
        derived {
            Tau "tau", "The between-study standard deviation" => |h| h.tau2.map(|tau2| tau2.estimate.sqrt());
            Tau2Ci "tau2_ci", "Both limits of tau2" => |h| h.tau2.and_then(|tau2| tau2.limits());
            I2Ci "i2_ci", "Both limits of I2 in percent" => |h| h.i2.and_then(|i2| i2.limits());
        }
    }
}

/// A test of heterogeneity as it is shown: its symbol, statistic and p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct HeterogeneityTest {
    /// `Q`, or `LR` for the likelihood ratio of a likelihood model.
    pub symbol: &'static str,
    /// The statistic.
    pub statistic: f64,
    /// Its p-value on `df` degrees of freedom.
    pub p: f64,
}

impl Heterogeneity {
    /// Cochran's Q; for a likelihood model the likelihood ratio of one proportion a study to one for all.
    #[must_use]
    pub fn test(&self) -> Option<HeterogeneityTest> {
        let named = |symbol, test: Test| HeterogeneityTest { symbol, statistic: test.statistic, p: test.p };
        self.cochran
            .map(|test| named("Q", test))
            .or_else(|| self.likelihood_ratio.map(|test| named("LR", test)))
    }

    /// Whether I² and H² leave out studies, as the test does that they rest on.
    #[must_use]
    pub const fn i2_leaves_out(&self) -> bool {
        self.wald_leaves_out && self.i2_by_wald
    }

    /// With this I² and H², as the package of the profile has them.
    pub(super) fn with_inconsistency(self, inconsistency: &Inconsistency, spec: &Spec) -> Self {
        let i2 = inconsistency.i2.map(|estimate| Component {
            estimate,
            se: None,
            lower: inconsistency.limits.map(|limits| limits[0]),
            upper: inconsistency.limits.map(|limits| limits[1]),
        });
        let least = if spec.package_cuts_h2() { 1.0 } else { 0.0 };
        Self { i2, h2: inconsistency.h2.map(|h2| h2.max(least)), ..self }
    }
}

impl Serialize for Heterogeneity {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        let wald = self.wald.filter(|_| !self.wald_withheld);
        Self { wald, ..self.clone() }.write_fields(&mut map)?;
        map.end()
    }
}

/// I² in percent with its limits, and H².
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Inconsistency {
    /// I², in percent.
    pub i2: Option<f64>,
    /// Its limits, in percent.
    pub limits: Option<[f64; 2]>,
    /// H².
    pub h2: Option<f64>,
}

/// I² and H² of more studies than there are coefficients; `common` are the sums at τ² = 0.
#[must_use]
pub fn inconsistency(
    method: I2Method,
    common: &impl ResidualSums,
    tau2: f64,
    interval: Option<Tau2Interval>,
    tail: f64,
) -> Inconsistency {
    match method {
        I2Method::Tau2 => from_tau2(common, tau2, interval),
        I2Method::Q => of_test(common.q(), common.df() + 1.0, tail),
    }
}

/// Higgins & Thompson 2002, eq. 9, doi:10.1002/sim.1186: the typical within-study variance
/// ṽ = (k − 1)/(S₁ − S₂/S₁), with p coefficients (k − p)/tr P (Viechtbauer 2010, doi:10.18637/jss.v036.i03);
/// I² = 100 τ²/(τ² + ṽ), H² = 1 + τ²/ṽ.
fn from_tau2(common: &impl ResidualSums, tau2: f64, interval: Option<Tau2Interval>) -> Inconsistency {
    let typical = common.df() / common.trace();
    // As a ratio to τ², so that no finite τ² overflows.
    let percent = |tau2: f64| if tau2 > 0.0 { 100.0 / (1.0 + typical / tau2) } else { 0.0 };
    Inconsistency {
        i2: Some(percent(tau2)),
        limits: interval.map(|interval| [percent(interval.lower), percent(interval.upper)]),
        h2: Some(1.0 + tau2 / typical).filter(|h2| h2.is_finite()),
    }
}

/// Higgins & Thompson 2002: I² = 100 (Q − df)/Q, cut at 0; limits from ln H ± z se(ln H), where H is
/// cut at 1 and the standard error is their test-based one for Q > k and else the one under homogeneity,
/// which needs three studies. With p coefficients k stands for k − p + 1.
#[must_use]
pub fn of_test(q: f64, k: f64, tail: f64) -> Inconsistency {
    let df = k - 1.0;
    let h = (q / df).max(1.0).sqrt();
    let se = if q > k {
        Some(0.5 * (ln(q) - ln(df)) / ((2.0 * q).sqrt() - (2.0 * k - 3.0).sqrt()))
    } else {
        let spare = k - 2.0;
        (spare > 0.0).then(|| (1.0 / (2.0 * spare) * (1.0 - 1.0 / (3.0 * spare * spare))).sqrt())
    };
    let percent = |h: f64| 100.0 * (h * h - 1.0) / (h * h);
    let i2 = percent(h);
    let limits = se.map(|se| {
        let margin = normal::upper_quantile(tail) * se;
        let [lower, upper] = [-margin, margin].map(|margin| percent(exp(ln(h) + margin).max(1.0)));
        // Near 100 % rounding alone would put them on the wrong side.
        [lower.min(i2), upper.max(i2)]
    });
    Inconsistency { i2: Some(i2), limits, h2: Some(q / df) }
}

/// What has to be said of the limits of τ² (or ρ) beside the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VarianceLimits {
    /// Nothing.
    AsShown,
    /// Both lie below 0, and [0, 0] stands for them.
    Empty,
    /// The likelihood never falls far enough for an upper one.
    Unbounded,
    /// They were not found, and this is why.
    NotFound(String),
}

impl VarianceLimits {
    /// Of an interval of τ² that inverts a test.
    pub(super) const fn of(interval: Option<Tau2Interval>) -> Self {
        match interval {
            Some(Tau2Interval { empty: true, .. }) => Self::Empty,
            _ => Self::AsShown,
        }
    }
}

impl Heterogeneity {
    /// Q and its test, τ² with its standard error and interval, and I², from the sums at τ² = 0; with no degrees of
    /// freedom Q is 0 and the rest does not exist.
    pub(super) fn of_sums(
        common: &impl ResidualSums,
        (tau2, se): (f64, Option<f64>),
        interval: Option<Tau2Interval>,
        spec: &Spec,
    ) -> Self {
        let (df, q) = (common.df(), common.q());
        if df == 0.0 {
            return Self { cochran: Some(Test { statistic: 0.0, p: 1.0 }), ..Self::default() };
        }
        let component = Component {
            estimate: tau2,
            se,
            lower: interval.map(|interval| interval.lower),
            upper: interval.map(|interval| interval.upper),
        };
        let i2 = inconsistency(spec.i2, common, tau2, interval, spec.level.tail());
        Self {
            cochran: Some(Test { statistic: q, p: chi_squared::sf(q, df) }),
            df: df as u64,
            tau2: Some(component),
            ..Self::default()
        }
        .with_inconsistency(&i2, spec)
    }
}
