//! The reasons of verdicts on results.

use std::fmt;

/// Why a result has its verdict, apart from what is said of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// There are no outcomes; its figures were held against each other.
    NothingToCompare,
    /// It has no interval, and there are no outcomes.
    OneFigure,
    /// It is no proportion: what it is.
    NotAProportion(&'static str),
    /// It lies outside of its interval, or the limits are in the wrong order.
    Outside,
    /// It has no sign and is no fraction.
    Unsaid,
    /// Its interval is a credible one.
    Credible,
    /// Its interval is of a level that is not computed here.
    Level(String),
    /// No outcome pools what it measures.
    NoOutcomeOfItsKind,
    /// No outcome has its figures, and the words name none; the outcome that is nearest, and its value.
    NotMatched(Option<[String; 2]>),
    /// The same where outcomes have subgroups: none of their levels has its figures either.
    NotMatchedByPart(Option<[String; 2]>),
    /// No outcome has subgroups with a test between them.
    NoTestBetween,
    /// None of so many tests between subgroups gives its p-value.
    SeveralTests(usize),
    /// No outcome has its figures, and the one that the words name may be meant or not.
    NamedInPassing(String),
    /// The words name another outcome than the one whose figures are printed.
    FiguresOf(String),
    /// Other outcomes have the same figures.
    AlsoOf(Vec<String>),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToCompare => {
                f.write_str("its figures agree with each other; no analysis file was given")
            }
            Self::OneFigure => {
                f.write_str("it is printed without an interval, and no analysis file was given")
            }
            Self::NotAProportion(what) => write!(f, "it is {what}, and no proportion"),
            Self::Outside => {
                f.write_str("it lies outside of its interval, or the limits are in the wrong order")
            }
            Self::Unsaid => f.write_str(
                "it has no percent sign and is no fraction, so it may be something else than a proportion",
            ),
            Self::Credible => f.write_str("its interval is a credible one, and none is computed"),
            Self::Level(level) => write!(f, "its interval is of level {level}%, which is not computed here"),
            Self::NoOutcomeOfItsKind => f.write_str("no outcome of the analysis pools what it measures"),
            Self::NotMatched(nearest) | Self::NotMatchedByPart(nearest) => {
                let level =
                    if matches!(self, Self::NotMatched(_)) { "" } else { " or level of its subgroups" };
                write!(f, "no outcome{level} has its figures, and it cannot be told which one it is about")?;
                match nearest {
                    Some([id, value]) => write!(f, "; the nearest is '{id}' with {value}"),
                    None => Ok(()),
                }
            }
            Self::NoTestBetween => f.write_str(
                "no outcome of the analysis has subgroups with a test between them (subgroup = \"COL\")",
            ),
            Self::SeveralTests(tests) => write!(
                f,
                "none of {tests} tests between subgroups gives it, and it cannot be told which one it is of"
            ),
            Self::NamedInPassing(id) => write!(
                f,
                "no outcome has its figures; the words name '{id}', but not that this is its pooled result over all studies"
            ),
            Self::FiguresOf(id) => write!(f, "these are the figures of '{id}'"),
            Self::AlsoOf(ids) => write!(f, "the same figures are those of '{}'", ids.join("', '")),
        }
    }
}
