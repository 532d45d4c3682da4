//! `metaprop reproduce`: which specification, and which reading of the data, gives the printed figures?

use std::path::Path;

use super::pool::read_table;
use crate::cli::Ending;
use crate::cli::args::{BenchFormat, ReproduceArgs};
use crate::cli::bench::{hand_over, targets};
use crate::cli::progress::Progress;
use crate::cli::terminal::Terminal;
use crate::error::Error;
use crate::report::reproduce::{self as report, Searched};
use crate::review::claim::Claim;
use crate::review::reproduce::{self, Chance, Reproduction, Search};

/// Searches; exit 1 where nothing gives every printed figure.
pub(in crate::cli) fn run(args: &ReproduceArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let targets = targets(&args.output, &[Path::new(&args.data)])?;
    let printed = printed(&args.printed)?;
    let request = args.choices.request();
    let spec = request.resolve()?;
    let table = read_table(&args.data, &args.table.options())?;
    let mut search = Search {
        table: &table,
        printed: &printed,
        explicit: request,
        slips: false,
        aside: &[],
        list: args.list.into(),
    };
    let mut found = find(&search)?;
    if found.complete == 0 && !args.as_read {
        search.slips = true;
        found = find(&search)?;
    }
    let chance = if found.complete > 0 { by_chance(&search, args)? } else { None };
    let searched = Searched {
        provenance: table.provenance.clone(),
        slips: search.slips,
        printed: printed.clone(),
        spec,
        found,
        chance,
    };
    hand_over(terminal, Some(args.format), &targets, |format, color| match format {
        BenchFormat::Text => report::text(&searched, color),
        BenchFormat::Json => report::json(&searched),
        BenchFormat::Md => report::markdown(&searched),
    })?;
    Ok(if searched.found.complete > 0 { Ending::Done } else { Ending::Negative })
}

/// What `--printed` says, or everything that is wrong with it.
pub(super) fn printed(typed: &[String]) -> Result<Claim, Error> {
    let (mut claim, mut problems) = (Claim::default(), Vec::new());
    for field in typed {
        match claim.set_printed(field) {
            Ok(()) => {}
            Err(Error::Usage(found)) => problems.extend(found),
            Err(other) => return Err(other),
        }
    }
    if problems.is_empty() { Ok(claim) } else { Err(Error::Usage(problems)) }
}

fn find(search: &Search<'_>) -> Result<Reproduction, Error> {
    let mut progress = Progress::new("searching");
    reproduce::reproduce(search, |done, all| {
        progress.at(done as u64, all as u64);
        true
    })
}

/// How often the search finds as much on data that the figures did not come from.
fn by_chance(search: &Search<'_>, args: &ReproduceArgs) -> Result<Option<Chance>, Error> {
    if args.replicates == 0 {
        return Ok(None);
    }
    let mut progress = Progress::new("what chance gives");
    let fields = search.printed.entries.len();
    reproduce::chance_with(
        search,
        fields,
        args.replicates.into(),
        args.choices.seed.unwrap_or(1),
        |done, all| progress.at(done, all),
    )
    .map(Some)
}
