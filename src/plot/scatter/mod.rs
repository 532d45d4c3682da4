//! Figures of points between two axes, and figures of several such panels.
//!
//! `look` is what every figure is asked, `panel` a frame with two axes, `sheet` a figure of panels with title and notes,
//! `curve` a line through many points, `effects` an axis of the analysis scale, `labels` places names without overlap, `filled` what trim-and-fill adds; each figure has a file of its own.

mod baujat;
mod bubble;
mod curve;
mod doi;
mod drapery;
mod effects;
mod filled;
mod funnel;
mod gosh;
mod influence;
mod labels;
mod look;
mod panel;
mod radial;
mod sheet;
mod studies;

pub use baujat::BaujatPlot;
pub use bubble::Bubble;
pub use doi::DoiPlot;
pub use drapery::DraperyPlot;
pub use funnel::{By, Funnel};
pub use gosh::GoshPlot;
pub use influence::InfluencePlot;
pub use radial::RadialPlot;
