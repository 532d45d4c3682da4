//! Names and lines of studies.

use std::ops::Range;

/// The name of a study and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label<'a> {
    /// Its name, as typed, trimmed.
    pub name: &'a str,
    /// Its line in the file, counted from 1; the number of the row where a format has no lines.
    pub line: u32,
}

/// Names and lines of studies, in the order of the file.
///
/// The names stand one behind the other in one text: a table of ten million rows takes a few pieces of memory and not
/// one a row.
///
/// ```
/// use metaprop::data::Labels;
/// let labels: Labels = [("Almutairi 2019", 2), ("Jabbari 2018", 3)].into_iter().collect();
/// assert_eq!((labels.len(), labels.at(1).name, labels.at(1).line), (2, "Jabbari 2018", 3));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    text: String,
    /// Where each name ends in the text.
    ends: Vec<usize>,
    lines: Vec<u32>,
}

impl Labels {
    /// How many studies there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The label of the `index`-th study, counted from 0.
    ///
    /// # Panics
    ///
    /// Where `index` is not below [`len`](Self::len).
    #[must_use]
    pub fn at(&self, index: usize) -> Label<'_> {
        Label { name: &self.text[self.start(index)..self.ends[index]], line: self.lines[index] }
    }

    /// Every label, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Label<'_>> {
        (0..self.len()).map(|index| self.at(index))
    }

    /// Which study, counted from 0, stands on this line, if one does. The lines ascend, as those of a file do.
    #[must_use]
    pub fn on_line(&self, line: u32) -> Option<usize> {
        self.lines.binary_search(&line).ok()
    }

    /// Adds a study.
    pub fn push(&mut self, name: &str, line: u32) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
        self.lines.push(line);
    }

    /// Room for so many more studies.
    pub(crate) fn reserve(&mut self, studies: usize) {
        self.ends.reserve(studies);
        self.lines.reserve(studies);
    }

    /// Adds the studies of others at these places.
    pub(crate) fn extend_from(&mut self, others: &Self, places: Range<usize>) {
        let (from, to) = (others.start(places.start), others.start(places.end));
        let (start, ends) = (self.text.len(), &others.ends[places.clone()]);
        self.text.push_str(&others.text[from..to]);
        self.ends.extend(ends.iter().map(|end| end - from + start));
        self.lines.extend_from_slice(&others.lines[places]);
    }

    /// Keeps the studies of which this says so, in order; all where it says too little.
    pub(crate) fn retain(&mut self, keep: impl IntoIterator<Item = bool>) {
        let keep = keep.into_iter().chain(std::iter::repeat(true));
        *self = self.iter().zip(keep).filter_map(|(label, keep)| keep.then_some(label)).collect();
    }

    /// Where the name of the `index`-th study begins; for one beyond the last, where the text ends.
    fn start(&self, index: usize) -> usize {
        if index == 0 { 0 } else { self.ends[index - 1] }
    }
}

impl<'a> FromIterator<Label<'a>> for Labels {
    fn from_iter<I: IntoIterator<Item = Label<'a>>>(labels: I) -> Self {
        labels.into_iter().map(|label| (label.name, label.line)).collect()
    }
}

impl<'a> FromIterator<(&'a str, u32)> for Labels {
    fn from_iter<I: IntoIterator<Item = (&'a str, u32)>>(labels: I) -> Self {
        let mut collected = Self::default();
        labels.into_iter().for_each(|(name, line)| collected.push(name, line));
        collected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_others_are_added_and_left_out() {
        let others: Labels = [("a", 1), ("", 2), ("Ångström", 3), ("b", 5)].into_iter().collect();
        let mut labels: Labels = [("first", 9)].into_iter().collect();
        labels.extend_from(&others, 1..3);
        labels.extend_from(&others, 4..4);
        labels.extend_from(&others, 3..4);
        let all: Vec<_> = labels.iter().map(|label| (label.name, label.line)).collect();
        assert_eq!(all, [("first", 9), ("", 2), ("Ångström", 3), ("b", 5)]);
        labels.retain([false, true, false]);
        assert_eq!(labels, [("", 2), ("b", 5)].into_iter().collect());
    }
}
