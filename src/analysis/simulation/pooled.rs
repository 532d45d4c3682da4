//! What a specification gives for one drawn table.

use std::borrow::Cow;

use crate::data::Counts;
use crate::effect::EffectSizes;
use crate::error::Error;
use crate::model::inference::quantile_of;
use crate::model::{Design, Prepared, Rows};
use crate::options::{Ci, Model, Spec};

/// The pooled proportion with its limits, as they are shown: fractions, clipped to [0, 1]; NaN for what does not exist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pooled {
    pub estimate: f64,
    pub lower: f64,
    pub upper: f64,
}

impl Pooled {
    /// Where there is no estimate.
    pub const NONE: Self = Self { estimate: f64::NAN, lower: f64::NAN, upper: f64::NAN };

    fn new(estimate: f64, limits: Option<[f64; 2]>) -> Self {
        let [lower, upper] = limits.unwrap_or([f64::NAN; 2]);
        Self { estimate, lower, upper }
    }
}

/// A specification that many tables of k studies are pooled by.
#[derive(Debug, Clone)]
pub(super) struct Pooling<'a> {
    spec: &'a Spec,
    k: usize,
    /// The quantile of its interval of k studies, where k alone determines it.
    quantile: Option<f64>,
}

impl<'a> Pooling<'a> {
    pub fn new(spec: &'a Spec, k: usize) -> Self {
        Self { spec, k, quantile: quantile_of(spec, k) }
    }

    /// How many of the cheapest analyses of one study take as long: a rough figure, by which work is parted.
    pub fn cost(&self) -> u64 {
        let of_a_study = match self.spec {
            Spec { ci: Ci::Bootstrap, .. } => 20_000,
            Spec { model, .. } if model.is_of_counts() => 200,
            _ => 1,
        };
        of_a_study * self.k as u64
    }

    /// What it gives for a table; [`Pooled::NONE`] where no study can be pooled, or the model cannot be fitted.
    pub fn of(&self, table: &[Counts]) -> Pooled {
        match self.spec.model {
            Model::Glmm | Model::BetaBinomial => self.by_likelihood(table),
            _ => self.by_weights(table),
        }
        .unwrap_or(Pooled::NONE)
    }

    fn by_weights(&self, table: &[Counts]) -> Result<Pooled, Error> {
        let (sizes, unusable) = EffectSizes::of_counts(table, self.spec);
        if sizes.k() == 0 {
            return Ok(Pooled::NONE);
        }
        let quantile = self.quantile.filter(|_| unusable.is_empty());
        let fit = Prepared::fit_weighted(Cow::Owned(sizes), table, self.spec)?;
        let (pooled, ci_y) = fit.limits(self.spec, quantile)?;
        let scale = fit.scale(self.spec);
        Ok(Pooled::new(scale.to_natural(pooled.y), ci_y.map(|ci_y| ci_y.map(|y| scale.to_natural(y)))))
    }

    fn by_likelihood(&self, table: &[Counts]) -> Result<Pooled, Error> {
        let sizes = EffectSizes::uncorrected(table, self.spec);
        let fit = Prepared::of_counts(&sizes, table).fit(Rows::All, Design::Mean, self.spec)?;
        let pooled = fit.pooled(self.spec)?;
        Ok(pooled.map_or(Pooled::NONE, |pooled| Pooled::new(pooled.estimate, pooled.limits())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fit;
    use crate::analysis::simulation::{StudySizes, Truth};
    use crate::data::Dataset;
    use crate::options::{Measure, Request, Specifications, ZeroCells};

    /// The numbers are those of `fit`, to the last bit, on tables with empty and full studies too.
    #[test]
    fn has_the_bits_of_a_whole_analysis() {
        let mut lists = Specifications::default();
        let mut add = |key: &str, words: &[&str]| words.iter().for_each(|word| lists.add(key, word).unwrap());
        add("measure", &["raw", "log", "logit", "arcsine", "freeman-tukey", "probit", "cloglog"]);
        add("model", &["common", "random", "ivhet", "glmm", "beta-binomial"]);
        add("tau2", &["dl", "reml", "ml"]);
        add("ci", &["wald", "t", "hk", "hk-floor", "kr", "profile", "henmi-copas"]);
        let mut specs = lists.combine().unwrap().specs;
        assert!(specs.len() > 80, "{}", specs.len());
        for measure in [Measure::Raw, Measure::Logit] {
            let request =
                Request { measure: Some(measure), zero_cells: Some(ZeroCells::None), ..Request::default() };
            specs.push(request.resolve().unwrap());
        }
        for (k, p) in [(1, 0.1), (2, 0.4), (5, 0.05), (6, 0.9)] {
            let truth = Truth::new(k, StudySizes::Between { least: 4, most: 30 }, p).tau2(0.4);
            for repetition in 0..4 {
                let table = truth.draw(7, repetition).unwrap();
                let data =
                    Dataset::proportions(table.iter().map(|c| ("study", c.events(), c.total()))).unwrap();
                for spec in &specs {
                    let found = Pooling::new(spec, k).of(&table);
                    let whole = fit(&data, spec).map_or(Pooled::NONE, |whole| {
                        Pooled::new(whole.pooled().estimate, whole.pooled().limits())
                    });
                    let bits = |of: Pooled| [of.estimate, of.lower, of.upper].map(f64::to_bits);
                    let same =
                        bits(found) == bits(whole) || (found.estimate.is_nan() && whole.estimate.is_nan());
                    assert!(same, "{spec:?}\n{table:?}\n{found:?}\n{whole:?}");
                }
            }
        }
    }
}
