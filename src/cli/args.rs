//! What can be typed: commands, flags and their help.

mod plot;
mod review;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::choice::{Tau2Parser, word};
use crate::format::Display;
use crate::options::values::open_fraction;
use crate::options::{
    BackTransform, Ci, I2Method, Measure, Model, PredictionMethod, Profile, StudyCi, Tau2Ci, ZeroCells,
};
use crate::options::{Decimal, Filter, ReadOptions};
use crate::options::{Level, Request, Tau2};

pub use plot::{PlotArgs, PlotKind};
pub use review::{
    CheckArgs, DocumentFormat, GrimArgs, MultiverseArgs, ReconstructArgs, ReproduceArgs, TableFormat,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  a claim does not hold, nothing was found, a percentage is impossible, a report is
     stale, or an advisory under --strict
  2  usage, or an analysis file that cannot be understood
  3  data rejected
  4  no convergence
  5  a file could not be read or written
130  stopped by Ctrl-C; a long search tells the best it had found";

/// Meta-analysis of proportions: from counts to a pooled proportion, a forest plot and a report.
#[derive(Debug, Parser)]
#[command(name = "metaprop", version, arg_required_else_help = true, propagate_version = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// Colour the terminal output.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
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
    /// Recompute published claims, and say which hold.
    Check(CheckArgs),
    /// Given printed figures, find the specifications (and readings of the data) that give them.
    Reproduce(Box<ReproduceArgs>),
    /// Compute every defensible specification: one table and one curve.
    Multiverse(Box<MultiverseArgs>),
    /// Find count tables that are consistent with a printed summary, or say that none exists.
    Reconstruct(Box<ReconstructArgs>),
    /// Draw one figure, as SVG.
    #[command(subcommand)]
    Plot(PlotKind),
    /// Could this percentage come from N people? And the percentages of a table?
    Grim(GrimArgs),
    /// List the embedded data sets, or print one.
    Data(DataArgs),
    /// List the words of every choice, with formula and source.
    List(ListArgs),
    /// Recompute the certified values on this machine, and say how many digits agree.
    Selftest(SelftestArgs),
    /// Print the completions of a shell.
    Completions(CompletionsArgs),
    /// Print the manual page.
    Man,
}

/// `metaprop pool`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct PoolArgs {
    /// A table of counts (.csv, .tsv), - for standard input, or @NAME for an embedded data set.
    #[arg(required_unless_present = "from")]
    pub data: Option<String>,
    /// Run a result document again, from its own studies and spec, instead of a table.
    #[arg(long, value_name = "RESULT.json", conflicts_with_all = [
        "data", "study", "events", "percent", "total", "decimal", "outcome", "filters", "profile", "measure", "model", "tau2",
        "ci", "prediction", "tau2_ci", "i2", "study_ci", "zero_cells", "zero_amount", "back_transform", "level",
        "null", "cutoff", "seed", "print_spec",
    ])]
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
    /// What to print on standard output.
    #[arg(help_heading = "Output", long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write a file; its extension decides: .json .jsonl .csv .md .html .svg .txt (repeatable).
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Title of the figure and the report.
    #[arg(help_heading = "Output", long)]
    pub title: Option<String>,
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
        conflicts_with_all = ["from", "print_spec", "strict", "quiet", "verbose"],
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
    /// How many threads may be used; the results are the same on any number.
    #[arg(help_heading = "Output", long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
}

/// Which columns and rows of a table.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Table")]
pub struct TableArgs {
    /// The column of study names (repeatable: joined by a space). Common names are found without it.
    #[arg(long, value_name = "COL")]
    pub study: Vec<String>,
    /// The column of events.
    #[arg(long, value_name = "COL")]
    pub events: Option<String>,
    /// The column of percentages as printed, from which the events are derived, in place of a column of events.
    #[arg(long, value_name = "COL", conflicts_with = "events")]
    pub percent: Option<String>,
    /// The column of totals.
    #[arg(long, value_name = "COL")]
    pub total: Option<String>,
    /// The decimal mark of the table.
    #[arg(long, value_name = "MARK", default_value = ".", value_parser = ["." , ","])]
    pub decimal: String,
    /// The outcome to keep, of a table with a column of outcomes.
    #[arg(long, value_name = "VALUE")]
    pub outcome: Option<String>,
    /// Keep the rows whose column has this value (repeatable).
    #[arg(long = "where", value_name = "COL=VALUE")]
    pub filters: Vec<Filter>,
}

impl TableArgs {
    /// As options of the reader.
    #[must_use]
    pub fn options(&self) -> ReadOptions {
        ReadOptions {
            study: self.study.clone(),
            events: self.events.clone(),
            percent: self.percent.clone(),
            total: self.total.clone(),
            decimal: if self.decimal == "," { Decimal::Comma } else { Decimal::Point },
            outcome: self.outcome.clone(),
            filters: self.filters.clone(),
        }
    }
}

/// Every choice of the vocabulary.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Choices (metaprop list)")]
pub struct ChoiceArgs {
    /// A named set of defaults and conventions.
    #[arg(long, value_parser = word::<Profile>(), ignore_case = true)]
    pub profile: Option<Profile>,
    /// The scale on which proportions are pooled.
    #[arg(long, value_parser = word::<Measure>(), ignore_case = true)]
    pub measure: Option<Measure>,
    /// Which model gives the pooled proportion.
    #[arg(long, value_parser = word::<Model>(), ignore_case = true)]
    pub model: Option<Model>,
    /// How the between-study variance is estimated, or a number: a fixed value.
    #[arg(long, value_parser = Tau2Parser, ignore_case = true, allow_negative_numbers = true)]
    pub tau2: Option<Tau2>,
    /// The confidence interval of the random-effects estimate.
    #[arg(long, value_parser = word::<Ci>(), ignore_case = true)]
    pub ci: Option<Ci>,
    /// The prediction interval.
    #[arg(long, value_parser = word::<PredictionMethod>(), ignore_case = true)]
    pub prediction: Option<PredictionMethod>,
    /// The confidence interval of tau2.
    #[arg(long, value_parser = word::<Tau2Ci>(), ignore_case = true)]
    pub tau2_ci: Option<Tau2Ci>,
    /// How I2 is defined.
    #[arg(long, value_parser = word::<I2Method>(), ignore_case = true)]
    pub i2: Option<I2Method>,
    /// The confidence interval of each study.
    #[arg(long, value_parser = word::<StudyCi>(), ignore_case = true)]
    pub study_ci: Option<StudyCi>,
    /// Which studies get an amount added to events and non-events.
    #[arg(long, value_parser = word::<ZeroCells>(), ignore_case = true)]
    pub zero_cells: Option<ZeroCells>,
    /// The amount added [default: 0.5].
    #[arg(long, value_name = "AMOUNT", allow_negative_numbers = true)]
    pub zero_amount: Option<f64>,
    /// Which n enters the inverse of the Freeman-Tukey transformation.
    #[arg(long, value_parser = word::<BackTransform>(), ignore_case = true)]
    pub back_transform: Option<BackTransform>,
    /// The confidence level, in percent; a fraction from 0.5 up is read as one [default: 95].
    #[arg(long, value_name = "PERCENT")]
    pub level: Option<Level>,
    /// The proportion that the test compares with [default: 50%].
    #[arg(long, value_name = "PROPORTION", value_parser = |typed: &str| open_fraction("null", typed))]
    pub null: Option<f64>,
    /// Estimate the share of true proportions above this one, with an interval.
    #[arg(long, value_name = "PROPORTION", value_parser = |typed: &str| open_fraction("cutoff", typed))]
    pub cutoff: Option<f64>,
    /// The seed of the random numbers of a bootstrap [default: 1].
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

impl ChoiceArgs {
    /// As a request.
    #[must_use]
    pub const fn request(&self) -> Request {
        Request {
            profile: self.profile,
            measure: self.measure,
            input_scale: None,
            model: self.model,
            tau2: self.tau2,
            ci: self.ci,
            prediction: self.prediction,
            tau2_ci: self.tau2_ci,
            i2: self.i2,
            study_ci: self.study_ci,
            zero_cells: self.zero_cells,
            zero_amount: self.zero_amount,
            back_transform: self.back_transform,
            level: self.level,
            null: self.null,
            cutoff: self.cutoff,
            seed: self.seed,
        }
    }
}

/// How proportions are printed.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Display")]
pub struct DisplayArgs {
    /// Print proportions per this many: 1, 100 (percent), 1000, …
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub scale: u64,
    /// Decimals of printed proportions [default: 1, or 3 with --scale 1].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=15))]
    pub digits: Option<u8>,
}

impl DisplayArgs {
    /// As the display of the formats for people.
    #[must_use]
    pub fn display(&self) -> Display {
        let display = Display::per(self.scale);
        Display { digits: self.digits.map_or(display.digits, usize::from), ..display }
    }
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
#[command(after_help = EXIT_CODES)]
pub struct ReportArgs {
    /// The analysis file; without one, the embedded demonstration.
    pub analysis: Option<PathBuf>,
    /// The folder to write [default: reports/ and the name of the analysis].
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Write nothing; compare with what is there, say what moved, and exit 1 when stale.
    #[arg(long)]
    pub check: bool,
    /// Write the comparison as JUnit XML.
    #[arg(long, value_name = "FILE", requires = "check")]
    pub junit: Option<PathBuf>,
    /// An advisory is exit code 1.
    #[arg(long)]
    pub strict: bool,
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
    /// One choice (measure, tau2, ci, …), or `schemas` for the JSON Schema of the documents.
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
