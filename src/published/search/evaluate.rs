//! One count table under the specification, as far as printed fields need it.

use crate::data::Counts;
use crate::effect::measure::of_counts;
use crate::effect::{Transform, freeman_tukey};
use crate::error::{Error, Problem};
use crate::model::heterogeneity::inconsistency;
use crate::model::inference::quantile;
use crate::model::{Pooled, WeightedMean, tau2};
use crate::numeric::chi_squared;
use crate::options::{Choice, Measure, Model, Tau2Method, ZeroCells};
use crate::options::{Spec, Tau2};
use crate::published::reproduce::{CI, MODELS};

/// A specification, ready to pool tables of up to so many rows.
#[derive(Debug, Clone)]
pub(in crate::published) struct Evaluator {
    pub spec: Spec,
    /// By the number of rows: every table of as many rows has the same.
    quantiles: Vec<f64>,
}

/// What a table gives.
#[derive(Debug, Clone, Copy)]
pub(in crate::published) struct Values {
    /// The sums of the common-effect weights.
    pub common: WeightedMean,
    pub tau2: f64,
    pub y: f64,
    /// The limits on the analysis scale.
    pub ci_y: Option<[f64; 2]>,
    pub transform: Transform,
    pub events: u64,
    pub total: u64,
}

impl Evaluator {
    /// # Errors
    ///
    /// [`Error::Usage`] where the model or its interval is more than weights: those are not searched.
    pub fn new(spec: &Spec, most: usize) -> Result<Self, Error> {
        if !MODELS.contains(&spec.model) || !CI.contains(&spec.ci) {
            let problem = Problem::new(format!(
                "model = {} with ci = {} cannot be searched over count tables",
                spec.model.key(),
                spec.ci.key()
            ));
            let words = CI.iter().map(|ci| ci.key()).collect::<Vec<_>>().join(", ");
            return Err(Error::Usage(vec![
                problem.help(format!("use model = common or random, and ci = {words}")),
            ]));
        }
        // The df of a table follow from its rows alone: asked of any weighing of so many.
        let of = |k: usize| {
            let rows = vec![1.0; k];
            quantile(
                spec.level.tail(),
                Pooled::new(&WeightedMean::at(&rows, &rows, 0.0), spec.ci).df.map(|df| df.max(1.0)),
            )
        };
        Ok(Self { spec: spec.clone(), quantiles: (0..=most).map(of).collect() })
    }

    /// The quantile of the interval of so many rows.
    pub fn quantile(&self, k: usize) -> f64 {
        self.quantiles.get(k).copied().unwrap_or(f64::NAN)
    }

    /// What is added to a row, if the correction looks at that row alone.
    pub fn amount(&self, counts: Counts) -> Option<f64> {
        let amount = self.spec.zero_amount;
        match self.spec.zero_cells {
            ZeroCells::All => Some(amount),
            ZeroCells::None => Some(0.0),
            ZeroCells::Only0 => Some(if counts.at_boundary() { amount } else { 0.0 }),
            ZeroCells::If0All => None,
        }
    }

    /// A row on the analysis scale; `None` where it would be left out.
    pub fn effect(&self, counts: Counts, amount: f64) -> Option<[f64; 2]> {
        let (y, v) = of_counts(counts, amount, self.spec.measure, self.spec.conventions);
        (y.is_finite() && v.is_finite() && v > 0.0).then_some([y, v])
    }

    /// What is pooled here are the rounded estimates, not the deviations that [`run`](crate::run) forms from the
    /// counts (`effect::exact_difference`): a second function a row and table would double the cost of a search. It
    /// can only tell in tables of very many people whose rows agree in most of their digits; what looks as if it
    /// fits is pooled again by `run`, so nothing is confirmed by these.
    ///
    /// The table under the specification; `None` where a row would be left out or nothing converges.
    pub fn of(&self, rows: &[Counts]) -> Option<Values> {
        let boundary = || rows.iter().any(|row| row.at_boundary());
        let everyone =
            if self.spec.zero_cells == ZeroCells::If0All && boundary() { self.spec.zero_amount } else { 0.0 };
        let (mut y, mut v) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for &row in rows {
            let [estimate, variance] = self.effect(row, self.amount(row).unwrap_or(everyone))?;
            y.push(estimate);
            v.push(variance);
        }
        let common = WeightedMean::at(&y, &v, 0.0);
        let tau2 = self.tau2(&common, &y, &v)?;
        let weighing = if self.spec.model == Model::Common { common } else { WeightedMean::at(&y, &v, tau2) };
        let pooled = Pooled::new(&weighing, self.spec.ci);
        let margin = self.quantile(rows.len()) * pooled.se;
        Some(Values {
            common,
            tau2,
            y: pooled.y,
            ci_y: (pooled.df != Some(0.0)).then_some([pooled.y - margin, pooled.y + margin]),
            transform: self.transform(rows, weighing.se()),
            events: rows.iter().map(|row| row.events()).sum(),
            total: rows.iter().map(|row| row.total()).sum(),
        })
    }

    fn tau2(&self, common: &WeightedMean, y: &[f64], v: &[f64]) -> Option<f64> {
        match self.spec.tau2 {
            Tau2::Fixed(value) => Some(value),
            Tau2::Estimated(_) if common.k < 2 => Some(0.0),
            // In closed form from the sums at hand: (Q − df)/tr P.
            Tau2::Estimated(Tau2Method::Dl) => Some(((common.q - common.df()) / common.trace).max(0.0)),
            Tau2::Estimated(method) => tau2::fit(method, y, v).ok().map(|fit| fit.tau2),
        }
    }

    fn transform(&self, rows: &[Counts], se: f64) -> Transform {
        let n = self.spec.back_transform.filter(|_| self.spec.measure == Measure::FreemanTukey);
        let totals = rows.iter().map(|row| row.total() as f64);
        n.and_then(|choice| freeman_tukey::inverse_n(choice, totals, se))
            .map_or(Transform::new(self.spec.measure), Transform::freeman_tukey)
    }
}

impl Values {
    /// The pooled proportion.
    pub fn estimate(&self) -> f64 {
        self.transform.to_proportion(self.y)
    }

    /// Its limits.
    pub fn limits(&self) -> Option<[f64; 2]> {
        self.ci_y.map(|ci_y| ci_y.map(|y| self.transform.to_proportion(y)))
    }

    /// I² in percent and H².
    pub fn inconsistency(&self, spec: &Spec) -> [Option<f64>; 2] {
        let shared = inconsistency(spec.i2, &self.common, self.tau2, None, spec.level.tail());
        [shared.i2, shared.h2]
    }

    /// P(χ² ≥ Q).
    pub fn p(&self) -> f64 {
        if self.common.k < 2 { 1.0 } else { chi_squared::sf(self.common.q, self.common.df()) }
    }
}
