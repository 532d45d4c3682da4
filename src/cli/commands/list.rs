//! `metaprop list`: the words of every choice, from the table of options.

use serde_json::{Value, json};

use crate::cli::args::{ListArgs, ListFormat};
use crate::cli::ending::Ending;
use crate::cli::terminal::Terminal;
use crate::error::{Error, Problem, nearest};
use crate::options::{Choice, Link, OptionRow, OptionSet, Request, Target, TrueDistribution, Word};
use crate::plot::Theme;

/// A choice as data: its name, what is chosen, its words.
struct Listing {
    name: &'static str,
    about: &'static str,
    words: &'static [Word],
}

/// Every option of an analysis whose values are words, and those of a simulation.
fn all() -> Vec<Listing> {
    let listing = |row: &OptionRow<Request>| {
        let (about, words) = row.shape.words()?;
        Some(Listing { name: row.key, about, words })
    };
    let of_simulations = [of::<Link>(), of::<TrueDistribution>(), of::<Target>()];
    Request::ROWS.iter().filter_map(listing).chain(of_simulations).collect()
}

const fn of<C: Choice>() -> Listing {
    Listing { name: C::NAME, about: C::ABOUT, words: C::WORDS }
}

/// Prints one choice, or all of them, or the schemas.
pub(crate) fn run(args: &ListArgs, terminal: &Terminal) -> Result<Ending, Error> {
    let text = match args.choice.as_deref() {
        Some("schemas") => pretty(&crate::report::schema::all()),
        Some("themes") => themes(args.format),
        choice => {
            let listings = chosen(choice)?;
            match args.format {
                ListFormat::Json => pretty(
                    &json!({ "schema": "metaprop/list/1", "choices": listings.iter().map(as_json).collect::<Vec<_>>() }),
                ),
                ListFormat::Text => listings.iter().map(as_text).collect::<Vec<_>>().join("\n"),
            }
        }
    };
    terminal.print(text.as_bytes())?;
    Ok(Ending::Done)
}

fn chosen(name: Option<&str>) -> Result<Vec<Listing>, Error> {
    let Some(name) = name else { return Ok(all()) };
    let (found, others): (Vec<_>, Vec<_>) = all().into_iter().partition(|listing| listing.name == name);
    if !found.is_empty() {
        return Ok(found);
    }
    let names: Vec<_> = others.iter().map(|listing| listing.name).chain(["schemas", "themes"]).collect();
    let known = names.join(", ");
    let problem = Problem::new(format!("'{name}' is not a choice"));
    Err(Error::Usage(vec![match nearest(name, names) {
        Some(word) => problem.help(format!("did you mean '{word}'? known: {known}")),
        None => problem.help(format!("known: {known}")),
    }]))
}

fn as_text(listing: &Listing) -> String {
    let mut text = format!("{}: {}\n", listing.name, listing.about);
    let width = listing.words.iter().map(|word| word.key.len()).max().unwrap_or(0);
    for word in listing.words {
        let aliases = if word.aliases.is_empty() {
            String::new()
        } else {
            format!(" (also {})", word.aliases.join(", "))
        };
        text.push_str(&format!("  {:width$}  {}{aliases}\n", word.key, word.title));
        text.push_str(&format!("  {:width$}    {}\n", "", word.formula));
        if word.source != "-" {
            text.push_str(&format!("  {:width$}    {}\n", "", word.source));
        }
    }
    text
}

fn as_json(listing: &Listing) -> Value {
    let words: Vec<_> = listing
        .words
        .iter()
        .map(|word| json!({ "key": word.key, "aliases": word.aliases, "title": word.title, "formula": word.formula, "source": word.source }))
        .collect();
    json!({ "choice": listing.name, "about": listing.about, "words": words })
}

/// The themes of figures: each as the text of its file.
fn themes(format: ListFormat) -> String {
    let text = |name: &str| Theme::embedded_text(name).unwrap_or_default();
    match format {
        ListFormat::Json => {
            let themes: Vec<Value> =
                Theme::names().iter().map(|name| json!({ "theme": name, "toml": text(name) })).collect();
            pretty(&json!({ "schema": "metaprop/themes/1", "themes": themes }))
        }
        ListFormat::Text => {
            let head = "A theme of your own is a file that says what differs from plain: --theme mine.toml\n";
            let one = |name: &&str| format!("\n== {name}\n\n{}", text(name));
            head.to_owned() + &Theme::names().iter().map(one).collect::<String>()
        }
    }
}

fn pretty(value: &Value) -> String {
    // A Value always serialises.
    format!("{value:#}\n")
}
