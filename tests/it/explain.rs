//! Two analyses side by side, and the gap between them split by convention.

use std::process::{Command, Output};

use metaprop::analysis::MetaAnalysis;
use metaprop::numeric::{normal, student_t};
use metaprop::options::{Choice, Ci, Measure, Model, Profile, Tau2Method};
use metaprop::options::{Request, Tau2};
use metaprop::published::explain::{Explanation, Gap, QUANTITIES, explain};
use metaprop::{Dataset, Spec, fit};
use proptest::prelude::*;
use serde_json::Value;

const ROWS: [(u64, u64); 8] = [(0, 22), (9, 13), (21, 66), (8, 18), (3, 40), (5, 5), (30, 70), (12, 31)];

fn table(rows: &[(u64, u64)]) -> Dataset {
    let named = rows.iter().enumerate().map(|(index, &(events, total))| (format!("S{index}"), events, total));
    Dataset::proportions(named).unwrap()
}

fn of(profile: Profile) -> Request {
    Request { profile: Some(profile), ..Request::default() }
}

fn split(a: Request, b: Request) -> Explanation {
    explain(&table(&ROWS), &a.resolve().unwrap(), &b.resolve().unwrap()).unwrap()
}

fn names(explained: &Explanation) -> Vec<&str> {
    explained.conventions.iter().map(|change| change.convention.as_str()).collect()
}

fn gap<'a>(explained: &'a Explanation, quantity: &str) -> &'a Gap {
    explained.gaps.iter().find(|gap| gap.quantity == quantity).unwrap()
}

/// The sum of at most nine shares, each rounded once: a few units in the last place of the largest term.
fn adds_up(explained: &Explanation) -> Result<(), String> {
    for gap in &explained.gaps {
        let Some(shares) = &gap.shares else { continue };
        let (sum, want) = (shares.iter().sum::<f64>(), gap.gap.unwrap());
        let size =
            shares.iter().fold(gap.a.unwrap().abs().max(gap.b.unwrap().abs()), |m, share| m.max(share.abs()));
        if (sum - want).abs() > 64.0 * f64::EPSILON * size {
            return Err(format!("{}: {shares:?} add up to {sum}, not {want}", gap.quantity));
        }
    }
    Ok(())
}

#[test]
fn meta_and_dl_wald_differ_in_tau2_and_prediction() {
    let explained = split(of(Profile::Meta), of(Profile::DlWald));
    assert_eq!(names(&explained), ["tau2", "prediction"]);
    adds_up(&explained).unwrap();
    for quantity in ["estimate", "lower", "upper", "tau2"] {
        let gap = gap(&explained, quantity);
        assert_eq!(gap.shares.as_ref().unwrap()[1], 0.0);
        assert!(gap.gap.unwrap() != 0.0);
    }
    let prediction = gap(&explained, "prediction_lower");
    assert!(
        prediction.a.is_none()
            && prediction.b.is_some()
            && prediction.gap.is_none()
            && prediction.shares.is_none()
    );
}

/// hk against wald is two things: the standard error and the quantile. By hand, over both orders.
#[test]
fn the_interval_splits_into_standard_error_and_degrees_of_freedom() {
    let with = |ci| Request { ci: Some(ci), ..of(Profile::Metafor) };
    let explained = split(with(Ci::Wald), with(Ci::Hk));
    assert_eq!(names(&explained), ["standard error", "degrees of freedom", "prediction"]);
    let outcome = |ci| fit(&table(&ROWS), &with(ci).resolve().unwrap()).unwrap();
    let (wald, hk): (MetaAnalysis, MetaAnalysis) = (outcome(Ci::Wald), outcome(Ci::Hk));
    let (y, classic, knapp) = (wald.pooled().y.unwrap(), wald.pooled().se.unwrap(), hk.pooled().se.unwrap());
    let (z, t) = (normal::upper_quantile(0.025), student_t::upper_quantile(0.025, 7.0));
    let upper = |se: f64, q: f64| wald.scale().to_natural(y + q * se);
    let by_error = 0.5 * ((upper(knapp, z) - upper(classic, z)) + (upper(knapp, t) - upper(classic, t)));
    let by_quantile = 0.5 * ((upper(classic, t) - upper(classic, z)) + (upper(knapp, t) - upper(knapp, z)));
    let shares = gap(&explained, "upper").shares.clone().unwrap();
    for (got, want) in shares.iter().zip([by_error, by_quantile, 0.0]) {
        assert!((got - want).abs() < 1e-15, "{got} {want}");
    }
    adds_up(&explained).unwrap();
}

#[test]
fn one_convention_has_the_whole_gap() {
    let zero = |amount| Request { zero_amount: Some(amount), ..Request::default() };
    let explained = split(zero(0.5), zero(0.1));
    assert_eq!(names(&explained), ["zero cells"]);
    for gap in &explained.gaps {
        assert_eq!(gap.shares.as_ref().unwrap()[0], gap.gap.unwrap());
    }
}

#[test]
fn equal_specs_have_no_gap() {
    let explained = split(of(Profile::Meta), of(Profile::Meta7));
    assert!(explained.conventions.is_empty() && explained.analyses == 1);
    assert!(explained.gaps.iter().all(|gap| gap.gap.is_none_or(|gap| gap == 0.0)));
    assert_eq!(explained.gaps.len(), QUANTITIES.len());
}

/// The conventions of packages are seen on the scales where they matter alone.
#[test]
fn packages_differ_on_the_raw_and_the_log_scale() {
    for (measure, seen) in [(Measure::Raw, true), (Measure::Log, true), (Measure::Logit, false)] {
        let on = |profile| Request { measure: Some(measure), ..of(profile) };
        let explained = split(on(Profile::Metafor), on(Profile::Meta));
        assert_eq!(names(&explained).contains(&"zero cells"), seen, "{measure:?}");
        adds_up(&explained).unwrap();
    }
}

/// Kenward and Roger's interval needs REML, so the two change together.
#[test]
fn conventions_that_cannot_be_separated_share_a_row() {
    let explained = split(of(Profile::DlWald), Request { ci: Some(Ci::Kr), ..Request::default() });
    assert!(names(&explained).contains(&"tau2, ci"), "{:?}", explained.conventions);
    adds_up(&explained).unwrap();
}

#[test]
fn a_model_comes_with_its_choices() {
    let explained = split(Request::default(), Request { model: Some(Model::Glmm), ..Request::default() });
    assert_eq!(names(&explained), ["model"]);
    assert_eq!(
        (explained.conventions[0].a.as_str(), explained.conventions[0].b.as_str()),
        ("random", "glmm")
    );
    adds_up(&explained).unwrap();
}

/// A scale without a correction takes the correction of the other along.
#[test]
fn a_measure_comes_with_what_it_alone_has() {
    let explained =
        split(Request::default(), Request { measure: Some(Measure::FreemanTukey), ..Request::default() });
    assert_eq!(names(&explained), ["measure"]);
    assert!(gap(&explained, "tau2").gap.is_none(), "tau2 is on two scales");
}

fn every<C: Choice + Copy + std::fmt::Debug + 'static>() -> impl Strategy<Value = C> {
    prop::sample::select(C::ALL)
}

fn specs() -> impl Strategy<Value = Spec> {
    (
        every::<Profile>(),
        prop::sample::select(Measure::OF_PROPORTIONS),
        every::<Tau2Method>(),
        every::<Ci>(),
        0u8..4,
    )
        .prop_map(|(profile, measure, method, ci, typed)| {
            let request = Request {
                profile: Some(profile),
                measure: (typed > 0).then_some(measure),
                tau2: (typed > 1).then_some(Tau2::Estimated(method)),
                ci: (typed > 2 && ci != Ci::Bootstrap).then_some(ci),
                ..Request::default()
            };
            request.resolve().or_else(|_| of(profile).resolve()).unwrap()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// The shares add up, and the way back has the same shares with the other sign.
    #[test]
    fn shares_add_up_both_ways(a in specs(), b in specs()) {
        let rows = table(&ROWS);
        let (there, back) = (explain(&rows, &a, &b).unwrap(), explain(&rows, &b, &a).unwrap());
        prop_assert!(adds_up(&there).is_ok(), "{:?}", adds_up(&there));
        if there.conventions.len() == back.conventions.len() {
            for (one, two) in there.gaps.iter().zip(&back.gaps) {
                if let (Some(one), Some(two)) = (&one.shares, &two.shares) {
                    prop_assert!(one.iter().zip(two).all(|(x, y)| (x + y).abs() <= 1e-12 * x.abs().max(1.0)), "{one:?} {two:?}");
                }
            }
        }
    }
}

fn metaprop(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_metaprop")).args(arguments).output().unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = metaprop(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_command_line_has_text_markdown_and_a_document() {
    let asked = ["pool", "@tofacitinib-aa", "--explain-diff", "meta,dl-wald"];
    let text = printed(&asked);
    assert!(text.contains("from meta to dl-wald") && text.contains("tau2: reml → dl"), "{text}");
    let markdown = printed(&[&asked[..], &["--format", "md"]].concat());
    assert!(markdown.starts_with("# \\@tofacitinib-aa: from meta to dl-wald\n"), "{markdown}");
    let document: Value =
        serde_json::from_str(&printed(&[&asked[..], &["--format", "json"]].concat())).unwrap();
    assert_eq!(document["schema"], "metaprop/explain-diff/1");
    assert_eq!(document["spec"]["b"]["tau2"], "dl");
    let differs =
        |choice: &str| document["differences"].as_array().unwrap().iter().any(|d| d["choice"] == choice);
    assert!(differs("profile") && differs("log_denominator") && !differs("measure"));
    let schema = metaprop::report::schema::all()["metaprop/explain-diff/1"].clone();
    for key in schema["required"].as_array().unwrap() {
        assert!(document.get(key.as_str().unwrap()).is_some(), "{key}");
    }
}

#[test]
fn one_profile_is_held_against_the_given_choices() {
    let text = printed(&[
        "pool",
        "@tofacitinib-aa",
        "--explain-diff",
        "metafor",
        "--ci",
        "hk",
        "--profile",
        "metafor",
    ]);
    assert!(text.contains("standard error: classic → hk"), "{text}");
    for wrong in [
        &["meta", "--format", "csv"][..],
        &["meta"][..],
        &["meta,dl-wald", "--profile", "stata"][..],
        &["meta,dl-wald,stata"][..],
    ] {
        let output = metaprop(&[&["pool", "@tofacitinib-aa", "--explain-diff"][..], wrong].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}
