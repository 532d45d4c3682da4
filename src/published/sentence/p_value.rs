//! Which test a p-value in a sentence is of.

use super::finding::{Finding, Sentence};
use super::test_name::{Test, test_named};
use super::token::Token;
use crate::published::claim::Field;

/// So many tokens may stand between `p` and its number: "p for subgroup difference".
const TOKENS_BEHIND_P: usize = 7;
/// So many tokens before a p-value name its test.
const TOKENS_BEFORE_P: usize = 6;
/// So many tokens behind a p-value name its test: "p = 0.03 for subgroup differences".
const TOKENS_BEHIND: usize = 6;
/// Words that may stand in the name of a p-value.
const IN_NAME: [&str; 14] = [
    "value",
    "values",
    "for",
    "of",
    "the",
    "test",
    "from",
    "by",
    "in",
    "between",
    "difference",
    "differences",
    "group",
    "groups",
];
/// Words before a p-value of another test.
const OTHERS: [&str; 12] = [
    "z",
    "t",
    "f",
    "egger",
    "begg",
    "peters",
    "macaskill",
    "bias",
    "asymmetry",
    "trend",
    "ptrend",
    "overall",
];

impl Sentence {
    /// Behind the `p` at this token: where its relation or number begins, and the test that stands between.
    pub(super) fn behind_p(&self, at: usize) -> (usize, Option<Test>) {
        let mut test = self.word(at).and_then(test_named);
        let mut next = at + 1;
        while next <= at + TOKENS_BEHIND_P {
            match self.tokens.get(next) {
                Some(Token::Word(word)) if test_named(word).is_some() => test = test.or(test_named(word)),
                Some(Token::Word(word)) if IN_NAME.contains(&word.as_str()) => {}
                Some(Token::Sign('-' | '_')) => {}
                Some(Token::Sign('=' | '<' | '>')) => return (next, test),
                _ => break,
            }
            next += 1;
        }
        (at + 1, None)
    }

    /// Says of every p-value of which test it is where the words do, and sets aside the other figures of a test between
    /// subgroups: its Q, df and I² are not those of the result.
    pub(super) fn assign_tests(&mut self, found: &mut Vec<Finding>) {
        let begins: Vec<usize> = (0..self.tokens.len()).filter(|at| self.is_between_test(*at)).collect();
        let is_between = |sentence: &Self, at: usize| {
            begins.iter().any(|begin| *begin < at && !sentence.is_parted(*begin, at))
        };
        let (mut kept, mut aside) = (Vec::with_capacity(found.len()), Vec::new());
        for mut finding in found.drain(..) {
            let at = finding.at;
            if finding.field == Field::P {
                let said = self.tests.get(&at).copied().or_else(|| {
                    let between = is_between(self, at) || self.says_between_behind(at);
                    if between { Some(Test::Subgroups) } else { self.other_test_before(at) }
                });
                self.tests.extend(said.map(|test| (at, test)));
                if said == Some(Test::Subgroups) {
                    finding.field = Field::BetweenP;
                }
                kept.push(finding);
            } else if matches!(finding.field, Field::Q | Field::Df | Field::I2) && is_between(self, at) {
                let name = finding.field.key();
                aside.push(format!("{name} {} (of the test between subgroups)", finding.texts.concat()));
            } else {
                kept.push(finding);
            }
        }
        *found = kept;
        self.set_aside.extend(aside);
    }

    /// What is said of a p-value that is not that of Q.
    pub(super) fn p_left_out(&self, p: &Finding) -> String {
        let why = match self.tests.get(&p.at) {
            Some(_) => "of another test",
            None => "of which test is not said",
        };
        format!("p {} ({why})", p.texts.concat())
    }

    /// Whether a test between subgroups is named here: "subgroup differences", "differences between subgroups".
    fn is_between_test(&self, at: usize) -> bool {
        if self.is_word(at, &["interaction"]) {
            return true;
        }
        let near = at.saturating_sub(3)..at + 3;
        self.is_word(at, &["subgroup", "subgroups"])
            && near
                .into_iter()
                .any(|at| self.is_word(at, &["difference", "differences", "different", "differ"]))
    }

    /// Whether a semicolon, or a percentage with something in brackets that is no p-value, stands between two tokens.
    fn is_parted(&self, from: usize, to: usize) -> bool {
        (from..to).any(|at| {
            self.is_sign(at, &[';', '|'])
                || (self.is_sign(at, &['(', '['])
                    && at > 0
                    && !self.is_word(at + 1, &["p"])
                    && self.number(at - 1).is_some_and(|number| !number.unit.is_empty()))
        })
    }

    fn says_between_behind(&self, at: usize) -> bool {
        let behind = at + 1..at + TOKENS_BEHIND;
        let named = behind.clone().find(|at| self.is_between_test(*at));
        named.is_some_and(|named| self.is_word(at + 1, &["for", "between"]) && !self.is_parted(at, named))
    }

    /// Another test whose name stands before a p-value, with no figure of heterogeneity between: "z = 1.0, p = .30".
    fn other_test_before(&self, at: usize) -> Option<Test> {
        for before in (at.saturating_sub(TOKENS_BEFORE_P + 2)..at.saturating_sub(1)).rev() {
            match self.tokens.get(before)? {
                Token::Sign(';') => return None,
                Token::Word(word)
                    if matches!(word.as_str(), "i2" | "tau2" | "q" | "chi2" | "df" | "heterogeneity") =>
                {
                    return None;
                }
                Token::Word(word) if OTHERS.contains(&word.as_str()) => return Some(Test::Other),
                _ => {}
            }
        }
        None
    }
}
