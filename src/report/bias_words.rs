//! What has to be said of small-study effects.

use crate::analysis::{FailSafe, MetaAnalysis, Selection};
use crate::format::{NumberFormat, capitalised, grouped, p_value, significant, studies};
use crate::options::{Choice, Measure};

/// What holds whatever the tests find.
pub(super) fn caveats(result: &MetaAnalysis) -> Vec<String> {
    let mut said = vec![
        "Small studies can differ from large ones because some were not published, but also because their people or \
         methods differ, or by chance: no test tells these apart."
            .to_string(),
    ];
    if result.k() < 10 {
        said.push(format!(
            "These are {}: with fewer than 10 the tests miss most asymmetry, and what they find may be chance.",
            studies(result.k())
        ));
    }
    said.extend(of_proportions(result));
    if result.spec.model.is_of_counts() {
        said.push(
            "The model takes counts and has no standard errors of studies: the tests take the estimates on the scale of its \
             measure, with 0.5 added to events and non-events of studies with none or all events."
                .to_string(),
        );
    }
    said
}

/// On which scale the standard error of a proportion depends on the proportion.
fn of_proportions(result: &MetaAnalysis) -> Option<String> {
    if !result.scale().is_proportion() {
        return None;
    }
    Some(match result.spec.measure {
        Measure::Arcsine | Measure::FreemanTukey => {
            "On this scale the standard error of a study depends on its number of people alone, not on its proportion."
                .to_string()
        }
        measure => format!(
            "{}: the standard error of a study depends on its proportion, so near 0% or 100% a funnel is asymmetric \
             without any bias. The test of Peters does not depend on that: its predictor is 1/n (so does Macaskill's, n).",
            capitalised(&format!("measure {}", measure.key()))
        ),
    })
}

/// What a test finds at 10 %: `towards` is above 0 where small studies have larger estimates.
pub(super) fn direction(p: Option<f64>, towards: Option<f64>) -> String {
    match (p, towards) {
        (Some(p), Some(towards)) if p < 0.1 && towards > 0.0 => "larger in small studies",
        (Some(p), Some(_)) if p < 0.1 => "smaller in small studies",
        (Some(_), _) => "no asymmetry found",
        _ => "not computed",
    }
    .to_string()
}

/// The likelihood ratio of the selection model, or why there is none.
pub(super) fn of_selection(selection: &Selection, result: &MetaAnalysis, display: NumberFormat) -> String {
    if let Some(reason) = &selection.reason {
        return format!("Selection model: {reason}.");
    }
    let weights: Vec<String> = selection
        .weights
        .iter()
        .skip(1)
        .filter_map(|weight| {
            let delta = significant(weight.delta?, 3);
            Some(format!("{delta} for p above {} ({})", weight.above, studies(weight.k)))
        })
        .collect();
    let first = selection.weights.first().map_or(1.0, |weight| weight.to);
    let test = selection.lrt.zip(selection.p).map_or_else(String::new, |(lrt, p)| {
        format!("; likelihood ratio {} on {} df, p {}", significant(lrt, 3), selection.df, p_value(p))
    });
    format!(
        "Selection model: the probability to be published, over that of p up to {first}, is {}{test}. p tests {}, which \
         few studies of one group set out to test.",
        weights.join(", "),
        display.with_sign(result.scale().shown_null(result.spec.null))
    )
}

/// What PET-PEESE is not.
pub(super) fn of_pet_peese(result: &MetaAnalysis, display: NumberFormat) -> String {
    let null = display.with_sign(result.scale().shown_null(result.spec.null));
    let depends = result.scale().is_proportion()
        && !matches!(result.spec.measure, Measure::Arcsine | Measure::FreemanTukey);
    let off = if depends {
        ". For proportions both are off where studies truly differ: the standard error is small or large because of the \
         proportion, not only of the size of the study"
    } else {
        ""
    };
    format!(
        "† Of PET and PEESE, which estimate the value of an infinitely large study, the rule takes PEESE where PET differs \
         from {null} at p < 0.1, else PET{off}."
    )
}

/// Both numbers, and that their null is arbitrary.
pub(super) fn of_fail_safe(of: &FailSafe, result: &MetaAnalysis, display: NumberFormat) -> String {
    let Some(rosenthal) = of.rosenthal else {
        return format!("Fail-safe N: {}.", of.reason.as_deref().unwrap_or("not computed"));
    };
    let null = display.with_sign(result.scale().shown_null(result.spec.null));
    let orwin = match of.orwin {
        Some(orwin) => format!(
            "{} would bring the unweighted mean to the target (Orwin; without a target it is half-way to {null}, which is \
             always the number of studies)",
            whole(orwin)
        ),
        None => of.reason.clone().unwrap_or_default(),
    };
    let rosenthal = whole(rosenthal);
    format!(
        "Fail-safe N: {rosenthal} more studies with {null} on average would take the joint significance away \
         (Rosenthal); {orwin}. This null is arbitrary: nothing says that missing studies have {null}."
    )
}

/// A number of studies.
fn whole(count: f64) -> String {
    if count < 1e15 { grouped(count as u64) } else { significant(count, 3) }
}
