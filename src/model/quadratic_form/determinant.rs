//! The determinant in the Laplace transform of a generalised Q, at one τ².

/// One diagonal entry d = a (v + τ²) and its weight a.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term {
    pub d: f64,
    pub a: f64,
}

/// D(p) = Π (1 + 2 p d) · Σ a/(1 + 2 p d) / Σ a, in the parts in which it is evaluated.
///
/// With the term of the largest d (index m) kept apart, D(p) is the product of the factors 1 + 2 p d over the
/// other terms and of the *rank-one factor* (a_m + (1 + 2 p d_m) Σ a/(1 + 2 p d))/Σ a, both over the other
/// terms. In this form 1 + 2 p d_m may be 0 or negative without giving 0 · ∞.
#[derive(Debug, Clone)]
pub(super) struct Determinant {
    /// All terms except the one with the largest d.
    pub others: Vec<Term>,
    /// The term with the largest d.
    pub largest: Term,
    /// Σ a.
    pub total: f64,
}

impl Determinant {
    pub fn new(mut terms: Vec<Term>, total: f64) -> Self {
        let mut largest = 0;
        for (index, term) in terms.iter().enumerate() {
            if term.d > terms[largest].d {
                largest = index;
            }
        }
        let largest =
            if terms.is_empty() { Term { d: f64::NAN, a: f64::NAN } } else { terms.swap_remove(largest) };
        Self { others: terms, largest, total }
    }

    /// k − 1.
    pub fn df(&self) -> f64 {
        self.others.len() as f64
    }
}
