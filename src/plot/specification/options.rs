//! What can be asked of a specification curve.

use crate::format::NumberFormat;
use crate::options::Spec;
use crate::plot::theme::Theme;

/// What can be asked of a specification curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The title over the figure; `None` for "Specification curve".
    pub title: Option<String>,
    /// The specification that was asked for. It is marked in the curve, and so is the default one; neither without it.
    pub asked: Option<Spec>,
    /// Per how many proportions are printed.
    pub display: NumberFormat,
    /// The id of the figure and the first part of every id in it.
    pub id: String,
    /// Colours and sizes.
    pub theme: Theme,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            title: None,
            asked: None,
            display: NumberFormat::default(),
            id: "specification".to_string(),
            theme: Theme::DEFAULT,
        }
    }
}
