//! `metaprop scan`: what a manuscript prints against an analysis file.

use crate::cli::args::ScanArgs;
use crate::cli::ending::Ending;
use crate::cli::output::{hand_over, targets};
use crate::cli::terminal::Terminal;
use crate::data::Manuscript;
use crate::error::Error;
use crate::io::identity::Inputs;
use crate::io::output_file;
use crate::project::Project;
use crate::report::{Document, ScanReport};

/// Reads a manuscript; exit 1 where a result does not hold or a percentage is impossible.
pub(crate) fn run(args: &ScanArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let open = |path| Ok::<_, Error>(Project::open(path)?.allow_outside(args.allow_outside));
    let project = args.analysis.as_ref().map(open).transpose()?;
    let mut read = project.as_ref().map(Project::inputs).unwrap_or_default();
    read.push(args.manuscript.clone());
    let inputs = Inputs::of(&read);
    let targets = targets(&args.output, ScanReport::FORMATS, &inputs)?;
    if let Some(path) = &args.junit {
        output_file::check(path, &inputs)?;
    }
    let manuscript = Manuscript::read(&args.manuscript)?;
    let scanned = match &project {
        Some(project) => project.scan(&manuscript)?,
        None => ScanReport::alone(&manuscript),
    };
    if let Some(path) = &args.junit {
        output_file::write(path, |out| out.write_all(scanned.junit().as_bytes()))?;
    }
    let format = (!args.quiet).then_some(args.format.into());
    hand_over(terminal, format, &targets, &scanned)?;
    let warned = args.strict && !scanned.advisories().is_empty();
    Ok(if scanned.is_sound() && !warned { Ending::Done } else { Ending::Negative })
}
