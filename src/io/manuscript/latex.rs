//! LaTeX: text without commands, with the place of every character.

use std::mem::take;

use super::collector::Collector;
use super::latex_words::{LEFT_OUT, Meaning, TABLES, meaning};
use crate::data::{Passage, Place};

/// The longest name of a command or an environment, and the longest argument that is looked through for its end.
const LONGEST_NAME: usize = 40;
const LONGEST_ARGUMENT: usize = 2000;
/// Notes within notes deeper than this are taken as text.
const DEEPEST_NOTE: usize = 8;

/// Its paragraphs, rows of tables and footnotes.
pub(super) fn passages(text: &str) -> Vec<Passage> {
    let characters: Vec<char> = text.chars().collect();
    let mut reader = Reader { text: &characters, at: 0, line: 1, column: 1, ..Reader::default() };
    reader.skip_preamble();
    while reader.at < characters.len() {
        reader.step();
    }
    while let Some(note) = reader.notes.pop() {
        reader.end_note(note);
    }
    reader.read.finish()
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a [char],
    at: usize,
    line: u64,
    column: u64,
    read: Collector,
    /// How many groups are open.
    depth: usize,
    /// Footnotes that are being read.
    notes: Vec<Note>,
    /// Whether rows of a table are being read, and whether none has ended yet.
    table: Option<bool>,
}

/// A footnote: how many groups were open where it began, and the text it stands in.
struct Note {
    depth: usize,
    around: Passage,
}

impl Reader<'_> {
    fn place(&self) -> Place {
        Place { line: self.line, column: self.column }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    fn advance(&mut self) {
        let Some(character) = self.peek(0) else { return };
        self.at += 1;
        if character == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
    }

    fn advance_by(&mut self, count: usize) {
        (0..count).for_each(|_| self.advance());
    }

    fn starts_with(&self, word: &str) -> bool {
        word.chars().enumerate().all(|(ahead, character)| self.peek(ahead) == Some(character))
    }

    /// What stands before the document is no text, where there is a document. Comments are passed over.
    fn skip_preamble(&mut self) {
        const BEGIN: &str = "\\begin{document}";
        let begin = (self.at, self.line, self.column);
        while self.at < self.text.len() {
            match self.peek(0) {
                Some('%') if self.at == 0 || self.text[self.at - 1] != '\\' => self.skip_comment(),
                Some('\\') if self.starts_with(BEGIN) => return self.advance_by(BEGIN.len()),
                _ => self.advance(),
            }
        }
        (self.at, self.line, self.column) = begin;
    }

    /// To the end of the line, and the blanks that the next one begins with.
    fn skip_comment(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.advance();
        }
        let blank_line = |reader: &Self| reader.peek(0) == Some('\n');
        self.advance();
        while self.peek(0).is_some_and(|c| c == ' ' || c == '\t') && !blank_line(self) {
            self.advance();
        }
    }

    fn step(&mut self) {
        let place = self.place();
        let Some(character) = self.peek(0) else { return };
        match character {
            '\\' => self.command(),
            '%' => self.skip_comment(),
            '\n' => self.line_end(place),
            '{' => {
                self.depth += 1;
                self.advance();
            }
            '}' => self.close(place),
            '$' => self.advance(),
            '~' => self.put("\u{A0}", 1),
            '^' | '_' => self.script(place),
            // In a footnote of a cell nothing ends a cell of the row around it, as nothing ends the row there.
            '&' if self.table.is_some() && self.notes.is_empty() => {
                self.read.open.push_for(" ", place);
                self.read.end_cell();
                self.put("|", 1);
                self.read.open.push_for(" ", place);
                self.read.begin_cell();
            }
            '-' if self.starts_with("---") => self.put("—", 3),
            '-' if self.starts_with("--") => self.put("–", 2),
            ' ' | '\t' | '\r' => {
                self.read.open.blank(place);
                self.advance();
            }
            other => {
                self.read.open.push(other, place);
                self.advance();
            }
        }
    }

    /// Writes this for so many characters of the file.
    fn put(&mut self, text: &str, length: usize) {
        let place = self.place();
        self.read.open.push_for(text, place);
        self.advance_by(length);
    }

    /// A line end is a blank; an empty line ends a paragraph.
    fn line_end(&mut self, place: Place) {
        self.advance();
        while self.peek(0).is_some_and(|c| matches!(c, ' ' | '\t' | '\r')) {
            self.advance();
        }
        if self.peek(0) == Some('\n') && self.table.is_none() && self.notes.is_empty() {
            self.read.end_paragraph();
        } else {
            self.read.open.blank(place);
        }
    }

    fn close(&mut self, place: Place) {
        self.depth = self.depth.saturating_sub(1);
        self.advance();
        if self.notes.last().is_some_and(|note| note.depth == self.depth)
            && let Some(note) = self.notes.pop()
        {
            self.end_note(note);
        } else if self.peek(0) == Some('{') {
            // The arguments of a command are words of their own.
            self.read.open.blank(place);
        }
    }

    /// The note is a passage, and the text around it goes on.
    fn end_note(&mut self, note: Note) {
        let text = std::mem::replace(&mut self.read.open, note.around);
        if !text.is_blank() {
            self.read.passages.push(text);
        }
    }

    /// `^2` and `^{2}` are the square; an index is left out.
    fn script(&mut self, place: Place) {
        let raised = self.peek(0) == Some('^');
        self.advance();
        let grouped = self.peek(0) == Some('{');
        let inner = self.peek(usize::from(grouped));
        let closed = !grouped || self.peek(2) == Some('}');
        if raised && inner == Some('2') && closed {
            self.read.open.push('²', place);
            self.advance_by(if grouped { 3 } else { 1 });
        } else if !raised && grouped {
            self.skip_group();
        } else if !raised && self.read.open.last().is_some_and(char::is_alphanumeric) {
            // `p_h`; in text an underscore without a backslash is an error anyway.
            self.advance();
        }
    }

    /// Passes over an argument in braces, with those in it, where it ends within bounds.
    fn skip_group(&mut self) {
        let (mut depth, mut length) = (0_usize, 0);
        while let Some(character) = self.peek(length).filter(|_| length < LONGEST_ARGUMENT) {
            length += 1;
            match character {
                '\\' => length += 1,
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return self.advance_by(length);
            }
        }
    }

    /// Passes over an argument in square brackets that stands right behind a command.
    fn skip_options(&mut self) {
        if self.peek(0) != Some('[') {
            return;
        }
        let end = (0..LONGEST_NAME * 2).find(|ahead| self.peek(*ahead) == Some(']'));
        if let Some(end) = end {
            self.advance_by(end + 1);
        }
    }

    fn command(&mut self) {
        let place = self.place();
        self.advance();
        let name = self.name();
        match meaning(&name) {
            Meaning::Text(" ") => self.read.open.blank(place),
            Meaning::Text(text) => self.read.open.push_for(text, place),
            Meaning::Without(arguments) => {
                self.skip_options();
                self.skip_groups(arguments);
                if name.starts_with("multi") {
                    self.skip_options();
                }
            }
            Meaning::End if self.table.is_none() && self.notes.is_empty() => self.read.end_paragraph(),
            Meaning::End => self.read.open.blank(place),
            Meaning::Begin => self.begin(),
            Meaning::Close => self.end(),
            Meaning::Note => self.note(),
            Meaning::Row => self.row(place),
            Meaning::Nothing => self.skip_options(),
        }
        // Blanks behind the name of a character are none.
        let is_character =
            matches!(meaning(&name), Meaning::Text(_)) && name.chars().all(char::is_alphabetic);
        while is_character && self.peek(0) == Some(' ') {
            self.advance();
        }
    }

    fn skip_groups(&mut self, count: usize) {
        for _ in 0..count {
            if self.peek(0) == Some('{') {
                self.skip_group();
            }
        }
    }

    /// The name of a command: letters, or one other character.
    fn name(&mut self) -> String {
        let letters = (0..LONGEST_NAME)
            .take_while(|ahead| self.peek(*ahead).is_some_and(|character| character.is_ascii_alphabetic()));
        let count = letters.count().max(1);
        let name = self.text[self.at..self.text.len().min(self.at + count)].iter().collect();
        self.advance_by(count);
        name
    }

    /// The name of an environment in braces.
    fn environment(&mut self) -> String {
        let end = (0..LONGEST_NAME).find(|ahead| self.peek(*ahead) == Some('}'));
        let Some(end) = end.filter(|_| self.peek(0) == Some('{')) else { return String::new() };
        let name = self.text[self.at + 1..self.at + end].iter().collect();
        self.advance_by(end + 1);
        name
    }

    fn begin(&mut self) {
        let name = self.environment();
        if LEFT_OUT.contains(&name.as_str()) {
            let end = format!("\\end{{{name}}}");
            while self.at < self.text.len() && !self.starts_with(&end) {
                self.advance();
            }
            return self.advance_by(end.chars().count());
        }
        if self.notes.is_empty() {
            self.read.end_paragraph();
        }
        match TABLES.iter().find(|(known, _)| *known == name) {
            Some((_, arguments)) => {
                self.skip_options();
                self.skip_groups(*arguments);
                (self.table, self.read.header) = (Some(true), None);
            }
            None => self.skip_options(),
        }
    }

    fn end(&mut self) {
        let name = self.environment();
        if TABLES.iter().any(|(known, _)| *known == name) && self.table.is_some() {
            let place = self.place();
            self.row(place);
            (self.table, self.read.header) = (None, None);
        }
        if self.notes.is_empty() {
            self.read.end_paragraph();
        }
    }

    fn note(&mut self) {
        self.skip_options();
        if self.peek(0) != Some('{') || self.notes.len() >= DEEPEST_NOTE {
            return;
        }
        self.notes.push(Note { depth: self.depth, around: take(&mut self.read.open) });
        self.depth += 1;
        self.advance();
    }

    fn row(&mut self, place: Place) {
        self.skip_options();
        let Some(is_first) = self.table.filter(|_| self.notes.is_empty()) else {
            return self.read.open.blank(place);
        };
        let is_empty = self.read.open.is_blank();
        self.read.end_cell();
        self.read.end_row(is_first);
        self.table = Some(is_first && is_empty);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        passages(text).iter().map(|passage| passage.text().trim().to_string()).collect()
    }

    #[test]
    fn text_is_what_is_printed() {
        for (latex, want) in [
            (r"54.0\,\% (95\% CI, 46.3--61.5\%)", "54.0\u{2009}% (95% CI, 46.3–61.5%)"),
            (r"$I^{2}=64.7\%$, $\tau^2 = 0.28$, $p<.001$", "I²=64.7%, τ² = 0.28, p<.001"),
            (r"\textbf{54{,}0~\%} [46{,}3\textendash 61{,}5]", "54,0\u{A0}% [46,3–61,5]"),
            ("rate % a comment 99% (98--100)\n  of 54\\%", "rate of 54%"),
            (r"\num{0.54} (\ci{0.46}{0.62})~\cite[p.~2]{guo2020}", "0.54 (0.46 0.62)\u{A0}"),
            (r"$Q_{13} = 36.8$ and $p_h = 0.01$", "Q = 36.8 and p = 0.01"),
            (r"12\slash 50 (24\percent)", "12/50 (24%)"),
        ] {
            assert_eq!(read(latex).join(" / "), want.trim(), "{latex}");
        }
    }

    #[test]
    fn the_preamble_comments_code_and_notes_are_apart() {
        let text = "\\newcommand{\\x}{54\\% (1--2)}\n% \\begin{document}\n\\begin{document}\nA\\footnote{B 1\\%.} c.\n\n\\begin{verbatim}\n5\\% (4--6)\n\\end{verbatim}\nD\n\\end{document}";
        assert_eq!(read(text), ["B 1%.", "A c.", "D"]);
        let places: Vec<String> = passages(text).iter().map(|passage| passage.place(0).to_string()).collect();
        assert_eq!(places, ["4:12", "4:1", "9:1"]);
    }

    #[test]
    fn a_footnote_in_a_cell_ends_no_cell() {
        let text = "\\begin{tabular}{lr}\nA & B \\\\\nGood study of the north & 54\\footnote{1 & 2} \\% \\\\\n\\end{tabular}";
        let passages = passages(text);
        let row = passages.iter().find(|row| row.text().starts_with("Good")).expect("the row");
        let cells: Vec<&str> = row.cells().iter().map(|cell| row.text()[cell.clone()].trim()).collect();
        assert_eq!(cells, ["Good study of the north", "54 %"]);
    }

    #[test]
    fn rows_of_tables_have_cells_and_a_header() {
        let text = "\\begin{tabular}{lr}\n\\toprule\nOutcome & Rate, \\% (95\\% CI)\\\\ \\midrule\nGood & 54.0 (46.3--61.5) \\\\\n\\end{tabular}\nAfter";
        let rows = passages(text);
        assert_eq!(rows[1].cell_texts(), ["Good", "54.0 (46.3–61.5)"]);
        assert_eq!(rows[1].header(), ["Outcome", "Rate, % (95% CI)"]);
        assert_eq!(rows[1].place(rows[1].text().find("54").unwrap()).to_string(), "4:8");
        assert!(rows[2].text() == "After" && rows[2].cells().is_empty());
    }

    #[test]
    fn what_is_broken_is_read_all_the_same() {
        for text in
            ["\\", "\\begin{tabular", "}}}{{{", "\\footnote{\\footnote{", "a^{", "\\begin{verbatim} x", "_"]
        {
            let _ = passages(text);
        }
    }
}
