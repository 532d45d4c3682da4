//! The values of each choice that are tried.

use crate::error::{Error, Problem};
use crate::options::{
    BackTransform, Choice, Ci, I2Method, Measure, Model, PredictionMethod, Profile, Tau2Ci, Tau2Method,
    ZeroCells,
};
use crate::options::{Level, Request, Spec, Tau2};
use crate::published::claim::{Claim, Field};
use crate::published::search::{CI, MODELS};

/// The values of each choice that are tried by inverse variance, the more usual ones first: of equally good
/// matches the first is listed first. A choice that was made explicitly has one value, and so has one that no
/// printed field depends on; one whose explicit value needs a full analysis has none here.
#[derive(Debug, Clone)]
pub(in crate::published) struct Space {
    /// The specification with the default value of every choice that is not explicit.
    pub base: Spec,
    pub measures: Vec<Measure>,
    pub zero_cells: Vec<ZeroCells>,
    /// The profiles whose conventions are tried.
    pub profiles: Vec<Profile>,
    pub models: Vec<Model>,
    pub tau2: Vec<Tau2>,
    pub ci: Vec<Ci>,
    pub back_transforms: Vec<BackTransform>,
    pub levels: Vec<Level>,
    pub predictions: Vec<PredictionMethod>,
    pub i2: Vec<I2Method>,
    /// Whether computations that differ from the specification's are tried too.
    pub computations: bool,
}

/// The estimators, those most often used in publications first.
const TAU2: [Tau2Method; 11] = [
    Tau2Method::Dl,
    Tau2Method::Reml,
    Tau2Method::Pm,
    Tau2Method::Ml,
    Tau2Method::Sj,
    Tau2Method::He,
    Tau2Method::Hs,
    Tau2Method::Hsk,
    Tau2Method::Dlit,
    Tau2Method::Dl2,
    Tau2Method::Sjit,
];
pub(super) const MEASURES: [Measure; 7] = [
    Measure::Logit,
    Measure::FreemanTukey,
    Measure::Raw,
    Measure::Arcsine,
    Measure::Log,
    Measure::Probit,
    Measure::Cloglog,
];
const ZERO_CELLS: [ZeroCells; 4] = [ZeroCells::Only0, ZeroCells::All, ZeroCells::If0All, ZeroCells::None];
const PREDICTIONS: [PredictionMethod; 5] = [
    PredictionMethod::Hts,
    PredictionMethod::T,
    PredictionMethod::Z,
    PredictionMethod::Hk,
    PredictionMethod::HtsHk,
];
const LEVELS: [&str; 3] = ["95", "99", "90"];

impl Space {
    /// The same with computations that differ from the specification's: an iteration that stops early, a wrong inverse.
    pub fn with_computations(self) -> Self {
        Self { computations: true, ..self }
    }

    /// Every value that the explicit choices leave open and a printed field depends on.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the explicit choices contradict each other.
    pub fn new(explicit: &Request, printed: &Claim) -> Result<Self, Error> {
        let mut explicit = *explicit;
        if explicit.back_transform.is_some() {
            explicit.measure = explicit.measure.or(Some(Measure::FreemanTukey));
        }
        if explicit.quadrature.is_some() {
            explicit.model = explicit.model.or(Some(Model::Glmm));
        }
        if explicit.model == Some(Model::ThreeLevel) {
            let problem = Problem::new("model = three-level is none of the specifications that are tried");
            return Err(Error::Usage(vec![
                problem.help("leave model out, or use random, common, ivhet, glmm or beta-binomial"),
            ]));
        }
        let mut base = explicit.resolve()?;
        let any_printed =
            |fields: &[Field]| printed.entries.iter().any(|entry| fields.contains(&entry.field));
        if explicit.tau2_ci.is_none() && any_printed(&[Field::Tau2Ci, Field::I2Ci]) {
            base.tau2_ci = Tau2Ci::QProfile;
        }
        let levels = || LEVELS.iter().map(|level| level.parse()).collect::<Result<Vec<Level>, Error>>();
        Ok(Self {
            measures: values(explicit.measure, &MEASURES),
            zero_cells: values(explicit.zero_cells, &ZERO_CELLS),
            profiles: values(explicit.profile, &[Profile::Metafor, Profile::Meta]),
            models: models(&explicit),
            tau2: match explicit.tau2 {
                None => TAU2.map(Tau2::Estimated).to_vec(),
                Some(Tau2::Estimated(Tau2Method::Pmm)) => Vec::new(),
                Some(tau2) => vec![tau2],
            },
            ci: CI.into_iter().filter(|ci| explicit.ci.is_none_or(|wanted| wanted == *ci)).collect(),
            back_transforms: values(explicit.back_transform, BackTransform::ALL),
            levels: match explicit.level {
                // The interval of another level than the one that was given is a misprint.
                Some(level) if any_printed(&[Field::Lower, Field::Upper]) => {
                    let others = levels()?.into_iter().filter(|other| *other != level);
                    [level].into_iter().chain(others).collect()
                }
                Some(level) => vec![level],
                None if any_printed(&[
                    Field::Lower,
                    Field::Upper,
                    Field::Prediction,
                    Field::Tau2Ci,
                    Field::I2Ci,
                ]) =>
                {
                    levels()?
                }
                None => vec![base.level],
            },
            predictions: if any_printed(&[Field::Prediction]) {
                values(explicit.prediction, &PREDICTIONS)
            } else {
                vec![base.prediction]
            },
            i2: if any_printed(&[Field::I2, Field::I2Ci, Field::H2]) {
                values(explicit.i2, I2Method::ALL)
            } else {
                vec![base.i2]
            },
            computations: false,
            base,
        })
    }
}

/// The models whose pooled value is a weighted mean and that the explicit choices leave open.
fn models(explicit: &Request) -> Vec<Model> {
    let is_open = |model: &Model| match *model {
        Model::Common => {
            explicit.ci.is_none_or(|ci| ci == Ci::Wald)
                && explicit.prediction.is_none_or(|method| method == PredictionMethod::None)
        }
        _ => true,
    };
    MODELS
        .into_iter()
        .filter(|model| explicit.model.is_none_or(|wanted| wanted == *model))
        .filter(is_open)
        .collect()
}

fn values<C: Copy>(explicit: Option<C>, open: &[C]) -> Vec<C> {
    explicit.map_or_else(|| open.to_vec(), |choice| vec![choice])
}
