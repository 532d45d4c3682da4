//! What can be typed for figures.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::flags::{ChoiceArgs, DisplayArgs, PartsArgs, TableArgs};
use crate::analysis::Order;
use crate::cli::ending::EXIT_CODES;
use crate::published::multiverse::Conclusion;

/// The figures.
#[derive(Debug, Subcommand)]
pub enum PlotKind {
    /// The studies, their intervals and the pooled result.
    #[command(after_help = EXIT_CODES)]
    Forest {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// How to print.
        #[command(flatten)]
        display: DisplayArgs,
        /// What is shown.
        #[command(flatten)]
        parts: PartsArgs,
    },
    /// Every study's estimate against its standard error or size, with the limits around the pooled value.
    #[command(after_help = EXIT_CODES)]
    Funnel {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// How to print.
        #[command(flatten)]
        display: DisplayArgs,
        /// What studies stand at the height of.
        #[arg(help_heading = "Output", long, value_enum, default_value_t = HeightArg::Se)]
        y: HeightArg,
    },
    /// The pooled value without each study.
    #[command(after_help = EXIT_CODES)]
    LeaveOneOut {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// How to print.
        #[command(flatten)]
        display: DisplayArgs,
    },
    /// The pooled value as studies are added.
    #[command(after_help = EXIT_CODES)]
    Cumulative {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// How to print.
        #[command(flatten)]
        display: DisplayArgs,
        /// In which order studies are added: a column, or estimate, weight, precision, total; - before it reverses it
        /// [default: that of the table].
        #[arg(help_heading = "Analysis", long, value_name = "ORDER", allow_hyphen_values = true)]
        sort: Option<Order>,
    },
    /// The estimate under every defensible specification, in order, and the choices that made it.
    #[command(after_help = EXIT_CODES)]
    Specification {
        /// Options that every figure takes.
        #[command(flatten)]
        args: Box<PlotArgs>,
        /// How to print.
        #[command(flatten)]
        display: DisplayArgs,
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
            | Self::LeaveOneOut { args, .. }
            | Self::Cumulative { args, .. }
            | Self::Specification { args, .. } => args,
        }
    }

    /// How to print.
    #[must_use]
    pub fn display(&self) -> &DisplayArgs {
        match self {
            Self::Forest { display, .. }
            | Self::Funnel { display, .. }
            | Self::LeaveOneOut { display, .. }
            | Self::Cumulative { display, .. }
            | Self::Specification { display, .. } => display,
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
    /// Write the figure to this .svg file (repeatable) [default: standard output].
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Title of the figure.
    #[arg(help_heading = "Output", long)]
    pub title: Option<String>,
}
