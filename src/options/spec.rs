//! The complete spec of an analysis: what holds whatever was chosen.

use super::applicable;
use super::choice::{Choice, Word};
use super::choices::{I2Method, Model, PredictionMethod, Profile};
use super::table::{Request, Spec, UncheckedSpec};
use crate::error::{Error, Problem};

/// `z` in the beta-binomial model.
const OF_BETA: Word = Word {
    key: "z",
    aliases: &[],
    title: "quantiles of the fitted beta distribution, with the variance of its mean added",
    formula: "quantiles of the beta with mean p and variance p(1 - p) rho + (1 - rho) (p(1 - p) se)^2",
    source: "-",
};

/// `q` in a model of the counts.
const OF_WALD: Word = Word {
    key: "q",
    aliases: &[],
    title: "from the Q of Wald's test of equal proportions",
    formula: "I2 = 100 max(0, (Q - df)/Q), Q = sum w (y - ybar)^2 of the studies as they stand; H2 = Q/df; limits from the test-based interval of ln H",
    source: "Higgins & Thompson 2002, doi:10.1002/sim.1186; Stijnen, Hamza & Oezdemir 2010, doi:10.1002/sim.4040",
};

impl Spec {
    /// The request that has every choice of this spec made explicitly: it resolves to the same spec.
    ///
    /// ```
    /// use metaprop::Spec;
    /// assert_eq!(Spec::default().request().resolve()?, Spec::default());
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[must_use]
    pub fn request(&self) -> Request {
        let mut asked = Request::default();
        let rows = Self::CHOICES.iter().filter(|row| (row.details.in_effect)(self));
        rows.for_each(|row| (row.ask)(self, &mut asked));
        asked
    }

    /// Whether counts are pooled as proportions, and not estimates that the table gives.
    ///
    /// ```
    /// assert!(metaprop::Spec::default().pools_proportions());
    /// ```
    #[must_use]
    pub const fn pools_proportions(&self) -> bool {
        self.input_scale.is_none()
    }

    /// Whether the model has a variance τ² between studies: all but the beta-binomial, which has ρ.
    pub(super) fn has_tau2(&self) -> bool {
        self.model != Model::BetaBinomial
    }

    /// What the prediction interval is: in the beta-binomial model one of the fitted distribution of proportions.
    pub(crate) fn prediction_word(&self) -> &'static Word {
        match (self.model, self.prediction) {
            (Model::BetaBinomial, PredictionMethod::Z) => &OF_BETA,
            (_, prediction) => prediction.word(),
        }
    }

    /// What I² is: by Q in a model of the counts its Q is that of Wald's test.
    pub(crate) fn i2_word(&self) -> &'static Word {
        match self.i2 {
            I2Method::Q if self.model.is_of_counts() => &OF_WALD,
            i2 => i2.word(),
        }
    }

    /// Whether the package of the profile prints Wald's Q of a model of the counts, whatever studies it leaves out: R
    /// metafor does, and R meta its I².
    pub(crate) fn package_prints_wald(&self) -> bool {
        matches!(self.profile, Profile::Metafor | Profile::Meta | Profile::Meta7)
    }

    /// Whether the package of the profile cuts H² at 1, as R meta does.
    pub(crate) fn package_cuts_h2(&self) -> bool {
        matches!(self.profile, Profile::Meta | Profile::Meta7)
    }

    /// Whether the zero-cell correction touches this scale in this model.
    ///
    /// ```
    /// assert!(metaprop::Spec::default().is_correctable());
    /// ```
    #[must_use]
    pub const fn is_correctable(&self) -> bool {
        applicable::corrects(self.measure, self.model)
    }
}

impl Default for Spec {
    fn default() -> Self {
        Request::default().resolve().expect("the defaults apply to each other: held by a test")
    }
}

impl TryFrom<UncheckedSpec> for Spec {
    type Error = Error;

    /// The spec, where its own choices give it: an edited document must not run as something that no command
    /// line could ask for.
    fn try_from(document: UncheckedSpec) -> Result<Self, Error> {
        let spec = Self::unchecked(document);
        if spec.request().resolve()? == spec {
            return Ok(spec);
        }
        let problem = Problem::new("the spec has a value that does not go with its choices");
        Err(Error::Usage(vec![problem.help("let metaprop write the document again")]))
    }
}
