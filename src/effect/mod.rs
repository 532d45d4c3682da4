//! From counts to estimates on the analysis scale, and back to proportions.

pub mod exact_difference;
pub mod freeman_tukey;
pub mod measure;
pub mod study_interval;
pub mod transform;
pub mod zero_cells;

pub use measure::{EffectSizes, estimate};
pub use transform::Transform;
