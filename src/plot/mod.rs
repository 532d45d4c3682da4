//! Figures: an [`MetaAnalysis`](crate::MetaAnalysis) in, the text of an SVG file out. Pure and deterministic.
//!
//! ```text
//! MetaAnalysis → forest::rows (words and shapes) → forest::layout (measured boxes)
//!         → forest::marks (clipped) → canvas (plotters) → figure (a tree) → svg (bytes)
//! ```
//!
//! Nothing is measured on the machine that runs: text widths come from the table in [`metrics`],
//! so the same bytes come out everywhere. No statistic is computed here.

pub mod canvas;
pub mod figure;
pub mod forest;
pub mod metrics;
pub mod specification;
pub mod svg;
pub mod theme;
pub mod ticks;
pub mod words;
