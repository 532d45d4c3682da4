//! A theme as a TOML file: ours, which are embedded, and those of users.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::figure::{Colour, Ink, Type};
use super::house_style::HouseStyle;
use super::theme::Theme;
use crate::error::{Error, Problem};
use crate::options::Column;

/// The embedded themes, by name.
const EMBEDDED: [(&str, &str); 10] = [
    ("plain", include_str!("themes/plain.toml")),
    ("revman", include_str!("themes/revman.toml")),
    ("cochrane", include_str!("themes/cochrane.toml")),
    ("jama", include_str!("themes/jama.toml")),
    ("bmj", include_str!("themes/bmj.toml")),
    ("lancet", include_str!("themes/lancet.toml")),
    ("nature", include_str!("themes/nature.toml")),
    ("dark", include_str!("themes/dark.toml")),
    ("colour-blind", include_str!("themes/colour-blind.toml")),
    ("color-blind", include_str!("themes/colour-blind.toml")),
];

/// What a theme file may say. Whatever it leaves out is as in `plain`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ThemeFile {
    #[serde(default)]
    colours: Colours,
    #[serde(default)]
    sizes: Sizes,
    #[serde(default)]
    table: TableStyle,
    #[serde(default)]
    heads: BTreeMap<Spanned<String>, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Colours {
    paper: Option<Spanned<String>>,
    ink: Option<Spanned<String>>,
    quiet: Option<Spanned<String>>,
    square: Option<Spanned<String>>,
    diamond: Option<Spanned<String>>,
    common: Option<Spanned<String>>,
    prediction: Option<Spanned<String>>,
    accent: Option<Spanned<String>>,
    shades: Option<[Spanned<String>; 5]>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Sizes {
    text: Option<Spanned<f64>>,
    title: Option<Spanned<f64>>,
    axis: Option<Spanned<f64>>,
    note: Option<Spanned<f64>>,
    row: Option<Spanned<f64>>,
    plot: Option<Spanned<f64>>,
    margin: Option<Spanned<f64>>,
    gap: Option<Spanned<f64>>,
    square: Option<Spanned<f64>>,
    diamond: Option<Spanned<f64>>,
    bar: Option<Spanned<f64>>,
    line: Option<Spanned<f64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TableStyle {
    left: Option<Vec<Spanned<String>>>,
    right: Option<Vec<Spanned<String>>>,
    interval: Option<[String; 3]>,
    decimal: Option<String>,
    thousands: Option<String>,
    weight_sign: Option<String>,
    pooled: Option<String>,
    heterogeneity: Option<String>,
    p_without_zero: Option<bool>,
}

impl Theme {
    /// The names of the themes that are there.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        EMBEDDED.iter().map(|(name, _)| *name).filter(|name| *name != "color-blind").collect()
    }

    /// The theme of this name.
    ///
    /// ```
    /// use metaprop::plot::Theme;
    /// assert!(Theme::named("jama").is_some() && Theme::named("times").is_none());
    /// assert_eq!(Theme::named("plain").unwrap(), Theme::DEFAULT);
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (name, text) = EMBEDDED.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim()))?;
        Some(Self::from_toml(text, name).expect("a test reads every embedded theme"))
    }

    /// A theme from the text of a TOML file; what it leaves out is as in `plain`. `file` stands in errors.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with the line, where a key is unknown, a colour is not `#rrggbb`, a length is not above 0 or a
    /// column is unknown.
    ///
    /// ```
    /// use metaprop::plot::Theme;
    /// let theme = Theme::from_toml("[colours]\nsquare = '#008000'\n", "mine.toml")?;
    /// assert_eq!(theme.square.fill, Some(metaprop::plot::figure::Colour(0, 128, 0)));
    /// let error = Theme::from_toml("[colours]\nsquare = 'green'\n", "mine.toml").unwrap_err().to_string();
    /// assert!(error.contains("mine.toml:2") && error.contains("#rrggbb"), "{error}");
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    pub fn from_toml(text: &str, file: &str) -> Result<Self, Error> {
        let source = Source { text, file };
        let read: ThemeFile = toml::from_str(text).map_err(|error| {
            source.error(error.span().unwrap_or_default(), error.message(), "metaprop list themes prints one")
        })?;
        let mut theme = Self::DEFAULT;
        source.set_colours(&read.colours, &mut theme)?;
        source.set_sizes(&read.sizes, &mut theme)?;
        theme.house = source.house_style(read.table, read.heads)?;
        Ok(theme)
    }

    /// The text of an embedded theme, for a file of one's own to begin with.
    #[must_use]
    pub fn embedded_text(name: &str) -> Option<&'static str> {
        EMBEDDED.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, text)| *text)
    }
}

/// The text that is read, to say where something stands.
#[derive(Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    file: &'a str,
}

impl Source<'_> {
    fn error(&self, at: Range<usize>, what: &str, help: &str) -> Error {
        let before = self.text.get(..at.start).unwrap_or_default();
        let line = 1 + before.matches('\n').count() as u64;
        Error::Usage(vec![Problem::new(what.trim()).at(self.file, line).help(help)])
    }

    fn colour(&self, typed: &Spanned<String>) -> Result<Colour, Error> {
        let hex = typed.get_ref().strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii());
        let channel = |at: usize| u8::from_str_radix(hex?.get(at..at + 2)?, 16).ok();
        match (channel(0), channel(2), channel(4)) {
            (Some(red), Some(green), Some(blue)) => Ok(Colour(red, green, blue)),
            _ => {
                let what = format!("'{}' is not a colour", crate::format::sanitize(typed.get_ref()));
                Err(self.error(typed.span(), &what, "write it as #rrggbb, such as #173a5e"))
            }
        }
    }

    fn set_colours(&self, typed: &Colours, theme: &mut Theme) -> Result<(), Error> {
        let read =
            |typed: &Option<Spanned<String>>| typed.as_ref().map(|typed| self.colour(typed)).transpose();
        if let Some(ink) = read(&typed.ink)? {
            let words = [&mut theme.title, &mut theme.strong, &mut theme.body, &mut theme.axis_type];
            words.into_iter().chain([&mut theme.result]).for_each(|style| style.fill = ink);
            [&mut theme.rule, &mut theme.interval].into_iter().for_each(|line| line.stroke = Some(ink));
            theme.arrow.fill = Some(ink);
        }
        if let Some(quiet) = read(&typed.quiet)? {
            [&mut theme.muted, &mut theme.note].into_iter().for_each(|style| style.fill = quiet);
        }
        if let Some(paper) = read(&typed.paper)? {
            theme.paper = paper;
            theme.dot.stroke = Some(paper);
        }
        if let Some(square) = read(&typed.square)? {
            theme.square.fill = Some(square);
        }
        if let Some(diamond) = read(&typed.diamond)? {
            let lines = [&mut theme.reference, &mut theme.point, &mut theme.curve, &mut theme.common];
            lines.into_iter().for_each(|ink| ink.stroke = Some(diamond));
            (theme.random.fill, theme.random.stroke) = (Some(diamond), Some(diamond));
            (theme.prediction.stroke, theme.dot.fill) = (Some(diamond), Some(diamond));
        }
        if let Some(common) = read(&typed.common)? {
            theme.common.fill = Some(common);
        }
        if let Some(prediction) = read(&typed.prediction)? {
            theme.prediction.fill = Some(prediction);
        }
        if let Some(accent) = read(&typed.accent)? {
            theme.held.stroke = Some(accent);
        }
        if let Some(shades) = &typed.shades {
            for (ink, shade) in theme.shades.iter_mut().zip(shades) {
                ink.fill = Some(self.colour(shade)?);
            }
        }
        Ok(())
    }

    fn length(&self, typed: &Option<Spanned<f64>>, own: f64) -> Result<f64, Error> {
        let Some(typed) = typed else { return Ok(own) };
        let length = *typed.get_ref();
        if length > 0.0 && length <= 2000.0 {
            return Ok(length);
        }
        let what = format!("{length} is no length of a figure");
        Err(self.error(typed.span(), &what, "give CSS pixels, above 0 and at most 2000; 96 make an inch"))
    }

    fn set_sizes(&self, typed: &Sizes, theme: &mut Theme) -> Result<(), Error> {
        let text = self.length(&typed.text, theme.body.size)?;
        [&mut theme.strong, &mut theme.body, &mut theme.muted]
            .into_iter()
            .for_each(|style: &mut Type| style.size = text);
        theme.title.size = self.length(&typed.title, theme.title.size)?;
        let axis = self.length(&typed.axis, theme.axis_type.size)?;
        [&mut theme.axis_type, &mut theme.result].into_iter().for_each(|style| style.size = axis);
        theme.note.size = self.length(&typed.note, theme.note.size)?;
        theme.row = self.length(&typed.row, theme.row)?;
        theme.plot_width = self.length(&typed.plot, theme.plot_width)?;
        theme.margin = self.length(&typed.margin, theme.margin)?;
        theme.gap = self.length(&typed.gap, theme.gap)?;
        theme.square_side = self.length(&typed.square, theme.square_side)?;
        theme.diamond_height = self.length(&typed.diamond, theme.diamond_height)?;
        theme.bar_height = self.length(&typed.bar, theme.bar_height)?;
        let factor = self.length(&typed.line, theme.interval.width)? / theme.interval.width;
        let lines = [&mut theme.interval, &mut theme.rule, &mut theme.reference, &mut theme.common];
        lines.into_iter().for_each(|ink: &mut Ink| ink.width *= factor);
        Ok(())
    }

    fn columns(
        &self,
        typed: Option<Vec<Spanned<String>>>,
        own: Cow<'static, [Column]>,
    ) -> Result<Cow<'static, [Column]>, Error> {
        let Some(typed) = typed else { return Ok(own) };
        let read = typed.iter().map(|word| self.column(word));
        Ok(Cow::Owned(read.collect::<Result<Vec<_>, _>>()?))
    }

    fn column(&self, word: &Spanned<String>) -> Result<Column, Error> {
        Column::of(word.get_ref()).ok_or_else(|| {
            let what = format!("'{}' is no column of a forest plot", crate::format::sanitize(word.get_ref()));
            let known: Vec<&str> = Column::WORDS.iter().map(|(word, _)| *word).collect();
            self.error(word.span(), &what, &format!("known are {}", known.join(", ")))
        })
    }

    fn house_style(
        &self,
        table: TableStyle,
        heads: BTreeMap<Spanned<String>, String>,
    ) -> Result<HouseStyle, Error> {
        let own = HouseStyle::PLAIN;
        let text = |typed: Option<String>, own: Cow<'static, str>| typed.map_or(own, Cow::Owned);
        let spans: Vec<Spanned<String>> =
            [&table.left, &table.right].into_iter().flatten().flatten().cloned().collect();
        let (left, right) = (self.columns(table.left, own.left)?, self.columns(table.right, own.right)?);
        let all: Vec<Column> = left.iter().chain(&*right).copied().collect();
        if left.first() != Some(&Column::Study) {
            let at = spans.first().map_or(0..0, Spanned::span);
            return Err(self.error(at, "the first column is not study", "begin left with \"study\""));
        }
        if let Some(twice) = (1..all.len()).find(|at| all[..*at].contains(&all[*at])) {
            let typed = spans.iter().rfind(|typed| Column::of(typed.get_ref()) == Some(all[twice]));
            let at = typed.map_or(0..0, Spanned::span);
            let word =
                Column::WORDS.iter().find(|(_, column)| *column == all[twice]).map_or("", |(word, _)| word);
            let help = "each column stands left or right of the axis, once; right is as in plain where it is left out";
            return Err(self.error(at, &format!("the column {word} is there twice"), help));
        }
        let heads = heads.into_iter().map(|(word, head)| Ok((self.column(&word)?, Cow::Owned(head))));
        Ok(HouseStyle {
            left,
            right,
            heads: Cow::Owned(heads.collect::<Result<Vec<_>, Error>>()?),
            around: table.interval.map_or(own.around, |around| around.map(Cow::Owned)),
            decimal: text(table.decimal, own.decimal),
            thousands: text(table.thousands, own.thousands),
            weight_sign: text(table.weight_sign, own.weight_sign),
            pooled: text(table.pooled, own.pooled),
            heterogeneity: text(table.heterogeneity, own.heterogeneity),
            p_without_zero: table.p_without_zero.unwrap_or(own.p_without_zero),
        })
    }
}
