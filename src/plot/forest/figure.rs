//! The whole forest plot, from its rows to its tree.

use super::columns::Columns;
use super::layout::Layout;
use super::options::{Options, PX_PER_MM};
use super::table::Table;
use super::{caption, paint};
use crate::analysis::MetaAnalysis;
use crate::plot::axis::Axis;
use crate::plot::figure::Figure;
use crate::plot::theme::Theme;

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
    of_several(&[(String::new(), result)], options)
}

/// The forest plot of these outcomes, one below the other under their titles; of one alone, without its title.
pub(super) fn of_several(outcomes: &[(String, &MetaAnalysis)], options: &Options) -> Figure {
    let sketch = Sketch::of(outcomes, options);
    let layout = Layout::of(&sketch.table, &sketch.columns, &sketch.shown_notes(), options, &sketch.theme);
    sketch.figure(&layout, options.id.clone())
}

/// The forest plot of an outcome on pages of this width and height in mm, each with heads, axis and its number; the
/// words have 8 pt.
#[must_use]
pub(super) fn pages(
    outcomes: &[(String, &MetaAnalysis)],
    options: &Options,
    [width, height]: [f64; 2],
) -> Vec<Figure> {
    let options = Options { width: Some(width), margin: Some(PAGE_MARGIN), ..options.clone() };
    let sketch = Sketch::of(outcomes, &options);
    let (table, columns) = (&sketch.table, &sketch.columns);
    let notes = sketch.shown_notes();
    let layouts = Layout::pages(table, columns, &notes, &options, &sketch.theme, height * PX_PER_MM);
    let id = |at: usize| if layouts.len() == 1 { options.id.clone() } else { format!("{}-{at}", options.id) };
    layouts.iter().zip(1..).map(|(layout, at)| sketch.figure(layout, id(at))).collect()
}

/// What is said of the forest plot of an outcome, in sentences: its legend.
#[must_use]
pub(super) fn legend(outcomes: &[(String, &MetaAnalysis)], options: &Options) -> Vec<String> {
    Sketch::of(outcomes, options).notes
}

/// The white space around a page, in mm.
const PAGE_MARGIN: f64 = 15.0;

/// What a figure is made of before it is laid out.
struct Sketch<'a> {
    outcomes: &'a [(String, &'a MetaAnalysis)],
    options: &'a Options,
    theme: Theme,
    table: Table,
    columns: Columns,
    axis: Axis,
    notes: Vec<String>,
}

impl<'a> Sketch<'a> {
    fn of(outcomes: &'a [(String, &'a MetaAnalysis)], options: &'a Options) -> Self {
        let theme = options.sized_theme();
        let first = outcomes[0].1;
        let table = Table::of_outcomes(outcomes, options);
        let columns = Columns::of(&table, options, &theme);
        let axis = table.axis(options, &theme, columns.plot[1] - columns.plot[0]);
        let notes = match outcomes {
            [_] => caption::notes(first, options, &table, &axis),
            several => caption::notes_of_several(several, options, &table, &axis),
        };
        Self { outcomes, options, theme, table, columns, axis, notes }
    }

    /// The notes that stand below the figure: all, or the line on heterogeneity alone.
    fn shown_notes(&self) -> Vec<String> {
        // Of several outcomes each has its line on heterogeneity in its block.
        let least = usize::from(self.outcomes.len() == 1);
        let most = if self.options.notes { self.notes.len() } else { least };
        self.notes.iter().take(most).cloned().collect()
    }

    fn figure(&self, layout: &Layout, id: String) -> Figure {
        let title = self.options.title.as_ref();
        let mut title =
            title.map_or_else(|| "Forest plot".to_string(), |title| format!("Forest plot: {title}"));
        if let Some(page) = &layout.page {
            title += &format!(" ({})", page.text.to_lowercase());
        }
        Figure {
            id,
            title,
            description: self.description(),
            language: "en",
            width: layout.width,
            height: layout.height,
            unit: 1.0,
            fonts: self.theme.fonts,
            paper: self.theme.paper,
            nodes: paint::nodes(&self.table, &self.columns, layout, &self.axis, &self.theme),
        }
    }

    /// What the figure shows, in sentences, of each outcome under its title.
    fn description(&self) -> String {
        match self.outcomes {
            [(_, result)] => caption::description(result, self.options),
            several => {
                let of = |(title, result): &(String, &MetaAnalysis)| {
                    format!("{title}: {}", caption::description(result, self.options))
                };
                several.iter().map(of).collect::<Vec<_>>().join(" ")
            }
        }
    }
}
