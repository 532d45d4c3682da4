//! `metaprop check`: published claims against recomputed values.

use crate::cli::args::CheckArgs;
use crate::cli::ending::Ending;
use crate::cli::output::{hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::error::Error;
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::project::Project;
use crate::report::{CheckReport, Document};

/// Holds every claim of an analysis file against its outcome; exit 1 where one fails.
pub(crate) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let project = Project::open(&args.analysis)?.allow_outside(args.allow_outside);
    let inputs = Inputs::of(&project.inputs());
    let targets = targets(&args.output, CheckReport::FORMATS, &inputs)?;
    if let Some(path) = &args.junit {
        output_file::check(path, &inputs)?;
    }
    let checked = project.check()?;
    let format = (!args.quiet).then_some(args.format.into());
    if let Some(path) = &args.junit {
        output_file::write(path, |out| out.write_all(checked.junit().as_bytes()))?;
    }
    hand_over(terminal, format, &targets, &checked)?;
    let warned = args.strict && !checked.advisories().is_empty();
    Ok(if checked.counts().fails > 0 || warned { Ending::Negative } else { Ending::Done })
}
