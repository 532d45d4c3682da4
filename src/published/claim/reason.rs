//! The reasons of verdicts, and their words.

use std::fmt;

use super::{Field, Figure};
use crate::data::Counts;
use crate::format::{counted, fixed};
use crate::model::Value;
use crate::options::{Choice, Measure, PredictionMethod};
use crate::printed::grim::Grim;
use crate::printed::{Printed, Unit};
use crate::published::consistency::{Finding, Implied};

/// Why a printed field has its verdict; `Display` is the sentence of the documents.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// The field has no recomputed value.
    Missing(Missing),
    /// The computed value, where the printed digits do not agree with it.
    Recomputed {
        /// What was computed.
        value: ComparedValue,
        /// Whether rounding away from zero would give the printed digits.
        rounds_up: bool,
    },
    /// The value gives the printed digits only where digits are cut off.
    CutOff(ComparedValue),
    /// The value gives the printed digits only where it is rounded to one digit more and then again.
    RoundedTwice(ComparedValue),
    /// The value at which metafor's iteration stops gives the printed digits, and the converged value does not.
    EarlyStop {
        /// At the stop.
        stopped: ComparedValue,
        /// Converged.
        converged: ComparedValue,
    },
    /// The figure is printed as an "about".
    Approximate {
        /// The figure.
        printed: Figure,
        /// What was computed.
        value: ComparedValue,
    },
    /// The value before it is clipped to [0, 1] gives the printed digits.
    Unclipped,
    /// The common-effect estimate gives the printed digits.
    CommonEstimate,
    /// The common-effect interval gives the printed digits.
    CommonInterval,
    /// The analysis left so many rows out.
    OmittedRows(usize),
    /// 1 minus the proportion gives the printed digits.
    Complement,
    /// There are no per-study data.
    NoStudyData,
    /// There are no per-study data, and no interval was printed.
    NoStudyDataNorInterval,
    /// There are no per-study data, and no estimate was printed.
    NoStudyDataNorEstimate,
    /// The upper limit is judged with the lower one.
    WithLowerLimit,
    /// The estimate lies inside the printed interval.
    InsideInterval,
    /// The interval is symmetric about the estimate on these scales.
    SymmetricOn(Vec<Measure>),
    /// What is wrong with, or notable about, the printed summary.
    Finding(Finding),
    /// What the interval implies on a scale, if it was made with the normal quantile.
    Implied(Measure, Box<Implied>),
    /// The total is not checked itself; the interval is checked with it.
    TotalUsedForInterval,
    /// k is not checked: there are no studies to count.
    NoStudiesToCount,
    /// The count is not checked itself; the percentage is checked with it.
    CountUsedForPercentage,
    /// Nothing was printed that the count could be compared with.
    NothingForCount,
    /// No proportion lies where the figure does.
    NotAProportion(Printed),
    /// I² outside 0 to 100%.
    NotAnI2(Printed),
    /// A probability outside [0, 1].
    NotAProbability(Printed),
    /// A figure below 0 that cannot be.
    BelowZero(Printed),
    /// k = 0.
    NoStudies,
    /// k is larger than the total.
    MoreStudiesThanPeople {
        /// The printed k.
        k: u64,
        /// The printed total.
        total: u64,
    },
    /// The events are more than the total.
    MoreEventsThanTotal {
        /// The printed events.
        events: u64,
        /// The printed total.
        total: u64,
    },
    /// Events without a total.
    EventsWithoutTotal,
    /// A percentage without a total.
    PercentageWithoutTotal,
    /// A percentage printed with a relation other than "=".
    InexactPercentage {
        /// The percentage.
        printed: Printed,
        /// Whether a total was printed with it.
        has_total: bool,
    },
    /// The percentage that the printed counts give.
    PercentageOf(Counts),
    /// Whether a count of the printed total gives the percentage.
    Grim(Box<Grim>),
    /// The same for another printed n; without effect on the verdict.
    OtherN(Box<Grim>),
    /// Why the percentage cannot be compared with the total.
    GrimUndefined(String),
    /// A reason about a row of a table.
    AtLine(u32, Box<Reason>),
    /// The degrees of freedom that follow from k.
    DegreesOfFreedom {
        /// The printed k.
        k: u64,
    },
    /// The range of a statistic that follows from the printed Q.
    FromQ {
        /// The printed Q.
        q: Printed,
        /// Its degrees of freedom.
        df: u64,
        /// The ends of the range.
        range: Box<[ComparedValue; 2]>,
    },
    /// The claim is not about a proportion of people, but about this.
    NotAboutPeople(String),
    /// The claim has no digits.
    InWords,
    /// The figure was printed once.
    NoFigureToCompare,
    /// One of two figures is an "about".
    ApproximateFigures(Printed, Printed),
    /// No number is printed in both ways.
    DifferentNumbers(Printed, Printed),
    /// A number is printed in both ways only where digits are cut off.
    SameNumberCutOff(Printed, Printed),
    /// A part is not an exact whole number.
    InexactParts,
    /// The sum of the parts was not printed, nor can it be computed.
    NoSum(Field),
    /// The parts add up to another number.
    WrongSum {
        /// The sum of the parts.
        sum: u64,
        /// The field that should be their sum.
        field: Field,
        /// Its value.
        value: u64,
    },
    /// The data have so many percentages that no count gives.
    ImpossibleData(usize),
}

/// Why a field has no recomputed value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Missing {
    /// The specification has no prediction interval.
    Prediction(PredictionMethod),
    /// The specification has no interval of τ² or I².
    HeterogeneityInterval,
    /// The model has no Q.
    Q,
    /// The data are estimates.
    Counts,
    /// The statistic needs two studies.
    SingleStudy,
    /// The statistic does not exist for these studies.
    Value,
    /// The field is one of a study, and was claimed of the pooled result.
    StudyName,
    /// No study of this name was pooled; the nearest name, if one is near.
    Study(Option<Box<str>>),
    /// Several studies have the name.
    SeveralStudies,
    /// The model has no weights.
    Weights,
    /// The field is not one of a study.
    NotOfStudy,
    /// The outcome has no test between subgroups.
    Subgroups,
    /// The field is one of a meta-regression's coefficient, and none is named.
    CoefficientName,
    /// The outcome has no meta-regression.
    Regression,
    /// No meta-regression of the outcome has a coefficient of this name; the nearest name, if one is near.
    Coefficient(Option<Box<str>>),
    /// The search over specifications does not compute the field.
    NotSearched,
}

/// A computed value that is written like the printed figure, with two digits more.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ComparedValue {
    printed: Figure,
    value: Value,
    divisor: f64,
}

impl ComparedValue {
    /// A value of a field, with what was printed for it.
    pub(super) fn new(field: Field, printed: &Figure, value: Value) -> Self {
        Self { printed: printed.clone(), value, divisor: field.divisor() }
    }

    /// Whether it is a number below zero, or an interval of which a limit is.
    fn is_below_zero(&self) -> bool {
        match self.value {
            Value::Limits(limits) => limits.iter().any(|limit| *limit < 0.0),
            value => value.number().is_some_and(|value| value < 0.0),
        }
    }

    /// A value in the unit of the printed digits.
    pub(super) fn in_unit_of(printed: &Printed, value: f64) -> Self {
        Self { printed: Figure::One(printed.clone()), value: Value::Number(value), divisor: 1.0 }
    }
}

impl From<Missing> for Reason {
    fn from(missing: Missing) -> Self {
        Self::Missing(missing)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NO_DATA: &str = "there are no per-study data to recompute it from";
        match self {
            Self::Missing(missing) => missing.fmt(f),
            Self::Recomputed { value, rounds_up } => {
                let up = match rounds_up {
                    true if value.is_below_zero() => ", which rounded away from zero would be printed so",
                    true => ", which rounded up would be printed so",
                    false => "",
                };
                write!(f, "recomputed {value}{up}")
            }
            Self::RoundedTwice(value) => {
                write!(f, "{value} gives it where it is rounded to one digit more and then once again")
            }
            Self::EarlyStop { stopped, converged } => write!(
                f,
                "{stopped} where the iteration for τ² stops as metafor's does, {converged} where it converges"
            ),
            Self::CutOff(value) => write!(f, "{value} gives it where digits are cut off"),
            Self::Approximate { printed, value } => {
                write!(f, "'{printed}' says about how much; the value is {value}")
            }
            Self::Unclipped => f.write_str("before it is cut to the range from 0 to 1"),
            Self::CommonEstimate => f.write_str("the common-effect estimate is printed so"),
            Self::CommonInterval => f.write_str("the common-effect interval is printed so"),
            Self::OmittedRows(1) => f.write_str("1 row was left out"),
            Self::OmittedRows(rows) => write!(f, "{rows} rows were left out"),
            Self::Complement => f.write_str("the percentage without the event is printed so"),
            Self::NoStudyData => f.write_str(NO_DATA),
            Self::NoStudyDataNorInterval => write!(f, "{NO_DATA}, and no interval to hold it against"),
            Self::NoStudyDataNorEstimate => write!(f, "{NO_DATA}, and no estimate to hold it against"),
            Self::WithLowerLimit => f.write_str("judged with the lower limit"),
            Self::InsideInterval => f.write_str("it lies inside its interval"),
            Self::SymmetricOn(scales) => {
                let scales = scales.iter().map(|scale| scale.key()).collect::<Vec<_>>();
                write!(f, "it is symmetric on {}", scales.join(" or "))
            }
            Self::Finding(finding) => f.write_str(&finding.message),
            Self::Implied(measure, implied) => {
                write!(f, "on {}, with the normal quantile: {}", measure.key(), implied.sentence())
            }
            Self::TotalUsedForInterval => {
                f.write_str("taken as it is printed; the interval is held against it")
            }
            Self::NoStudiesToCount => {
                f.write_str("taken as it is printed: there are no per-study data to count")
            }
            Self::CountUsedForPercentage => {
                f.write_str("taken as it is printed; the percentage is held against it")
            }
            Self::NothingForCount => {
                f.write_str("taken as it is printed: there is nothing to hold it against")
            }
            Self::NotAProportion(printed) => write!(f, "{printed} is not a proportion"),
            Self::NotAnI2(printed) => write!(f, "{printed} is not between 0 and 100%, as I2 is"),
            Self::NotAProbability(printed) => write!(f, "{printed} is not a probability"),
            Self::BelowZero(printed) => write!(f, "{printed} is below 0"),
            Self::NoStudies => f.write_str("a pooled figure needs a study"),
            Self::MoreStudiesThanPeople { k, total } => {
                let (studies, people) =
                    (counted(*k, "study", "studies"), counted(*total, "person", "people"));
                write!(f, "{studies} cannot have {people}")
            }
            Self::MoreEventsThanTotal { events, total } => {
                let are = if *events == 1 { "event is" } else { "events are" };
                write!(f, "{events} {are} more than the total {total}")
            }
            Self::EventsWithoutTotal => f.write_str("no n is printed: out of how many is not known"),
            Self::PercentageWithoutTotal => {
                f.write_str("no n is printed, so no count can be held against it")
            }
            Self::InexactPercentage { printed, has_total } => {
                let total = if *has_total { "" } else { ", and no n is printed" };
                write!(f, "'{printed}' gives no digits that a count could be held against{total}")
            }
            Self::PercentageOf(counts) => {
                let percent = fixed(100.0 * counts.proportion(), 2);
                write!(f, "{} of {} is {percent}%", counts.events(), counts.total())
            }
            Self::Grim(grim) => f.write_str(&grim.sentence()),
            Self::OtherN(grim) => write!(f, "with the other n, {}", grim.sentence()),
            Self::GrimUndefined(why) => f.write_str(why),
            Self::AtLine(line, reason) => write!(f, "line {line}: {reason}"),
            Self::DegreesOfFreedom { k } => {
                let leave = if *k == 1 { "study leaves" } else { "studies leave" };
                let df = counted(k.saturating_sub(1), "degree", "degrees");
                write!(f, "{k} {leave} {df} of freedom")
            }
            Self::FromQ { q, df, range } => {
                let [low, high] = &**range;
                write!(f, "Q = {q} with {df} degrees of freedom gives {low} to {high}")
            }
            Self::NotAboutPeople(what) => {
                write!(f, "it is {what}, not a proportion of people, and must not be pooled as one")
            }
            Self::InWords => f.write_str("it is said in words, without digits"),
            Self::NoFigureToCompare => f.write_str("there is no percent and no estimate to compare it with"),
            Self::ApproximateFigures(first, again) => {
                write!(f, "'{first}' and '{again}' say about how much")
            }
            Self::DifferentNumbers(first, again) => {
                write!(f, "no number is printed both {first} and {again}")
            }
            Self::SameNumberCutOff(first, again) => {
                write!(f, "{first} and {again} agree where digits are cut off")
            }
            Self::InexactParts => f.write_str("the parts are not exact whole numbers"),
            Self::NoSum(field) => write!(f, "there is no {} to compare the sum with", field.key()),
            Self::WrongSum { sum, field, value } => {
                write!(f, "they add up to {sum}, and {} is {value}", field.key())
            }
            Self::ImpossibleData(count) => {
                let rows = if *count == 1 { "percentage" } else { "percentages" };
                write!(f, "the data have {count} impossible {rows}, so nothing is recomputed")
            }
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prediction(method) => {
                write!(f, "the specification has no prediction interval here ({})", method.key())
            }
            Self::HeterogeneityInterval => f.write_str("the specification gives no such interval here"),
            Self::Q => f.write_str("the model has no Q"),
            Self::Counts => f.write_str("the data are estimates, without counts"),
            Self::SingleStudy => f.write_str("it does not exist for one study"),
            Self::Value => f.write_str("it does not exist for these studies"),
            Self::StudyName => f.write_str("a weight belongs to a study: name it"),
            Self::Study(Some(near)) => write!(f, "no study of this name was pooled; is it '{near}'?"),
            Self::Study(None) => f.write_str("no study of this name was pooled"),
            Self::SeveralStudies => f.write_str("several studies have this name"),
            Self::Weights => f.write_str("the model has no weights"),
            Self::NotOfStudy => f.write_str("this is no field of one study"),
            Self::Subgroups => f.write_str(
                "the outcome has no test between subgroups: it takes subgroup = \"COL\" and two levels with estimates",
            ),
            Self::CoefficientName => f.write_str("a coefficient has a name: coefficient.NAME = \"0.12\""),
            Self::Regression => {
                f.write_str("the outcome has no meta-regression: name its moderators, mods = \"dose\"")
            }
            Self::Coefficient(Some(near)) => {
                write!(f, "no meta-regression of the outcome has a coefficient of this name; is it '{near}'?")
            }
            Self::Coefficient(None) => {
                f.write_str("no meta-regression of the outcome has a coefficient of this name")
            }
            Self::NotSearched => f.write_str("it is not searched for"),
        }
    }
}

impl fmt::Display for ComparedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_unit = |printed: &Printed, value: f64| in_unit_of(printed, value / self.divisor);
        f.write_str(&match (&self.printed, self.value) {
            (Figure::One(printed), Value::Number(value)) => in_unit(printed, value),
            (Figure::Two(pair), Value::Limits([low, high])) => {
                format!("{} to {}", in_unit(&pair.lower, low), in_unit(&pair.upper, high))
            }
            (_, Value::Number(value)) => fixed(value, 4),
            (_, Value::Count(value)) => value.to_string(),
            (_, Value::Limits([low, high])) => format!("{} to {}", fixed(low, 4), fixed(high, 4)),
        })
    }
}

/// A value in the unit of the printed digits, with two decimals more; whole numbers with as many decimals as
/// printed.
fn in_unit_of(printed: &Printed, value: f64) -> String {
    let decimals = printed.decimals() as usize;
    let digits = if value.fract() == 0.0 { decimals } else { decimals + 2 };
    match printed.unit() {
        Unit::None => fixed(value, digits),
        Unit::Percent => format!("{}%", fixed(100.0 * value, digits)),
        Unit::Per(n) => format!("{} per {n}", fixed(value * n as f64, digits)),
    }
}
