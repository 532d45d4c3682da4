//! `metaprop pool`: one analysis, printed and written as asked.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::analysis::{MetaAnalysis, fit};
use crate::cli::args::{Format, PoolArgs};
use crate::cli::terminal::Terminal;
use crate::cli::{Ending, files};
use crate::data::{Dataset, embedded};
use crate::error::{Error, Problem};
use crate::io::read;
use crate::options::analysis_file::{AnalysisFile, OutcomeEntry, Source, to_toml};
use crate::options::{ReadOptions, Spec};
use crate::plot::forest;
use crate::report::page::Page;
use crate::report::{csv, html, json, markdown, reread, text};

/// Pools a table or a result document.
pub(in crate::cli) fn run(args: &PoolArgs, terminal: &Terminal) -> Result<Ending, Error> {
    if args.print_spec {
        return print_spec(args, terminal);
    }
    if !args.explain_diff.is_empty() {
        return super::explain::run(args, terminal);
    }
    let targets = targets(args)?;
    let (table, spec) = input(args)?;
    let outcome = fit(&table, &spec)?;
    if args.verbose {
        explain(&outcome, terminal);
    }
    // Files first: a reader of standard output that goes away, as `head` does, costs none of them.
    for (path, format) in targets {
        files::write(&path, |out| format.write(&outcome, args, false, out))?;
    }
    if !args.quiet {
        let format = Output::of(args.format);
        terminal.stream(|out| format.write(&outcome, args, terminal.color, out))?;
    }
    Ok(if args.strict && !outcome.advisories.is_empty() { Ending::Negative } else { Ending::Done })
}

/// The studies and the spec: of a table and flags, or of a result document.
fn input(args: &PoolArgs) -> Result<(Dataset, Spec), Error> {
    if let Some(document) = &args.from {
        let text = files::read_text(document)?;
        return reread::read(&text, &document.display().to_string());
    }
    // clap requires DATA where there is no --from.
    let data = args.data.as_deref().unwrap_or("-");
    let spec = args.choices.resolve()?;
    Ok((read_table(data, &args.table)?, spec))
}

/// A table by its name: `-`, `@NAME`, or a path.
pub(super) fn read_table(data: &str, options: &ReadOptions) -> Result<Dataset, Error> {
    let (bytes, shown) = load(data)?;
    read::read_bytes(&bytes, &shown, options)
}

/// The bytes of what is named, and what messages call it.
pub(super) fn load(data: &str) -> Result<(Cow<'static, [u8]>, String), Error> {
    Ok(match data.strip_prefix('@') {
        Some(name) => {
            let set = embedded::find(name)?;
            (set.csv.as_bytes().into(), format!("@{}", set.name))
        }
        None if data == "-" => (files::read(Path::new("-"))?.into(), data.to_string()),
        None => (read::load(Path::new(data), data)?.into(), data.to_string()),
    })
}

/// `--print-spec`: the analysis file of this command line.
fn print_spec(args: &PoolArgs, terminal: &Terminal) -> Result<Ending, Error> {
    // What does not resolve would not run from the file either.
    args.choices.resolve()?;
    let data = args.data.clone().unwrap_or_default();
    if data == "-" || args.from.is_some() {
        let problem = Problem::new("--print-spec needs a table with a name: an analysis file names its data");
        return Err(Error::Usage(vec![problem.help("save the table in a file, or use @NAME")]));
    }
    let table = read_table(&data, &args.table)?;
    // The name as the provenance has it: no absolute path in a title.
    let title = args.title.clone().unwrap_or(table.provenance.data);
    let columns = table.columns;
    let file = AnalysisFile {
        title: title.clone(),
        data: Source {
            file: Some(data),
            read: ReadOptions {
                study: columns.study,
                events: Some(columns.events).filter(|column| !column.is_empty()),
                percent: Some(columns.percent).filter(|column| !column.is_empty()),
                total: Some(columns.total),
                ..(*args.table).clone()
            },
        },
        analysis: *args.choices,
        presentation: *args.display,
        outcomes: vec![OutcomeEntry { id: "main".to_string(), title, ..OutcomeEntry::default() }],
        ..AnalysisFile::default()
    };
    terminal.print(to_toml(&file).as_bytes())?;
    Ok(Ending::Done)
}

/// What a file or standard output can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    Text,
    Json(json::Layout),
    Csv,
    Markdown,
    Html,
    Svg,
}

impl Output {
    const fn of(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Json => Self::Json(json::Layout::Indented),
            Format::Jsonl => Self::Json(json::Layout::Line),
            Format::Csv => Self::Csv,
            Format::Md => Self::Markdown,
            Format::Html => Self::Html,
        }
    }

    /// By the extension of a file.
    fn by_extension(path: &Path) -> Result<Self, Problem> {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        Ok(match extension.as_str() {
            "json" => Self::Json(json::Layout::Indented),
            "jsonl" => Self::Json(json::Layout::Line),
            "csv" => Self::Csv,
            "md" => Self::Markdown,
            "html" => Self::Html,
            "svg" => Self::Svg,
            "txt" => Self::Text,
            _ => {
                let problem = Problem::new(format!(
                    "--output {}: its extension, '{extension}', is not a format that is written",
                    path.display()
                ));
                return Err(problem.help("it decides: .json .jsonl .csv .md .html .svg .txt"));
            }
        })
    }

    fn write(
        self,
        outcome: &MetaAnalysis,
        args: &PoolArgs,
        color: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let display = args.display.display();
        let page = || Page { title: args.title.clone(), display };
        match self {
            Self::Text => out.write_all(
                text::write(outcome, text::Options { display, color, ..text::Options::default() }).as_bytes(),
            ),
            Self::Json(layout) => json::write(outcome, layout, out),
            Self::Csv => csv::write(outcome, csv::Rows::All, out),
            Self::Markdown => out.write_all(markdown::write(outcome, &page()).as_bytes()),
            Self::Html => out.write_all(html::write(outcome, &page(), &figure(outcome, args)).as_bytes()),
            Self::Svg => out.write_all(figure(outcome, args).as_bytes()),
        }
    }
}

fn figure(outcome: &MetaAnalysis, args: &PoolArgs) -> String {
    let options = forest::Options {
        title: args.title.clone(),
        display: args.display.display(),
        ..forest::Options::default()
    };
    forest::draw(outcome, &options)
}

/// The files that were asked for, each checked before any work is done.
fn targets(args: &PoolArgs) -> Result<Vec<(PathBuf, Output)>, Error> {
    let inputs: Vec<&Path> =
        args.data.as_deref().map(Path::new).into_iter().chain(args.from.as_deref()).collect();
    let (mut targets, mut problems) = (Vec::new(), Vec::new());
    for path in &args.output {
        match Output::by_extension(path) {
            Ok(output) => targets.push((path.clone(), output)),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(Error::Usage(problems));
    }
    targets.iter().try_for_each(|(path, _)| files::check_output(path, &inputs))?;
    Ok(targets)
}

/// `--verbose`: how the table was read and how the estimate was found.
fn explain(outcome: &MetaAnalysis, terminal: &Terminal) {
    let record = &outcome.convergence;
    let (columns, data) = (&outcome.data.columns, &outcome.data.provenance.data);
    let names = columns.study.join(" ");
    let (key, column) =
        if columns.percent.is_empty() { ("events", &columns.events) } else { ("percent", &columns.percent) };
    terminal.say(&format!("{data}: study = '{names}', {key} = '{column}', total = '{}'", columns.total));
    terminal.say(&format!("{data}: {} studies, {} rows left out", outcome.k(), outcome.excluded.len()));
    terminal
        .say(&format!("tau2: {}, {} evaluations, {}", record.algorithm, record.iterations, record.status));
    terminal.say(&format!("threads: {}", rayon::current_num_threads()));
}
