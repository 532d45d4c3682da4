//! The program's arguments with what stands below the help of each command: examples and exit codes.

use clap::builder::StyledStr;
use clap::error::ErrorKind;
use clap::{Command, CommandFactory, Error, FromArgMatches, Parser};

use super::args::Cli;
use super::ending::EXIT_CODES;

/// The words of each command and lines that can be typed as they are, with tables and analyses of those names; tests run
/// them.
const EXAMPLES: &[(&str, &[&str])] = &[
    ("", &["metaprop pool series.csv", "metaprop check analysis.toml", "metaprop report"]),
    (
        "pool",
        &[
            "metaprop pool series.csv",
            "metaprop pool series.csv --events responders --total total -o forest.svg -o result.json",
            "metaprop pool series.csv --measure logit --model glmm --ci profile",
            "metaprop pool series.csv --where 'year>=2010' --profile meta",
            "metaprop pool effects.csv --estimate yi --se sei",
            "metaprop pool registry.csv --group-by country -o pooled.csv",
        ],
    ),
    (
        "report",
        &["metaprop report analysis.toml -o reports", "metaprop report analysis.toml -o reports --check"],
    ),
    ("lock", &["metaprop lock analysis.toml", "metaprop lock analysis.toml --check"]),
    (
        "check",
        &[
            "metaprop check analysis.toml",
            "metaprop check --line '0.70 [0.60; 0.81], I² = 84 %, k = 17' series.csv --measure raw",
        ],
    ),
    ("scan", &["metaprop scan paper.md", "metaprop scan paper.md analysis.toml --junit scan.xml"]),
    (
        "reproduce",
        &[
            "metaprop reproduce series.csv --printed estimate=0.61 --printed ci=0.45,0.75",
            "metaprop reproduce series.csv --line '61% (95% CI 45 to 75)' --measure logit",
            "metaprop reproduce series.csv --subgroup type --printed 'subgroup.\"AT/AU\".estimate=35.2%'",
        ],
    ),
    (
        "multiverse",
        &[
            "metaprop multiverse series.csv -o curve.svg",
            "metaprop multiverse series.csv --conclusion 'lower > 40%'",
        ],
    ),
    (
        "reconstruct",
        &["metaprop reconstruct --printed estimate=53.4% --printed ci=40.1%,66.3% --printed k=4 \\\n    \
             --printed total=60 --known rows.csv --profile dl-wald"],
    ),
    ("subgroup", &["metaprop subgroup series.csv --subgroup type --subgroup-tau2 common"]),
    (
        "regress",
        &[
            "metaprop regress series.csv --mods 'dose + factor(type)' --at dose=5,10",
            "metaprop regress series.csv --mods dose --permutations 1000",
        ],
    ),
    ("leave-one-out", &["metaprop leave-one-out series.csv -o left-out.svg"]),
    ("cumulative", &["metaprop cumulative series.csv --sort year"]),
    ("influence", &["metaprop influence series.csv --conclusion 'lower > 40%'"]),
    ("gosh", &["metaprop gosh series.csv -o gosh.svg"]),
    ("bias", &["metaprop bias series.csv", "metaprop bias effects.csv --estimate yi --se sei"]),
    (
        "plot forest",
        &[
            "metaprop plot forest series.csv --theme jama --columns year,dose -o forest.svg",
            "metaprop plot forest analysis.toml -o outcomes.svg",
        ],
    ),
    ("plot funnel", &["metaprop plot funnel series.csv --trim-fill L0 -o funnel.svg"]),
    ("plot doi", &["metaprop plot doi series.csv -o doi.svg"]),
    ("plot drapery", &["metaprop plot drapery series.csv -o drapery.svg"]),
    ("plot leave-one-out", &["metaprop plot leave-one-out series.csv -o left-out.svg"]),
    ("plot cumulative", &["metaprop plot cumulative series.csv --sort year -o by-year.svg"]),
    ("plot bubble", &["metaprop plot bubble series.csv --mods dose -o dose.svg"]),
    ("plot baujat", &["metaprop plot baujat series.csv -o baujat.svg"]),
    ("plot radial", &["metaprop plot radial series.csv -o radial.svg"]),
    ("plot influence", &["metaprop plot influence series.csv -o influence.svg"]),
    ("plot gosh", &["metaprop plot gosh series.csv -o gosh.svg"]),
    ("plot specification", &["metaprop plot specification series.csv -o curve.svg"]),
    ("columns", &["metaprop columns series.csv", "metaprop columns review.xlsx --sheet Main"]),
    (
        "grim",
        &[
            "metaprop grim 58.4% --n 89",
            "metaprop grim percentages.csv --percent responders_percent --total total",
        ],
    ),
    (
        "simulate",
        &[
            "metaprop simulate --k 5,14 --n 10..60 --p 20% --true-tau2 0,0.5 --ci wald,hk",
            "metaprop simulate --n-from series.csv --p 50% --true-tau2 0.4 --measure raw,logit,freeman-tukey",
            "metaprop simulate --k 10 --n 50 --p 5% --true-tau2 0.3 --target mean --measure raw,logit",
        ],
    ),
    ("data", &["metaprop data", "metaprop data tofacitinib-aa > series.csv"]),
    ("list", &["metaprop list", "metaprop list tau2", "metaprop list themes"]),
    ("selftest", &["metaprop selftest"]),
    ("completions", &["metaprop completions bash > metaprop.bash"]),
    ("man", &["metaprop man > metaprop.1"]),
];

/// The arguments as they are parsed, and as help, completions and the manual page have them.
pub fn command() -> Command {
    with_examples(Cli::command(), "")
}

/// Parses the arguments of the process.
///
/// # Errors
///
/// What clap says of arguments that cannot be understood, and of `--help` and `--version`.
pub fn parse() -> Result<Cli, Error> {
    // What stands below the help takes longer to make than a command line to parse, and is made where help is asked for.
    match Cli::try_parse() {
        Err(said) if is_help(said.kind()) => {
            let mut command = command();
            let matches = command.try_get_matches_from_mut(std::env::args_os())?;
            Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
        }
        parsed => parsed,
    }
}

/// Whether what clap has to say is the help of a command.
const fn is_help(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand)
}

/// The examples of a command and of its subcommands.
pub fn examples_within(word: &str) -> Vec<&'static str> {
    let within = EXAMPLES.iter().filter(|(of, _)| of.split(' ').next() == Some(word));
    within.flat_map(|(_, lines)| lines.iter().copied()).collect()
}

/// The examples of a command; none where it has none.
fn examples(words: &str) -> &'static [&'static str] {
    EXAMPLES.iter().find(|(of, _)| *of == words).map_or(&[], |(_, lines)| lines)
}

fn with_examples(command: Command, words: &str) -> Command {
    let parts = [
        command.get_after_help().map(StyledStr::to_string),
        below("Examples", examples(words)),
        Some(EXIT_CODES.to_owned()),
    ];
    let help: Vec<String> = parts.into_iter().flatten().collect();
    let subcommands: Vec<String> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    subcommands.iter().fold(command.after_help(help.join("\n\n")), |command, name| {
        let words = if words.is_empty() { name.clone() } else { format!("{words} {name}") };
        command.mut_subcommand(name, |subcommand| with_examples(subcommand, &words))
    })
}

/// A title and the lines below it; `None` without lines.
fn below(title: &str, lines: &[&str]) -> Option<String> {
    let text: String = lines.iter().map(|line| format!("\n  {line}")).collect();
    (!lines.is_empty()).then(|| format!("{title}:{text}"))
}
