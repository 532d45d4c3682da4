//! Analyses that the tests of the report room share.

use metaprop::analysis::{Heterogeneity, Prediction, Summary};
use metaprop::data::{Excluded, Provenance};
use metaprop::numeric::convergence::Convergence;
use metaprop::options::Request;
use metaprop::options::{Profile, StudyCi};
use metaprop::{Dataset, MetaAnalysis, fit};

/// The four studies of the acceptance test.
pub const TINY: [(&str, u64, u64); 4] =
    [("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66), ("Delta 2004", 8, 18)];

/// A table of these rows, as if read from `tiny.csv`.
pub fn table(rows: &[(&str, u64, u64)]) -> Dataset {
    let mut table = Dataset::from_counts(rows.iter().copied()).expect("counts that are possible");
    table.provenance = Provenance { data: "tiny.csv".to_string(), sha256: "0123abcd".repeat(8) };
    table
}

/// The outcome of these rows with these choices.
pub fn outcome(rows: &[(&str, u64, u64)], request: Request) -> MetaAnalysis {
    fit(&table(rows), &request.resolve().expect("choices that go together")).expect("an outcome")
}

/// The tiny table with a row left out, by DerSimonian-Laird and Wald: closed forms, so that every
/// digit of a snapshot can be held.
pub fn tiny() -> MetaAnalysis {
    let mut table = table(&TINY);
    table.excluded =
        vec![Excluded { study: "Epsilon 2005".to_string(), line: 6, reason: "events missing".to_string() }];
    fit(&table, &dl_wald().resolve().expect("a profile")).expect("an outcome")
}

/// The same with every number of the fit put in by hand, so that a snapshot of all digits holds the
/// layout and nothing else.
pub fn pinned() -> MetaAnalysis {
    let mut outcome = tiny();
    outcome.spec.study_ci = StudyCi::Wilson;
    outcome.effects.y = vec![0.7931471805599453, 0.8109302162163288, -0.75, -1e-7];
    outcome.effects.v = vec![0.375, 0.3611111111111111, 1e-300, 1e21];
    outcome.weights_common = vec![0.125, 0.25, 0.5, 0.125];
    outcome.weights_random = vec![0.1, 0.2, 0.3, 0.4];
    let summary = Summary {
        method: None,
        y: Some(-0.3227537209477015),
        se: Some(0.203),
        ci_y: Some([-0.75, 0.125]),
        estimate: 0.42,
        lower: Some(0.327),
        upper: Some(0.519),
        statistic: Some(-1.5876),
        df: None,
        p: Some(0.1123),
        log_likelihood: Some(-5.25),
        aic: Some(f64::INFINITY),
        bic: Some(f64::NAN),
        population: None,
    };
    outcome.random =
        Some(Summary { method: Some("random"), df: Some(3.0), p: Some(1e-17), ..summary.clone() });
    outcome.common = summary;
    let heterogeneity = Heterogeneity {
        q: Some(9.5),
        df: 3,
        p: Some(0.0277),
        tau2: Some(0.0),
        i2: Some(67.1),
        ..Heterogeneity::default()
    };
    outcome.heterogeneity = heterogeneity;
    outcome.prediction = outcome.prediction.map(|prediction| Prediction {
        df: None,
        ci_y: [-1.5, 1.5],
        lower: 0.18,
        upper: 0.82,
        ..prediction
    });
    outcome.convergence = Convergence::of_iteration("an iteration", 7, 1e-12, true);
    outcome
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
