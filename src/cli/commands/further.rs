//! `metaprop leave-one-out`, `cumulative`, `influence`, `gosh`, `regress` and `bias`: what goes on from a pooled result.

use std::path::PathBuf;

use crate::analysis::{BiasOptions, Formula, GoshOptions, MetaAnalysis, RegressionOptions, fit};
use crate::cli::args::{
    BiasArgs, CumulativeArgs, FurtherArgs, GoshArgs, InfluenceArgs, LeaveOneOutArgs, RegressArgs,
};
use crate::cli::ending::Ending;
use crate::cli::output::{FigureFiles, hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::cli::watched::watched;
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::format::NumberFormat;
use crate::io::identity::Inputs;
use crate::io::output_format::FIGURES;
use crate::options::{Ci, DEFAULT_SEED, Parts, PredictionMethod, Request, Spec};
use crate::plot::Figure;
use crate::report::{
    BiasReport, CumulativeReport, Document, Format, GoshReport, InfluenceReport, LeaveOneOutReport,
    RegressionReport,
};

/// The pooled value without each study.
pub(crate) fn leave_one_out(args: &LeaveOneOutArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let pooled = Pooled::new::<LeaveOneOutReport<'_>>(&args.of, *args.of.choices)?;
    let analysis = pooled.result.leave_one_out_watched(&mut watched("studies"))?;
    let stopped = analysis.stopped;
    let figure = pooled.figure(|| Ok(analysis.forest(&pooled.result).display(pooled.display).figure()))?;
    let report = LeaveOneOutReport::new(&pooled.result, analysis).display(pooled.display);
    pooled.hand_over(&report, figure, stopped, terminal)
}

/// The pooled value as studies are added.
pub(crate) fn cumulative(args: &CumulativeArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let pooled = Pooled::new::<CumulativeReport<'_>>(&args.of, *args.of.choices)?;
    let analysis = pooled.result.cumulative_watched(args.sort.clone(), &mut watched("studies"))?;
    let stopped = analysis.stopped;
    let figure = pooled.figure(|| Ok(analysis.forest(&pooled.result).display(pooled.display).figure()))?;
    let report = CumulativeReport::new(&pooled.result, analysis).display(pooled.display);
    pooled.hand_over(&report, figure, stopped, terminal)
}

/// How much each study moves the result.
pub(crate) fn influence(args: &InfluenceArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let pooled = Pooled::new::<InfluenceReport<'_>>(&args.of, *args.of.choices)?;
    let analysis = pooled.result.influence_watched(&mut watched("studies"))?;
    let mut stopped = analysis.stopped;
    let figure = pooled.figure(|| Ok(analysis.plot().figure()))?;
    let mut report = InfluenceReport::new(&pooled.result, analysis).display(pooled.display);
    if let Some(conclusion) = args.conclusion.as_ref().filter(|_| !stopped) {
        let removal = pooled.result.smallest_removal_watched(conclusion, &mut watched("subsets"))?;
        stopped = removal.stopped;
        report = report.with_removal(removal);
    }
    pooled.hand_over(&report, figure, stopped, terminal)
}

/// The pooled value of every subset.
pub(crate) fn gosh(args: &GoshArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let (request, seed) = seed_apart(*args.of.choices);
    let pooled = Pooled::new::<GoshReport<'_>>(&args.of, request)?;
    let mut options = GoshOptions::default();
    (options.min_size, options.subsets, options.seed) = (args.min_size, args.subsets, seed);
    let analysis = pooled.result.gosh_watched(&options, &mut watched("subsets"))?;
    let figure = pooled.figure(|| Ok(analysis.plot(&pooled.result).display(pooled.display).figure()))?;
    let report = GoshReport::new(&pooled.result, &analysis).display(pooled.display);
    let report = if args.rows { report.with_rows() } else { report };
    pooled.hand_over(&report, figure, analysis.stopped, terminal)
}

/// What moderators explain.
pub(crate) fn regress(args: &RegressArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let (request, seed) = seed_apart(*args.of.choices);
    let pooled = Pooled::new::<RegressionReport<'_>>(&args.of, request)?;
    pooled.figure(|| has_one_line(&args.mods, &pooled.result))?;
    let options = RegressionOptions {
        at: args.at.iter().map(|at| (at.column.clone(), at.values.clone())).collect(),
        permutations: args.permutations,
        cluster: args.of.table.cluster.clone(),
        r2_interval: args.r2_interval,
        seed: Some(seed),
    };
    let analysis = pooled.result.regress_watched(&args.mods, &options, &mut watched("permutations"))?;
    let stopped = analysis.permutation.as_ref().is_some_and(|permutation| permutation.stopped);
    let figure = pooled.figure(|| Ok(analysis.bubble(&pooled.result)?.display(pooled.display).figure()))?;
    let report = RegressionReport::new(&pooled.result, &analysis).display(pooled.display);
    pooled.hand_over(&report, figure, stopped, terminal)
}

/// Whether a figure of the regression has a line: that of one moderator that is a number.
fn has_one_line(mods: &Formula, result: &MetaAnalysis) -> Result<(), Error> {
    if result.has_line(mods)? {
        return Ok(());
    }
    let problem =
        Problem::new("-o .svg: the figure of a meta-regression takes one moderator that is a number");
    let help = "leave the file of the figure out, or name one column of numbers: --mods dose (metaprop plot bubble draws the \
                studies of a larger model, without a line)";
    Err(Error::Usage(vec![problem.help(help)]))
}

/// Small-study effects.
pub(crate) fn bias(args: &BiasArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let pooled = Pooled::new::<BiasReport<'_>>(&args.of, *args.of.choices)?;
    let mut options = BiasOptions::default();
    (options.steps, options.orwin_target) = (args.steps.clone(), args.orwin_target);
    options.alternative = args.alternative.into();
    let report = BiasReport::new(&pooled.result, pooled.result.bias(&options)?).display(pooled.display);
    let figure = pooled.figure(|| Ok(pooled.result.funnel().display(pooled.display).figure()))?;
    pooled.hand_over(&report, figure, false, terminal)
}

/// A pooled result, and where what follows from it goes.
struct Pooled<'a> {
    args: &'a FurtherArgs,
    result: MetaAnalysis,
    display: NumberFormat,
    /// The files of the document.
    targets: Vec<(PathBuf, Format)>,
    /// Those of the figure.
    figures: FigureFiles,
}

impl<'a> Pooled<'a> {
    /// Of a table; the files are those that a document of this kind can be written to.
    fn new<D: Document>(args: &'a FurtherArgs, request: Request) -> Result<Self, Error> {
        let known = [D::FORMATS, &FIGURES].concat();
        let mut targets = targets(&args.output, &known, &Inputs::of(&[&args.data]))?;
        let figures = FigureFiles::among(&mut targets, &args.image)?;
        let spec: Spec = request.resolve_for(&args.table, *args.display, &Parts::default())?;
        let table = Dataset::read_with(&args.data, &args.table)?;
        let result = fit(&table, &spec)?;
        let display = args.display.over(result.number_format());
        Ok(Self { args, result, display, targets, figures })
    }

    /// What is asked of the figure, where one is to be written.
    fn figure<T>(&self, of: impl FnOnce() -> Result<T, Error>) -> Result<Option<T>, Error> {
        if self.figures.is_empty() { Ok(None) } else { of().map(Some) }
    }

    /// Writes the figure of `metaprop plot` and the document, and prints what was asked for.
    fn hand_over(
        &self,
        report: &impl Document,
        figure: Option<Figure>,
        stopped: bool,
        terminal: &Terminal,
    ) -> Result<Ending, Error> {
        figure.map_or(Ok(()), |figure| self.figures.write(&figure))?;
        hand_over(terminal, Some(self.args.format.into()), &self.targets, report)?;
        Ok(Ending::of(stopped))
    }
}

/// The choices without the seed, where it is not that of a bootstrap, and the seed of other draws.
pub(super) fn seed_apart(request: Request) -> (Request, u64) {
    let seed = request.seed.unwrap_or(DEFAULT_SEED);
    let bootstraps =
        request.ci == Some(Ci::Bootstrap) || request.prediction == Some(PredictionMethod::Bootstrap);
    (if bootstraps { request } else { Request { seed: None, ..request } }, seed)
}
