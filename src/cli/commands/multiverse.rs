//! `metaprop multiverse`: every defensible specification, one table and one curve.

use crate::cli::args::MultiverseArgs;
use crate::cli::ending::Ending;
use crate::cli::output::{FigureFiles, hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::cli::watched::watched;
use crate::data::Dataset;
use crate::error::Error;
use crate::io::identity::Inputs;
use crate::options::{Parts, Request};
use crate::published::multiverse::{Conclusion, Multiverse, multiverse};
use crate::report::Format;
use crate::report::multiverse::MultiverseReport;

/// What a file can hold: the specification curve, or the document in some format.
const FORMATS: [Format; 7] =
    [Format::Json, Format::Csv, Format::Markdown, Format::Text, Format::Svg, Format::Png, Format::Pdf];

/// Computes every specification that the choice flags leave open.
pub(crate) fn run(args: &MultiverseArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let mut documents = targets(&args.output, &FORMATS, &Inputs::of(&[&args.data]))?;
    let figures = FigureFiles::among(&mut documents, &args.image)?;
    let spec = args.choices.resolve_for(&args.table, *args.display, &Parts::default())?;
    let table = Dataset::read_with(&args.data, &args.table)?;
    let all = survey(&table, &args.choices, args.conclusion.clone())?;
    let display = args.display.over(all.number_format());
    if !figures.is_empty() {
        figures.write(&all.curve().asked(&spec).with_title(args.title.clone()).display(display).figure())?;
    }
    let surveyed = MultiverseReport::new(&table, spec, all).display(display);
    hand_over(terminal, Some(args.format.into()), &documents, &surveyed)?;
    Ok(Ending::of(surveyed.all().stopped))
}

/// Every specification; those that Ctrl-C leaves time for.
pub(super) fn survey(
    table: &Dataset,
    request: &Request,
    conclusion: Option<Conclusion>,
) -> Result<Multiverse, Error> {
    let mut keep_going = watched("specifications");
    multiverse(table, request, conclusion, |done, all| keep_going(done as u64, all as u64))
}
