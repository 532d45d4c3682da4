//! How figures look: their theme, columns, axis and size.

use super::kind::{Kind, Shape, TEXT, Typed, YES, Yes};
use super::row::option_set;
use crate::error::{Error, Problem};

/// A column of a forest plot, or several that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Column {
    /// The names of the studies.
    Study,
    /// A column for each covariate that was asked for.
    Covariates,
    /// A column for each domain of the risk of bias that was asked for.
    Bias,
    /// How many had the event.
    Events,
    /// How many there were.
    Total,
    /// Both in one column: `12/50`.
    EventsOfTotal,
    /// The estimate with its interval.
    Effect,
    /// The weights, of each model that is shown.
    Weight,
}

impl Column {
    /// Every column, with the word for it in a theme and on the command line.
    pub const WORDS: [(&'static str, Self); 8] = [
        ("study", Self::Study),
        ("covariates", Self::Covariates),
        ("bias", Self::Bias),
        ("events", Self::Events),
        ("total", Self::Total),
        ("events/total", Self::EventsOfTotal),
        ("effect", Self::Effect),
        ("weight", Self::Weight),
    ];

    /// The column that a word stands for.
    ///
    /// ```
    /// use metaprop::options::Column;
    /// assert_eq!(Column::of("events/total"), Some(Column::EventsOfTotal));
    /// assert_eq!(Column::of("axis"), None);
    /// ```
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let same = |(known, _): &&(&str, Self)| known.eq_ignore_ascii_case(word.trim());
        Self::WORDS.iter().find(same).map(|(_, column)| *column)
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, column)| *column == self).map_or("", |(word, _)| word)
    }

    /// The column of what was typed for an option.
    fn parse(key: &str, typed: &str) -> Result<Self, Error> {
        Self::of(typed).ok_or_else(|| {
            let what = format!("{key} = '{typed}' is no column of a forest plot");
            let known: Vec<&str> = Self::WORDS.iter().map(|(word, _)| *word).collect();
            Error::Usage(vec![Problem::new(what).help(format!("known are {}", known.join(", ")))])
        })
    }
}

const COLUMN: Kind<Column> = Kind {
    shape: Shape::Text,
    parse: Column::parse,
    typed: |column| Typed::Text(column.word().to_owned()),
    check: |_, _| Ok(()),
};

/// A head of one's own: which, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Label {
    /// The title of the axis.
    Axis(String),
    /// The head of a column.
    Head(Column, String),
}

const LABEL: Kind<Label> = Kind {
    shape: Shape::Text,
    parse: |key, typed| {
        let Some((column, text)) = typed.split_once('=') else {
            let what = format!("{key} = '{typed}' does not say which column it is for");
            return Err(Error::Usage(vec![
                Problem::new(what).help("write study=Cohort, or axis=Relapsed, %"),
            ]));
        };
        let text = text.trim().to_owned();
        if column.trim().eq_ignore_ascii_case("axis") {
            return Ok(Label::Axis(text));
        }
        Column::parse(key, column).map(|column| Label::Head(column, text))
    },
    typed: |label| match label {
        Label::Axis(text) => Typed::Text(format!("axis={text}")),
        Label::Head(column, text) => Typed::Text(format!("{}={text}", column.word())),
    },
    check: |_, _| Ok(()),
};

/// The ends of an axis, as they were typed: of proportions with percent signs or as fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AxisLimits {
    /// Its ends: fractions, or estimates.
    pub ends: [f64; 2],
}

const AXIS_LIMITS: Kind<AxisLimits> = Kind {
    shape: Shape::Text,
    parse: |key, typed| {
        let number = |text: &str| {
            let text = text.trim();
            let (number, per) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
            number.trim().parse::<f64>().ok().map(|value| value / per)
        };
        let ends = typed.split_once(',').and_then(|(low, high)| Some([number(low)?, number(high)?]));
        match ends {
            Some(ends) => Ok(AxisLimits { ends }),
            None => {
                let what = format!("{key} = '{typed}' is not two numbers");
                Err(Error::Usage(vec![Problem::new(what).help("write 0%,60% or 0,0.6; of ratios 0.1,10")]))
            }
        }
    },
    typed: |limits| Typed::Text(format!("{},{}", limits.ends[0], limits.ends[1])),
    check: |key, limits| {
        let [low, high] = limits.ends;
        if low.is_finite() && high.is_finite() && low < high {
            return Ok(());
        }
        let what = format!("{key} = {low},{high}: the first is not below the second");
        Err(Problem::new(what).help("write the left end first"))
    },
};

/// The width of a figure in mm.
const WIDTH: Kind<f64> = Kind {
    shape: Shape::Number,
    parse: |key, typed| {
        let number = typed.trim().trim_end_matches("mm").trim_end();
        number.parse().map_err(|_| Error::usage(format!("{key} = '{typed}' is not a width in mm")))
    },
    typed: |value| Typed::Number(*value),
    check: |key, value| {
        if (30.0..=2000.0).contains(value) {
            return Ok(());
        }
        let what = format!("{key} = {value} is not a width from 30 to 2000 mm");
        Err(Problem::new(what).help("journals have columns of 85, 130 and 178 mm"))
    },
};

/// A page that a long figure is divided into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Page {
    /// 210 mm by 297 mm.
    A4,
    /// 8.5 inches by 11 inches.
    Letter,
}

impl Page {
    /// Its width and height in mm.
    #[must_use]
    pub const fn millimetres(self) -> [f64; 2] {
        match self {
            Self::A4 => [210.0, 297.0],
            Self::Letter => [215.9, 279.4],
        }
    }
}

const PAGE: Kind<Page> = Kind {
    shape: Shape::Sign(&["a4", "letter"]),
    parse: |key, typed| match typed.to_ascii_lowercase().as_str() {
        "a4" => Ok(Page::A4),
        "letter" => Ok(Page::Letter),
        _ => Err(Error::usage(format!("{key} = {typed} is neither a4 nor letter"))),
    },
    typed: |page| Typed::Text(if *page == Page::A4 { "a4" } else { "letter" }.to_owned()),
    check: |_, _| Ok(()),
};

/// Whether the axis is logarithmic.
const AXIS: Kind<AxisKind> = Kind {
    shape: Shape::Sign(&["linear", "log"]),
    parse: |key, typed| match typed.to_ascii_lowercase().as_str() {
        "linear" => Ok(AxisKind::Linear),
        "log" => Ok(AxisKind::Log),
        _ => Err(Error::usage(format!("{key} = {typed} is neither linear nor log"))),
    },
    typed: |axis| Typed::Text(if *axis == AxisKind::Log { "log" } else { "linear" }.to_owned()),
    check: |_, _| Ok(()),
};

/// How an axis of proportions is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AxisKind {
    /// In equal steps.
    Linear,
    /// By logarithms.
    Log,
}

option_set! {
    /// How figures look.
    ///
    /// ```
    /// use metaprop::options::{Column, Drawing, OptionSet};
    /// let mut drawing = Drawing::default();
    /// let row = |key: &str| Drawing::ROWS.iter().find(|row| row.key == key).unwrap();
    /// (row("hide").set)(&mut drawing, "weight").unwrap();
    /// assert_eq!(drawing.hide, [Column::Weight]);
    /// assert!((row("axis-limits").set)(&mut drawing, "60").is_err());
    /// ```
    #[derive(Debug, Clone, PartialEq, Default)]
    Drawing, "Figures", {
        /// The look of figures: plain, revman, cochrane, jama, bmj, lancet, nature, dark, colour-blind, or a file of
        /// your own (metaprop list themes).
        theme: single String { key: "theme", kind: TEXT, value_name: "NAME|FILE" }

        /// The width of the forest plot in mm, with words of 8 pt: 85, 130 or 178.
        width: single f64 { key: "width", kind: WIDTH, value_name: "MM" }

        /// Divide a long forest plot into pages, each with the heads, the axis and its number.
        page: single Page { key: "page", kind: PAGE, value_name: "PAGE" }

        /// Also a column of the forest plot, and of the table of studies, for these covariates: year,country (repeatable).
        columns: list String { key: "columns", kind: TEXT, value_name: "COL,…" }

        /// Also discs for this column of judgements of the risk of bias: low, some concerns, high (repeatable).
        risk_of_bias: list String { key: "rob", kind: TEXT, value_name: "COL,…" }

        /// Leave this column of the forest plot out: events, total, events/total, effect, weight (repeatable).
        hide: list Column { key: "hide", kind: COLUMN, value_name: "COLUMN" }

        /// Another head for a column of the forest plot, or title of its axis: study=Cohort (repeatable).
        label: list Label { key: "label", kind: LABEL, value_name: "COLUMN=TEXT" }

        /// A logarithmic axis of proportions in the forest plot; ratios have one in any case.
        axis: single AxisKind { key: "axis", kind: AXIS, value_name: "AXIS" }

        /// The ends of the forest plot's axis: 0%,60%. What lies beyond is an arrow.
        axis_limits: single AxisLimits { key: "axis-limits", kind: AXIS_LIMITS, value_name: "LOW,HIGH" }

        /// Rows of the forest plot closer together.
        compact: single Yes { key: "compact", kind: YES, value_name: "" }
    }
}
