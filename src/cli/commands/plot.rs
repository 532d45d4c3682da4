//! `metaprop plot KIND`: one figure, on standard output or in files.

use std::path::Path;

use super::further::{seed_apart, watched};
use super::multiverse::survey;
use crate::analysis::{GoshOptions, RegressionOptions, fit};
use crate::cli::args::{HeightArg, PlotArgs, PlotKind};
use crate::cli::ending::Ending;
use crate::cli::terminal::Terminal;
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
    let display = **kind.display();
    let parts = match kind {
        PlotKind::Forest { parts, .. } => (**parts).clone(),
        _ => Parts::default(),
    };
    let (request, seed) = match kind {
        PlotKind::Gosh { .. } => seed_apart(*args.choices),
        _ => (*args.choices, DEFAULT_SEED),
    };
    let spec = request.resolve_for(&args.table, display, &parts)?;
    let table = Dataset::read_with(&args.data, &args.table)?;
    let title = args.title.clone();
    let (svg, ending) = match kind {
        PlotKind::Funnel { y, .. } => {
            let result = fit(&table, &spec)?;
            if *y == HeightArg::N && result.sums().is_none() {
                let problem = Problem::new("--y n: estimates have no numbers of people");
                return Err(Error::Usage(vec![
                    problem.help("leave --y out: the standard error is the height"),
                ]));
            }
            let by = if *y == HeightArg::N { By::Size } else { By::StandardError };
            let funnel = result.funnel().by(by).with_title(title);
            (funnel.display(display.over(result.number_format())).svg(), Ending::Done)
        }
        PlotKind::LeaveOneOut { .. } => {
            let result = fit(&table, &spec)?;
            let without = result.leave_one_out_watched(&mut watched("studies"))?;
            let forest = without.forest(&result).with_title(title);
            (forest.display(display.over(result.number_format())).svg(), ending(without.stopped))
        }
        PlotKind::Cumulative { sort, .. } => {
            let result = fit(&table, &spec)?;
            let more = result.cumulative_watched(sort.clone(), &mut watched("studies"))?;
            let forest = more.forest(&result).with_title(title);
            (forest.display(display.over(result.number_format())).svg(), ending(more.stopped))
        }
        PlotKind::Forest { .. } => {
            let result = fit(&table, &spec)?;
            let forest =
                result.forest().with_title(args.title.clone()).display(display.over(result.number_format()));
            let shown = parts.over(&spec, args.choices.null.is_some());
            (forest.shown(shown).svg(), Ending::Done)
        }
        PlotKind::Bubble { mods, .. } => {
            let result = fit(&table, &spec)?;
            let regression = result.regress(mods, &RegressionOptions::default())?;
            let bubble = regression.bubble(&result)?.with_title(title);
            (bubble.display(display.over(result.number_format())).svg(), Ending::Done)
        }
        PlotKind::Baujat { .. } => {
            (fit(&table, &spec)?.baujat()?.plot().with_title(title).svg(), Ending::Done)
        }
        PlotKind::Influence { .. } => {
            let influence = fit(&table, &spec)?.influence_watched(&mut watched("studies"))?;
            (influence.plot().with_title(title).svg(), ending(influence.stopped))
        }
        PlotKind::Gosh { min_size, subsets, .. } => {
            let result = fit(&table, &spec)?;
            let mut options = GoshOptions::default();
            (options.min_size, options.subsets, options.seed) = (*min_size, *subsets, seed);
            let gosh = result.gosh_watched(&options, &mut watched("subsets"))?;
            let plot = gosh.plot(&result).with_title(title);
            (plot.display(display.over(result.number_format())).svg(), ending(gosh.stopped))
        }
        PlotKind::Radial { .. } => {
            let result = fit(&table, &spec)?;
            let radial = result.radial()?.with_title(title);
            (radial.display(display.over(result.number_format())).svg(), Ending::Done)
        }
        PlotKind::Specification { conclusion, .. } => {
            let all = survey(&table, &args.choices, conclusion.clone())?;
            let ending = if all.stopped { Ending::Interrupted } else { Ending::Done };
            let curve = all.curve().with_title(args.title.clone()).display(display.over(all.number_format()));
            (curve.svg(), ending)
        }
    };
    hand_over(args, &svg, terminal)?;
    Ok(ending)
}

const fn ending(stopped: bool) -> Ending {
    if stopped { Ending::Interrupted } else { Ending::Done }
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
