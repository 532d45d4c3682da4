//! The document and the table of a result whose numbers were put in by hand, so that a snapshot of all digits
//! holds the layout and nothing else.

use super::{csv, json};
use crate::analysis::{MetaAnalysis, fit};
use crate::data::{Dataset, Excluded, Provenance};
use crate::model::{Component, Heterogeneity, Summary, Test};
use crate::numeric::convergence::Convergence;
use crate::options::{Profile, Request, StudyCi};

/// Four studies and a row left out.
fn pinned() -> MetaAnalysis {
    let rows = [("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66), ("Delta 2004", 8, 18)];
    let provenance =
        Provenance { data: "tiny.csv".to_string(), sha256: "0123abcd".repeat(8), ..Provenance::default() };
    let excluded = vec![Excluded::new("Epsilon 2005", 6, "events missing")];
    let data = Dataset::proportions(rows).expect("counts that are possible");
    let data = data.with_provenance(provenance).with_excluded(excluded);
    let asked =
        Request { profile: Some(Profile::DlWald), study_ci: Some(StudyCi::Wilson), ..Request::default() };
    let mut result = fit(&data, &asked.resolve().expect("choices that go together")).expect("a result");
    result.sizes.y = vec![0.7931471805599453, 0.8109302162163288, -0.75, -1e-7];
    result.sizes.v = vec![0.375, 0.3611111111111111, 1e-300, 1e21];
    result.weights_common = vec![0.125, 0.25, 0.5, 0.125];
    result.weights_random = vec![0.1, 0.2, 0.3, 0.4];
    pin(&mut result.common);
    let mut random = result.random.take().expect("a random-effects estimate");
    pin(&mut random);
    (random.method, random.df, random.p) = (Some("random"), Some(3.0), Some(1e-17));
    result.random = Some(random);
    let test = result.heterogeneity.cochran.map(|_| Test { statistic: 9.5, p: 0.0277 });
    result.heterogeneity = Heterogeneity {
        cochran: test,
        df: 3,
        tau2: Some(only(0.0)),
        i2: Some(only(67.1)),
        ..Heterogeneity::default()
    };
    if let Some(prediction) = &mut result.prediction {
        (prediction.df, prediction.ci_y) = (None, Some([-1.5, 1.5]));
        (prediction.lower, prediction.upper) = (0.18, 0.82);
    }
    result.convergence = Convergence::of_iteration("an iteration", 7, 1e-12, true);
    result
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

#[test]
fn the_document_of_a_small_analysis() {
    insta::assert_snapshot!(json::text(&pinned(), json::Layout::Indented));
}

#[test]
fn the_table_of_a_small_analysis() {
    insta::assert_snapshot!(csv::text(&pinned(), csv::Rows::All));
}
