//! Arguments of the commands that examine published figures.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::flags::{ChoiceArgs, DisplayArgs, TableArgs};
use super::image::ImageArgs;
use crate::published::claim::Field;
use crate::published::multiverse::Conclusion;
use crate::published::reproduce::Slips;

/// The formats of those commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DocumentFormat {
    /// For a terminal.
    Text,
    /// A document for programs: metaprop list schemas.
    Json,
    /// Markdown.
    Md,
}

const ABOUT_GRIM: &str = "\
A percentage of N people is a whole number of them out of N, so its digits tell whether such a
number exists (Brown & Heathers 2017). Rounding half up, half to even and cutting off are tried.

In a table every row is held against its total, and the counts that its percentage can stand for
are listed; metaprop pool --percent COL takes the one nearest to the printed value.";

const ABOUT_COLUMNS: &str = "\
Columns are found by their names first; what their cells hold decides between several and rules
columns out. A column is named by its name or its position: --events '#3'. The flags are those of
pool, so that a command line can be tried here first.";

/// `metaprop columns`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_COLUMNS)]
pub struct ColumnsArgs {
    /// A table, - for standard input, or @NAME for an embedded data set.
    pub data: String,
    /// Which columns and rows.
    #[command(flatten)]
    pub table: TableArgs,
    /// What to print on standard output.
    #[arg(help_heading = "Output", long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
}

/// `metaprop grim`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_GRIM)]
pub struct GrimArgs {
    /// A percentage as it is printed, with all its digits (58.4%, 58.40, 0.584); or a table of them
    /// (CSV, Excel, JSON …), - for standard input.
    #[arg(value_name = "PERCENT|DATA", allow_negative_numbers = true)]
    pub subject: String,
    /// The number of people of a percentage.
    #[arg(long, value_name = "N", conflicts_with_all = TableArgs::ids())]
    pub n: Option<u64>,
    /// Which columns and rows of a table.
    #[command(flatten)]
    pub table: TableArgs,
    /// What to print on standard output.
    #[arg(help_heading = "Output", long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
}

const ABOUT_CHECK: &str = "\
Each [[claim]] of the analysis file is held against its outcome, recomputed from the studies; a
claim about an outcome without events is held against itself. The printed digits are an interval:
a value holds where it rounds to them, half up or half to even.

With --line the result in one sentence is held against a table: an estimate with its interval, and I2,
tau2, Q, p, k and what else papers print beside it. How the sentence was read is said.

Verdicts: holds; holds-truncated (only where digits are cut off; an advisory, exit 0); fails
(exit 1); not-checkable (nothing to hold it against; the reason says what is missing).";

/// `metaprop check`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_CHECK)]
pub struct CheckArgs {
    /// The analysis file, with its claims; with --line a table.
    #[arg(value_name = "ANALYSIS|DATA")]
    pub analysis: PathBuf,
    /// The sentence with the result, as it is printed.
    #[arg(long, value_name = "TEXT", conflicts_with = "allow_outside")]
    pub line: Option<String>,
    /// With --line: which columns and rows of the table.
    #[command(flatten)]
    pub table: TableArgs,
    /// With --line: how the result was made.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// With --line: what a printed number without a sign is.
    #[command(flatten)]
    pub display: DisplayArgs,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t = DocumentFormat::Text)]
    pub format: DocumentFormat,
    /// Also write a file; its extension decides: .json .md .txt (repeatable).
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Read data that lie outside of the folder of the analysis file too: for files that you trust.
    #[arg(long)]
    pub allow_outside: bool,
    /// Write the verdicts as JUnit XML, a test case a claim.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// An advisory is exit code 1.
    #[arg(long)]
    pub strict: bool,
    /// Print nothing on standard output.
    #[arg(short, long)]
    pub quiet: bool,
}

const ABOUT_SCAN: &str = "\
Every pooled result in a text (a number with its interval, or one that is said to be pooled) is
listed with its place. With an analysis file it is held against the outcome that it is about: the one
that has its figures, else the one that the words name. A result of which that cannot be told is
not-checkable, never a failure; so are odds ratios and the like. Without an analysis file the figures
of each result are held against each other. The percentage of every count printed as 12/50 (24%) is
recomputed.

.md, .tex and .txt are given as line and column, .docx as paragraph and character, with all changes
accepted; code, comments and deleted text are left out.";

/// `metaprop scan`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_SCAN)]
pub struct ScanArgs {
    /// The text: .md, .docx, .tex or .txt, or - for plain text from standard input.
    pub manuscript: PathBuf,
    /// The analysis file whose outcomes the text is about.
    pub analysis: Option<PathBuf>,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t = DocumentFormat::Text)]
    pub format: DocumentFormat,
    /// Also write a file; its extension decides: .json .md .txt (repeatable).
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Read data that lie outside of the folder of the analysis file too: for files that you trust.
    #[arg(long, requires = "analysis")]
    pub allow_outside: bool,
    /// Write the verdicts as JUnit XML, a test case a result and a count.
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// An advisory is exit code 1, such as a pooled result that is that of no outcome.
    #[arg(long)]
    pub strict: bool,
    /// Print nothing on standard output.
    #[arg(short, long)]
    pub quiet: bool,
}

/// `metaprop reproduce`.
#[derive(Debug, Args)]
#[command(after_help = about_reproduce())]
pub struct ReproduceArgs {
    /// A table (CSV, Excel, JSON, Stata, RevMan …), - for standard input, or @NAME for an embedded data set.
    pub data: String,
    /// A printed figure, with all its digits (repeatable): estimate=54.0%, ci=46.3%,61.5%; of a level of --subgroup
    /// 'subgroup."LEVEL".estimate=54.0%'.
    #[arg(long, value_name = "FIELD=VALUE", required_unless_present = "line")]
    pub printed: Vec<String>,
    /// The column that has the level which the printed figures are of: its studies alone are searched.
    #[arg(long, value_name = "COL")]
    pub subgroup: Option<String>,
    /// A sentence with the printed figures: '0.70 [0.60; 0.81], I² = 84 %, k = 17'.
    #[arg(long, value_name = "TEXT")]
    pub line: Option<String>,
    /// A printed figure of one study (repeatable): 'Alpha 2001: percent=66.7%', 'Alpha 2001: weight=9.1%'.
    #[arg(long, value_name = "STUDY: FIELD=VALUE")]
    pub printed_of: Vec<String>,
    /// Whether the data are also tried with one error undone: where nothing fits or what fits may be chance, always, or
    /// never.
    #[arg(help_heading = "Search", long, value_name = "WHEN", value_enum, default_value_t = SlipsWord::Auto)]
    pub slips: SlipsWord,
    /// The same as --slips never.
    #[arg(help_heading = "Search", long, conflicts_with = "slips")]
    pub as_read: bool,
    /// A table of rows that were not read with the data, one of which may have been pooled too (repeatable);
    /// rows that --where leaves out are tried without it.
    #[arg(help_heading = "Search", long, value_name = "FILE", conflicts_with = "as_read")]
    pub aside: Vec<String>,
    /// Look at every subset of the studies too, of at most 20: which of them were pooled?
    #[arg(help_heading = "Search", long)]
    pub subsets: bool,
    /// How many matches to tell.
    #[arg(help_heading = "Search", long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub list: u16,
    /// On how many perturbed data sets the search is repeated, to say what chance gives; 0 for none.
    #[arg(help_heading = "Search", long, value_name = "N", default_value_t = 99)]
    pub replicates: u32,
    /// Which columns and rows.
    #[command(flatten)]
    pub table: TableArgs,
    /// What is known about the analysis.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// What a printed number without a sign is, and how to print.
    #[command(flatten)]
    pub display: DisplayArgs,
    /// What to print on standard output.
    #[arg(help_heading = "Output", long, value_enum, default_value_t = DocumentFormat::Text)]
    pub format: DocumentFormat,
    /// Also write a file; its extension decides: .json .md .txt (repeatable).
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
}

/// The words of `--slips`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SlipsWord {
    /// Where nothing fits, or what fits may be chance.
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

impl ReproduceArgs {
    /// When edits of the data are tried.
    pub(crate) fn slips(&self) -> Slips {
        match self.slips {
            _ if self.as_read => Slips::Never,
            SlipsWord::Auto => Slips::Auto,
            SlipsWord::Always => Slips::Always,
            SlipsWord::Never => Slips::Never,
        }
    }
}

fn about_reproduce() -> String {
    let fields: String = Field::ALL
        .iter()
        .filter(|field| !matches!(field, Field::Weight | Field::BetweenP | Field::Coefficient))
        .map(|field| format!("  {:11} {}\n", field.key(), field.about()))
        .collect();
    format!(
        "\
Every specification that the choice flags leave open is computed and held against the printed
figures: all by inverse variance, then the likelihood models and others that take longer. A figure
may be misprinted: one digit wrong, two transposed, estimate and limit exchanged, a percent sign too
many or too few. Where nothing gives them all, or what does may be chance, the data are also tried
with one error in one row undone (--slips): a study left out, counted twice, its events and non-events
swapped, two digits transposed, a percentage read as another count that is printed so, a row put back
that was left out. What was likelier to begin with comes first.

Ctrl-C prints the best so far.

Fields:
{fields}"
    )
}

/// `metaprop reconstruct`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT_RECONSTRUCT)]
pub struct ReconstructArgs {
    /// A printed figure, with all its digits (repeatable); k and total are needed, each as printed or as a range:
    /// k=12..14.
    #[arg(long, value_name = "FIELD=VALUE", required_unless_present = "line")]
    pub printed: Vec<String>,
    /// A sentence with the printed figures: '54.0% (46.3% to 61.5%), 14 studies, 275 patients'.
    #[arg(long, value_name = "TEXT")]
    pub line: Option<String>,
    /// A table of rows that are known; rows of one name are readings of one study (repeatable).
    #[arg(long, value_name = "FILE")]
    pub known: Vec<String>,
    /// A table of rows that are known, each of which may have been left out (repeatable).
    #[arg(long, value_name = "FILE")]
    pub optional: Vec<String>,
    /// A printed figure of a second outcome of the same studies and people: tables that give both (repeatable).
    #[arg(long, value_name = "FIELD=VALUE")]
    pub also: Vec<String>,
    /// The column of its events in the tables of known rows; an empty cell is not known.
    #[arg(long, value_name = "COL", requires = "also")]
    pub also_events: Option<String>,
    /// The least number of people in a row that is not known.
    #[arg(help_heading = "Search", long, value_name = "N", default_value_t = 1)]
    pub min_n: u64,
    /// The largest number of people in a row that is not known [default: all that are left].
    #[arg(help_heading = "Search", long, value_name = "N")]
    pub max_n: Option<u64>,
    /// Take digits that were cut off instead of rounded as well.
    #[arg(help_heading = "Search", long)]
    pub truncation: bool,
    /// Look at all tables where there are at most this many; else the search is a local one.
    #[arg(help_heading = "Search", long, value_name = "N", default_value_t = 10_000_000)]
    pub budget: u64,
    /// How often the local search starts anew.
    #[arg(help_heading = "Search", long, value_name = "N", default_value_t = 200)]
    pub tries: u64,
    /// How many tables to print.
    #[arg(help_heading = "Search", long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub list: u16,
    /// Which columns and rows of the known tables.
    #[command(flatten)]
    pub table: TableArgs,
    /// The specification that the figures were made with.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// What a printed number without a sign is, and how to print.
    #[command(flatten)]
    pub display: DisplayArgs,
    /// What to print on standard output.
    #[arg(help_heading = "Output", long, value_enum, default_value_t = DocumentFormat::Text)]
    pub format: DocumentFormat,
    /// Also write a file; its extension decides: .json .md .txt (repeatable).
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
}

const ABOUT_RECONSTRUCT: &str = "\
The tables found are what the data may have been under the given specification, never what they
were. Where all tables within the bounds were looked at, none found means that none exists; else
it means no more than that none was found in so many tries. Ctrl-C tells what was found so far.";

/// The formats of what is a table of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// For a terminal.
    Text,
    /// A document for programs: metaprop list schemas.
    Json,
    /// A row a line.
    Csv,
    /// Markdown.
    Md,
}

/// `metaprop multiverse`.
#[derive(Debug, Args)]
pub struct MultiverseArgs {
    /// A table (CSV, Excel, JSON, Stata, RevMan …), - for standard input, or @NAME for an embedded data set.
    pub data: String,
    /// A statement that each specification bears out or not: 'lower > 50%', 'estimate < 0.3'.
    #[arg(long, value_name = "STATEMENT", value_parser = |typed: &str| typed.parse::<Conclusion>())]
    pub conclusion: Option<Conclusion>,
    /// Which columns and rows.
    #[command(flatten)]
    pub table: TableArgs,
    /// The choices that are settled; the others are varied.
    #[command(flatten)]
    pub choices: ChoiceArgs,
    /// How to print.
    #[command(flatten)]
    pub display: DisplayArgs,
    /// What to print on standard output.
    #[arg(help_heading = "Output", long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
    /// Also write a file; its extension decides: .json .csv .md .txt, or .svg .png .pdf for the specification curve (repeatable).
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// How fine the curve is.
    #[command(flatten)]
    pub image: ImageArgs,
    /// Title of the figure.
    #[arg(help_heading = "Output", long)]
    pub title: Option<String>,
}
