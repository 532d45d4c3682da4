//! What can be typed for figures.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::flags::{ChoiceArgs, DisplayArgs, PartsArgs, TableArgs};
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
            Self::Forest { args, .. } | Self::Specification { args, .. } => args,
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
    /// Write the figure to this .svg file (repeatable) [default: standard output].
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Title of the figure.
    #[arg(help_heading = "Output", long)]
    pub title: Option<String>,
}
