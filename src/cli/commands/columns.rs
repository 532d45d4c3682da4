//! `metaprop columns`: what would be read as what, before anything is pooled.

use crate::cli::args::ColumnsArgs;
use crate::cli::ending::Ending;
use crate::cli::output::hand_over;
use crate::cli::terminal::Terminal;
use crate::error::Error;
use crate::io::open::load;
use crate::io::read::read_columns;

/// Lists the columns; what keeps the table from being pooled is the error that `pool` would give.
pub(crate) fn run(args: &ColumnsArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let (bytes, shown) = load(&args.data)?;
    let columns = read_columns(&bytes, &shown, &args.table)?;
    hand_over(terminal, Some(args.format.into()), &[], &columns)?;
    if columns.problems.is_empty() { Ok(Ending::Done) } else { Err(Error::Data(columns.problems)) }
}
