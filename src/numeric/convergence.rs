//! The record every iterative estimate carries: what ran, for how long, and whether it arrived.

use std::fmt;

/// How an estimate ended.
///
/// ```
/// use metaprop::numeric::convergence::Status;
/// assert_eq!(Status::NotConverged.key(), "not-converged");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// No iteration was needed.
    ClosedForm,
    /// The stopping rule was met.
    Converged,
    /// The iteration limit was reached first; the value is the best one seen.
    NotConverged,
}

impl Status {
    /// The word used in reports and machine-readable output.
    ///
    /// ```
    /// use metaprop::numeric::convergence::Status;
    /// assert_eq!(Status::ClosedForm.key(), "closed-form");
    /// ```
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::ClosedForm => "closed-form",
            Self::Converged => "converged",
            Self::NotConverged => "not-converged",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.key())
    }
}

/// What an iterative algorithm did to reach its value.
///
/// ```
/// use metaprop::numeric::convergence::{Convergence, Status};
/// let record = Convergence::of_iteration("fisher-scoring", 7, 1e-10, true);
/// assert_eq!(record.status, Status::Converged);
/// assert!(record.is_settled());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Convergence {
    /// The algorithm's name, as in the method's documentation.
    pub algorithm: &'static str,
    /// Iterations used; 0 for a closed form.
    pub iterations: u32,
    /// The tolerance of the stopping rule; 0 for a closed form.
    pub tolerance: f64,
    /// How it ended.
    pub status: Status,
}

impl Convergence {
    /// The record of an estimate that needed no iteration.
    ///
    /// ```
    /// use metaprop::numeric::convergence::Convergence;
    /// assert_eq!(Convergence::closed_form("moment").iterations, 0);
    /// ```
    #[must_use]
    pub const fn closed_form(algorithm: &'static str) -> Self {
        Self {
            algorithm,
            iterations: 0,
            tolerance: 0.0,
            status: Status::ClosedForm,
        }
    }

    /// The record of an iteration that met its stopping rule, or did not.
    ///
    /// ```
    /// use metaprop::numeric::convergence::Convergence;
    /// assert!(!Convergence::of_iteration("newton", 100, 1e-12, false).is_settled());
    /// ```
    #[must_use]
    pub const fn of_iteration(
        algorithm: &'static str,
        iterations: u32,
        tolerance: f64,
        met: bool,
    ) -> Self {
        let status = if met {
            Status::Converged
        } else {
            Status::NotConverged
        };
        Self {
            algorithm,
            iterations,
            tolerance,
            status,
        }
    }

    /// Whether the value can be used as it is: a closed form, or converged.
    ///
    /// ```
    /// use metaprop::numeric::convergence::Convergence;
    /// assert!(Convergence::closed_form("moment").is_settled());
    /// ```
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        !matches!(self.status, Status::NotConverged)
    }
}
