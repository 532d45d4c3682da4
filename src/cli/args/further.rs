//! What can be typed for the analyses that go on from a pooled result.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::flags::{ChoiceArgs, DisplayArgs, TableArgs};
use super::image::ImageArgs;
use super::review::TableFormat;
use crate::analysis::{Alternative, Conclusion, Formula, Order};

/// What all of them take.
#[derive(Debug, Args)]
pub struct FurtherArgs {
    /// A table (CSV, Excel, JSON, Stata, RevMan …), - for standard input, or @NAME for an embedded data set.
    pub data: String,
    /// Which columns and rows.
    #[command(flatten)]
    pub table: TableArgs,
    /// How to pool.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// How to print.
    #[command(flatten)]
    pub display: DisplayArgs,
    /// What to print on standard output.
    #[arg(help_heading = "Output", long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
    /// Also write a file; its extension decides: .json .csv .md .txt, or .svg .png .pdf for the figure (repeatable).
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// How fine the figure is.
    #[command(flatten)]
    pub image: ImageArgs,
}

/// `metaprop leave-one-out`.
#[derive(Debug, Args)]
pub struct LeaveOneOutArgs {
    /// What all of them take.
    #[command(flatten)]
    pub of: FurtherArgs,
}

/// `metaprop cumulative`.
#[derive(Debug, Args)]
pub struct CumulativeArgs {
    /// What all of them take.
    #[command(flatten)]
    pub of: FurtherArgs,
    /// In which order studies are added: a column, or estimate, weight, precision, total; - before it reverses it
    /// [default: that of the table].
    #[arg(help_heading = "Analysis", long, value_name = "ORDER", allow_hyphen_values = true)]
    pub sort: Option<Order>,
}

/// `metaprop influence`.
#[derive(Debug, Args)]
pub struct InfluenceArgs {
    /// What all of them take.
    #[command(flatten)]
    pub of: FurtherArgs,
    /// Also the smallest set of studies without which this statement does not hold: 'lower > 50%'.
    #[arg(help_heading = "Analysis", long, value_name = "STATEMENT", value_parser = |typed: &str| typed.parse::<Conclusion>())]
    pub conclusion: Option<Conclusion>,
}

/// `metaprop gosh`.
#[derive(Debug, Args)]
pub struct GoshArgs {
    /// What all of them take.
    #[command(flatten)]
    pub of: FurtherArgs,
    /// The least number of studies of a subset.
    #[arg(help_heading = "Analysis", long, value_name = "N", default_value_t = 2)]
    pub min_size: usize,
    /// How many subsets are drawn at random [default: every one of up to 20 studies, 1000000 of more].
    #[arg(help_heading = "Analysis", long, value_name = "N")]
    pub subsets: Option<u64>,
    /// Add a row a subset to the document.
    #[arg(help_heading = "Output", long)]
    pub rows: bool,
}

/// `metaprop regress`.
#[derive(Debug, Args)]
pub struct RegressArgs {
    /// What all of them take.
    #[command(flatten)]
    pub of: FurtherArgs,
    /// The moderators, as an R formula: 'dose + factor(route, ref="oral") * age'; factor(), center(), log().
    #[arg(help_heading = "Analysis", long, value_name = "FORMULA")]
    pub mods: Formula,
    /// Predict at these values: dose=5,10 (repeatable; every combination; what is not named is at its mean).
    #[arg(help_heading = "Analysis", long, value_name = "COL=VALUE,…")]
    pub at: Vec<AtArg>,
    /// A permutation test with at most so many permutations (all, where there are no more).
    #[arg(help_heading = "Analysis", long, value_name = "N")]
    pub permutations: Option<u64>,
    /// An interval of R² by the parametric bootstrap.
    #[arg(help_heading = "Analysis", long)]
    pub r2_interval: bool,
}

/// `dose=5,10`: a column and its values.
#[derive(Debug, Clone)]
pub struct AtArg {
    /// The column.
    pub column: String,
    /// The values.
    pub values: Vec<String>,
}

impl FromStr for AtArg {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let parts = typed.split_once('=').map(|(column, values)| (column.trim(), values));
        let (column, values) =
            parts.filter(|(column, _)| !column.is_empty()).ok_or("write COL=VALUE,VALUE")?;
        let values: Vec<String> = values.split(',').map(|value| value.trim().to_string()).collect();
        if values.iter().any(String::is_empty) {
            return Err(format!("a value of {column} is empty"));
        }
        Ok(Self { column: column.to_string(), values })
    }
}

/// `metaprop bias`.
#[derive(Debug, Args)]
pub struct BiasArgs {
    /// What all of them take.
    #[command(flatten)]
    pub of: FurtherArgs,
    /// The limits of the intervals of p in the selection model, ascending.
    #[arg(
        help_heading = "Analysis",
        long,
        value_name = "P,…",
        value_delimiter = ',',
        default_value = "0.025"
    )]
    pub steps: Vec<f64>,
    /// Where p is small: for estimates above the value under test (--null), below it, or both.
    #[arg(help_heading = "Analysis", long, value_enum, default_value_t = Direction::Greater)]
    pub alternative: Direction,
    /// What the mean comes down to in Orwin's fail-safe N: a fraction, or an estimate as the table has it [default:
    /// half-way to the value under test].
    #[arg(help_heading = "Analysis", long, value_name = "VALUE", allow_negative_numbers = true)]
    pub orwin_target: Option<f64>,
}

/// The direction of the p-values that decide on publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Direction {
    /// Above.
    Greater,
    /// Below.
    Less,
    /// Both.
    TwoSided,
}

impl From<Direction> for Alternative {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Greater => Self::Greater,
            Direction::Less => Self::Less,
            Direction::TwoSided => Self::TwoSided,
        }
    }
}
