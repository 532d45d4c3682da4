//! `metaprop report`: every outcome of an analysis file into a folder, or compared with one.

use std::path::{Path, PathBuf};

use crate::analysis::{Outcome, run as analyse};
use crate::cli::args::ReportArgs;
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, files};
use crate::error::Error;
use crate::plot::forest;
use crate::report::folder::{self, File};
use crate::report::{Report, Section, junit, stale};
use crate::spec::analysis_file::{self, AnalysisFile, OutcomeEntry};
use crate::study::{StudyTable, embedded, read};

/// Builds the reports of an analysis file, or of the demonstration.
pub(in crate::cli) fn run(args: &ReportArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let analysis = Analysis::open(args.analysis.as_deref())?;
    let folder = args.output.clone().unwrap_or_else(|| Path::new("reports").join(&analysis.name));
    let results = analysis.results()?;
    let built = build(&analysis.file, &results);
    let remarks = results.iter().any(|outcome| !outcome.advisories.is_empty());
    let fresh = if args.check { compare(args, &folder, &built, terminal)? } else { write(args, &folder, &built, terminal)? };
    Ok(if fresh && !(args.strict && remarks) { Ending::Done } else { Ending::Negative })
}

/// An analysis file, where its data are looked for, and the name of its reports.
struct Analysis {
    file: AnalysisFile,
    place: Place,
    name: String,
}

/// Where an analysis file stands.
enum Place {
    Folder(PathBuf),
    /// In the program: its data file is the embedded one.
    Embedded(&'static embedded::Embedded),
}

impl Analysis {
    fn open(path: Option<&Path>) -> Result<Self, Error> {
        let Some(path) = path else { return Self::demonstration() };
        let file = analysis_file::parse(&files::read_text(path)?, &path.display().to_string())?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(Self { file, name: name_of(path), place: Place::Folder(folder) })
    }

    fn demonstration() -> Result<Self, Error> {
        let found = embedded::all().iter().find_map(|set| Some((set, set.analysis?)));
        let (set, text) = found.ok_or_else(|| Error::usage("this program was built without a demonstration"))?;
        let file = analysis_file::parse(text, &format!("datasets/{}/analysis.toml", set.name))?;
        Ok(Self { file, name: set.name.to_string(), place: Place::Embedded(set) })
    }

    /// Every outcome, in the order of the file.
    fn results(&self) -> Result<Vec<Outcome>, Error> {
        self.file.outcomes.iter().map(|entry| analyse(&self.table(entry)?, &self.file.request(entry).resolve()?)).collect()
    }

    /// The table of an outcome. The name of its data is the one in the analysis file, wherever the
    /// program is started.
    fn table(&self, entry: &OutcomeEntry) -> Result<StudyTable, Error> {
        let source = self.file.source(entry);
        let (options, shown) = (source.options(), source.file.unwrap_or_default());
        match (shown.strip_prefix('@'), &self.place) {
            (Some(name), _) => read::read_embedded(name, &options),
            (None, Place::Folder(folder)) => read::read_path(&folder.join(&shown), &shown, &options),
            (None, Place::Embedded(set)) => read::read_bytes(set.csv.as_bytes(), &shown, &options),
        }
    }
}

/// The name of the reports of an analysis file: of its folder where it is called `analysis.toml`,
/// else its own.
fn name_of(path: &Path) -> String {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("report");
    let folder = std::fs::canonicalize(path).ok().and_then(|path| Some(path.parent()?.file_name()?.to_str()?.to_string()));
    if stem == "analysis" { folder.unwrap_or_else(|| stem.to_string()) } else { stem.to_string() }
}

fn build(file: &AnalysisFile, results: &[Outcome]) -> Vec<File> {
    let figures: Vec<_> = file.outcomes.iter().zip(results).map(|(entry, outcome)| figure(file, entry, outcome)).collect();
    let sections = file.outcomes.iter().zip(results).zip(&figures).map(|((entry, outcome), figure)| Section {
        id: &entry.id,
        title: &entry.title,
        outcome,
        display: file.display(entry),
        figure,
    });
    folder::files(&Report { title: &file.title, sections: sections.collect() })
}

fn figure(file: &AnalysisFile, entry: &OutcomeEntry, outcome: &Outcome) -> String {
    let options = forest::Options {
        title: Some(entry.title.clone()),
        display: file.display(entry),
        id: format!("forest-{}", entry.id),
        ..forest::Options::default()
    };
    forest::draw(outcome, &options)
}

fn write(args: &ReportArgs, folder: &Path, built: &[File], terminal: &Terminal) -> Result<bool, Error> {
    for file in built {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            files::make_folder(parent)?;
        }
        files::write(&path, |out| out.write_all(&file.bytes))?;
    }
    if !args.quiet {
        let lines: String = built.iter().map(|file| format!("{}\n", folder.join(&file.path).display())).collect();
        terminal.print(lines.as_bytes())?;
    }
    Ok(true)
}

/// `--check`: says what moved, and whether nothing did.
fn compare(args: &ReportArgs, folder: &Path, built: &[File], terminal: &Terminal) -> Result<bool, Error> {
    let changes = stale::changes(built, &[], |path| files::read_if_there(&folder.join(path)))?;
    if let Some(path) = &args.junit {
        files::check_output(path, &[])?;
        let suite = format!("metaprop report {}", folder.display());
        files::write(path, |out| out.write_all(junit::write(&suite, &junit::of_report(built, &changes)).as_bytes()))?;
    }
    if !args.quiet {
        let lines: String = changes.iter().map(|change| format!("{}\n", change.what)).collect();
        let verdict = match changes.len() {
            0 => format!("{}: fresh, {} files\n", folder.display(), built.len()),
            _ => format!("{}: stale; `metaprop report` without --check builds it again\n", folder.display()),
        };
        terminal.print((lines + &verdict).as_bytes())?;
    }
    Ok(changes.is_empty())
}
