//! Colours and sizes, as data: a theme is a value, not a branch in the code that draws.

use super::figure::{Colour, Face, Ink, Type};
use super::house_style::HouseStyle;

/// How figures look. Lengths are CSS pixels, of which 96 make an inch: 11 px are 8.25 pt in print.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// The fonts, the first that the reader has; all of the widths that texts are measured with.
    pub fonts: &'static str,
    /// The colour behind everything.
    pub paper: Colour,
    /// The figure's title.
    pub title: Type,
    /// Heads of columns, labels of pooled rows.
    pub strong: Type,
    /// Rows.
    pub body: Type,
    /// Rows that were left out.
    pub muted: Type,
    /// Numbers and title of the axis.
    pub axis_type: Type,
    /// The line on heterogeneity.
    pub result: Type,
    /// The other lines below the figure.
    pub note: Type,

    /// Rules under the head and over the pooled rows, the axis and its ticks.
    pub rule: Ink,
    /// The line at the pooled estimate.
    pub reference: Ink,
    /// A study's interval, and an estimate too light for a square.
    pub interval: Ink,
    /// The head of an arrow.
    pub arrow: Ink,
    /// A study's square.
    pub square: Ink,
    /// The common-effect diamond.
    pub common: Ink,
    /// The random-effects diamond.
    pub random: Ink,
    /// A pooled estimate that has no interval, or one without width.
    pub point: Ink,
    /// An estimate with which a stated conclusion holds; thicker than one with which it does not.
    pub held: Ink,
    /// The prediction interval.
    pub prediction: Ink,
    /// A study as a point or a circle between two axes.
    pub dot: Ink,
    /// A fitted line, and a statistic that joins points.
    pub curve: Ink,
    /// Regions and densities, from the lightest.
    pub shades: [Ink; 5],

    /// White space around the figure.
    pub margin: f64,
    /// Between columns.
    pub gap: f64,
    /// Between the axis and the columns beside it: squares and arrows may hang over the axis' ends.
    pub plot_gap: f64,
    /// How wide the axis is.
    pub plot_width: f64,
    /// The height of a row of one line.
    pub row: f64,
    /// From baseline to baseline within a row or a note, in ems.
    pub leading: f64,
    /// The widest that the column of studies gets before names are broken into lines.
    pub label_limit: f64,
    /// The side of the heaviest study's square.
    pub square_side: f64,
    /// The smallest side that is drawn as a square; below, a tick mark stands for it.
    pub least_side: f64,
    /// The height of a diamond.
    pub diamond_height: f64,
    /// The height of the prediction interval's bar.
    pub bar_height: f64,
    /// The length and the height of an arrow's head.
    pub arrow_head: [f64; 2],
    /// The length of an axis tick.
    pub tick: f64,
    /// The columns of a forest plot, and how numbers are written in it.
    pub house: HouseStyle,
}

const INK: Colour = Colour(0x1a, 0x1a, 0x1a);
const QUIET: Colour = Colour(0x55, 0x5b, 0x61);
const BLUE: Colour = Colour(0x5b, 0x84, 0xab);
const NAVY: Colour = Colour(0x17, 0x3a, 0x5e);
const ORANGE: Colour = Colour(0xb8, 0x45, 0x0b);
const PAPER: Colour = Colour(0xff, 0xff, 0xff);

const fn set(class: &'static str, size: f64, face: Face, fill: Colour) -> Type {
    Type { class, size, face, fill }
}

const fn line(class: &'static str, stroke: Colour, width: f64, dash: Option<[f64; 2]>) -> Ink {
    Ink { class, fill: None, stroke: Some(stroke), width, dash }
}

const fn solid(class: &'static str, fill: Colour) -> Ink {
    Ink { class, fill: Some(fill), stroke: None, width: 0.0, dash: None }
}

const fn outlined(class: &'static str, fill: Colour, stroke: Colour, width: f64) -> Ink {
    Ink { class, fill: Some(fill), stroke: Some(stroke), width, dash: None }
}

impl Theme {
    /// Blue squares, a filled diamond for random effects and a hollow one for the common effect.
    ///
    /// Every mark stands out from the paper by at least 3 to 1, text by at least 4.5 to 1; what a
    /// mark means is said by its shape and its row, never by its colour alone.
    pub const DEFAULT: Self = Self {
        fonts: "Arial, Helvetica, 'Liberation Sans', sans-serif",
        paper: PAPER,
        title: set("mp-h", 13.0, Face::Bold, INK),
        strong: set("mp-b", 11.0, Face::Bold, INK),
        body: set("mp-t", 11.0, Face::Regular, INK),
        muted: set("mp-q", 11.0, Face::Regular, QUIET),
        axis_type: set("mp-a", 10.0, Face::Regular, INK),
        result: set("mp-f", 10.0, Face::Regular, INK),
        note: set("mp-n", 9.5, Face::Regular, QUIET),

        rule: line("mp-r", INK, 0.8, None),
        reference: line("mp-d", NAVY, 0.8, Some([3.0, 2.5])),
        interval: line("mp-i", INK, 1.0, None),
        arrow: solid("mp-w", INK),
        square: solid("mp-s", BLUE),
        common: outlined("mp-c", PAPER, NAVY, 1.2),
        random: outlined("mp-m", NAVY, NAVY, 1.0),
        point: line("mp-o", NAVY, 2.5, None),
        held: line("mp-k", ORANGE, 5.0, None),
        prediction: outlined("mp-p", BLUE, NAVY, 0.8),
        dot: outlined("mp-u", NAVY, PAPER, 0.8),
        curve: line("mp-l", NAVY, 1.4, None),
        shades: [
            solid("mp-1", Colour(0xe6, 0xec, 0xf2)),
            solid("mp-2", Colour(0xcd, 0xd8, 0xe4)),
            solid("mp-3", Colour(0x8f, 0xab, 0xc6)),
            solid("mp-4", Colour(0x4c, 0x75, 0x9d)),
            solid("mp-5", NAVY),
        ],

        margin: 12.0,
        gap: 14.0,
        plot_gap: 18.0,
        plot_width: 240.0,
        row: 17.0,
        leading: 1.25,
        label_limit: 270.0,
        square_side: 12.0,
        least_side: 2.5,
        diamond_height: 11.0,
        bar_height: 5.0,
        arrow_head: [6.0, 6.0],
        tick: 4.0,
        house: HouseStyle::PLAIN,
    };
}

impl Ink {
    fn scaled(self, factor: f64) -> Self {
        Self {
            width: self.width * factor,
            dash: self.dash.map(|dash| dash.map(|part| part * factor)),
            ..self
        }
    }
}

impl Theme {
    /// The same look with every length `factor` times as large: in other units than pixels.
    #[must_use]
    pub(super) fn scaled(&self, factor: f64) -> Self {
        let set = |style: Type| Type { size: style.size * factor, ..style };
        Self {
            fonts: self.fonts,
            paper: self.paper,
            title: set(self.title),
            strong: set(self.strong),
            body: set(self.body),
            muted: set(self.muted),
            axis_type: set(self.axis_type),
            result: set(self.result),
            note: set(self.note),
            rule: self.rule.scaled(factor),
            reference: self.reference.scaled(factor),
            interval: self.interval.scaled(factor),
            arrow: self.arrow.scaled(factor),
            square: self.square.scaled(factor),
            common: self.common.scaled(factor),
            random: self.random.scaled(factor),
            point: self.point.scaled(factor),
            held: self.held.scaled(factor),
            prediction: self.prediction.scaled(factor),
            dot: self.dot.scaled(factor),
            curve: self.curve.scaled(factor),
            shades: self.shades.map(|ink| ink.scaled(factor)),
            margin: self.margin * factor,
            gap: self.gap * factor,
            plot_gap: self.plot_gap * factor,
            plot_width: self.plot_width * factor,
            row: self.row * factor,
            leading: self.leading,
            label_limit: self.label_limit * factor,
            square_side: self.square_side * factor,
            least_side: self.least_side * factor,
            diamond_height: self.diamond_height * factor,
            bar_height: self.bar_height * factor,
            arrow_head: self.arrow_head.map(|length| length * factor),
            tick: self.tick * factor,
            house: self.house.clone(),
        }
    }
}

impl Theme {
    /// Each colour of this theme with the colour that has its place in another.
    #[must_use]
    pub(crate) fn colours_in(&self, other: &Self) -> Vec<(Colour, Colour)> {
        let mut pairs = vec![(self.paper, other.paper)];
        let types = |theme: &Self| {
            [theme.title, theme.strong, theme.body, theme.muted, theme.axis_type, theme.result, theme.note]
        };
        pairs.extend(types(self).iter().zip(types(other)).map(|(one, two)| (one.fill, two.fill)));
        let inks = |theme: &Self| {
            let lines =
                [theme.rule, theme.reference, theme.interval, theme.arrow, theme.square, theme.random];
            let more = [theme.point, theme.held, theme.prediction, theme.dot, theme.curve];
            lines.into_iter().chain(more).chain(theme.shades)
        };
        for (one, two) in inks(self).zip(inks(other)) {
            pairs.extend(one.fill.zip(two.fill));
            pairs.extend(one.stroke.zip(two.stroke));
        }
        let mut seen = Vec::new();
        pairs.retain(|(plain, _)| {
            !seen.contains(plain) && {
                seen.push(*plain);
                true
            }
        });
        pairs
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance(Colour(r, g, b): Colour) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    fn contrast(one: Colour, two: Colour) -> f64 {
        let (a, b) = (luminance(one), luminance(two));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn marks_and_words_stand_out_from_the_paper() {
        let t = Theme::DEFAULT;
        for text in [t.title, t.strong, t.body, t.muted, t.axis_type, t.result, t.note] {
            assert!(contrast(text.fill, t.paper) >= 4.5, "{}", text.class);
        }
        for ink in [
            t.rule,
            t.reference,
            t.interval,
            t.arrow,
            t.square,
            t.common,
            t.random,
            t.point,
            t.held,
            t.prediction,
            t.curve,
        ] {
            let outline = ink.stroke.or(ink.fill).expect("an ink has a colour");
            assert!(contrast(outline, t.paper) >= 3.0, "{}", ink.class);
        }
        for behind in [t.paper, PAPER].into_iter().chain(t.shades[..2].iter().filter_map(|ink| ink.fill)) {
            assert!(contrast(NAVY, behind) >= 4.5, "a point shows on every region");
        }
        assert!(contrast(INK, BLUE) >= 3.0, "the interval shows on the square");
    }

    #[test]
    fn no_text_is_below_the_size_journals_ask_for() {
        let t = Theme::DEFAULT;
        for text in [t.title, t.strong, t.body, t.muted, t.axis_type, t.result, t.note] {
            assert!(text.size * 0.75 >= 6.5, "{} pt", text.size * 0.75);
        }
    }
}
