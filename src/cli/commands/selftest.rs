//! `metaprop selftest`: are the numbers on this machine those that were certified?

use crate::cli::args::SelftestArgs;
use crate::cli::ending::Ending;
use crate::cli::output::hand_over;
use crate::cli::terminal::Terminal;
use crate::error::Error;
use crate::report::selftest::SelftestReport;
use crate::selftest::{recompute, set};

/// Recomputes the certified set; exit 1 where a value has fewer digits than it should, or other bits.
pub(crate) fn run(args: &SelftestArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let sets = set::all()?;
    let tested = SelftestReport::new(&sets, &recompute(&sets));
    hand_over(terminal, Some(args.format.into()), &[], &tested)?;
    Ok(if tested.below() == 0 && tested.same_bits() { Ending::Done } else { Ending::Negative })
}
