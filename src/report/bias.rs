//! Small-study effects, written down.

use serde::Serialize;

use super::bias_words::{caveats, direction, of_fail_safe, of_selection};
use super::cells::{csv_numbers, p_cell, two_decimals, variances};
use super::csv::field;
use super::document::{Document, Format, displayed};
use super::further::{Head, all_together};
use super::results::NONE;
use super::table::{Align, Row, Table};
use super::{markdown, text};
use crate::analysis::{AtZero, Bias, MetaAnalysis, RegressionTest, Selection, TrimFill, WeightedLine};
use crate::format::{NumberFormat, degrees, studies};
use crate::model::{HeterogeneityField, Value};
use crate::plot::lfk;

/// Small-study effects, with the result that they were looked for in.
#[derive(Debug, Clone, Serialize)]
pub struct BiasReport<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(flatten)]
    analysis: Bias,
    #[serde(skip)]
    result: &'a MetaAnalysis,
    #[serde(skip)]
    display: NumberFormat,
}

impl<'a> BiasReport<'a> {
    /// Of the result that it was computed from.
    ///
    /// ```
    /// use metaprop::analysis::BiasOptions;
    /// use metaprop::prelude::*;
    /// use metaprop::report::BiasReport;
    ///
    /// let data = Dataset::proportions([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)])?;
    /// let result = fit(&data, &Spec::default())?;
    /// let text = BiasReport::new(&result, result.bias(&BiasOptions::default())?).text(false);
    /// assert!(text.contains("fewer than 10") && text.contains("Peters"));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn new(result: &'a MetaAnalysis, analysis: Bias) -> Self {
        Self { head: Head::of(result, Self::SCHEMA), analysis, result, display: result.number_format() }
    }

    /// Per how many proportions are written for people, and with how many decimals; documents and CSV have fractions.
    #[must_use]
    pub fn display(self, display: NumberFormat) -> Self {
        Self { display, ..self }
    }

    /// What holds whatever the tests find.
    pub(super) fn sentences(&self) -> Vec<String> {
        let mut sentences = vec![format!("{}.", all_together(self.result, self.display))];
        sentences.extend(caveats(self.result));
        sentences
    }

    /// The tests.
    pub(super) fn tests(&self) -> Table {
        let columns = [
            ("Test", Align::Left),
            ("What it compares", Align::Left),
            ("Studies", Align::Right),
            ("Statistic", Align::Left),
            ("p", Align::Left),
            ("What it finds", Align::Left),
        ];
        let mut table = Table::new("Do small studies differ from large ones?", &columns);
        for (name, what, test) in regressions(&self.analysis) {
            table.body.push(regression_row(name, what, test));
            table.notes.extend(test.reason.as_ref().map(|reason| format!("{name}: {reason}.")));
        }
        let uncounted = self.result.k().saturating_sub(self.analysis.peters.k);
        if self.analysis.peters.p.is_some() && uncounted > 0 {
            table
                .notes
                .push(format!("Peters: {} with none or all events have weight 0 in it.", studies(uncounted)));
        }
        let begg = &self.analysis.begg;
        let how = if begg.exact { " (exact)" } else { "" };
        table.push([
            "Begg".to_string(),
            "rank of estimate with rank of variance".to_string(),
            begg.k.to_string(),
            begg.tau.map_or_else(|| NONE.to_string(), |tau| format!("τ = {}", two_decimals(Some(tau)))),
            begg.p.map_or_else(|| NONE.to_string(), |p| p_cell(Some(p)) + how),
            direction(begg.p, begg.tau),
        ]);
        table.notes.extend(begg.reason.as_ref().map(|reason| format!("Begg: {reason}.")));
        let lfk = self.analysis.lfk;
        table.push([
            "LFK index".to_string(),
            "two limbs of the Doi plot".to_string(),
            self.analysis.doi.points.len().to_string(),
            lfk.map_or_else(|| NONE.to_string(), |lfk| two_decimals(Some(lfk))),
            NONE.to_string(),
            lfk::reading(lfk),
        ]);
        table.notes.extend(self.analysis.doi.reason.as_ref().map(|reason| format!("LFK index: {reason}.")));
        table.notes.push(
            "Asymmetry is named where p is below 0.1, as Egger did; for the LFK index beyond ±1. It is a convention."
                .to_string(),
        );
        table
    }

    /// What the pooled value would be without them.
    pub(super) fn adjusted(&self) -> Table {
        let (interval, unit) = (
            format!("{} CI", self.result.spec.level),
            self.display.unit().unwrap_or_else(|| "Estimate".to_string()),
        );
        let columns = [
            ("Method", Align::Left),
            ("Added", Align::Right),
            (unit.as_str(), Align::Right),
            (interval.as_str(), Align::Interval),
            ("τ²", Align::Right),
        ];
        let mut table = Table::new("What the pooled value would be", &columns);
        let pooled = self.result.pooled();
        let tau2 = self.result.heterogeneity.get(HeterogeneityField::Tau2).and_then(Value::number);
        let shown = [Some(pooled.estimate), pooled.lower, pooled.upper, tau2];
        table.body.push(self.adjusted_row("as pooled".to_string(), None, shown));
        for row in &self.analysis.trim_fill {
            let mark = if row.chosen { "\u{a0}*" } else { "" };
            let name = format!("trim-and-fill {}, {}{mark}", row.estimator.key(), row.side.key());
            let shown = [row.estimate, row.lower, row.upper, row.tau2];
            table.body.push(self.adjusted_row(name, row.k0, shown));
        }
        let selection = &self.analysis.selection;
        let shown = [selection.estimate, selection.lower, selection.upper, selection.tau2];
        table.body.push(self.adjusted_row("selection model".to_string(), None, shown));
        let of = &self.analysis.pet_peese;
        for (name, at, which) in
            [("PET", &of.pet, WeightedLine::Pet), ("PEESE", &of.peese, WeightedLine::Peese)]
        {
            let mark = if of.chosen == Some(which) { "\u{a0}†" } else { "" };
            let shown = at.as_ref().map_or([None; 4], |at| [Some(at.estimate), at.lower, at.upper, None]);
            table.body.push(self.adjusted_row(format!("{name}{mark}"), None, shown));
        }
        table.notes = self.notes();
        table
    }

    fn adjusted_row(&self, name: String, added: Option<usize>, shown: [Option<f64>; 4]) -> Row {
        let [estimate, lower, upper, tau2] = shown;
        let missing = || NONE.to_string();
        let [tau2, _] = variances(tau2, None);
        Row::new(vec![
            name,
            added.map_or_else(missing, |added| added.to_string()),
            estimate.map_or_else(missing, |estimate| self.display.with_sign(estimate)),
            self.display.interval(lower, upper).unwrap_or_else(missing),
            tau2,
        ])
    }

    /// What has to be said of the second table.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.analysis.trim_fill.iter().any(|row| row.chosen) {
            notes.push(
                "* the side that the slope of the regression on the standard error points to.".to_string(),
            );
        }
        let mut reasons: Vec<&String> = Vec::new();
        for row in &self.analysis.trim_fill {
            if let Some(reason) = row.reason.as_ref().filter(|reason| !reasons.contains(reason)) {
                reasons.push(reason);
                notes.push(format!("Trim-and-fill: {reason}."));
            }
        }
        notes.push(of_selection(&self.analysis.selection, self.result, self.display));
        let pet_peese = &self.analysis.pet_peese;
        notes.extend(pet_peese.reason.as_ref().map(|reason| format!("PET-PEESE: {reason}.")));
        if pet_peese.chosen.is_some() {
            notes.push(super::bias_words::of_pet_peese(self.result, self.display));
        }
        notes.push(of_fail_safe(&self.analysis.fail_safe_n, self.result, self.display));
        notes
    }
}

/// The regressions, with what they compare.
fn regressions(bias: &Bias) -> [(&'static str, &'static str, &RegressionTest); 5] {
    [
        ("Egger", "estimate with standard error", &bias.egger),
        ("Egger, mixed model", "the same, with τ²", &bias.egger_mixed),
        ("Thompson-Sharp", "the same, with τ², by t", &bias.thompson),
        ("Peters", "estimate with 1/n", &bias.peters),
        ("Macaskill", "estimate with n", &bias.macaskill),
    ]
}

fn regression_row(name: &str, what: &str, test: &RegressionTest) -> Row {
    let statistic = test.statistic.map(|statistic| match test.df {
        Some(df) => format!("t = {} (df {})", two_decimals(Some(statistic)), degrees(df)),
        None => format!("z = {}", two_decimals(Some(statistic))),
    });
    // Macaskill's predictor grows with the size of the study, the others fall.
    let towards =
        if name == "Macaskill" { test.statistic.map(|statistic| -statistic) } else { test.statistic };
    Row::new(vec![
        name.to_string(),
        what.to_string(),
        test.k.to_string(),
        statistic.unwrap_or_else(|| NONE.to_string()),
        p_cell(test.p),
        direction(test.p, towards),
    ])
}

impl Document for BiasReport<'_> {
    const SCHEMA: &'static str = "metaprop/bias/1";
    const FORMATS: &'static [Format] = &[Format::Json, Format::Csv, Format::Markdown, Format::Text];

    fn text(&self, color: bool) -> String {
        text::sentences_and_tables(&self.sentences(), &[self.tests(), self.adjusted()], color)
    }

    fn markdown(&self) -> String {
        let title = "Small-study effects".to_string();
        markdown::page(title, &self.sentences(), &[self.tests(), self.adjusted()])
    }

    fn csv(&self) -> Option<String> {
        Some(csv(&self.analysis))
    }
}

displayed!(BiasReport<'_>);

/// A line a test and a line a pooled value.
fn csv(bias: &Bias) -> String {
    let mut text =
        "method,side,k,k0,statistic,df,p,slope,slope_se,y,se,estimate,lower,upper,tau2,reason\n".to_string();
    let mut line = |method: &str,
                    side: &str,
                    [k, k0]: [Option<usize>; 2],
                    numbers: [Option<f64>; 11],
                    reason: &Option<String>| {
        let whole = |count: Option<usize>| count.map_or_else(String::new, |count| count.to_string());
        let reason = reason.as_deref().map(field).unwrap_or_default();
        text.push_str(&format!(
            "{method},{side},{},{},{},{reason}\n",
            whole(k),
            whole(k0),
            csv_numbers(numbers)
        ));
    };
    let tests = [
        ("egger", &bias.egger),
        ("egger_mixed", &bias.egger_mixed),
        ("thompson", &bias.thompson),
        ("peters", &bias.peters),
        ("macaskill", &bias.macaskill),
    ];
    for (name, test) in tests {
        let RegressionTest { statistic, df, p, intercept, intercept_se, limit_y, tau2, .. } = *test;
        let numbers = [statistic, df, p, intercept, intercept_se, limit_y, None, None, None, None, tau2];
        line(name, "", [Some(test.k), None], numbers, &test.reason);
    }
    let begg = &bias.begg;
    let first = |numbers: [Option<f64>; 3]| {
        let [a, b, c] = numbers;
        [a, b, c, None, None, None, None, None, None, None, None]
    };
    line("begg", "", [Some(begg.k), None], first([begg.statistic, None, begg.p]), &begg.reason);
    line("lfk", "", [Some(bias.doi.points.len()), None], first([bias.lfk, None, None]), &bias.doi.reason);
    for row in &bias.trim_fill {
        let TrimFill { y, se, estimate, lower, upper, tau2, .. } = *row;
        let numbers = [None, None, None, None, None, y, se, estimate, lower, upper, tau2];
        line(
            &format!("trim_fill_{}", row.estimator.key()),
            row.side.key(),
            [None, row.k0],
            numbers,
            &row.reason,
        );
    }
    let Selection { lrt, p, y, se, estimate, lower, upper, tau2, .. } = bias.selection;
    let numbers = [lrt, Some(bias.selection.df as f64), p, None, None, y, se, estimate, lower, upper, tau2];
    line("selection", "", [None, None], numbers, &bias.selection.reason);
    for (name, at) in [("pet", &bias.pet_peese.pet), ("peese", &bias.pet_peese.peese)] {
        let numbers = at.as_ref().map_or([None; 11], |at| {
            let AtZero { statistic, df, p, y, se, estimate, lower, upper } = *at;
            [statistic, df, p, None, None, Some(y), Some(se), Some(estimate), lower, upper, None]
        });
        line(name, "", [None, None], numbers, &bias.pet_peese.reason);
    }
    let of = &bias.fail_safe_n;
    line("fail_safe_rosenthal", "", [None, None], first([of.rosenthal, None, None]), &of.reason);
    line("fail_safe_orwin", "", [None, None], first([of.orwin, None, None]), &of.reason);
    text
}
