//! Draws the measured rows: words onto the sheet, marks and axis through plotters.

use super::layout::{Band, HEADS, Layout, NO_INTERVAL, label_type, tenth};
use super::marks::{self, Mark};
use super::rows::{Effect, Kind, Row, Table};
use crate::options::Model;
use crate::plot::canvas::Sheet;
use crate::plot::figure::{Anchor, Group, Ink, Node, Span, Text, Type};
use crate::plot::theme::Theme;
use crate::plot::ticks::{Axis, Scale};

/// Half the height of a capital in ems: from the middle of a row to its baseline.
const HALF_CAPITAL: f64 = 0.358;

/// The nodes of the figure, the first at the back.
#[must_use]
pub fn nodes(table: &Table, layout: &Layout, axis: &Axis, theme: &Theme) -> Vec<Node> {
    let scale = Scale { domain: axis.domain, pixels: layout.columns.plot };
    let painter = Painter { layout, theme, scale, sheet: Sheet::new(layout.width, layout.height, scale) };
    painter.frame(table, axis);
    for (row, band) in table.rows.iter().zip(&layout.bands) {
        painter.row(row, band);
    }
    painter.notes();
    painter.sheet.into_nodes()
}

struct Painter<'a> {
    layout: &'a Layout,
    theme: &'a Theme,
    scale: Scale,
    sheet: Sheet,
}

impl Painter<'_> {
    /// Title, heads, rules, the dashed line and the axis.
    fn frame(&self, table: &Table, axis: &Axis) {
        let (layout, theme) = (self.layout, self.theme);
        for line in &layout.title {
            self.text(layout.columns.label, line.y, Anchor::Start, theme.title, &line.text);
        }
        self.heads(table);
        for y in &layout.rules {
            let ends = [layout.columns.label, layout.columns.weight].map(|x| [x, *y]);
            self.sheet.place(Node::Path { points: ends.to_vec(), closed: false, ink: theme.rule });
        }
        if axis.holds(table.reference) {
            let ends = [(table.reference, layout.rules[0]), (table.reference, layout.axis)];
            self.sheet.line(&ends, theme.reference);
        }
        let [low, high] = axis.domain;
        self.sheet.line(&[(low, layout.axis), (high, layout.axis)], theme.rule);
        let label = tenth(layout.axis + theme.tick + 3.0 + 0.72 * theme.axis_type.size);
        for tick in &axis.ticks {
            self.sheet.stroke((tick.value, layout.axis), &[(0.0, 0.0), (0.0, theme.tick)], theme.rule);
            self.sheet.word((tick.value, label), &tick.label, theme.axis_type);
        }
        self.sheet.word(((low + high) / 2.0, layout.axis_title), &table.axis_title, theme.axis_type);
    }

    fn heads(&self, table: &Table) {
        let columns = &self.layout.columns;
        let y = tenth(self.layout.head + HALF_CAPITAL * self.theme.strong.size);
        let [study, events, total, weight] = HEADS;
        self.text(columns.label, y, Anchor::Start, self.theme.strong, study);
        for (x, head) in [
            (columns.events, events),
            (columns.total, total),
            (columns.effect[2], table.effect_head.as_str()),
            (columns.weight, weight),
        ] {
            self.text(x, y, Anchor::End, self.theme.strong, head);
        }
    }

    fn notes(&self) {
        for line in &self.layout.result {
            self.text(self.layout.columns.label, line.y, Anchor::Start, self.theme.result, &line.text);
        }
        for note in &self.layout.notes {
            self.text(self.layout.columns.label, note.y, Anchor::Start, self.theme.note, &note.text);
        }
    }

    fn text(&self, x: f64, y: f64, anchor: Anchor, style: Type, text: &str) {
        self.sheet.place(Node::Text(Text::line(x, y, anchor, style, text)));
    }

    fn row(&self, row: &Row, band: &Band) {
        let class = match row.kind {
            Kind::Study => "study",
            Kind::Excluded => "excluded",
            Kind::Total | Kind::Pooled => "summary",
        };
        let (id, title, data) = (row.id.clone(), row.title.clone(), row.data.clone());
        self.sheet.open(Group { id, class, title, data, children: Vec::new() });
        let (columns, style) = (&self.layout.columns, label_type(row, self.theme));
        let y = tenth(band.middle + HALF_CAPITAL * style.size);
        self.lines(columns.label, band.middle, style, &band.label);
        if let Some([events, total]) = &row.counts {
            self.text(columns.events, y, Anchor::End, style, events);
            self.text(columns.total, y, Anchor::End, style, total);
        }
        for mark in marks::of(&row.shape, self.scale.domain, self.theme) {
            self.mark(&mark, band.middle, row.kind);
        }
        match &row.effect {
            Effect::Blank => {}
            Effect::Words(_) => self.lines(columns.words, band.middle, style, &band.words),
            Effect::Numbers { estimate, interval } => {
                self.numbers(y, style, estimate.as_deref(), interval.as_ref())
            }
        }
        if !row.weight.is_empty() {
            self.text(columns.weight, y, Anchor::End, style, &row.weight);
        }
        self.sheet.close();
    }

    /// Lines of one text, around the middle of a row.
    fn lines(&self, x: f64, middle: f64, style: Type, lines: &[String]) {
        let leading = self.theme.leading * style.size;
        let first = middle + HALF_CAPITAL * style.size - (lines.len() as f64 - 1.0) / 2.0 * leading;
        let spans = lines.iter().enumerate();
        let spans = spans.map(|(index, line)| Span {
            x,
            y: tenth(first + index as f64 * leading),
            text: line.clone(),
        });
        self.sheet.place(Node::Text(Text { anchor: Anchor::Start, style, spans: spans.collect() }));
    }

    /// Estimate and interval as one text whose parts end at their columns, so that decimal points
    /// stand below each other. The spaces are in front of a part, where they move nothing.
    fn numbers(&self, y: f64, style: Type, estimate: Option<&str>, interval: Option<&[String; 2]>) {
        let places = self.layout.columns.effect;
        let mut spans = Vec::with_capacity(4);
        let mut push = |x: f64, text: String| {
            let text = if spans.is_empty() { text } else { format!(" {text}") };
            spans.push(Span { x, y, text });
        };
        if let Some(estimate) = estimate {
            push(places[0], estimate.to_string());
        }
        match interval {
            Some([lower, upper]) => {
                push(places[1], format!("({lower}"));
                push(places[1] + self.theme.space() + style.width("to"), "to".to_string());
                push(places[2], format!("{upper})"));
            }
            None => push(places[2], NO_INTERVAL.to_string()),
        }
        self.sheet.place(Node::Text(Text { anchor: Anchor::End, style, spans }));
    }

    fn mark(&self, mark: &Mark, y: f64, kind: Kind) {
        let theme = self.theme;
        match mark {
            Mark::Interval { from, to } => self.sheet.line(&[(*from, y), (*to, y)], theme.interval),
            Mark::Square { at, side } => self.sheet.square((*at, y), *side, theme.square),
            Mark::Tick { at, height } => {
                let ink = if kind == Kind::Study { theme.interval } else { theme.point };
                self.sheet.stroke((*at, y), &[(0.0, -height / 2.0), (0.0, height / 2.0)], ink);
            }
            Mark::Arrow { at, right } => {
                let [length, height] = theme.arrow_head;
                let tip = if *right { length } else { -length };
                self.sheet.marker(
                    (*at, y),
                    &[(0.0, -height / 2.0), (tip, 0.0), (0.0, height / 2.0)],
                    theme.arrow,
                );
            }
            Mark::Diamond { model, corners } => {
                let corners: Vec<_> = corners.iter().map(|&(x, below)| (x, y + below)).collect();
                self.sheet.polygon(&corners, diamond_ink(*model, theme));
            }
            Mark::Bar { from, to } => {
                let half = theme.bar_height / 2.0;
                self.sheet.bar([(*from, y - half), (*to, y + half)], theme.prediction);
            }
        }
    }
}

const fn diamond_ink(model: Model, theme: &Theme) -> Ink {
    match model {
        Model::Common => theme.common,
        _ => theme.random,
    }
}
