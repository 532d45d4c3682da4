//! `metaprop simulate`: bias, coverage and width of specifications under a stated truth.

use crate::analysis::{SimulationOptions, StudySizes, Truth, simulate_watched};
use crate::cli::args::SimulateArgs;
use crate::cli::ending::Ending;
use crate::cli::output::{hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::cli::watched::watched;
use crate::data::{Dataset, Provenance};
use crate::error::{Error, Problem};
use crate::io::identity::Inputs;
use crate::options::{Link, OptionSet, ReadOptions, TrueDistribution};
use crate::report::{Document, SimulationReport};

/// Draws from every truth, pools by every specification, and prints how they do.
pub(crate) fn run(args: &SimulateArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let inputs: Vec<&String> = args.n_from.iter().collect();
    let targets = targets(&args.output, SimulationReport::FORMATS, &Inputs::of(&inputs))?;
    let combined = args.specifications.0.combine()?;
    let sizes = Sizes::of(args)?;
    let mut options = SimulationOptions::default();
    (options.repetitions, options.seed, options.target) = (args.repetitions.get(), args.seed, args.target);
    let truths = truths(args, &sizes);
    let simulation = simulate_watched(&truths, &combined.specs, &options, &mut watched("meta-analyses"))?;
    let report = SimulationReport::new(&simulation).sizes_from(&sizes.from).left_out(combined.left_out);
    let display = args.display.over(report.number_format());
    hand_over(terminal, Some(args.format.into()), &targets, &report.display(display))?;
    Ok(Ending::of(simulation.stopped))
}

/// How many people the studies have, and where that is from.
struct Sizes {
    each: Vec<StudySizes>,
    /// How many studies there are where that was not said.
    k: Vec<usize>,
    from: Provenance,
}

impl Sizes {
    fn of(args: &SimulateArgs) -> Result<Self, Error> {
        let Some(data) = &args.n_from else {
            let typed = ReadOptions::typed().find(|row| !(row.get)(&args.table).is_empty());
            if let Some(row) = typed {
                let problem = Problem::new(format!("--{} is of a table, and none is read", row.key));
                return Err(Error::Usage(vec![problem.help("name the table by --n-from, or leave it out")]));
            }
            return Ok(Self { each: args.n.clone(), k: args.k.clone(), from: Provenance::default() });
        };
        let table = Dataset::read_with(data, &args.table)?;
        let Some(counts) = table.counts() else {
            let problem =
                Problem::new(format!("--n-from {data}: the table has estimates and no numbers of people"));
            return Err(Error::Usage(vec![problem.help("give a table of events and totals")]));
        };
        let k = if args.k.is_empty() { vec![counts.len()] } else { args.k.clone() };
        let listed = StudySizes::Listed(counts.iter().map(|counts| counts.total()).collect());
        Ok(Self { each: vec![listed], k, from: table.provenance().clone() })
    }
}

/// Every combination of what was stated.
fn truths(args: &SimulateArgs, sizes: &Sizes) -> Vec<Truth> {
    let mut truths = Vec::new();
    for &distribution in &args.distribution {
        let links = match (&args.link[..], distribution) {
            ([], TrueDistribution::Beta) => &[Link::Raw][..],
            ([], _) => &[Link::Logit],
            // The beta distribution is that of the proportions, whatever other links the others have.
            (links, TrueDistribution::Beta) if links.contains(&Link::Raw) => &[Link::Raw],
            (links, _) => links,
        };
        for &link in links {
            for n in &sizes.each {
                for &k in &sizes.k {
                    for &p in &args.p {
                        truths.extend(args.true_tau2.iter().map(|&tau2| {
                            Truth::new(k, n.clone(), p).tau2(tau2).distribution(distribution).link(link)
                        }));
                    }
                }
            }
        }
    }
    truths
}
