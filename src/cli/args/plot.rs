//! What can be typed for figures.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::flags::{ChoiceArgs, DisplayArgs, DrawingArgs, PartsArgs, TableArgs};
use super::image::ImageArgs;
use crate::analysis::{Formula, Order, Side, TrimFillEstimator};
use crate::published::multiverse::Conclusion;

/// The figures.
#[derive(Debug, Subcommand)]
pub enum PlotKind {
    /// The studies, their intervals and the pooled result; of an analysis file its outcomes, one below the other.
    Forest {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// What is shown.
        #[command(flatten)]
        parts: PartsArgs,
        /// Write what is said below the figure into this file, and not into the figure, but for the line on
        /// heterogeneity.
        #[arg(help_heading = "Figures", long, value_name = "FILE")]
        legend: Option<PathBuf>,
    },
    /// Every study's estimate against its standard error or size, with the limits around the pooled value.
    Funnel {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// What studies stand at the height of.
        #[arg(help_heading = "Output", long, value_enum, default_value_t = HeightArg::Se)]
        y: HeightArg,
        /// Also the studies that trim-and-fill adds, by this estimator of their number, and the pooled value with them.
        #[arg(help_heading = "Analysis", long, value_enum, ignore_case = true, value_name = "ESTIMATOR")]
        trim_fill: Option<TrimFillArg>,
        /// Where studies are taken to be missing [default: where the regression on the standard error points to].
        #[arg(help_heading = "Analysis", long, value_enum, requires = "trim_fill")]
        side: Option<SideArg>,
    },
    /// Normal quantiles of the ranks of the estimates, and the LFK index.
    Doi {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
    },
    /// The p-value functions of the studies, the pooled result and the prediction.
    Drapery {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
    },
    /// The pooled value without each study.
    LeaveOneOut {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
    },
    /// The pooled value as studies are added.
    Cumulative {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// In which order studies are added: a column, or estimate, weight, precision, total; - before it reverses it
        /// [default: that of the table].
        #[arg(help_heading = "Analysis", long, value_name = "ORDER", allow_hyphen_values = true)]
        sort: Option<Order>,
    },
    /// The estimates against a moderator that is a number, with the line of the meta-regression.
    Bubble {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// The moderator, as an R formula: dose.
        #[arg(help_heading = "Analysis", long, value_name = "FORMULA")]
        mods: Formula,
    },
    /// What each study adds to the heterogeneity, and how far it moves the pooled value.
    Baujat {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
    },
    /// Six numbers of each study's influence, with their cutoffs.
    Influence {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
    },
    /// The estimate of every subset of the studies against its I².
    Gosh {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// The least number of studies of a subset.
        #[arg(help_heading = "Analysis", long, value_name = "N", default_value_t = 2)]
        min_size: usize,
        /// How many subsets are drawn at random [default: every one of up to 20 studies, 1000000 of more].
        #[arg(help_heading = "Analysis", long, value_name = "N")]
        subsets: Option<u64>,
    },
    /// Standardised estimates against precision (Galbraith).
    Radial {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
    },
    /// The estimate under every defensible specification, in order, and the choices that made it.
    Specification {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// A statement that each specification bears out or not: 'lower > 50%', 'estimate < 0.3'.
        #[arg(long, value_name = "STATEMENT", value_parser = |typed: &str| typed.parse::<Conclusion>())]
        conclusion: Option<Conclusion>,
    },
}

impl PlotKind {
    /// Options that every figure takes.
    #[must_use]
    pub fn args(&self) -> &PlotArgs {
        match self {
            Self::Forest { args, .. }
            | Self::Funnel { args, .. }
            | Self::Doi { args, .. }
            | Self::Drapery { args, .. }
            | Self::LeaveOneOut { args, .. }
            | Self::Cumulative { args, .. }
            | Self::Bubble { args, .. }
            | Self::Baujat { args, .. }
            | Self::Influence { args, .. }
            | Self::Gosh { args, .. }
            | Self::Radial { args, .. }
            | Self::Specification { args, .. } => args,
        }
    }
}

/// What studies of a funnel plot stand at the height of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum HeightArg {
    /// The standard error.
    Se,
    /// The number of people.
    N,
}

/// How the number of missing studies is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TrimFillArg {
    /// From the sum of the ranks above the mean, linearly.
    L0,
    /// From the run of largest ranks.
    R0,
    /// From the sum of the ranks above the mean, by a root.
    Q0,
}

impl From<TrimFillArg> for TrimFillEstimator {
    fn from(typed: TrimFillArg) -> Self {
        match typed {
            TrimFillArg::L0 => Self::L0,
            TrimFillArg::R0 => Self::R0,
            TrimFillArg::Q0 => Self::Q0,
        }
    }
}

/// The side of the funnel where studies are taken to be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SideArg {
    /// That of small estimates.
    Left,
    /// That of large ones.
    Right,
}

impl From<SideArg> for Side {
    fn from(typed: SideArg) -> Self {
        match typed {
            SideArg::Left => Self::Left,
            SideArg::Right => Self::Right,
        }
    }
}

/// Options that every figure takes.
#[derive(Debug, Args)]
pub struct PlotArgs {
    /// A table (CSV, Excel, JSON, Stata, RevMan …), - for standard input, or @NAME for an embedded data set.
    pub data: String,
    /// Which columns and rows.
    #[command(flatten)]
    pub table: TableArgs,
    /// How to pool; of the specification curve: the choices that are settled.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// Write the figure to this file; its extension decides: .svg .png .pdf (repeatable) [default: SVG on standard output].
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// How fine it is.
    #[command(flatten)]
    pub image: ImageArgs,
    /// Title of the figure.
    #[arg(help_heading = "Output", long)]
    pub title: Option<String>,
    /// How to print.
    #[command(flatten)]
    pub display: DisplayArgs,
    /// How the figure looks.
    #[command(flatten)]
    pub drawing: DrawingArgs,
}
