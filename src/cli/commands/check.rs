//! `metaprop check`: published claims against recomputed values.

use super::check_line;
use crate::cli::args::CheckArgs;
use crate::cli::ending::Ending;
use crate::cli::output::{hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::error::{Error, Problem};
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::options::{Presentation, ReadOptions, Request};
use crate::project::Project;
use crate::report::{CheckReport, Document};

/// Holds every claim of an analysis file against its outcome; exit 1 where one fails.
pub(crate) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let source = match &args.line {
        Some(line) => Source::Line(line),
        None => Source::File(Box::new(project(args)?)),
    };
    let inputs = match &source {
        Source::File(project) => Inputs::of(&project.inputs()),
        Source::Line(_) => Inputs::of(&[&args.analysis]),
    };
    let targets = targets(&args.output, CheckReport::FORMATS, &inputs)?;
    if let Some(path) = &args.junit {
        output_file::check(path, &inputs)?;
    }
    let checked = match &source {
        Source::File(project) => project.check()?,
        Source::Line(line) => check_line::check(line, args)?,
    };
    let format = (!args.quiet).then_some(args.format.into());
    if let Some(path) = &args.junit {
        output_file::write(path, |out| out.write_all(checked.junit().as_bytes()))?;
    }
    hand_over(terminal, format, &targets, &checked)?;
    let warned = args.strict && !checked.advisories().is_empty();
    Ok(if checked.counts().fails > 0 || warned { Ending::Negative } else { Ending::Done })
}

/// Where the claims stand.
enum Source<'a> {
    File(Box<Project>),
    Line(&'a str),
}

/// The analysis file. The flags that say how a table is read and pooled are refused: it says that itself.
fn project(args: &CheckArgs) -> Result<Project, Error> {
    let project = Project::open(&args.analysis)?.allow_outside(args.allow_outside);
    let none = *args.table == ReadOptions::default()
        && *args.choices == Request::default()
        && *args.display == Presentation::default();
    if none {
        return Ok(project);
    }
    let problem = Problem::new("an analysis file says itself how its tables are read and pooled");
    Err(Error::Usage(vec![problem.help("write the choices into the file, or give a table and --line TEXT")]))
}
