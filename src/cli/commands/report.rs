//! `metaprop report`: every outcome of an analysis file into a folder, or compared with one.

use std::path::{Path, PathBuf};

use crate::cli::args::ReportArgs;
use crate::cli::ending::Ending;
use crate::cli::terminal::Terminal;
use crate::error::Error;
use crate::format;
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::project::{self, Project};
use crate::report::folder::File;
use crate::report::{self, junit, manifest};

/// Builds the reports of an analysis file, or of the demonstration.
pub(crate) fn run(args: &ReportArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let project = args.analysis.as_ref().map_or_else(Project::demonstration, Project::open)?;
    let project = project.allow_outside(args.allow_outside);
    let folder = args.output.clone().unwrap_or_else(|| Path::new("reports").join(project.name()));
    let report = project.report()?;
    let remarks = report.sections().iter().any(|section| !section.result().advisories.is_empty());
    let built = report.files();
    let fresh = if args.check {
        compare(args, &folder, &built, &project.inputs(), terminal)?
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

/// `--check`: says what moved, and whether nothing did.
fn compare(
    args: &ReportArgs,
    folder: &Path,
    built: &[File],
    inputs: &[PathBuf],
    terminal: &Terminal,
) -> Result<bool, Error> {
    if let Some(path) = &args.junit {
        let own = built.iter().map(|file| folder.join(&file.path));
        let kept: Vec<PathBuf> = inputs.iter().cloned().chain(own).collect();
        output_file::check(path, &Inputs::of(&kept))?;
    }
    let found = project::build::compare(built, folder)?;
    if let Some(path) = &args.junit {
        let suite = format!("metaprop report {}", format::path(folder));
        let cases = report::stale::test_cases(built, &found.changes);
        output_file::write(path, |out| out.write_all(junit::write(&suite, &cases).as_bytes()))?;
    }
    if !args.quiet {
        let lines: String = found.changes.iter().map(|change| format!("{}\n", change.what)).collect();
        let absent = match found.by_digest {
            0 => String::new(),
            some => format!(", {some} of them by their digests in {} alone", manifest::NAME),
        };
        let verdict = match found.changes.len() {
            0 => format!("{}: fresh, {} files{absent}\n", format::path(folder), built.len()),
            _ => format!(
                "{}: stale; `metaprop report` without --check builds it again\n",
                format::path(folder)
            ),
        };
        terminal.print((lines + &verdict).as_bytes())?;
    }
    Ok(found.is_fresh())
}
