//! How usual a specification, an edit of the data or a misprint is: minus the logarithm of its prior share.
//!
//! Many specifications give three printed digits by chance, so matches that give the same figures are ranked by how
//! likely each was before. The shares are set by judgement, from what published reviews of proportions name in their
//! methods; `docs/reviewing.md` has them in a table. They decide the order of matches and no number in them.

use super::data_variant::{DataVariant, Edit};
use super::misprint::MisprintKind;
use crate::options::{BackTransform, Ci, I2Method, Measure, Model, PredictionMethod, Quadrature, Spec};
use crate::options::{Level, ZeroCells};
use crate::options::{Tau2, Tau2Method};
use crate::published::claim::Computation;

/// A digit was cut off instead of rounded, in one of the figures.
pub(super) const TRUNCATED: f64 = 3.0;
/// A figure was rounded twice.
pub(super) const ROUNDED_TWICE: f64 = 4.0;

/// Minus the logarithm of a share.
fn cost(share: f64) -> f64 {
    -crate::numeric::elementary::ln(share)
}

pub(super) fn of_measure(measure: Measure) -> f64 {
    cost(match measure {
        Measure::Logit | Measure::FreemanTukey => 0.3,
        Measure::Raw => 0.25,
        Measure::Arcsine => 0.06,
        Measure::Log => 0.05,
        Measure::Probit => 0.02,
        Measure::Cloglog => 0.01,
        Measure::Generic => 1.0,
    })
}

pub(super) fn of_zero_cells(zero_cells: ZeroCells, measure: Measure) -> f64 {
    cost(match zero_cells {
        _ if !measure.is_correctable() => 1.0,
        ZeroCells::Only0 => 0.8,
        ZeroCells::None => 0.1,
        ZeroCells::All | ZeroCells::If0All => 0.05,
    })
}

/// Of the model with its estimator of τ².
pub(super) fn of_model(model: Model, tau2: Tau2) -> f64 {
    let model_share = match model {
        Model::Random => 0.7,
        Model::Common => return cost(0.2),
        Model::Glmm => return cost(0.07),
        Model::Ivhet => return cost(0.02),
        Model::BetaBinomial => return cost(0.01),
        Model::ThreeLevel => return cost(0.01),
    };
    let tau2_share = match tau2 {
        Tau2::Fixed(_) => 0.01,
        Tau2::Estimated(method) => match method {
            Tau2Method::Dl => 0.6,
            Tau2Method::Reml => 0.2,
            Tau2Method::Pm => 0.05,
            Tau2Method::Ml => 0.04,
            Tau2Method::Eb => 0.03,
            Tau2Method::Sj => 0.02,
            Tau2Method::He | Tau2Method::Hs | Tau2Method::Dlit => 0.01,
            Tau2Method::Hsk | Tau2Method::Dl2 | Tau2Method::Sjit | Tau2Method::Pmm => 0.005,
        },
    };
    cost(model_share * tau2_share)
}

/// Of how the binomial-normal model was integrated: most printed results are those of R, metafor and meta with 7 points.
fn of_quadrature(quadrature: Option<Quadrature>) -> f64 {
    cost(match quadrature {
        None => 1.0,
        Some(Quadrature::Aghq7) => 0.6,
        Some(Quadrature::Exact) => 0.3,
        Some(Quadrature::Laplace) => 0.1,
    })
}

pub(super) fn of_level(level: Level) -> f64 {
    cost(if level == Level::DEFAULT { 0.98 } else { 0.01 })
}

/// Of the interval; the common-effect model has one alone.
pub(super) fn of_ci(ci: Ci, model: Model) -> f64 {
    cost(match ci {
        _ if model == Model::Common => 1.0,
        Ci::Wald => 0.75,
        Ci::Hk => 0.15,
        Ci::T => 0.04,
        Ci::HkFloor => 0.03,
        Ci::Profile => 0.015,
        Ci::Kr | Ci::HenmiCopas | Ci::Bootstrap | Ci::ClusterRobust => 0.005,
    })
}

pub(super) fn of_back_transform(back_transform: Option<BackTransform>) -> f64 {
    cost(match back_transform {
        None => 1.0,
        Some(BackTransform::Harmonic) => 0.5,
        Some(BackTransform::InverseVariance) => 0.2,
        Some(BackTransform::None) => 0.15,
        Some(BackTransform::Arithmetic) => 0.1,
        Some(BackTransform::Geometric) => 0.05,
    })
}

/// Of the prediction interval and the definition of I², which count only where one of them was printed.
fn of_heterogeneity(prediction: PredictionMethod, i2: I2Method) -> f64 {
    let prediction = match prediction {
        PredictionMethod::None | PredictionMethod::Hts => 0.4,
        PredictionMethod::T | PredictionMethod::Hk => 0.2,
        _ => 0.1,
    };
    cost(prediction * if i2 == I2Method::Q { 0.7 } else { 0.3 })
}

pub(super) fn of_computation(computation: Option<Computation>) -> f64 {
    cost(match computation {
        None => 1.0,
        Some(Computation::EarlyStop { .. }) => 0.5,
        Some(Computation::HalfAngle) => 0.03,
    })
}

/// Of a whole specification.
pub(super) fn of_specification(spec: &Spec, computation: Option<Computation>) -> f64 {
    of_measure(spec.measure)
        + of_zero_cells(spec.zero_cells, spec.measure)
        + of_model(spec.model, spec.tau2)
        + of_quadrature(spec.quadrature)
        + of_level(spec.level)
        + of_ci(spec.ci, spec.model)
        + of_back_transform(spec.back_transform)
        + of_heterogeneity(spec.prediction, spec.i2)
        + of_computation(computation)
}

/// Of the edit of a table of so many rows; 0 for the data as they were read.
pub(super) fn of_variant(variant: &DataVariant, rows: usize) -> f64 {
    variant.edit().map_or(0.0, |edit| of_edit(edit, rows))
}

/// Of one edit among the `rows` of the table to which it could have happened.
fn of_edit(edit: &Edit, rows: usize) -> f64 {
    let share = match edit {
        Edit::LeftOut { .. } | Edit::PutBack { .. } | Edit::Recounted { .. } => 0.03,
        Edit::Swapped { .. } | Edit::Twice { .. } => 0.005,
        Edit::Transposed { .. } => 0.005 / 2.0,
        Edit::Misprint(misprint) => return of_misprint(misprint.kind, rows),
    };
    cost(share / rows.max(1) as f64)
}

/// Of a misprint, where so many digits are printed in all.
pub(super) fn of_misprint(kind: MisprintKind, digits: usize) -> f64 {
    let digits = digits.max(1) as f64;
    cost(match kind {
        MisprintKind::Digit => 0.02 / (9.0 * digits),
        MisprintKind::Transposed => 0.005 / digits,
        MisprintKind::Exchanged | MisprintKind::Unit | MisprintKind::Level => 0.003,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Request;

    /// A share in as few digits as give it.
    fn share(cost: f64) -> String {
        format!("{:.4}", (-cost).exp()).trim_end_matches('0').to_string()
    }

    /// The rows of the table of the guide, from the shares that are used.
    fn rows() -> Vec<String> {
        let measure = |measure| share(of_measure(measure));
        let model = |model| share(of_model(model, Tau2::Fixed(0.0)));
        let random = of_model(Model::Random, Tau2::Estimated(Tau2Method::Dl)) - cost(0.6);
        let tau2 = |method| share(of_model(Model::Random, Tau2::Estimated(method)) - random);
        let ci = |ci| share(of_ci(ci, Model::Random));
        let zero = |rule| share(of_zero_cells(rule, Measure::Logit));
        let back = |back| share(of_back_transform(Some(back)));
        let integral = |quadrature| share(of_quadrature(Some(quadrature)));
        let level = |level: &str| share(of_level(level.parse().unwrap()));
        let (q, hts) = (
            of_heterogeneity(PredictionMethod::Hts, I2Method::Q),
            of_heterogeneity(PredictionMethod::Hts, I2Method::Tau2),
        );
        let i2_q = 1.0 / (1.0 + (q - hts).exp());
        let prediction = |method| share(of_heterogeneity(method, I2Method::Q) + i2_q.ln());
        let of_edit = |edit: Edit| share(of_edit(&edit, 1));
        let misprint = |kind| share(of_misprint(kind, 1));
        let study = || "A".to_string();
        vec![
            format!(
                "| measure | logit {}, Freeman-Tukey {}, raw {}, arcsine {}, log {}, probit {}, cloglog {} |",
                measure(Measure::Logit),
                measure(Measure::FreemanTukey),
                measure(Measure::Raw),
                measure(Measure::Arcsine),
                measure(Measure::Log),
                measure(Measure::Probit),
                measure(Measure::Cloglog)
            ),
            format!(
                "| model | random {}, common {}, glmm {}, ivhet {}, beta-binomial {} |",
                share(random),
                model(Model::Common),
                model(Model::Glmm),
                model(Model::Ivhet),
                model(Model::BetaBinomial)
            ),
            format!(
                "| the integral of glmm | aghq-7 {} (R metafor and meta), exact {}, laplace {} (glmer) |",
                integral(Quadrature::Aghq7),
                integral(Quadrature::Exact),
                integral(Quadrature::Laplace)
            ),
            format!(
                "| τ² of the random-effects model | dl {}, reml {}, pm {}, ml {}, eb {}, sj {}; he, hs, dlit {}; hsk, dl2, sjit, pmm {} |",
                tau2(Tau2Method::Dl),
                tau2(Tau2Method::Reml),
                tau2(Tau2Method::Pm),
                tau2(Tau2Method::Ml),
                tau2(Tau2Method::Eb),
                tau2(Tau2Method::Sj),
                tau2(Tau2Method::He),
                tau2(Tau2Method::Hsk)
            ),
            format!(
                "| interval | wald {}, hk {}, t {}, hk-floor {}, profile {}; kr, henmi-copas {} |",
                ci(Ci::Wald),
                ci(Ci::Hk),
                ci(Ci::T),
                ci(Ci::HkFloor),
                ci(Ci::Profile),
                ci(Ci::Kr)
            ),
            format!("| level | 95% {}; others {} |", level("95"), level("90")),
            format!(
                "| zero cells, where the scale corrects them | only0 {}, none {}, all {}, if0all {} |",
                zero(ZeroCells::Only0),
                zero(ZeroCells::None),
                zero(ZeroCells::All),
                zero(ZeroCells::If0All)
            ),
            format!(
                "| Freeman-Tukey n | harmonic {}, inverse-variance {}, none {}, arithmetic {}, geometric {} |",
                back(BackTransform::Harmonic),
                back(BackTransform::InverseVariance),
                back(BackTransform::None),
                back(BackTransform::Arithmetic),
                back(BackTransform::Geometric)
            ),
            format!(
                "| prediction, where it is printed | hts {}, t {}, hk {}, others {} |",
                prediction(PredictionMethod::Hts),
                prediction(PredictionMethod::T),
                prediction(PredictionMethod::Hk),
                prediction(PredictionMethod::Z)
            ),
            format!(
                "| I², where it is printed | q {}, tau2 {} |",
                share(-i2_q.ln()),
                share(-(1.0 - i2_q).ln())
            ),
            format!(
                "| computation | early stop {}, sin²(y/2) {} |",
                share(of_computation(Some(Computation::EarlyStop { tau2: 0.0, converged: 0.0 }))),
                share(of_computation(Some(Computation::HalfAngle)))
            ),
            format!(
                "| edit of one of k rows | left out, put back, recounted {}/k; swapped, twice {}/k; transposed {}/k |",
                of_edit(Edit::LeftOut { study: study() }),
                of_edit(Edit::Twice { study: study() }),
                of_edit(Edit::Transposed { study: study(), events: 1, total: 2 })
            ),
            format!(
                "| misprint, of d printed digits | one digit {}/(9 d), two transposed {}/d, exchanged, unit, level {} |",
                share(of_misprint(MisprintKind::Digit, 1) - cost(1.0 / 9.0)),
                misprint(MisprintKind::Transposed),
                misprint(MisprintKind::Exchanged)
            ),
            format!(
                "| rounding | a figure with digits cut off e{}, one rounded twice e{} |",
                raised(TRUNCATED),
                raised(ROUNDED_TWICE)
            ),
        ]
    }

    fn raised(power: f64) -> String {
        let digit = |digit: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit as usize - '0' as usize).unwrap();
        format!("⁻{}", power.to_string().chars().map(digit).collect::<String>())
    }

    #[test]
    fn the_guide_has_the_shares_that_are_used() {
        let guide = include_str!("../../../docs/reviewing.md");
        let rows = rows();
        for row in &rows {
            assert!(guide.contains(row.as_str()), "docs/reviewing.md lacks: {row}");
        }
        let (_, table) = guide.split_once("| choice | share |").unwrap();
        let kept = table.lines().skip(2).take_while(|line| line.starts_with('|')).count();
        assert_eq!(kept, rows.len(), "a row of the table is not held");
    }

    #[test]
    fn a_usual_specification_with_one_edit_comes_before_a_far_fetched_one_without() {
        let spec = |request: Request| request.resolve().unwrap();
        let usual = spec(Request {
            measure: Some(Measure::Raw),
            tau2: Some(Tau2::Estimated(Tau2Method::Dl)),
            ci: Some(Ci::Wald),
            ..Request::default()
        });
        let odd = spec(Request {
            measure: Some(Measure::Probit),
            tau2: Some(Tau2::Estimated(Tau2Method::He)),
            zero_cells: Some(ZeroCells::All),
            level: Some("99".parse().unwrap()),
            ..Request::default()
        });
        let transposed = Edit::Transposed { study: "A".to_string(), events: 12, total: 40 };
        let with_edit = of_specification(&usual, None) + of_edit(&transposed, 14);
        assert!(with_edit < of_specification(&odd, None));
    }
}
