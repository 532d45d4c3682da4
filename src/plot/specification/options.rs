//! What can be asked of a specification curve.

use crate::format::NumberFormat;
use crate::plot::theme::Theme;

/// What can be asked of a specification curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// A title over the figure.
    pub title: Option<String>,
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
            display: NumberFormat::default(),
            id: "specification".to_string(),
            theme: Theme::DEFAULT,
        }
    }
}
