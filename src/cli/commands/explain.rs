//! `metaprop pool --explain-diff`: two analyses side by side, with the gap split by convention.

use crate::cli::args::{self, PoolArgs};
use crate::cli::ending::Ending;
use crate::cli::output::{hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::format::NumberFormat;
use crate::io::identity::Inputs;
use crate::options::{Choice, Parts, Profile, Request};
use crate::report::explain::{Both, ExplainReport};
use crate::report::{Document, Format};

pub(super) fn run(args: &PoolArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let format = format(args.format)?;
    // clap requires DATA where there is no --from, and refuses --from here.
    let data = args.data.as_deref().unwrap_or("-");
    let targets = targets(&args.output, ExplainReport::FORMATS, &Inputs::of(&[data]))?;
    let (names, requests) = sides(&args.explain_diff, *args.choices)?;
    let resolve = |request: Request| request.resolve_for(&args.table, *args.display, &Parts::default());
    let spec = Both { a: resolve(requests.a)?, b: resolve(requests.b)? };
    let table = Dataset::read_with(data, &args.table)?;
    let own = if args.table.has_estimates() { NumberFormat::ESTIMATES } else { NumberFormat::default() };
    let display = args.display.over(own);
    let compared = ExplainReport::new(&table, names, spec, display)?;
    hand_over(terminal, Some(format), &targets, &compared)?;
    Ok(Ending::Done)
}

/// Two profiles, with the given choices on both sides; or a profile as it is, and the given choices.
fn sides(profiles: &[Profile], given: Request) -> Result<(Both<String>, Both<Request>), Error> {
    let wrong = |what: &str, help: &str| Err(Error::Usage(vec![Problem::new(what).help(help)]));
    let of = |profile| Request { profile: Some(profile), ..given };
    match *profiles {
        [a, b] if given.profile.is_none() => {
            let names = Both { a: a.key().to_string(), b: b.key().to_string() };
            Ok((names, Both { a: of(a), b: of(b) }))
        }
        [_, _] => wrong(
            "--profile does not go with two profiles in --explain-diff",
            "name one profile there to compare it with --profile and the other choices",
        ),
        [_] if given == Request::default() => wrong(
            "--explain-diff with one profile needs something to compare it with",
            "name a second profile, or give choices: --explain-diff meta --tau2 dl",
        ),
        [a] => {
            let names = Both { a: a.key().to_string(), b: "the given choices".to_string() };
            Ok((names, Both { a: Request { profile: Some(a), ..Request::default() }, b: given }))
        }
        _ => wrong("--explain-diff takes two profiles", "such as --explain-diff meta,dl-wald"),
    }
}

fn format(format: args::Format) -> Result<Format, Error> {
    match format.into() {
        known if ExplainReport::FORMATS.contains(&known) => Ok(known),
        _ => {
            let problem = Problem::new("--explain-diff has no such format");
            Err(Error::Usage(vec![problem.help("text, json or md")]))
        }
    }
}
