//! How much studies differ, as it is printed: tables, sentences and figures take their numbers from here.

use crate::analysis::{BetweenTest, Subgroups};
use crate::format::{fixed, grouped, p_value, significant};
use crate::model::{Component, Heterogeneity};
use crate::options::{Spec, Tau2};

/// One quantity of heterogeneity, rounded.
pub(crate) struct Quantity {
    pub symbol: &'static str,
    pub value: String,
    pub unit: &'static str,
    pub limits: Option<[String; 2]>,
    pub remark: Option<String>,
}

impl Quantity {
    /// `I² = 56.6%`
    pub fn equation(&self) -> String {
        format!("{} = {}{}", self.symbol, self.value, self.unit)
    }

    /// ` (12.9% to 88.0%)`, with this unit; nothing where there are no limits.
    pub fn limits_in_brackets(&self, unit: &str) -> String {
        let limits = self.limits.as_ref().map(|[lower, upper]| format!(" ({lower}{unit} to {upper}{unit})"));
        limits.unwrap_or_default()
    }

    /// On one line: `τ² 0.524 (0.120 to 2.31), se 0.3`.
    pub fn in_words(&self) -> String {
        let (limits, unit) = (self.limits_in_brackets(self.unit), self.unit);
        let remark = self.remark.as_ref().map(|remark| format!(", {remark}"));
        format!("{} {}{unit}{limits}{}", self.symbol, self.value, remark.unwrap_or_default())
    }
}

/// `Test for subgroup differences: Q 1.80, df 2, p 0.41`
pub(crate) fn between(subgroups: &Subgroups) -> String {
    let words = |q: f64, df: u64, p: f64| format!("{}, df {df}, p {}", fixed(q, 2), p_value(p));
    let Some(between) = &subgroups.between else {
        return "No test for subgroup differences: fewer than two subgroups have an estimate".to_string();
    };
    let ratio = between.likelihood_ratio;
    let ratio = ratio.map(|BetweenTest { q, df, p }| format!("; likelihood ratio {}", words(q, df, p)));
    let test = words(between.q, between.df, between.p);
    format!("Test for subgroup differences: Q {test}{}", ratio.unwrap_or_default())
}

/// The quantity of this symbol.
pub(crate) fn quantity<'a>(of: &'a [Quantity], symbol: &str) -> Option<&'a Quantity> {
    of.iter().find(|quantity| quantity.symbol == symbol)
}

/// The likelihood ratio against a model without heterogeneity, by the name of what is 0 there.
const fn zero(h: &Heterogeneity) -> &'static str {
    if h.rho.is_some() { "LR of ρ = 0" } else { "LR of τ² = 0" }
}

/// What has to stand beside an I² that leaves out studies.
fn i2_remark(h: &Heterogeneity) -> Option<String> {
    h.i2_leaves_out().then(|| "without the studies at 0% and 100%".to_string())
}

/// τ², I², H² and Q: each where it exists.
pub(crate) fn quantities(h: &Heterogeneity) -> Vec<Quantity> {
    let three = |value: f64| significant(value, 3);
    let both = |of: Option<Component>, write: &dyn Fn(f64) -> String| Some(of?.limits()?.map(write));
    let standard_error = |of: Option<Component>| of?.se.map(|se| format!("se {}", three(se)));
    let percent = |value: f64| fixed(value, 1);
    let mut quantities = Vec::with_capacity(4);
    let mut push = |symbol, value: Option<String>, unit, limits, remark| {
        quantities.extend(value.map(|value| Quantity { symbol, value, unit, limits, remark }));
    };
    let estimate = |of: Option<Component>| of.map(|of| of.estimate);
    push("τ²", estimate(h.tau2).map(three), "", both(h.tau2, &three), standard_error(h.tau2));
    push("I²", estimate(h.i2).map(percent), "%", both(h.i2, &percent), i2_remark(h));
    for (symbol, part) in [("τ² between clusters", h.tau2_between), ("τ² within", h.tau2_within)] {
        push(symbol, estimate(part).map(three), "", both(part, &three), None);
    }
    for (symbol, part) in [("I² between clusters", h.i2_between), ("I² within", h.i2_within)] {
        push(symbol, part.map(percent), "%", None, None);
    }
    push("H²", h.h2.map(three), "", None, None);
    push("ρ", estimate(h.rho).map(three), "", both(h.rho, &three), standard_error(h.rho));
    if let Some(test) = h.test() {
        let remark = format!("df {}, p {}", grouped(h.df), p_value(test.p));
        push(test.symbol, Some(fixed(test.statistic, 2)), "", None, Some(remark));
    }
    let p = h.against_zero.map(|test| format!("p {}", p_value(test.p)));
    push(zero(h), h.against_zero.map(|test| fixed(test.statistic, 2)), "", None, p);
    quantities
}

/// `Heterogeneity: τ² = 0.365, I² = 56.6% (12.9 to 88.0), Q = 29.79, df = 13, p = 0.005`.
pub(crate) fn line(h: &Heterogeneity, spec: &Spec) -> String {
    if h.df == 0 {
        return "Heterogeneity: not estimable from one study".to_string();
    }
    let quantities = quantities(h);
    let of = |symbol| quantity(&quantities, symbol);
    let given = if matches!(spec.tau2, Tau2::Fixed(_)) { " (given)" } else { "" };
    let mut parts = Vec::new();
    parts.extend(of("τ²").map(|tau2| tau2.equation() + given));
    parts.extend(of("I²").map(|i2| i2.equation() + &i2.limits_in_brackets("")));
    parts.extend(of("ρ").map(Quantity::equation));
    parts.extend(h.test().and_then(|test| {
        let statistic = of(test.symbol)?.equation();
        Some(format!("{statistic}, df = {}, p {}", grouped(h.df), p_value(test.p)))
    }));
    format!("Heterogeneity: {}", parts.join(", "))
}
