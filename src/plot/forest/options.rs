//! What can be asked of a forest plot.

use crate::format::NumberFormat;
use crate::plot::theme::Theme;

/// What can be asked of a forest plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// A title over the figure.
    pub title: Option<String>,
    /// Per how many proportions are printed, and with how many decimals.
    pub display: NumberFormat,
    /// Whether the common-effect result has a row.
    pub common: bool,
    /// What the totals count, where it was said.
    pub unit: Option<String>,
    /// The id of the figure and the first part of every id in it: a page with several figures
    /// needs one of its own for each.
    pub id: String,
    /// How many studies get a row. With more, the figure shows the pooled rows alone and says so:
    /// the first 500 of a million rows would be a selection that nobody made.
    pub most_rows: usize,
    /// Colours and sizes.
    pub theme: Theme,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            title: None,
            display: NumberFormat::default(),
            common: true,
            unit: None,
            id: "forest".to_string(),
            most_rows: 500,
            theme: Theme::DEFAULT,
        }
    }
}
