//! The forest plots of pooled values without each study, and with one study more in each row.

use std::path::Path;

use super::columns::Columns;
use super::layout::Layout;
use super::marks::is_clipped;
use super::options::Options;
use super::refit_table::{Of, table};
use super::table::Table;
use super::{caption, paint};
use crate::analysis::{Cumulative, LeaveOneOut, MetaAnalysis, Refit};
use crate::error::Error;
use crate::format::{NumberFormat, grouped, studies};
use crate::plot::axis::Axis;
use crate::plot::figure::Figure;
use crate::plot::heterogeneity;
use crate::plot::theme::Theme;

/// The forest plot of pooled values of some of the studies, from [`LeaveOneOut::forest`] or [`Cumulative::forest`]: say
/// how it looks, then write it.
#[derive(Debug, Clone)]
#[must_use = "nothing is drawn until it is written: svg, save or figure"]
pub struct Refits<'a> {
    result: &'a MetaAnalysis,
    rows: Vec<(&'a str, &'a Refit)>,
    of: Of,
    /// By what the studies are ordered, in words.
    order: String,
    options: Options,
}

impl LeaveOneOut {
    /// The forest plot: a row for the pooled value without each study, and that of all below.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let result = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?, &Spec::default())?;
    /// let svg = result.leave_one_out()?.forest(&result).svg();
    /// assert!(svg.contains("<title>Without C: "));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn forest<'a>(&'a self, of: &'a MetaAnalysis) -> Refits<'a> {
        let rows = self.rows.iter().map(|row| (row.omitted.as_str(), &row.result)).collect();
        Refits::new(of, rows, Of::Without, String::new(), "leave-one-out")
    }
}

impl Cumulative {
    /// The forest plot: a row for the pooled value once each study is added, and that of all below.
    ///
    /// ```
    /// use metaprop::{Dataset, Spec, fit};
    ///
    /// let result = fit(&Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])?, &Spec::default())?;
    /// let svg = result.cumulative(Some("-total".parse()?))?.forest(&result).svg();
    /// assert!(svg.contains("<title>With B, 2 studies in all: "));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn forest<'a>(&'a self, of: &'a MetaAnalysis) -> Refits<'a> {
        let rows = self.rows.iter().map(|row| (row.added.as_str(), &row.result)).collect();
        let by = |order: String| match order.strip_prefix('-') {
            Some(reversed) => format!("by {reversed}, in reverse"),
            None => format!("by {order}"),
        };
        let order = self.sort.as_ref().map(|order| by(order.to_string()));
        let order = order.unwrap_or_else(|| "in the order of the table".to_string());
        Refits::new(of, rows, Of::SoFar, order, "cumulative")
    }
}

impl<'a> Refits<'a> {
    fn new(
        result: &'a MetaAnalysis,
        rows: Vec<(&'a str, &'a Refit)>,
        of: Of,
        order: String,
        id: &str,
    ) -> Self {
        let options = Options { display: result.number_format(), id: id.to_string(), ..Options::default() };
        Self { result, rows, of, order, options }
    }

    /// A title over the figure.
    pub fn title(self, title: impl Into<String>) -> Self {
        self.with_title(Some(title.into()))
    }

    /// A title over the figure, or none.
    pub(crate) fn with_title(mut self, title: Option<String>) -> Self {
        self.options.title = title;
        self
    }

    /// Per how many proportions are printed, and with how many decimals.
    pub fn display(mut self, display: NumberFormat) -> Self {
        self.options.display = display;
        self
    }

    /// The id of the figure and the first part of every id in it.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.options.id = id.into();
        self
    }

    /// How many studies get a row, 500 where nothing is said.
    pub fn most_rows(mut self, most: usize) -> Self {
        self.options.most_rows = most;
        self
    }

    /// Colours and sizes.
    pub fn theme(mut self, theme: Theme) -> Self {
        self.options.theme = theme;
        self
    }

    /// The figure as a tree of shapes and texts.
    #[must_use]
    pub fn figure(&self) -> Figure {
        let options = &self.options.with_plain_columns();
        let theme = options.sized_theme();
        let table = table(&self.rows, self.of, self.result, options);
        let columns = Columns::of(&table, options, &theme);
        let axis = table.axis(options, &theme, columns.plot[1] - columns.plot[0]);
        let layout = Layout::of(&table, &columns, &self.notes(&table, &axis), options, &theme);
        let title = options.title.as_ref();
        Figure {
            id: options.id.clone(),
            title: title.map_or_else(|| self.kind().to_string(), |title| format!("{}: {title}", self.kind())),
            description: self.description(),
            language: "en",
            width: layout.width,
            height: layout.height,
            unit: 1.0,
            fonts: theme.fonts,
            paper: theme.paper,
            nodes: paint::nodes(&table, &columns, &layout, &axis, &theme),
        }
    }

    /// The figure as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        self.figure().to_svg()
    }

    /// Writes the figure into a file, in the format of its extension: `.svg`, `.png` or `.pdf`.
    ///
    /// # Errors
    ///
    /// As [`Figure::save`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.figure().save(path)
    }

    const fn kind(&self) -> &'static str {
        match self.of {
            Of::Without => "Leave-one-out plot",
            Of::SoFar => "Cumulative forest plot",
        }
    }

    /// What the rows are, in a sentence.
    fn rows_in_words(&self) -> String {
        match self.of {
            Of::Without => "Each row: the pooled value of all studies but the one that is named.".to_string(),
            Of::SoFar => format!(
                "Each row: the pooled value of the named study and those above it; studies are added {}.",
                self.order
            ),
        }
    }

    fn notes(&self, table: &Table, axis: &Axis) -> Vec<String> {
        let mut notes = vec![heterogeneity::line(&self.result.heterogeneity, &self.result.spec)];
        notes.push(self.rows_in_words());
        notes.push(caption::method(self.result));
        notes.push(
            "Squares: pooled values; diamond and dashed line: the pooled value of all studies.".to_string(),
        );
        if table.rows.iter().any(|row| is_clipped(&row.shape, axis.domain)) {
            notes.push(
                "Arrows: the interval goes on beyond the axis; its limits stand at the right.".to_string(),
            );
        }
        if table.undrawn > 0 {
            notes.push(format!(
                "The {} rows are not drawn one by one: a figure has rows for at most {}.",
                grouped(table.undrawn as u64),
                grouped(self.options.most_rows as u64)
            ));
        }
        notes
    }

    /// How far the pooled values reach, and that of all.
    fn description(&self) -> String {
        let display = self.options.display;
        let mut text = format!("{} of {}. {}", self.kind(), studies(self.rows.len()), self.rows_in_words());
        let estimates = || self.rows.iter().filter_map(|(_, refit)| refit.estimate);
        let (low, high) = (estimates().reduce(f64::min), estimates().reduce(f64::max));
        if let Some((low, high)) = low.zip(high) {
            text += &format!(" They reach from {} to {}.", display.number(low), display.with_sign(high));
        }
        text + &format!(" Of all studies it is {}.", display.with_sign(self.result.pooled().estimate))
    }
}
