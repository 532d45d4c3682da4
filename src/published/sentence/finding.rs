//! Which numbers of a sentence are which figures.

use std::collections::BTreeMap;

use super::test_name::{Test, names_p};
use super::token::{Number, Token};
use crate::published::claim::Field;

/// Words for what is counted.
const STUDIES: [&str; 13] = [
    "study", "studies", "trial", "trials", "series", "cohort", "cohorts", "report", "reports", "rct", "rcts",
    "articles", "papers",
];
const PEOPLE: [&str; 17] = [
    "patient",
    "patients",
    "people",
    "participant",
    "participants",
    "person",
    "persons",
    "subject",
    "subjects",
    "individuals",
    "cases",
    "children",
    "adults",
    "women",
    "men",
    "eyes",
    "infants",
];
/// Words for a confidence interval, in German, French, Italian, Portuguese and Spanish too.
pub(super) const CONFIDENCE: [&str; 14] = [
    "ci",
    "cis",
    "ki",
    "ic",
    "confidence",
    "interval",
    "intervals",
    "limits",
    "konfidenzintervall",
    "intervalle",
    "confiance",
    "intervalo",
    "confianza",
    "confiança",
];
/// Words that may stand between the limits of an interval and what comes before them.
const BEFORE_LIMITS: [&str; 15] = [
    "was", "is", "of", "from", "ranged", "ranging", "between", "von", "zwischen", "de", "del", "entre", "da",
    "dal", "tra",
];
/// Words between the name of an interval and its level: "IC à 95 %", "IC del 95 %".
const BEFORE_LEVEL: [&str; 5] = ["à", "a", "al", "del", "de"];
/// Numbers in words, as sentences begin with them.
const IN_WORDS: [&str; 19] = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];
/// So many other words may stand between a number and what it counts: "14 included observational studies".
const MOST_ADJECTIVES: usize = 3;

/// A figure that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub field: Field,
    /// One number or two limits.
    pub texts: Vec<String>,
    /// Where its number stands among the tokens; of an interval the first limit.
    pub at: usize,
}

/// Two limits in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limits {
    /// Where the lower one stands among the tokens; the upper one is the second token behind it.
    pub at: usize,
    pub is_prediction: bool,
    /// Whether it is called a credible interval.
    pub is_credible: bool,
    /// The level before its name, in percent.
    pub level: Option<String>,
    /// The number that it stands behind, if it stands behind one.
    pub owner: Option<usize>,
    /// Whether it is called an interval.
    pub is_named: bool,
}

/// The tokens of a sentence, and which of them are explained.
pub(super) struct Sentence {
    pub tokens: Vec<Token>,
    pub used: Vec<bool>,
    /// The tests that p-values are said to be of, by the tokens of the p-values.
    pub tests: BTreeMap<usize, Test>,
    /// The numbers of statistics that are no figures of a claim: `H = 1.68`.
    pub others: Vec<usize>,
    /// What was understood and is no figure of the result, and why.
    pub set_aside: Vec<String>,
}

impl Sentence {
    pub fn new(tokens: Vec<Token>) -> Self {
        let used = vec![false; tokens.len()];
        Self { tokens, used, tests: BTreeMap::new(), others: Vec::new(), set_aside: Vec::new() }
    }

    pub fn number(&self, at: usize) -> Option<&Number> {
        match self.tokens.get(at)? {
            Token::Number(number) => Some(number),
            _ => None,
        }
    }

    pub fn word(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at)? {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn is_sign(&self, at: usize, signs: &[char]) -> bool {
        matches!(self.tokens.get(at), Some(Token::Sign(sign)) if signs.contains(sign))
    }

    pub fn is_word(&self, at: usize, words: &[&str]) -> bool {
        self.word(at).is_some_and(|word| words.contains(&word))
    }

    /// The numbers that nothing explains yet.
    pub fn unused(&self) -> impl Iterator<Item = (usize, &Number)> {
        (0..self.tokens.len()).filter(|at| !self.used[*at]).filter_map(|at| Some((at, self.number(at)?)))
    }

    pub fn mark(&mut self, at: usize) {
        self.used[at] = true;
    }

    /// Every pair of limits, and the numbers that are levels.
    pub fn limits(&mut self) -> Vec<Limits> {
        let mut found = Vec::new();
        for at in 0..self.tokens.len().saturating_sub(2) {
            if let Some(limits) = self.limits_at(at) {
                [at, at + 2].into_iter().for_each(|at| self.mark(at));
                found.push(limits);
            }
        }
        found
    }

    fn limits_at(&mut self, at: usize) -> Option<Limits> {
        let apart = self.is_sign(at + 1, &['-', '–', '~', ',', ';'])
            || self.is_word(at + 1, &["to", "and", "through", "à", "bis", "a", "y", "e", "et", "und"]);
        if !apart || self.number(at).is_none() || self.number(at + 2).is_none() || self.used[at] {
            return None;
        }
        // "(54.0%, 46.3–61.5)" is an estimate and its limits.
        let dash = self.is_sign(at + 3, &['-', '–']) || self.is_word(at + 3, &["to"]);
        if self.is_sign(at + 1, &[',', ';']) && dash && self.number(at + 4).is_some() {
            return None;
        }
        // Back over signs and fillers to the name of the interval, if it has one.
        let mut place = at;
        while place > 0
            && (self.is_sign(place - 1, &[':', '=', ',', '(', '['])
                || self.is_word(place - 1, &BEFORE_LIMITS))
        {
            place -= 1;
        }
        let opened = |at: Option<usize>| at.is_some_and(|at| self.is_sign(at, &['(', '[']));
        // "(46.3–61.5)", and "(54.0%, 46.3–61.5)"
        let with_estimate = at > 2
            && self.is_sign(at - 1, &[',', ';'])
            && self.number(at - 2).is_some_and(|number| !number.unit.is_empty())
            && self.is_sign(at + 3, &[')', ']', ';', ','])
            && opened(at.checked_sub(3));
        let bracketed = opened(at.checked_sub(1)) || with_estimate;
        let mut limits = Limits {
            at,
            is_prediction: false,
            is_credible: false,
            level: None,
            owner: None,
            is_named: false,
        };
        let mut named = false;
        // "CI 95%: 46.3 to 61.5"
        if let Some((level, before)) = self.level_behind_name(place) {
            limits.level = self.number(level).map(|level| level.digits.clone());
            place = before;
            self.mark(level);
        }
        while place > 0 {
            // "95% confidence interval (CI)", and "95%-CI"
            let abbreviates =
                self.is_sign(place - 1, &[')', ']']) && place > 1 && self.is_word(place - 2, &CONFIDENCE);
            let hyphen = self.is_sign(place - 1, &['-']) && place > 1 && self.number(place - 2).is_some();
            let opened =
                self.is_sign(place - 1, &['(', '[']) && place > 1 && self.is_word(place - 2, &CONFIDENCE);
            if abbreviates || (named && (hyphen || opened)) {
                place -= 1;
                continue;
            }
            match self.word(place - 1) {
                Some(word) if CONFIDENCE.contains(&word) => {}
                Some("pi" | "prediction" | "predictive") => limits.is_prediction = true,
                Some("cri" | "credible" | "ui" | "uncertainty" | "hdi") => limits.is_credible = true,
                _ => break,
            }
            (named, place) = (true, place - 1);
        }
        if !named && !bracketed {
            return None;
        }
        limits.is_named = named;
        if named
            && limits.level.is_none()
            && let Some(level) = place.checked_sub(1).and_then(|level| self.number(level))
        {
            limits.level = Some(level.digits.clone());
            place -= 1;
            self.mark(place);
        }
        while place > 0
            && (self.is_sign(place - 1, &['(', '[', ',', ';', ':'])
                || self.is_word(place - 1, &["with", "a", "an"]))
        {
            place -= 1;
        }
        limits.owner = place.checked_sub(1).filter(|owner| self.number(*owner).is_some());
        Some(limits)
    }

    /// The level that stands before this place and behind the name of an interval, and the place behind that name.
    fn level_behind_name(&self, place: usize) -> Option<(usize, usize)> {
        let level = place.checked_sub(1).filter(|level| self.number(*level).is_some())?;
        let filled = level > 1 && self.is_word(level - 1, &BEFORE_LEVEL);
        let before = level - usize::from(filled);
        (before > 0 && self.is_word(before - 1, &CONFIDENCE)).then_some((level, before))
    }

    /// The figures that stand behind their names, `I2 = 84%`, `Q(13) = 33.2`, `p < .001`.
    pub fn named(&mut self) -> Vec<Finding> {
        let mut found = Vec::new();
        for at in 0..self.tokens.len() {
            self.set_aside_statistic(at);
            let Some(field) = self.word(at).and_then(field_named) else { continue };
            let mut next = at + 1;
            let mut test = None;
            match field {
                Field::Q => next = self.df_in_brackets(next, &mut found),
                Field::P => (next, test) = self.behind_p(at),
                Field::I2 | Field::Tau2 => {
                    next += usize::from(self.is_word(next, &["statistic", "value", "index"]));
                    // "I², 64.7%"
                    let percent = self.number(next + 1).is_some_and(|number| number.unit == "%");
                    next += usize::from(field == Field::I2 && self.is_sign(next, &[',']) && percent);
                }
                _ => {}
            }
            // Behind their names alone: "I² 64.7%".
            let stands = matches!(field, Field::I2 | Field::Tau2) && self.number(next).is_some();
            let says = stands
                || self.is_sign(next, &['=', '<', '>', ':', '~'])
                || self.is_word(next, &["of", "was", "is"]);
            if !says {
                continue;
            }
            let mut relation = String::new();
            while let Some(Token::Sign(sign @ ('=' | '<' | '>' | ':' | '~'))) = self.tokens.get(next) {
                relation.extend((*sign != ':').then_some(*sign));
                next += 1;
            }
            if relation.is_empty() && !stands {
                next += usize::from(self.word(next).is_some());
            }
            let Some(number) = self.number(next).filter(|_| !self.used[next]) else { continue };
            let relation = if relation == "=" { "" } else { &relation };
            let text = format!("{relation}{}{}", number.digits, number.unit);
            self.mark(next);
            let counts = self.counted_behind(next + 1);
            let field =
                if matches!(field, Field::Total | Field::K) { counts.unwrap_or(field) } else { field };
            self.tests.extend(test.map(|test| (next, test)));
            found.push(Finding { field, texts: vec![text], at: next });
        }
        self.assign_tests(&mut found);
        found
    }

    /// Marks the number of a statistic that is no figure of a claim, such as `H = 1.68`, if one is named here.
    fn set_aside_statistic(&mut self, at: usize) {
        if self.is_word(at, &["h", "r2"]) && self.is_sign(at + 1, &['=']) && self.number(at + 2).is_some() {
            self.mark(at + 2);
            self.others.push(at + 2);
        }
    }

    /// The degrees of freedom in `Q(13)` or `Q (df = 13)`, and the place behind them.
    fn df_in_brackets(&mut self, at: usize, found: &mut Vec<Finding>) -> usize {
        if !self.is_sign(at, &['(', '[']) {
            return at;
        }
        let end = (at..self.tokens.len().min(at + 5)).find(|at| self.is_sign(*at, &[')', ']']));
        let number = (at..end.unwrap_or(at)).find(|at| self.number(*at).is_some_and(Number::is_whole));
        match (number, end) {
            (Some(number), Some(end)) if end - at <= 4 => {
                let texts = self.number(number).map(|df| df.digits.clone()).into_iter().collect();
                self.mark(number);
                found.push(Finding { field: Field::Df, texts, at: number });
                end + 1
            }
            _ => at,
        }
    }

    /// What is counted behind a number, with other words between.
    fn counted_behind(&self, at: usize) -> Option<Field> {
        let words = (at..at + MOST_ADJECTIVES + 1).map_while(|at| self.word(at));
        words.into_iter().find_map(|word| match word {
            word if STUDIES.contains(&word) => Some(Field::K),
            word if PEOPLE.contains(&word) => Some(Field::Total),
            _ => None,
        })
    }

    /// The whole numbers before what they count, and events out of a total: `14 studies`, `149 of 275 patients`, `149/275`.
    /// A number in words counts where no digits do, here or among those that are `named`.
    pub fn counted(&mut self, named: &[Finding]) -> Vec<Finding> {
        let mut found = Vec::new();
        for at in 0..self.tokens.len() {
            found.extend(self.counted_in_words(at));
            if self.used[at] || !self.number(at).is_some_and(Number::is_whole) {
                continue;
            }
            let mut total = at + 1;
            total += usize::from(self.is_word(total, &["out"]));
            let out_of = self.is_sign(total, &['/']) || self.is_word(total, &["of"]);
            if out_of
                && self.used.get(total + 1) == Some(&false)
                && self.number(total + 1).is_some_and(Number::is_whole)
            {
                for (field, at) in [(Field::Events, at), (Field::Total, total + 1)] {
                    found.push(self.take(field, at));
                }
            } else if let Some(field) = self.counted_behind(at + 1) {
                found.push(self.take(field, at));
            }
        }
        let in_digits: Vec<Field> = found
            .iter()
            .chain(named)
            .filter(|one| self.number(one.at).is_some())
            .map(|one| one.field)
            .collect();
        found.retain(|one| self.number(one.at).is_some() || !in_digits.contains(&one.field));
        found
    }

    /// `Fourteen studies`.
    fn counted_in_words(&self, at: usize) -> Option<Finding> {
        let number = IN_WORDS.iter().position(|word| self.is_word(at, &[word]))? + 2;
        let field = self.counted_behind(at + 1)?;
        Some(Finding { field, texts: vec![number.to_string()], at })
    }

    /// The number here as a figure of this field.
    pub fn take(&mut self, field: Field, at: usize) -> Finding {
        self.mark(at);
        let texts = self.number(at).map(|number| number.with_unit_of(number)).into_iter().collect();
        Finding { field, texts, at }
    }
}

/// The field that this word names.
fn field_named(word: &str) -> Option<Field> {
    Some(match word {
        "i2" => Field::I2,
        "tau2" => Field::Tau2,
        "tau" => Field::Tau,
        "h2" => Field::H2,
        "q" | "chi2" => Field::Q,
        "df" => Field::Df,
        "p" => Field::P,
        _ if names_p(word) => Field::P,
        "k" | "studies" => Field::K,
        "n" | "patients" | "participants" => Field::Total,
        "events" => Field::Events,
        _ => return None,
    })
}
