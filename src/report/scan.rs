//! What a manuscript prints and whether it holds, as text, Markdown, a document and test cases.

use serde::Serialize;

use super::check::{CheckedOutcome, line};
use super::document::{Document, displayed};
use super::junit::{self, Case};
use super::markdown::escaped;
use super::text::Paint;
use crate::advisory::{Advisory, Code};
use crate::data::{Manuscript, Provenance};
use crate::format::{capitalised, sanitize};
use crate::published::claim::Verdict;
use crate::published::scan::{
    About, ManuscriptScan, NotRead, PartKind, ScannedCount, ScannedPart, ScannedResult, Why,
};

/// The results and counts of a manuscript, from [`Project::scan`](crate::Project::scan) or [`ScanReport::alone`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "schema", rename = "metaprop/scan/1")]
pub struct ScanReport {
    provenance: Provenance,
    #[serde(rename = "spec")]
    outcomes: Vec<CheckedOutcome>,
    /// What the first number of a place counts.
    place: &'static str,
    summary: ScanCounts,
    results: Vec<ScannedResult>,
    counts: Vec<ScannedCount>,
    /// Numbers that look like an interval and were not read as one.
    not_read: Vec<NotRead>,
    /// The outcomes that no result is about.
    not_found: Vec<String>,
    advisories: Vec<Advisory>,
}

/// How many results have each verdict, and how many counts are possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct ScanCounts {
    /// Results that hold, with or without a remark on how.
    pub holds: usize,
    /// Results that do not hold.
    pub fails: usize,
    /// Results that nothing could be held against.
    pub not_checkable: usize,
    /// Counts whose percentage is theirs.
    pub possible: usize,
    /// Counts whose percentage is not.
    pub impossible: usize,
}

impl ScanReport {
    /// What a manuscript prints, without an analysis: the figures of each result are held against each other, and counts
    /// against their percentages.
    ///
    /// ```
    /// use metaprop::data::{Manuscript, ManuscriptFormat};
    /// use metaprop::report::ScanReport;
    ///
    /// let text = "The pooled rate was 64.0% (95% CI 46.3 to 61.5); 12/50 (26%) relapsed.";
    /// let manuscript = Manuscript::parse(text.as_bytes(), "a.txt", ManuscriptFormat::Text)?;
    /// let report = ScanReport::alone(&manuscript);
    /// assert_eq!((report.summary().fails, report.summary().impossible), (1, 1));
    /// assert!(report.to_string().contains("a.txt:1:21: fails"), "{report}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn alone(manuscript: &Manuscript) -> Self {
        Self::new(manuscript, ManuscriptScan::new(manuscript, &[]), Vec::new(), Vec::new())
    }

    pub(crate) fn new(
        manuscript: &Manuscript,
        scan: ManuscriptScan,
        outcomes: Vec<CheckedOutcome>,
        advisories: Vec<Advisory>,
    ) -> Self {
        let ManuscriptScan { results, counts, not_read, .. } = scan;
        let verdicts = |wanted: fn(Verdict) -> bool| results.iter().filter(|one| wanted(one.verdict)).count();
        let possible = counts.iter().filter(|count| count.possible).count();
        let summary = ScanCounts {
            holds: verdicts(Verdict::holds),
            fails: verdicts(|verdict| verdict == Verdict::Fails),
            not_checkable: verdicts(|verdict| verdict == Verdict::NotCheckable),
            possible,
            impossible: counts.len() - possible,
        };
        let is_missing = |outcome: &&CheckedOutcome| {
            let is_about = |result: &ScannedResult| result.outcome.as_ref() == Some(&outcome.id);
            !results.iter().any(|result| is_about(result) && result.part.is_none())
        };
        let not_found = outcomes.iter().filter(is_missing).map(|outcome| outcome.id.clone()).collect();
        let remarks = results.iter().filter_map(|result| remark(result, &manuscript.provenance.data));
        let advisories = manuscript.advisories.iter().cloned().chain(advisories).chain(remarks).collect();
        let place = manuscript.format.counts();
        let provenance = manuscript.provenance.clone();
        Self { provenance, outcomes, place, summary, results, counts, not_read, not_found, advisories }
    }

    /// The manuscript.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Every result, in the order of the manuscript.
    #[must_use]
    pub fn results(&self) -> &[ScannedResult] {
        &self.results
    }

    /// Every count that is printed with its percentage.
    #[must_use]
    pub fn counts(&self) -> &[ScannedCount] {
        &self.counts
    }

    /// Numbers that look like an interval and were not read as one, such as the references in `2% [4-6]`.
    #[must_use]
    pub fn not_read(&self) -> &[NotRead] {
        &self.not_read
    }

    /// What to know about them.
    #[must_use]
    pub fn advisories(&self) -> &[Advisory] {
        &self.advisories
    }

    /// How many results have each verdict, and how many counts are possible.
    #[must_use]
    pub fn summary(&self) -> ScanCounts {
        self.summary
    }

    /// Whether every result that could be checked holds and every percentage is possible.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.summary.fails == 0 && self.summary.impossible == 0
    }

    /// `2 results: 1 holds, 1 fails; 3 counts with their percentage: all possible`.
    fn in_words(&self) -> String {
        let of = self.summary;
        let say = |count: usize, one: &str, many: &str| {
            (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
        };
        let verdicts = [
            say(of.holds, "holds", "hold"),
            say(of.fails, "fails", "fail"),
            say(of.not_checkable, "cannot be checked", "cannot be checked"),
        ];
        let verdicts: Vec<String> = verdicts.into_iter().flatten().collect();
        let results = match self.results.len() {
            0 => "no pooled result was found".to_string(),
            1 => format!("1 result: {}", verdicts.join(", ")),
            more => format!("{more} results: {}", verdicts.join(", ")),
        };
        let counts = match (self.counts.len(), of.impossible) {
            (0, _) => "no count with its percentage".to_string(),
            (1, 0) => "1 count, and its percentage is right".to_string(),
            (1, _) => "1 count, and its percentage is wrong".to_string(),
            (all, 0) => format!("{all} counts, and their percentages are right"),
            (all, wrong) => format!("{all} counts, {wrong} of them with a wrong percentage"),
        };
        format!("{results}; {counts}")
    }

    fn not_found_in_words(&self) -> Option<String> {
        (!self.not_found.is_empty()).then(|| {
            let outcomes = if self.not_found.len() == 1 { "the outcome" } else { "the outcomes" };
            format!("no result is about {outcomes} '{}'", self.not_found.join("', '"))
        })
    }

    /// `paper.md:12:34`, or `paper.docx, paragraph 12, character 34`.
    fn at(&self, place: crate::data::Place) -> String {
        match self.place {
            "line" => format!("{}:{place}", self.provenance.data),
            other => format!("{}, {other} {}, character {}", self.provenance.data, place.line, place.column),
        }
    }
}

/// What is said of a result that holds with a remark, or that is pooled and matches nothing.
fn remark(result: &ScannedResult, file: &str) -> Option<Advisory> {
    let at = format!("{file}:{}", result.place);
    let (code, what) = match (result.verdict, &result.reason) {
        (Verdict::HoldsTruncated, _) => {
            (Code::ClaimTruncated, "holds only where digits are cut off instead of rounded")
        }
        (Verdict::HoldsRoundedTwice, _) => {
            (Code::ClaimRoundedTwice, "holds only where a figure is rounded twice")
        }
        (Verdict::HoldsEarlyStop, _) => (
            Code::ClaimEarlyStop,
            "holds only at the τ² where metafor's iteration stops, not where it converges",
        ),
        (_, Some(Why::NotMatched(_) | Why::NamedInPassing(_))) if result.says_pooled => {
            (Code::ResultNotMatched, "is said to be pooled and is the result of no outcome")
        }
        (_, Some(Why::NotMatchedByPart(_))) if result.says_pooled => {
            (Code::ResultNotMatched, "is a pooled result that matches no outcome or level")
        }
        _ => return None,
    };
    Some(Advisory::new(code, format!("{at}: {} {what}", result.text)))
}

impl ScannedResult {
    /// The lines that say why it has its verdict: a field that fails each, or the reason.
    fn lines(&self) -> Vec<String> {
        let of =
            |verdict: Verdict| self.fields.iter().filter(move |field| field.verdict == verdict).map(line);
        let remarks = self.fields.iter().filter(|field| field.verdict.holds_with_remark()).map(line);
        let lines = of(Verdict::Fails).chain(remarks);
        lines.chain(self.reason.as_ref().map(ToString::to_string)).collect()
    }

    /// `good`, or `good, design = retrospective`.
    fn outcome_and_part(&self) -> String {
        let part = self.part.as_ref().map(part_in_words);
        self.outcome.iter().cloned().chain(part).collect::<Vec<_>>().join(", ")
    }

    /// `about good, by its figures`.
    fn about(&self) -> Option<String> {
        let by = match self.by? {
            About::Figures => "by its figures",
            About::Name => "by its name",
            _ => "by its numbers of studies and people",
        };
        let part = self.part.as_ref().map(|part| format!(", {}", part_in_words(part))).unwrap_or_default();
        Some(format!("about '{}'{part}, {by}", self.outcome.as_ref()?))
    }
}

/// `design = retrospective`, `without Liu 2017`.
fn part_in_words(part: &ScannedPart) -> String {
    match (part.kind, &part.column) {
        (PartKind::Level, Some(column)) => format!("{column} = {}", part.name),
        (PartKind::Without, _) => format!("without {}", part.name),
        (PartKind::Coefficient, _) => format!("the coefficient {}", part.name),
        _ => format!("the test between the levels of {}", part.name),
    }
}

impl Document for ScanReport {
    const SCHEMA: &'static str = "metaprop/scan/1";

    /// A block a result, a line an impossible percentage.
    fn text(&self, color: bool) -> String {
        let paint = Paint { color };
        let mut page = String::new();
        for result in &self.results {
            let head = format!("{}: {}", sanitize(&self.at(result.place)), result.verdict.key());
            page.push_str(&format!("{}  {}\n", paint.bold(&head), sanitize(&result.text)));
            let about = result.about().map(|about| format!("; {about}")).unwrap_or_default();
            page.push_str(&format!(
                "  {}\n",
                paint.dim(&sanitize(&format!("read as {}{about}", result.words())))
            ));
            for line in result.lines() {
                page.push_str(&format!("  {}\n", sanitize(&line)));
            }
            if !result.left_out.is_empty() {
                let left_out = format!("not read: {}", result.left_out.join(", "));
                page.push_str(&format!("  {}\n", paint.dim(&sanitize(&left_out))));
            }
        }
        for count in self.counts.iter().filter(|count| !count.possible) {
            let head = format!("{}: impossible", sanitize(&self.at(count.place)));
            page.push_str(&format!("{}  {}\n", paint.bold(&head), sanitize(&count.text)));
            page.push_str(&format!("  {}\n", sanitize(&count.reason)));
        }
        if !page.is_empty() {
            page.push('\n');
        }
        for advisory in &self.advisories {
            page.push_str(&format!("{}\n", sanitize(&advisory.message)));
        }
        if let Some(not_found) = self.not_found_in_words() {
            page.push_str(&format!("{}\n", sanitize(&not_found)));
        }
        page.push_str(&format!("{}: {}\n", paint.bold(&sanitize(&self.provenance.data)), self.in_words()));
        page
    }

    /// A table of results and one of counts.
    fn markdown(&self) -> String {
        let mut page = format!(
            "# Results in {}\n\n{}.\n",
            escaped(&self.provenance.data),
            escaped(&capitalised(&self.in_words()))
        );
        let not_found = self.not_found_in_words().map(|text| capitalised(&text));
        for remark in self.advisories.iter().map(|advisory| advisory.message.clone()).chain(not_found) {
            page.push_str(&format!("\n> {}\n", escaped(&remark)));
        }
        let head = capitalised(self.place);
        if !self.results.is_empty() {
            page.push_str(&format!(
                "\n| {head} | Column | Result | Outcome | Verdict | Why |\n| --: | --: | :-- | :-- | :-- | :-- |\n"
            ));
        }
        for result in &self.results {
            let cells = [
                result.place.line.to_string(),
                result.place.column.to_string(),
                result.text.clone(),
                result.outcome_and_part(),
                result.verdict.key().to_string(),
                result.lines().join("; "),
            ];
            page.push_str(&format!("| {} |\n", cells.map(|cell| escaped(&cell)).join(" | ")));
        }
        if !self.counts.is_empty() {
            page.push_str(&format!(
                "\n| {head} | Column | Count | Possible | Why |\n| --: | --: | :-- | :-- | :-- |\n"
            ));
        }
        for count in &self.counts {
            let cells = [
                count.place.line.to_string(),
                count.place.column.to_string(),
                count.text.clone(),
                if count.possible { "yes" } else { "no" }.to_string(),
                count.reason.clone(),
            ];
            page.push_str(&format!("| {} |\n", cells.map(|cell| escaped(&cell)).join(" | ")));
        }
        page
    }
}

displayed!(ScanReport);

impl ScanReport {
    /// The verdicts as JUnit XML: a test case a result and a test case a count. A result that does not hold fails with a
    /// line a figure, and one that nothing could be held against is skipped.
    ///
    /// ```
    /// use metaprop::data::{Manuscript, ManuscriptFormat};
    /// use metaprop::report::ScanReport;
    ///
    /// let manuscript = Manuscript::parse(b"12/50 (26%) relapsed.", "a.txt", ManuscriptFormat::Text)?;
    /// let xml = ScanReport::alone(&manuscript).junit();
    /// assert!(xml.contains("tests=\"1\" failures=\"1\"") && xml.contains("a.txt:1:1"), "{xml}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn junit(&self) -> String {
        let of_result = |result: &ScannedResult| {
            let name = format!("{}: {}", self.at(result.place), result.text);
            let group = result.outcome.clone().unwrap_or_else(|| "results".to_string());
            let lines = result.lines();
            let case = Case::new(name, group);
            match result.verdict {
                Verdict::Fails => Case { failures: lines, ..case },
                Verdict::NotCheckable => Case { skipped: Some(lines.join("\n")), ..case },
                _ => case,
            }
        };
        let of_count = |count: &ScannedCount| {
            let name = format!("{}: {}", self.at(count.place), count.text);
            let failures = if count.possible { Vec::new() } else { vec![count.reason.clone()] };
            Case { failures, ..Case::new(name, "counts") }
        };
        let cases: Vec<Case> =
            self.results.iter().map(of_result).chain(self.counts.iter().map(of_count)).collect();
        junit::write(&format!("metaprop scan {}", self.provenance.data), &cases)
    }
}
