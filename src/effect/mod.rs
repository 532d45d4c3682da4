//! From counts to estimates on the analysis scale, and back to proportions.

pub mod difference;
pub mod freeman_tukey;
pub mod measure;
pub mod study_interval;
pub mod transform;
pub mod zero_cells;

pub use measure::{Effects, estimate};
pub use transform::Transform;
