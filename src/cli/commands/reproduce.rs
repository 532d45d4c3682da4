//! `metaprop reproduce`: which specification, and which reading of the data, gives the printed figures?

use std::collections::BTreeSet;
use std::path::Path;

use super::line::Figures;
use super::reproduce_level::OfLevel;
use crate::cli::args::ReproduceArgs;
use crate::cli::ending::Ending;
use crate::cli::interrupt::Interrupt;
use crate::cli::output::{hand_over, targets};
use crate::cli::progress::Progress;
use crate::cli::terminal::Terminal;
use crate::data::{Dataset, PercentRow, Study};
use crate::error::{Error, Problem, nearest};
use crate::io::identity::Inputs;
use crate::io::open::load;
use crate::io::read;
use crate::options::{DEFAULT_SEED, Parts, ReadOptions};
use crate::printed::Relation;
use crate::published::claim::{Claim, Figure};
use crate::published::reproduce::{self, Calibrated, ReproduceQuery, Stage, Subsets, Uncalibrated};
use crate::report::Document;
use crate::report::reproduce::ReproduceReport;

/// Searches; exit 1 where nothing gives every printed figure.
pub(crate) fn run(args: &ReproduceArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let aside = args.aside.iter().map(Path::new);
    let inputs: Vec<&Path> = [Path::new(&args.data)].into_iter().chain(aside).collect();
    let targets = targets(&args.output, ReproduceReport::FORMATS, &Inputs::of(&inputs))?;
    let figures = all_printed(args)?;
    let choices = figures.choices(*args.choices);
    let printed = figures.claim;
    let of = OfLevel::new(args.subgroup.as_deref(), figures.subgroup.as_deref())?;
    let spec = choices.resolve_for(&args.table, *args.display, &Parts::default())?;
    let data = Data::read(args, of.as_ref())?;
    refuse_unsearchable(&printed, &data)?;
    figures.reading.iter().for_each(|reading| terminal.say(reading));
    let interrupt = Interrupt::armed();
    let query = ReproduceQuery {
        explicit: choices,
        omitted_rows: &data.omitted_rows,
        percentages: &data.percentages,
        list: args.list.into(),
        ..ReproduceQuery::new(&data.table, &printed)
    };
    let Calibrated { found, chance, data_errors, .. } = find(&query, args, &interrupt)?;
    let subsets = if args.subsets && !found.stopped { Some(of_subsets(&query, &interrupt)?) } else { None };
    let chance = chance.map_err(|why| Uncalibrated::reason(&found, subsets.as_ref()).unwrap_or(why));
    let query = ReproduceQuery { data_errors, ..query };
    let searched = ReproduceReport::new(&query, spec, found).with_subsets(subsets).with_chance(chance);
    let searched = match of {
        Some(OfLevel { column, level }) => searched.of_level(column, level),
        None => searched,
    };
    let display = args.display.over(searched.number_format());
    let searched = searched.display(display);
    hand_over(terminal, Some(args.format.into()), &targets, &searched)?;
    Ok(match searched.matches() + searched.found().with_misprint {
        _ if interrupt.came() => Ending::Interrupted,
        0 => Ending::Negative,
        _ => Ending::Done,
    })
}

/// The studies, and what else may have been pooled.
struct Data {
    table: Dataset,
    /// Rows that the filters left out, and those of `--aside`.
    omitted_rows: Vec<Study>,
    /// The percentages that the counts were derived from.
    percentages: Vec<PercentRow>,
}

impl Data {
    fn read(args: &ReproduceArgs, of: Option<&OfLevel>) -> Result<Self, Error> {
        let options = &*args.table;
        // Once: standard input cannot be read again.
        let (bytes, shown) = load(&args.data)?;
        let table = read::read_bytes(&bytes, &shown, options)?;
        let derived = !table.columns.percent.is_empty() && table.columns.events.is_empty();
        let percentages =
            if derived { read::read_percentages(&bytes, &shown, options)?.rows } else { Vec::new() };
        let mut omitted_rows = Vec::new();
        if !options.filters.is_empty() && args.slips() != reproduce::Slips::Never {
            let whole = ReadOptions { filters: Vec::new(), ..options.clone() };
            // What is wrong in a row that was filtered out is no reason to refuse the others.
            let others = read::read_bytes(&bytes, &shown, &whole).and_then(|table| table.counted());
            let kept: BTreeSet<u32> = table.labels().iter().map(|label| label.line).collect();
            omitted_rows
                .extend(others.unwrap_or_default().into_iter().filter(|row| !kept.contains(&row.line)));
        }
        let table = match of {
            Some(of) => {
                let (level, others) = of.parted(&table)?;
                if args.slips() != reproduce::Slips::Never {
                    omitted_rows.extend(others);
                }
                level
            }
            None => table,
        };
        for file in &args.aside {
            omitted_rows.extend(Dataset::read_with(file, options)?.counted()?);
        }
        Ok(Self { table, omitted_rows, percentages })
    }
}

/// Refuses what no search can find: figures without digits, and figures of studies that there are not.
fn refuse_unsearchable(printed: &Claim, data: &Data) -> Result<(), Error> {
    let omitted = || data.omitted_rows.iter().map(|study| &*study.name);
    let names = || data.table.labels().iter().map(|label| label.name).chain(omitted());
    let mut problems = Vec::new();
    for entry in &printed.entries {
        let about = match &entry.printed {
            Figure::One(one) => one.relation() == Relation::About,
            Figure::Two(two) => [&two.lower, &two.upper].iter().any(|one| one.relation() == Relation::About),
        };
        if about {
            let problem =
                Problem::new(format!("{} = {}: every value is about that", entry.field.key(), entry.printed));
            problems.push(problem.help("give the digits as they are printed, or leave the field out"));
        }
        if let Some(study) = entry.study.as_deref().filter(|study| !names().any(|name| name == *study)) {
            let problem = Problem::new(format!("there is no study '{study}'"));
            problems.push(match nearest(study, names()) {
                Some(near) => problem.help(format!("is it '{near}'?")),
                None => problem.help("a study of --printed-of is one of the table, or of --aside"),
            });
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Usage(problems)) }
}

/// What `--line`, `--printed` and `--printed-of` say, or everything that is wrong with them.
fn all_printed(args: &ReproduceArgs) -> Result<Figures, Error> {
    let mut figures = Figures::of_one(args.line.as_deref(), &args.printed)?;
    let mut problems = Vec::new();
    for typed in &args.printed_of {
        match of_study(&mut figures.claim, typed) {
            Err(Error::Usage(found)) => problems.extend(found),
            set => set?,
        }
    }
    if !problems.is_empty() {
        return Err(Error::Usage(problems));
    }
    Ok(figures.on_scale(args.display.scale))
}

fn of_study(claim: &mut Claim, typed: &str) -> Result<(), Error> {
    let parts = typed.rsplit_once('=').and_then(|(head, value)| {
        let (study, field) = head.rsplit_once(':')?;
        Some((study.trim(), field.trim(), value))
    });
    let Some((study, field, value)) = parts else {
        let problem = Problem::new(format!("'{typed}' is not a printed field of a study"));
        return Err(Error::Usage(vec![
            problem.help("write STUDY: FIELD=VALUE, such as 'Alpha 2001: percent=66.7%'"),
        ]));
    };
    claim.set_of_study(study, field, &[value])
}

fn find(
    query: &ReproduceQuery<'_>,
    args: &ReproduceArgs,
    interrupt: &Interrupt,
) -> Result<Calibrated, Error> {
    let mut progress: Option<(Stage, Progress)> = None;
    let seed = args.choices.seed.unwrap_or(DEFAULT_SEED);
    reproduce::reproduce_calibrated(query, args.slips(), args.replicates.into(), seed, |stage, done, all| {
        // One bar at a time: the old one is wiped before the next is drawn.
        if progress.as_ref().is_none_or(|(at, _)| *at != stage) {
            drop(progress.take());
            let title = if stage == Stage::Searching { "searching" } else { "what chance gives" };
            progress = Some((stage, Progress::new(title)));
        }
        if let Some((_, bar)) = &mut progress {
            bar.at(done, all);
        }
        !interrupt.came()
    })
}

fn of_subsets(query: &ReproduceQuery<'_>, interrupt: &Interrupt) -> Result<Subsets, Error> {
    let specs = reproduce::specifications(query.table, &query.explicit, query.printed)?;
    let mut progress = Progress::new("subsets");
    reproduce::subsets(query.table, query.printed, &specs, query.list, |done, all| {
        progress.at(done as u64, all as u64);
        !interrupt.came()
    })
}
