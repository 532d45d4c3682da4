//! The whole forest plot, from its rows to its tree.

use super::layout::Layout;
use super::options::Options;
use super::table::Table;
use super::{caption, paint};
use crate::analysis::MetaAnalysis;
use crate::plot::figure::Figure;

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
pub fn draw(result: &MetaAnalysis, options: &Options) -> String {
    figure(result, options).to_svg()
}

/// The forest plot of an outcome as a tree, for those who want to look into it.
#[must_use]
pub fn figure(result: &MetaAnalysis, options: &Options) -> Figure {
    let table = Table::of(result, options);
    let axis = table.axis(options);
    let notes = caption::notes(result, options, &table, &axis);
    let layout = Layout::of(&table, &notes, options);
    Figure {
        id: options.id.clone(),
        title: options
            .title
            .as_ref()
            .map_or_else(|| "Forest plot".to_string(), |title| format!("Forest plot: {title}")),
        description: caption::description(result, options),
        language: "en",
        width: layout.width,
        height: layout.height,
        unit: 1.0,
        fonts: options.theme.fonts,
        paper: options.theme.paper,
        nodes: paint::nodes(&table, &layout, &axis, &options.theme),
    }
}
