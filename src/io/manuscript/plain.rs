//! Plain text: paragraphs apart by blank lines, whatever their lines.

use super::collector::Collector;
use crate::data::{Passage, Place};

/// Its paragraphs.
pub(super) fn passages(text: &str) -> Vec<Passage> {
    let mut read = Collector::default();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            read.end_paragraph();
            continue;
        }
        for (column, character) in (1..).zip(line.chars()) {
            read.open.push(character, Place { line: number, column });
        }
        read.open.blank(Place { line: number, column: 1 + line.chars().count() as u64 });
    }
    read.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_paragraph_are_joined() {
        let read = passages("A pooled\nrate of 54%\r\n\n  \nNext.");
        let texts: Vec<&str> = read.iter().map(Passage::text).collect();
        assert_eq!(texts, ["A pooled rate of 54% ", "Next. "]);
        assert_eq!(read[0].place(9).to_string(), "2:1");
        assert_eq!(read[1].place(0).to_string(), "5:1");
    }
}
