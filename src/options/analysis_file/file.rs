//! What an analysis file says.

use super::claim::ClaimEntry;
use super::line::Line;
use super::outcome_plot::OutcomePlot;
use super::reconstruct::ReconstructEntry;
use super::source::Source;
use crate::options::{Drawing, InputScale, Model, Parts, Presentation, Request};

/// What an analysis file says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnalysisFile {
    /// The title of the report.
    pub title: String,
    /// Where the data of every outcome are, unless it says otherwise.
    pub data: Source,
    /// The choices of every outcome, unless it says otherwise.
    pub analysis: Request,
    /// How proportions are printed, unless an outcome says otherwise.
    pub presentation: Presentation,
    /// Which parts of a result are shown, unless an outcome says otherwise.
    pub parts: Parts,
    /// How figures look, unless an outcome says otherwise.
    pub drawing: Drawing,
    /// One pooled estimate each; at least one.
    pub outcomes: Vec<OutcomeEntry>,
    /// What sources print about them.
    pub claims: Vec<ClaimEntry>,
    /// Searches for the tables that printed figures may have come from.
    pub reconstructions: Vec<ReconstructEntry>,
}

impl AnalysisFile {
    /// The outcomes that have data; the others have claims only.
    pub fn pooled(&self) -> impl Iterator<Item = &OutcomeEntry> {
        self.outcomes.iter().filter(|outcome| self.has_data(outcome))
    }

    /// Whether an outcome has data to pool, and not claims only.
    #[must_use]
    pub fn has_data(&self, outcome: &OutcomeEntry) -> bool {
        [&outcome.source.read, &self.data.read].iter().any(|read| read.names_values())
    }

    /// Where the data of an outcome are: its own, with the shared ones where it has none.
    #[must_use]
    pub fn source(&self, outcome: &OutcomeEntry) -> Source {
        outcome.source.clone().or(&self.data)
    }

    /// The choices of an outcome: its own, with the shared ones where it has none.
    #[must_use]
    pub fn request(&self, outcome: &OutcomeEntry) -> Request {
        self.choices(outcome).for_table(&self.source(outcome).read)
    }

    /// The choices as they are typed. Of shared ones those that estimates have no use for give way where estimates are
    /// pooled: they are there for the outcomes of counts.
    pub(super) fn choices(&self, outcome: &OutcomeEntry) -> Request {
        let of_estimates = self.source(outcome).read.has_estimates();
        outcome.choices.or(if of_estimates { self.analysis.of_estimates() } else { self.analysis })
    }

    /// How the proportions or estimates of an outcome are printed. A shared scale is of proportions.
    #[must_use]
    pub fn presentation(&self, outcome: &OutcomeEntry) -> Presentation {
        let shared = match self.source(outcome).read.scale_of_estimates() {
            None | Some(InputScale::Logit) => self.presentation,
            Some(_) => Presentation { scale: None, ..self.presentation },
        };
        outcome.presentation.or(shared)
    }

    /// How the figures of an outcome look.
    #[must_use]
    pub fn drawing(&self, outcome: &OutcomeEntry) -> Drawing {
        outcome.drawing.clone().or(self.drawing.clone())
    }

    /// Which parts of the result of an outcome are shown. Where the common-effect result is all there is, a shared
    /// choice to leave it out gives way.
    #[must_use]
    pub fn parts(&self, outcome: &OutcomeEntry) -> Parts {
        let only_common = self.choices(outcome).effective_model() == Model::Common;
        let no_common = self.parts.no_common.filter(|_| !only_common);
        outcome.parts.clone().or(Parts { no_common, ..self.parts.clone() })
    }
}

/// One pooled estimate.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OutcomeEntry {
    /// The folder of its reports: letters, digits, `-` and `_`.
    pub id: String,
    /// What it is called; the id where nothing was said.
    pub title: String,
    /// Where its data are, as far as they are its own.
    pub source: Source,
    /// The choices of its own.
    pub choices: Request,
    /// How its proportions are printed, as far as it is its own.
    pub presentation: Presentation,
    /// Which parts of its result are shown, as far as it is its own.
    pub parts: Parts,
    /// How its figures look, as far as it is its own.
    pub drawing: Drawing,
    /// Whether its report has every defensible specification.
    pub multiverse: bool,
    /// The statement that each of them bears out or not.
    pub conclusion: Option<(String, Line)>,
    /// The outcome whose printed figures its specifications are held against.
    pub reproduce: Option<(String, Line)>,
    /// The moderators of its meta-regressions, each a formula.
    pub mods: Vec<(String, Line)>,
    /// Whether its report says what drives the result: without each study, influence, subsets.
    pub sensitivity: bool,
    /// The figures of its report beside the forest plot.
    pub plots: Vec<(OutcomePlot, Line)>,
    /// Whether its report says whether small studies differ from large ones.
    pub bias: bool,
    /// The columns of its table that say where each row comes from: the report shows them.
    pub sources: Vec<String>,
    /// Remarks of the author, which its report prints below its tables.
    pub notes: Vec<String>,
    /// Whether it stands in the appendix of the report.
    pub appendix: bool,
}
