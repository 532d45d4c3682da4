//! Pieces of Markdown (`CommonMark` with the tables of GitHub): text, tables.

use super::table::{Align, Row, Table};
use crate::format::sanitize;

/// A page of a title in Markdown, sentences as one paragraph, and tables.
pub(super) fn page(title: String, sentences: &[String], tables: &[Table]) -> String {
    let sentences: Vec<String> = sentences.iter().map(|sentence| escaped(sentence)).collect();
    let mut blocks = vec![title, sentences.join(" ")];
    blocks.extend(tables.iter().flat_map(captioned));
    blocks.join("\n\n") + "\n"
}

/// The caption, the table and its notes, as blocks.
pub(super) fn captioned(table: &Table) -> Vec<String> {
    let mut blocks = vec![format!("**{}**", escaped(&table.caption)), self::table(table)];
    blocks.extend(table.notes.iter().map(|note| escaped(note)));
    blocks
}

fn table(table: &Table) -> String {
    let titles = table.columns.iter().map(|column| escaped(&column.title.replace('\n', " ")));
    let rules = table.columns.iter().map(|column| match column.align {
        Align::Left => ":--".to_string(),
        Align::Right | Align::Interval => "--:".to_string(),
    });
    let mut lines = vec![line(titles), line(rules)];
    lines.extend(table.rows().map(|Row { cells, strong, .. }| {
        let bold = |cell: &String| {
            if *strong && !cell.is_empty() { format!("**{}**", escaped(cell)) } else { escaped(cell) }
        };
        line(cells.iter().map(bold))
    }));
    lines.join("\n")
}

fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}

/// Text that Markdown shows as it is, that of GitHub and that of pandoc: nothing in it is markup, HTML, a link or a formula.
///
/// ```
/// use metaprop::report::markdown::escaped;
/// assert_eq!(escaped("https://a.b www.c.d e@f.g"), "https\\://a.b www\\.c.d e<!-- -->@f.g");
/// assert_eq!(escaped("@smith 2^2 {#a}"), "\\@smith 2\\^2 \\{\\#a}");
/// assert_eq!(escaped("A | <b> [x](y) *z* `q`"), "A \\| &lt;b&gt; \\[x\\](y) \\*z\\* \\`q\\`");
/// ```
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    let shown = sanitize(text);
    for (at, character) in shown.char_indices() {
        match character {
            // GitHub makes links of bare addresses: not where the sign that it goes by is escaped.
            ':' if shown[at..].starts_with("://") => safe.push_str("\\:"),
            '.' if ends_with_www(&shown[..at]) => safe.push_str("\\."),
            // Of an address of mail it does so whatever is escaped, unless something stands between.
            '@' if shown[..at].ends_with(|c: char| c.is_alphanumeric() || "._+-".contains(c)) => {
                safe.push_str("<!-- -->@")
            }
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // The last three are markup of pandoc's Markdown: raised, a reference to literature, attributes of a heading.
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '#' | '^' | '@' | '{' => {
                safe.extend(['\\', character])
            }
            _ => safe.push(character),
        }
    }
    safe
}

/// Whether a text ends with `www`, in whatever case.
fn ends_with_www(text: &str) -> bool {
    text.len() >= 3 && text.as_bytes()[text.len() - 3..].eq_ignore_ascii_case(b"www")
}

/// Text in a fixed pitch; a fence longer than any run of backticks in it.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}
