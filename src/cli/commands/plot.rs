//! `metaprop plot KIND`: one figure, on standard output or in files.

use std::path::Path;

use super::further::seed_apart;
use super::multiverse::survey;
use crate::analysis::{GoshOptions, MetaAnalysis, RegressionOptions, Side, fit};
use crate::cli::args::{HeightArg, PlotArgs, PlotKind};
use crate::cli::ending::Ending;
use crate::cli::terminal::Terminal;
use crate::cli::watched::watched;
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::format;
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::options::{DEFAULT_SEED, Parts};
use crate::plot::By;

/// Draws the figure.
pub(crate) fn run(kind: &PlotKind, terminal: &Terminal) -> Result<Ending, Error> {
    let args = kind.args();
    args.output.iter().try_for_each(|path| check(path, &args.data))?;
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
    let (svg, stopped) = match kind {
        PlotKind::Specification { conclusion, .. } => {
            let all = survey(&table, &args.choices, conclusion.clone())?;
            let curve = all.curve().with_title(args.title.clone());
            (curve.display(args.display.over(all.number_format())).svg(), all.stopped)
        }
        _ => {
            let result = fit(&table, &spec)?.with_subgroups(&parts.subgroup, parts.subgroup_tau2())?;
            of_result(kind, &result, &parts, seed)?
        }
    };
    hand_over(args, &svg, terminal)?;
    Ok(Ending::of(stopped))
}

/// A figure of one pooled result, and whether what it shows was stopped before its end.
fn of_result(
    kind: &PlotKind,
    result: &MetaAnalysis,
    parts: &Parts,
    seed: u64,
) -> Result<(String, bool), Error> {
    let args = kind.args();
    let (title, display) = (args.title.clone(), args.display.over(result.number_format()));
    Ok(match kind {
        PlotKind::Forest { .. } => {
            let shown = parts.over(&result.spec, args.choices.null.is_some());
            (result.forest().with_title(title).display(display).shown(shown).svg(), false)
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
            (funnel.svg(), false)
        }
        PlotKind::Doi { .. } => (result.doi().plot(result)?.with_title(title).display(display).svg(), false),
        PlotKind::Drapery { .. } => (result.drapery()?.with_title(title).display(display).svg(), false),
        PlotKind::LeaveOneOut { .. } => {
            let without = result.leave_one_out_watched(&mut watched("studies"))?;
            (without.forest(result).with_title(title).display(display).svg(), without.stopped)
        }
        PlotKind::Cumulative { sort, .. } => {
            let more = result.cumulative_watched(sort.clone(), &mut watched("studies"))?;
            (more.forest(result).with_title(title).display(display).svg(), more.stopped)
        }
        PlotKind::Bubble { mods, .. } => {
            let regression = result.regress(mods, &RegressionOptions::default())?;
            (regression.bubble(result)?.with_title(title).display(display).svg(), false)
        }
        PlotKind::Baujat { .. } => (result.baujat()?.plot().with_title(title).svg(), false),
        PlotKind::Influence { .. } => {
            let influence = result.influence_watched(&mut watched("studies"))?;
            (influence.plot().with_title(title).svg(), influence.stopped)
        }
        PlotKind::Gosh { min_size, subsets, .. } => {
            let mut options = GoshOptions::default();
            (options.min_size, options.subsets, options.seed) = (*min_size, *subsets, seed);
            let gosh = result.gosh_watched(&options, &mut watched("subsets"))?;
            (gosh.plot(result).with_title(title).display(display).svg(), gosh.stopped)
        }
        PlotKind::Radial { .. } => (result.radial()?.with_title(title).display(display).svg(), false),
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

fn hand_over(args: &PlotArgs, svg: &str, terminal: &Terminal) -> Result<(), Error> {
    for path in &args.output {
        output_file::write(path, |out| out.write_all(svg.as_bytes()))?;
    }
    if args.output.is_empty() { terminal.print(svg.as_bytes()) } else { Ok(()) }
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
