//! Meta-regression: one constant column is one mean, and what does not depend on the way a model is written.

mod mean;
