//! `metaprop pool --group-by`: one analysis a group, one row a group.

use std::path::Path;

use super::group_output::{KeptRows, RowFile, Sink, with_files};
use crate::analysis::{GroupRow, Pooled, for_each_group};
use crate::cli::args::{self, PoolArgs};
use crate::cli::ending::Ending;
use crate::cli::interrupt::Interrupt;
use crate::cli::output;
use crate::cli::progress::Progress;
use crate::cli::terminal::Terminal;
use crate::data::Groups;
use crate::error::{Error, Problem};
use crate::format::{NumberFormat, counted};
use crate::io::groups::{Grouping, read_groups};
use crate::io::identity::Inputs;
use crate::io::open;
use crate::options::Spec;
use crate::report::Format;
use crate::report::group_rows::{self, FIELDS, csv_row, json_row};
use crate::report::json::{self, Layout, WithoutCompanions};

/// What a file of rows can be.
const FORMATS: [Format; 3] = [Format::Csv, Format::Jsonl, Format::Parquet];
/// How many rows a person is shown.
const SHOWN: usize = 50;
/// How many errors are said where no row has them: with documents on standard output and no file.
const SAID: usize = 20;

/// Pools every group of a table.
pub(super) fn run(args: &PoolArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let files = files(args)?;
    if matches!(args.format, args::Format::Md | args::Format::Html) {
        let problem = Problem::new("--group-by gives rows, which are no page");
        return Err(Error::Usage(vec![
            problem.help("use --format text, csv, json or jsonl, or -o FILE.csv"),
        ]));
    }
    let spec = args.choices.resolve_for(&args.table, *args.display, &args.parts)?;
    let (bytes, shown) = open::load(args.data.as_deref().unwrap_or("-"))?;
    let grouping = Grouping { by: args.groups.group_by.clone(), sorted: args.groups.sorted };
    read_groups(&bytes, &shown, &args.table, &grouping, |groups| {
        apart_from_fields(groups.columns())?;
        Run { args, terminal, spec: &spec, groups, files: &files }.run()
    })
}

/// The files that were asked for.
fn files(args: &PoolArgs) -> Result<Vec<RowFile>, Error> {
    let inputs: Vec<&Path> = args.data.as_deref().map(Path::new).into_iter().collect();
    let targets = output::targets(&args.output, &FORMATS, &Inputs::of(&inputs))?;
    let has_parquet = targets.iter().any(|(_, format)| *format == Format::Parquet);
    if has_parquet && !cfg!(feature = "tables") {
        let problem = Problem::new("this build writes no Parquet files: it has not the feature 'tables'");
        return Err(Error::Usage(vec![problem.help("build it with --features tables, or name a .csv")]));
    }
    if args.groups.resume && has_parquet {
        let problem =
            Problem::new("--resume goes on with .csv and .jsonl: the end of a Parquet file is its contents");
        return Err(Error::Usage(vec![problem.help("name a .csv, or leave --resume out")]));
    }
    if args.groups.resume && targets.len() > 1 {
        let problem = Problem::new("--resume goes on with one file, and there are several");
        return Err(Error::Usage(vec![problem.help("name one file with -o")]));
    }
    Ok(targets.into_iter().map(|(path, format)| RowFile { path, format }).collect())
}

/// Whether no column of the groups is called as a field of the rows is.
fn apart_from_fields(columns: &[String]) -> Result<(), Error> {
    let Some(both) = columns.iter().find(|column| FIELDS.contains(&column.as_str())) else { return Ok(()) };
    let problem =
        Problem::new(format!("the rows have a field '{both}' of their own, beside the column of the groups"));
    Err(Error::Usage(vec![problem.help("give the column another name")]))
}

/// All that a run needs.
struct Run<'a> {
    args: &'a PoolArgs,
    terminal: &'a Terminal,
    spec: &'a Spec,
    groups: &'a dyn Groups,
    files: &'a [RowFile],
}

/// One group, in all the forms that are written of it.
struct Made {
    row: GroupRow,
    format: Option<NumberFormat>,
    csv: Option<String>,
    jsonl: Option<String>,
    document: Option<String>,
}

/// What became of the groups.
#[derive(Default)]
struct Outcome {
    /// The first rows.
    rows: Vec<GroupRow>,
    format: Option<NumberFormat>,
    done: usize,
    errors: usize,
    /// The first errors, each with its group.
    said: Vec<String>,
    advisories: usize,
    whole: bool,
}

impl Run<'_> {
    fn run(self) -> Result<Ending, Error> {
        let columns = self.groups.columns();
        let kept = match self.files {
            [file] if self.args.groups.resume => file.kept(columns)?,
            _ => KeptRows::default(),
        };
        let format = self.files.first().map_or(Format::Csv, |file| file.format);
        let is_left =
            |group: &u32| kept.len() == 0 || !kept.has(columns, &self.groups.values(*group as usize), format);
        let which: Vec<u32> = (0..self.groups.len() as u32).filter(is_left).collect();
        let mut outcome = Outcome { errors: kept.errors, ..Outcome::default() };
        let mut write = |sinks: Vec<Sink<'_>>| self.pool(&which, &kept, sinks, &mut outcome);
        let streams = !self.args.quiet && self.args.format != args::Format::Text;
        if streams {
            self.with_standard_output(&mut write)?;
        } else {
            with_files(self.files, Vec::new(), &mut write)?;
        }
        self.finish(&outcome, &kept)
    }

    fn with_standard_output(
        &self,
        write: &mut dyn FnMut(Vec<Sink<'_>>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut failed = None;
        let streamed = self.terminal.stream(|out| {
            let name = Path::new("standard output");
            let format = match self.args.format {
                args::Format::Csv => Format::Csv,
                _ => Format::Json,
            };
            let written = with_files(
                self.files,
                vec![Sink::new(format, name, out).may_close(!self.files.is_empty())],
                write,
            );
            failed = written.err();
            Ok(())
        });
        failed.map_or(streamed, Err)
    }

    /// Pools these groups, and writes what they give.
    fn pool(
        &self,
        which: &[u32],
        kept: &KeptRows,
        mut sinks: Vec<Sink<'_>>,
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        let columns = self.groups.columns();
        let wants = |format: Format| sinks.iter().any(|sink| sink.format == format);
        let [csv, jsonl, json] = [Format::Csv, Format::Jsonl, Format::Json].map(wants);
        let make = |pooled: Pooled| {
            let row = GroupRow::new(pooled.values, &pooled.result, pooled.excluded);
            let result = pooled.result.as_ref().ok();
            Made {
                csv: csv.then(|| csv_row(&row)),
                jsonl: jsonl.then(|| json_row(columns, &row)),
                document: result
                    .filter(|_| json)
                    .map(|result| json::text(&WithoutCompanions(result), Layout::Line)),
                format: result.map(|result| result.number_format()),
                row,
            }
        };
        for sink in &mut sinks {
            match sink.format {
                _ if !kept.bytes.is_empty() => sink.write(&kept.bytes)?,
                Format::Csv => sink.write(group_rows::csv_header(columns).as_bytes())?,
                Format::Parquet => sink.begin_parquet(columns)?,
                _ => {}
            }
        }
        let (interrupt, mut progress) = (Interrupt::armed(), Progress::new("groups"));
        let take = |made: Vec<Made>| {
            for sink in &mut sinks {
                write_all(sink, &made)?;
            }
            outcome.add(made);
            progress.at(outcome.done as u64, which.len() as u64);
            Ok::<(), Error>(())
        };
        outcome.whole = for_each_group(self.groups, which, self.spec, make, || !interrupt.came(), take)?;
        sinks.into_iter().try_for_each(Sink::finish)
    }

    /// What there is to say at the end.
    fn finish(&self, outcome: &Outcome, kept: &KeptRows) -> Result<Ending, Error> {
        let (columns, all) = (self.groups.columns(), self.groups.len());
        if !self.args.quiet && self.args.format == args::Format::Text && !outcome.rows.is_empty() {
            let display = self.args.display.over(outcome.format.unwrap_or_default());
            let text = group_rows::text(columns, &outcome.rows, outcome.done, display, self.terminal.color);
            self.terminal.print(text.as_bytes())?;
        }
        if self.args.groups.resume {
            let [old, new] =
                [kept.len(), outcome.done].map(|groups| counted(groups as u64, "group", "groups"));
            self.terminal.say(&format!("{old} kept, {new} pooled"));
        }
        if !outcome.whole {
            let done = kept.len() + outcome.done;
            self.terminal.say(&format!(
                "stopped by Ctrl-C: {done} of {} are done",
                counted(all as u64, "group", "groups")
            ));
            return Ok(Ending::Interrupted);
        }
        if outcome.errors == 0 {
            let is_negative = self.args.strict && outcome.advisories > 0;
            return Ok(if is_negative { Ending::Negative } else { Ending::Done });
        }
        // A result document has no place for an error, and where there is no row either it is said here.
        let has_rows =
            !self.files.is_empty() || matches!(self.args.format, args::Format::Text | args::Format::Csv);
        let said = if has_rows { &[][..] } else { &outcome.said[..] };
        said.iter().for_each(|error| self.terminal.say(error));
        let what =
            format!("{} of {} could not be pooled", outcome.errors, counted(all as u64, "group", "groups"));
        if self.args.strict {
            return Err(Error::Data(vec![Problem::new(what)]));
        }
        self.terminal.say(&what);
        Ok(Ending::Done)
    }
}

impl Outcome {
    fn add(&mut self, made: Vec<Made>) {
        for Made { row, format, .. } in made {
            self.done += 1;
            if let Some(error) = &row.error {
                self.errors += 1;
                if self.said.len() < SAID {
                    self.said.push(format!("{}: {error}", row.values.join(", ")));
                }
            }
            self.advisories += usize::from(!row.advisories.is_empty());
            self.format = self.format.or(format);
            if self.rows.len() < SHOWN {
                self.rows.push(row);
            }
        }
    }
}

fn write_all(sink: &mut Sink<'_>, made: &[Made]) -> Result<(), Error> {
    for made in made {
        let text = match sink.format {
            Format::Parquet => {
                sink.push_parquet(&made.row)?;
                continue;
            }
            Format::Csv => &made.csv,
            Format::Jsonl => &made.jsonl,
            _ => &made.document,
        };
        if let Some(text) = text {
            sink.write(text.as_bytes())?;
        }
    }
    Ok(())
}
