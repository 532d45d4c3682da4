//! What each profile's defaults are: one row a profile.

use super::{Conventions, LogDenominator, RawCorrection, Tau2, WilsonCcEnds};
use crate::vocabulary::{Ci, I2Method, PredictionMethod, Profile, StudyCi, Tau2Ci, Tau2Method};

/// One row of the table of profiles. Every profile pools on the logit scale with random effects,
/// tests 50 %, and corrects `only0` by 0.5.
pub(super) struct Defaults {
    pub tau2: Tau2Method,
    pub ci: Ci,
    /// The prediction interval that goes with an interval.
    pub prediction: fn(Ci) -> PredictionMethod,
    /// The τ² interval that goes with an estimator.
    pub tau2_ci: fn(Tau2) -> Tau2Ci,
    pub i2: I2Method,
    pub study_ci: StudyCi,
    pub conventions: Conventions,
}

const METAFOR: Conventions = Conventions {
    log_denominator: LogDenominator::Both,
    raw_correction: RawCorrection::EstimateAndVariance,
    wilson_cc_ends: WilsonCcEnds::ZeroAndOne,
};
const META: Conventions = Conventions {
    log_denominator: LogDenominator::One,
    raw_correction: RawCorrection::VarianceOnly,
    wilson_cc_ends: WilsonCcEnds::Equation,
};

/// metafor's `predict`: the quantile of the interval that was asked for.
const fn as_the_interval(ci: Ci) -> PredictionMethod {
    match ci {
        Ci::Wald => PredictionMethod::Z,
        Ci::T => PredictionMethod::T,
        Ci::Hk | Ci::HkFloor => PredictionMethod::Hk,
    }
}

impl Defaults {
    /// The row of this profile.
    pub const fn of(profile: Profile) -> Self {
        let own = Self {
            tau2: Tau2Method::Reml,
            ci: Ci::Hk,
            prediction: |_| PredictionMethod::Hk,
            tau2_ci: |_| Tau2Ci::QProfile,
            i2: I2Method::Tau2,
            study_ci: StudyCi::ClopperPearson,
            conventions: METAFOR,
        };
        match profile {
            Profile::Default => own,
            Profile::Cochrane => Self { study_ci: StudyCi::Wilson, ..own },
            Profile::Metafor => {
                Self { ci: Ci::Wald, prediction: as_the_interval, study_ci: StudyCi::Transform, ..own }
            }
            Profile::Meta => Self {
                ci: Ci::Wald,
                prediction: |_| PredictionMethod::None,
                tau2_ci: meta_tau2_ci,
                i2: I2Method::Q,
                conventions: META,
                ..own
            },
            Profile::DlWald => Self {
                tau2: Tau2Method::Dl,
                ci: Ci::Wald,
                prediction: |_| PredictionMethod::Z,
                i2: I2Method::Q,
                ..own
            },
        }
    }
}

/// meta's default interval of τ²: Jackson's with DerSimonian-Laird, which is not computed yet.
const fn meta_tau2_ci(tau2: Tau2) -> Tau2Ci {
    match tau2 {
        Tau2::Estimated(Tau2Method::Dl) => Tau2Ci::None,
        _ => Tau2Ci::QProfile,
    }
}
