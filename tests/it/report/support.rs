//! Analyses that the tests of the report room share.

use metaprop::data::{Excluded, Provenance};
use metaprop::options::Profile;
use metaprop::options::Request;
use metaprop::{Dataset, MetaAnalysis, fit};

/// The four studies of the acceptance test.
pub const TINY: [(&str, u64, u64); 4] =
    [("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66), ("Delta 2004", 8, 18)];

/// A table of these rows, as if read from `tiny.csv`.
pub fn table(rows: &[(&str, u64, u64)]) -> Dataset {
    let data = Dataset::proportions(rows.iter().copied()).expect("counts that are possible");
    data.with_provenance(Provenance {
        data: "tiny.csv".to_string(),
        sha256: "0123abcd".repeat(8),
        ..Provenance::default()
    })
}

/// The outcome of these rows with these choices.
pub fn outcome(rows: &[(&str, u64, u64)], request: Request) -> MetaAnalysis {
    fit(&table(rows), &request.resolve().expect("choices that go together")).expect("an outcome")
}

/// The tiny table with a row left out, by DerSimonian-Laird and Wald: closed forms, so that every
/// digit of a snapshot can be held.
pub fn tiny() -> MetaAnalysis {
    let excluded = vec![Excluded::new("Epsilon 2005", 6, "events missing")];
    fit(&table(&TINY).with_excluded(excluded), &dl_wald().resolve().expect("a profile")).expect("an outcome")
}

pub fn dl_wald() -> Request {
    Request { profile: Some(Profile::DlWald), ..Request::default() }
}

/// Names that attack what they are shown in, each with ordinary counts.
pub const EVIL: [(&str, u64, u64); 9] = [
    ("<script>alert(1)</script> & \"Co\" 'x'", 8, 12),
    ("=HYPERLINK(\"http://x\",\"y\")", 9, 13),
    (" \t+1+cmd|' /C calc'!A0", 21, 66),
    ("\u{1b}]0;owned\u{7}\u{1b}[31mred\u{9b}2J\u{7f}", 8, 18),
    ("right\u{202e}tfel\u{2066}", 3, 9),
    ("a | b ` c * d _ e [f](javascript:x) $g$ ~h~ \\", 4, 9),
    ("two\nlines\r\nand\u{2028}more", 5, 9),
    ("山田・Müller-Łukaszewicz e\u{301}", 6, 9),
    ("{{ report.title }} {% raw %} ]]> --> </table>", 7, 9),
];
