//! Which choices go with which model: one row a model.

use super::{Request, Tau2};
use crate::error::Problem;
use crate::options::{Choice, Ci, I2Method, Measure, Model, PredictionMethod, Tau2Ci, Tau2Method, ZeroCells};

/// Every interval of a mean of independent rows.
const OF_ROWS: &[Ci] =
    &[Ci::Wald, Ci::T, Ci::Hk, Ci::HkFloor, Ci::Kr, Ci::Profile, Ci::HenmiCopas, Ci::Bootstrap];

/// One row: what a model can be combined with.
pub(super) struct Applicable {
    measures: &'static [Measure],
    /// The estimators of τ², the model's own first; none where it takes every one, and numbers.
    tau2s: &'static [Tau2Method],
    cis: &'static [Ci],
    predictions: &'static [PredictionMethod],
    tau2_cis: &'static [Tau2Ci],
    i2s: &'static [I2Method],
    /// Why, for the person who asked for something else.
    because: &'static str,
}

impl Applicable {
    /// The row of this model.
    pub const fn to(model: Model) -> Self {
        use PredictionMethod as P;
        match model {
            Model::Random => Self {
                measures: Measure::ALL,
                tau2s: &[],
                cis: OF_ROWS,
                predictions: P::ALL,
                tau2_cis: Tau2Ci::ALL,
                i2s: I2Method::ALL,
                because: "its rows are independent, and clusters belong to model = three-level",
            },
            Model::Common => Self {
                measures: Measure::ALL,
                tau2s: &[],
                cis: &[Ci::Wald],
                predictions: &[P::None],
                tau2_cis: Tau2Ci::ALL,
                i2s: I2Method::ALL,
                because: "a common-effect interval is always wald, and it predicts no further study",
            },
            Model::Ivhet => Self {
                measures: Measure::ALL,
                tau2s: &[],
                cis: &[Ci::Wald, Ci::T],
                predictions: &[P::None],
                tau2_cis: Tau2Ci::ALL,
                i2s: I2Method::ALL,
                because: "the IVhet model has common-effect weights and a standard error of its own",
            },
            Model::Glmm => Self {
                measures: &[Measure::Logit, Measure::Probit, Measure::Cloglog],
                tau2s: &[Tau2Method::Ml],
                cis: &[Ci::Wald, Ci::T, Ci::Profile],
                predictions: &[P::Z, P::T, P::Hts, P::None],
                tau2_cis: &[Tau2Ci::Profile, Tau2Ci::None],
                i2s: I2Method::ALL,
                because: "the binomial-normal model is fitted by exact maximum likelihood; its link is the measure",
            },
            Model::BetaBinomial => Self {
                measures: &[Measure::Logit],
                tau2s: &[Tau2Method::Ml],
                cis: &[Ci::Wald, Ci::T, Ci::Profile],
                predictions: &[P::Z, P::None],
                tau2_cis: &[Tau2Ci::None],
                i2s: &[I2Method::Q],
                because: "the beta-binomial model is fitted by maximum likelihood with its mean on the logit scale: it has rho and no tau2, I2 is from the Wald Q, and its prediction interval is of the fitted beta distribution",
            },
            Model::ThreeLevel => Self {
                measures: Measure::ALL,
                tau2s: &[Tau2Method::Reml, Tau2Method::Ml],
                cis: &[Ci::T, Ci::Wald, Ci::ClusterRobust],
                predictions: &[P::T, P::Z, P::Hts, P::None],
                tau2_cis: &[Tau2Ci::Profile, Tau2Ci::None],
                i2s: &[I2Method::Tau2],
                because: "the three-level model estimates two variances by their likelihood",
            },
        }
    }

    /// Whether the model has this scale.
    pub fn takes(&self, measure: Measure) -> bool {
        self.measures.contains(&measure)
    }

    /// This estimator of τ², or the model's own.
    pub fn tau2(&self, default: Tau2) -> Tau2 {
        match self.tau2s.first() {
            Some(own) if !self.estimates_by(default) => Tau2::Estimated(*own),
            _ => default,
        }
    }

    fn estimates_by(&self, tau2: Tau2) -> bool {
        let is = |method: &Tau2Method| tau2 == Tau2::Estimated(*method);
        self.tau2s.is_empty() || self.tau2s.iter().any(is)
    }

    /// This interval, or the one that takes its place: t for Hartung-Knapp, else the model's first.
    pub fn ci(&self, default: Ci) -> Ci {
        match default {
            ci if self.cis.contains(&ci) => ci,
            Ci::Hk | Ci::HkFloor if self.cis.contains(&Ci::T) && !self.tau2s.is_empty() => Ci::T,
            _ => self.cis[0],
        }
    }

    /// This prediction interval, or the one that takes its place.
    pub fn prediction(&self, default: PredictionMethod) -> PredictionMethod {
        match default {
            method if self.predictions.contains(&method) => method,
            PredictionMethod::Hk if self.predictions.contains(&PredictionMethod::T) => PredictionMethod::T,
            _ => self.predictions[0],
        }
    }

    /// This τ² interval, or the model's own.
    pub fn tau2_ci(&self, default: Tau2Ci) -> Tau2Ci {
        if self.tau2_cis.contains(&default) { default } else { self.tau2_cis[0] }
    }

    /// This definition of I², or the model's own.
    pub fn i2(&self, default: I2Method) -> I2Method {
        if self.i2s.contains(&default) { default } else { self.i2s[0] }
    }
}

/// Every explicit choice that does not go with another; what an option belongs to alone is in its row.
pub(super) fn problems(request: &Request) -> Vec<Problem> {
    let mut problems = Vec::new();
    of_model(request, &mut problems);
    of_estimator(request, &mut problems);
    of_correction(request, &mut problems);
    problems
}

/// What the model has no place for, each with what it takes instead.
fn of_model(request: &Request, problems: &mut Vec<Problem>) {
    let row = Applicable::to(request.effective_model());
    if let Some(tau2) = request.tau2.filter(|tau2| !row.estimates_by(*tau2)) {
        let own: Vec<&str> = row.tau2s.iter().map(|method| method.key()).collect();
        problems.push(refused(request, Tau2Method::NAME, &tau2.key(), &own.join(", ")));
    }
    problems.extend(outside(request, request.measure, row.measures));
    problems.extend(outside(request, request.ci, row.cis));
    problems.extend(outside(request, request.prediction, row.predictions));
    problems.extend(outside(request, request.tau2_ci, row.tau2_cis));
    problems.extend(outside(request, request.i2, row.i2s));
}

/// A choice that is none of those that the model takes.
fn outside<C: Choice>(request: &Request, asked: Option<C>, takes: &[C]) -> Option<Problem> {
    let choice = asked.filter(|choice| !takes.contains(choice))?;
    let keys: Vec<&str> = takes.iter().map(|choice| choice.key()).collect();
    Some(refused(request, C::NAME, choice.key(), &keys.join(", ")))
}

fn refused(request: &Request, name: &str, key: &str, instead: &str) -> Problem {
    let model = request.effective_model();
    let because = Applicable::to(model).because;
    Problem::new(format!("{name} = {key} does not apply to model = {}", model.key()))
        .help(format!("{because}; it takes {name} = {instead}"))
}

/// What goes with one estimator of τ² alone.
fn of_estimator(request: &Request, problems: &mut Vec<Problem>) {
    if request.effective_model() != Model::Random {
        return;
    }
    let tau2 = request.effective_tau2();
    let is = |methods: &[Tau2Method]| methods.iter().any(|method| tau2 == Tau2::Estimated(*method));
    let mut refuse = |name: &str, key: &str, needs: &str| {
        problems.push(
            Problem::new(format!("{name} = {key} does not apply to tau2 = {}", tau2.key()))
                .help(format!("it belongs to tau2 = {needs}")),
        );
    };
    match request.ci {
        Some(Ci::Kr) if !is(&[Tau2Method::Reml]) => refuse(Ci::NAME, "kr", "reml"),
        Some(Ci::Profile) if !is(&[Tau2Method::Ml]) => refuse(Ci::NAME, "profile", "ml"),
        Some(Ci::HenmiCopas) if !is(&[Tau2Method::Dl]) => refuse(Ci::NAME, "henmi-copas", "dl"),
        Some(Ci::Bootstrap) if matches!(tau2, Tau2::Fixed(_)) => {
            refuse(Ci::NAME, "bootstrap", "an estimator")
        }
        Some(Ci::HenmiCopas) if request.prediction.is_some_and(|method| method != PredictionMethod::None) => {
            let what = "ci = henmi-copas has the common-effect estimate and predicts no further study";
            problems.push(Problem::new(what).help("leave the prediction interval out"));
        }
        _ => {}
    }
    let mut refuse = |key: &str, needs: &str| {
        problems.push(
            Problem::new(format!("{} = {key} does not apply to tau2 = {}", Tau2Ci::NAME, tau2.key()))
                .help(format!("it belongs to tau2 = {needs}")),
        );
    };
    match request.tau2_ci {
        Some(Tau2Ci::Profile) if !is(&[Tau2Method::Ml, Tau2Method::Reml]) => refuse("profile", "ml or reml"),
        Some(Tau2Ci::Sj) if !is(&[Tau2Method::Sj]) => refuse("sj", "sj"),
        _ => {}
    }
}

/// A correction of counts in a model that has none, and an amount beside the word that nothing is corrected.
fn of_correction(request: &Request, problems: &mut Vec<Problem>) {
    let corrects = corrects(request.effective_measure(), request.effective_model());
    let model = request.effective_model();
    if model.is_of_counts() {
        let rule = request.zero_cells.filter(|rule| *rule != ZeroCells::None);
        let rule = rule.map(|rule| format!("zero-cells = {}", rule.key()));
        let amount = request.zero_amount.map(|amount| format!("zero-amount = {amount}"));
        problems.extend(rule.into_iter().chain(amount).map(|what| {
            Problem::new(format!("{what} does not apply to model = {}", model.key()))
                .help("its likelihood is that of the counts as they stand, zeros included: leave it out")
        }));
        return;
    }
    let none = request.zero_cells == Some(ZeroCells::None) && corrects;
    if let Some(amount) = request.zero_amount.filter(|amount| none && *amount > 0.0) {
        let what = format!("zero-amount = {amount} contradicts zero-cells = none");
        problems.push(Problem::new(what).help("leave one of the two out"));
    }
}

/// Whether the zero-cell correction touches this scale in this model.
pub(super) const fn corrects(measure: Measure, model: Model) -> bool {
    measure.is_correctable() && !model.is_of_counts()
}

impl Model {
    /// Whether the model is one of the counts themselves, with an exact likelihood: nothing is added to a count, and
    /// tests of heterogeneity are its own.
    ///
    /// ```
    /// use metaprop::options::Model;
    /// assert!(Model::Glmm.is_of_counts() && !Model::Random.is_of_counts());
    /// ```
    #[must_use]
    pub const fn is_of_counts(self) -> bool {
        matches!(self, Self::Glmm | Self::BetaBinomial)
    }

    /// Whether the pooled value is a mean of independent estimates with the weights 1/(v + τ²), so that a subset of them
    /// is fitted by a few sums: not in models of the counts, nor where rows of a cluster share an effect.
    ///
    /// ```
    /// use metaprop::options::Model;
    /// assert!(Model::Random.weights_rows() && !Model::ThreeLevel.weights_rows());
    /// ```
    #[must_use]
    pub const fn weights_rows(self) -> bool {
        matches!(self, Self::Common | Self::Random | Self::Ivhet)
    }
}

impl Measure {
    /// Whether the correction of zero cells touches this scale: where none or all had the event, and arcsine and
    /// Freeman-Tukey have finite values without it.
    pub(crate) const fn is_correctable(self) -> bool {
        !matches!(self, Self::Arcsine | Self::FreemanTukey | Self::Generic)
    }
}
