//! A finished figure on a drawing area of plotters: the same shapes and words as in its tree.

use metaprop::options::Request;
use metaprop::plot::figure::{Figure, Node};
use metaprop::plot::{draw_onto, forest, specification};
use metaprop::published::multiverse::multiverse;
use plotters::prelude::{IntoDrawingArea, SVGBackend};
use roxmltree::{Document, Node as Element};

use super::cases;

/// What plotters' own SVG backend makes of a figure, on so many pixels.
fn drawn(figure: &Figure, size: (u32, u32)) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw_onto(figure, &area).expect("a string takes everything");
        area.present().expect("a string takes everything");
    }
    svg
}

/// Twice the size of the figure.
fn twice(figure: &Figure) -> (u32, u32) {
    let [width, height] =
        [figure.width, figure.height].map(|length| (2.0 * length * figure.unit).round() as u32);
    (width, height)
}

/// Shapes of a tree as plotters draws them: filled rectangles, filled polygons, solid outlines, dashed
/// ones, and parts of texts.
#[derive(Debug, Default, PartialEq)]
struct Count {
    rectangles: usize,
    polygons: usize,
    solid: usize,
    dashed: usize,
    words: Vec<String>,
}

fn expected(figure: &Figure) -> Count {
    // The paper.
    let mut count = Count { rectangles: 1, ..Count::default() };
    figure.walk(&mut |node| {
        let ink = match node {
            Node::Rect(_, ink) | Node::Path { ink, .. } | Node::Lines(_, ink) => ink,
            Node::Text(text) => {
                let parts = text.spans.iter().map(|span| span.text.trim().to_string());
                return count.words.extend(parts.filter(|words| !words.is_empty()));
            }
            _ => return,
        };
        count.rectangles += usize::from(matches!(node, Node::Rect(..)) && ink.fill.is_some());
        count.polygons += usize::from(matches!(node, Node::Path { closed: true, .. }) && ink.fill.is_some());
        let outlines = if let Node::Lines(lines, _) = node { lines.len() } else { 1 };
        match (ink.stroke, ink.dash) {
            (None, _) => {}
            (Some(_), None) => count.solid += outlines,
            (Some(_), Some(_)) => count.dashed += outlines,
        }
    });
    count
}

fn words(text: Element<'_, '_>) -> String {
    text.text().unwrap_or_default().trim().to_string()
}

#[test]
fn a_forest_plot_has_the_shapes_and_words_of_its_tree() {
    for case in cases::all() {
        let figure = forest::figure(&case.outcome, &case.options);
        let svg = drawn(&figure, twice(&figure));
        let document = Document::parse(&svg).unwrap_or_else(|problem| panic!("{}: {problem}", case.name));
        let of = |tag: &'static str| document.descendants().filter(move |element| element.has_tag_name(tag));
        let count = expected(&figure);
        assert_eq!(
            (of("rect").count(), of("polygon").count()),
            (count.rectangles, count.polygons),
            "{}",
            case.name
        );
        // A dashed line is a polyline for each of its dashes.
        let lines = of("polyline").count();
        assert!(count.dashed > 0 && lines > count.solid + 5 * count.dashed, "{}: {lines}", case.name);
        assert_eq!(of("text").map(words).collect::<Vec<_>>(), count.words, "{}", case.name);
    }
}

#[test]
fn shapes_stand_where_the_tree_has_them() {
    let case = cases::demonstration();
    let figure = forest::figure(&case.outcome, &case.options);
    let svg = drawn(&figure, twice(&figure));
    let document = Document::parse(&svg).expect("SVG");
    let number = |element: Element<'_, '_>, name: &str| -> f64 {
        element.attribute(name).expect("an attribute").parse().expect("a number")
    };
    let mut squares = Vec::new();
    figure.walk(&mut |node| match node {
        Node::Rect(area, ink) if ink.stroke.is_none() => squares.push(*area),
        _ => {}
    });
    assert!(squares.len() >= 14);
    let rects: Vec<_> = document.descendants().filter(|element| element.has_tag_name("rect")).collect();
    for square in squares {
        let centre =
            [square.x + 0.5 * square.width, square.y + 0.5 * square.height].map(|length| 2.0 * length);
        assert!(
            rects.iter().any(|rect| {
                let middle = |place: &str, length: &str| number(*rect, place) + 0.5 * number(*rect, length);
                (middle("x", "width") - centre[0]).abs() <= 1.0
                    && (middle("y", "height") - centre[1]).abs() <= 1.0
                    && (number(*rect, "width") - 2.0 * square.width).abs() <= 1.0
            }),
            "{square:?}"
        );
    }
    // The size of a letter and its baseline, 0.76 em below where plotters is told to put the text.
    let label = document.descendants().find(|element| words(*element) == "Jabbari 2018").expect("a study");
    let text = figure.texts().into_iter().find(|text| text.content() == "Jabbari 2018").expect("a study");
    assert!((number(label, "font-size") - 2.0 * text.style.size).abs() < 1e-9);
    let baseline = number(label, "y") + 0.76 * number(label, "font-size");
    assert!((baseline - 2.0 * text.spans[0].y).abs() <= 0.5, "{baseline}");
}

#[test]
fn a_figure_fits_into_any_area() {
    let case = cases::demonstration();
    let figure = forest::figure(&case.outcome, &case.options);
    for size in [(300, 900), (900, 300), (2000, 2000)] {
        let svg = drawn(&figure, size);
        let document = Document::parse(&svg).expect("SVG");
        let paper = document.descendants().find(|element| element.has_tag_name("rect")).expect("the paper");
        let [width, height] = ["width", "height"]
            .map(|name| paper.attribute(name).expect("a length").parse::<f64>().expect("a number"));
        assert!(width <= f64::from(size.0) && height <= f64::from(size.1), "{width} × {height}");
        assert!(width >= f64::from(size.0) - 1.0 || height >= f64::from(size.1) - 1.0, "{width} × {height}");
        assert!((width / height - figure.width / figure.height).abs() < 0.02, "{width} × {height}");
    }
}

#[test]
fn a_curve_has_a_line_for_each_of_its_lines() {
    let table = cases::table(&[("A", 8, 12), ("B", 21, 66), ("C", 9, 13)]);
    let all = multiverse(&table, &Request::default(), None, |_, _| true).expect("a multiverse");
    let figure = specification::figure(&all, &specification::Options::default());
    let svg = drawn(&figure, twice(&figure));
    let document = Document::parse(&svg).expect("SVG");
    let lines = document.descendants().filter(|element| element.has_tag_name("polyline")).count();
    assert_eq!(lines, expected(&figure).solid);
    assert!(lines > all.rows.len());
}
