//! Where everything stands, from measured text: columns as wide as what is in them, rows as high,
//! so that nothing can touch whatever the names and the numbers are.

use super::band::{Band, HALF_CAPITAL, tenth};
use super::columns::Columns;
use super::options::Options;
use super::row::{Kind, Row};
use super::table::Table;
use crate::plot::figure::Type;
use crate::plot::text::{shown, wrap};
use crate::plot::theme::Theme;

/// The measured figure; every length in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// The width of the figure.
    pub width: f64,
    /// The height of the figure.
    pub height: f64,
    /// The lines of the title and their baselines.
    pub title: Vec<Line>,
    /// The baseline of the last line of the heads.
    pub head: f64,
    /// The first of the rows that are on this figure.
    pub first: usize,
    /// Where each of its rows stands.
    pub bands: Vec<Band>,
    /// The rules across the figure.
    pub rules: Vec<f64>,
    /// The axis.
    pub axis: f64,
    /// The baseline of the axis' title.
    pub axis_title: f64,
    /// The first of the lines below the figure.
    pub result: Vec<Line>,
    /// The other lines below the figure and their baselines.
    pub notes: Vec<Line>,
    /// `page 2 of 3`, where there are several.
    pub page: Option<Line>,
}

/// A line of words at its height.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The baseline.
    pub y: f64,
    /// The words.
    pub text: String,
}

/// What stands below the rows, in lines, and how high it is.
struct Below {
    result: Vec<Line>,
    notes: Vec<Line>,
    height: f64,
}

impl Layout {
    /// The whole table on one figure, with the notes below it.
    #[must_use]
    pub fn of(table: &Table, columns: &Columns, notes: &[String], options: &Options, theme: &Theme) -> Self {
        let bands = columns.bands(table, theme);
        let sheet = Sheet { table, columns, options, theme };
        let mut layout = sheet.begin(0, bands.len(), &bands, "");
        let below = sheet.below(notes);
        let pen = layout.end();
        layout.place(below, pen);
        layout.height = (layout.after_notes(pen, theme) + theme.margin - 0.3 * theme.note.size).ceil();
        layout
    }

    /// The table on figures of this height: heads, title and axis on each, the notes on the last.
    #[must_use]
    pub fn pages(
        table: &Table,
        columns: &Columns,
        notes: &[String],
        options: &Options,
        theme: &Theme,
        height: f64,
    ) -> Vec<Self> {
        let bands = columns.bands(table, theme);
        let sheet = Sheet { table, columns, options, theme };
        let below = sheet.below(notes);
        let number = 1.6 * theme.note.size;
        let bottom = height - theme.margin - number;
        let (mut pages, mut first): (Vec<Self>, usize) = (Vec::new(), 0);
        while first < bands.len() {
            let title = if first == 0 { "" } else { " (continued)" };
            let fits =
                |last: usize, more: f64| sheet.begin(first, last, &bands, title).end() + more <= bottom;
            if fits(bands.len(), below.height) {
                pages.push(sheet.begin(first, bands.len(), &bands, title));
                break;
            }
            // As many as fit; of what is pooled no row is parted from the others, and some row is on each page.
            let mut last =
                (first + 1..=bands.len()).take_while(|last| fits(*last, 0.0)).last().unwrap_or(first + 1);
            let summaries = table.rows.iter().position(|row| row.kind == Kind::Total).unwrap_or(bands.len());
            if last > summaries || last == bands.len() {
                last = summaries.max(first + 1);
            }
            // A heading stays with what it is of.
            while last > first + 1 && table.rows[last - 1].kind == Kind::Heading {
                last -= 1;
            }
            pages.push(sheet.begin(first, last.min(bands.len()), &bands, title));
            first = last;
        }
        if let Some(last) = pages.last_mut() {
            let pen = last.end();
            last.place(below, pen);
        }
        let count = pages.len();
        for (page, at) in pages.iter_mut().zip(1..) {
            page.height = height;
            let text = format!("Page {at} of {count}");
            page.page = Some(Line { y: tenth(height - theme.margin), text });
        }
        pages
    }

    /// Below the title of the axis.
    fn end(&self) -> f64 {
        self.height
    }

    /// Puts the notes below what is there.
    fn place(&mut self, below: Below, pen: f64) {
        let moved = |line: Line| Line { y: tenth(line.y + pen), ..line };
        self.result = below.result.into_iter().map(moved).collect();
        self.notes = below.notes.into_iter().map(moved).collect();
    }

    fn after_notes(&self, pen: f64, theme: &Theme) -> f64 {
        match (self.notes.last(), self.result.last()) {
            (Some(line), _) => line.y + 0.3 * theme.note.size,
            (None, Some(line)) => line.y + 0.5 * theme.result.size,
            (None, None) => pen,
        }
    }
}

/// What a figure is laid out from.
#[derive(Clone, Copy)]
struct Sheet<'a> {
    table: &'a Table,
    columns: &'a Columns,
    options: &'a Options,
    theme: &'a Theme,
}

impl Sheet<'_> {
    fn room(&self) -> f64 {
        self.columns.right - self.theme.margin
    }

    /// Title, heads, the rows from `first` to before `last`, and the axis; its height ends below the axis' title.
    fn begin(&self, first: usize, last: usize, bands: &[Band], continued: &str) -> Layout {
        let theme = self.theme;
        let mut pen = theme.margin;
        let title = self.options.title.as_deref().map(|title| format!("{}{continued}", shown(title)));
        let title = lines(title.iter(), theme.title, theme.leading, self.room(), &mut pen);
        if !title.is_empty() {
            pen += 0.6 * theme.title.size;
        }
        let of_heads = self.columns.head_lines() as f64;
        let head = tenth(pen + theme.row / 2.0 + HALF_CAPITAL * theme.strong.size);
        let more = (of_heads - 1.0) * theme.leading * theme.strong.size;
        pen += theme.row + 2.0 + more;
        let mut bands = bands[first..last].to_vec();
        let rules = stack(&mut bands, &self.table.rows[first..last], &mut pen, theme);
        let axis = tenth(pen + 5.0);
        let axis_title = tenth(axis + theme.tick + 3.0 + (0.72 + 1.35) * theme.axis_type.size);
        Layout {
            width: (self.columns.right + theme.margin).ceil(),
            height: axis_title + 1.4 * theme.axis_type.size,
            title,
            head: tenth(head + more),
            first,
            bands,
            rules,
            axis,
            axis_title,
            result: Vec::new(),
            notes: Vec::new(),
            page: None,
        }
    }

    /// The notes, from 0 down.
    fn below(&self, notes: &[String]) -> Below {
        let (theme, mut pen) = (self.theme, 0.0);
        let (first, rest) = notes.split_at(notes.len().min(1));
        let shown_notes =
            |notes: &[String]| notes.iter().map(|note| shown(note).into_owned()).collect::<Vec<_>>();
        let result = lines(shown_notes(first).iter(), theme.result, 1.5, self.room(), &mut pen);
        let notes = lines(shown_notes(rest).iter(), theme.note, 1.3, self.room(), &mut pen);
        Below { result, notes, height: pen }
    }
}

/// Puts rows below each other, moving `pen` from the rule under the heads to below the last row;
/// returns the rules.
fn stack(bands: &mut [Band], rows: &[Row], pen: &mut f64, theme: &Theme) -> Vec<f64> {
    let mut rules = vec![tenth(*pen)];
    *pen += 3.0;
    for (index, (band, row)) in bands.iter_mut().zip(rows).enumerate() {
        if row.kind == Kind::Total && index > 0 {
            rules.push(tenth(*pen + 3.0));
            *pen += 6.0;
        }
        let high = band.height(theme);
        band.middle = tenth(*pen + high / 2.0);
        *pen += high;
    }
    rules
}

/// Breaks texts into lines of this width, moving `pen` from above the first to below the last.
fn lines<'a>(
    texts: impl Iterator<Item = &'a String>,
    style: Type,
    leading: f64,
    room: f64,
    pen: &mut f64,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for text in texts {
        for line in wrap(text, room, style.size, style.face) {
            lines.push(Line { y: tenth(*pen + style.size), text: line.trim_end().to_string() });
            *pen += leading * style.size;
        }
    }
    lines
}
