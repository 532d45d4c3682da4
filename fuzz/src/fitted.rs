//! Any studies with any choices give a result whose numbers are numbers, or an error.

use metaprop::analysis::{Component, Population, Summary};
use metaprop::model::{HeterogeneityField, PredictionField, SummaryField, Value};
use metaprop::published::multiverse::{SpecificationResult, multiverse as all_specifications};
use metaprop::report::Document;
use metaprop::{Dataset, MetaAnalysis, Spec};

use super::documents::runs_again;
use super::{Chosen, is_sound, schema};

/// More studies take their time, and say no more.
pub const MOST_STUDIES: usize = 12;
const MOST_OF_ALL_SPECIFICATIONS: usize = 5;

/// Two numbers a study, `8/12` for events of people, `-0.3/0.02` for an estimate and its variance.
pub fn fit(bytes: &[u8]) {
    let Some((chosen, data, spec)) = asked(bytes, MOST_STUDIES) else { return };
    match metaprop::fit(&data, &spec) {
        Ok(result) => {
            is_sound_result(&result);
            is_shown(&result, &chosen);
        }
        Err(error) => is_sound(&error, &[2, 3, 4]),
    }
}

/// Every specification that the choices leave open; of those that are fitted in full, two.
pub fn multiverse(bytes: &[u8]) {
    let Some((chosen, data, _)) = asked(bytes, MOST_OF_ALL_SPECIFICATIONS) else { return };
    match all_specifications(&data, &chosen.request, None, |done, _| done < 2) {
        Ok(all) => {
            assert_eq!(all.specifications, all.rows.len() as u64);
            all.rows.iter().for_each(is_sound_specification);
            let [least, most] = all.summary.estimate;
            assert!(least <= all.summary.median && all.summary.median <= most, "{:?}", all.summary);
            assert!(!all.sentence_in(all.number_format()).is_empty());
        }
        Err(error) => is_sound(&error, &[2, 3, 4]),
    }
}

/// The studies and the spec, where there are any.
fn asked(bytes: &[u8], most: usize) -> Option<(Chosen<'_>, Dataset, Spec)> {
    let chosen = Chosen::of(bytes);
    let spec = chosen.request.resolve().map_err(|error| is_sound(&error, &[2])).ok()?;
    assert_eq!(spec.request().resolve().ok().as_ref(), Some(&spec), "a spec does not resolve to itself");
    let text = String::from_utf8_lossy(chosen.rest);
    let pairs = text.split_whitespace().filter_map(|study| study.split_once('/')).take(most);
    let data = if spec.pools_proportions() {
        let studies = pairs.zip(1..).filter_map(|((events, total), number)| {
            Some((format!("S{number}"), events.parse::<u64>().ok()?, total.parse::<u64>().ok()?))
        });
        Dataset::proportions(studies)
    } else {
        let studies = pairs.zip(1..).filter_map(|((y, v), number)| {
            Some((format!("S{number}"), y.parse::<f64>().ok()?, v.parse::<f64>().ok()?))
        });
        Dataset::estimates(studies)
    };
    let data = data.map_err(|error| is_sound(&error, &[3])).ok()?;
    Some((chosen, data, spec))
}

/// Every number is one, limits enclose what they are limits of, and the document says the same when it is run again.
pub fn is_sound_result(result: &MetaAnalysis) {
    // A ratio may be beyond every number; its logarithm is pooled.
    let shown = if result.spec.pools_proportions() { f64::is_finite } else { is_not_nan };
    is_sound_summary(&result.common, "common", shown);
    result.random.iter().for_each(|random| is_sound_summary(random, "random", shown));
    let heterogeneity = &result.heterogeneity;
    for field in HeterogeneityField::DOCUMENT {
        are(f64::is_finite, field.key(), heterogeneity.get(*field));
    }
    for (name, part) in [("tau2", heterogeneity.tau2), ("i2", heterogeneity.i2), ("rho", heterogeneity.rho)] {
        part.iter().for_each(|component| is_sound_component(component, name));
    }
    if let Some(prediction) = &result.prediction {
        for field in PredictionField::DOCUMENT {
            are(is_not_nan, field.key(), prediction.get(*field));
        }
        are(shown, "prediction", Some(Value::Limits([prediction.lower, prediction.upper])));
        in_order("prediction", &[Some(prediction.lower), Some(prediction.upper)]);
        are(f64::is_finite, "prediction.ci_y", prediction.ci_y.map(Value::Limits));
        prediction.ci_y.iter().for_each(|ci_y| in_order("prediction.ci_y", &ci_y.map(Some)));
    }
    are_sound_rows(result, shown);
    is_sound_distribution(result);
    follows_its_schema(result);
    runs_again(result);
}

fn is_sound_summary(summary: &Summary, name: &str, shown: fn(f64) -> bool) {
    for field in SummaryField::DOCUMENT {
        let is_shown = matches!(field, SummaryField::Estimate | SummaryField::Lower | SummaryField::Upper);
        let right = if is_shown { shown } else { f64::is_finite };
        are(right, &format!("{name}.{}", field.key()), summary.get(*field));
    }
    in_order(name, &[summary.lower, Some(summary.estimate), summary.upper]);
    if let Some([lower, upper]) = summary.ci_y {
        in_order(&format!("{name}.ci_y"), &[Some(lower), summary.y, Some(upper)]);
    }
    assert!(summary.p.is_none_or(|p| (0.0..=1.0).contains(&p)), "{name}.p: {:?}", summary.p);
    assert!(summary.se.is_none_or(|se| se >= 0.0), "{name}.se: {:?}", summary.se);
    if let Some(Population { estimate, lower, upper, .. }) = summary.population {
        in_order(&format!("{name}.population"), &[Some(lower), Some(estimate), Some(upper)]);
    }
}

fn is_sound_component(component: &Component, name: &str) {
    assert!(component.estimate >= 0.0 || name == "i2", "{name}: {}", component.estimate);
    in_order(name, &[component.lower, component.upper]);
}

fn are_sound_rows(result: &MetaAnalysis, shown: fn(f64) -> bool) {
    // A study without events has no finite logit, and a likelihood needs none.
    let own = if result.spec.model().is_of_counts() { |_| true } else { f64::is_finite };
    for row in result.rows() {
        let name = |part: &str| format!("{} of {}", part, row.study);
        for (part, right, number) in
            [("y", own, row.y), ("v", own, row.v), ("lower", shown, row.lower), ("upper", shown, row.upper)]
        {
            are(right, &name(part), Some(Value::Number(number)));
        }
        for weight in [row.weight_common, row.weight_random].into_iter().flatten() {
            assert!((-1e-12..=1.0 + 1e-12).contains(&weight), "{}: {weight}", name("weight"));
        }
        in_order(&name("limits"), &[Some(row.lower), Some(row.upper)]);
    }
    for weights in [result.weights_common(), result.weights_random()] {
        let sum: f64 = weights.iter().sum();
        assert!(weights.is_empty() || (sum - 1.0).abs() < 1e-9, "weights sum to {sum}");
    }
}

fn is_sound_distribution(result: &MetaAnalysis) {
    let Some(distribution) = &result.distribution else { return };
    in_order("distribution", &[Some(distribution.lower_5), Some(distribution.upper_95)]);
    for cutoff in &distribution.cutoffs {
        in_order("cutoff", &[Some(0.0), cutoff.lower, Some(cutoff.above), cutoff.upper, Some(1.0)]);
    }
}

fn follows_its_schema(result: &MetaAnalysis) {
    let document = serde_json::from_str(&result.json()).expect("a document is JSON");
    let mut wrong = Vec::new();
    schema::validate(&metaprop::report::schema::result(), &document, "document", &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Text, pages and the figure are made of it as the options say, and no number in them is none.
fn is_shown(result: &MetaAnalysis, chosen: &Chosen<'_>) {
    let display = chosen.presentation.over(result.number_format());
    let shown = chosen.parts.over(&result.spec, chosen.request.null.is_some());
    let forest = result.forest().display(display).shown(shown.clone()).svg();
    let page = result.page().display(display).shown(shown).markdown();
    let table = result.csv().expect("a result has a row a study");
    for (name, text) in [("text", result.text(false)), ("page", page), ("table", table), ("figure", forest)] {
        let is_none = |word: &str| matches!(word, "NaN" | "inf" | "-inf" | "infinity");
        let wrong = text.split(|c: char| !c.is_alphanumeric() && c != '-').find(|word| is_none(word));
        assert!(wrong.is_none(), "{name}: {wrong:?} in\n{text}");
        let control = |c: char| metaprop::format::is_control(c) && !matches!(c, '\n' | '\r');
        assert!(!text.contains(control), "{name}: controls in {text:?}");
    }
}

fn is_sound_specification(row: &SpecificationResult) {
    in_order(&row.label(), &[row.lower, Some(row.estimate), row.upper]);
}

/// What there is of these, none of them below the one before.
fn in_order(name: &str, numbers: &[Option<f64>]) {
    let numbers: Vec<f64> = numbers.iter().flatten().copied().collect();
    assert!(numbers.iter().all(|number| is_not_nan(*number)) && numbers.is_sorted(), "{name}: {numbers:?}");
}

fn is_not_nan(number: f64) -> bool {
    !number.is_nan()
}

fn are(right: fn(f64) -> bool, name: &str, value: Option<Value>) {
    let all_right = match value {
        Some(Value::Number(number)) => right(number),
        Some(Value::Limits(limits)) => limits.into_iter().all(right),
        _ => true,
    };
    assert!(all_right, "{name}: {value:?}");
}
