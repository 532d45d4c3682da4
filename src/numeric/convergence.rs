//! The record of how an estimate was computed: algorithm, iterations, tolerance, status, bracket.

use std::fmt;

/// Whether an iteration converged.
///
/// ```
/// use metaprop::numeric::convergence::Status;
/// assert_eq!(Status::NotConverged.key(), "not-converged");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A closed form: no iteration was needed.
    ClosedForm,
    /// The stopping rule was met.
    Converged,
    /// The iteration limit was reached first; the value is the best one seen.
    NotConverged,
}

impl Status {
    /// The key in reports and in the result document.
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

/// How an estimate was computed.
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
    /// Whether it converged.
    pub status: Status,
    /// Two points between which the root or optimum lies; `None` for a closed form.
    pub bracket: Option<[f64; 2]>,
    /// The function whose root was sought (for an optimum: the slope) at both ends of the bracket.
    pub at_bracket: Option<[f64; 2]>,
    /// Other local optima that were found; their function values are worse.
    pub alternatives: Vec<f64>,
}

impl Convergence {
    /// The record of an estimate in closed form.
    ///
    /// ```
    /// use metaprop::numeric::convergence::Convergence;
    /// assert_eq!(Convergence::closed_form("moment").iterations, 0);
    /// ```
    #[must_use]
    pub const fn closed_form(algorithm: &'static str) -> Self {
        Self::new(algorithm, 0, 0.0, Status::ClosedForm)
    }

    /// The record of an iteration; `met` says whether its stopping rule was met.
    ///
    /// ```
    /// use metaprop::numeric::convergence::Convergence;
    /// assert!(!Convergence::of_iteration("newton", 100, 1e-12, false).is_settled());
    /// ```
    #[must_use]
    pub const fn of_iteration(algorithm: &'static str, iterations: u32, tolerance: f64, met: bool) -> Self {
        let status = if met { Status::Converged } else { Status::NotConverged };
        Self::new(algorithm, iterations, tolerance, status)
    }

    const fn new(algorithm: &'static str, iterations: u32, tolerance: f64, status: Status) -> Self {
        Self {
            algorithm,
            iterations,
            tolerance,
            status,
            bracket: None,
            at_bracket: None,
            alternatives: Vec::new(),
        }
    }

    /// The same record with a bracket, the function at both ends of it, and the other local optima.
    ///
    /// ```
    /// use metaprop::numeric::convergence::Convergence;
    /// let record = Convergence::of_iteration("bisection", 50, 1e-16, true);
    /// let certified = record.certified([0.4, 0.5], [1e-17, -1e-17], Vec::new());
    /// assert_eq!(certified.bracket, Some([0.4, 0.5]));
    /// ```
    #[must_use]
    pub fn certified(self, bracket: [f64; 2], at_bracket: [f64; 2], alternatives: Vec<f64>) -> Self {
        Self { bracket: Some(bracket), at_bracket: Some(at_bracket), alternatives, ..self }
    }

    /// Whether the value is final: a closed form, or converged.
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
