//! What goes on from a pooled result.

use metaprop::analysis::{
    Alternative, BiasOptions, Conclusion, Formula, GoshOptions, Order, RegressionOptions, Side,
    TrimFillEstimator,
};
use metaprop::format::NumberFormat;
use metaprop::options::{Ci, DEFAULT_SEED, PredictionMethod, Request};
use metaprop::plot::{Appearance, Theme};
use metaprop::report::{
    BiasReport, CumulativeReport, GoshReport, InfluenceReport, LeaveOneOutReport, RegressionReport,
};
use metaprop::{Error, MetaAnalysis, fit};
use pyo3::prelude::*;

use crate::choices::{Choices, Given};
use crate::documents::{Documents, titled};
use crate::errors::usage;
use crate::table::Source;
use crate::worker::{self, Stop};

/// Goes on from the pooled result of a table: `what` is the command of the program.
#[pyfunction]
#[pyo3(signature = (what, source, given, threads=None))]
pub fn further(
    py: Python<'_>,
    what: String,
    source: &Bound<'_, PyAny>,
    given: Given,
    threads: Option<usize>,
) -> PyResult<Documents> {
    let source = Source::of(source)?;
    worker::run(py, threads, move |stop| match what.as_str() {
        "leave-one-out" => leave_one_out(&source, given, stop),
        "cumulative" => cumulative(&source, given, stop),
        "influence" => influence(&source, given, stop),
        "gosh" => gosh(&source, given, stop),
        "regress" => regress(&source, given, stop),
        "bias" => bias(&source, given),
        _ => Err(Error::usage(format!("there is no analysis '{what}'"))),
    })
}

/// A pooled result with what was asked for.
struct Pooled {
    choices: Choices,
    result: MetaAnalysis,
    display: NumberFormat,
    theme: Theme,
    title: Option<String>,
}

impl Pooled {
    fn new(source: &Source, given: Given, own: &[&'static str], draws: bool) -> Result<Self, Error> {
        let own: Vec<&'static str> = own.iter().copied().chain(["title"]).collect();
        let choices = Choices::take(given, &own)?;
        let request = if draws { seed_apart(choices.request) } else { choices.request };
        let spec = choices.spec_of(request)?;
        let data = source.read(&choices.read)?;
        let theme = Appearance::new(&choices.drawing, &data)?.theme().clone();
        let result = fit(&data, &spec)?;
        let display = choices.presentation.over(result.number_format());
        let title = choices.one("title")?.map(str::to_owned);
        Ok(Self { choices, result, display, theme, title })
    }

    fn seed(&self) -> u64 {
        self.choices.request.seed.unwrap_or(DEFAULT_SEED)
    }
}

/// The choices without the seed, where it is that of other draws than those of a bootstrap.
fn seed_apart(request: Request) -> Request {
    let bootstraps =
        request.ci == Some(Ci::Bootstrap) || request.prediction == Some(PredictionMethod::Bootstrap);
    if bootstraps { request } else { Request { seed: None, ..request } }
}

fn leave_one_out(source: &Source, given: Given, stop: &Stop) -> Result<Documents, Error> {
    let of = Pooled::new(source, given, &[], false)?;
    let analysis = of.result.leave_one_out_watched(&mut |_, _| stop.goes_on())?;
    let drawn = titled!(analysis.forest(&of.result), &of.title).theme(of.theme.clone());
    let figure = drawn.display(of.display).figure();
    Ok(Documents::of(&LeaveOneOutReport::new(&of.result, analysis).display(of.display), Some(figure)))
}

fn cumulative(source: &Source, given: Given, stop: &Stop) -> Result<Documents, Error> {
    let of = Pooled::new(source, given, &["sort"], false)?;
    let sort = of.choices.one("sort")?.map(str::parse::<Order>).transpose()?;
    let analysis = of.result.cumulative_watched(sort, &mut |_, _| stop.goes_on())?;
    let drawn = titled!(analysis.forest(&of.result), &of.title).theme(of.theme.clone());
    let figure = drawn.display(of.display).figure();
    Ok(Documents::of(&CumulativeReport::new(&of.result, analysis).display(of.display), Some(figure)))
}

fn influence(source: &Source, given: Given, stop: &Stop) -> Result<Documents, Error> {
    let of = Pooled::new(source, given, &["conclusion"], false)?;
    let conclusion = of.choices.one("conclusion")?.map(str::parse::<Conclusion>).transpose()?;
    let analysis = of.result.influence_watched(&mut |_, _| stop.goes_on())?;
    let figure = titled!(analysis.plot(), &of.title).theme(of.theme.clone()).figure();
    let mut report = InfluenceReport::new(&of.result, analysis).display(of.display);
    if let Some(conclusion) = conclusion {
        let removal = of.result.smallest_removal_watched(&conclusion, &mut |_, _| stop.goes_on())?;
        report = report.with_removal(removal);
    }
    Ok(Documents::of(&report, Some(figure)))
}

fn gosh(source: &Source, given: Given, stop: &Stop) -> Result<Documents, Error> {
    let of = Pooled::new(source, given, &["min-size", "subsets", "rows"], true)?;
    let mut options = GoshOptions::default();
    options.min_size = of.choices.parsed("min-size", "a number of studies")?.unwrap_or(options.min_size);
    options.subsets = of.choices.parsed("subsets", "a number of subsets")?;
    options.seed = of.seed();
    let analysis = of.result.gosh_watched(&options, &mut |_, _| stop.goes_on())?;
    let drawn = titled!(analysis.plot(&of.result), &of.title).theme(of.theme.clone());
    let figure = drawn.display(of.display).figure();
    let report = GoshReport::new(&of.result, &analysis).display(of.display);
    let report = if of.choices.is_given("rows") { report.with_rows() } else { report };
    Ok(Documents::of(&report, Some(figure)))
}

fn regress(source: &Source, given: Given, stop: &Stop) -> Result<Documents, Error> {
    let of = Pooled::new(source, given, &["mods", "at", "permutations", "r2-interval"], true)?;
    let Some(mods) = of.choices.one("mods")? else {
        return Err(usage("regress takes moderators", "name them: mods='dose + factor(route)'"));
    };
    let mods: Formula = mods.parse()?;
    let mut options = RegressionOptions::default();
    options.at = of.choices.own("at").iter().map(|at| at_values(at)).collect::<Result<_, _>>()?;
    options.permutations = of.choices.parsed("permutations", "a number of permutations")?;
    options.cluster = of.choices.read.cluster.clone();
    options.r2_interval = of.choices.is_given("r2-interval");
    options.seed = Some(of.seed());
    let analysis = of.result.regress_watched(&mods, &options, &mut |_, _| stop.goes_on())?;
    // Only one moderator that is a number has a line to draw.
    let bubble = analysis.bubble(&of.result).ok();
    let figure =
        bubble.map(|bubble| titled!(bubble, &of.title).theme(of.theme.clone()).display(of.display).figure());
    Ok(Documents::of(&RegressionReport::new(&of.result, &analysis).display(of.display), figure))
}

/// `dose=5,10`: a column and its values.
fn at_values(typed: &str) -> Result<(String, Vec<String>), Error> {
    let parts = typed.split_once('=').map(|(column, values)| (column.trim(), values));
    let Some((column, values)) = parts.filter(|(column, _)| !column.is_empty()) else {
        return Err(usage(
            format!("at = '{typed}' names no column"),
            "write at='dose=5,10', or at={'dose': [5, 10]}",
        ));
    };
    Ok((column.to_owned(), values.split(',').map(|value| value.trim().to_owned()).collect()))
}

fn bias(source: &Source, given: Given) -> Result<Documents, Error> {
    let own = ["steps", "alternative", "orwin-target", "trim-fill", "side"];
    let of = Pooled::new(source, given, &own, false)?;
    let mut options = BiasOptions::default();
    let steps = of.choices.own("steps").iter().flat_map(|steps| steps.split(','));
    let steps: Result<Vec<f64>, Error> = steps
        .map(|step| step.trim().parse().map_err(|_| Error::usage(format!("steps = {step} is not a number"))))
        .collect();
    options.steps = Some(steps?).filter(|steps| !steps.is_empty()).unwrap_or(options.steps);
    options.orwin_target = of.choices.parsed("orwin-target", "a number")?;
    let known = [
        ("greater", Alternative::Greater),
        ("less", Alternative::Less),
        ("two-sided", Alternative::TwoSided),
    ];
    options.alternative = word(&of.choices, "alternative", known)?.unwrap_or(options.alternative);
    let analysis = of.result.bias(&options)?;
    let figure = funnel(&of)?;
    Ok(Documents::of(&BiasReport::new(&of.result, analysis).display(of.display), Some(figure)))
}

/// The funnel plot, with the studies that trim-and-fill adds where it was asked for.
fn funnel(of: &Pooled) -> Result<metaprop::plot::Figure, Error> {
    let estimators =
        [("l0", TrimFillEstimator::L0), ("r0", TrimFillEstimator::R0), ("q0", TrimFillEstimator::Q0)];
    let side = word(&of.choices, "side", [("left", Side::Left), ("right", Side::Right)])?;
    let estimator = word(&of.choices, "trim-fill", estimators)?;
    let filled = estimator.map(|estimator| of.result.trim_fill(estimator, side)).transpose()?;
    let funnel = titled!(of.result.funnel(), &of.title).theme(of.theme.clone()).display(of.display);
    Ok(match &filled {
        Some(filled) => funnel.filled(filled).figure(),
        None => funnel.figure(),
    })
}

/// One of a few words.
pub fn word<T, const N: usize>(
    choices: &Choices,
    key: &str,
    known: [(&str, T); N],
) -> Result<Option<T>, Error> {
    let Some(typed) = choices.one(key)? else { return Ok(None) };
    let plain = typed.replace('_', "-").to_lowercase();
    let words: Vec<String> = known.iter().map(|(word, _)| (*word).to_owned()).collect();
    match known.into_iter().find(|(word, _)| *word == plain) {
        Some((_, value)) => Ok(Some(value)),
        None => Err(usage(
            format!("{key} = '{typed}' is none of its words"),
            format!("known are {}", words.join(", ")),
        )),
    }
}
