//! `metaprop reconstruct`: count tables consistent with a printed summary.

use std::path::{Path, PathBuf};

use super::line::Figures;
use crate::cli::args::ReconstructArgs;
use crate::cli::ending::Ending;
use crate::cli::output::{hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::cli::watched::watched;
use crate::data::{Dataset, Provenance};
use crate::error::{Error, Problem};
use crate::io::identity::Inputs;
use crate::options::{DEFAULT_SEED, ReadOptions, Spec};
use crate::published::claim::{Claim, Field};
use crate::published::reconstruct::joint::{JointQuery, KnownStudy, reconstruct_joint};
use crate::published::reconstruct::{CountRange, KnownRow, ReconstructQuery, reconstruct};
use crate::report::reconstruct::ReconstructReport;
use crate::report::{Document, Format, JointReport};

/// Searches; exit 1 where no table was found.
pub(crate) fn run(args: &ReconstructArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let inputs: Vec<&Path> = args.known.iter().chain(&args.optional).map(Path::new).collect();
    let targets = targets(&args.output, ReconstructReport::FORMATS, &Inputs::of(&inputs))?;
    let Bounds { printed, k, total } = Bounds::of(&args.printed)?;
    let figures = Figures::new(args.line.as_deref(), &printed)?.on_scale(args.display.scale);
    let spec = figures.choices(*args.choices).resolve()?;
    let printed = figures.claim;
    figures.reading.iter().for_each(|reading| terminal.say(reading));
    for (field, range) in [(Field::K, k), (Field::Total, total)] {
        if let Some(range) = range.filter(|_| printed.count(field).is_some()) {
            let what = format!("'{}' is claimed twice: as printed, and as {range}", field.key());
            return Err(Error::Usage(vec![Problem::new(what).help("give one of the two")]));
        }
    }
    if !args.also.is_empty() {
        if let Some(range) = k.or(total) {
            let problem =
                Problem::new(format!("two outcomes at once are searched for one size, not for {range}"));
            return Err(Error::Usage(vec![problem.help("give k and total as printed, or leave --also out")]));
        }
        return joint(args, terminal, &printed, &spec, &targets);
    }
    let (known, sources) = of_files(args, rows)?;
    let query = ReconstructQuery {
        sizes: [args.min_n, args.max_n.unwrap_or(u64::MAX)],
        truncation: args.truncation,
        budget: args.budget,
        tries: args.tries,
        seed: args.choices.seed.unwrap_or(DEFAULT_SEED),
        list: args.list.into(),
        k,
        total,
        ..ReconstructQuery::new(&printed, &spec, known)
    };
    let found = reconstruct(&query, watched("searching"))?;
    let reconstructed = ReconstructReport::new(sources, printed.clone(), found);
    hand_over(terminal, Some(args.format.into()), &targets, &reconstructed)?;
    let found = reconstructed.found();
    Ok(ending(found.stopped, found.found))
}

/// The printed figures, and the ranges of k and total among them: `k=12..14`.
struct Bounds {
    printed: Vec<String>,
    k: Option<CountRange>,
    total: Option<CountRange>,
}

impl Bounds {
    fn of(typed: &[String]) -> Result<Self, Error> {
        let mut bounds = Self { printed: Vec::new(), k: None, total: None };
        for figure in typed {
            let range = figure.split_once('=').filter(|(_, value)| value.contains(".."));
            let slot = match range.map(|(field, _)| Field::parse(field)).transpose()? {
                Some(Field::K) => &mut bounds.k,
                Some(Field::Total) => &mut bounds.total,
                _ => {
                    bounds.printed.push(figure.clone());
                    continue;
                }
            };
            let value = range.map_or("", |(_, value)| value);
            if slot.replace(value.parse()?).is_some() {
                return Err(Error::usage(format!("'{figure}' is the second range of the same field")));
            }
        }
        Ok(bounds)
    }
}

fn ending(stopped: bool, found: u64) -> Ending {
    match (stopped, found) {
        (true, _) => Ending::Interrupted,
        (_, 0) => Ending::Negative,
        _ => Ending::Done,
    }
}

/// Searches for tables that give the figures of a second outcome as well.
fn joint(
    args: &ReconstructArgs,
    terminal: &Terminal,
    printed: &Claim,
    spec: &Spec,
    targets: &[(PathBuf, Format)],
) -> Result<Ending, Error> {
    let also = Figures::new(None, &args.also)?.on_scale(args.display.scale).claim;
    let (known, sources) = of_files(args, studies)?;
    let query = JointQuery {
        sizes: [args.min_n, args.max_n.unwrap_or(u64::MAX)],
        truncation: args.truncation,
        budget: args.budget,
        tries: args.tries,
        seed: args.choices.seed.unwrap_or(DEFAULT_SEED),
        list: args.list.into(),
        ..JointQuery::new([printed, &also], spec, known)
    };
    let found = reconstruct_joint(&query, watched("searching"))?;
    let ending = ending(found.stopped, found.found);
    let report = JointReport::new(sources, [printed.clone(), also.clone()], found);
    hand_over(terminal, Some(args.format.into()), targets, &report)?;
    Ok(ending)
}

/// What is known from the files of `--known` and `--optional`, each read by `read`, and where it comes from.
fn of_files<T>(
    args: &ReconstructArgs,
    read: impl Fn(&str, bool, &ReconstructArgs) -> Result<(Vec<T>, Provenance), Error>,
) -> Result<(Vec<T>, Vec<Provenance>), Error> {
    let (mut known, mut sources) = (Vec::new(), Vec::new());
    for (files, optional) in [(&args.known, false), (&args.optional, true)] {
        for file in files {
            let (rows, source) = read(file, optional, args)?;
            known.extend(rows);
            sources.push(source);
        }
    }
    Ok((known, sources))
}

/// The studies of a file with the events of both outcomes; rows of one name are alternatives of one study.
fn studies(
    file: &str,
    optional: bool,
    args: &ReconstructArgs,
) -> Result<(Vec<KnownStudy>, Provenance), Error> {
    let column = args.also_events.clone().ok_or_else(|| {
        let problem = Problem::new("--also needs the column of its events in the tables of known rows");
        Error::Usage(vec![problem.help("--also-events names it; an empty cell is not known")])
    })?;
    let first = Dataset::read_with(file, &args.table)?;
    let second = Dataset::read_with(file, &ReadOptions { events: Some(column), ..(*args.table).clone() })?;
    let mut studies = KnownStudy::from_tables(&first, &second)?;
    studies.iter_mut().for_each(|study| study.optional = optional);
    Ok((studies, first.provenance))
}

/// The rows of a file; rows of one name are alternatives of one study.
fn rows(file: &str, optional: bool, args: &ReconstructArgs) -> Result<(Vec<KnownRow>, Provenance), Error> {
    let table = Dataset::read_with(file, &args.table)?;
    let mut rows = KnownRow::from_table(&table)?;
    rows.iter_mut().for_each(|row| row.optional = optional);
    Ok((rows, table.provenance))
}
