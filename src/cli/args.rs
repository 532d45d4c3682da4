//! What can be typed: commands, flags and their help.

mod flags;
mod further;
mod image;
mod plot;
mod review;
mod simulate;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::options::{Profile, ReadOptions, Request};
use flags::word;

pub use flags::{ChoiceArgs, DisplayArgs, DrawingArgs, Flags, PartsArgs, TableArgs};
pub use further::{
    BiasArgs, CumulativeArgs, FurtherArgs, GoshArgs, InfluenceArgs, LeaveOneOutArgs, RegressArgs,
};
pub use image::ImageArgs;
pub use plot::{HeightArg, PlotArgs, PlotKind};
pub use review::{
    CheckArgs, ColumnsArgs, DocumentFormat, GrimArgs, MultiverseArgs, ReconstructArgs, ReproduceArgs,
    ScanArgs, TableFormat,
};
pub use simulate::SimulateArgs;

/// Meta-analysis of proportions: from counts to a pooled proportion, a forest plot and a report.
#[derive(Debug, Parser)]
#[command(name = "metaprop", version, arg_required_else_help = true, propagate_version = true)]
pub struct Cli {
    /// Colour the terminal output.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// How many threads may be used; the results are the same on any number.
    #[arg(long, global = true, value_name = "N", value_parser = threads)]
    pub threads: Option<NonZeroUsize>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// A number of threads that can be had: more than these no machine runs at once.
fn threads(typed: &str) -> Result<NonZeroUsize, String> {
    match typed.trim().parse::<NonZeroUsize>() {
        Ok(threads) if threads.get() <= MOST_THREADS => Ok(threads),
        _ => Err(format!("not a whole number from 1 to {MOST_THREADS}")),
    }
}

const MOST_THREADS: usize = 65_535;

/// How far a pooled number may move.
fn tolerance(typed: &str) -> Result<f64, String> {
    let value = typed.trim().parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0);
    value.ok_or_else(|| "not a number from 0 up".to_owned())
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Pool the counts of a table, print, and write what is asked for.
    Pool(Box<PoolArgs>),
    /// Build every outcome of an analysis file into a folder of reports; without a file, the demonstration.
    Report(ReportArgs),
    /// Write digests of an analysis file's data, specifications and results beside it, for CI to hold.
    Lock(LockArgs),
    /// Recompute published claims, and say which hold.
    Check(Box<CheckArgs>),
    /// Find every pooled result and count with its percentage in a text, and say which hold.
    Scan(ScanArgs),
    /// Given printed figures, find the specifications (and readings of the data) that give them.
    Reproduce(Box<ReproduceArgs>),
    /// Compute every defensible specification: one table and one curve.
    Multiverse(Box<MultiverseArgs>),
    /// Find count tables that are consistent with a printed summary, or say that none exists.
    Reconstruct(Box<ReconstructArgs>),
    /// The pooled result of each level of a column, and whether the levels differ.
    Subgroup(Box<PoolArgs>),
    /// What moderators explain: a meta-regression.
    Regress(Box<RegressArgs>),
    /// The pooled result without each study in turn.
    LeaveOneOut(Box<LeaveOneOutArgs>),
    /// The pooled result as studies are added one after the other.
    Cumulative(Box<CumulativeArgs>),
    /// How much each study moves the result.
    Influence(Box<InfluenceArgs>),
    /// The pooled result of every subset of the studies.
    Gosh(Box<GoshArgs>),
    /// Small-study effects: tests of asymmetry, trim-and-fill, a selection model, fail-safe N.
    Bias(Box<BiasArgs>),
    /// Draw one figure, as SVG, PNG or PDF.
    #[command(subcommand)]
    Plot(PlotKind),
    /// Show which columns of a table would be read as what, and why, before anything is pooled.
    Columns(Box<ColumnsArgs>),
    /// Could this percentage come from N people? And the percentages of a table?
    Grim(Box<GrimArgs>),
    /// List the embedded data sets, or print one.
    Data(DataArgs),
    /// List the words of every choice, with formula and source.
    List(ListArgs),
    /// Bias, coverage and width of specifications under a stated truth.
    Simulate(Box<SimulateArgs>),
    /// Recompute the certified values on this machine, and say how many digits agree.
    Selftest(SelftestArgs),
    /// Print the completions of a shell.
    Completions(CompletionsArgs),
    /// Print the manual page.
    Man,
}

/// `metaprop pool`.
#[derive(Debug, Args)]
pub struct PoolArgs {
    /// A table (CSV, Excel, JSON, Stata, RevMan …), - for standard input, or @NAME for an embedded data set.
    #[arg(required_unless_present = "from")]
    pub data: Option<String>,
    /// Run a result document again, from its own studies and spec, instead of a table.
    #[arg(long, value_name = "RESULT.json", conflicts_with_all = all_but_output())]
    pub from: Option<PathBuf>,
    /// Which columns and rows.
    #[command(flatten)]
    pub table: TableArgs,
    /// How to pool.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// How to print.
    #[command(flatten)]
    pub display: DisplayArgs,
    /// What is shown.
    #[command(flatten)]
    pub parts: PartsArgs,
    /// How the figure looks.
    #[command(flatten)]
    pub drawing: DrawingArgs,
    /// Many analyses in place of one.
    #[command(flatten)]
    pub groups: GroupArgs,
    /// What to print on standard output.
    #[arg(help_heading = "Output", long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write a file; its extension decides: .json .jsonl .csv .txt .md .html .docx .svg .png .pdf (repeatable).
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// How fine a figure is.
    #[command(flatten)]
    pub image: ImageArgs,
    /// Title of the figure and the report.
    #[arg(help_heading = "Output", long)]
    pub title: Option<String>,
    /// Write what is said below the figure into this file, and not into the figure, but for the line on heterogeneity.
    #[arg(help_heading = "Figures", long, value_name = "FILE")]
    pub legend: Option<PathBuf>,
    /// A forest plot in characters in the text, in the place of the table of studies [default: on a terminal of 120
    /// columns or more, where it fits].
    #[arg(help_heading = "Output", long, conflicts_with_all = ["print_spec", "explain_diff"], overrides_with = "no_plot")]
    pub plot: bool,
    /// No forest plot in the text.
    #[arg(help_heading = "Output", long, overrides_with = "plot")]
    pub no_plot: bool,
    /// Print the analysis file of this command line instead of pooling.
    #[arg(help_heading = "Output", long, conflicts_with_all = ["output", "strict", "quiet", "verbose"])]
    pub print_spec: bool,
    /// Compare two profiles, or a profile and the given choices, and split the gap by convention: meta,dl-wald.
    #[arg(
        help_heading = "Output",
        long,
        value_name = "PROFILE[,PROFILE]",
        value_delimiter = ',',
        value_parser = word::<Profile>(),
        ignore_case = true,
        conflicts_with_all = ["from", "print_spec", "strict", "quiet", "verbose", "unit", "no_common", "no_test", "no_studies"],
    )]
    pub explain_diff: Vec<Profile>,
    /// An advisory is exit code 1.
    #[arg(help_heading = "Output", long)]
    pub strict: bool,
    /// Print nothing on standard output.
    #[arg(help_heading = "Output", short, long)]
    pub quiet: bool,
    /// Say on standard error how the table was read and how the estimate was found.
    #[arg(help_heading = "Output", short, long)]
    pub verbose: bool,
}

/// One analysis a group of rows.
#[derive(Debug, Args)]
pub struct GroupArgs {
    /// One independent analysis for each value of this column (repeatable: each combination of values), and one row of
    /// results for each; -o FILE.csv, .jsonl or .parquet has all rows.
    #[arg(help_heading = "Groups", long, value_name = "COL", conflicts_with_all = OF_ONE_ANALYSIS)]
    pub group_by: Vec<String>,
    /// Refuse a table in which rows of a group do not stand together.
    #[arg(help_heading = "Groups", long, requires = "group_by")]
    pub sorted: bool,
    /// Keep the rows of the output file that are whole, and pool the groups that it does not have.
    #[arg(help_heading = "Groups", long, requires_all = ["group_by", "output"])]
    pub resume: bool,
}

/// What belongs to one analysis, and not to one of many.
const OF_ONE_ANALYSIS: [&str; 10] = [
    "from",
    "print_spec",
    "explain_diff",
    "subgroup",
    "subgroup_tau2",
    "title",
    "unit",
    "no_common",
    "no_test",
    "no_studies",
];

/// What a result document has of its own: its studies and its spec.
fn all_but_output() -> Vec<&'static str> {
    let (table, choices) = (Flags::<ReadOptions>::ids(), Flags::<Request>::ids());
    ["data", "print_spec", "subgroup", "subgroup_tau2", "group_by"]
        .into_iter()
        .chain(table)
        .chain(choices)
        .collect()
}

/// The formats of standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal.
    Text,
    /// The result document.
    Json,
    /// The result document on one line.
    Jsonl,
    /// The table of studies.
    Csv,
    /// Markdown.
    Md,
    /// A page that stands alone.
    Html,
}

/// `metaprop report`.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// The analysis file; without one, the embedded demonstration.
    pub analysis: Option<PathBuf>,
    /// The folder to write [default: reports/ and the name of the analysis].
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Write nothing; compare with what is there, say what moved, and exit 1 when stale.
    #[arg(long)]
    pub check: bool,
    /// Build the report again whenever the analysis file or its data change, until Ctrl-C.
    #[arg(long, conflicts_with_all = ["check", "junit", "summary"])]
    pub watch: bool,
    /// With --check: not stale where no pooled value, limit or prediction limit moved by more than this (of a proportion a
    /// fraction: 0.001 is 0.1 percentage points) and no claim has another verdict; what moved is said all the same.
    #[arg(long, value_name = "X", requires = "check", value_parser = tolerance)]
    pub tolerance: Option<f64>,
    /// Read data that lie outside of the folder of the analysis file too: for files that you trust.
    #[arg(long)]
    pub allow_outside: bool,
    /// Write the comparison as JUnit XML.
    #[arg(long, value_name = "FILE", requires = "check")]
    pub junit: Option<PathBuf>,
    /// Write the comparison as Markdown, for the summary of a CI job.
    #[arg(long, value_name = "FILE", requires = "check")]
    pub summary: Option<PathBuf>,
    /// An advisory is exit code 1.
    #[arg(long)]
    pub strict: bool,
    /// Print nothing on standard output.
    #[arg(short, long)]
    pub quiet: bool,
}

/// `metaprop lock`.
#[derive(Debug, Args)]
pub struct LockArgs {
    /// The analysis file; its lock stands beside it, under its name and .lock.
    pub analysis: PathBuf,
    /// Write nothing; hold the analysis against its lock, say what moved, and exit 1 where something did.
    #[arg(long)]
    pub check: bool,
    /// Read data that lie outside of the folder of the analysis file too: for files that you trust.
    #[arg(long)]
    pub allow_outside: bool,
    /// Print nothing on standard output.
    #[arg(short, long)]
    pub quiet: bool,
}

/// `metaprop data`.
#[derive(Debug, Args)]
pub struct DataArgs {
    /// The data set to print; without one, the list.
    pub name: Option<String>,
    /// The list as text or JSON.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// `metaprop list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// One choice (measure, tau2, ci, …), `schemas` for the JSON Schema of the documents, or `themes` for the themes of
    /// figures.
    pub choice: Option<String>,
    /// As text or JSON.
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// The formats of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For a terminal.
    Text,
    /// For a program.
    Json,
}

/// `metaprop selftest`.
#[derive(Debug, Args)]
#[command(after_help = "Exit code 1: a value has fewer digits than it should have, or a bit differs.")]
pub struct SelftestArgs {
    /// As text, a document or Markdown.
    #[arg(long, value_enum, default_value_t = DocumentFormat::Text)]
    pub format: DocumentFormat,
}

/// `metaprop completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: clap_complete::Shell,
}
