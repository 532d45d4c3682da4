//! Effect sizes with imputed rows, as trim-and-fill adds them.

use metaprop::data::Estimate;
use metaprop::effect::EffectSizes;
use metaprop::model::{Design, Fit, Prepared, Rows};
use metaprop::options::{Measure, Model, Request};
use metaprop::{Dataset, Spec};

fn filled() -> (Dataset, EffectSizes, Vec<Estimate>) {
    let rows = [("A", 4, 80), ("B", 9, 90), ("C", 12, 66), ("D", 8, 28), ("E", 11, 23)];
    let data = Dataset::proportions(rows).unwrap();
    let spec = Spec::default();
    let (sizes, _) = EffectSizes::new(data.studies(), &spec);
    let common = Request { model: Some(Model::Common), ..Request::default() }.resolve().unwrap();
    let fit =
        Prepared::new(&sizes, data.studies()).fit(Rows::Only(&[0, 1, 2]), Design::Mean, &common).unwrap();
    let mean = fit.common(&common).unwrap().y.unwrap();
    let mirrored = [3, 4].map(|row: usize| Estimate::new(2.0 * mean - sizes.y[row], sizes.v[row]).unwrap());
    (data, sizes.with_imputed(&mirrored), mirrored.to_vec())
}

/// Rows with counts and rows without pool as the same estimates and variances without any counts.
#[test]
fn imputed_rows_pool_as_estimates() {
    let (data, sizes, mirrored) = filled();
    assert_eq!((sizes.k(), sizes.imputed()), (7, 2));
    let spec = Spec::default();
    let mixed = Prepared::new(&sizes, data.studies()).fit(Rows::All, Design::Mean, &spec).unwrap();
    let names = ["A", "B", "C", "D", "E", "F", "G"];
    let plain = names.iter().zip(sizes.y.iter().zip(&sizes.v)).map(|(name, (y, v))| (*name, *y, *v));
    let plain = Dataset::estimates(plain).unwrap();
    let generic = Request { measure: Some(Measure::Generic), ..Request::default() }.resolve().unwrap();
    let (estimates, _) = EffectSizes::new(plain.studies(), &generic);
    let fit = Prepared::new(&estimates, plain.studies()).fit(Rows::All, Design::Mean, &generic).unwrap();
    let (mixed, alone) = (mixed.pooled(&spec).unwrap().unwrap(), fit.pooled(&generic).unwrap().unwrap());
    assert!((mixed.y.unwrap() - alone.y.unwrap()).abs() < 1e-14);
    assert!((mixed.se.unwrap() / alone.se.unwrap() - 1.0).abs() < 1e-13);
    let (Fit::Weighted(all), Fit::Weighted(observed)) = (
        Prepared::new(&sizes, data.studies()).fit(Rows::All, Design::Mean, &spec).unwrap(),
        Prepared::new(&sizes, data.studies()).fit(Rows::Only(&[0, 1, 2, 3, 4]), Design::Mean, &spec).unwrap(),
    ) else {
        unreachable!()
    };
    assert!(all.location(&spec) < observed.location(&spec), "the mirrored studies are on the other side");
    assert_eq!(mirrored.len(), 2);
}

#[test]
fn models_of_counts_refuse_imputed_rows_and_take_the_others() {
    let (data, sizes, _) = filled();
    let prepared = Prepared::new(&sizes, data.studies());
    for model in [Model::Glmm, Model::BetaBinomial] {
        let spec = Request { model: Some(model), ..Request::default() }.resolve().unwrap();
        let error = prepared.fit(Rows::All, Design::Mean, &spec).unwrap_err();
        assert!(error.to_string().contains("2 of the rows are imputed"), "{error}");
        assert!(prepared.fit(Rows::Only(&[0, 1, 2, 3, 4]), Design::Mean, &spec).is_ok());
    }
}
