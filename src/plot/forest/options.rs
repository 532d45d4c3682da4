//! What can be asked of a forest plot.

use crate::analysis::Order;
use crate::format::NumberFormat;
use crate::options::Column;
use crate::plot::house_style::HouseStyle;
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
    /// In which order the studies stand; in that of the result where nothing is said.
    pub order: Option<Order>,
    /// The covariates that have a column, by name.
    pub covariates: Vec<String>,
    /// The domains of the risk of bias that have a column: covariates whose cells are low, some concerns, high …
    pub bias: Vec<String>,
    /// Columns that are left out.
    pub hidden: Vec<Column>,
    /// Heads that differ from those of the theme.
    pub heads: Vec<(Column, String)>,
    /// The title of the axis, where it differs from ours.
    pub axis_title: Option<String>,
    /// Whether proportions stand on a logarithmic axis. Ratios do in any case, other estimates never.
    pub log_axis: bool,
    /// The ends of the axis: fractions, or estimates.
    pub axis_limits: Option<[f64; 2]>,
    /// The width of the figure in mm, with words of 8 pt; as wide as its columns need where nothing is said.
    pub width: Option<f64>,
    /// The white space around a figure of this width in mm; a little where nothing is said.
    pub margin: Option<f64>,
    /// Whether rows stand closer.
    pub compact: bool,
    /// Whether the notes stand below the figure; the line on heterogeneity does in any case.
    pub notes: bool,
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
            order: None,
            covariates: Vec::new(),
            bias: Vec::new(),
            hidden: Vec::new(),
            heads: Vec::new(),
            axis_title: None,
            log_axis: false,
            axis_limits: None,
            width: None,
            margin: None,
            compact: false,
            notes: true,
            theme: Theme::DEFAULT,
        }
    }
}

/// CSS pixels in a millimetre.
pub(super) const PX_PER_MM: f64 = 96.0 / 25.4;
/// 8 pt in CSS pixels.
const EIGHT_POINTS: f64 = 8.0 * 96.0 / 72.0;
/// The white space around a figure of a given width, in ems: a page has its own.
const PRINT_MARGIN: f64 = 0.4;
/// The height of a compact row as a share of another.
const COMPACT: f64 = 0.8;

impl Options {
    /// The theme at the size that was asked for.
    pub(super) fn sized_theme(&self) -> Theme {
        let mut theme = match self.width {
            Some(_) => {
                let theme = self.theme.scaled(EIGHT_POINTS / self.theme.body.size);
                let margin = self.margin.map_or(PRINT_MARGIN * theme.body.size, |margin| margin * PX_PER_MM);
                Theme { margin, ..theme }
            }
            None => self.theme.clone(),
        };
        if self.compact {
            theme.row *= COMPACT;
            theme.square_side = theme.square_side.min(theme.row);
        }
        theme
    }

    /// With the columns of a figure that is no table of studies: names, estimates and one number more.
    pub(super) fn with_plain_columns(&self) -> Self {
        let mut options =
            Self { covariates: Vec::new(), bias: Vec::new(), heads: Vec::new(), ..self.clone() };
        let (plain, house) = (HouseStyle::PLAIN, &mut options.theme.house);
        (house.left, house.right) = (plain.left, plain.right);
        (house.heads, house.weight_sign) = (plain.heads, plain.weight_sign);
        options
    }

    /// The head of a column, where it differs from ours.
    pub(super) fn head(&self, column: Column) -> Option<&str> {
        let own = self.heads.iter().find(|(of, _)| *of == column).map(|(_, head)| head.as_str());
        own.or_else(|| self.theme.house.head(column))
    }
}
