//! `metaprop reconstruct`: count tables consistent with a printed summary.

use std::path::Path;

use super::line::Figures;
use crate::cli::args::ReconstructArgs;
use crate::cli::ending::Ending;
use crate::cli::interrupt::Interrupt;
use crate::cli::output::{hand_over, targets};
use crate::cli::progress::Progress;
use crate::cli::terminal::Terminal;
use crate::data::{Dataset, Provenance};
use crate::error::Error;
use crate::io::identity::Inputs;
use crate::options::DEFAULT_SEED;
use crate::published::reconstruct::{KnownRow, ReconstructQuery, reconstruct};
use crate::report::Document;
use crate::report::reconstruct::ReconstructReport;

/// Searches; exit 1 where no table was found.
pub(crate) fn run(args: &ReconstructArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let inputs: Vec<&Path> = args.known.iter().chain(&args.optional).map(Path::new).collect();
    let targets = targets(&args.output, ReconstructReport::FORMATS, &Inputs::of(&inputs))?;
    let figures = Figures::new(args.line.as_deref(), &args.printed)?.on_scale(args.display.scale);
    let spec = figures.choices(*args.choices).resolve()?;
    let printed = figures.claim;
    figures.reading.iter().for_each(|reading| terminal.say(reading));
    let (mut known, mut sources) = (Vec::new(), Vec::new());
    for (files, optional) in [(&args.known, false), (&args.optional, true)] {
        for file in files {
            let (rows, source) = rows(file, optional, args)?;
            known.extend(rows);
            sources.push(source);
        }
    }
    let query = ReconstructQuery {
        sizes: [args.min_n, args.max_n.unwrap_or(u64::MAX)],
        truncation: args.truncation,
        budget: args.budget,
        tries: args.tries,
        seed: args.choices.seed.unwrap_or(DEFAULT_SEED),
        list: args.list.into(),
        ..ReconstructQuery::new(&printed, &spec, known)
    };
    let (interrupt, mut progress) = (Interrupt::armed(), Progress::new("searching"));
    let found = reconstruct(&query, |done, all| {
        progress.at(done, all);
        !interrupt.came()
    })?;
    drop(progress);
    let reconstructed = ReconstructReport::new(sources, printed.clone(), found);
    hand_over(terminal, Some(args.format.into()), &targets, &reconstructed)?;
    Ok(match reconstructed.found() {
        found if found.stopped => Ending::Interrupted,
        found if found.found > 0 => Ending::Done,
        _ => Ending::Negative,
    })
}

/// The rows of a file; rows of one name are alternatives of one study.
fn rows(file: &str, optional: bool, args: &ReconstructArgs) -> Result<(Vec<KnownRow>, Provenance), Error> {
    let table = Dataset::read_with(file, &args.table)?;
    let mut rows = KnownRow::from_table(&table)?;
    rows.iter_mut().for_each(|row| row.optional = optional);
    Ok((rows, table.provenance))
}
