//! `metaprop data`: the embedded data sets.

use serde_json::json;

use crate::cli::args::{DataArgs, ListFormat};
use crate::cli::ending::Ending;
use crate::cli::terminal::Terminal;
use crate::data::embedded;
use crate::error::Error;

/// Lists the data sets, or prints one as it stands in `datasets/`.
pub(crate) fn run(args: &DataArgs, terminal: &Terminal) -> Result<Ending, Error> {
    match (&args.name, args.format) {
        (Some(name), _) => {
            let name = name.strip_prefix('@').unwrap_or(name);
            terminal.print(embedded::find(name)?.csv.as_bytes())?;
        }
        (None, ListFormat::Json) => {
            let sets: Vec<_> = embedded::all()
                .iter()
                .map(|set| json!({ "name": set.name, "title": set.title, "source": set.source }))
                .collect();
            terminal.print(
                format!("{:#}\n", json!({ "schema": "metaprop/data/1", "datasets": sets })).as_bytes(),
            )?;
        }
        (None, ListFormat::Text) => {
            let width = embedded::all().iter().map(|set| set.name.len()).max().unwrap_or(0);
            let line = |set: &embedded::Embedded| {
                format!("@{:width$}  {}\n {:width$}  {}\n", set.name, set.title, "", set.source)
            };
            terminal.print(embedded::all().iter().map(line).collect::<String>().as_bytes())?;
        }
    }
    Ok(Ending::Done)
}
