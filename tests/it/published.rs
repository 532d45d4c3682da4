//! The claims of `datasets/`: every figure gets its verdict, and the reasons say what they should.

use metaprop::options::Level;
use metaprop::printed::Consistency;
use metaprop::published::claim::{Claim, ClaimVerdict, FieldVerdict, Verdict, check_summary};
use toml::Value;

/// The claims of an analysis file.
fn claims(text: &str) -> Vec<Claim> {
    let file: toml::Table = text.parse().expect("an analysis file is TOML");
    let tables = file["claim"].as_array().expect("it has claims");
    tables.iter().map(|table| claim(table.as_table().expect("a claim is a table"))).collect()
}

fn claim(table: &toml::Table) -> Claim {
    let mut claim = Claim::default();
    for (key, value) in table {
        claim.set(key, &texts(value)).unwrap_or_else(|error| panic!("{key}: {error}"));
    }
    claim
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Integer(number) => vec![number.to_string()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        other => panic!("{other} is neither text nor a whole number"),
    }
}

fn checked(text: &str) -> Vec<ClaimVerdict> {
    claims(text).iter().map(|claim| check_summary(claim, Level::DEFAULT)).collect()
}

fn of<'v>(verdicts: &'v [ClaimVerdict], outcome: &str) -> &'v ClaimVerdict {
    verdicts.iter().find(|verdict| verdict.outcome == outcome).expect("the outcome has a claim")
}

fn reason(verdicts: &[ClaimVerdict], outcome: &str, field: &str) -> String {
    of(verdicts, outcome).field(field).and_then(FieldVerdict::reason).expect("the field has a reason")
}

const SEEDS: &str = include_str!("../../datasets/seeds/analysis.toml");
const GUO: &str = include_str!("../../datasets/guo-2020/analysis.toml");

#[test]
fn every_figure_of_the_seeds_has_a_verdict() {
    use Verdict::{Fails, Holds, NotCheckable};
    let expected = [
        ("guo-good", NotCheckable), // 6 and 8 studies are 14, but that is not what it is about
        ("guo-partial", NotCheckable),
        ("guo-relapse", NotCheckable),
        ("retro125-improved", Holds),
        ("retro125-complete", NotCheckable), // every whole percentage of 125 people is possible
        ("retro90-salt50", Fails),
        ("atau69-salt20", Holds),
        ("atau69-complete", Holds),
        ("atau69-median", NotCheckable),
        ("atau69-duration", NotCheckable),
        ("ped11-regrowth", Holds),
        ("ped11-serious", NotCheckable),
        ("ped11b-improved", Holds),
        ("ped11b-salt50", Holds),
        ("trial12-regrowth", Holds),
        ("retro126-complete", Holds),
        ("retro126-serious", NotCheckable),
        ("case1", NotCheckable),
        ("relapse80", NotCheckable),
        ("months67", NotCheckable),
        ("brazil2", NotCheckable),
        ("olumiant-2in5", NotCheckable),
        ("olumiant-90", NotCheckable),
        ("ourd10-partial", Holds),
        ("ourd10-complete", Holds),
        ("ourd10-none", NotCheckable),
        ("ourd10-relapse", NotCheckable),
        ("ourd10-side-effects", NotCheckable),
        ("ourd10-female", Holds),
        ("ourd10-types", Holds),
        ("ourd10-discussion", Holds),
    ];
    let verdicts = checked(SEEDS);
    let seen: Vec<_> = verdicts.iter().map(|verdict| (verdict.outcome.as_str(), verdict.verdict)).collect();
    assert_eq!(seen, expected);
}

#[test]
fn every_field_that_does_not_hold_has_a_reason() {
    let verdicts = checked(SEEDS);
    let missing = verdicts
        .iter()
        .flat_map(|verdict| &verdict.fields)
        .find(|field| field.verdict != Verdict::Holds && field.reasons.is_empty());
    assert_eq!(missing, None);
    for (outcome, field, words) in [
        (
            "retro90-salt50",
            "percent",
            "58.4% is not a plain count of 90: 52 of 90 is 57.77…%, 53 of 90 is 58.88…%",
        ),
        ("retro90-salt50", "percent", "58.4% of 65 is 38, cutting digits off"),
        ("retro126-complete", "percent", "33.8% of 80 is 27"),
        ("retro126-complete", "percent", "33.8% is not a plain count of 126"),
        ("retro125-complete", "percent", "says nothing"),
        ("atau69-median", "percent", "a median of scores, not a proportion"),
        ("months67", "statement", "a mean time"),
        ("olumiant-2in5", "statement", "in words"),
        ("olumiant-90", "percent", "no n is printed"),
        ("relapse80", "percent", "no n is printed"),
        ("ourd10-relapse", "events", "no n is printed"),
        (
            "guo-partial",
            "lower",
            "symmetric on logit; on logit, with the normal quantile: standard error 0.151 to 0.154",
        ),
    ] {
        assert!(
            reason(&verdicts, outcome, field).contains(words),
            "{outcome}: {}",
            reason(&verdicts, outcome, field)
        );
    }
}

#[test]
fn the_seeds_print_what_the_claims_say() {
    // The file carries figures, each once, and no prose of the documents.
    let claims = claims(SEEDS);
    assert_eq!(claims.len(), 31);
    assert!(claims.iter().all(|claim| claim.source.starts_with("document 00") && !claim.source.starts_with("document 004")));
}

#[test]
fn the_intervals_of_guo_2020_are_symmetric_on_the_logit_scale() {
    let verdicts = checked(GUO);
    let scales = |outcome: &str| {
        let summary = of(&verdicts, outcome).summary_check.as_ref().expect("it has an interval");
        assert!(summary.findings.is_empty(), "{:?}", summary.findings);
        summary.symmetric().map(|reading| reading.measure.key()).collect::<Vec<_>>()
    };
    use metaprop::options::Choice;
    assert_eq!(scales("good"), ["logit", "arcsine"]);
    assert_eq!(scales("partial"), ["logit"]);
    let good = &of(&verdicts, "good").summary_check.as_ref().expect("it has an interval").scales;
    assert!(
        good.iter()
            .filter(|reading| reading.measure.key() == "raw")
            .all(|reading| reading.symmetric == Consistency::No)
    );
}

mod recomputed {
    use super::*;
    use metaprop::options::Request;
    use metaprop::options::{Measure, Profile};
    use metaprop::published::claim::check;
    use metaprop::{Dataset, MetaAnalysis, fit};

    /// Raw scale, DerSimonian-Laird, Wald: 0.36 [−0.27, 0.99].
    fn two_studies() -> MetaAnalysis {
        let table = Dataset::proportions([("Low", 5, 119), ("High", 116, 170)]).expect("counts");
        let request =
            Request { profile: Some(Profile::DlWald), measure: Some(Measure::Raw), ..Request::default() };
        fit(&table, &request.resolve().expect("a spec")).expect("an outcome")
    }

    fn verdict(key: &str, texts: &[&str]) -> (Verdict, String) {
        let mut claim = Claim::new("main", "x");
        claim.set(key, texts).expect("a field");
        let checked = check(&claim, &two_studies());
        (checked.verdict, checked.fields[0].reason().unwrap_or_default())
    }

    #[test]
    fn limits_hold_clipped_and_unclipped() {
        assert_eq!(verdict("estimate", &["0.36"]), (Verdict::Holds, String::new()));
        assert_eq!(verdict("ci", &["0.00", "0.99"]), (Verdict::Holds, String::new()));
        assert_eq!(
            verdict("ci", &["−0.27 to 0.99"]),
            (Verdict::Holds, "before it is cut to the range from 0 to 1".to_string())
        );
        assert_eq!(verdict("ci", &["-0.26 to 0.99"]).0, Verdict::HoldsTruncated);
    }

    #[test]
    fn a_failure_says_what_was_found_and_what_would_explain_it() {
        let (failed, reason) = verdict("estimate", &["0.18"]);
        assert_eq!(failed, Verdict::Fails);
        assert!(
            reason.starts_with("recomputed 0.36")
                && reason.ends_with("the common-effect estimate is printed so"),
            "{reason}"
        );
        assert!(verdict("ci", &["0.14–0.21"]).1.contains("common-effect interval"));
        assert_eq!(verdict("k", &["3"]), (Verdict::Fails, "recomputed 2".to_string()));
    }

    #[test]
    fn the_other_fields() {
        assert_eq!(verdict("total", &["289"]).0, Verdict::Holds);
        assert_eq!(verdict("events", &["121"]).0, Verdict::Holds);
        assert_eq!(verdict("percent", &["41.9%"]).0, Verdict::Holds);
        assert_eq!(verdict("df", &["1"]).0, Verdict::Holds);
        assert_eq!(verdict("p", &["<0.001"]).0, Verdict::Holds);
        assert_eq!(verdict("i2", &["99.6"]).0, verdict("i2", &["0.996"]).0);
        assert_eq!(verdict("estimate", &["~0.36"]).0, Verdict::NotCheckable);
        assert_eq!(verdict("weight", &["50%"]).0, Verdict::NotCheckable);
    }

    #[test]
    fn fields_of_a_study() {
        let mut claim = Claim::new("main", "x");
        claim.set_of_study("High", "percent", &["68.2%"]).expect("a field");
        claim.set_of_study("Low", "percent", &["95.8%"]).expect("a field");
        claim.set_of_study("Lo", "total", &["119"]).expect("a field");
        let checked = check(&claim, &two_studies());
        let verdicts: Vec<_> = checked.fields.iter().map(|field| field.verdict).collect();
        assert_eq!(verdicts, [Verdict::Holds, Verdict::Fails, Verdict::NotCheckable]);
        assert!(checked.fields[1].reason().expect("a reason").contains("without the event"));
        assert!(checked.fields[2].reason().expect("a reason").contains("'Low'"));
    }

    #[test]
    fn a_verdict_is_a_document() {
        let mut claim = Claim::new("main", "x");
        claim.set("estimate", &["0.18"]).expect("a field");
        let document = serde_json::to_value(check(&claim, &two_studies())).expect("it is serialisable");
        assert_eq!(document["verdict"], "fails");
        assert_eq!(document["fields"][0]["field"], "estimate");
        assert!(document["fields"][0]["recomputed"].is_f64());
    }
}

#[test]
fn heterogeneity_figures_are_compared_with_each_other() {
    let verdicts = |fields: &[(&str, &str)]| {
        let mut claim = Claim::new("main", "x");
        for (key, text) in fields {
            claim.set(key, &[text]).expect("a field");
        }
        let checked = check_summary(&claim, Level::DEFAULT);
        ["df", "i2", "p"].map(|key| checked.field(key).map(|field| field.verdict))
    };
    use Verdict::{Fails, Holds};
    // (36.85 - 13)/36.85 = 64.7 %, p = 0.00044
    assert_eq!(
        verdicts(&[("k", "14"), ("q", "36.85"), ("df", "13"), ("i2", "64.7%"), ("p", "<0.001")]),
        [Some(Holds), Some(Holds), Some(Holds)]
    );
    assert_eq!(
        verdicts(&[("k", "14"), ("q", "36.85"), ("df", "14"), ("i2", "46.7%"), ("p", "0.01")]),
        [Some(Fails), Some(Fails), Some(Fails)]
    );
    assert_eq!(
        verdicts(&[("k", "14"), ("q", "9.1"), ("i2", "0.0%"), ("p", "0.77")]),
        [None, Some(Holds), Some(Holds)]
    );
}

mod reproduction {
    use super::*;
    use metaprop::options::{Choice, Ci, Measure, Model, Profile, Tau2Method};
    use metaprop::options::{Request, Spec, Tau2};
    use metaprop::published::claim::{Computation, check};
    use metaprop::published::reproduce::{
        Edit, MisprintKind, ReproduceQuery, Reproduction, chance, reproduce,
    };
    use metaprop::{Dataset, fit};

    /// Good regrowth, with a study at 100 %.
    const SERIES: [(&str, u64, u64); 9] = [
        ("Kennedy Crispin 2016", 21, 66),
        ("Liu 2017", 38, 65),
        ("Craiglow 2017", 9, 13),
        ("Jabbari 2018", 8, 12),
        ("Castelo-Soccio 2017", 8, 8),
        ("Shin 2019", 8, 18),
        ("Craiglow 2019", 3, 4),
        ("Dai 2019", 3, 3),
        ("Akdogan 2019", 2, 9),
    ];

    fn table(rows: &[(&str, u64, u64)]) -> Dataset {
        Dataset::proportions(rows.iter().map(|&(name, events, total)| (name, events, total))).expect("counts")
    }

    fn printed(table: &Dataset, spec: &Spec, digits: usize) -> Claim {
        let outcome = fit(table, spec).expect("an outcome");
        let pooled = outcome.pooled();
        let percent = |fraction: f64| format!("{:.*}%", digits, 100.0 * fraction);
        let mut claim = Claim::new("", "");
        claim.set("estimate", &[percent(pooled.estimate)]).expect("a field");
        claim
            .set("ci", &[percent(pooled.lower.expect("a limit")), percent(pooled.upper.expect("a limit"))])
            .expect("a field");
        claim.set("k", &[outcome.k().to_string()]).expect("a field");
        claim
    }

    fn search(table: &Dataset, printed: &Claim, data_errors: bool) -> Reproduction {
        let query = ReproduceQuery { data_errors, list: 20, ..ReproduceQuery::new(table, printed) };
        reproduce(&query, |_, _| true).expect("a search")
    }

    #[test]
    fn a_specification_is_found_from_its_digits() {
        let data = table(&SERIES);
        for (measure, tau2, ci) in [
            (Measure::Logit, Tau2Method::Dl, Ci::Wald),
            (Measure::FreemanTukey, Tau2Method::Reml, Ci::Hk),
            (Measure::Arcsine, Tau2Method::Pm, Ci::T),
            (Measure::Log, Tau2Method::Sj, Ci::Wald),
            (Measure::Raw, Tau2Method::He, Ci::HkFloor),
        ] {
            for profile in [Profile::Metafor, Profile::Meta] {
                let request = Request {
                    profile: Some(profile),
                    measure: Some(measure),
                    tau2: Some(Tau2::Estimated(tau2)),
                    ci: Some(ci),
                    ..Request::default()
                };
                let spec = request.resolve().expect("a spec");
                let outcome = fit(&data, &spec).expect("an outcome");
                let found = search(&data, &printed(&data, &spec, 3), false);
                let same = |m: &metaprop::published::reproduce::Match| {
                    (m.estimate - outcome.pooled().estimate).abs() < 1e-12
                };
                assert!(
                    found.matches.iter().any(|m| m.fields_hold == m.fields.len() && same(m)),
                    "{} {} {}",
                    measure.key(),
                    tau2.key(),
                    ci.key()
                );
            }
        }
    }

    fn metafor_stopping() -> Dataset {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/metafor_stopping.csv");
        Dataset::read(path).expect("a table")
    }

    fn raw_reml() -> Spec {
        let request = Request {
            measure: Some(Measure::Raw),
            tau2: Some(Tau2::Estimated(Tau2Method::Reml)),
            ci: Some(Ci::Wald),
            ..Request::default()
        };
        request.resolve().expect("a spec")
    }

    /// metafor 3.8-1 gives 0.99512 (0.99225 to 0.99799); converged, REML is at 0.99471 (0.99137 to 0.99805).
    #[test]
    fn the_value_where_metafor_stops_is_known() {
        let (data, spec) = (metafor_stopping(), raw_reml());
        let claim = Claim::printed(["estimate=99.51%", "ci=99.22%,99.80%", "k=14"]).expect("figures");
        let result = fit(&data, &spec).expect("a result");
        assert!((result.pooled().estimate - 0.994_71).abs() < 5e-6);
        let checked = check(&claim, &result);
        assert_eq!(checked.verdict, Verdict::HoldsEarlyStop, "{checked}");
        assert!(checked.to_string().contains("99.4710%"), "{checked}");
        assert_eq!(checked.field("k").expect("k").verdict, Verdict::Holds);
        let found = search(&data, &claim, false);
        assert!(
            matches!(found.matches[0].computed, Some(Computation::EarlyStop { .. })),
            "{:?}",
            found.matches[0]
        );
        // What neither of the two values gives fails.
        let other = Claim::printed(["estimate=99.61%", "ci=99.22%,99.80%"]).expect("figures");
        assert_eq!(check(&other, &result).verdict, Verdict::Fails);
    }

    #[test]
    fn the_inverse_at_half_the_angle_is_found() {
        let data = table(&[("A", 3, 50), ("B", 6, 80), ("C", 2, 60), ("D", 9, 90)]);
        let spec = Request {
            measure: Some(Measure::FreemanTukey),
            tau2: Some(Tau2::Estimated(Tau2Method::Dl)),
            ci: Some(Ci::Wald),
            ..Request::default()
        };
        let result = fit(&data, &spec.resolve().expect("a spec")).expect("a result");
        let pooled = result.pooled();
        let half = |y: f64| format!("{:.2}%", 100.0 * (y / 2.0).sin().powi(2));
        let [lower, upper] = pooled.ci_y.expect("limits");
        let claim = Claim::printed([
            format!("estimate={}", half(pooled.y.expect("a value"))),
            format!("ci={},{}", half(lower), half(upper)),
        ]);
        let found = search(&data, &claim.expect("figures"), false);
        assert_eq!(found.matches[0].computed, Some(Computation::HalfAngle), "{:?}", found.matches[0]);
    }

    #[test]
    fn what_was_rounded_twice_holds_with_the_remark() {
        // 29 of 400 is 7.25 %, which was rounded from 7.2475 %.
        let data = table(&[("A", 72_475, 1_000_000), ("B", 72_475, 1_000_000)]);
        let spec = Request { measure: Some(Measure::Raw), ..Request::default() }.resolve().expect("a spec");
        let result = fit(&data, &spec).expect("a result");
        let verdict = |text: &str| check(&Claim::printed([text]).expect("a figure"), &result).verdict;
        assert_eq!(verdict("estimate=7.2%"), Verdict::Holds);
        assert_eq!(verdict("estimate=7.3%"), Verdict::HoldsRoundedTwice);
        assert_eq!(verdict("estimate=7.4%"), Verdict::Fails);
    }

    #[test]
    fn misprints_of_every_kind_are_named() {
        let data = table(&SERIES);
        let spec = Request {
            measure: Some(Measure::Logit),
            tau2: Some(Tau2::Estimated(Tau2Method::Dl)),
            ci: Some(Ci::Wald),
            ..Request::default()
        };
        let result = fit(&data, &spec.resolve().expect("a spec")).expect("a result");
        let pooled = result.pooled();
        let percent = |value: f64| format!("{:.2}%", 100.0 * value);
        let right =
            [pooled.estimate, pooled.lower.expect("a limit"), pooled.upper.expect("a limit")].map(percent);
        let kind = |figures: [&str; 3], level: Option<&str>| {
            let [estimate, lower, upper] = figures;
            let mut claim = Claim::new("", "");
            claim.set("estimate", &[estimate]).expect("an estimate");
            claim.set("ci", &[lower, upper]).expect("limits");
            claim.set("k", &["9"]).expect("a number");
            let mut query = ReproduceQuery::new(&data, &claim);
            query.explicit.level = level.map(|level| level.parse().expect("a level"));
            let found = reproduce(&query, |_, _| true).expect("a search");
            match &found.matches[0].edits[..] {
                [Edit::Misprint(misprint), ..] => Some(misprint.kind),
                _ => None,
            }
        };
        let [estimate, lower, upper] = &right;
        assert_eq!(kind([estimate, lower, upper], None), None);
        let digit = estimate.replacen(|c: char| c.is_ascii_digit(), "9", 1);
        assert_eq!(kind([&digit, lower, upper], None), Some(MisprintKind::Digit));
        let mut swapped = lower.clone().into_bytes();
        swapped.swap(0, 1);
        let swapped = String::from_utf8(swapped).expect("digits");
        assert_ne!(&swapped, lower);
        assert_eq!(kind([estimate, &swapped, upper], None), Some(MisprintKind::Transposed));
        assert_eq!(kind([lower, estimate, upper], None), Some(MisprintKind::Exchanged));
        let bare = right.clone().map(|text| {
            format!("{:.4}%", text.trim_end_matches('%').parse::<f64>().expect("a number") / 100.0)
        });
        assert_eq!(kind([&bare[0], &bare[1], &bare[2]], None), Some(MisprintKind::Unit));
        assert_eq!(kind([estimate, lower, upper], Some("99")), Some(MisprintKind::Level));
    }

    #[test]
    fn what_is_found_is_what_run_gives() {
        let data = table(&SERIES);
        let found = search(&data, &printed(&data, &Spec::default(), 1), false);
        assert!(found.tried > 1000 && !found.stopped);
        for m in &found.matches {
            let again = fit(&data, &m.spec).expect("an outcome");
            let pooled = again.pooled();
            assert_eq!(
                (m.estimate, m.lower, m.upper),
                (pooled.estimate, pooled.lower, pooled.upper),
                "{:?}",
                m.spec
            );
        }
    }

    #[test]
    fn a_study_left_out_is_found() {
        let (all, without) = (table(&SERIES), table(&SERIES[1..]));
        let mut claim = printed(&without, &Spec::default(), 3);
        let found = search(&all, &claim, true);
        assert_eq!(found.matches[0].edits, [Edit::LeftOut { study: "Kennedy Crispin 2016".to_string() }]);
        // Without k and with coarse digits, the data as they were read come first where they fit as well.
        claim = Claim::new("", "");
        claim.set("estimate", &["52%"]).expect("a field");
        assert!(search(&all, &claim, true).matches[0].edits.is_empty());
    }

    #[test]
    fn the_thread_of_two_studies() {
        // guido-s/meta, issue 35: printed 0.18 [0.14–0.21] and called random effects.
        let data = table(&[("A", 5, 119), ("B", 116, 170)]);
        let mut claim = Claim::new("", "");
        claim.set("estimate", &["0.18"]).expect("a field");
        claim.set("ci", &["0.14", "0.21"]).expect("a field");
        let found = search(&data, &claim, false);
        let best = &found.matches[0];
        assert_eq!((best.spec.measure(), best.spec.model()), (Measure::Raw, Model::Common));
        // By hand: Σ p/v / Σ 1/v.
        assert!((best.estimate - 0.176_276_367_194).abs() < 1e-12);
        assert_eq!(best.distance, 0.0);
        let agreement = found.agreement.expect("something fits");
        assert_eq!(agreement.choices["model"].iter().collect::<Vec<_>>(), ["common"]);
    }

    #[test]
    fn nothing_fits_what_was_never_computed() {
        let data = table(&[("A", 5, 119), ("B", 116, 170)]);
        let mut claim = Claim::new("", "");
        claim.set("estimate", &["0.93"]).expect("a field");
        claim.set("ci", &["0.92", "0.94"]).expect("a field");
        let found = search(&data, &claim, false);
        assert_eq!(found.complete, 0);
        assert!(found.agreement.is_none() && found.matches[0].fields_hold < 2);
    }

    #[test]
    fn a_stopped_search_returns_the_best_so_far() {
        let data = table(&SERIES);
        let claim = printed(&data, &Spec::default(), 1);
        let query = ReproduceQuery { data_errors: true, list: 5, ..ReproduceQuery::new(&data, &claim) };
        let found = reproduce(&query, |done, _| done < 1).expect("a search");
        assert!(found.stopped && found.matches.len() == 5 && found.complete > 0);
    }

    #[test]
    fn coarse_digits_match_by_chance_and_fine_ones_do_not() {
        let data = table(&SERIES);
        let probability = |digits: usize| {
            let claim = printed(&data, &Spec::default(), digits);
            let query = ReproduceQuery { list: 1, ..ReproduceQuery::new(&data, &claim) };
            let best = reproduce(&query, |_, _| true).expect("a search").matches.remove(0);
            chance(&query, &best, 99, 1).expect("a calibration").probability
        };
        assert!(probability(3) <= 0.05, "{}", probability(3));
        assert!(probability(0) > probability(3));
    }
}
