//! A report as one HTML page: opened from disk it asks nothing of any network, and it runs no script.
//!
//! The figures stand in the page, the same rows stand below them as real tables, and everything that
//! comes from outside is escaped where it is put in, unless the template says that it is HTML.
//!
//! Ids of the page have a dot in them, which neither the id of an outcome nor any id in a figure has,
//! so they never meet.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, State, context};
use serde::Serialize;

use super::escape::escaped;
use super::one_result::Page;
use super::page::{Content, Report};
use super::references::Reference;
use super::version::VERSION;
use crate::plot::Theme;
use crate::plot::figure::Colour;

const PAGE: &str = include_str!("templates/report.html");
const TABLE: &str = include_str!("templates/table.html");
const OUTCOME: &str = include_str!("templates/outcome.html");
const EXTRA: &str = include_str!("templates/chapter.html");
const STYLE: &str = include_str!("templates/report.css");

impl Page<'_> {
    /// The result as an HTML page with its forest plot.
    #[must_use]
    pub fn html(&self) -> String {
        let forest = self
            .result
            .forest()
            .with_title(self.title.clone())
            .display(self.display)
            .shown(self.shown.clone())
            .appearance(&self.appearance);
        Report::of_one(self, forest.svg()).html()
    }
}

impl Report {
    /// The report as one HTML page, with its figures in it.
    ///
    /// # Panics
    ///
    /// Never: the templates are part of the program, and a test renders them.
    #[must_use]
    pub fn html(&self) -> String {
        self.page_within(written)
    }
}

fn written(mut content: Content) -> String {
    for chapter in content.chapters.iter_mut().chain(&mut content.appendix) {
        for table in [&mut chapter.studies, &mut chapter.pooled, &mut chapter.heterogeneity] {
            // A figure space is as wide as a digit.
            *table = std::mem::take(table).with_aligned_intervals('\u{2007}');
        }
    }
    let references: Vec<Cited<'_>> = content.references.iter().map(Cited::of).collect();
    let adapts = content.plain_figures;
    let dark = if adapts { dark_figures(&content) } else { String::new() };
    let values = context! {
        adapts,
        dark,
        report => Value::from(Serde(&content)),
        references => Value::from(Serde(&references)),
        version => VERSION,
        style => STYLE,
    };
    environment()
        .and_then(|environment| environment.render_named_str("report.html", PAGE, values))
        .expect("the templates are part of the program, and a test renders them")
        + "\n"
}

/// The rules that turn figures in the plain theme into those of the dark one: of each figure its own style sheet, in
/// other colours, and the colours that stand on shapes themselves.
fn dark_figures(content: &Content) -> String {
    let dark = Theme::named("dark").unwrap_or_default();
    let pairs = Theme::DEFAULT.colours_in(&dark);
    let mut rules = vec![format!("figure.adapts {{ background: {}; }}", dark.paper.hex())];
    for (plain, dark) in &pairs {
        for property in ["fill", "stroke"] {
            rules.push(format!(".adapts [{property}=\"{}\"] {{ {property}: {} }}", plain.hex(), dark.hex()));
        }
    }
    for rule in content.figures().flat_map(style_rules) {
        let dark = in_colours(rule, &pairs);
        // A selector more, so that these go before those of the figure.
        let rule = format!("figure.adapts {dark}");
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules.iter().map(|rule| format!("  {rule}\n")).collect()
}

/// The rules of a figure's style sheet.
fn style_rules(svg: &str) -> impl Iterator<Item = &str> {
    let sheet = svg.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    let lines = sheet.map_or("", |(sheet, _)| sheet).lines();
    // The sign in a disc stays white: the colour of the disc says the judgement, and does not change.
    lines.filter(|line| line.contains('#') && line.ends_with('}') && !line.contains(".mp-x{"))
}

/// A rule with these colours in place of others.
fn in_colours(rule: &str, pairs: &[(Colour, Colour)]) -> String {
    let (selector, properties) = rule.split_at(rule.find('{').unwrap_or(0));
    let set = |property: &str| {
        let Some((name, value)) = property.split_once(':') else { return property.to_owned() };
        let dark = pairs.iter().find(|(plain, _)| plain.hex() == value);
        dark.map_or_else(|| property.to_owned(), |(_, dark)| format!("{name}:{}", dark.hex()))
    };
    let inside = properties.trim_start_matches('{').trim_end_matches('}');
    let inside: Vec<String> = inside.split(';').map(set).collect();
    format!("{selector}{{{}}}", inside.join(";"))
}

/// Everything is escaped unless it is marked as HTML; tags leave no blank lines.
fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_function("drawn", drawn);
    environment.add_function("beside", beside);
    environment.add_function("pooled", pooled);
    environment.set_formatter(|out, _, value| {
        let text = value.to_string();
        out.write_str(&if value.is_safe() { text } else { escaped(&text) })?;
        Ok(())
    });
    Ok(environment)
}

/// `beside(extra)`: a chapter that is no outcome, as HTML.
fn beside(state: &State<'_, '_>, extra: Value) -> Result<Value, Error> {
    let adapts = state.lookup("adapts");
    let html = state.env().render_named_str("chapter.html", EXTRA, context! { extra, adapts })?;
    Ok(Value::from_safe_string(html))
}

/// `pooled(chapter)`: a pooled outcome with what belongs to it, as HTML.
fn pooled(state: &State<'_, '_>, chapter: Value) -> Result<Value, Error> {
    let adapts = state.lookup("adapts");
    let html = state.env().render_named_str("outcome.html", OUTCOME, context! { chapter, adapts })?;
    Ok(Value::from_safe_string(html))
}

/// `drawn(table, class)`: a table as HTML.
fn drawn(state: &State<'_, '_>, table: Value, class: Value) -> Result<Value, Error> {
    let part = |tag: &str, key: &str| -> Result<Value, Error> {
        let rows = table.get_attr(key)?;
        Ok(context! { tag, rows })
    };
    let mut parts = vec![part("tbody", "body")?];
    if table.get_attr("foot")?.is_true() {
        parts.push(part("tfoot", "foot")?);
    }
    let html = state.env().render_named_str("table.html", TABLE, context! { table, class, parts })?;
    Ok(Value::from_safe_string(html))
}

/// A reference with its address.
#[derive(Serialize)]
struct Cited<'a> {
    text: &'a str,
    doi: Option<&'a str>,
    url: Option<String>,
}

impl<'a> Cited<'a> {
    fn of(reference: &'a Reference) -> Self {
        Self { text: &reference.text, doi: reference.doi.as_deref(), url: reference.url() }
    }
}
