//! Drawing through plotters, without its SVG backend: the one file that names the crate.
//!
//! plotters' own backend counts whole pixels, knows no groups, titles or classes, and measures text
//! with whatever fonts a machine has. [`Canvas`] is a backend that collects a
//! [`figure`](super::figure) tree instead. Its unit is 1/1000 px, so that the integers of plotters'
//! interface are finer than the two decimals which are written. Styles that plotters cannot say
//! (an outline and a fill, dashes, a class) and groups are told to the canvas beside it, by [`Sheet`].
//!
//! plotters clamps every point to the drawing area without a mark: what is drawn here has to be
//! clipped before, and the area is the whole sheet so that a square may hang over the axis' end.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use plotters::coord::CoordTranslate;
use plotters::drawing::DrawingArea;
use plotters::element::{
    Drawable, EmptyElement, PathElement, PointCollection, Polygon, Rectangle, Text as Word,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{IntoFont, ShapeStyle, TextStyle};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};

use super::figure::{Anchor, Colour, Group, Ink, Node, Rect, Text, Type};
use super::metrics::{Face, width};
use super::ticks::Scale;

/// Backend units in a pixel.
const UNITS: f64 = 1000.0;

/// plotters' view of a scale: values across, pixels down.
impl CoordTranslate for Scale {
    type From = (f64, f64);

    fn translate(&self, &(value, y): &(f64, f64)) -> BackendCoord {
        (units(self.x(value)), units(y))
    }
}

fn units(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

fn pixels(units: i32) -> f64 {
    f64::from(units) / UNITS
}

fn point((x, y): BackendCoord) -> [f64; 2] {
    [pixels(x), pixels(y)]
}

/// A sheet to draw on: values across in the scale's domain, pixels down.
pub struct Sheet {
    canvas: Rc<RefCell<Canvas>>,
    area: DrawingArea<Canvas, Scale>,
}

impl Sheet {
    /// An empty sheet of this size with this scale.
    #[must_use]
    pub fn new(width: f64, height: f64, scale: Scale) -> Self {
        let canvas = Rc::new(RefCell::new(Canvas::new(width, height)));
        let area = DrawingArea::from(&canvas).apply_coord_spec(scale);
        Self { canvas, area }
    }

    /// Draws the nodes that follow into a group, until [`close`](Self::close).
    pub fn open(&self, group: Group) {
        self.canvas.borrow_mut().open.push(group);
    }

    /// Ends the group that was opened last.
    pub fn close(&self) {
        let mut canvas = self.canvas.borrow_mut();
        if let Some(group) = canvas.open.pop() {
            canvas.push(Node::Group(group));
        }
    }

    /// Puts a node that needs no scale, such as the words of a table.
    pub fn place(&self, node: Node) {
        self.canvas.borrow_mut().push(node);
    }

    /// A line through these points.
    pub fn line(&self, points: &[(f64, f64)], ink: Ink) {
        self.draw(&PathElement::new(points.to_vec(), ANY), Style::Ink(ink));
    }

    /// A filled outline through these points.
    pub fn polygon(&self, points: &[(f64, f64)], ink: Ink) {
        self.draw(&Polygon::new(points.to_vec(), ANY), Style::Ink(ink));
    }

    /// A rectangle between two corners.
    pub fn bar(&self, corners: [(f64, f64); 2], ink: Ink) {
        self.draw(&Rectangle::new(corners, ANY), Style::Ink(ink));
    }

    /// A square of this side in pixels, its centre at a value.
    pub fn square(&self, at: (f64, f64), side: f64, ink: Ink) {
        let half = units(side / 2.0);
        let element = EmptyElement::at(at) + Rectangle::new([(-half, -half), (half, half)], ANY);
        self.draw(&element, Style::Ink(ink));
    }

    /// A filled outline in pixels beside a value: the corners are offsets from the place of `at`.
    pub fn marker(&self, at: (f64, f64), corners: &[(f64, f64)], ink: Ink) {
        self.draw(&(EmptyElement::at(at) + Polygon::new(offsets(corners), ANY)), Style::Ink(ink));
    }

    /// A line in pixels beside a value: the points are offsets from the place of `at`.
    pub fn stroke(&self, at: (f64, f64), points: &[(f64, f64)], ink: Ink) {
        self.draw(&(EmptyElement::at(at) + PathElement::new(offsets(points), ANY)), Style::Ink(ink));
    }

    /// A word, centred over a value, its baseline at the height of `at`.
    pub fn word(&self, at: (f64, f64), text: &str, style: Type) {
        let font = ("sans-serif", style.size * UNITS).into_font();
        let anchored = TextStyle::from(font).pos(Pos::new(HPos::Center, VPos::Bottom));
        self.draw(&Word::new(text, at, anchored), Style::Type(style));
    }

    /// What was drawn, the first at the back.
    #[must_use]
    pub fn into_nodes(self) -> Vec<Node> {
        while !self.canvas.borrow().open.is_empty() {
            self.close();
        }
        self.canvas.take().nodes
    }

    fn draw<'a, E>(&self, element: &'a E, style: impl Into<Option<Style>>)
    where
        &'a E: PointCollection<'a, (f64, f64)>,
        E: Drawable<Canvas>,
    {
        self.canvas.borrow_mut().style = style.into();
        // The backend cannot fail, and nothing else holds it while plotters draws.
        let drawn = self.area.draw(element);
        debug_assert!(drawn.is_ok());
    }
}

fn offsets(points: &[(f64, f64)]) -> Vec<BackendCoord> {
    points.iter().map(|&(x, y)| (units(x), units(y))).collect()
}

/// plotters asks every shape for a style; what a [`Sheet`] says goes before it.
const ANY: ShapeStyle =
    ShapeStyle { color: plotters::style::RGBAColor(0, 0, 0, 1.0), filled: true, stroke_width: 1 };

/// How the element that is drawn next is painted or set.
#[derive(Clone, Copy)]
enum Style {
    Ink(Ink),
    Type(Type),
}

/// A plotters backend that collects a figure's tree.
#[derive(Default)]
pub struct Canvas {
    size: (u32, u32),
    nodes: Vec<Node>,
    open: Vec<Group>,
    style: Option<Style>,
}

impl Canvas {
    /// An empty canvas of this size in pixels.
    #[must_use]
    pub fn new(width: f64, height: f64) -> Self {
        Self { size: (units(width).unsigned_abs(), units(height).unsigned_abs()), ..Self::default() }
    }

    fn push(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(group) => group.children.push(node),
            None => self.nodes.push(node),
        }
    }

    /// The ink that was said, or what plotters' style amounts to.
    fn ink<S: BackendStyle>(&self, style: &S, filled: bool) -> Ink {
        if let Some(Style::Ink(ink)) = self.style {
            return ink;
        }
        let colour = Some(colour(style.color()));
        let (fill, stroke) = if filled { (colour, None) } else { (None, colour) };
        Ink { class: "", fill, stroke, width: f64::from(style.stroke_width()) / UNITS, dash: None }
    }

    fn path<S: BackendStyle>(&mut self, points: impl Iterator<Item = BackendCoord>, closed: bool, style: &S) {
        let ink = self.ink(style, closed);
        self.push(Node::Path { points: points.map(point).collect(), closed, ink });
    }
}

fn colour(BackendColor { rgb: (r, g, b), .. }: BackendColor) -> Colour {
    Colour(r, g, b)
}

fn face<S: BackendTextStyle>(style: &S) -> Face {
    if matches!(style.style(), FontStyle::Bold) { Face::Bold } else { Face::Regular }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for Canvas {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect((x, y), (x + UNITS as i32, y + UNITS as i32), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.path([from, to].into_iter(), false, style);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let ([x, y], [right, bottom]) = (point(from), point(to));
        let ink = self.ink(style, fill);
        self.push(Node::Rect(Rect { x, y, width: right - x, height: bottom - y }, ink));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.path(path.into_iter(), false, style);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.path(path.into_iter(), true, style);
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        let set = match self.style {
            Some(Style::Type(style)) => style,
            _ => {
                Type { class: "", size: style.size() / UNITS, face: face(style), fill: colour(style.color()) }
            }
        };
        let Pos { h_pos, v_pos } = style.anchor();
        let anchor = match h_pos {
            HPos::Left => Anchor::Start,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::End,
        };
        // 0.716 em is the height of a capital.
        let rise = match v_pos {
            VPos::Top => 0.716,
            VPos::Center => 0.358,
            VPos::Bottom => 0.0,
        };
        let [x, y] = point(at);
        self.push(Node::Text(Text::line(x, y + rise * set.size, anchor, set, text)));
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let size = style.size();
        Ok((width(text, size, face(style)).ceil() as u32, size.ceil() as u32))
    }
}

#[cfg(test)]
mod tests {
    use plotters::style::RGBColor;

    use super::*;
    use crate::plot::theme::Theme;

    const SCALE: Scale = Scale { domain: [0.0, 1.0], pixels: [100.0, 300.0] };

    #[test]
    fn shapes_land_where_the_scale_says_to_a_thousandth() {
        let sheet = Sheet::new(400.0, 100.0, SCALE);
        sheet.line(&[(1.0 / 3.0, 10.5), (0.9, 10.5)], Theme::DEFAULT.interval);
        sheet.square((0.0, 20.0), 9.0, Theme::DEFAULT.square);
        let nodes = sheet.into_nodes();
        let [Node::Path { points, .. }, Node::Rect(area, _)] = nodes.as_slice() else { panic!("{nodes:?}") };
        assert_eq!(points, &[[166.667, 10.5], [280.0, 10.5]]);
        assert_eq!(*area, Rect { x: 95.5, y: 15.5, width: 9.0, height: 9.0 });
    }

    #[test]
    fn groups_hold_what_is_drawn_between() {
        let sheet = Sheet::new(400.0, 100.0, SCALE);
        sheet.open(Group { id: "a".into(), ..Group::default() });
        sheet.word((0.5, 90.0), "50", Theme::DEFAULT.axis_type);
        sheet.close();
        sheet.open(Group { id: "b".into(), ..Group::default() });
        let nodes = sheet.into_nodes();
        let [Node::Group(a), Node::Group(b)] = nodes.as_slice() else { panic!("{nodes:?}") };
        assert!(
            matches!(a.children.as_slice(), [Node::Text(text)] if text.spans[0].x == 200.0 && text.style.class == "mp-a")
        );
        assert!(b.children.is_empty());
    }

    #[test]
    fn a_plain_plotters_element_keeps_its_own_style() {
        let sheet = Sheet::new(400.0, 100.0, SCALE);
        let red = ShapeStyle { stroke_width: 1500, ..ShapeStyle::from(&RGBColor(200, 0, 0)) };
        sheet.draw(&PathElement::new(vec![(0.0, 1.0), (1.0, 1.0)], red), None);
        let nodes = sheet.into_nodes();
        let [Node::Path { ink, .. }] = nodes.as_slice() else { panic!("{nodes:?}") };
        assert_eq!((ink.stroke, ink.width), (Some(Colour(200, 0, 0)), 1.5));
    }
}
