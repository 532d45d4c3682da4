//! A result on a terminal: aligned, compact, and safe to print whatever the names contain.

use super::one_result::Page;
use super::results::{self, test, test_title};
use super::sentence::basis_of_rows;
use super::table::{Align, Row, Table};
use super::{methods, reading, studies, subgroups};
use crate::analysis::MetaAnalysis;
use crate::format::{NumberFormat, capitalised, grouped, sanitize};
use crate::options::{Model, Shown};
use crate::plot::heterogeneity::{Quantity, quantities};
use crate::plot::width::{cut, width};

/// The widest a study's name gets on a terminal; the documents have it in full.
const NAME: usize = 44;

impl Page<'_> {
    /// The result in words and aligned columns, each line ended; with `color`, bold and dim by the codes of a
    /// terminal.
    #[must_use]
    pub fn text(&self, color: bool) -> String {
        let (result, display, most, paint) = (self.result, self.display, self.most, Paint { color });
        let mut page = String::new();
        let mut blocks = vec![
            title(result, self.shown.unit(), paint),
            self.studies(paint),
            labelled(&summary(result, display, &self.shown), paint),
        ];
        blocks.extend(subgroups::tables(result, display).iter().map(|table| captioned(table, paint)));
        blocks.extend([left_out(result, most, paint), advisories(result, display, paint)]);
        for block in blocks.iter().filter(|block| !block.is_empty()) {
            if !page.is_empty() {
                page.push('\n');
            }
            for line in block {
                page.push_str(line.trim_end());
                page.push('\n');
            }
        }
        page
    }
}

impl Page<'_> {
    /// The table of studies, or the forest plot that has its numbers too.
    fn studies(&self, paint: Paint) -> Vec<String> {
        let (result, display) = (self.result, self.display);
        let table =
            || studies::table(result, display, &self.shown, &self.appearance.drawing().columns, self.most);
        if !self.shown.studies {
            // What they come to stands below them.
            return table_lines(&Table { body: Vec::new(), notes: Vec::new(), ..table() }, paint);
        }
        let Some((width, signs)) = self.plot else { return table_lines(&table(), paint) };
        let forest = result.forest().display(display).shown(self.shown.clone()).signs(signs);
        let plot = forest.text_plot(width);
        let mut lines = plot.plot();
        lines.extend(plot.remarks().iter().map(|remark| paint.dim(remark)));
        lines
    }
}

/// `tiny.csv: 4 studies, 46 events among 109 people`.
fn title(result: &MetaAnalysis, unit: &str, paint: Paint) -> Vec<String> {
    let studies = if result.k() == 1 { "study" } else { "studies" };
    let data = sanitize(&result.data.provenance.data);
    let of = if data.is_empty() { String::new() } else { format!("{}: ", paint.bold(&data)) };
    if result.spec.model == Model::ThreeLevel {
        return vec![format!("{of}{}", basis_of_rows(result, result.k()))];
    }
    let counts = result.sums().map(|(events, total)| {
        format!(", {} events among {} {}", grouped(events), grouped(total), sanitize(unit))
    });
    vec![format!("{of}{} {studies}{}", grouped(result.k() as u64), counts.unwrap_or_default())]
}

/// Heterogeneity, the test, the method: what stands below the table.
fn summary(result: &MetaAnalysis, display: NumberFormat, shown: &Shown) -> Vec<(String, String)> {
    let words: Vec<String> = quantities(&result.heterogeneity).iter().map(Quantity::in_words).collect();
    let (q, variances) = words.split_last().map_or((None, &words[..]), |(q, rest)| (Some(q.clone()), rest));
    let mut lines = vec![("Heterogeneity".to_string(), variances.join(" · "))];
    if variances.is_empty() {
        lines.clear();
    }
    let test_of_q = if lines.is_empty() { "Heterogeneity" } else { "" };
    lines.extend(q.map(|q| (test_of_q.to_string(), q)));
    let of = [format!("{}s", capitalised(result.scale.true_value())), String::new()];
    lines.extend(results::distribution(result, display).into_iter().zip(of).map(
        |([label, value, limits], title)| {
            let limits =
                if limits.is_empty() { limits } else { format!(" ({} CI {limits})", result.spec.level) };
            (title, format!("{label} {value}{limits}"))
        },
    ));
    let mut title = "Beside it".to_string();
    lines.extend(results::beside(result, display).into_iter().map(|[label, value, limits]| {
        let limits = if limits.is_empty() { limits } else { format!(" ({} CI {limits})", result.spec.level) };
        (std::mem::take(&mut title), format!("{label} {value}{limits}"))
    }));
    lines
        .extend(test(result.pooled()).filter(|_| shown.test).map(|test| (test_title(result, display), test)));
    lines.push(("Method".to_string(), methods::line(result)));
    lines.extend(reading::lines(result).into_iter().map(|[label, text]| (label, text)));
    if !result.convergence.is_settled() {
        lines.push(("Warning".to_string(), methods::convergence(result)));
    }
    lines
}

/// Labels in a column of their own.
fn labelled(lines: &[(String, String)], paint: Paint) -> Vec<String> {
    let widest = lines.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    let line = |(label, text): &(String, String)| {
        format!("{}{}  {text}", paint.bold(label), blanks(widest - width(label)))
    };
    lines.iter().map(line).collect()
}

/// The rows that were not pooled, with their reasons.
fn left_out(result: &MetaAnalysis, most: usize, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    if result.excluded.is_empty() {
        return lines;
    }
    lines.push(paint.bold("Left out"));
    for row in result.excluded.iter().take(most) {
        lines.push(format!(
            "  line {}  {}: {}",
            row.line,
            cut(&sanitize(&row.study), NAME),
            sanitize(&row.reason)
        ));
    }
    if let Some(more) = result.excluded.len().checked_sub(most).filter(|more| *more > 0) {
        lines.push(format!("  … {} more rows", grouped(more as u64)));
    }
    lines
}

/// What a statistician would say.
fn advisories(result: &MetaAnalysis, display: NumberFormat, paint: Paint) -> Vec<String> {
    let mut lines = Vec::new();
    for advisory in result.advisories_in(display) {
        if lines.is_empty() {
            lines.push(paint.bold("Advisories"));
        }
        lines.push(format!("  {}", sanitize(&advisory.message)));
    }
    lines
}

/// A table below its caption.
fn captioned(table: &Table, paint: Paint) -> Vec<String> {
    let mut lines = vec![paint.bold(&table.caption)];
    lines.extend(table_lines(table, paint));
    lines
}

/// A table as text, without blanks at the ends of its lines.
pub(super) fn table_text(table: &Table, paint: Paint) -> String {
    table_lines(table, paint).iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Sentences, a line each, and below them tables with their captions.
pub(super) fn sentences_and_tables(sentences: &[String], tables: &[Table], color: bool) -> String {
    let paint = Paint { color };
    let mut page: String = sentences.iter().map(|sentence| format!("{}\n", sanitize(sentence))).collect();
    for table in tables {
        page.push_str(&format!("\n{}\n{}", paint.bold(&table.caption), table_text(table, paint)));
    }
    page
}

/// A table as lines, columns two blanks apart.
pub(super) fn table_lines(table: &Table, paint: Paint) -> Vec<String> {
    let table = table.clone().with_aligned_intervals(' ');
    let headers: Vec<Vec<&str>> =
        table.columns.iter().map(|column| column.title.split('\n').collect()).collect();
    let rows = || table.rows().map(|row| row.cells.iter().map(|cell| cut(cell, NAME)));
    let mut widths: Vec<usize> =
        headers.iter().map(|lines| lines.iter().map(|l| width(l)).max().unwrap_or(0)).collect();
    for row in rows() {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = width(&cell).max(*widest);
        }
    }
    let aligns: Vec<Align> = table.columns.iter().map(|column| column.align).collect();
    let rule = paint.dim(&"─".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)));
    let mut lines = header(&headers, &widths, &aligns, paint);
    lines.push(rule.clone());
    lines.extend(table.body.iter().map(|row| line(row, &widths, &aligns, paint)));
    lines.extend(table.notes.iter().filter(|note| note.starts_with('…')).map(|note| paint.dim(note)));
    if !table.foot.is_empty() {
        lines.push(rule);
    }
    lines.extend(table.foot.iter().map(|row| line(row, &widths, &aligns, paint)));
    lines.extend(table.notes.iter().filter(|note| !note.starts_with('…')).map(|note| paint.dim(note)));
    lines
}

/// Headers of one or two lines, standing on the rule.
fn header(titles: &[Vec<&str>], widths: &[usize], aligns: &[Align], paint: Paint) -> Vec<String> {
    let height = titles.iter().map(Vec::len).max().unwrap_or(0);
    let at = |level: usize| {
        let cells =
            titles.iter().map(|lines| (level + lines.len()).checked_sub(height).map_or("", |own| lines[own]));
        Row { strong: true, ..Row::new(cells.map(str::to_string).collect()) }
    };
    (0..height).map(|level| line(&at(level), widths, aligns, paint)).collect()
}

fn line(row: &Row, widths: &[usize], aligns: &[Align], paint: Paint) -> String {
    let mut text = String::new();
    for ((cell, &widest), align) in row.cells.iter().zip(widths).zip(aligns) {
        let cell = cut(cell, NAME);
        let missing = blanks(widest.saturating_sub(width(&cell)));
        if !text.is_empty() {
            text.push_str("  ");
        }
        text.push_str(&match align {
            Align::Left => cell + &missing,
            Align::Right | Align::Interval => missing + &cell,
        });
    }
    if row.strong { paint.bold(text.trim_end()) } else { text }
}

fn blanks(count: usize) -> String {
    " ".repeat(count)
}

/// Bold and dim, where they are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    pub color: bool,
}

impl Paint {
    pub fn bold(self, text: &str) -> String {
        self.with(1, text)
    }

    pub fn dim(self, text: &str) -> String {
        self.with(2, text)
    }

    fn with(self, code: u8, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_string()
        }
    }
}
