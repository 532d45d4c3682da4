//! `metaprop plot KIND`: one figure, on standard output or in files.

use super::further::seed_apart;
use super::multiverse::survey;
use crate::analysis::{GoshOptions, MetaAnalysis, RegressionOptions, Side, fit};
use crate::cli::args::{HeightArg, PlotKind};
use crate::cli::ending::Ending;
use crate::cli::output::{FigureFiles, targets};
use crate::cli::terminal::Terminal;
use crate::cli::watched::watched;
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::io::identity::Inputs;
use crate::io::output_format::FIGURES;
use crate::options::{DEFAULT_SEED, Parts};
use crate::plot::{By, Figure};

/// Draws the figure.
pub(crate) fn run(kind: &PlotKind, terminal: &Terminal) -> Result<Ending, Error> {
    let args = kind.args();
    let mut targets = targets(&args.output, &FIGURES, &Inputs::of(&[&args.data]))?;
    let files = FigureFiles::among(&mut targets, &args.image)?;
    let parts = match kind {
        PlotKind::Forest { parts, .. } => (**parts).clone(),
        _ => Parts::default(),
    };
    let (request, seed) = match kind {
        PlotKind::Gosh { .. } => seed_apart(*args.choices),
        _ => (*args.choices, DEFAULT_SEED),
    };
    let spec = request.resolve_for(&args.table, *args.display, &parts)?;
    let table = Dataset::read_with(&args.data, &args.table)?;
    let (figure, stopped) = match kind {
        PlotKind::Specification { conclusion, .. } => {
            let all = survey(&table, &args.choices, conclusion.clone())?;
            let curve = all.curve().with_title(args.title.clone());
            (curve.display(args.display.over(all.number_format())).figure(), all.stopped)
        }
        _ => {
            let result = fit(&table, &spec)?.with_subgroups(&parts.subgroup, parts.subgroup_tau2())?;
            of_result(kind, &result, &parts, seed)?
        }
    };
    files.write(&figure)?;
    if files.is_empty() {
        terminal.print(figure.to_svg().as_bytes())?;
    }
    Ok(Ending::of(stopped))
}

/// A figure of one pooled result, and whether what it shows was stopped before its end.
fn of_result(
    kind: &PlotKind,
    result: &MetaAnalysis,
    parts: &Parts,
    seed: u64,
) -> Result<(Figure, bool), Error> {
    let args = kind.args();
    let (title, display) = (args.title.clone(), args.display.over(result.number_format()));
    Ok(match kind {
        PlotKind::Forest { .. } => {
            let shown = parts.over(&result.spec, args.choices.null.is_some());
            (result.forest().with_title(title).display(display).shown(shown).figure(), false)
        }
        PlotKind::Funnel { y, trim_fill, side, .. } => {
            if trim_fill.is_some() && *y == HeightArg::N {
                let problem =
                    Problem::new("--trim-fill adds studies with standard errors, and --y n is of people");
                return Err(Error::Usage(vec![problem.help("leave --y out")]));
            }
            let filled = trim_fill.map(|estimator| result.trim_fill(estimator.into(), side.map(Side::from)));
            let filled = filled.transpose()?;
            let mut funnel = result.funnel().by(by(*y, result)?).with_title(title).display(display);
            if let Some(filled) = &filled {
                funnel = funnel.filled(filled);
            }
            (funnel.figure(), false)
        }
        PlotKind::Doi { .. } => {
            (result.doi().plot(result)?.with_title(title).display(display).figure(), false)
        }
        PlotKind::Drapery { .. } => (result.drapery()?.with_title(title).display(display).figure(), false),
        PlotKind::LeaveOneOut { .. } => {
            let without = result.leave_one_out_watched(&mut watched("studies"))?;
            (without.forest(result).with_title(title).display(display).figure(), without.stopped)
        }
        PlotKind::Cumulative { sort, .. } => {
            let more = result.cumulative_watched(sort.clone(), &mut watched("studies"))?;
            (more.forest(result).with_title(title).display(display).figure(), more.stopped)
        }
        PlotKind::Bubble { mods, .. } => {
            let regression = result.regress(mods, &RegressionOptions::default())?;
            (regression.bubble(result)?.with_title(title).display(display).figure(), false)
        }
        PlotKind::Baujat { .. } => (result.baujat()?.plot().with_title(title).figure(), false),
        PlotKind::Influence { .. } => {
            let influence = result.influence_watched(&mut watched("studies"))?;
            (influence.plot().with_title(title).figure(), influence.stopped)
        }
        PlotKind::Gosh { min_size, subsets, .. } => {
            let mut options = GoshOptions::default();
            (options.min_size, options.subsets, options.seed) = (*min_size, *subsets, seed);
            let gosh = result.gosh_watched(&options, &mut watched("subsets"))?;
            (gosh.plot(result).with_title(title).display(display).figure(), gosh.stopped)
        }
        PlotKind::Radial { .. } => (result.radial()?.with_title(title).display(display).figure(), false),
        PlotKind::Specification { .. } => unreachable!("it is of many results"),
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
