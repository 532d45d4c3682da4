//! All results and counts of a manuscript.

use std::ops::Range;

use super::between::is_between;
use super::count;
use super::judge::Judge;
use super::outcome::ScanOutcome;
use super::row::read_row;
use super::scanned::{NotRead, ScannedCount, ScannedResult};
use super::sentences::sentences;
use crate::data::{Manuscript, Passage};
use crate::published::claim::Field;
use crate::published::sentence::{FoundCitation, FoundCount, FoundResult, Surroundings, read_sentence};

/// A sentence is quoted up to so many characters.
const LONGEST_QUOTE: usize = 400;

/// Every result and every count with its percentage in a manuscript, in its order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ManuscriptScan {
    /// The results.
    pub results: Vec<ScannedResult>,
    /// The counts.
    pub counts: Vec<ScannedCount>,
    /// Numbers that look like an interval and were not read as one.
    pub not_read: Vec<NotRead>,
}

impl ManuscriptScan {
    /// Reads a manuscript and holds what it prints against the outcomes, if there are any.
    ///
    /// ```
    /// use metaprop::data::{Manuscript, ManuscriptFormat};
    /// use metaprop::published::claim::Verdict;
    /// use metaprop::published::scan::{ManuscriptScan, ScanOutcome};
    /// use metaprop::{Dataset, MetaAnalysis};
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let result = MetaAnalysis::of_proportions().profile("dl-wald").fit(&data)?;
    /// let outcome = ScanOutcome { id: "good", title: "Good regrowth", result: &result, scale: None, regressions: &[] };
    ///
    /// let text = "Good regrowth was seen in 46/109 (42.2%); pooled, it was 50.7% (95% CI 32.9% to 68.4%).";
    /// let manuscript = Manuscript::parse(text.as_bytes(), "a.txt", ManuscriptFormat::Text)?;
    /// let scan = ManuscriptScan::new(&manuscript, &[outcome]);
    /// assert_eq!((scan.results.len(), scan.results[0].place.column), (1, 58));
    /// assert!(scan.counts[0].possible && scan.counts[0].total == 109);
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn new(manuscript: &Manuscript, outcomes: &[ScanOutcome<'_>]) -> Self {
        let mut scan = Self { results: Vec::new(), counts: Vec::new(), not_read: Vec::new() };
        let mut judge = Judge::new(outcomes);
        for passage in &manuscript.passages {
            let mut read = PassageReading::new(passage);
            match passage.cells() {
                [] => read.sentences(),
                _ => read.row(),
            }
            scan.results.extend(read.results.into_iter().map(|one| one.judged(passage, &mut judge)));
            let counts = read.counts.iter().filter_map(|found| {
                count::judge(found, passage.place(found.range.start), quote(passage, &found.range))
            });
            scan.counts.extend(counts);
            scan.not_read.extend(read.citations.into_iter().map(|found| NotRead {
                place: passage.place(found.range.start),
                text: quote(passage, &found.range),
                reason: found.why,
            }));
        }
        scan
    }
}

/// A result that was found, by its bytes in the passage.
struct Found {
    result: FoundResult,
    /// The sentence or row.
    sentence: Range<usize>,
    /// The words that may name its outcome.
    context: String,
}

impl Found {
    fn judged(self, passage: &Passage, judge: &mut Judge<'_>) -> ScannedResult {
        let judged = judge.judge(&self.result, &self.context);
        let level = self.result.level.as_ref().and_then(|level| format!("{level}%").parse().ok());
        ScannedResult {
            place: passage.place(self.result.range.start),
            text: quote(passage, &self.result.range),
            sentence: quote(passage, &self.sentence),
            read: self.result.claim,
            level,
            says_pooled: self.result.says_pooled,
            outcome: judged.outcome,
            by: judged.by,
            part: judged.part,
            verdict: judged.verdict,
            reason: judged.reason,
            fields: judged.fields,
            left_out: self.result.left_out,
        }
    }
}

/// The beginning of a part of a passage, on one line.
fn quote(passage: &Passage, range: &Range<usize>) -> String {
    let text = passage.text().get(range.clone()).unwrap_or_default().trim();
    let mut characters = text.chars();
    let mut quoted: String = characters.by_ref().take(LONGEST_QUOTE).collect();
    if characters.next().is_some() {
        quoted.push('…');
    }
    quoted
}

/// What was read of a passage.
struct PassageReading<'a> {
    passage: &'a Passage,
    results: Vec<Found>,
    counts: Vec<FoundCount>,
    citations: Vec<FoundCitation>,
}

impl<'a> PassageReading<'a> {
    fn new(passage: &'a Passage) -> Self {
        Self { passage, results: Vec::new(), counts: Vec::new(), citations: Vec::new() }
    }

    fn sentences(&mut self) {
        let text = self.passage.text();
        // How many results the sentence before has: what is said of heterogeneity behind a single one is of it.
        let mut before = 0;
        for range in sentences(text) {
            let read = read_sentence(&text[range.clone()], Surroundings::default());
            if before == 1
                && read.results.is_empty()
                && let Some(last) = self.results.last_mut()
            {
                add(&mut last.result, &read.further);
            }
            // Several sentences may speak of heterogeneity.
            let goes_on = before == 1 && read.results.is_empty() && !read.further.is_empty();
            // A test between subgroups is none of them.
            let pooled = read.results.iter().filter(|result| !is_between(&result.claim)).count();
            before = if goes_on { 1 } else { pooled };
            let start = range.start;
            let moved = |part: &Range<usize>| part.start + start..part.end + start;
            self.results.extend(read.results.into_iter().map(|result| {
                let (inner, region) = (moved(&result.range), moved(&result.region));
                let context = text.get(region.clone()).unwrap_or_default().to_string();
                let result = FoundResult { range: inner, region, ..result };
                Found { result, sentence: range.clone(), context }
            }));
            let counts = read.counts.into_iter();
            self.counts.extend(counts.map(|found| FoundCount { range: moved(&found.range), ..found }));
            let citations = read.citations.into_iter();
            self.citations
                .extend(citations.map(|found| FoundCitation { range: moved(&found.range), ..found }));
        }
    }

    fn row(&mut self) {
        let read = read_row(self.passage);
        let whole = 0..self.passage.text().len();
        self.results.extend(read.results.into_iter().map(|(result, context)| Found {
            result,
            sentence: whole.clone(),
            context,
        }));
        self.counts.extend(read.counts);
    }
}

/// Figures of the next sentence that the result does not have itself.
fn add(result: &mut FoundResult, further: &[(Field, Vec<String>)]) {
    for (field, texts) in further {
        // A field that is set already is refused, and stays as it is.
        let _ = result.claim.set(field.key(), texts);
    }
}
