//! Markdown: paragraphs, headings, list items and rows of tables. Code, comments and addresses are left out.

use super::collector::Collector;
use super::entities::entity;
use crate::data::{Passage, Place};

/// The longest tag, address or comment within a line that is looked through for its end.
const LONGEST: usize = 1000;

/// Its passages.
pub(super) fn passages(text: &str) -> Vec<Passage> {
    let lines: Vec<&str> = text.lines().collect();
    let mut reader = Reader::default();
    let mut index = front_matter(&lines);
    while index < lines.len() {
        index = reader.block(&lines, index);
    }
    reader.read.finish()
}

/// How many lines a front matter has at the beginning.
fn front_matter(lines: &[&str]) -> usize {
    if lines.first().is_none_or(|line| line.trim_end() != "---") {
        return 0;
    }
    let end = lines.iter().skip(1).position(|line| matches!(line.trim_end(), "---" | "..."));
    end.map_or(0, |end| end + 2)
}

#[derive(Default)]
struct Reader {
    read: Collector,
    /// Whether a comment goes on from the line before.
    in_comment: bool,
    /// Whether the last paragraph was an item of a list, whose next lines are indented.
    in_list: bool,
}

impl Reader {
    /// Reads the block that begins at this line; the line behind it.
    fn block(&mut self, lines: &[&str], index: usize) -> usize {
        let line = lines[index];
        let trimmed = line.trim_start();
        if self.in_comment {
            self.line(line, index, 0);
            return index + 1;
        }
        if let Some(fence) = fence(trimmed) {
            self.read.end_paragraph();
            let closes = |line: &&str| line.trim_start().starts_with(fence);
            return lines[index + 1..].iter().position(closes).map_or(lines.len(), |end| index + end + 2);
        }
        if trimmed.is_empty() {
            self.read.end_paragraph();
            return index + 1;
        }
        let indented = line.starts_with("    ") || line.starts_with('\t');
        if indented && self.read.open.is_blank() && !self.in_list {
            return index + 1;
        }
        if trimmed.contains('|') && lines.get(index + 1).is_some_and(|next| is_delimiter(next)) {
            return self.table(lines, index);
        }
        self.paragraph(line, index);
        index + 1
    }

    /// A line of a paragraph, a heading, or an item of a list.
    fn paragraph(&mut self, line: &str, index: usize) {
        let trimmed = line.trim();
        let is_rule = trimmed.len() >= 2 && trimmed.chars().all(|c| matches!(c, '=' | '-' | '*' | '_' | ' '));
        if is_rule {
            return self.read.end_paragraph();
        }
        let bullet = bullet(line);
        let is_heading = trimmed.starts_with('#');
        if bullet > 0 || is_heading {
            self.read.end_paragraph();
        }
        if self.read.open.is_blank() {
            self.in_list = bullet > 0 || (self.in_list && line.starts_with([' ', '\t']));
        }
        self.line(line, index, bullet);
        if is_heading {
            self.read.end_paragraph();
        }
    }

    /// A line without what stands before its text.
    fn line(&mut self, line: &str, index: usize, skip: usize) {
        let characters: Vec<char> = line.chars().collect();
        let place = |column: usize| Place { line: index as u64 + 1, column: column as u64 + 1 };
        let skip = if self.in_comment { 0 } else { skip.max(marks(&characters)) };
        self.inline(&characters, skip, place);
        self.read.open.blank(place(characters.len()));
    }

    /// The header, the line below it, and all rows.
    fn table(&mut self, lines: &[&str], index: usize) -> usize {
        self.read.end_paragraph();
        self.read.header = None;
        self.row(lines[index], index, true);
        let mut next = index + 2;
        while let Some(line) = lines.get(next).filter(|line| line.contains('|')) {
            self.row(line, next, false);
            next += 1;
        }
        self.read.header = None;
        next
    }

    fn row(&mut self, line: &str, index: usize, is_header: bool) {
        let characters: Vec<char> = line.chars().collect();
        let place = |column: usize| Place { line: index as u64 + 1, column: column as u64 + 1 };
        let mut start = characters.iter().take_while(|c| c.is_whitespace()).count();
        start += usize::from(characters.get(start) == Some(&'|'));
        self.read.begin_cell();
        while start < characters.len() {
            let escaped = |at: usize| at > 0 && characters[at - 1] == '\\';
            let end = (start..characters.len()).find(|at| characters[*at] == '|' && !escaped(*at));
            let end = end.unwrap_or(characters.len());
            self.inline(&characters[..end], start, place);
            self.read.open.blank(place(end));
            self.read.end_cell();
            self.read.open.push_for("| ", place(end));
            self.read.begin_cell();
            start = end + 1;
        }
        self.read.end_row(is_header);
    }

    /// The text of a line from here on.
    fn inline(&mut self, text: &[char], from: usize, place: impl Fn(usize) -> Place) {
        let mut at = from;
        while at < text.len() {
            if self.in_comment {
                let end = text[at..].windows(3).position(|three| three == ['-', '-', '>']);
                self.in_comment = end.is_none();
                at = end.map_or(text.len(), |end| at + end + 3);
                continue;
            }
            let (written, length) = self.element(text, at);
            if let Some(written) = written {
                self.read.open.push(written, place(at));
            }
            at += length;
        }
    }

    /// What is written for what begins here, if anything, and how many characters it has.
    fn element(&mut self, text: &[char], at: usize) -> (Option<char>, usize) {
        let rest = &text[at..];
        let next = rest.get(1).copied();
        match rest[0] {
            '*' | '`' | '$' => (None, 1),
            '_' => (is_within_word(text, at).then_some('_'), 1),
            '\\' => escape(rest),
            '&' => entity(rest).map_or((Some('&'), 1), |(character, length)| (Some(character), length)),
            '<' if rest.starts_with(&['<', '!', '-', '-']) => {
                self.in_comment = true;
                (None, 4)
            }
            '<' if next.is_some_and(|c| c.is_ascii_alphabetic() || c == '/') => {
                (None, until(rest, '>').unwrap_or(1))
            }
            '^' => superscript(rest),
            '!' if next == Some('[') => (None, 1),
            '(' if at > 0 && text[at - 1] == ']' && is_address(rest) => (None, until(rest, ')').unwrap_or(1)),
            '[' if next == Some('^') => (None, until(rest, ']').unwrap_or(1)),
            other => (Some(other), 1),
        }
    }
}

/// How many characters there are to the end of a tag or an address, with it.
fn until(text: &[char], end: char) -> Option<usize> {
    text.iter().take(LONGEST).position(|c| *c == end).map(|end| end + 1)
}

/// What is in round brackets behind square ones: no figures, but a path.
fn is_address(text: &[char]) -> bool {
    let inner = until(text, ')').map(|end| &text[1..end - 1]).unwrap_or_default();
    let first = inner.split(|c| c.is_whitespace()).next().unwrap_or_default();
    first.first() == Some(&'#')
        || first.iter().any(|c| c.is_ascii_alphabetic()) && first.iter().any(|c| matches!(c, '/' | '.' | ':'))
}

/// A backslash before a sign, or a command of LaTeX within a formula.
fn escape(text: &[char]) -> (Option<char>, usize) {
    let letters = text[1..].iter().take(12).take_while(|c| c.is_ascii_alphabetic()).count();
    let name: String = text[1..=letters].iter().collect();
    let known = match name.as_str() {
        "tau" => Some('τ'),
        "chi" => Some('χ'),
        "pm" => Some('±'),
        "le" | "leq" => Some('≤'),
        "ge" | "geq" => Some('≥'),
        "approx" | "sim" => Some('~'),
        "cdot" => Some('·'),
        "text" | "mathrm" | "textrm" => return (None, letters + 1),
        _ => None,
    };
    match (known, text.get(1)) {
        (Some(character), _) => (Some(character), letters + 1),
        (None, Some(',' | ';' | ' ')) => (Some(' '), 2),
        (None, Some(sign)) if sign.is_ascii_punctuation() => (Some(*sign), 2),
        _ => (Some('\\'), 1),
    }
}

/// `^2^`, `^{2}` and `^2` are the square; a number in carets is a footnote's.
fn superscript(text: &[char]) -> (Option<char>, usize) {
    for square in ["^2^", "^{2}", "^2"] {
        let square: Vec<char> = square.chars().collect();
        if text.starts_with(&square) && !text.get(square.len()).is_some_and(char::is_ascii_digit) {
            return (Some('²'), square.len());
        }
    }
    let digits = text[1..].iter().take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '–' | '-')).count();
    if digits > 0 && text.get(digits + 1) == Some(&'^') { (None, digits + 2) } else { (Some('^'), 1) }
}

fn is_within_word(text: &[char], at: usize) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|c| c.is_alphanumeric());
    letter(at.checked_sub(1)) && letter(Some(at + 1))
}

/// The fence that a line opens.
fn fence(line: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence))
}

/// The line below the header of a table: `| :-- | --: |`.
fn is_delimiter(line: &str) -> bool {
    line.contains('-')
        && line.contains('|')
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// How many characters a bullet or a number of a list has, with the blanks around it.
fn bullet(line: &str) -> usize {
    let blanks = line.len() - line.trim_start().len();
    let trimmed = &line[blanks..];
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    let mark = match trimmed.as_bytes() {
        [b'-' | b'*' | b'+', ..] => 1,
        _ if (1..=3).contains(&digits) && trimmed[digits..].starts_with(['.', ')']) => digits + 1,
        _ => return 0,
    };
    if trimmed[mark..].starts_with(' ') { line[..blanks].chars().count() + mark + 1 } else { 0 }
}

/// How many characters the marks of a quotation and a heading have at the beginning of a line.
fn marks(line: &[char]) -> usize {
    line.iter().take_while(|c| matches!(c, '>' | '#' | ' ' | '\t')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        passages(text).iter().map(|passage| passage.text().trim().to_string()).collect()
    }

    #[test]
    fn text_is_what_is_shown() {
        for (markdown, want) in [
            ("**54.0%** (_46.3_&ndash;61.5)", "54.0% (46.3–61.5)"),
            (
                "I<sup>2</sup> = 64.7\\%, $\\tau^2$ = 0.28, I^2^ = 3, p <.001",
                "I2 = 64.7%, τ² = 0.28, I² = 3, p <.001",
            ),
            ("see [Guo](https://x.org/54_1) [0.46; 0.61](0.2)", "see [Guo] [0.46; 0.61](0.2)"),
            ("rate[^1] a_b `12/50` <!-- 1% (0--2) -->of", "rate a_b 12/50 of"),
            ("> - 54%\n>   (46–62)", "- 54% (46–62)"),
            ("text^12,13^ 5", "text 5"),
        ] {
            assert_eq!(read(markdown).join(" / "), want, "{markdown}");
        }
    }

    #[test]
    fn code_front_matter_and_comments_are_left_out() {
        let text = "---\ntitle: 54%\n---\n# Results 1\nA\n\n```\n5% (4-6)\n```\n\n    6% (5-7)\n\n<!-- 7%\n(6-8) --> B\n1. C\n2. D\n   e\n";
        assert_eq!(read(text), ["Results 1", "A", "B", "C", "D e"]);
        assert_eq!(passages(text)[2].place(1).to_string(), "14:11");
    }

    #[test]
    fn rows_of_tables_have_cells_and_a_header() {
        let rows = passages("T:\n\n| Outcome | % (95% CI) |\n|:--|--:|\n| Good | 54.0 (46.3 to 61.5) |\nEnd");
        assert_eq!(rows[2].cell_texts(), ["Good", "54.0 (46.3 to 61.5)"]);
        assert_eq!(rows[2].header(), ["Outcome", "% (95% CI)"]);
        assert_eq!(rows[2].place(rows[2].text().find("54").unwrap()).to_string(), "5:10");
        assert_eq!(rows[3].text(), "End ");
    }
}
