//! `metaprop report`: every outcome of an analysis file into a folder, or compared with one.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::args::ReportArgs;
use crate::cli::ending::Ending;
use crate::cli::interrupt::Interrupt;
use crate::cli::terminal::Terminal;
use crate::error::{Error, Problem};
use crate::format;
use crate::io::identity::Inputs;
use crate::io::{files, output_file};
use crate::project::{self, Project};
use crate::report::folder::File;
use crate::report::lock::Lock;
use crate::report::page::Report;
use crate::report::stale::Comparison;
use crate::report::{self, junit, manifest};

/// Builds the reports of an analysis file, or of the demonstration; with `--watch` again and again.
pub(crate) fn run(args: &ReportArgs, terminal: &Terminal) -> Result<Ending, Error> {
    if !args.watch {
        return once(args, terminal);
    }
    let Some(analysis) = &args.analysis else {
        let problem = Problem::new("--watch: the demonstration is part of the program and does not change");
        return Err(Error::Usage(vec![problem.help("name an analysis file")]));
    };
    let mut seen = None;
    while !Interrupt::armed().came() {
        let now = contents(analysis);
        if seen.as_ref() != Some(&now) {
            // What is wrong with the file may be mended by its next version.
            if let Err(error) = once(args, terminal) {
                terminal.error(&error);
            }
            terminal.say("waiting for changes; Ctrl-C ends");
            seen = Some(now);
        }
        std::thread::sleep(PAUSE);
    }
    Ok(Ending::Interrupted)
}

/// How long to wait before the files are looked at again.
const PAUSE: Duration = Duration::from_millis(300);

/// What stands in the files that a report is built from; of those that cannot be read, nothing.
fn contents(analysis: &Path) -> Vec<Option<Vec<u8>>> {
    let inputs =
        Project::open(analysis).map_or_else(|_| vec![analysis.to_owned()], |project| project.inputs());
    inputs.iter().map(|path| files::read_if_there(path).ok().flatten()).collect()
}

fn once(args: &ReportArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let project = args.analysis.as_ref().map_or_else(Project::demonstration, Project::open)?;
    let project = project.allow_outside(args.allow_outside);
    let folder = args.output.clone().unwrap_or_else(|| Path::new("reports").join(project.name()));
    let report = project.report()?;
    let remarks = report.sections().iter().any(|section| !section.result().advisories.is_empty());
    let built = report.files();
    let fresh = if args.check {
        let as_locked = hold_lock(args, &project, &report, terminal)?;
        compare(args, &folder, &built, &project.inputs(), terminal)? && as_locked
    } else {
        write(args, &folder, &built, &project, terminal)?
    };
    Ok(if fresh && !(args.strict && remarks) { Ending::Done } else { Ending::Negative })
}

fn write(
    args: &ReportArgs,
    folder: &Path,
    built: &[File],
    project: &Project,
    terminal: &Terminal,
) -> Result<bool, Error> {
    let written = project.write(built, folder)?;
    if !args.quiet {
        for path in &written.removed {
            terminal.say(&format!("removed {}: not part of the report any more", format::path(path)));
        }
        let lines: String = written.files.iter().map(|path| format!("{}\n", format::path(path))).collect();
        terminal.print(lines.as_bytes())?;
    }
    Ok(true)
}

/// Where a lock stands beside the analysis file: says what is not as locked, and whether nothing is.
fn hold_lock(
    args: &ReportArgs,
    project: &Project,
    report: &Report,
    terminal: &Terminal,
) -> Result<bool, Error> {
    let Some(held) = project.held_lock()? else { return Ok(true) };
    let results = report.sections().iter().map(|section| (section.id(), section.result()));
    let moved = held.differences(&Lock::of(project.provenance(), results));
    if !args.quiet && !moved.is_empty() {
        let lines: String = moved.iter().map(|what| format!("not as locked: {what}\n")).collect();
        terminal.print(lines.as_bytes())?;
    }
    Ok(moved.is_empty())
}

/// `--check`: says what moved, and whether nothing did.
fn compare(
    args: &ReportArgs,
    folder: &Path,
    built: &[File],
    inputs: &[PathBuf],
    terminal: &Terminal,
) -> Result<bool, Error> {
    for path in [&args.junit, &args.summary].into_iter().flatten() {
        let own = built.iter().map(|file| folder.join(&file.path));
        let kept: Vec<PathBuf> = inputs.iter().cloned().chain(own).collect();
        output_file::check(path, &Inputs::of(&kept))?;
    }
    let found = project::build::compare(built, folder)?;
    let within = args.tolerance.is_some_and(|tolerance| found.is_within(tolerance));
    let verdict = verdict(args, folder, built, &found);
    if let Some(path) = &args.junit {
        let suite = format!("metaprop report {}", format::path(folder));
        let changes = if within { &[] } else { &found.changes[..] };
        let cases = report::stale::test_cases(built, changes);
        output_file::write(path, |out| out.write_all(junit::write(&suite, &cases).as_bytes()))?;
    }
    if let Some(path) = &args.summary {
        let text = report::stale::summary(&format::path(folder).to_string(), &verdict, &found);
        output_file::write(path, |out| out.write_all(text.as_bytes()))?;
    }
    if !args.quiet {
        let lines: String = found.changes.iter().map(|change| format!("{}\n", change.what)).collect();
        terminal.print(format!("{lines}{verdict}\n").as_bytes())?;
    }
    Ok(found.is_fresh() || within)
}

/// Whether the report is fresh, in a line.
fn verdict(args: &ReportArgs, folder: &Path, built: &[File], found: &Comparison) -> String {
    let folder = format::path(folder);
    let absent = match found.by_digest {
        0 => String::new(),
        some => format!(", {some} of them by their digests in {} alone", manifest::NAME),
    };
    match args.tolerance.filter(|tolerance| found.is_within(*tolerance)) {
        _ if found.is_fresh() => format!("{folder}: fresh, {} files{absent}", built.len()),
        Some(tolerance) => {
            format!("{folder}: fresh within the tolerance: no pooled number moved by more than {tolerance}")
        }
        None => format!("{folder}: stale; `metaprop report` without --check builds it again"),
    }
}
