//! The command line: the only room that reads arguments and the environment, prints, and ends the process.

pub mod args;
mod commands;
mod ending;
mod interrupt;
mod output;
mod progress;
mod terminal;

use std::num::NonZeroUsize;
use std::process::ExitCode;

use clap::Parser;
use clap::error::{ContextKind, ErrorKind};

use crate::error::Error;
use args::{Cli, Command};
use ending::Ending;
use terminal::Terminal;

/// Runs the program on the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| without_detour(error).exit());
    let terminal = Terminal::new(cli.color);
    match use_threads(cli.threads).and_then(|()| run(&cli.command, &terminal)) {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::Negative) => ExitCode::from(1),
        Ok(Ending::Interrupted) => ExitCode::from(130),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

/// The error of the arguments, without clap's advice to type an unknown flag behind `--`: no table is called so.
fn without_detour(mut error: clap::Error) -> clap::Error {
    if error.kind() == ErrorKind::UnknownArgument {
        error.remove(ContextKind::Suggested);
    }
    error
}

/// `--threads`: how many the pool has that everything parallel runs on; without it, one a core.
fn use_threads(threads: Option<NonZeroUsize>) -> Result<(), Error> {
    let Some(threads) = threads else { return Ok(()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global();
    pool.map_err(|error| Error::usage(format!("--threads {threads}: they cannot be started: {error}")))
}

fn run(command: &Command, terminal: &Terminal) -> Result<Ending, Error> {
    interrupt::watch(name(command));
    match command {
        Command::Pool(args) => commands::pool::run(args, terminal),
        Command::Report(args) => commands::report::run(args, terminal),
        Command::Check(args) => commands::check::run(args, terminal),
        Command::Reproduce(args) => commands::reproduce::run(args, terminal),
        Command::Reconstruct(args) => commands::reconstruct::run(args, terminal),
        Command::Multiverse(args) => commands::multiverse::run(args, terminal),
        Command::Plot(kind) => commands::plot::run(kind, terminal),
        Command::Columns(args) => commands::columns::run(args, terminal),
        Command::Grim(args) => commands::grim::run(args, terminal),
        Command::Data(args) => commands::data::run(args, terminal),
        Command::List(args) => commands::list::run(args, terminal),
        Command::Selftest(args) => commands::selftest::run(args, terminal),
        Command::Completions(args) => commands::generate::completions(args, terminal),
        Command::Man => commands::generate::man(terminal),
    }
}

/// The word of a command.
const fn name(command: &Command) -> &'static str {
    match command {
        Command::Pool(_) => "pool",
        Command::Report(_) => "report",
        Command::Check(_) => "check",
        Command::Reproduce(_) => "reproduce",
        Command::Reconstruct(_) => "reconstruct",
        Command::Multiverse(_) => "multiverse",
        Command::Plot(_) => "plot",
        Command::Columns(_) => "columns",
        Command::Grim(_) => "grim",
        Command::Data(_) => "data",
        Command::List(_) => "list",
        Command::Selftest(_) => "selftest",
        Command::Completions(_) => "completions",
        Command::Man => "man",
    }
}

/// Whether the reader of standard output went away, as `head` does: nothing is wrong.
fn is_closed_pipe(error: &Error) -> bool {
    matches!(error, Error::File { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe)
}
