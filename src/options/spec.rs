//! The complete spec of an analysis: what holds whatever was chosen.

use super::applicable;
use super::table::{Request, Spec, UncheckedSpec};
use crate::error::{Error, Problem};

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
