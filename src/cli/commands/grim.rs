//! `metaprop grim`: could this percentage come from n people?

use crate::cli::Ending;
use crate::cli::args::{BenchFormat, GrimArgs};
use crate::cli::bench::hand_over;
use crate::cli::terminal::Terminal;
use crate::error::Error;
use crate::report::grim as report;
use crate::review::grim::grim;

/// Says whether the percentage is possible; exit 1 where it is not.
pub(in crate::cli) fn run(args: &GrimArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let grim = grim(&args.percent, args.n)?;
    hand_over(terminal, Some(args.format), &[], |format, _| match format {
        BenchFormat::Text => report::text(&grim),
        BenchFormat::Json => report::json(&grim),
        BenchFormat::Md => report::markdown(&grim),
    })?;
    Ok(if grim.possible { Ending::Done } else { Ending::Negative })
}
