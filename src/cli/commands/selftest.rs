//! `metaprop selftest`: are the numbers on this machine those that were certified?

use crate::cli::Ending;
use crate::cli::args::{BenchFormat, SelftestArgs};
use crate::cli::bench::hand_over;
use crate::cli::terminal::Terminal;
use crate::error::Error;
use crate::report::selftest as report;
use crate::selftest::{recompute, set};

/// Recomputes the certified set; exit 1 where a value has fewer digits than it should, or other bits.
pub(in crate::cli) fn run(args: &SelftestArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let sets = set::all()?;
    let tested = report::Tested::new(&sets, &recompute(&sets));
    hand_over(terminal, Some(args.format), &[], |format, color| match format {
        BenchFormat::Text => report::text(&tested, color),
        BenchFormat::Json => report::json(&tested),
        BenchFormat::Md => report::markdown(&tested),
    })?;
    Ok(if tested.below() == 0 && tested.same_bits() { Ending::Done } else { Ending::Negative })
}
