//! Every study several times over, and a study less.

use metaprop::options::{Measure, Model, Tau2Method};
use metaprop::options::{Request, Tau2};
use metaprop::{Dataset, fit};
use proptest::prelude::*;

use super::shared::{named, near, pool, tables, tau2, unit, value};

fn every_measure() -> impl Strategy<Value = Measure> {
    prop::sample::select(Measure::OF_PROPORTIONS)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn copies_of_every_study_keep_the_common_estimate_and_shrink_its_error(rows in tables(), measure in every_measure(), m in 2usize..4) {
        let request = Request { measure: Some(measure), model: Some(Model::Common), ..Request::default() };
        let copies: Vec<_> = (0..m).flat_map(|_| rows.clone()).collect();
        let (one, many) = (pool(&rows, request), pool(&copies, request));
        let ((y, se), (many_y, many_se)) = (value(&one.common), value(&many.common));
        prop_assert!(near(y, many_y, se));
        prop_assert!(near(se, many_se * (m as f64).sqrt(), se));
    }

    #[test]
    fn copies_of_every_study_keep_tau2_by_ml_and_hunter_schmidt(rows in tables(), m in 2usize..4) {
        let copies: Vec<_> = (0..m).flat_map(|_| rows.clone()).collect();
        for method in [Tau2Method::Ml, Tau2Method::Hs] {
            let request = Request { tau2: Some(Tau2::Estimated(method)), ..Request::default() };
            let (one, many) = (pool(&rows, request), pool(&copies, request));
            let unit = unit(&one);
            prop_assert!((tau2(&one) - tau2(&many)).abs() <= 1e-7 * (tau2(&one) + unit), "{method:?}");
        }
    }

    /// A table that lost a row is the table that never had it: the same bits but for the names and lines.
    #[test]
    fn leaving_a_study_out_is_a_fresh_table_without_it(rows in tables(), measure in every_measure(), left in 0usize..12) {
        let left = left % rows.len();
        let whole = named(&rows);
        let studies = whole.counted().unwrap();
        let kept = studies.iter().enumerate().filter(|(index, _)| *index != left);
        let cut = Dataset::proportions(kept.map(|(_, study)| (study.name.clone(), study.counts.events(), study.counts.total())));
        let (cut, mut fresh) = (cut.expect("a study is left"), rows.clone());
        fresh.remove(left);
        for model in [Model::Random, Model::Common, Model::Ivhet] {
            let spec = Request { measure: Some(measure), model: Some(model), ..Request::default() }.resolve().expect("a spec");
            let (one, two) = (fit(&cut, &spec).expect("an outcome"), fit(&named(&fresh), &spec).expect("an outcome"));
            prop_assert_eq!(&one.random, &two.random);
            prop_assert_eq!((&one.common, &one.prediction, &one.heterogeneity), (&two.common, &two.prediction, &two.heterogeneity));
        }
    }
}
