//! Figures of points between two axes, and figures of several such panels.
//!
//! `look` is what every figure is asked, `panel` a frame with two axes, `sheet` a figure of panels with title and notes,
//! `labels` places names without overlap; each figure has a file of its own.

mod funnel;
mod labels;
mod look;
mod panel;
mod sheet;
mod studies;

pub use funnel::{By, Funnel};
