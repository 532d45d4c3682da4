//! The command line: the only room that reads arguments and the environment, prints, and ends the process.

pub mod args;
mod commands;
mod ending;
mod examples;
mod interrupt;
mod output;
mod progress;
mod terminal;
mod watched;

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::thread;

use clap::error::{ContextKind, ErrorKind};
use rayon::ThreadPool;

use crate::error::Error;
use args::Command;
use ending::Ending;
use terminal::Terminal;

/// How much stack the program has, whatever the system gives to its first thread.
const STACK: usize = 8 << 20;

/// Runs the program on the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    // Where no thread can be had, what there is has to do.
    match thread::Builder::new().name("main".to_string()).stack_size(STACK).spawn(parse_and_run) {
        // A panic has been said.
        Ok(thread) => thread.join().unwrap_or(ExitCode::from(101)),
        Err(_) => parse_and_run(),
    }
}

fn parse_and_run() -> ExitCode {
    match examples::parse() {
        Ok(cli) => {
            let terminal = Terminal::new(cli.color);
            let ended = use_threads(cli.threads, &terminal).and_then(|_alone| run(&cli.command, &terminal));
            exit_code(ended, &terminal)
        }
        Err(said) => {
            let (code, terminal) = (said.exit_code(), Terminal::new(args::Color::Auto));
            match terminal.clap(&without_detour(said)) {
                Ok(()) => ExitCode::from(u8::try_from(code).unwrap_or(2)),
                Err(error) => exit_code(Err(error), &terminal),
            }
        }
    }
}

fn exit_code(ended: Result<Ending, Error>, terminal: &Terminal) -> ExitCode {
    match ended {
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

/// `--threads`: how many the pool has that everything parallel runs on; without it, one a core. Where the system gives
/// none, this thread does everything, as long as the pool of it lives that is returned then.
fn use_threads(threads: Option<NonZeroUsize>, terminal: &Terminal) -> Result<Option<ThreadPool>, Error> {
    let pool = || rayon::ThreadPoolBuilder::new();
    match (pool().num_threads(threads.map_or(0, NonZeroUsize::get)).build_global(), threads) {
        (Ok(()), _) => Ok(None),
        (Err(error), Some(threads)) => {
            Err(Error::usage(format!("--threads {threads}: they cannot be started: {error}")))
        }
        (Err(error), None) => {
            terminal.say(&format!("no threads can be started ({error}): everything runs on one"));
            let alone = pool().num_threads(1).use_current_thread().build();
            alone.map(Some).map_err(|error| Error::usage(format!("no threads can be started: {error}")))
        }
    }
}

fn run(command: &Command, terminal: &Terminal) -> Result<Ending, Error> {
    interrupt::watch(name(command));
    match run_command(command, terminal) {
        // What a search that was stopped at once has found may be too little for a result.
        Err(_) if interrupt::is_answered() => {
            interrupt::say_that_there_is_no_result(name(command));
            Ok(Ending::Interrupted)
        }
        ended => ended,
    }
}

fn run_command(command: &Command, terminal: &Terminal) -> Result<Ending, Error> {
    match command {
        Command::Pool(args) => commands::pool::run(args, terminal),
        Command::Report(args) => commands::report::run(args, terminal),
        Command::Lock(args) => commands::lock::run(args, terminal),
        Command::Check(args) => commands::check::run(args, terminal),
        Command::Scan(args) => commands::scan::run(args, terminal),
        Command::Reproduce(args) => commands::reproduce::run(args, terminal),
        Command::Reconstruct(args) => commands::reconstruct::run(args, terminal),
        Command::Multiverse(args) => commands::multiverse::run(args, terminal),
        Command::Subgroup(args) => commands::pool::subgroups(args, terminal),
        Command::Regress(args) => commands::further::regress(args, terminal),
        Command::LeaveOneOut(args) => commands::further::leave_one_out(args, terminal),
        Command::Cumulative(args) => commands::further::cumulative(args, terminal),
        Command::Influence(args) => commands::further::influence(args, terminal),
        Command::Gosh(args) => commands::further::gosh(args, terminal),
        Command::Bias(args) => commands::further::bias(args, terminal),
        Command::Plot(kind) => commands::plot::run(kind, terminal),
        Command::Columns(args) => commands::columns::run(args, terminal),
        Command::Grim(args) => commands::grim::run(args, terminal),
        Command::Data(args) => commands::data::run(args, terminal),
        Command::List(args) => commands::list::run(args, terminal),
        Command::Simulate(args) => commands::simulate::run(args, terminal),
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
        Command::Lock(_) => "lock",
        Command::Check(_) => "check",
        Command::Scan(_) => "scan",
        Command::Reproduce(_) => "reproduce",
        Command::Reconstruct(_) => "reconstruct",
        Command::Multiverse(_) => "multiverse",
        Command::Subgroup(_) => "subgroup",
        Command::Regress(_) => "regress",
        Command::LeaveOneOut(_) => "leave-one-out",
        Command::Cumulative(_) => "cumulative",
        Command::Influence(_) => "influence",
        Command::Gosh(_) => "gosh",
        Command::Bias(_) => "bias",
        Command::Plot(_) => "plot",
        Command::Columns(_) => "columns",
        Command::Grim(_) => "grim",
        Command::Data(_) => "data",
        Command::List(_) => "list",
        Command::Simulate(_) => "simulate",
        Command::Selftest(_) => "selftest",
        Command::Completions(_) => "completions",
        Command::Man => "man",
    }
}

/// Whether the reader of standard output went away, as `head` does: nothing is wrong.
fn is_closed_pipe(error: &Error) -> bool {
    matches!(error, Error::File { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe)
}
