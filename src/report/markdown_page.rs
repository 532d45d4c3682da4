//! A report in Markdown (`CommonMark` with the tables of GitHub), for repositories and issues.

use super::chapter::Chapter;
use super::markdown::{captioned, code, escaped};
use super::methods::Statement;
use super::one_result::Page;
use super::opening::Opening;
use super::page::{Content, Methods, Report, ResultChapter};
use super::references::Reference;
use super::version::VERSION;
use crate::format::capitalised;

impl Page<'_> {
    /// The result as a page of Markdown, without its figure.
    #[must_use]
    pub fn markdown(&self) -> String {
        Report::of_one(self, String::new()).markdown()
    }
}

impl Report {
    /// The report as one page of Markdown; the figure of an outcome is a link to its file.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.page_within(|content| written(&content))
    }
}

fn written(content: &Content) -> String {
    let mut blocks = vec![format!("# {}", escaped(&content.title))];
    blocks.extend(content.opening.iter().map(opening));
    blocks.extend(content.first.iter().flat_map(extra));
    for chapter in &content.chapters {
        blocks.extend(self::chapter(chapter));
        blocks.extend(chapter.extras.iter().flat_map(extra));
    }
    blocks.extend(content.more_outcomes.iter().map(|more| escaped(more)));
    blocks.extend(content.last.iter().flat_map(extra));
    if !content.methods.is_empty() {
        blocks.push("## Methods".to_string());
        blocks.extend(content.methods.iter().flat_map(methods));
        blocks.push("## References".to_string());
        let numbered = content
            .references
            .iter()
            .zip(1..)
            .map(|(reference, number)| format!("{number}. {}", self::reference(reference)));
        blocks.push(numbered.collect::<Vec<_>>().join("\n"));
    }
    if content.has_appendix() {
        blocks.push("# Appendix".to_string());
        for chapter in &content.appendix {
            blocks.extend(self::chapter(chapter));
            blocks.extend(chapter.extras.iter().flat_map(extra));
        }
        blocks.extend(content.appendix_chapters.iter().flat_map(extra));
    }
    blocks.push(format!("Made by metaprop {VERSION}."));
    blocks.join("\n\n") + "\n"
}

/// What was printed and what became of it, a paragraph a sentence.
fn opening(opening: &Opening) -> String {
    let printed = format!(
        "**Printed: {} ({})**, {}. {}.",
        escaped(&opening.estimate),
        escaped(&opening.interval),
        escaped(&opening.basis),
        escaped(&capitalised(&opening.verdict))
    );
    let sentences = opening.sentences.iter().zip(1..);
    let sentences = sentences.map(|(sentence, number)| format!("{number}. {}", escaped(sentence)));
    format!("{printed}\n\n{}", sentences.collect::<Vec<_>>().join("\n"))
}

fn extra(extra: &Chapter) -> Vec<String> {
    let mut blocks = vec![format!("## {}", escaped(&extra.title))];
    if !extra.sentences.is_empty() {
        blocks.push(extra.sentences.iter().map(|sentence| escaped(sentence)).collect::<Vec<_>>().join(" "));
    }
    blocks
        .extend(extra.figures.iter().map(|figure| format!("![{}]({})", escaped(&figure.title), figure.path)));
    blocks.extend(extra.tables.iter().flat_map(captioned));
    blocks
}

fn chapter(chapter: &ResultChapter) -> Vec<String> {
    let mut blocks = Vec::new();
    if !chapter.title.is_empty() {
        blocks.push(format!("## {}", escaped(&chapter.title)));
    }
    blocks.push(chapter.summary.iter().map(|sentence| escaped(sentence)).collect::<Vec<_>>().join(" "));
    if !chapter.id.is_empty() && !chapter.figure.is_empty() {
        blocks.push(format!("![Forest plot: {}]({}/forest.svg)", escaped(&chapter.title), chapter.id));
    }
    if !chapter.advisories.is_empty() {
        let remarks = chapter.advisories.iter().map(|remark| format!("> - {}", escaped(remark)));
        blocks.push(format!("> **Advisories**\n>\n{}", remarks.collect::<Vec<_>>().join("\n")));
    }
    let tables = [&chapter.studies, &chapter.pooled, &chapter.heterogeneity];
    let tables = tables.into_iter().filter(|table| !table.columns.is_empty());
    let tables = tables.into_iter().chain(&chapter.subgroups).chain(&chapter.left_out);
    blocks.extend(tables.flat_map(captioned));
    blocks.extend(chapter.notes.iter().map(|note| escaped(note).to_string()));
    let lines = chapter.provenance.iter().map(|[label, text]| format!("- {label}: {}", code(text)));
    blocks.push(lines.collect::<Vec<_>>().join("\n"));
    blocks
}

fn methods(methods: &Methods) -> Vec<String> {
    let mut blocks = Vec::new();
    if !methods.outcomes.is_empty() {
        let outcomes: Vec<_> = methods.outcomes.iter().map(|title| escaped(title)).collect();
        blocks.push(format!("### {}", outcomes.join("; ")));
    }
    blocks.push(methods.statements.iter().map(statement).collect::<Vec<_>>().join(" "));
    blocks.extend(captioned(&methods.choices));
    blocks
}

fn statement(statement: &Statement) -> String {
    let text = escaped(&statement.text);
    if statement.cites.is_empty() {
        return format!("{text}.");
    }
    let cites: Vec<String> = statement.cites.iter().map(usize::to_string).collect();
    format!("{text} \\[{}\\].", cites.join(", "))
}

fn reference(reference: &Reference) -> String {
    match (reference.url(), &reference.doi) {
        (Some(url), Some(doi)) => format!("{}. [doi:{}](<{url}>)", escaped(&reference.text), escaped(doi)),
        _ => format!("{}.", escaped(&reference.text)),
    }
}
