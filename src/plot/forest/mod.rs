//! The forest plot: a row a study, the pooled rows below, an axis of proportions.
//!
//! [`rows`] and [`summaries`] say what stands in each row, [`layout`] measures where it stands, [`marks`] clips what
//! is drawn, [`paint`] draws it, [`caption`] says in words what the figure shows.

pub mod caption;
pub mod layout;
pub mod marks;
pub mod paint;
pub mod rows;
pub mod summaries;

use crate::analysis::MetaAnalysis;
use crate::format::Display;
use crate::plot::figure::Figure;
use crate::plot::svg;
use crate::plot::theme::Theme;

/// What can be asked of a forest plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// A title over the figure.
    pub title: Option<String>,
    /// Per how many proportions are printed, and with how many decimals.
    pub display: Display,
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
            display: Display::default(),
            id: "forest".to_string(),
            most_rows: 500,
            theme: Theme::DEFAULT,
        }
    }
}

/// The forest plot of an outcome as an SVG document.
///
/// ```
/// use metaprop::{plot::forest, fit, Spec, Dataset};
///
/// let table = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta & co <2002>", 9, 13), ("Gamma 2003", 21, 66)])?;
/// let svg = forest::draw(&fit(&table, &Spec::default())?, &forest::Options::default());
/// assert!(svg.starts_with("<svg ") && svg.contains("Beta &amp; co &lt;2002&gt;"));
/// # Ok::<(), metaprop::Error>(())
/// ```
#[must_use]
pub fn draw(outcome: &MetaAnalysis, options: &Options) -> String {
    svg::write(&figure(outcome, options))
}

/// The forest plot of an outcome as a tree, for those who want to look into it.
#[must_use]
pub fn figure(outcome: &MetaAnalysis, options: &Options) -> Figure {
    let table = rows::Table::of(outcome, options);
    let axis = table.axis(options);
    let notes = caption::notes(outcome, options, &table, &axis);
    let layout = layout::Layout::of(&table, &notes, options);
    Figure {
        id: options.id.clone(),
        title: options
            .title
            .as_ref()
            .map_or_else(|| "Forest plot".to_string(), |title| format!("Forest plot: {title}")),
        description: caption::description(outcome, options),
        language: "en",
        width: layout.width,
        height: layout.height,
        fonts: options.theme.fonts,
        paper: options.theme.paper,
        nodes: paint::nodes(&table, &layout, &axis, &options.theme),
    }
}
