//! `metaprop plot KIND`: one figure, on standard output or in files.

use std::path::Path;

use super::further::seed_apart;
use super::multiverse::survey;
use crate::analysis::{GoshOptions, MetaAnalysis, RegressionOptions, Side, fit};
use crate::cli::args::{HeightArg, PlotArgs, PlotKind};
use crate::cli::ending::Ending;
use crate::cli::output::{self, FigureFiles, targets};
use crate::cli::terminal::Terminal;
use crate::cli::watched::watched;
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::io::output_format::FIGURES;
use crate::options::{DEFAULT_SEED, Parts};
use crate::plot::{Appearance, By, Figure, Forest};
use crate::project::Project;

/// Draws the figure.
pub(crate) fn run(kind: &PlotKind, terminal: &Terminal) -> Result<Ending, Error> {
    let args = kind.args();
    let inputs = Inputs::of(&[&args.data]);
    let mut targets = targets(&args.output, &FIGURES, &inputs)?;
    let files = FigureFiles::among(&mut targets, &args.image)?;
    if let PlotKind::Forest { parts, legend, .. } = kind {
        let to = Destination { args, legend: legend.as_deref(), files, inputs, terminal };
        return forest(&to, parts).map(|()| Ending::Done);
    }
    let (request, seed) = match kind {
        PlotKind::Gosh { .. } => seed_apart(*args.choices),
        _ => (*args.choices, DEFAULT_SEED),
    };
    let spec = request.resolve_for(&args.table, *args.display, &Parts::default())?;
    let table = Dataset::read_with(&args.data, &args.table)?;
    let appearance = Appearance::new(&args.drawing, &table)?;
    let (figure, stopped) = match kind {
        PlotKind::Specification { conclusion, .. } => {
            let all = survey(&table, &args.choices, conclusion.clone())?;
            let curve =
                all.curve().asked(&spec).with_title(args.title.clone()).theme(appearance.theme().clone());
            (curve.display(args.display.over(all.number_format())).figure(), all.stopped)
        }
        _ => of_result(kind, &fit(&table, &spec)?, &appearance, seed)?,
    };
    files.write(&figure)?;
    if files.is_empty() {
        terminal.print(figure.to_svg().as_bytes())?;
    }
    Ok(Ending::of(stopped))
}

/// Where a forest plot goes.
struct Destination<'a> {
    args: &'a PlotArgs,
    legend: Option<&'a Path>,
    files: FigureFiles,
    inputs: Inputs,
    terminal: &'a Terminal,
}

impl Destination<'_> {
    /// Writes the forest plot and its legend, or prints it.
    fn write(&self, forest: Forest<'_>) -> Result<(), Error> {
        let mut forest = forest.with_title(self.args.title.clone());
        if let Some(path) = self.legend {
            output_file::check(path, &self.inputs)?;
            output::write_legend(path, self.args.title.as_deref(), &forest.legend())?;
            forest = forest.without_notes();
        }
        if !self.files.is_empty() {
            return self.files.write_forest(&forest, &self.args.drawing, &self.inputs, self.terminal);
        }
        if self.args.drawing.page.is_some() {
            let problem = Problem::new("--page: standard output takes one figure, and pages may be several");
            return Err(Error::Usage(vec![problem.help("name a file: -o forest.svg, -o forest.pdf")]));
        }
        self.terminal.print(forest.svg().as_bytes())
    }
}

/// The forest plot of a table, or of the outcomes of an analysis file.
fn forest(to: &Destination<'_>, parts: &Parts) -> Result<(), Error> {
    let args = to.args;
    if Path::new(&args.data).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        return of_analysis_file(to, parts);
    }
    let spec = args.choices.resolve_for(&args.table, *args.display, parts)?;
    let table = Dataset::read_with(&args.data, &args.table)?;
    let appearance = Appearance::new(&args.drawing, &table)?;
    let result = fit(&table, &spec)?.with_subgroups(&parts.subgroup, parts.subgroup_tau2())?;
    let shown = parts.over(&result.spec, args.choices.null.is_some());
    let display = args.display.over(result.number_format());
    to.write(result.forest().display(display).shown(shown).appearance(&appearance))
}

/// The outcomes of an analysis file below each other in one forest plot.
fn of_analysis_file(to: &Destination<'_>, parts: &Parts) -> Result<(), Error> {
    let args = to.args;
    let project = Project::open(&args.data)?;
    let results = project.results()?;
    let titles: Vec<&str> = project.file().pooled().map(|entry| entry.title.as_str()).collect();
    let Some((first, others)) = results.split_first() else {
        let problem = Problem::new(format!("{}: no outcome is pooled", args.data));
        return Err(Error::Usage(vec![problem.help("give an [[outcome]] its columns")]));
    };
    if let Some(other) = others.iter().find(|other| other.scale().noun() != first.scale().noun()) {
        let (one, two) = (first.scale().noun(), other.scale().noun());
        let problem = Problem::new(format!("{}: one outcome is a {one}, another a {two}", args.data));
        return Err(Error::Usage(vec![
            problem.help("one axis holds outcomes of one kind: draw them one by one"),
        ]));
    }
    let appearance = Appearance::new(&args.drawing, first.data())?;
    let shown = parts.over(&first.spec, args.choices.null.is_some());
    let display = args.display.over(first.number_format());
    let mut forest = first.forest().outcome(titles[0]).display(display).shown(shown).appearance(&appearance);
    for (title, other) in titles[1..].iter().zip(others) {
        forest = forest.and(*title, other);
    }
    to.write(forest)
}

/// A figure of one pooled result, and whether what it shows was stopped before its end.
fn of_result(
    kind: &PlotKind,
    result: &MetaAnalysis,
    appearance: &Appearance,
    seed: u64,
) -> Result<(Figure, bool), Error> {
    let args = kind.args();
    let theme = appearance.theme().clone();
    let (title, display) = (args.title.clone(), args.display.over(result.number_format()));
    Ok(match kind {
        PlotKind::Funnel { y, trim_fill, side, .. } => {
            if trim_fill.is_some() && *y == HeightArg::N {
                let problem =
                    Problem::new("--trim-fill adds studies with standard errors, and --y n is of people");
                return Err(Error::Usage(vec![problem.help("leave --y out")]));
            }
            let filled = trim_fill.map(|estimator| result.trim_fill(estimator.into(), side.map(Side::from)));
            let filled = filled.transpose()?;
            let mut funnel =
                result.funnel().by(by(*y, result)?).with_title(title).theme(theme).display(display);
            if let Some(filled) = &filled {
                funnel = funnel.filled(filled);
            }
            (funnel.figure(), false)
        }
        PlotKind::Doi { .. } => {
            (result.doi().plot(result)?.with_title(title).theme(theme).display(display).figure(), false)
        }
        PlotKind::Drapery { .. } => {
            (result.drapery()?.with_title(title).theme(theme).display(display).figure(), false)
        }
        PlotKind::LeaveOneOut { .. } => {
            let without = result.leave_one_out_watched(&mut watched("studies"))?;
            (without.forest(result).with_title(title).theme(theme).display(display).figure(), without.stopped)
        }
        PlotKind::Cumulative { sort, .. } => {
            let more = result.cumulative_watched(sort.clone(), &mut watched("studies"))?;
            (more.forest(result).with_title(title).theme(theme).display(display).figure(), more.stopped)
        }
        PlotKind::Bubble { mods, .. } => {
            let regression = result.regress(mods, &RegressionOptions::default())?;
            (regression.bubble(result)?.with_title(title).theme(theme).display(display).figure(), false)
        }
        PlotKind::Baujat { .. } => (result.baujat()?.plot().with_title(title).theme(theme).figure(), false),
        PlotKind::Influence { .. } => {
            let influence = result.influence_watched(&mut watched("studies"))?;
            (influence.plot().with_title(title).theme(theme).figure(), influence.stopped)
        }
        PlotKind::Gosh { min_size, subsets, .. } => {
            let mut options = GoshOptions::default();
            (options.min_size, options.subsets, options.seed) = (*min_size, *subsets, seed);
            let gosh = result.gosh_watched(&options, &mut watched("subsets"))?;
            (gosh.plot(result).with_title(title).theme(theme).display(display).figure(), gosh.stopped)
        }
        PlotKind::Radial { .. } => {
            (result.radial()?.with_title(title).theme(theme).display(display).figure(), false)
        }
        PlotKind::Forest { .. } | PlotKind::Specification { .. } => unreachable!("they are drawn above"),
    })
}

/// What the studies of a funnel plot stand at the height of.
fn by(typed: HeightArg, result: &MetaAnalysis) -> Result<By, Error> {
    match typed {
        HeightArg::Se => Ok(By::StandardError),
        HeightArg::N if result.sums().is_some() => Ok(By::Size),
        HeightArg::N => {
            let problem = Problem::new("--y n: estimates have no numbers of people");
            Err(Error::Usage(vec![problem.help("leave --y out: the standard error is the height")]))
        }
    }
}
