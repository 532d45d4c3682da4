//! Arguments of `metaprop simulate`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::flags::{DisplayArgs, TableArgs, list_flag, typed_in_lists, word};
use super::review::TableFormat;
use crate::analysis::StudySizes;
use crate::options::values::open_fraction;
use crate::options::{Choice, Link, Specifications, Target, TrueDistribution};

const ABOUT: &str = "\
Of each truth (every combination of k, n, p, true-tau2, link and distribution) meta-analyses are drawn: for every
study a true proportion P whose value on the scale of the link has the mean g(p) and the variance true-tau2, and then
a binomial number of events. Each is pooled by every specification, and the estimates are compared with
what is true. The figures and their Monte Carlo standard errors are those of Morris, White & Crowther 2019.

A choice can have several values, separated by commas: every combination that goes together is a specification.";

/// `metaprop simulate`.
#[derive(Debug, Args)]
#[command(after_help = ABOUT)]
pub struct SimulateArgs {
    /// How many studies a meta-analysis has (a list: one truth each) [default with --n-from: as many as the table].
    #[arg(help_heading = "Truth", long, value_name = "K,…", value_delimiter = ',', required_unless_present = "n_from", value_parser = studies)]
    pub k: Vec<usize>,
    /// How many people they have: a range from which the number of each study is drawn anew every time, 10..60, or the
    /// number of each study, 20,50,100, again from the first where there are more (repeatable: one truth each).
    #[arg(help_heading = "Truth", long, value_name = "N", required_unless_present = "n_from", value_parser = |typed: &str| typed.parse::<StudySizes>())]
    pub n: Vec<StudySizes>,
    /// The numbers of people of a table, of this file or embedded data set, in their order; again from the first where there
    /// are more studies.
    #[arg(help_heading = "Truth", long, value_name = "DATA", conflicts_with = "n")]
    pub n_from: Option<String>,
    /// The true proportion of the middle, whose value on the scale of the link is the mean there (a list: one truth each).
    #[arg(help_heading = "Truth", long, value_name = "P,…", value_delimiter = ',', required = true, value_parser = |typed: &str| open_fraction("p", typed))]
    pub p: Vec<f64>,
    /// The variance of the true proportions on the scale of the link (a list: one truth each).
    #[arg(help_heading = "Truth", long, value_name = "TAU2,…", value_delimiter = ',', default_value = "0", allow_negative_numbers = true, value_parser = variance)]
    pub true_tau2: Vec<f64>,
    /// The scale on which the true proportions are distributed (a list: one truth each) [default: logit; raw with
    /// --distribution beta].
    #[arg(help_heading = "Truth", long, value_name = "LINK,…", value_delimiter = ',', ignore_case = true, value_parser = word::<Link>())]
    pub link: Vec<Link>,
    /// How they are distributed there (a list: one truth each).
    #[arg(help_heading = "Truth", long, value_name = "DISTRIBUTION,…", value_delimiter = ',', default_value = "normal", ignore_case = true, value_parser = word::<TrueDistribution>())]
    pub distribution: Vec<TrueDistribution>,
    /// What the estimates are compared with: the median of the true proportions, their mean, or p.
    #[arg(help_heading = "Truth", long, value_name = "TARGET", default_value = Target::WORDS[0].key, ignore_case = true, value_parser = word::<Target>())]
    pub target: Target,
    /// How many meta-analyses are drawn of each truth.
    #[arg(help_heading = "Draws", long, value_name = "N", default_value_t = DEFAULT_REPETITIONS)]
    pub repetitions: NonZeroU32,
    /// The seed of the random numbers.
    #[arg(help_heading = "Draws", long, value_name = "N", default_value_t = crate::options::DEFAULT_SEED)]
    pub seed: u64,
    /// The specifications.
    #[command(flatten)]
    pub specifications: SpecificationArgs,
    /// With --n-from: which columns and rows of the table.
    #[command(flatten)]
    pub table: TableArgs,
    /// How to print.
    #[command(flatten)]
    pub display: DisplayArgs,
    /// What to print on standard output.
    #[arg(help_heading = "Output", long, value_enum, default_value_t = TableFormat::Text)]
    pub format: TableFormat,
    /// Also write a file; its extension decides: .json .csv .md .txt (repeatable).
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
}

const DEFAULT_REPETITIONS: NonZeroU32 = NonZeroU32::new(10_000).expect("it is not 0");

/// A number of studies.
fn studies(typed: &str) -> Result<usize, String> {
    let k = typed.trim().parse().ok().filter(|k| *k >= 1);
    k.ok_or_else(|| "not a whole number from 1 up".to_owned())
}

/// A variance.
fn variance(typed: &str) -> Result<f64, String> {
    let value = typed.trim().parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0);
    value.ok_or_else(|| "not a number from 0 up".to_owned())
}

/// The choices of the specifications, each with any number of values.
#[derive(Debug, Clone, Default)]
pub struct SpecificationArgs(pub Specifications);

impl Args for SpecificationArgs {
    fn augment_args(command: Command) -> Command {
        command.args(Specifications::rows().map(list_flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SpecificationArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut lists = Self::default();
        lists.update_from_arg_matches(matches)?;
        Ok(lists)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        typed_in_lists(Specifications::rows(), matches, |key, typed| self.0.add(key, typed))
    }
}
