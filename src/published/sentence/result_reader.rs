//! The results in a sentence of a running text, each with the figures that are printed of it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::citation::cited;
use super::finding::{Finding, Limits, Sentence};
use super::found_count::{FoundCount, counts};
use super::found_result::{FoundCitation, FoundResult, SentenceReading, Surroundings};
use super::measured::{Measured, is_abbreviated, is_comparison, measured};
use super::part_words::is_part_word;
use super::regions::{groups, starts};
use super::test_name::Test;
use super::token::{Number, Token, placed_tokens};
use crate::published::claim::{Claim, Field};

/// Words that say that a figure is pooled.
const POOLED: [&str; 9] =
    ["pooled", "meta", "summary", "combined", "overall", "gepoolte", "gepoolten", "poolée", "agrupada"];
/// Those of them that make a number without an interval a pooled result.
const PLAINLY_POOLED: usize = 2;
/// Words that say that what is counted before them are not the studies or people of the result.
const SEARCHED: [&str; 14] = [
    "included",
    "include",
    "includes",
    "identified",
    "screened",
    "retrieved",
    "eligible",
    "searched",
    "found",
    "assessed",
    "excluding",
    "excluded",
    "removing",
    "omitting",
];
/// An estimate may stand so many tokens before its interval.
const TOKENS_BACK: usize = 16;
/// A pooled number may stand so many tokens behind the word that says so.
const TOKENS_BEHIND: usize = 10;
/// A p-value is that of the heterogeneity that stands at most so many tokens before it.
const TOKENS_TO_P: usize = 12;

/// The results and counts of a sentence.
pub(in crate::published) fn read_sentence(text: &str, surroundings: Surroundings) -> SentenceReading {
    let (tokens, places): (Vec<Token>, Vec<Range<usize>>) = placed_tokens(text).into_iter().unzip();
    if !tokens.iter().any(|token| matches!(token, Token::Number(_))) {
        return SentenceReading::default();
    }
    let mut sentence = Sentence::new(tokens);
    let counts = counts(&mut sentence, &places);
    let limits = sentence.limits();
    let mut found = sentence.named();
    let counted = sentence.counted(&found);
    found.extend(counted);
    for count in &counts {
        found.extend(
            [(Field::Events, count.events_at), (Field::Total, count.total_at)]
                .map(|(field, at)| sentence.take(field, at)),
        );
    }
    let groups = groups(&sentence);
    let reader = ResultReader { text, places: &places, groups: &groups, counts: &counts, surroundings };
    let citations = reader.citations(&sentence, &limits);
    let between: Vec<FoundResult> = found.iter().filter_map(|finding| reader.between(finding)).collect();
    found.retain(|finding| finding.field != Field::BetweenP);
    let mut results = reader.results(&mut sentence, &limits, &mut found);
    let further = if results.is_empty() { further(&sentence, &found) } else { Vec::new() };
    results.extend(between);
    SentenceReading { results, counts, further, citations }
}

/// The figures of heterogeneity, each where it is printed once.
fn further(sentence: &Sentence, found: &[Finding]) -> Vec<(Field, Vec<String>)> {
    let first = found.iter().filter(|finding| is_spread(finding.field)).map(|finding| finding.at).min();
    let mut by_field = BTreeMap::<Field, Vec<&Finding>>::new();
    for finding in found {
        let belongs = match finding.field {
            Field::P => match sentence.tests.get(&finding.at) {
                Some(test) => *test == Test::Heterogeneity,
                None => first.is_some_and(|first| first < finding.at && finding.at - first <= TOKENS_TO_P),
            },
            Field::Prediction | Field::I2Ci | Field::Tau2Ci => true,
            field => is_spread(field),
        };
        if belongs {
            by_field.entry(finding.field).or_default().push(finding);
        }
    }
    let once = by_field.into_iter().filter(|(_, findings)| findings.len() == 1);
    once.map(|(field, findings)| (field, findings[0].texts.clone())).collect()
}

fn is_spread(field: Field) -> bool {
    matches!(field, Field::I2 | Field::Tau2 | Field::Tau | Field::H2 | Field::Q | Field::Df)
}

/// An estimate and its interval, by their tokens.
#[derive(Debug, Clone, Copy)]
struct Candidate<'a> {
    estimate: usize,
    limits: Option<&'a Limits>,
}

impl Candidate<'_> {
    fn last(&self) -> usize {
        self.limits.map_or(self.estimate, |limits| limits.at + 2)
    }
}

struct ResultReader<'a> {
    text: &'a str,
    places: &'a [Range<usize>],
    groups: &'a [usize],
    counts: &'a [FoundCount],
    surroundings: Surroundings,
}

impl ResultReader<'_> {
    fn results(
        &self,
        sentence: &mut Sentence,
        limits: &[Limits],
        found: &mut Vec<Finding>,
    ) -> Vec<FoundResult> {
        let mut candidates = Vec::new();
        for interval in limits {
            if interval.is_prediction {
                found.push(interval_finding(sentence, Field::Prediction, interval));
                continue;
            }
            let of = interval.owner.and_then(|owner| found.iter().find(|finding| finding.at == owner));
            let counts_people =
                of.is_some_and(|of| matches!(of.field, Field::K | Field::Total | Field::Events));
            match of.filter(|_| !(counts_people && interval.is_named)) {
                Some(of) => {
                    let field = match of.field {
                        Field::I2 => Field::I2Ci,
                        Field::Tau2 => Field::Tau2Ci,
                        _ => continue,
                    };
                    found.push(interval_finding(sentence, field, interval));
                }
                None => candidates.extend(self.candidate(sentence, interval, found, counts_people)),
            }
        }
        candidates.sort_by_key(|candidate: &Candidate<'_>| candidate.estimate);
        candidates.dedup_by_key(|candidate| candidate.estimate);
        if candidates.is_empty() {
            candidates.extend(self.pooled_number(sentence, found));
        }
        let spans: Vec<[usize; 2]> =
            candidates.iter().map(|candidate| [candidate.estimate, self.end(sentence, candidate)]).collect();
        let starts = starts(sentence, self.groups, &spans);
        let one = |(index, candidate): (usize, &Candidate<'_>)| {
            let region = starts[index]..starts[index + 1];
            self.result(sentence, candidate, spans[index], region, candidates.len() > 1, found)
        };
        candidates.iter().enumerate().filter_map(one).collect()
    }

    /// The estimate that an interval belongs to, where both are taken for a result.
    fn candidate<'l>(
        &self,
        sentence: &Sentence,
        limits: &'l Limits,
        found: &[Finding],
        counts_people: bool,
    ) -> Option<Candidate<'l>> {
        if limits.owner.is_some_and(|owner| sentence.others.contains(&owner)) {
            return None;
        }
        let refers = |owner: &usize| is_reference(sentence, *owner);
        let estimate = match limits.owner.filter(|owner| !counts_people && !refers(owner)) {
            Some(owner) => owner,
            None if limits.is_named => self.estimate_behind(sentence, limits.at, found)?,
            None => return None,
        };
        let taken = limits.is_named || self.is_interval(sentence, estimate, limits, found);
        taken.then_some(Candidate { estimate, limits: Some(limits) })
    }

    /// The number before an interval that does not stand right behind one: with a unit or decimals.
    fn estimate_behind(&self, sentence: &Sentence, limits: usize, found: &[Finding]) -> Option<usize> {
        for at in (limits.saturating_sub(TOKENS_BACK)..limits).rev() {
            if sentence.is_sign(at, &['|']) || (self.groups[at] == 0 && sentence.is_sign(at, &[';'])) {
                return None;
            }
            let Some(number) = sentence.number(at) else { continue };
            let counted = self.counts.iter().any(|count| count.percent_at == at);
            let is_figure = !number.unit.is_empty() || number.digits.contains('.');
            let is_level =
                sentence.is_word(at + 1, &["ci", "confidence"]) || sentence.is_sign(at + 1, &['-']);
            let taken = sentence.used[at] && !counted || found.iter().any(|finding| finding.at == at);
            if is_figure && !taken && !is_level {
                return Some(at);
            }
            if sentence.used[at] && !counted && is_figure {
                // The limits or the level of another result.
                let other = self.groups[at] == self.groups[limits];
                if !other {
                    return None;
                }
            }
        }
        None
    }

    /// Whether two numbers in brackets behind a third are its interval, where nothing calls them so.
    fn is_interval(
        &self,
        sentence: &Sentence,
        estimate_at: usize,
        limits: &Limits,
        found: &[Finding],
    ) -> bool {
        let numbers = [estimate_at, limits.at, limits.at + 2].map(|at| sentence.number(at));
        let [Some(estimate), Some(lower), Some(upper)] = numbers else { return false };
        let sign = self.trailing_percent(sentence, limits) || self.surroundings.percent_above;
        let has_unit = sign || numbers.iter().flatten().any(|number| !number.unit.is_empty());
        let decimals = |number: &Number| number.digits.contains('.');
        let years = [lower, upper].iter().all(|limit| limit.is_whole() && limit.digits.len() == 4);
        let by_comma =
            sentence.is_sign(limits.at + 1, &[',', ';']) || sentence.is_word(limits.at + 1, &["and"]);
        let plain = |limit: &Number| !decimals(limit) && limit.unit.is_empty();
        let [middle, from, to] = [estimate, lower, upper].map(value);
        let encloses = from <= middle && middle <= to;
        let cites = plain(lower) && plain(upper) && !sign && !encloses;
        let big = estimate.is_whole() && value(estimate) > 100.0;
        // "a pooled 54% [46, 62]" is an interval, "54% [46, 62]" may be references.
        let lists = by_comma
            && (plain(lower) || plain(upper))
            && !(encloses && !estimate.unit.is_empty() && says_pooled(sentence));
        if years || big || cites || lists {
            return false;
        }
        let typed = estimate_at.checked_sub(1).map(|at| &self.text[self.places[at].clone()]);
        let is_ratio = typed.is_some_and(is_abbreviated) && decimals(estimate);
        if has_unit || is_ratio {
            return true;
        }
        let said = self.surroundings.in_table
            || says_pooled(sentence)
            || says(sentence, 0..sentence.tokens.len(), &["ci", "confidence"])
            || found.iter().any(|finding| is_spread(finding.field));
        said && decimals(estimate) && decimals(lower) && decimals(upper)
    }

    /// The numbers in brackets that are references and no intervals.
    fn citations(&self, sentence: &Sentence, limits: &[Limits]) -> Vec<FoundCitation> {
        let of = |limits: &Limits| {
            let why = cited(sentence, limits.owner?, limits)?;
            let range = self.places[limits.owner?].start..self.places[limits.at + 2].end;
            Some(FoundCitation { range, why })
        };
        limits.iter().filter_map(of).collect()
    }

    /// A p-value of a test between subgroups, which is no figure of one pooled result.
    fn between(&self, finding: &Finding) -> Option<FoundResult> {
        let mut claim = Claim::default();
        (finding.field == Field::BetweenP).then_some(())?;
        claim.set(Field::BetweenP.key(), &finding.texts).ok()?;
        Some(FoundResult {
            range: self.places[finding.at].clone(),
            region: 0..self.text.len(),
            claim,
            level: None,
            measured: Measured::Other("a test between subgroups"),
            is_credible: false,
            says_pooled: false,
            says_part: true,
            part_words: Vec::new(),
            left_out: Vec::new(),
        })
    }

    /// `54.0 (46.3–61.5)%`.
    fn trailing_percent(&self, sentence: &Sentence, limits: &Limits) -> bool {
        sentence.is_sign(limits.at + 3, &[')', ']']) && sentence.is_sign(limits.at + 4, &['%'])
    }

    /// The number that is said to be pooled, where no interval is printed.
    fn pooled_number(&self, sentence: &Sentence, found: &[Finding]) -> Option<Candidate<'static>> {
        let said = (0..sentence.tokens.len()).find(|at| sentence.is_word(*at, &POOLED[..PLAINLY_POOLED]))?;
        let behind = said + 1..sentence.tokens.len().min(said + 1 + TOKENS_BEHIND);
        let estimate = behind.into_iter().find(|at| sentence.number(*at).is_some())?;
        let number = sentence.number(estimate)?;
        let is_figure =
            !number.unit.is_empty() || (number.digits.starts_with("0.") && number.digits.len() > 3);
        let is_other = sentence.used[estimate]
            || found.iter().any(|finding| finding.at == estimate)
            || sentence.is_word(estimate + 1, &["ci", "confidence", "prediction", "credible"])
            || sentence.is_sign(estimate + 1, &['-', '–']);
        let bounded = estimate > 0 && sentence.is_sign(estimate - 1, &['<', '>', '≤', '≥']);
        (is_figure && !is_other && !bounded).then_some(Candidate { estimate, limits: None })
    }

    /// The last token of a result: the bracket that closes behind its interval, with a percent sign behind it.
    fn end(&self, sentence: &Sentence, candidate: &Candidate<'_>) -> usize {
        let last = candidate.last();
        let group = self.groups[last];
        if group == 0 || candidate.limits.is_none() || self.groups[candidate.estimate] == group {
            return last;
        }
        let inside = (last..sentence.tokens.len()).take_while(|at| self.is_inside(*at, group)).last();
        let end = (inside.unwrap_or(last) + 1).min(sentence.tokens.len() - 1);
        end + usize::from(sentence.is_sign(end + 1, &['%']))
    }

    /// Whether a token stands in the bracket of this group, or in one within it.
    fn is_inside(&self, at: usize, group: usize) -> bool {
        let mut of = self.groups[at];
        while of > group {
            of = self.groups[of - 1];
        }
        of == group
    }

    fn result(
        &self,
        sentence: &Sentence,
        candidate: &Candidate<'_>,
        span: [usize; 2],
        region: Range<usize>,
        is_one_of_several: bool,
        found: &[Finding],
    ) -> Option<FoundResult> {
        let (texts, has_unit) = self.figures(sentence, candidate)?;
        let values: Vec<f64> = self.numbers(sentence, candidate).iter().map(|number| value(number)).collect();
        let behind = [candidate.estimate + 1, span[1] + 1];
        let measured =
            measured(sentence, self.text, self.places, candidate.estimate, behind, has_unit, &values);
        let is_named = candidate.limits.is_some_and(|limits| limits.is_named);
        let is_ratio = matches!(measured, Measured::Other(what) if is_comparison(what));
        let is_read = is_named || is_ratio || measured == Measured::Proportion || self.surroundings.in_table;
        if !is_read {
            return None;
        }
        let mut claim = Claim::default();
        claim.set(Field::Estimate.key(), &texts[..1]).ok()?;
        if let [_, lower, upper] = &texts[..] {
            claim.set(Field::Ci.key(), &[lower, upper]).ok()?;
        }
        let mut left_out = Vec::new();
        let respectively = is_one_of_several && says(sentence, 0..sentence.tokens.len(), &["respectively"]);
        let in_percent = texts[0].ends_with('%');
        for (field, mut texts) in self.others(sentence, span, &region, respectively, found, &mut left_out) {
            if field == Field::Prediction && in_percent {
                with_percent_sign(&mut texts);
            }
            if claim.set(field.key(), &texts).is_err() {
                left_out.push(format!("{} {}", field.key(), texts.join(" to ")));
            }
        }
        let bytes = |tokens: &Range<usize>| {
            let last = tokens.end.max(tokens.start + 1).min(self.places.len()) - 1;
            self.places[tokens.start.min(last)].start..self.places[last].end
        };
        let parts = region.clone().filter_map(|at| sentence.word(at)).filter(|word| is_part_word(word));
        let part_words: Vec<String> = parts.map(str::to_string).collect();
        Some(FoundResult {
            range: self.places[span[0]].start..self.places[span[1]].end,
            region: bytes(&region),
            claim,
            level: candidate.limits.and_then(|limits| limits.level.clone()),
            measured,
            is_credible: candidate.limits.is_some_and(|limits| limits.is_credible),
            says_pooled: says_pooled(sentence) || says_across(sentence, &region),
            says_part: !part_words.is_empty(),
            part_words,
            left_out,
        })
    }

    fn numbers<'s>(&self, sentence: &'s Sentence, candidate: &Candidate<'_>) -> Vec<&'s Number> {
        let limits = candidate.limits.map(|limits| [limits.at, limits.at + 2]);
        let places = [candidate.estimate].into_iter().chain(limits.into_iter().flatten());
        places.filter_map(|at| sentence.number(at)).collect()
    }

    /// The texts of the estimate and its limits, each with its unit, and whether one has one.
    fn figures(&self, sentence: &Sentence, candidate: &Candidate<'_>) -> Option<(Vec<String>, bool)> {
        let numbers = self.numbers(sentence, candidate);
        let sign = candidate.limits.is_some_and(|limits| self.trailing_percent(sentence, limits))
            || self.surroundings.percent_above;
        let above = Number { digits: String::new(), unit: "%".to_string(), typed: String::new() };
        let estimate = *numbers.first()?;
        let of_limits = numbers.iter().skip(1).rev().find(|number| !number.unit.is_empty());
        let unit = match (of_limits, estimate.unit.is_empty()) {
            (Some(limit), _) => *limit,
            (None, false) => estimate,
            (None, true) if sign && !numbers.iter().all(|number| is_fraction(number)) => &above,
            (None, true) => estimate,
        };
        let has_unit = !unit.unit.is_empty();
        let fractions = numbers.len() == 3 && are_fractions(estimate, numbers[1], numbers[2]);
        let one = |(index, number): (usize, &&Number)| match fractions && index > 0 {
            true => number.digits.clone(),
            false => number.with_unit_of(unit),
        };
        Some((numbers.iter().enumerate().map(one).collect(), has_unit))
    }

    /// The other figures of a result: those in its bracket, else those in its part of the sentence.
    fn others(
        &self,
        sentence: &Sentence,
        [first, last]: [usize; 2],
        region: &Range<usize>,
        respectively: bool,
        found: &[Finding],
        left_out: &mut Vec<String>,
    ) -> Vec<(Field, Vec<String>)> {
        let mut by_field = BTreeMap::<Field, [Vec<&Finding>; 2]>::new();
        for finding in found.iter().filter(|finding| region.contains(&finding.at)) {
            let beside = (first..=last).contains(&finding.at);
            let within =
                beside || (self.groups[first] != 0 && self.is_inside(finding.at, self.groups[first]));
            let taken = match finding.field {
                Field::P => self.is_p_of_q(sentence, finding, found),
                Field::Events => within,
                Field::K | Field::Total => {
                    within
                        || (!respectively && self.counts_its_studies(sentence, finding, found, [first, last]))
                }
                _ => within || !respectively,
            };
            if taken {
                by_field.entry(finding.field).or_default()[usize::from(!within)].push(finding);
            } else if finding.field == Field::P {
                left_out.push(sentence.p_left_out(finding));
            }
        }
        let mut fields = Vec::new();
        for (field, [within, around]) in by_field {
            let mut findings = if within.is_empty() { around } else { within };
            findings.dedup_by(|a, b| a.texts == b.texts);
            match findings[..] {
                [one] => fields.push((field, one.texts.clone())),
                _ => {
                    let values: Vec<String> = findings.iter().map(|one| one.texts.join(" to ")).collect();
                    left_out.push(format!("{} could be {}", field.about(), values.join(" or ")));
                }
            }
        }
        fields
    }

    /// Whether a p-value is said to be of heterogeneity, or stands behind a figure of it in the same bracket or in one
    /// that opens right behind it: "I² = 64.7% (p < 0.001)".
    fn is_p_of_q(&self, sentence: &Sentence, p: &Finding, found: &[Finding]) -> bool {
        if let Some(test) = sentence.tests.get(&p.at) {
            return *test == Test::Heterogeneity;
        }
        found.iter().any(|finding| {
            is_spread(finding.field)
                && finding.at < p.at
                && p.at - finding.at <= TOKENS_TO_P
                && (self.groups[finding.at] == self.groups[p.at] || self.groups[p.at] == finding.at + 2)
        })
    }

    /// Whether studies or people that are counted outside of the brackets of a result are its own: nothing says that
    /// they were searched for or left out, no semicolon stands between, and they are no part of a count.
    fn counts_its_studies(
        &self,
        sentence: &Sentence,
        finding: &Finding,
        found: &[Finding],
        [first, last]: [usize; 2],
    ) -> bool {
        let between = finding.at.min(last)..finding.at.max(first);
        let parted = between.clone().any(|at| sentence.is_sign(at, &[';']) && self.groups[at] == 0);
        let searched = says(sentence, 0..finding.at + 3, &SEARCHED);
        let of_events = finding.field == Field::Total
            && found.iter().any(|other| {
                other.field == Field::Events && other.at < finding.at && finding.at - other.at <= 3
            });
        !parted && !searched && !of_events
    }
}

/// Whether a word of the sentence says that it is about a pooled result: one of [`POOLED`], or the name of a model, as the
/// packages of R print it: "Random effects model 0.54 [0.46; 0.62]".
fn says_pooled(sentence: &Sentence) -> bool {
    let names_model =
        |at: usize| sentence.is_word(at, &["effect", "effects"]) && sentence.is_word(at + 1, &["model"]);
    says(sentence, 0..sentence.tokens.len(), &POOLED) || (0..sentence.tokens.len()).any(names_model)
}

/// Whether a whole number is that of a week, a table or a year, and not an estimate: "at week 24 (95% CI 21% to 44%)".
fn is_reference(sentence: &Sentence, at: usize) -> bool {
    const BEFORE: [&str; 12] = [
        "week", "weeks", "month", "months", "day", "days", "year", "years", "table", "figure", "fig", "visit",
    ];
    let is_year = |number: &Number| number.digits.len() == 4 && (1900.0..2100.0).contains(&value(number));
    sentence.number(at).is_some_and(|number| {
        number.is_whole() && (is_year(number) || (at > 0 && sentence.is_word(at - 1, &BEFORE)))
    })
}

/// Whether a word of a list stands in a part of the sentence.
fn says(sentence: &Sentence, tokens: Range<usize>, words: &[&str]) -> bool {
    tokens.into_iter().any(|at| sentence.is_word(at, words))
}

/// "across 14 studies", "in 14 studies", "14 studies reported".
fn says_across(sentence: &Sentence, tokens: &Range<usize>) -> bool {
    let is_plural = |at: usize| sentence.is_word(at, &["studies", "trials", "cohorts", "series"]);
    tokens.clone().any(|at| {
        is_plural(at) && at > 0 && (1..=3).any(|back| at >= back && sentence.number(at - back).is_some())
    })
}

/// Numbers above 1 without a sign, beside an estimate in percent, are percentages too.
fn with_percent_sign(texts: &mut [String]) {
    let is_plain = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if texts.iter().all(is_plain) && texts.iter().any(|text| text.parse().is_ok_and(|value: f64| value > 1.0))
    {
        texts.iter_mut().for_each(|text| text.push('%'));
    }
}

fn value(number: &Number) -> f64 {
    number.digits.parse().unwrap_or(f64::INFINITY)
}

fn is_fraction(number: &Number) -> bool {
    number.unit.is_empty() && number.digits.contains('.') && (0.0..=1.0).contains(&value(number))
}

/// Whether limits without a sign are fractions beside an estimate in percent: `54% (0.46 to 0.62)`.
fn are_fractions(estimate: &Number, lower: &Number, upper: &Number) -> bool {
    let percent = value(estimate);
    let around = |scale: f64| value(lower) * scale <= percent && percent <= value(upper) * scale;
    estimate.unit == "%" && is_fraction(lower) && is_fraction(upper) && !around(1.0) && around(100.0)
}

fn interval_finding(sentence: &Sentence, field: Field, limits: &Limits) -> Finding {
    let number = |at: usize| {
        sentence.number(at).cloned().unwrap_or_else(|| Number {
            digits: String::new(),
            unit: String::new(),
            typed: String::new(),
        })
    };
    let [lower, upper] = [number(limits.at), number(limits.at + 2)];
    let owner = limits.owner.map(number).filter(|owner| !owner.unit.is_empty() && upper.unit.is_empty());
    let unit = owner.unwrap_or_else(|| upper.clone());
    Finding { field, texts: vec![lower.with_unit_of(&unit), upper.with_unit_of(&unit)], at: limits.at }
}
