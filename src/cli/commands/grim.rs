//! `metaprop grim`: could this percentage come from n people? And those of a table?

use crate::cli::args::{GrimArgs, TableFormat};
use crate::cli::ending::Ending;
use crate::cli::output::hand_over;
use crate::cli::terminal::Terminal;
use crate::error::{Error, Problem};
use crate::io::open::load;
use crate::io::read::read_percentages;
use crate::printed::Printed;
use crate::printed::grim::grim_of_percentage;

/// Says whether the percentage, or every percentage of a table, is possible; exit 1 where one is not.
pub(crate) fn run(args: &GrimArgs, terminal: &Terminal) -> Result<Ending, Error> {
    match args.n {
        Some(n) => one(args, n, terminal),
        None => all(args, terminal),
    }
}

fn one(args: &GrimArgs, n: u64, terminal: &Terminal) -> Result<Ending, Error> {
    let grim = grim_of_percentage(&Printed::parse(&args.subject)?, n)?;
    if args.format == TableFormat::Csv {
        let problem = Problem::new("--format csv is for a table of percentages");
        return Err(Error::Usage(vec![problem.help("for one percentage, --format is text, json or md")]));
    }
    hand_over(terminal, Some(args.format.into()), &[], &grim)?;
    Ok(if grim.possible { Ending::Done } else { Ending::Negative })
}

fn all(args: &GrimArgs, terminal: &Terminal) -> Result<Ending, Error> {
    if let Ok(printed) = Printed::parse(&args.subject) {
        let problem = Problem::new(format!("{printed} of how many people?"));
        let help = format!(
            "say it: metaprop grim {printed} --n 90; or name a table: metaprop grim DATA --percent COL"
        );
        return Err(Error::Usage(vec![problem.help(help)]));
    }
    let (bytes, shown) = load(&args.subject)?;
    let percentages = read_percentages(&bytes, &shown, &args.table)?;
    hand_over(terminal, Some(args.format.into()), &[], &percentages)?;
    Ok(if percentages.blocking() == 0 { Ending::Done } else { Ending::Negative })
}
