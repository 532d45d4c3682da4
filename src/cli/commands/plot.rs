//! `metaprop plot KIND`: one figure, on standard output or in files.

use std::path::Path;

use super::further::seed_apart;
use super::multiverse::survey;
use crate::analysis::{GoshOptions, MetaAnalysis, RegressionOptions, Side, fit};
use crate::cli::args::{HeightArg, PlotArgs, PlotKind};
use crate::cli::ending::Ending;
use crate::cli::figure_files;
use crate::cli::terminal::Terminal;
use crate::cli::watched::watched;
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::format;
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::options::{DEFAULT_SEED, Parts};
use crate::plot::{Appearance, By, Figure, Forest};
use crate::project::Project;

/// Draws the figure.
pub(crate) fn run(kind: &PlotKind, terminal: &Terminal) -> Result<Ending, Error> {
    let args = kind.args();
    args.output.iter().try_for_each(|path| check(path, &args.data))?;
    let parts = match kind {
        PlotKind::Forest { parts, .. } => (**parts).clone(),
        _ => Parts::default(),
    };
    if let PlotKind::Forest { legend, .. } = kind
        && Path::new(&args.data).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
    {
        let figures = of_analysis_file(args, &parts, legend.as_deref(), terminal)?;
        return hand_over(args, &figures, terminal).map(|()| Ending::Done);
    }
    let (request, seed) = match kind {
        PlotKind::Gosh { .. } => seed_apart(*args.choices),
        _ => (*args.choices, DEFAULT_SEED),
    };
    let spec = request.resolve_for(&args.table, *args.display, &parts)?;
    let table = Dataset::read_with(&args.data, &args.table)?;
    let appearance = Appearance::new(&args.drawing, &table)?;
    let (figures, stopped) = match kind {
        PlotKind::Specification { conclusion, .. } => {
            let all = survey(&table, &args.choices, conclusion.clone())?;
            let curve = all.curve().with_title(args.title.clone()).theme(appearance.theme().clone());
            (vec![curve.display(args.display.over(all.number_format())).figure()], all.stopped)
        }
        PlotKind::Forest { legend, .. } => {
            let result = fit(&table, &spec)?.with_subgroups(&parts.subgroup, parts.subgroup_tau2())?;
            let shown = parts.over(&result.spec, args.choices.null.is_some());
            let display = args.display.over(result.number_format());
            let forest = result.forest().display(display).shown(shown);
            (forest_figures(args, forest.appearance(&appearance), legend.as_deref(), terminal)?, false)
        }
        _ => {
            let result = fit(&table, &spec)?.with_subgroups(&parts.subgroup, parts.subgroup_tau2())?;
            let (figure, stopped) = of_result(kind, &result, &appearance, seed)?;
            (vec![figure], stopped)
        }
    };
    hand_over(args, &figures, terminal)?;
    Ok(Ending::of(stopped))
}

/// The outcomes of an analysis file below each other in one forest plot.
fn of_analysis_file(
    args: &PlotArgs,
    parts: &Parts,
    legend: Option<&Path>,
    terminal: &Terminal,
) -> Result<Vec<Figure>, Error> {
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
    forest_figures(args, forest, legend, terminal)
}

/// The forest plot on one sheet or on pages; its legend is written where that is asked for.
fn forest_figures(
    args: &PlotArgs,
    forest: Forest<'_>,
    legend: Option<&Path>,
    terminal: &Terminal,
) -> Result<Vec<Figure>, Error> {
    let mut forest = forest.with_title(args.title.clone());
    if let Some(path) = legend {
        output_file::check(path, &Inputs::of(&[&*args.data]))?;
        figure_files::write_legend(path, args.title.as_deref(), &forest.legend())?;
        forest = forest.without_notes();
    }
    let figures = figure_files::figures(&forest, args.drawing.page);
    figure_files::too_wide(&figures, args.drawing.width).iter().for_each(|what| terminal.say(what));
    Ok(figures)
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

fn hand_over(args: &PlotArgs, figures: &[Figure], terminal: &Terminal) -> Result<(), Error> {
    let inputs = Inputs::of(&[&*args.data]);
    args.output.iter().try_for_each(|path| figure_files::write(path, figures, &inputs))?;
    match figures {
        _ if !args.output.is_empty() => Ok(()),
        [figure] => terminal.print(figure.to_svg().as_bytes()),
        pages => {
            let what = format!("the figure has {} pages, and standard output takes one", pages.len());
            Err(Error::Usage(vec![
                Problem::new(what).help("name a file: -o forest.svg; each page gets its number"),
            ]))
        }
    }
}

/// A figure is SVG, and never one of the inputs.
fn check(path: &Path, data: &str) -> Result<(), Error> {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    if !extension.eq_ignore_ascii_case("svg") {
        let what = format!("--output {}: '.{extension}' is not a format that is drawn", format::path(path));
        return Err(Error::Usage(vec![Problem::new(what).help("the extension decides: .svg")]));
    }
    output_file::check(path, &Inputs::of(&[data]))
}
