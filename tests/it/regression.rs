//! Meta-regression: one constant column is one mean, values of metafor, and imputed studies.

mod imputed;
mod mean;
mod metafor;
