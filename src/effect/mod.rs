//! From counts to estimates on the analysis scale, and back to proportions.

pub mod exact_difference;
pub mod freeman_tukey;
pub mod measure;
pub mod scale;
pub mod sizes;
pub mod study_interval;
pub mod transform;
pub mod zero_cells;

pub use scale::Scale;
pub use sizes::EffectSizes;
pub use transform::Transform;
