//! The forest plot: what is drawn is what was computed, nothing overlaps, nothing is executed. The
//! specification curve and figures on a drawing area of plotters have files of their own.
//!
//! `UPDATE_FIGURES=1 cargo test --test it as_committed` writes the golden figure anew; look at it before
//! committing it.

mod cases;
#[cfg(feature = "plotters")]
mod drawing_area;
mod more;
mod specification;

use std::collections::HashSet;

use cases::{Case, EVIL};
use metaprop::options::Request;
use metaprop::plot::figure::{Figure, Node, Rect, Text};
use metaprop::plot::forest::{self, Options};
use roxmltree::{Document, Node as Element};

fn draw(case: &Case) -> String {
    forest::draw(&case.outcome, &case.options)
}

fn figure(case: &Case) -> Figure {
    forest::figure(&case.outcome, &case.options)
}

fn number(element: Element<'_, '_>, name: &str) -> f64 {
    let value = element.attribute(name).unwrap_or_else(|| panic!("{name} of {element:?}"));
    value.parse().unwrap_or_else(|_| panic!("{name} = {value}"))
}

fn of_class<'a, 'i>(document: &'a Document<'i>, class: &str) -> Vec<Element<'a, 'i>> {
    let is = |element: &Element| {
        element.attribute("class").is_some_and(|list| list.split(' ').any(|word| word == class))
    };
    document.descendants().filter(is).collect()
}

/// The words of a `<text>`, its parts joined.
fn words(text: Element<'_, '_>) -> String {
    text.descendants().filter(Element::is_text).filter_map(|node| node.text()).collect()
}

/// From a fraction to pixels, read off the labels of the axis alone.
fn axis(document: &Document<'_>, scale: f64) -> impl Fn(f64) -> f64 {
    let labels = of_class(document, "mp-a").into_iter();
    let ticks: Vec<(f64, f64)> = labels
        .filter_map(|label| Some((words(label).parse::<f64>().ok()? / scale, number(label, "x"))))
        .collect();
    let (first, last) = (ticks[0], ticks[ticks.len() - 1]);
    move |value| first.1 + (value - first.0) / (last.0 - first.0) * (last.1 - first.1)
}

/// The left and right end of a path.
fn ends(path: Element<'_, '_>) -> [f64; 2] {
    let d = path.attribute("d").unwrap_or_default();
    let numbers: Vec<f64> =
        d.split(['M', 'H', ' ']).filter(|word| !word.is_empty()).map(|word| word.parse().unwrap()).collect();
    [numbers[0], numbers[2]]
}

#[test]
fn areas_of_squares_are_proportional_to_weights() {
    for case in cases::all() {
        let weights = case.outcome.weights();
        let heaviest = weights.iter().copied().fold(0.0, f64::max);
        let mut squares = 0;
        for group in figure(&case).groups().iter().filter(|group| group.class == "study") {
            let index: usize = group.id.trim_start_matches('s').parse().unwrap();
            let expected = case.options.theme.square_side * (weights[index - 1] / heaviest).sqrt();
            let drawn = group.children.iter().find_map(|node| match node {
                Node::Rect(area, _) => Some(*area),
                _ => None,
            });
            let Some(area) = drawn else {
                // Too light for a square, or the estimate lies beyond the axis.
                let beyond =
                    group.children.iter().any(|node| matches!(node, Node::Path { closed: true, .. }));
                assert!(expected < case.options.theme.least_side || beyond, "{}: {}", case.name, group.title);
                continue;
            };
            squares += 1;
            // The tree counts in thousandths of a pixel, half a side at a time.
            assert!((area.width - expected).abs() <= 0.001 + 1e-9, "{} {expected}", area.width);
            assert!((area.width - area.height).abs() < 1e-9);
        }
        assert!(squares > 0 || case.outcome.k() > 500, "{}", case.name);
    }
}

#[test]
fn what_is_drawn_is_what_was_computed() {
    for case in cases::all() {
        let svg = draw(&case);
        let document = Document::parse(&svg).unwrap();
        let x = axis(&document, case.options.display.scale as f64);
        let limits = [axis_end(&document, 0), axis_end(&document, 1)];
        for study in of_class(&document, "study") {
            for rect in study.children().filter(|child| child.has_tag_name("rect")) {
                let centre = number(rect, "x") + number(rect, "width") / 2.0;
                assert!(
                    (centre - x(number(study, "data-estimate"))).abs() < 0.03,
                    "{}: {study:?}",
                    case.name
                );
            }
            let line = study.children().find(|child| {
                child.attribute("class") == Some("mp-i") && child.attribute("d").unwrap().contains('H')
            });
            let Some(line) = line else { continue };
            let drawn = ends(line);
            for (end, name) in drawn.iter().zip(["data-lower", "data-upper"]) {
                let expected = x(number(study, name)).clamp(limits[0], limits[1]);
                assert!((end - expected).abs() < 0.03, "{}: {name} {end} {expected}", case.name);
            }
        }
        let row = case.outcome.rows().next().unwrap();
        if let Some(first) = of_class(&document, "study").first() {
            assert!((number(*first, "data-estimate") - row.shown()).abs() <= 1e-5 * row.shown());
            assert!((number(*first, "data-upper") - row.upper).abs() <= 1e-5 * row.upper);
        }
    }
}

/// An end of the axis: it is the last of the level rules.
fn axis_end(document: &Document<'_>, side: usize) -> f64 {
    let rules = of_class(document, "mp-r");
    let axis = rules.iter().rfind(|rule| rule.attribute("d").unwrap().contains('H')).unwrap();
    ends(*axis)[side]
}

#[test]
fn an_arrow_stands_where_an_interval_goes_on() {
    let (mut arrows, mut whole) = (0, 0);
    for case in cases::all() {
        let svg = draw(&case);
        let document = Document::parse(&svg).unwrap();
        let x = axis(&document, case.options.display.scale as f64);
        let ends = [axis_end(&document, 0), axis_end(&document, 1)];
        let mut clipped = 0;
        for row in of_class(&document, "study").into_iter().chain(of_class(&document, "summary")) {
            let limits =
                ["data-lower", "data-upper"].map(|name| row.attribute(name).map(|_| x(number(row, name))));
            let beyond = [
                limits[0].is_some_and(|lower| lower < ends[0] - 1e-3),
                limits[1].is_some_and(|upper| upper > ends[1] + 1e-3),
            ];
            let expected = beyond.iter().filter(|is| **is).count();
            let drawn = row.children().filter(|child| child.attribute("class") == Some("mp-w")).count();
            assert_eq!(drawn, expected, "{}: {row:?}", case.name);
            clipped += drawn;
        }
        assert_eq!(svg.contains("Arrows: the interval goes on"), clipped > 0, "{}", case.name);
        arrows += clipped;
        whole += usize::from(clipped == 0);
    }
    assert!(arrows > 3 && whole > 5, "{arrows} arrows, {whole} figures without");
}

#[test]
fn every_text_is_inside_and_none_touches_another_or_a_mark() {
    for case in cases::all() {
        let figure = figure(&case);
        let texts = figure.texts();
        let boxes: Vec<(Rect, &Text)> =
            texts.iter().flat_map(|text| text.boxes().map(move |area| (area, *text))).collect();
        for (area, text) in &boxes {
            let inside = area.x >= 0.0
                && area.y >= 0.0
                && area.x + area.width <= figure.width
                && area.y + area.height <= figure.height;
            assert!(
                inside,
                "{}: '{}' at {area:?} of {} × {}",
                case.name,
                text.content(),
                figure.width,
                figure.height
            );
        }
        for (index, (one, text)) in boxes.iter().enumerate() {
            for (other, second) in &boxes[index + 1..] {
                assert!(
                    !one.overlaps(other),
                    "{}: '{}' and '{}'",
                    case.name,
                    text.content(),
                    second.content()
                );
            }
        }
        figure.walk(&mut |node| {
            let mark = match node {
                Node::Rect(area, _) => *area,
                Node::Path { points, closed: true, .. } => around(points),
                _ => return,
            };
            for (area, text) in &boxes {
                assert!(!area.overlaps(&mark), "{}: '{}' and a mark at {mark:?}", case.name, text.content());
            }
        });
    }
}

fn around(points: &[[f64; 2]]) -> Rect {
    let end =
        |axis: usize, pick: fn(f64, f64) -> f64| points.iter().map(|point| point[axis]).reduce(pick).unwrap();
    let (x, y) = (end(0, f64::min), end(1, f64::min));
    Rect { x, y, width: end(0, f64::max) - x, height: end(1, f64::max) - y }
}

#[test]
fn names_are_shown_in_full_and_never_executed() {
    let svg = draw(&cases::evil());
    let document = Document::parse(&svg).unwrap();
    let known = ["svg", "title", "desc", "style", "rect", "path", "g", "text", "tspan"];
    for element in document.descendants().filter(Element::is_element) {
        assert!(known.contains(&element.tag_name().name()), "{element:?}");
        for attribute in element.attributes() {
            assert!(
                !attribute.name().starts_with("on") && !attribute.name().contains("href"),
                "{attribute:?}"
            );
        }
    }
    let texts: Vec<String> = document.descendants().filter(|e| e.has_tag_name("text")).map(words).collect();
    let replaced = "esc \u{fffd}[31mred\u{fffd} bidi \u{fffd}drow\u{fffd} nul \u{fffd} tab end \u{fffd}";
    for name in EVIL.iter().filter(|name| !name.trim().is_empty()) {
        let shown = if name.starts_with("esc ") { replaced } else { name };
        assert_eq!(texts.iter().filter(|text| **text == shown).count(), 2, "{name}");
    }
    assert!(texts.iter().any(|text| text == "(no name)"));
    assert!(!svg.chars().any(|c| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c)));
}

#[test]
fn the_figure_speaks_to_those_who_cannot_see_it() {
    for case in cases::all() {
        let svg = draw(&case);
        let document = Document::parse(&svg).unwrap_or_else(|problem| panic!("{}: {problem}", case.name));
        let root = document.root_element();
        assert_eq!((root.attribute("role"), root.attribute("lang")), (Some("img"), Some("en")));
        let ids: Vec<&str> = document.descendants().filter_map(|element| element.attribute("id")).collect();
        assert_eq!(ids.len(), ids.iter().collect::<HashSet<_>>().len(), "{}", case.name);
        for id in root.attribute("aria-labelledby").unwrap().split(' ') {
            let said = document
                .descendants()
                .find(|element| element.attribute("id") == Some(id))
                .and_then(|e| e.text());
            assert!(said.is_some_and(|text| !text.is_empty()), "{}: {id}", case.name);
        }
        for group in document.descendants().filter(|element| element.has_tag_name("g")) {
            let title =
                group.children().find(|child| child.has_tag_name("title")).and_then(|title| title.text());
            assert!(title.is_some_and(|title| !title.is_empty()), "{}: {group:?}", case.name);
        }
        for unsaid in ["NaN", "inf", "−0.0", "-0."] {
            assert!(!svg.contains(unsaid), "{}: {unsaid}", case.name);
        }
    }
    let svg = draw(&cases::demonstration());
    assert!(svg.contains("<title>Jabbari 2018: 8 of 12, 66.7% (34.9 to 90.1), weight 6.3%</title>"), "{svg}");
}

#[test]
fn decimal_points_stand_below_each_other() {
    let figure = figure(&cases::demonstration());
    let mut places: [HashSet<i64>; 2] = Default::default();
    // Of estimates and of lower limits; an upper limit begins behind the word between them.
    for text in figure.texts().iter().filter(|text| text.spans.len() == 3) {
        for (span, places) in text.spans.iter().zip(&mut places) {
            let (_, decimals) = span.text.rsplit_once('.').unwrap();
            let point = span.x - text.style.width(decimals);
            // Places are written in tenths of a pixel.
            places.insert((5.0 * point).round() as i64);
        }
    }
    assert_eq!(places.map(|column| column.len()), [1, 1]);
}

#[test]
fn rows_that_were_left_out_say_why() {
    let mut case = cases::demonstration();
    let left_out = |study: &str, reason: &str| metaprop::data::Excluded::new(study, 99, reason);
    case.outcome.excluded = vec![left_out("Nobody 1999", "events missing"), left_out("Total", "totals row")];
    let svg = draw(&case);
    let document = Document::parse(&svg).unwrap();
    let rows = of_class(&document, "excluded");
    assert_eq!(rows.len(), 1, "the table's own totals are no study");
    let said: String = rows[0].descendants().filter(|e| e.has_tag_name("text")).map(words).collect();
    assert_eq!(said, "Nobody 1999left out: events missing");
    assert!(!rows[0].children().any(|child| child.has_tag_name("rect") || child.has_tag_name("path")));
}

#[test]
fn many_studies_make_a_long_figure_and_too_many_none() {
    let options = Options::default();
    let svg = forest::draw(&cases::pooled(&cases::many(500), Request::default()), &options);
    assert_eq!(svg.matches("class=\"study").count(), 500);
    assert!(svg.len() < 4000 + 500 * 750, "{} bytes", svg.len());
    let svg = forest::draw(&cases::pooled(&cases::many(501), Request::default()), &options);
    assert_eq!(svg.matches("class=\"study").count(), 0);
    assert!(svg.contains("The 501 studies are not drawn one by one: a figure has rows for at most 500."));
    assert!(svg.len() < 8000, "{} bytes", svg.len());
}

#[test]
fn two_figures_of_a_page_share_no_id() {
    let mut case = cases::demonstration();
    let one = draw(&case);
    case.options.id = "forest-good".to_string();
    let two = draw(&case);
    let ids = |svg: &str| -> HashSet<String> {
        let document = Document::parse(svg).unwrap();
        document.descendants().filter_map(|element| element.attribute("id").map(str::to_string)).collect()
    };
    assert!(ids(&one).is_disjoint(&ids(&two)));
}

#[test]
fn the_demonstration_is_drawn_as_committed() {
    let case = cases::demonstration();
    let svg = draw(&case);
    assert_eq!(svg, draw(&case), "the same bytes twice");
    assert!(svg.len() < 16_000, "{} bytes", svg.len());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/figures/tofacitinib.svg");
    if std::env::var_os("UPDATE_FIGURES").is_some() {
        std::fs::write(path, &svg).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    assert!(svg == golden, "the figure differs from {path}: look at it, then UPDATE_FIGURES=1");
}
