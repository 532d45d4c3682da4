//! A report as one HTML page: opened from disk it asks nothing of any network, and it runs no script.
//!
//! The figures stand in the page, the same rows stand below them as real tables, and everything that
//! comes from outside is escaped by the template engine.

use minijinja::{AutoEscape, Environment, Value, context};
use serde::Serialize;

use super::VERSION;
use super::page::{Content, Report};
use super::references::Reference;
use crate::analysis::Outcome;

pub use super::page::Page;

const TEMPLATE: &str = include_str!("templates/report.html");
const STYLE: &str = include_str!("templates/report.css");

/// One result as a page, with its forest plot (the text of an SVG file).
#[must_use]
pub fn write(outcome: &Outcome, page: &Page, figure: &str) -> String {
    report(&Report::of_one(outcome, page, figure))
}

/// A report as a page.
///
/// # Panics
///
/// Never: the template is part of the program, and a test renders it.
#[must_use]
pub fn report(report: &Report<'_>) -> String {
    let mut content = Content::of(report);
    for chapter in &mut content.chapters {
        for table in [&mut chapter.studies, &mut chapter.pooled, &mut chapter.heterogeneity] {
            // A figure space is as wide as a digit.
            *table = table.clone().with_aligned_intervals('\u{2007}');
        }
    }
    let references: Vec<Cited<'_>> = content.references.iter().map(Cited::of).collect();
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment
        .render_named_str("report.html", TEMPLATE, context! { report => Value::from_serialize(&content), references => Value::from_serialize(&references), version => VERSION, style => STYLE })
        .expect("the template is part of the program, and a test renders it")
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
