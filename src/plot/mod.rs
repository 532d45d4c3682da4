//! Figures: a result in, a tree of shapes and texts out, and the tree as the text of an SVG file, as PNG or as PDF.
//!
//! ```text
//! MetaAnalysis → forest::figure        ┐
//! Multiverse   → specification::figure ┴→ Figure (a tree) → Figure::to_svg, draw_onto
//!                                                                    to_svg → to_png, to_pdf
//! ```
//!
//! Nothing is measured on the machine that runs: text widths come from a table in the program, so the
//! same bytes come out everywhere. Letters that the fonts of the program lack are the one exception, in PNG and PDF.
//! No statistic is computed here.

mod appearance;
mod axis;
mod axis_of_estimates;
mod axis_of_scale;
#[cfg(feature = "plotters")]
mod drawing_area;
#[doc(hidden)]
pub mod figure;
#[doc(hidden)]
pub mod forest;
pub(crate) mod heterogeneity;
mod house_style;
#[cfg(feature = "images")]
mod images;
pub(crate) mod lfk;
mod metrics;
pub(crate) mod save;
mod scatter;
#[doc(hidden)]
pub mod specification;
mod svg;
mod text;
#[doc(hidden)]
pub mod theme;
mod theme_file;
#[doc(hidden)]
pub mod width;

pub use appearance::Appearance;
#[cfg(feature = "plotters")]
pub use drawing_area::draw_onto;
pub use figure::Figure;
pub use forest::{Forest, Refits, Signs};
pub use house_style::HouseStyle;
pub use scatter::{
    BaujatPlot, Bubble, By, DoiPlot, DraperyPlot, Funnel, GoshPlot, InfluencePlot, RadialPlot,
};
pub use specification::SpecificationCurve;
pub use theme::Theme;
