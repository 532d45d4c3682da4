//! Which parts of a result people are shown, and what its totals count.

use super::choices::{Measure, Model, Profile, SubgroupTau2};
use super::kind::{Kind, Shape, TEXT, Typed, YES, Yes, word};
use super::row::option_set;
use super::table::Spec;
use super::values::DEFAULT_NULL;
use crate::error::{Error, Problem};

/// What the totals count: one line of words.
const UNIT: Kind<String> = Kind {
    shape: Shape::Text,
    parse: |key, typed| {
        let unit = typed.trim();
        if unit.is_empty() || unit.contains(char::is_control) {
            return Err(Error::usage(format!("{key} is empty: write what is counted, such as animals")));
        }
        Ok(unit.to_owned())
    },
    typed: |unit| Typed::Text(unit.clone()),
    check: |_, _| Ok(()),
};

option_set! {
    /// Which parts of a result people are shown, and what its totals count. Documents have every part.
    ///
    /// ```
    /// use metaprop::options::{Parts, Request};
    /// let parts = Parts { unit: Some("eyes".into()), ..Parts::default() };
    /// let shown = parts.over(&Request::default().resolve()?, false);
    /// assert_eq!((shown.unit(), shown.common, shown.test), ("eyes", true, false));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq, Default)]
    Parts, "Parts of a result", {
        /// What is counted, in the plural: animals, eyes, samples, … [default: people].
        unit: single String { key: "unit", kind: UNIT, value_name: "NAME" }

        /// No common-effect result in text, pages and figures; documents keep it.
        no_common: single Yes { key: "no-common", kind: YES, value_name: "" }

        /// No test of the pooled value in text and pages; documents keep it.
        no_test: single Yes { key: "no-test", kind: YES, value_name: "" }

        /// No table of the studies in text and pages; documents and figures keep them.
        no_studies: single Yes { key: "no-studies", kind: YES, value_name: "" }

        /// Also a result for each level of this column, and the test between them (repeatable: one column after the
        /// other).
        subgroup: list String { key: "subgroup", kind: TEXT, value_name: "COL" }

        /// Whether each of these levels has a between-study variance of its own [default: separate].
        subgroup_tau2: single SubgroupTau2 {
            key: "subgroup-tau2", kind: word(), value_name: "SUBGROUP_TAU2"
        }
    }
}

impl Parts {
    /// What is shown of a result of this spec; `null_given` says whether its null value was asked for.
    #[must_use]
    pub fn over(&self, spec: &Spec, null_given: bool) -> Shown {
        let own = Shown::of(spec);
        Shown {
            unit: self.unit.clone(),
            common: own.common && self.no_common.is_none(),
            test: self.no_test.is_none() && (own.test || null_given),
            studies: self.no_studies.is_none(),
        }
    }

    /// Whether each subgroup has a between-study variance of its own.
    #[must_use]
    pub fn subgroup_tau2(&self) -> SubgroupTau2 {
        self.subgroup_tau2.unwrap_or(SubgroupTau2::Separate)
    }

    /// Why these parts cannot be left out of a result of this model.
    pub(crate) fn problem(&self, model: Model) -> Option<Problem> {
        let only = self.no_common.is_some() && model == Model::Common;
        let what = "no-common does not apply to model = common";
        only.then(|| Problem::new(what).help("its common-effect result is the only one: leave no-common out"))
    }
}

/// What is shown of a result, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shown {
    /// What is counted, where it was said.
    pub unit: Option<String>,
    /// Whether the common-effect result is there.
    pub common: bool,
    /// Whether the test of the pooled value is there.
    pub test: bool,
    /// Whether the table of the studies is there.
    pub studies: bool,
}

impl Shown {
    /// What is shown of a result of this spec where nobody said otherwise.
    ///
    /// The test of the pooled value is there where its null value is not the default, where estimates are pooled (0 is
    /// no effect), and where the package of the profile prints this test: RevMan and metafor test 0 on the scale that
    /// is pooled, which is 50% on the logit and the probit scale alone.
    #[must_use]
    pub fn of(spec: &Spec) -> Self {
        let tests_zero = matches!(spec.profile, Profile::Cochrane | Profile::Metafor | Profile::Revman5);
        let zero_is_half = matches!(spec.measure, Measure::Logit | Measure::Probit);
        let package_prints = tests_zero && zero_is_half && spec.model != Model::BetaBinomial;
        let asked = spec.pools_proportions() && spec.null != DEFAULT_NULL;
        Self {
            unit: None,
            common: true,
            test: asked || package_prints || !spec.pools_proportions(),
            studies: true,
        }
    }

    /// What is counted: people where nothing was said.
    #[must_use]
    pub fn unit(&self) -> &str {
        self.unit.as_deref().unwrap_or("people")
    }
}
