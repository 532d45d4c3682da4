//! The figures that an outcome has in its report beside the forest plot.

use super::Project;
use crate::analysis::{GoshOptions, MetaAnalysis};
use crate::data::Dataset;
use crate::error::{Error, Problem};
use crate::options::analysis_file::{OutcomeEntry, OutcomePlot};
use crate::plot::{Appearance, Figure, Theme};
use crate::report::chapter::Chapter;

/// Up to so many studies a report has every subset of them.
const EVERY_SUBSET: usize = 20;
/// So many subsets are drawn of more.
const SUBSETS: u64 = 100_000;

/// The subsets of a report: every one, or so many that a report is built in a second.
pub(super) fn subsets(outcome: &MetaAnalysis) -> GoshOptions {
    GoshOptions { subsets: (outcome.k() > EVERY_SUBSET).then_some(SUBSETS), ..GoshOptions::default() }
}

impl Project {
    /// How the figures of an outcome look.
    pub(super) fn appearance(&self, entry: &OutcomeEntry, data: &Dataset) -> Result<Appearance, Error> {
        let drawing = self.file.drawing(entry);
        // A stranger's analysis file opens no file beside its data.
        if let Some(theme) = drawing.theme.as_deref().filter(|name| Theme::named(name).is_none()) {
            let problem = Problem::new(format!("there is no theme '{theme}'"));
            let help = format!("an analysis file names one of {}", Theme::names().join(", "));
            return Err(Error::Usage(vec![problem.help(help)]));
        }
        if drawing.page.is_some() {
            let problem = Problem::new("a report has no pages, and page is for figures in files");
            let help = "leave page out; metaprop plot forest FILE.toml --page a4 draws the outcomes on pages";
            return Err(Error::Usage(vec![problem.help(help)]));
        }
        Appearance::new(&drawing, data)
    }

    /// `plots = [...]`: a chapter a figure.
    pub(super) fn plots(&self, entry: &OutcomeEntry, outcome: &MetaAnalysis) -> Result<Vec<Chapter>, Error> {
        let mut chapters = Vec::new();
        for (plot, line) in &entry.plots {
            let drawn = match plot {
                OutcomePlot::Bubble => self.bubbles(entry, outcome),
                plot => {
                    self.drawn(*plot, entry, outcome).map(|figure| vec![(plot.key().to_string(), figure)])
                }
            };
            let drawn = drawn.map_err(|error| self.at(error, line.0))?;
            let chapter = |(name, figure): &(String, Figure)| Chapter::plot(&entry.id, name, figure);
            chapters.extend(drawn.iter().map(chapter));
        }
        Ok(chapters)
    }

    /// One figure of the outcome.
    fn drawn(
        &self,
        plot: OutcomePlot,
        entry: &OutcomeEntry,
        outcome: &MetaAnalysis,
    ) -> Result<Figure, Error> {
        let display = self.file.presentation(entry).over(outcome.number_format());
        let (title, id) = (entry.title.as_str(), format!("{}-{}", plot.key(), entry.id));
        let theme = self.appearance(entry, &outcome.data)?.theme().clone();
        Ok(match plot {
            OutcomePlot::Funnel => {
                outcome.funnel().title(title).display(display).id(id).theme(theme).figure()
            }
            OutcomePlot::Doi => {
                outcome.doi().plot(outcome)?.title(title).display(display).id(id).theme(theme).figure()
            }
            OutcomePlot::Drapery => {
                outcome.drapery()?.title(title).display(display).id(id).theme(theme).figure()
            }
            OutcomePlot::Baujat => outcome.baujat()?.plot().title(title).id(id).theme(theme).figure(),
            OutcomePlot::Radial => {
                outcome.radial()?.title(title).display(display).id(id).theme(theme).figure()
            }
            OutcomePlot::Influence => outcome.influence()?.plot().title(title).id(id).theme(theme).figure(),
            OutcomePlot::Gosh => {
                of_weighted_means(outcome)?;
                let gosh = outcome.gosh(&subsets(outcome))?;
                gosh.plot(outcome).title(title).display(display).id(id).theme(theme).figure()
            }
            OutcomePlot::LeaveOneOut => outcome
                .leave_one_out()?
                .forest(outcome)
                .title(title)
                .display(display)
                .id(id)
                .theme(theme)
                .figure(),
            OutcomePlot::Cumulative => outcome
                .cumulative(None)?
                .forest(outcome)
                .title(title)
                .display(display)
                .id(id)
                .theme(theme)
                .figure(),
            plot => unreachable!("{} is of a meta-regression", plot.key()),
        })
    }

    /// A bubble plot for each formula of `mods` that has a moderator that is a number, each with its number.
    fn bubbles(&self, entry: &OutcomeEntry, outcome: &MetaAnalysis) -> Result<Vec<(String, Figure)>, Error> {
        let display = self.file.presentation(entry).over(outcome.number_format());
        let theme = self.appearance(entry, &outcome.data)?.theme().clone();
        let mut drawn = Vec::new();
        for ((found, typed), number) in self.regressed(entry, outcome)?.iter().zip(1..) {
            let Ok(bubble) = found.bubble(outcome) else { continue };
            let name = if number == 1 { "bubble".to_string() } else { format!("bubble-{number}") };
            let title = format!("{}, {typed}", entry.title);
            let figure = bubble
                .title(title)
                .display(display)
                .theme(theme.clone())
                .id(format!("{name}-{}", entry.id))
                .figure();
            drawn.push((name, figure));
        }
        if drawn.is_empty() {
            let problem =
                Problem::new("plots: 'bubble' needs a moderator that is a number, and mods has none");
            return Err(Error::Usage(vec![
                problem.help("leave it out, or name a column of numbers in mods"),
            ]));
        }
        Ok(drawn)
    }
}

/// Refuses the subsets of an exact model: there would be minutes of them in a report.
fn of_weighted_means(outcome: &MetaAnalysis) -> Result<(), Error> {
    if !outcome.spec.model().is_of_counts() {
        return Ok(());
    }
    let problem = Problem::new("plots: 'gosh' fits every subset, and those of an exact model take minutes");
    Err(Error::Usage(vec![problem.help("leave it out, or draw it once: metaprop plot gosh")]))
}
