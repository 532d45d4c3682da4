//! What each profile's defaults are: one row a profile.

use super::{Conventions, IteratedTau2Se, LogDenominator, RawCorrection, Tau2, WilsonCcEnds};
use crate::options::{
    Ci, I2Method, Measure, PredictionMethod, Profile, StudyCi, Tau2Ci, Tau2Method, ZeroCells,
};

/// One row of the table of profiles. Every profile pools with random effects, tests 50 %, and, but
/// for `stata`, corrects `only0` by 0.5.
pub(super) struct Defaults {
    pub measure: Measure,
    pub tau2: Tau2Method,
    pub ci: Ci,
    /// The prediction interval that goes with an interval.
    pub prediction: fn(Ci) -> PredictionMethod,
    /// The τ² interval that goes with an estimator.
    pub tau2_ci: fn(Tau2) -> Tau2Ci,
    pub i2: I2Method,
    pub study_ci: StudyCi,
    pub zero_cells: ZeroCells,
    pub conventions: Conventions,
}

const METAFOR: Conventions = Conventions {
    log_denominator: LogDenominator::Both,
    raw_correction: RawCorrection::EstimateAndVariance,
    wilson_cc_ends: WilsonCcEnds::ZeroAndOne,
    iterated_tau2_se: IteratedTau2Se::EstimatingEquation,
};
const META: Conventions = Conventions {
    log_denominator: LogDenominator::One,
    raw_correction: RawCorrection::VarianceOnly,
    wilson_cc_ends: WilsonCcEnds::Equation,
    iterated_tau2_se: IteratedTau2Se::EstimatingEquation,
};

/// metafor's `predict`: the quantile of the interval that was asked for.
const fn as_the_interval(ci: Ci) -> PredictionMethod {
    match ci {
        Ci::T => PredictionMethod::T,
        Ci::Hk | Ci::HkFloor => PredictionMethod::Hk,
        _ => PredictionMethod::Z,
    }
}

impl Defaults {
    /// The row of this profile.
    pub const fn of(profile: Profile) -> Self {
        let own = Self {
            measure: Measure::Logit,
            tau2: Tau2Method::Reml,
            ci: Ci::Hk,
            prediction: |_| PredictionMethod::Hk,
            tau2_ci: |_| Tau2Ci::QProfile,
            i2: I2Method::Tau2,
            study_ci: StudyCi::ClopperPearson,
            zero_cells: ZeroCells::Only0,
            conventions: METAFOR,
        };
        // What a review program of the DerSimonian-Laird years printed.
        let review = Self {
            tau2: Tau2Method::Dl,
            ci: Ci::Wald,
            prediction: |_| PredictionMethod::None,
            tau2_ci: |_| Tau2Ci::None,
            i2: I2Method::Q,
            ..own
        };
        match profile {
            Profile::Default => own,
            Profile::Cochrane => Self { study_ci: StudyCi::Wilson, ..own },
            Profile::Metafor => Self {
                ci: Ci::Wald,
                prediction: as_the_interval,
                study_ci: StudyCi::Transform,
                conventions: Conventions { iterated_tau2_se: IteratedTau2Se::Metafor, ..METAFOR },
                ..own
            },
            Profile::Meta | Profile::Meta7 => Self {
                ci: Ci::Wald,
                prediction: |_| PredictionMethod::None,
                tau2_ci: meta_tau2_ci,
                i2: I2Method::Q,
                conventions: META,
                ..own
            },
            Profile::Revman5 => Self { study_ci: StudyCi::Wald, ..review },
            Profile::Stata => Self { measure: Measure::Raw, zero_cells: ZeroCells::None, ..review },
            Profile::DlWald => {
                Self { prediction: |_| PredictionMethod::Z, tau2_ci: |_| Tau2Ci::QProfile, ..review }
            }
        }
    }
}

/// meta's default interval of τ²: Jackson's with DerSimonian-Laird.
const fn meta_tau2_ci(tau2: Tau2) -> Tau2Ci {
    match tau2 {
        Tau2::Estimated(Tau2Method::Dl) => Tau2Ci::Jackson,
        _ => Tau2Ci::QProfile,
    }
}
