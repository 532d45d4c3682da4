//! The verdict on a result: against the outcome that it is about, else its figures against each other.

use std::collections::{HashMap, HashSet};

use super::about::{About, Likeness, as_of, distance};
use super::between::{is_between, test_of};
use super::outcome::{Names, ScanOutcome, words};
use super::part::ScannedPart;
use super::parts::{ChosenPart, Parts, claim_for};
use super::why::Why;
use crate::analysis::{MetaAnalysis, fit};
use crate::format::NumberFormat;
use crate::model::Value;
use crate::options::{Level, Spec};
use crate::printed::Unit;
use crate::published::claim::{Claim, Field, FieldVerdict, Verdict, check, check_summary};
use crate::published::consistency::figures_contradict;
use crate::published::sentence::{FoundResult, Measured};

/// The levels at which an outcome is computed again, where an interval is printed at one.
const LEVELS: [&str; 8] = ["80", "90", "95", "97.5", "98", "99", "99.5", "99.9"];

/// What became of a result.
pub(super) struct Judgement {
    pub outcome: Option<String>,
    pub by: Option<About>,
    /// The part of the outcome, where it is not about all studies.
    pub part: Option<ScannedPart>,
    pub verdict: Verdict,
    pub reason: Option<Why>,
    pub fields: Vec<FieldVerdict>,
}

impl Judgement {
    fn not_checkable(reason: Why) -> Self {
        Self {
            outcome: None,
            by: None,
            part: None,
            verdict: Verdict::NotCheckable,
            reason: Some(reason),
            fields: Vec::new(),
        }
    }
}

/// The outcomes that results are held against.
pub(super) struct Judge<'a> {
    outcomes: &'a [ScanOutcome<'a>],
    names: Names,
    parts: Parts<'a>,
    /// Outcomes at other levels than their own; `None` where they cannot be computed.
    at_level: HashMap<(usize, String), Option<MetaAnalysis>>,
}

/// Outcomes that have the figures of a result, and the one that it is about.
struct Chosen {
    index: usize,
    by: About,
    remark: Option<Why>,
    /// Whether all main figures are its own, or the words name it and they are another's.
    is_whole: bool,
}

impl<'a> Judge<'a> {
    pub fn new(outcomes: &'a [ScanOutcome<'a>]) -> Self {
        Self { outcomes, names: Names::new(outcomes), parts: Parts::new(outcomes), at_level: HashMap::new() }
    }

    /// The verdict on a result; `context` are the words that may name its outcome.
    pub fn judge(&mut self, found: &FoundResult, context: &str) -> Judgement {
        let text: HashSet<String> = words(context).into_iter().collect();
        if is_between(&found.claim) && !self.outcomes.is_empty() {
            return self.between(found, &text);
        }
        let alone = alone(found);
        if alone.verdict == Verdict::Fails {
            // Figures that contradict each other are wrong whatever they are about.
            let chosen = self.ready(found).and_then(|()| self.about(found, &text));
            let about = chosen.ok().map(|chosen| (self.outcomes[chosen.index].id.to_string(), chosen.by));
            let (outcome, by) = about.unzip();
            return Judgement { outcome, by, ..alone };
        }
        if self.outcomes.is_empty() {
            return alone;
        }
        if let Err(why) = self.ready(found) {
            return Judgement::not_checkable(why);
        }
        self.parts.add_left_out(self.outcomes, found);
        let about = self.about(found, &text);
        // All figures of all studies are stronger than a part, a part than what is left of them.
        let is_whole = about.as_ref().is_ok_and(|chosen| chosen.is_whole);
        match (about, self.part(found, &text).filter(|_| !is_whole)) {
            (_, Some(part)) => self.held_by_part(found, part),
            (Ok(chosen), None) => self.held(found, chosen),
            (Err(Why::NotMatched(nearest)), None) if !self.parts.is_empty() => {
                Judgement::not_checkable(Why::NotMatchedByPart(nearest))
            }
            (Err(why), None) => Judgement::not_checkable(why),
        }
    }

    /// The verdict on a p-value of a test between subgroups.
    fn between(&self, found: &FoundResult, text: &HashSet<String>) -> Judgement {
        match test_of(&found.claim, self.outcomes, self.names.named(text), text) {
            Ok(test) => Judgement {
                outcome: Some(self.outcomes[test.outcome].id.to_string()),
                by: Some(About::Name),
                part: Some(test.part),
                verdict: test.verdict.verdict,
                reason: None,
                fields: vec![test.verdict],
            },
            Err(why) => Judgement::not_checkable(why),
        }
    }

    /// The part of an outcome that a result is about; none where its interval has another level than the outcome.
    fn part(&self, found: &FoundResult, text: &HashSet<String>) -> Option<ChosenPart<'_, 'a>> {
        let level = found.level.as_ref().and_then(|level| format!("{level}%").parse::<Level>().ok());
        let named = self.names.named(text);
        let fits = |index: &usize| {
            let outcome = &self.outcomes[*index];
            let same_level = level.is_none_or(|level| level == outcome.result.spec.level);
            same_level && named.is_none_or(|named| named == *index)
        };
        let among: Vec<usize> = (0..self.outcomes.len()).filter(fits).collect();
        self.parts.choose(found, self.outcomes, &among, text)
    }

    fn held_by_part(&self, found: &FoundResult, chosen: ChosenPart<'_, 'a>) -> Judgement {
        let outcome = self.outcomes[chosen.part.outcome].id.to_string();
        let claim = Claim { outcome: outcome.clone(), ..claim_for(found, chosen.part, self.outcomes) };
        let checked = chosen.part.check(&claim);
        Judgement {
            outcome: Some(outcome),
            by: Some(chosen.by),
            part: Some(chosen.part.part.clone()),
            verdict: checked.verdict,
            reason: (!chosen.others.is_empty()).then_some(Why::AlsoOf(chosen.others)),
            fields: checked.fields,
        }
    }

    /// Whether a result can be compared with outcomes at all; outcomes at its level are then computed.
    fn ready(&mut self, found: &FoundResult) -> Result<(), Why> {
        if found.is_credible {
            return Err(Why::Credible);
        }
        let Some(level) = &found.level else { return Ok(()) };
        if !LEVELS.contains(&level.as_str()) {
            return Err(Why::Level(level.clone()));
        }
        let parsed: Option<Level> = format!("{level}%").parse().ok();
        for (index, outcome) in self.outcomes.iter().enumerate() {
            let Some(parsed) = parsed.filter(|parsed| *parsed != outcome.result.spec.level) else { continue };
            self.at_level.entry((index, level.clone())).or_insert_with(|| {
                fit(outcome.result.data(), &Spec { level: parsed, ..outcome.result.spec.clone() }).ok()
            });
        }
        Ok(())
    }

    /// The outcome at the level of a result.
    fn result(&self, index: usize, found: &FoundResult) -> &MetaAnalysis {
        let other = found.level.as_ref().and_then(|level| self.at_level.get(&(index, level.clone())));
        other.and_then(Option::as_ref).unwrap_or(self.outcomes[index].result)
    }

    /// The outcome that a result is about, or why that cannot be told.
    fn about(&self, found: &FoundResult, text: &HashSet<String>) -> Result<Chosen, Why> {
        let fits = |index: &usize| match self.outcomes[*index].result.scale.is_proportion() {
            true => is_proportion(found),
            false => !is_proportion(found) || !has_sign(found),
        };
        let unsaid = found.measured == Measured::Unsaid;
        let kind: Vec<usize> = (0..self.outcomes.len()).filter(|index| unsaid || fits(index)).collect();
        if kind.is_empty() {
            return Err(match found.measured {
                Measured::Other(what) => Why::NotAProportion(what),
                _ => Why::NoOutcomeOfItsKind,
            });
        }
        let likeness: Vec<(usize, Likeness)> = kind
            .iter()
            .map(|&index| {
                let claim = as_of(&found.claim, &self.outcomes[index]);
                (index, Likeness::of(&claim, self.result(index, found)))
            })
            .collect();
        let named = self.names.named(text).filter(|named| kind.contains(named));
        let whole: Vec<(usize, Likeness)> =
            likeness.iter().copied().filter(|(_, likeness)| likeness.is_whole()).collect();
        if !whole.is_empty() {
            return Ok(self.among_whole(found, &whole, named));
        }
        if unsaid {
            return Err(Why::Unsaid);
        }
        self.by_part(found, &likeness, named).ok_or_else(|| match named {
            Some(named) => Why::NamedInPassing(self.outcomes[named].id.to_string()),
            None => Why::NotMatched(self.nearest(found, &kind)),
        })
    }

    /// The outcome among those that have all main figures.
    fn among_whole(&self, found: &FoundResult, whole: &[(usize, Likeness)], named: Option<usize>) -> Chosen {
        let has = |index: usize| whole.iter().any(|(other, _)| *other == index);
        let best = whole.iter().min_by_key(|(_, likeness)| likeness.all_fails).map_or(0, |(index, _)| *index);
        match named {
            // The words say one outcome and the figures another: they stand in the wrong place.
            Some(named) if !has(named) && !found.says_part && found.claim.two(Field::Ci).is_some() => {
                let remark = Some(Why::FiguresOf(self.outcomes[best].id.to_string()));
                Chosen { index: named, by: About::Name, remark, is_whole: true }
            }
            Some(named) if has(named) => {
                Chosen { index: named, by: About::Figures, remark: None, is_whole: true }
            }
            _ => {
                let others = whole.iter().filter(|(index, _)| *index != best);
                let others: Vec<String> =
                    others.map(|(index, _)| self.outcomes[*index].id.to_string()).collect();
                let remark = (!others.is_empty()).then_some(Why::AlsoOf(others));
                Chosen { index: best, by: About::Figures, remark, is_whole: true }
            }
        }
    }

    /// The outcome that a result is about though a figure is wrong.
    fn by_part(
        &self,
        found: &FoundResult,
        likeness: &[(usize, Likeness)],
        named: Option<usize>,
    ) -> Option<Chosen> {
        let only = |fits: &dyn Fn(&Likeness) -> bool| {
            let mut fitting = likeness.iter().filter(|(_, likeness)| fits(likeness)).map(|(index, _)| *index);
            let first = fitting.next()?;
            let named_too = named.filter(|named| {
                *named == first || likeness.iter().any(|(index, likeness)| index == named && fits(likeness))
            });
            named_too.or(fitting.next().is_none().then_some(first))
        };
        let chosen = |by: About| move |index| Chosen { index, by, remark: None, is_whole: false };
        if let Some(index) = only(&|likeness| likeness.is_near()) {
            return Some(chosen(About::Figures)(index));
        }
        let part = found.says_part && named.is_none_or(|named| !self.part_names(found, named));
        if part {
            return None;
        }
        let same_k =
            |index: &usize| likeness.iter().any(|(other, likeness)| other == index && likeness.same_k);
        let by_name = named.filter(|named| found.says_pooled || same_k(named)).map(chosen(About::Name));
        by_name.or_else(|| only(&|likeness| likeness.same_size).map(chosen(About::Size)))
    }

    /// Whether the words for a part of the studies are those that name the outcome.
    fn part_names(&self, found: &FoundResult, named: usize) -> bool {
        found.part_words.iter().all(|word| self.names.has(named, word))
    }

    /// The outcome whose estimate is nearest, with its value.
    fn nearest(&self, found: &FoundResult, kind: &[usize]) -> Option<[String; 2]> {
        let far = |index: usize| {
            let claim = as_of(&found.claim, &self.outcomes[index]);
            Some((index, distance(&claim, self.result(index, found))?))
        };
        let near = kind.iter().filter_map(|&index| far(index)).min_by(|a, b| a.1.total_cmp(&b.1));
        let (index, _) = near?;
        let result = self.result(index, found);
        let value = |field: Field| match result.get(field.statistic()?)? {
            Value::Number(value) => Some(value),
            _ => None,
        };
        let (estimate, limits) = (value(Field::Estimate)?, [value(Field::Lower), value(Field::Upper)]);
        let format = match result.scale.is_proportion() {
            true => NumberFormat::of_proportion(estimate, Some([limits[0]?, limits[1]?])),
            false => NumberFormat::of_estimates(limits[1]? - limits[0]?),
        };
        let interval = format.interval(limits[0], limits[1]).unwrap_or_default();
        Some([self.outcomes[index].id.to_string(), format!("{} ({interval})", format.with_sign(estimate))])
    }

    /// Every figure of a result held against its outcome.
    fn held(&self, found: &FoundResult, chosen: Chosen) -> Judgement {
        let outcome = &self.outcomes[chosen.index];
        let claim = Claim { outcome: outcome.id.to_string(), ..as_of(&found.claim, outcome) };
        let checked = check(&claim, self.result(chosen.index, found));
        Judgement {
            outcome: Some(outcome.id.to_string()),
            by: Some(chosen.by),
            part: None,
            verdict: checked.verdict,
            reason: chosen.remark,
            fields: checked.fields,
        }
    }
}

/// Whether the estimate is printed with a percent sign, or per so many.
fn has_sign(found: &FoundResult) -> bool {
    found.claim.of_estimates().one(Field::Estimate).is_some_and(|printed| printed.unit() != Unit::None)
}

fn is_proportion(found: &FoundResult) -> bool {
    found.measured == Measured::Proportion
}

/// The verdict on a result by itself: its figures against each other.
fn alone(found: &FoundResult) -> Judgement {
    let claim = &found.claim;
    if !is_proportion(found) || found.is_credible {
        let typed = claim.of_estimates();
        let pair = typed.one(Field::Estimate).cloned().zip(typed.two(Field::Ci));
        let wrong = pair.is_some_and(|(estimate, ci)| figures_contradict(&estimate, &ci));
        let judged = Judgement::not_checkable(match found.measured {
            _ if found.is_credible => Why::Credible,
            Measured::Other(what) => Why::NotAProportion(what),
            _ => Why::Unsaid,
        });
        return match wrong {
            true => Judgement { verdict: Verdict::Fails, reason: Some(Why::Outside), ..judged },
            false => judged,
        };
    }
    let level = found.level.as_ref().and_then(|level| format!("{level}%").parse().ok());
    let checked = check_summary(claim, level.unwrap_or(Level::DEFAULT));
    match checked.verdict {
        Verdict::Fails => Judgement {
            outcome: None,
            by: None,
            part: None,
            verdict: Verdict::Fails,
            reason: None,
            fields: checked.fields.into_iter().filter(|field| field.verdict == Verdict::Fails).collect(),
        },
        _ if claim.two(Field::Ci).is_some() => Judgement::not_checkable(Why::NothingToCompare),
        _ => Judgement::not_checkable(Why::OneFigure),
    }
}
