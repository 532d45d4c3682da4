//! `metaprop lock`: digests of data, specifications and results, for CI to hold.

use crate::cli::args::LockArgs;
use crate::cli::ending::Ending;
use crate::cli::terminal::Terminal;
use crate::error::{Error, Problem};
use crate::format;
use crate::project::Project;

/// Writes the lock of an analysis file, or holds the file against it.
pub(crate) fn run(args: &LockArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let project = Project::open(&args.analysis)?.allow_outside(args.allow_outside);
    if !args.check {
        let path = project.write_lock()?;
        if !args.quiet {
            terminal.print(format!("{}\n", format::path(&path)).as_bytes())?;
        }
        return Ok(Ending::Done);
    }
    let Some(held) = project.held_lock()? else {
        let path = project.lock_path().map(|path| format::path(&path)).unwrap_or_default();
        let problem = Problem::new(format!("{path} is not there"));
        return Err(Error::Usage(vec![problem.help("write it: metaprop lock ANALYSIS")]));
    };
    let moved = held.differences(&project.lock()?);
    if !args.quiet {
        let lines: String = moved.iter().map(|what| format!("{what}\n")).collect();
        let verdict = match moved.len() {
            0 => format!("{}: as locked, {}\n", format::path(&args.analysis), outcomes(held.outcomes.len())),
            _ => format!("{}: not as locked\n", format::path(&args.analysis)),
        };
        terminal.print((lines + &verdict).as_bytes())?;
    }
    Ok(if moved.is_empty() { Ending::Done } else { Ending::Negative })
}

fn outcomes(count: usize) -> String {
    format::counted(count as u64, "outcome", "outcomes")
}
