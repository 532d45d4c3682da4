//! What starts from printed figures: does a number hold, what could have given it, does it depend on the choices?

use std::collections::BTreeSet;
use std::num::NonZeroU16;

use metaprop::data::Study;
use metaprop::options::{DEFAULT_SEED, ReadOptions, Request};
use metaprop::printed::grim::grim_of_percentage;
use metaprop::published::claim::Claim;
use metaprop::published::multiverse::{Conclusion, multiverse};
use metaprop::published::reconstruct::{CountRange, KnownRow, ReconstructQuery, reconstruct};
use metaprop::published::reproduce::{
    self, Calibrated, ReproduceQuery, Slips, Uncalibrated, reproduce_calibrated,
};
use metaprop::published::sentence::LineReading;
use metaprop::report::{CheckReport, MultiverseReport, ReconstructReport, ReproduceReport};
use metaprop::{Error, Printed, Project, fit};
use pyo3::prelude::*;

use crate::choices::{Choices, Given};
use crate::documents::{Documents, titled};
use crate::errors::usage;
use crate::further::word;
use crate::table::Source;
use crate::worker::{self, Stop};

/// Examines published figures: `what` is the command of the program.
#[pyfunction]
#[pyo3(signature = (what, source, given, threads=None))]
pub fn review(
    py: Python<'_>,
    what: String,
    source: Option<&Bound<'_, PyAny>>,
    given: Given,
    threads: Option<usize>,
) -> PyResult<Documents> {
    let source = source.map(Source::of).transpose()?;
    worker::run(py, threads, move |stop| match (what.as_str(), source) {
        ("grim", source) => grim(source.as_ref(), given),
        ("check", Some(Source::Named(name))) if name.to_lowercase().ends_with(".toml") => {
            check_file(&name, given)
        }
        ("check", Some(source)) => check_figures(&source, given),
        ("reproduce", Some(source)) => search(|| find_specifications(&source, given, stop)),
        ("multiverse", Some(source)) => search(|| all_specifications(&source, given, stop)),
        ("reconstruct", source) => search(|| find_tables(source.as_ref(), given, stop)),
        _ => Err(Error::usage(format!("{what} takes a table"))),
    })
}

fn search(find: impl FnOnce() -> Result<Documents, Error>) -> Result<Documents, Error> {
    worker::refuse_after_fork()?;
    find()
}

/// A percentage of n people, or those of a table.
fn grim(source: Option<&Source>, given: Given) -> Result<Documents, Error> {
    let choices = Choices::take(given, &["percentage", "n"])?;
    match (choices.one("percentage")?, source) {
        (Some(percentage), None) => {
            let Some(n) = choices.parsed("n", "a number of people")? else {
                return Err(usage(format!("{percentage} of how many people?"), "say it: n=90"));
            };
            Ok(Documents::of(&grim_of_percentage(&Printed::parse(percentage)?, n)?, None))
        }
        (None, Some(source)) => Ok(Documents::of(&source.percentages(&choices.read)?, None)),
        _ => Err(usage("grim takes a percentage with n, or a table", "grim('58.4%', n=90)")),
    }
}

/// The claims of an analysis file.
fn check_file(name: &str, given: Given) -> Result<Documents, Error> {
    let choices = Choices::take(given, &["allow-outside"])?;
    let is_plain = choices.request == Request::default() && choices.read == ReadOptions::default();
    if !is_plain {
        return Err(usage(
            "an analysis file says itself how its tables are read and pooled",
            "write the choices into the file, or give a table and line='…'",
        ));
    }
    let project = Project::open(name)?.allow_outside(choices.is_given("allow-outside"));
    Ok(Documents::of(&project.check()?, None))
}

/// Printed figures of a table.
fn check_figures(source: &Source, given: Given) -> Result<Documents, Error> {
    let choices = Choices::take(given, &["line", "printed"])?;
    let figures = Figures::new(&choices)?;
    let spec = choices.spec_of(figures.request(choices.request))?;
    let result = fit(&source.read(&choices.read)?, &spec)?;
    let claim = Claim { note: figures.reading.clone(), ..figures.claim };
    let mut documents = Documents::of(&CheckReport::of_result(&result, source.shown(), claim), None);
    documents.reading = figures.reading;
    Ok(documents)
}

/// What was printed.
struct Figures {
    claim: Claim,
    /// How a sentence was read.
    reading: Option<String>,
    /// The level of the interval in the sentence.
    level: Option<metaprop::options::Level>,
}

impl Figures {
    fn new(choices: &Choices) -> Result<Self, Error> {
        let read = choices.one("line")?.map(LineReading::parse).transpose()?;
        let printed = choices.own("printed");
        if read.is_none() && printed.is_empty() {
            return Err(usage(
                "there are no printed figures",
                "give a sentence, line='54.0% (46.3% to 61.5%)', or printed={'estimate': '54.0%'}",
            ));
        }
        let level = read.as_ref().and_then(|read| read.level);
        let reading = read.as_ref().map(in_words);
        let mut claim = read.map(|read| read.claim).unwrap_or_default();
        let mut problems = Vec::new();
        for figure in printed {
            match claim.set_printed(figure) {
                Err(Error::Usage(found)) => problems.extend(found),
                set => set?,
            }
        }
        if !problems.is_empty() {
            return Err(Error::Usage(problems));
        }
        let claim = choices.presentation.scale.map_or(claim.clone(), |scale| claim.on_scale(scale));
        Ok(Self { claim, reading, level })
    }

    /// The choices, at the level of the sentence where none was given.
    fn request(&self, given: Request) -> Request {
        Request { level: given.level.or(self.level), ..given }
    }
}

/// How a sentence was read.
fn in_words(read: &LineReading) -> String {
    let level = read.level.map(|level| format!(", level = {level}")).unwrap_or_default();
    let left_out = match &read.left_out[..] {
        [] => String::new(),
        left_out => format!("; not read: {}", left_out.join(", ")),
    };
    format!("read as {}{level}{left_out}", read.words())
}

fn find_specifications(source: &Source, given: Given, stop: &Stop) -> Result<Documents, Error> {
    let own = ["line", "printed", "slips", "list", "replicates", "subsets"];
    let choices = Choices::take(given, &own)?;
    let figures = Figures::new(&choices)?;
    let request = figures.request(choices.request);
    let spec = choices.spec_of(request)?;
    let slips = [("auto", Slips::Auto), ("always", Slips::Always), ("never", Slips::Never)];
    let slips = word(&choices, "slips", slips)?.unwrap_or(Slips::Auto);
    let table = source.read(&choices.read)?;
    let columns = table.columns();
    let derived = !columns.percent.is_empty() && columns.events.is_empty();
    let percentages = if derived { source.percentages(&choices.read)?.rows } else { Vec::new() };
    let omitted_rows =
        if slips == Slips::Never { Vec::new() } else { filtered_out(source, &choices.read, &table) };
    let query = ReproduceQuery {
        explicit: request,
        omitted_rows: &omitted_rows,
        percentages: &percentages,
        list: listed(&choices)?,
        ..ReproduceQuery::new(&table, &figures.claim)
    };
    let replicates = choices.parsed("replicates", "a number of data sets")?.unwrap_or(99);
    let seed = request.seed.unwrap_or(DEFAULT_SEED);
    let Calibrated { found, chance, data_errors, .. } =
        reproduce_calibrated(&query, slips, replicates, seed, |_, _, _| stop.goes_on())?;
    let subsets = if choices.is_given("subsets") && !found.stopped {
        let specs = reproduce::specifications(&table, &request, &figures.claim)?;
        Some(reproduce::subsets(&table, &figures.claim, &specs, query.list, |_, _| stop.goes_on())?)
    } else {
        None
    };
    let chance = chance.map_err(|why| Uncalibrated::reason(&found, subsets.as_ref()).unwrap_or(why));
    let query = ReproduceQuery { data_errors, ..query };
    let report = ReproduceReport::new(&query, spec, found).with_subsets(subsets).with_chance(chance);
    let display = choices.presentation.over(report.number_format());
    let mut documents = Documents::of(&report.display(display), None);
    documents.reading = figures.reading;
    Ok(documents)
}

/// How many matches or tables are listed.
fn listed(choices: &Choices) -> Result<usize, Error> {
    let list = choices.parsed::<NonZeroU16>("list", "a whole number from 1 to 1000")?;
    Ok(list.map_or(10, |list| list.get().min(1000).into()))
}

/// The rows that the conditions left out.
fn filtered_out(source: &Source, options: &ReadOptions, table: &metaprop::Dataset) -> Vec<Study> {
    if options.filters.is_empty() {
        return Vec::new();
    }
    let whole = ReadOptions { filters: Vec::new(), ..options.clone() };
    // What is wrong in a row that was filtered out is no reason to refuse the others.
    let others = source.read(&whole).and_then(|table| table.counted());
    let kept: BTreeSet<u32> = table.labels().iter().map(|label| label.line).collect();
    others.unwrap_or_default().into_iter().filter(|row| !kept.contains(&row.line)).collect()
}

fn all_specifications(source: &Source, given: Given, stop: &Stop) -> Result<Documents, Error> {
    let choices = Choices::take(given, &["conclusion", "title"])?;
    let conclusion = choices.one("conclusion")?.map(str::parse::<Conclusion>).transpose()?;
    let title = choices.one("title")?.map(str::to_owned);
    let spec = choices.spec()?;
    let table = source.read(&choices.read)?;
    let all = multiverse(&table, &choices.request, conclusion, |_, _| stop.goes_on())?;
    let display = choices.presentation.over(all.number_format());
    let report = MultiverseReport::new(&table, spec, all).display(display);
    let figure = titled!(report.all().curve(), title).display(display).figure();
    Ok(Documents::of(&report, Some(figure)))
}

fn find_tables(source: Option<&Source>, given: Given, stop: &Stop) -> Result<Documents, Error> {
    let own = ["line", "printed", "min-n", "max-n", "truncation", "budget", "tries", "list", "optional"];
    let mut choices = Choices::take(given, &own)?;
    let (k, total) = ranges(&mut choices)?;
    let figures = Figures::new(&choices)?;
    let spec = figures.request(choices.request).resolve()?;
    let (mut known, mut sources) = (Vec::new(), Vec::new());
    if let Some(source) = source {
        let table = source.read(&choices.read)?;
        known = KnownRow::from_table(&table)?;
        known.iter_mut().for_each(|row| row.optional = choices.is_given("optional"));
        sources.push(table.provenance().clone());
    }
    let plain = ReconstructQuery::new(&figures.claim, &spec, known);
    let query = ReconstructQuery {
        sizes: [
            choices.parsed("min-n", "a number of people")?.unwrap_or(1),
            choices.parsed("max-n", "a number of people")?.unwrap_or(u64::MAX),
        ],
        truncation: choices.is_given("truncation"),
        budget: choices.parsed("budget", "a number of tables")?.unwrap_or(plain.budget),
        tries: choices.parsed("tries", "a number of tries")?.unwrap_or(plain.tries),
        seed: choices.request.seed.unwrap_or(DEFAULT_SEED),
        list: listed(&choices)?,
        k,
        total,
        ..plain
    };
    let found = reconstruct(&query, |_, _| stop.goes_on())?;
    let mut documents = Documents::of(&ReconstructReport::new(sources, figures.claim.clone(), found), None);
    documents.reading = figures.reading;
    Ok(documents)
}

/// Takes the ranges of k and total, `k=12..14`, out of the printed figures.
fn ranges(choices: &mut Choices) -> Result<(Option<CountRange>, Option<CountRange>), Error> {
    let (mut k, mut total) = (None, None);
    for figure in choices.take_own("printed") {
        let range = figure.split_once('=').filter(|(_, value)| value.contains(".."));
        match range.map(|(field, value)| (field.trim(), value)) {
            Some(("k", value)) => k = Some(value.parse()?),
            Some(("total", value)) => total = Some(value.parse()?),
            _ => choices.put_own("printed", figure),
        }
    }
    Ok((k, total))
}
