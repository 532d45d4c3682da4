//! `metaprop report`: every outcome of an analysis file into a folder, or compared with one.

use std::path::{Path, PathBuf};

use crate::analysis::{MetaAnalysis, fit};
use crate::cli::analysis::Analysis;
use crate::cli::args::ReportArgs;
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, extras, files};
use crate::error::{Error, Problem};
use crate::options::analysis_file::{AnalysisFile, OutcomeEntry};
use crate::plot::forest;
use crate::report::folder::{self, File};
use crate::report::manifest::{self, Manifest};
use crate::report::stale::{self, Comparison};
use crate::report::{Chapter, Report, Section, junit};

/// Builds the reports of an analysis file, or of the demonstration.
pub(in crate::cli) fn run(args: &ReportArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let analysis = Analysis::open(args.analysis.as_deref())?;
    let folder = args.output.clone().unwrap_or_else(|| Path::new("reports").join(&analysis.name));
    let results = results(&analysis)?;
    let extras = extras::all(&analysis, &results)?;
    let built = build(&analysis.file, &results, extras);
    let inputs = analysis.inputs(args.analysis.as_deref());
    let remarks = results.iter().any(|outcome| !outcome.advisories.is_empty());
    let fresh = if args.check {
        compare(args, &folder, &built, &inputs, terminal)?
    } else {
        write(args, &folder, &built, &inputs, terminal)?
    };
    Ok(if fresh && !(args.strict && remarks) { Ending::Done } else { Ending::Negative })
}

/// Every outcome that has data, in the order of the file; where data are rejected, the rows of all of
/// them are named.
fn results(analysis: &Analysis) -> Result<Vec<MetaAnalysis>, Error> {
    let (mut results, mut problems) = (Vec::new(), Vec::new());
    for entry in analysis.file.pooled() {
        match result(analysis, entry) {
            Ok(outcome) => results.push(outcome),
            Err(Error::Data(rejected)) => problems.extend(rejected),
            Err(error) => return Err(error),
        }
    }
    problems.dedup();
    if !problems.is_empty() {
        return Err(Error::Data(problems));
    }
    if results.is_empty() && analysis.claims.is_empty() {
        let problem = Problem::new("no outcome has data to pool").at(analysis.provenance.data.clone(), None);
        return Err(Error::AnalysisFile(vec![problem.help("name its column of events, or claim something")]));
    }
    Ok(results)
}

fn result(analysis: &Analysis, entry: &OutcomeEntry) -> Result<MetaAnalysis, Error> {
    fit(&analysis.table(entry)?, &analysis.file.request(entry).resolve()?)
}

fn build(file: &AnalysisFile, results: &[MetaAnalysis], extras: Vec<Chapter>) -> Vec<File> {
    let figures: Vec<_> =
        file.pooled().zip(results).map(|(entry, outcome)| figure(file, entry, outcome)).collect();
    let sections = file.pooled().zip(results).zip(&figures).map(|((entry, outcome), figure)| Section {
        id: &entry.id,
        title: &entry.title,
        outcome,
        display: file.display(entry),
        figure,
    });
    folder::files(&Report { title: &file.title, sections: sections.collect(), extras })
}

fn figure(file: &AnalysisFile, entry: &OutcomeEntry, outcome: &MetaAnalysis) -> String {
    let options = forest::Options {
        title: Some(entry.title.clone()),
        display: file.display(entry),
        id: format!("forest-{}", entry.id),
        ..forest::Options::default()
    };
    forest::draw(outcome, &options)
}

fn write(
    args: &ReportArgs,
    folder: &Path,
    built: &[File],
    inputs: &[PathBuf],
    terminal: &Terminal,
) -> Result<bool, Error> {
    for file in built {
        files::refuse_inputs(&folder.join(&file.path), inputs)?;
    }
    let before = files::read_if_there(&folder.join(manifest::NAME))?.unwrap_or_default();
    let before = Manifest::parse(&String::from_utf8_lossy(&before));
    for path in before.beyond(built) {
        if remove(folder, path, &before, inputs)? && !args.quiet {
            terminal
                .say(&format!("removed {}: not part of the report any more", folder.join(path).display()));
        }
    }
    // The manifest is the last of them: where this is cut short, the old one does not agree with the files.
    for file in built {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            files::make_folder(parent)?;
        }
        files::write(&path, |out| out.write_all(&file.bytes))?;
    }
    if !args.quiet {
        let lines: String =
            built.iter().map(|file| format!("{}\n", folder.join(&file.path).display())).collect();
        terminal.print(lines.as_bytes())?;
    }
    Ok(true)
}

/// Removes a file of an earlier report, and its folder if that is empty then; says whether it did. A file
/// that is not as the report wrote it, or that is read as data now, is somebody's and stays.
fn remove(folder: &Path, path: &str, before: &Manifest, inputs: &[PathBuf]) -> Result<bool, Error> {
    let whole = folder.join(path);
    let Some(bytes) = files::read_if_there(&whole)? else { return Ok(false) };
    let is_ours = before.agrees_with(&File { path: path.to_string(), bytes }) == Some(true);
    if !is_ours || files::refuse_inputs(&whole, inputs).is_err() {
        return Ok(false);
    }
    files::remove(&whole)?;
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
        files::check_output(path, &[])?;
        files::refuse_inputs(path, &kept)?;
    }
    let Comparison { changes, by_digest } =
        stale::compare(built, |path| files::read_if_there(&folder.join(path)))?;
    if let Some(path) = &args.junit {
        let suite = format!("metaprop report {}", folder.display());
        files::write(path, |out| {
            out.write_all(junit::write(&suite, &junit::of_report(built, &changes)).as_bytes())
        })?;
    }
    if !args.quiet {
        let lines: String = changes.iter().map(|change| format!("{}\n", change.what)).collect();
        let absent = match by_digest {
            0 => String::new(),
            some => format!(", {some} of them by their digests in {} alone", manifest::NAME),
        };
        let verdict = match changes.len() {
            0 => format!("{}: fresh, {} files{absent}\n", folder.display(), built.len()),
            _ => format!("{}: stale; `metaprop report` without --check builds it again\n", folder.display()),
        };
        terminal.print((lines + &verdict).as_bytes())?;
    }
    Ok(changes.is_empty())
}
