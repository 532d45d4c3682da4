//! The figures of one result in a sentence, as a claim.

use super::citation::cited;
use super::finding::{Finding, Limits, Sentence};
use super::test_name::Test;
use super::token::{Number, tokens};
use crate::error::{Error, Problem, quoted};
use crate::options::Level;
use crate::printed::Pair;
use crate::published::claim::{Claim, Entry, Field};

/// What is read from a sentence about one pooled result.
///
/// ```
/// use metaprop::published::claim::Field;
/// use metaprop::published::sentence::LineReading;
///
/// let read = LineReading::parse("The pooled rate was 54.0% (95% CI 46.3–61.5), I² = 64.7 %, p < .001, 14 studies, 275 patients")?;
/// assert_eq!(read.words(), "estimate = 54.0%, ci = 46.3% to 61.5%, k = 14, total = 275, i2 = 64.7%, p = <.001");
/// assert_eq!(read.claim.count(Field::K), Some(14));
/// assert!(LineReading::parse("no numbers here").is_err());
/// # Ok::<(), metaprop::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LineReading {
    /// The figures.
    pub claim: Claim,
    /// The level of the interval, where one is printed.
    pub level: Option<Level>,
    /// The numbers that were not read as a figure, as they stand in the sentence, and why.
    pub left_out: Vec<String>,
}

impl LineReading {
    /// Reads the figures of one pooled result from a sentence as papers print it: an estimate with its interval in
    /// brackets, with dashes, semicolons or "to", decimal points, commas or middle dots, `I2`, `tau2`, `Q`, `df`, `p`,
    /// `k`, and what is counted ("14 studies, 275 patients", "149 of 275").
    ///
    /// Limits without a sign have that of the estimate. A p-value is that of Q where a measure of heterogeneity stands
    /// before it, and is left out elsewhere.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where there is no result in it, where there are several that differ, and where a number can be
    /// read in two ways.
    pub fn parse(line: &str) -> Result<Self, Error> {
        let mut sentence = Sentence::new(tokens(line));
        let limits = sentence.limits();
        let mut found = sentence.named();
        let counted = sentence.counted(&found);
        found.extend(counted);
        let level = level_of(&limits, line)?;
        let mut pooled: Vec<[Finding; 2]> = Vec::new();
        let mut left_out = std::mem::take(&mut sentence.set_aside);
        for interval in &limits {
            let of = interval.owner.and_then(|owner| found.iter().find(|finding| finding.at == owner));
            let of = of.filter(|_| !interval.is_prediction);
            let counts = of.is_some_and(|of| matches!(of.field, Field::K | Field::Total | Field::Events));
            let citation = interval.owner.and_then(|owner| cited(&sentence, owner, interval));
            match of.filter(|_| !(counts && interval.is_named)).and_then(|of| interval_of(of.field)) {
                Some(field) => found.push(interval_finding(&sentence, field, interval)),
                // "149/275 (54.2%; 95% CI 48.1 to 60.2)": the percentage and the level are no limits.
                None if counts && !interval.is_named => {}
                None if citation.is_some() && is_in_square(&sentence, interval) => left_out.extend(citation),
                None if limits.len() > 1 && is_reference(&sentence, interval) => {
                    left_out.push(of_no_field(&sentence, interval));
                }
                None if of.is_some_and(|_| !counts) || is_of_other(&sentence, interval) => {
                    left_out.push(of_no_field(&sentence, interval));
                }
                None => {
                    let interval = with_owner(&sentence, interval, &found);
                    pooled.extend(estimate_and_limits(&mut sentence, &interval, &mut found));
                }
            }
        }
        pooled.dedup_by(|a, b| a[0].texts == b[0].texts && a[1].texts == b[1].texts);
        if pooled.len() > 1 {
            return Err(several(line, &pooled));
        }
        found.extend(pooled.into_iter().flatten());
        if !found.iter().any(|finding| matches!(finding.field, Field::Estimate | Field::Ci)) {
            found.push(alone(&mut sentence, line)?);
        }
        left_out.extend(heterogeneity_p(&sentence, &mut found));
        left_out.extend(sentence.unused().map(|(_, number)| number.typed.clone()));
        Ok(Self { claim: claim(line, found)?, level, left_out })
    }

    /// What was read, in words: `estimate = 54.0%, ci = 46.3% to 61.5%`.
    #[must_use]
    pub fn words(&self) -> String {
        let interval = self.claim.two(Field::Ci);
        let one = |entry: &Entry| match (entry.field, entry.printed.two(), &interval) {
            (Field::Lower, _, Some(Pair { lower, upper })) => Some(format!("ci = {lower} to {upper}")),
            (Field::Upper, _, Some(_)) => None,
            (field, Some(pair), _) => Some(format!("{} = {} to {}", field.key(), pair.lower, pair.upper)),
            (field, None, _) => Some(format!("{} = {}", field.key(), entry.printed)),
        };
        self.claim.entries.iter().filter_map(one).collect::<Vec<_>>().join(", ")
    }
}

/// The level that the intervals of the result have.
fn level_of(limits: &[Limits], line: &str) -> Result<Option<Level>, Error> {
    if limits.iter().any(|limits| limits.is_credible) {
        let problem = Problem::new(format!("{} has a credible interval, and none is computed", quoted(line)));
        return Err(Error::Usage(vec![
            problem.help("give the figures that are no Bayesian ones with --printed"),
        ]));
    }
    let mut levels: Vec<&String> = limits.iter().filter_map(|limits| limits.level.as_ref()).collect();
    levels.dedup();
    match levels[..] {
        [] => Ok(None),
        [level] => format!("{level}%").parse().map(Some),
        _ => Err(ambiguous(line, "its intervals have several levels")),
    }
}

/// The field of the interval of a figure, where it has one.
fn interval_of(field: Field) -> Option<Field> {
    match field {
        Field::I2 => Some(Field::I2Ci),
        Field::Tau2 => Some(Field::Tau2Ci),
        _ => None,
    }
}

fn is_in_square(sentence: &Sentence, limits: &Limits) -> bool {
    limits.at > 0 && sentence.is_sign(limits.at - 1, &['['])
}

/// Whether whole numbers in square brackets stand behind no number, as references do: "as others [2-4]".
fn is_reference(sentence: &Sentence, limits: &Limits) -> bool {
    let is_whole = |at: usize| sentence.number(at).is_some_and(Number::is_whole);
    limits.owner.is_none()
        && !limits.is_named
        && is_in_square(sentence, limits)
        && is_whole(limits.at)
        && is_whole(limits.at + 2)
}

/// Whether an interval stands behind a statistic that is no figure of a claim.
fn is_of_other(sentence: &Sentence, limits: &Limits) -> bool {
    limits.owner.is_some_and(|owner| sentence.others.contains(&owner))
}

/// What is said of an interval that is of no figure of a claim.
fn of_no_field(sentence: &Sentence, limits: &Limits) -> String {
    let typed = |at: usize| sentence.number(at).map_or("", |number| number.typed.as_str());
    let of = limits.owner.map_or_else(|| "of no number".to_string(), |owner| format!("of {}", typed(owner)));
    format!("{} to {} ({of})", typed(limits.at), typed(limits.at + 2))
}

/// The interval with the number that it belongs to, where that does not stand right before it: the nearest one with a
/// unit, "12.3 per 10,000 births (95% CI 10.1 to 14.9)" and "54.0% (14 studies, n = 275; 95% CI 46.3 to 61.5)".
fn with_owner(sentence: &Sentence, limits: &Limits, found: &[Finding]) -> Limits {
    let is_found = |at: usize| found.iter().any(|finding| finding.at == at);
    let has_own = limits.owner.is_some_and(|owner| !is_found(owner));
    if !limits.is_named || limits.is_prediction || has_own {
        return limits.clone();
    }
    let fits = |at: &usize| {
        let unit = sentence.number(*at).is_some_and(|number| !number.unit.is_empty());
        unit && !sentence.used[*at] && !is_found(*at)
    };
    Limits { owner: (0..limits.at).rev().find(fits), ..limits.clone() }
}

fn interval_finding(sentence: &Sentence, field: Field, limits: &Limits) -> Finding {
    let [lower, upper] =
        [limits.at, limits.at + 2].map(|at| sentence.number(at).expect("limits are numbers"));
    let owner = limits.owner.and_then(|owner| sentence.number(owner));
    // "46.3–61.5%", and "54.0% (46.3–61.5)".
    let unit = owner.filter(|owner| !owner.unit.is_empty() && upper.unit.is_empty()).unwrap_or(upper);
    let texts = vec![lower.with_unit_of(unit), upper.with_unit_of(unit)];
    Finding { field, texts, at: limits.at }
}

/// The estimate before an interval and the interval; a prediction interval stands by itself.
fn estimate_and_limits(
    sentence: &mut Sentence,
    limits: &Limits,
    found: &mut Vec<Finding>,
) -> Option<[Finding; 2]> {
    if limits.is_prediction {
        found.push(interval_finding(sentence, Field::Prediction, limits));
        return None;
    }
    let interval = interval_finding(sentence, Field::Ci, limits);
    let Some(owner) = limits.owner else {
        found.push(interval);
        return None;
    };
    sentence.mark(owner);
    let number = sentence.number(owner).expect("an owner is a number");
    let upper = sentence.number(limits.at + 2).expect("limits are numbers");
    let estimate = Finding { field: Field::Estimate, texts: vec![number.with_unit_of(upper)], at: owner };
    Some([estimate, interval])
}

/// The one number that can be the estimate where no interval is printed: that with a percent sign, else that with
/// decimals.
fn alone(sentence: &mut Sentence, line: &str) -> Result<Finding, Error> {
    let places = |wanted: &dyn Fn(&str, &str) -> bool| -> Vec<usize> {
        sentence
            .unused()
            .filter(|(_, number)| wanted(&number.unit, &number.digits))
            .map(|(at, _)| at)
            .collect()
    };
    let with_sign = places(&|unit, _| !unit.is_empty());
    let with_decimals = places(&|_, digits| digits.contains('.'));
    match (&with_sign[..], &with_decimals[..]) {
        ([at], _) | ([], [at]) => Ok(sentence.take(Field::Estimate, *at)),
        ([], []) => {
            let problem = Problem::new(format!("there is no pooled result in {}", quoted(line)));
            let help = "give a sentence with an estimate and its interval, such as 54.0% (46.3% to 61.5%)";
            Err(Error::Usage(vec![problem.help(help)]))
        }
        _ => Err(ambiguous(line, "several numbers could be the estimate")),
    }
}

/// Takes the p-values away of which the test is not said; what is said of them.
fn heterogeneity_p(sentence: &Sentence, found: &mut Vec<Finding>) -> Vec<String> {
    let spread = |field: Field| {
        matches!(field, Field::I2 | Field::Tau2 | Field::Tau | Field::H2 | Field::Q | Field::Df)
    };
    let first = found.iter().filter(|finding| spread(finding.field)).map(|finding| finding.at).min();
    let unsaid = |finding: &Finding| {
        finding.field == Field::P
            && match sentence.tests.get(&finding.at) {
                Some(test) => *test != Test::Heterogeneity,
                None => first.is_none_or(|first| finding.at < first),
            }
    };
    let left_out = found.iter().filter(|finding| unsaid(finding));
    let left_out = left_out.map(|finding| sentence.p_left_out(finding)).collect();
    found.retain(|finding| !unsaid(finding));
    left_out
}

/// The claim of these figures.
fn claim(line: &str, mut found: Vec<Finding>) -> Result<Claim, Error> {
    found.sort_by_key(|finding| (finding.field, finding.at));
    found.dedup_by(|a, b| a.field == b.field && a.texts == b.texts);
    let mut claim = Claim::new("", line.trim());
    for finding in &found {
        if found.iter().filter(|other| other.field == finding.field).count() > 1 {
            let values: Vec<String> = found
                .iter()
                .filter(|other| other.field == finding.field)
                .map(|other| other.texts.join(" to "))
                .collect();
            let why = format!("{} could be {}", finding.field.about(), values.join(" or "));
            return Err(ambiguous(line, &why));
        }
        claim.set(finding.field.key(), &finding.texts)?;
    }
    Ok(claim)
}

fn several(line: &str, pooled: &[[Finding; 2]]) -> Error {
    let one = |[estimate, limits]: &[Finding; 2]| {
        format!("{} ({})", estimate.texts.concat(), limits.texts.join(" to "))
    };
    let all: Vec<String> = pooled.iter().map(one).collect();
    ambiguous(line, &format!("there are several results that differ: {}", all.join(", ")))
}

fn ambiguous(line: &str, why: &str) -> Error {
    let problem = Problem::new(format!("{} can be read in several ways: {why}", quoted(line)));
    Error::Usage(vec![
        problem.help("shorten it to one result, or give each figure with --printed FIELD=VALUE"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_read_as_papers_print_them() {
        for (line, want) in [
            ("54.0% (46.3%–61.5%)", "estimate = 54.0%, ci = 46.3% to 61.5%"),
            ("0.70 [0.60; 0.81], I² = 84 %, k = 17", "estimate = 0.70, ci = 0.60 to 0.81, k = 17, i2 = 84%"),
            ("0.9% (0.5-1.2)", "estimate = 0.9%, ci = 0.5% to 1.2%"),
            ("0.9 (0.5 to 1.2%)", "estimate = 0.9%, ci = 0.5% to 1.2%"),
            ("54,0 % (KI 95 %: 46,3 - 61,5)", "estimate = 54.0%, ci = 46.3% to 61.5%"),
            ("ES 0·54, 95%CI: 0·46, 0·62", "estimate = 0.54, ci = 0.46 to 0.62"),
            (
                "pooled prevalence of 24.3 per 100,000 (95% confidence interval from 20.1 to 28.0)",
                "estimate = 24.3 per 100000, ci = 20.1 per 100000 to 28.0 per 100000",
            ),
            (
                "14 studies (n = 275 patients): 54.0% [95% CI, 46.3% to 61.5%]; τ² = 0,28; Q(13) = 36.8, P<0.001",
                "estimate = 54.0%, ci = 46.3% to 61.5%, k = 14, total = 275, tau2 = 0.28, q = 36.8, df = 13, p = <0.001",
            ),
            ("149 of 275 patients in 14 included observational studies; I-squared 64.7%; 54.2% (47-61)", ""),
            (
                "0.53 (0.45, 0.61; 95% prediction interval 0.28 to 0.77), I2 = 64.7% (95% CI 40 to 80%), tau^2 = .28",
                "estimate = 0.53, ci = 0.45 to 0.61, prediction = 0.28 to 0.77, tau2 = .28, i2 = 64.7%, i2-ci = 40% to 80%",
            ),
            (
                "54,0 % (IC à 95 % : 46,3 – 61,5 ; I2 = 64,7 %)",
                "estimate = 54.0%, ci = 46.3% to 61.5%, i2 = 64.7%",
            ),
            (
                "del 54,0 % (IC del 95 %: 46,3 a 61,5 %; I2: 64,7 %)",
                "estimate = 54.0%, ci = 46.3% to 61.5%, i2 = 64.7%",
            ),
            ("del 54,0% (IC 95%: da 46,3% a 61,5%)", "estimate = 54.0%, ci = 46.3% to 61.5%"),
            ("betrug 54,0 % (95-%-KI: 46,3–61,5 %)", "estimate = 54.0%, ci = 46.3% to 61.5%"),
            ("54.0%（95% CI：46.3%～61.5%，I²=64.7%）", "estimate = 54.0%, ci = 46.3% to 61.5%, i2 = 64.7%"),
            (
                "54.0% (95% CI, 46.3%-61.5%; I-squared, 64.7%; P < .0001)",
                "estimate = 54.0%, ci = 46.3% to 61.5%, i2 = 64.7%, p = <.0001",
            ),
            (
                "54.0% (95% CI: 46.3, 61.5; Q = 36.8, df = 13, p = 4e-4)",
                "estimate = 54.0%, ci = 46.3% to 61.5%, q = 36.8, df = 13, p = 0.0004",
            ),
            ("1.2/1000 (95% CI 0.8–1.7)", "estimate = 1.2 per 1000, ci = 0.8 per 1000 to 1.7 per 1000"),
            (
                "12.3 per 100 000 births (95% CI 10.1–14.9; 12 studies)",
                "estimate = 12.3 per 100000, ci = 10.1 per 100000 to 14.9 per 100000, k = 12",
            ),
            (
                "54.0% (14 studies, n=275; 95% CI 46.3% to 61.5%)",
                "estimate = 54.0%, ci = 46.3% to 61.5%, k = 14, total = 275",
            ),
            (
                "Fourteen studies (275 patients) gave 54.0% (95% CI 46.3–61.5%; χ²₁₃ = 36.8)",
                "estimate = 54.0%, ci = 46.3% to 61.5%, k = 14, total = 275, q = 36.8",
            ),
            (
                "54.0% (CI 46.3–61.5%, P for heterogeneity < 0.001, I² = 65%)",
                "estimate = 54.0%, ci = 46.3% to 61.5%, i2 = 65%, p = <0.001",
            ),
            (
                "54.0% (46.3–61.5%), I² = 65%, z = 1.0, p = .30",
                "estimate = 54.0%, ci = 46.3% to 61.5%, i2 = 65%",
            ),
            (
                "54.0% (46.3–61.5%); test for subgroup differences: Chi² = 4.53, df = 1 (P = 0.03), I² = 77.9%",
                "estimate = 54.0%, ci = 46.3% to 61.5%, between-p = 0.03",
            ),
            (
                "0.54 (95%-CI [0.46; 0.62]); I^2 = 64.7% [37.3%; 80.1%]; H = 1.68 [1.26; 2.24]",
                "estimate = 0.54, ci = 0.46 to 0.62, i2 = 64.7%, i2-ci = 37.3% to 80.1%",
            ),
            ("54% [46-62], as others [2-4]", "estimate = 54%, ci = 46% to 62%"),
            ("54% [46-62], against 2% [4-6]", "estimate = 54%, ci = 46% to 62%"),
            ("2% [4-6]", "estimate = 2%"),
            (
                "54.0% (46.3–61.5), k = 14; two studies were small",
                "estimate = 54.0%, ci = 46.3% to 61.5%, k = 14",
            ),
            (
                "149/275 (54.2%; 95% CI 48.1 to 60.2)",
                "estimate = 54.2%, ci = 48.1% to 60.2%, total = 275, events = 149",
            ),
            (
                "54.0% (46.3–61.5%), I² = 65%, P heterogeneity = 0.0004; 95% PI: 28–82%",
                "estimate = 54.0%, ci = 46.3% to 61.5%, prediction = 28% to 82%, i2 = 65%, p = 0.0004",
            ),
            ("合并有效率为54.0%（95% CI：46.3%～61.5%）", "estimate = 54.0%, ci = 46.3% to 61.5%"),
            ("the rate was 54.0% in 14 trials", "estimate = 54.0%, k = 14"),
            ("149/275 responded: 54.2%", "estimate = 54.2%, total = 275, events = 149"),
            ("0.18 [0.14-0.21], 0.18 [0.14-0.21]", "estimate = 0.18, ci = 0.14 to 0.21"),
        ] {
            let read = LineReading::parse(line).map(|read| read.words());
            if want.is_empty() {
                // I² without an equals sign is not read, and then two numbers have a percent sign.
                assert!(read.is_ok(), "{line}: {read:?}");
                continue;
            }
            assert_eq!(read.ok().as_deref(), Some(want), "{line}");
        }
    }

    #[test]
    fn levels_and_what_is_left_out_are_said() {
        let read = LineReading::parse("p = 0.03; 54.0% (90% CI 46.3 to 61.5), published in 2020").unwrap();
        assert_eq!(read.level.map(|level| level.to_string()).as_deref(), Some("90%"));
        assert_eq!(read.left_out, ["p 0.03 (of which test is not said)", "2020"]);
        assert_eq!(LineReading::parse("54.0% (46.3%–61.5%)").unwrap().level, None);
        let read = LineReading::parse("2% [4-6]").unwrap();
        assert_eq!(
            read.left_out,
            ["4 and 6 are taken for references and no interval: 2% does not lie between them"]
        );
        let read =
            LineReading::parse("54.0% (46.3–61.5%), tau = 0.53 [0.24; 1.33], z = 1.0, p = .30").unwrap();
        assert_eq!(read.left_out, ["0.24 to 1.33 (of 0.53)", "p .30 (of another test)", "1.0"]);
    }

    #[test]
    fn what_is_ambiguous_is_refused() {
        for (line, said) in [
            ("no result", "there is no pooled result in 'no result'"),
            (
                "54.0% (46.3–61.5), later 26.1% (20.7–32.2)",
                "several results that differ: 54.0% (46.3% to 61.5%), 26.1%",
            ),
            ("54.0% and 26.1%", "several numbers could be the estimate"),
            ("54.0% (46.3–61.5), k = 14, 13 studies", "the number of studies could be 14 or 13"),
            ("54.0% (95% CI 46.3–61.5), 90% CI 48–60", "its intervals have several levels"),
            ("0.54 (95% CrI 0.46–0.62)", "has a credible interval"),
        ] {
            let error = LineReading::parse(line).map(|read| read.words()).unwrap_err();
            assert!(error.exit_code() == 2 && error.to_string().contains(said), "{line}: {error}");
        }
    }
}
