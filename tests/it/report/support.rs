//! Analyses that the tests of the report room share.

use metaprop::data::{Excluded, Provenance};
use metaprop::model::{Component, Heterogeneity, Summary, Test};
use metaprop::numeric::convergence::Convergence;
use metaprop::options::Request;
use metaprop::options::{Profile, StudyCi};
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
    let excluded =
        vec![Excluded { study: "Epsilon 2005".to_string(), line: 6, reason: "events missing".to_string() }];
    fit(&table(&TINY).with_excluded(excluded), &dl_wald().resolve().expect("a profile")).expect("an outcome")
}

/// The same with every number of the fit put in by hand, so that a snapshot of all digits holds the
/// layout and nothing else.
pub fn pinned() -> MetaAnalysis {
    let mut outcome = tiny();
    let wilson = Request { study_ci: Some(StudyCi::Wilson), ..outcome.spec.request() };
    outcome.spec = wilson.resolve().expect("choices that go together");
    outcome.sizes.y = vec![0.7931471805599453, 0.8109302162163288, -0.75, -1e-7];
    outcome.sizes.v = vec![0.375, 0.3611111111111111, 1e-300, 1e21];
    outcome.weights_common = vec![0.125, 0.25, 0.5, 0.125];
    outcome.weights_random = vec![0.1, 0.2, 0.3, 0.4];
    pin(&mut outcome.common);
    let mut random = outcome.random.take().expect("a random-effects estimate");
    pin(&mut random);
    (random.method, random.df, random.p) = (Some("random"), Some(3.0), Some(1e-17));
    outcome.random = Some(random);
    let (tau2, i2) = (only(0.0), only(67.1));
    let test = outcome.heterogeneity.cochran.map(|_| Test { statistic: 9.5, p: 0.0277 });
    outcome.heterogeneity = Heterogeneity::default();
    let h = &mut outcome.heterogeneity;
    (h.cochran, h.df, h.tau2, h.i2) = (test, 3, Some(tau2), Some(i2));
    if let Some(prediction) = &mut outcome.prediction {
        (prediction.df, prediction.ci_y) = (None, [-1.5, 1.5]);
        (prediction.lower, prediction.upper) = (0.18, 0.82);
    }
    outcome.convergence = Convergence::of_iteration("an iteration", 7, 1e-12, true);
    outcome
}

/// Every number of a pooled value put in by hand.
fn pin(summary: &mut Summary) {
    summary.method = None;
    (summary.y, summary.se, summary.ci_y) = (Some(-0.3227537209477015), Some(0.203), Some([-0.75, 0.125]));
    (summary.estimate, summary.lower, summary.upper) = (0.42, Some(0.327), Some(0.519));
    (summary.statistic, summary.df, summary.p) = (Some(-1.5876), None, Some(0.1123));
    (summary.log_likelihood, summary.aic, summary.bic) = (Some(-5.25), Some(f64::INFINITY), Some(f64::NAN));
    summary.population = None;
}

/// An estimate of which nothing else is known.
fn only(estimate: f64) -> Component {
    Component { estimate, se: None, lower: None, upper: None }
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
