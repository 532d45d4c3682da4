//! What is said of the exact models: in the spec, the methods, the sentences, and beside data with few events.

use crate::common::program::{Bench, fits_its_schema};
use metaprop::format::NumberFormat;
use metaprop::options::{
    Choice, Ci, I2Method, Measure, Model, PredictionMethod, Profile, Request, Tau2, Tau2Method, ZeroCells,
};
use metaprop::{Code, Dataset, MetaAnalysis, fit};
use serde_json::Value;

/// Thirteen studies, nine of them without events.
const SPARSE: [(u64, u64); 13] = [
    (0, 7),
    (0, 6),
    (0, 55),
    (2, 17),
    (0, 30),
    (0, 76),
    (6, 98),
    (0, 104),
    (12, 126),
    (0, 33),
    (4, 58),
    (0, 47),
    (0, 79),
];
const CALM: [(u64, u64); 6] = [(20, 50), (24, 60), (30, 70), (18, 52), (25, 61), (22, 48)];
const WILD: [(u64, u64); 6] = [(2, 50), (54, 60), (30, 70), (5, 52), (45, 61), (22, 48)];

fn table(rows: &[(u64, u64)]) -> Dataset {
    let named = rows.iter().enumerate().map(|(index, &(events, total))| (format!("S{index}"), events, total));
    Dataset::proportions(named).expect("counts")
}

fn pooled(rows: &[(u64, u64)], request: Request) -> MetaAnalysis {
    fit(&table(rows), &request.resolve().expect("a spec")).expect("a result")
}

fn of(model: Model) -> Request {
    Request { model: Some(model), ..Request::default() }
}

fn document(result: &MetaAnalysis) -> Value {
    serde_json::to_value(result).expect("a document")
}

#[test]
fn the_spec_says_what_took_effect_in_every_profile() {
    for &profile in Profile::ALL {
        let spec = Request { profile: Some(profile), ..of(Model::BetaBinomial) }.resolve().expect("a spec");
        assert_eq!(spec.i2(), I2Method::Q, "{profile:?}");
        for model in [Model::Glmm, Model::BetaBinomial] {
            let spec = Request { profile: Some(profile), ..of(model) }.resolve().expect("a spec");
            assert_eq!((spec.zero_cells(), spec.zero_amount()), (ZeroCells::None, 0.0));
        }
    }
    // I² of a beta-binomial model has no τ² to come from.
    let asked = Request { i2: Some(I2Method::Tau2), ..of(Model::BetaBinomial) };
    let error = asked.resolve().expect_err("no such I²").to_string();
    assert!(error.contains("i2 = tau2 does not apply to model = beta-binomial"), "{error}");
}

#[test]
fn the_methods_name_nothing_that_is_not_there() {
    for (model, absent) in [
        (Model::Glmm, &["corrected for zero cells"][..]),
        (Model::BetaBinomial, &["corrected for zero cells", "τ²", "| tau2", "zero-cells"][..]),
    ] {
        let page = pooled(&CALM, of(model)).page().markdown();
        let methods = page.split("## Methods").nth(1).expect("a section");
        absent.iter().for_each(|words| assert!(!methods.contains(words), "{model:?}: {words}\n{methods}"));
        assert!(methods.contains("counts as they stand"), "{methods}");
    }
    let page = pooled(&CALM, of(Model::BetaBinomial)).page().markdown();
    assert!(page.contains("fitted beta distribution") && page.contains("Q of Wald's test"), "{page}");

    // A prediction interval that was asked for and has no degrees of freedom, or no likelihood, is named nowhere.
    let hts = Request { prediction: Some(PredictionMethod::Hts), ..Request::default() };
    for (rows, request) in [
        (&CALM[..2], hts),
        (&CALM[..1], Request::default()),
        (&[(0, 12), (0, 30), (0, 7)][..], of(Model::Glmm)),
    ] {
        let result = pooled(rows, request);
        assert!(result.prediction.is_none() && result.spec.prediction() != PredictionMethod::None);
        let page = result.page();
        assert!(page.markdown().contains("No prediction interval: "), "{}", page.markdown());
        assert!(
            !page.markdown().contains("Prediction interval: ") && !page.text(false).contains("prediction ")
        );
    }
    let one_sided = pooled(&[(0, 12), (0, 30), (0, 7)], of(Model::Glmm)).page().markdown();
    assert!(one_sided.contains("the interval is one-sided"), "{one_sided}");
}

#[test]
fn a_wald_test_that_leaves_out_studies_is_none() {
    for model in [Model::Glmm, Model::BetaBinomial] {
        for (rows, leaves_out) in
            [(&SPARSE[..], true), (&[(9, 9), (3, 8), (4, 11)][..], true), (&CALM[..], false)]
        {
            let result = pooled(rows, of(model));
            let said = |code| result.advisories.iter().any(|advisory| advisory.code == code);
            let h = &document(&result)["heterogeneity"];
            assert_eq!(h["q_wald"].is_null() && h["p_wald"].is_null(), leaves_out, "{model:?}");
            assert_eq!(said(Code::WaldLeavesOut), leaves_out, "{model:?}");
            assert!(!h["q_lrt"].is_null() && !h["p_lrt"].is_null());
            let summary = result.page().markdown();
            let summary = summary.lines().find(|line| line.starts_with("Across")).expect("a summary");
            let by_wald = model == Model::BetaBinomial && leaves_out;
            assert_eq!(summary.contains("I²"), !by_wald, "{summary}");
        }
    }
    // R metafor prints it whatever it leaves out.
    let metafor = Request { profile: Some(Profile::Metafor), ..of(Model::Glmm) };
    assert!(!document(&pooled(&SPARSE, metafor))["heterogeneity"]["q_wald"].is_null());
}

#[test]
fn the_sentence_on_heterogeneity_follows_the_interval() {
    let alike = [(20, 50), (21, 52), (20, 51), (22, 54), (20, 49), (43, 107)];
    let between = [(8, 12), (9, 13), (21, 66), (8, 18)];
    for rows in [&CALM[..], &WILD, &SPARSE, &alike, &between] {
        for profile in Profile::ALL {
            for model in [Model::Random, Model::Glmm, Model::BetaBinomial] {
                let result = pooled(rows, Request { profile: Some(*profile), ..of(model) });
                let h = &result.heterogeneity;
                let spread = h.tau2.or(h.rho).expect("a spread");
                let page = result.page().markdown();
                let differ = page.contains("The studies differ more than chance");
                if let Some(lower) = spread.lower {
                    assert_eq!(differ, lower > 0.0 && spread.estimate > 0.0, "{profile:?} {model:?}: {page}");
                }
                if result.advisories.iter().any(|advisory| advisory.code == Code::Tau2AtBoundary) {
                    assert!(!differ, "{page}");
                }
            }
        }
    }
}

#[test]
fn sparse_data_have_the_crude_proportion_and_the_exact_models_beside_them() {
    let result = pooled(&SPARSE, Request::default());
    let of_sparse = document(&result);
    assert_eq!(of_sparse["crude"], 24.0 / 736.0);
    let near = |got: &Value, want: f64| {
        assert!((got.as_f64().expect("a number") - want).abs() < 5e-4, "{got} {want}")
    };
    for (index, (model, average, [estimate, lower, upper])) in
        [(Model::Glmm, "median", [0.006, 0.0, 0.075]), (Model::BetaBinomial, "mean", [0.027, 0.007, 0.094])]
            .into_iter()
            .enumerate()
    {
        let companion = &of_sparse["companions"][index];
        assert_eq!(companion["of"], average);
        near(&companion["estimate"], estimate);
        near(&companion["lower"], lower);
        near(&companion["upper"], upper);
        // They are what these models give by themselves.
        let alone = document(&pooled(&SPARSE, of(model)));
        for key in ["estimate", "lower", "upper"] {
            assert_eq!(companion[key], alone["random"][key], "{model:?} {key}");
        }
        assert_eq!(alone["companions"], Value::Array(Vec::new()));
    }
    for page in [result.page().text(false), result.page().markdown(), result.page().html()] {
        for words in
            ["Crude proportion", "3.3%", "median of the true proportions", "mean of the true proportions"]
        {
            assert!(page.contains(words), "{words}\n{page}");
        }
    }
    let bench = Bench::with(&[("sparse.csv", "study,events,n\nA,0,55\nB,2,17\nC,0,76\nD,6,98\n")]);
    let sparse = bench.json(0, &["pool", "sparse.csv"]);
    assert_eq!(sparse["companions"].as_array().map(Vec::len), Some(2));
    fits_its_schema(&sparse);
    bench.file("sparse.json", sparse.to_string());
    assert_eq!(bench.json(0, &["pool", "--from", "sparse.json"]), sparse);
}

#[test]
fn data_are_sparse_from_a_fifth_of_the_studies_on_where_an_amount_is_added() {
    let full: Vec<(u64, u64)> = SPARSE.iter().map(|&(events, total)| (total - events, total)).collect();
    let fifth = [(0, 40), (9, 60), (12, 70), (8, 52), (15, 61)];
    let sixth = [(0, 40), (9, 60), (12, 70), (8, 52), (15, 61), (11, 48)];
    let with = |measure| Request { measure: Some(measure), ..Request::default() };
    let uncorrected = Request { zero_cells: Some(ZeroCells::None), ..Request::default() };
    for (rows, request, sparse) in [
        (&SPARSE[..], Request::default(), true),
        (&full[..], Request::default(), true),
        (&fifth[..], Request::default(), true),
        (&sixth[..], Request::default(), false),
        (&fifth[..], of(Model::Common), true),
        (&fifth[..], with(Measure::Log), true),
        (&fifth[..], with(Measure::Arcsine), false),
        (&fifth[..], with(Measure::FreemanTukey), false),
        (&fifth[..], uncorrected, false),
        (&fifth[..], of(Model::Glmm), false),
    ] {
        let result = pooled(rows, request);
        assert_eq!(result.companions().len(), if sparse { 2 } else { 0 }, "{rows:?}");
        let warned = result.advisories.iter().any(|advisory| advisory.code == Code::ZeroCellsCarryResult);
        assert!(warned || !sparse, "{rows:?}");
    }
    // Estimates have no counts.
    let estimates = Dataset::estimates([("A", 0.5, 0.01), ("B", 0.7, 0.04), ("C", 0.6, 0.01)]);
    let result = MetaAnalysis::of_estimates().fit(&estimates.expect("estimates")).expect("a result");
    assert!(result.companions().is_empty() && result.crude().is_none());
    assert!(document(&result)["crude"].is_null());
}

#[test]
fn an_advisory_follows_the_scale_on_which_numbers_are_printed() {
    let result = pooled(&SPARSE, Request::default());
    let in_percent = &result.advisories;
    assert_eq!(&result.advisories_in(result.number_format()), in_percent);
    let codes = |of: &[metaprop::Advisory]| of.iter().map(|advisory| advisory.code).collect::<Vec<_>>();
    let per_thousand = result.advisories_in(NumberFormat::per(1000));
    assert_eq!(codes(&per_thousand), codes(in_percent));
    assert!(
        per_thousand.iter().any(|advisory| advisory.message.contains("32.6 per 1,000")),
        "{per_thousand:?}"
    );
    assert!(!per_thousand.iter().any(|advisory| advisory.message.contains("3.3%")), "{per_thousand:?}");
}

#[test]
fn a_refusal_names_what_the_model_takes() {
    let refused = |request: Request| request.resolve().expect_err("a refusal").to_string();
    for (model, takes) in [(Model::Glmm, "ci = wald, t, profile"), (Model::Ivhet, "ci = wald, t")] {
        let said = refused(Request { ci: Some(Ci::Hk), ..of(model) });
        assert!(said.contains(takes), "{said}");
    }
    let said = refused(Request { tau2: Some(Tau2::Estimated(Tau2Method::Dl)), ..of(Model::Glmm) });
    assert!(said.contains("it takes tau2 = ml"), "{said}");
    let said = refused(Request { prediction: Some(PredictionMethod::Hts), ..of(Model::BetaBinomial) });
    assert!(said.contains("it takes prediction = z, none"), "{said}");
}

/// R meta cuts it; Q/df of studies that agree more than chance would have them lies below.
#[test]
fn h2_of_the_profiles_of_meta_is_at_least_1() {
    for rows in [&CALM[..], &WILD, &SPARSE] {
        for model in [Model::Random, Model::Common, Model::Glmm] {
            let h2 = |profile| {
                let request = Request { profile: Some(profile), ..of(model) };
                pooled(rows, Request { i2: Some(I2Method::Q), ..request })
                    .heterogeneity
                    .h2
                    .expect("more than one study")
            };
            for profile in [Profile::Meta, Profile::Meta7] {
                assert_eq!(h2(profile), h2(Profile::Metafor).max(1.0), "{model:?}");
            }
        }
    }
}
