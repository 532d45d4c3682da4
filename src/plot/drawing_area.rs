//! A figure on a drawing area of plotters: the one file that names the crate.
//!
//! plotters counts whole pixels, cuts what lies outside of an area, and knows no groups, titles or style
//! sheets: what it draws is the picture, without what [`Figure::to_svg`] says about it.

use plotters::coord::{CoordTranslate, Shift};
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text as Words};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};

use super::figure::{Anchor, Colour, Face, Figure, Ink, Node, Text};
use super::text::shown;

/// Draws a figure onto an area, as large as fits there, in its upper left corner.
///
/// Shapes land on whole pixels of the area, so an area of twice or four times the figure's size (in
/// pixels, `figure.width * figure.unit`) gives a sharper picture. Texts are set in the first of the figure's
/// fonts (Arial, unless the theme says otherwise): columns are as wide as its letters. A bitmap needs one of
/// plotters' features: `ttf`, which takes another font where the machine has not that one, or `ab_glyph`,
/// where it has to be registered.
///
/// # Errors
///
/// What the backend gives.
///
/// ```
/// use metaprop::plot::{draw_onto, forest};
/// use metaprop::{Dataset, Spec, fit};
/// use plotters::prelude::*;
///
/// let table = Dataset::proportions([("Alpha 2001", 8, 12), ("Beta 2002", 9, 13), ("Gamma 2003", 21, 66)])?;
/// let figure = forest::figure(&fit(&table, &Spec::default())?, &forest::Options::default());
/// let mut svg = String::new();
/// {
///     let area = SVGBackend::with_string(&mut svg, (1400, 700)).into_drawing_area();
///     draw_onto(&figure, &area)?;
///     area.present()?;
/// }
/// assert!(svg.contains("Gamma 2003"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn draw_onto<DB: DrawingBackend, CT: CoordTranslate>(
    figure: &Figure,
    area: &DrawingArea<DB, CT>,
) -> Drawn<DB> {
    let (width, height) = area.dim_in_pixel();
    let pen = Pen {
        area: area.strip_coord_spec(),
        scale: (f64::from(width) / figure.width).min(f64::from(height) / figure.height),
        font: figure.fonts.split(',').next().unwrap_or_default().trim().trim_matches('\''),
    };
    pen.rectangle(
        [0.0, 0.0],
        [figure.width, figure.height],
        ShapeStyle::from(&colour(figure.paper)).filled(),
    )?;
    pen.nodes(&figure.nodes)
}

/// Whether the backend drew what it was asked for.
type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Takes the font's size in plotters from its em: plotters divides sizes by this before it sets a text.
const FONT_SIZE: f64 = 1.24;
/// How far below its upper edge plotters sets the baseline of a text, in ems.
const ASCENT: f64 = 0.76;

/// An area, how many of its pixels a unit of the figure is, and the font.
struct Pen<DB: DrawingBackend> {
    area: DrawingArea<DB, Shift>,
    scale: f64,
    font: &'static str,
}

impl<DB: DrawingBackend> Pen<DB> {
    fn nodes(&self, nodes: &[Node]) -> Drawn<DB> {
        nodes.iter().try_for_each(|node| match node {
            Node::Group(group) => self.nodes(&group.children),
            Node::Rect(area, ink) => {
                let (from, to) = ([area.x, area.y], [area.x + area.width, area.y + area.height]);
                if let Some(style) = fill(ink) {
                    self.rectangle(from, to, style)?;
                }
                let around = [from, [to[0], from[1]], to, [from[0], to[1]]];
                self.outline(&around, true, ink)
            }
            Node::Path { points, closed, ink } => {
                if let Some(style) = fill(ink).filter(|_| *closed) {
                    self.area.draw(&Polygon::new(self.points(points), style))?;
                }
                self.outline(points, *closed, ink)
            }
            Node::Lines(lines, ink) => lines.iter().try_for_each(|line| self.outline(line, false, ink)),
            Node::Circle { centre, radius, ink } => self.circle(*centre, *radius, ink),
            Node::Text(text) => self.text(text),
        })
    }

    fn circle(&self, centre: [f64; 2], radius: f64, ink: &Ink) -> Drawn<DB> {
        let (centre, radius) = (self.point(centre), self.pixels(radius));
        if let Some(style) = fill(ink) {
            self.area.draw(&Circle::new(centre, radius, style))?;
        }
        let Some(stroke) = ink.stroke else { return Ok(()) };
        let style = ShapeStyle::from(&colour(stroke)).stroke_width(self.pixels(ink.width));
        self.area.draw(&Circle::new(centre, radius, style))
    }

    fn rectangle(&self, from: [f64; 2], to: [f64; 2], style: ShapeStyle) -> Drawn<DB> {
        self.area.draw(&Rectangle::new([self.point(from), self.point(to)], style))
    }

    /// The outline of a shape, where its ink has one.
    fn outline(&self, points: &[[f64; 2]], closed: bool, ink: &Ink) -> Drawn<DB> {
        let Some(stroke) = ink.stroke else { return Ok(()) };
        let style = ShapeStyle::from(&colour(stroke)).stroke_width(self.pixels(ink.width));
        let mut points = self.points(points);
        if closed {
            points.extend(points.first().copied());
        }
        match ink.dash {
            None => self.area.draw(&PathElement::new(points, style)),
            Some(dash) => {
                let [dash, gap] = dash.map(|length| self.pixels(length));
                self.area.draw(&DashedPathElement::new(points, dash, gap, style))
            }
        }
    }

    /// Every part of a text at its own place.
    fn text(&self, text: &Text) -> Drawn<DB> {
        let size = text.style.size * self.scale;
        let side = match text.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let weight = if text.style.face == Face::Bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = (FontFamily::Name(self.font), size * FONT_SIZE, weight);
        let colour = colour(text.style.fill);
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(side, VPos::Top));
        text.spans.iter().filter(|span| !span.text.trim().is_empty()).try_for_each(|span| {
            let place = self.point([span.x, span.y - ASCENT * text.style.size]);
            self.area.draw(&Words::new(shown(span.text.trim()).into_owned(), place, style.clone()))
        })
    }

    fn points(&self, points: &[[f64; 2]]) -> Vec<(i32, i32)> {
        points.iter().map(|point| self.point(*point)).collect()
    }

    fn point(&self, point: [f64; 2]) -> (i32, i32) {
        let [x, y] = point.map(|length| (length * self.scale).round() as i32);
        (x, y)
    }

    /// A length in pixels, at least one: plotters draws nothing thinner.
    fn pixels(&self, length: f64) -> u32 {
        (length * self.scale).round().max(1.0) as u32
    }
}

fn fill(ink: &Ink) -> Option<ShapeStyle> {
    ink.fill.map(|fill| ShapeStyle::from(&colour(fill)).filled())
}

fn colour(Colour(red, green, blue): Colour) -> RGBColor {
    RGBColor(red, green, blue)
}
