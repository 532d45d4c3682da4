//! `metaprop pool`: one analysis, printed and written as asked.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::analysis::{MetaAnalysis, fit_watched};
use crate::cli::args::{self, PoolArgs};
use crate::cli::ending::Ending;
use crate::cli::output::{self, FigureFiles};
use crate::cli::progress::Progress;
use crate::cli::terminal::{COLUMNS, Terminal};
use crate::data::{ColumnsRead, Dataset};
use crate::error::{Error, Problem};
use crate::format;
use crate::io::identity::Inputs;
use crate::io::{files, output_file};
use crate::model::Watch;
use crate::options::analysis_file::{AnalysisFile, OutcomeEntry, Source, to_toml};
use crate::options::{ReadOptions, Spec};
use crate::plot::{Appearance, Forest, Signs};
use crate::report::{Format, MOST_ROWS, Page, csv, json, reread};

/// Pools a table or a result document.
pub(crate) fn run(args: &PoolArgs, terminal: &Terminal) -> Result<Ending, Error> {
    if !args.groups.group_by.is_empty() {
        return super::groups::run(args, terminal);
    }
    if args.print_spec {
        return print_spec(args, terminal);
    }
    if !args.explain_diff.is_empty() {
        return super::explain::run(args, terminal);
    }
    let mut targets = self::targets(args)?;
    let figures = FigureFiles::among(&mut targets, &args.image)?;
    refuse_plot_without_text(args, &targets)?;
    let outcome = input(args)?;
    let appearance = Appearance::new(&args.drawing, &outcome.data)?;
    if args.verbose {
        explain(&outcome, terminal);
    }
    // Files first: a reader of standard output that goes away, as `head` does, costs none of them.
    for (path, format) in targets {
        if format == Format::Word {
            let bytes = page(&outcome, args, &appearance, None).word()?;
            output_file::write(&path, |out| out.write_all(&bytes))?;
            continue;
        }
        let plot = args.plot.then_some((COLUMNS, Signs::Unicode));
        output_file::write(&path, |out| write(&page(&outcome, args, &appearance, plot), format, false, out))?;
    }
    let forest = forest(&outcome, args, &appearance);
    if !figures.is_empty() {
        figures.write_forest(&forest, &args.drawing, &inputs(args), terminal)?;
    }
    if let Some(path) = &args.legend {
        output::write_legend(path, args.title.as_deref(), &forest.legend())?;
    }
    if !args.quiet {
        let page = page(&outcome, args, &appearance, plot(&outcome, args, &forest, terminal));
        terminal.stream(|out| write(&page, args.format.into(), terminal.color, out))?;
    }
    Ok(if args.strict && !outcome.advisories.is_empty() { Ending::Negative } else { Ending::Done })
}

/// The analysis; a bootstrap says how far it is.
fn fit_with_progress(table: &Dataset, spec: &Spec) -> Result<MetaAnalysis, Error> {
    let progress = Mutex::new(Progress::new("bootstrap"));
    let tell = |done, all| {
        // Where another thread tells it at the same time, once is enough.
        if let Ok(mut progress) = progress.try_lock() {
            progress.at(done, all);
        }
    };
    fit_watched(table, spec, Watch::new(&tell))
}

/// The result: of a table and flags, or of a result document.
fn input(args: &PoolArgs) -> Result<MetaAnalysis, Error> {
    if let Some(document) = &args.from {
        let text = files::read_document(document)?;
        let read = reread::read(&text, &document.display().to_string())?;
        let display = args.display.problem(read.spec.input_scale());
        let problems: Vec<Problem> =
            display.into_iter().chain(args.parts.problem(read.spec.model())).collect();
        if !problems.is_empty() {
            return Err(Error::Usage(problems));
        }
        let result = fit_with_progress(&read.data, &read.spec)?;
        return result.with_groupings(read.groupings, read.subgroup_tau2);
    }
    // clap requires DATA where there is no --from.
    let data = args.data.as_deref().unwrap_or("-");
    let spec = args.choices.resolve_for(&args.table, *args.display, &args.parts)?;
    let result = fit_with_progress(&Dataset::read_with(data, &args.table)?, &spec)?;
    result.with_subgroups(&args.parts.subgroup, args.parts.subgroup_tau2())
}

/// `--print-spec`: the analysis file of this command line.
fn print_spec(args: &PoolArgs, terminal: &Terminal) -> Result<Ending, Error> {
    // What does not resolve would not run from the file either.
    args.choices.resolve_for(&args.table, *args.display, &args.parts)?;
    let data = args.data.clone().unwrap_or_default();
    if data == "-" || args.from.is_some() {
        let problem = Problem::new("--print-spec needs a table with a name: an analysis file names its data");
        return Err(Error::Usage(vec![problem.help("save the table in a file, or use @NAME")]));
    }
    let table = Dataset::read_with(&data, &args.table)?;
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
                total: Some(columns.total).filter(|column| !column.is_empty()),
                ..(*args.table).clone()
            },
        },
        analysis: *args.choices,
        presentation: *args.display,
        parts: (*args.parts).clone(),
        drawing: (*args.drawing).clone(),
        outcomes: vec![OutcomeEntry { id: "main".to_string(), title, ..OutcomeEntry::default() }],
        ..AnalysisFile::default()
    };
    terminal.print(to_toml(&file).as_bytes())?;
    Ok(Ending::Done)
}

/// A table's result for each level of a column: `pool`, with a column to group by.
pub(crate) fn subgroups(args: &PoolArgs, terminal: &Terminal) -> Result<Ending, Error> {
    if !args.groups.group_by.is_empty() {
        let problem = Problem::new("--group-by does not go with metaprop subgroup");
        return Err(Error::Usage(vec![problem.help("one analysis a group is metaprop pool --group-by COL")]));
    }
    if args.parts.subgroup.is_empty() && args.from.is_none() {
        let problem = Problem::new("metaprop subgroup takes a column to group by");
        return Err(Error::Usage(vec![problem.help("name it: --subgroup COL")]));
    }
    run(args, terminal)
}

/// What a file can hold.
const FORMATS: [Format; 10] = [
    Format::Json,
    Format::Jsonl,
    Format::Csv,
    Format::Text,
    Format::Markdown,
    Format::Html,
    Format::Word,
    Format::Svg,
    Format::Png,
    Format::Pdf,
];

/// The columns of a terminal from which on the forest plot is part of the text without being asked for.
const WIDE: usize = 120;

/// `--plot` where no text is printed or written.
fn refuse_plot_without_text(args: &PoolArgs, targets: &[(PathBuf, Format)]) -> Result<(), Error> {
    let printed = !args.quiet && Format::from(args.format) == Format::Text;
    if !args.plot || printed || targets.iter().any(|(_, format)| *format == Format::Text) {
        return Ok(());
    }
    let problem = Problem::new("--plot is part of the text, and none is printed or written");
    Err(Error::Usage(vec![problem.help("--format text, -o NAME.txt, or -o NAME.svg for the figure")]))
}

/// How many columns the plot in the text has, and its characters, where there is one.
fn plot(
    result: &MetaAnalysis,
    args: &PoolArgs,
    forest: &Forest<'_>,
    terminal: &Terminal,
) -> Option<(usize, Signs)> {
    let columns = terminal.known_columns();
    if args.plot {
        return Some((columns.unwrap_or(COLUMNS), terminal.signs()));
    }
    let wanted = !args.no_plot && terminal.is_terminal && args.format == args::Format::Text;
    let columns = columns.filter(|columns| wanted && *columns >= WIDE)?;
    // A table that is cut short stays so.
    let fits = result.k() <= MOST_ROWS && forest.fits(columns);
    fits.then(|| (columns, terminal.signs()))
}

/// The forest plot as it was asked for.
fn forest<'a>(result: &'a MetaAnalysis, args: &PoolArgs, appearance: &Appearance) -> Forest<'a> {
    let display = args.display.over(result.number_format());
    let shown = args.parts.over(&result.spec, args.choices.null.is_some());
    let forest = result.forest().with_title(args.title.clone()).display(display).shown(shown);
    let forest = forest.appearance(appearance);
    if args.legend.is_some() { forest.without_notes() } else { forest }
}

/// The result as it is shown.
fn page<'a>(
    result: &'a MetaAnalysis,
    args: &PoolArgs,
    appearance: &Appearance,
    plot: Option<(usize, Signs)>,
) -> Page<'a> {
    let display = args.display.over(result.number_format());
    let shown = args.parts.over(&result.spec, args.choices.null.is_some());
    let page = result.page().with_title(args.title.clone()).display(display).shown(shown);
    let page = page.appearance(appearance.clone());
    match plot {
        Some((width, signs)) => page.plot(width, signs),
        None => page,
    }
}

/// Writes the result in a format; documents and rows as a stream, a study at a time.
fn write(page: &Page<'_>, format: Format, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let text = match format {
        Format::Json => return json::write(page.result(), json::Layout::Indented, out),
        Format::Jsonl => return json::write(page.result(), json::Layout::Line, out),
        Format::Csv => return csv::write(page.result(), csv::Rows::All, out),
        Format::Markdown => page.markdown(),
        Format::Html => page.html(),
        _ => page.text(color),
    };
    out.write_all(text.as_bytes())
}

/// The files that are read, which no output may be.
fn inputs(args: &PoolArgs) -> Inputs {
    let inputs: Vec<&Path> =
        args.data.as_deref().map(Path::new).into_iter().chain(args.from.as_deref()).collect();
    Inputs::of(&inputs)
}

/// The files that were asked for, each checked before any work is done.
fn targets(args: &PoolArgs) -> Result<Vec<(PathBuf, Format)>, Error> {
    let inputs = inputs(args);
    if let Some(path) = &args.legend {
        output_file::check(path, &inputs)?;
    }
    output::targets(&args.output, &FORMATS, &inputs)
}

/// `--verbose`: how the table was read and how the estimate was found.
fn explain(outcome: &MetaAnalysis, terminal: &Terminal) {
    let record = &outcome.convergence;
    let data = &outcome.data.provenance.data;
    terminal.say(&format!("{data}: {}", columns(&outcome.data.columns)));
    let (ledger, provenance) = (&outcome.data.ledger, &outcome.data.provenance);
    if let Some(sheet) = &provenance.sheet {
        terminal.say(&format!("{data}: sheet '{sheet}'"));
    }
    for filter in &provenance.filters {
        terminal.say(&format!("{data}: rows with {filter}"));
    }
    terminal.say(&format!(
        "{data}: {}, {} left out, {} filtered, {} read",
        format::studies(outcome.k()),
        format::counted(outcome.excluded.len() as u64, "row", "rows"),
        ledger.filtered,
        ledger.read
    ));
    terminal
        .say(&format!("tau2: {}, {} evaluations, {}", record.algorithm, record.iterations, record.status));
    terminal.say(&format!("threads: {}", rayon::current_num_threads()));
}

/// `study = 'author year', events = 'x', total = 'n'`: the columns that were read, by what they hold.
fn columns(read: &ColumnsRead) -> String {
    let study = match &read.study[..] {
        [] => "study names: none, numbered by rows".to_string(),
        names if read.study_by_content => format!("study = '{}' (by its content)", names.join(" ")),
        names => format!("study = '{}'", names.join(" ")),
    };
    let values = read.values().map(|(key, column)| format!("{key} = '{column}'"));
    std::iter::once(study).chain(values).collect::<Vec<_>>().join(", ")
}
