//! The specification curve: every specification is there with its numbers and its choices, in few paths.

use std::sync::LazyLock;

use metaprop::format::NumberFormat;
use metaprop::options::{Measure, Model, Request, Tau2, Tau2Method};
use metaprop::plot::figure::{Figure, Ink, Node};
use metaprop::plot::specification::{self, Options};
use metaprop::published::multiverse::{CHOICES, Multiverse, SpecificationResult, choice_keys, multiverse};
use metaprop::{Dataset, Spec};
use roxmltree::Document;

use super::cases::{embedded, table};

type Line = [[f64; 2]; 2];

fn all(table: &Dataset, request: &Request, conclusion: Option<&str>) -> Multiverse {
    let conclusion = conclusion.map(|typed| typed.parse().expect("a conclusion"));
    multiverse(table, request, conclusion, |_, _| true).expect("a multiverse")
}

/// Few specifications, hundreds, and all of them, with and without a conclusion.
static EVERY: LazyLock<Vec<(&str, Multiverse)>> = LazyLock::new(|| {
    let two = table(&[("A", 8, 12), ("B", 21, 66)]);
    let zeros = table(&[("A", 0, 12), ("B", 21, 66), ("C", 5, 30), ("D", 0, 9)]);
    let fourteen = embedded("tofacitinib-aa");
    let narrow = Request {
        measure: Some(Measure::Logit),
        model: Some(Model::Random),
        tau2: Some(Tau2::Estimated(Tau2Method::Dl)),
        ..Request::default()
    };
    vec![
        ("two studies, few specifications", all(&two, &narrow, None)),
        ("two studies, few specifications, a conclusion", all(&two, &narrow, Some("lower > 10%"))),
        ("two studies", all(&two, &Request::default(), Some("upper < 90%"))),
        ("zeros", all(&zeros, &Request::default(), None)),
        ("14 studies", all(&fourteen, &Request::default(), Some("lower > 50%"))),
        ("14 studies, none holds", all(&fourteen, &Request::default(), Some("estimate > 90%"))),
    ]
});

fn figure(all: &Multiverse) -> Figure {
    specification::figure(all, &Options { title: Some("A title".to_string()), ..Options::default() })
}

/// The separate lines of one ink.
fn lines(figure: &Figure, of: impl Fn(&Ink) -> bool) -> Vec<Line> {
    let mut found = Vec::new();
    figure.walk(&mut |node| match node {
        Node::Lines(lines, ink) if of(ink) => found.extend(lines.iter().copied()),
        _ => {}
    });
    found
}

fn of_class(figure: &Figure, class: &str) -> Vec<Line> {
    lines(figure, |ink| ink.class == class)
}

/// What a drawn curve says, read off its axis and its frame.
struct Read {
    left: f64,
    column: f64,
    /// From a value to its height, by the labels of the axis.
    y: Box<dyn Fn(f64) -> f64>,
}

impl Read {
    fn of(figure: &Figure, count: usize) -> Self {
        let mut frame: Vec<Vec<[f64; 2]>> = Vec::new();
        figure.walk(&mut |node| {
            if let Node::Path { points, .. } = node {
                frame.push(points.clone());
            }
        });
        // The axis, the line below, then a tick a label.
        let [from, to] = frame[1][..] else { panic!("{:?}", frame[1]) };
        let ticks: Vec<f64> = frame[2..].iter().map(|points| points[1]).map(|[_, y]| y).collect();
        let labels: Vec<f64> =
            figure.texts().iter().filter_map(|text| text.content().replace('−', "-").parse().ok()).collect();
        let last = labels.len() - 1;
        let (low, high) = ((labels[0] / 100.0, ticks[0]), (labels[last] / 100.0, ticks[last]));
        let y = move |value: f64| low.1 + (value - low.0) / (high.0 - low.0) * (high.1 - low.1);
        Self { left: from[0], column: (to[0] - from[0]) / count as f64, y: Box::new(y) }
    }

    /// The columns that level lines cover. A line over one column may be wider or narrower than it, but its
    /// middle is that of what it covers.
    fn columns(&self, lines: &[Line]) -> Vec<usize> {
        let covered = lines.iter().flat_map(|[[from, _], [to, _]]| {
            let middle = (0.5 * (from + to) - self.left) / self.column;
            let is_odd = (middle - middle.floor() - 0.5).abs() < 0.25;
            let mut count = ((to - from) / self.column).round() as usize;
            if (count % 2 == 1) != is_odd {
                count = count.saturating_sub(1);
            }
            let count = count.max(1);
            let first = (middle - 0.5 * count as f64).round() as usize;
            first..first + count
        });
        covered.collect()
    }
}

/// Every column's estimate and limits, as heights in the figure.
fn drawn(figure: &Figure, count: usize) -> Vec<[i64; 3]> {
    let read = Read::of(figure, count);
    let mut estimates = vec![None; count];
    for class in ["mp-e", "mp-k"] {
        for line in of_class(figure, class) {
            for column in read.columns(&[line]) {
                assert!(estimates[column].replace(line[0][1]).is_none(), "column {column} twice");
            }
        }
    }
    let mut columns: Vec<[i64; 3]> =
        estimates.into_iter().map(|y| [y.expect("an estimate in every column") as i64, -1, -1]).collect();
    for [[x, top], [_, bottom]] in lines(figure, |ink| ink.class.is_empty()) {
        let column = &mut columns[((x - read.left) / read.column).floor() as usize];
        (column[1], column[2]) = (top as i64, bottom as i64);
    }
    columns
}

fn expected(figure: &Figure, all: &Multiverse) -> Vec<[i64; 3]> {
    let read = Read::of(figure, all.rows.len());
    let y = |value: f64| (read.y)(value).round() as i64;
    let limits = |row: &SpecificationResult| {
        row.lower.zip(row.upper).map_or([-1; 2], |(lower, upper)| [y(upper), y(lower)])
    };
    all.rows.iter().map(|row| [y(row.estimate), limits(row)[0], limits(row)[1]]).collect()
}

#[test]
fn every_specification_has_a_column_with_its_estimate_and_its_interval() {
    for (name, all) in &*EVERY {
        let figure = figure(all);
        let (mut drawn, mut expected) = (drawn(&figure, all.rows.len()), expected(&figure, all));
        // Upwards is less.
        assert!(drawn.windows(2).all(|pair| pair[0][0] >= pair[1][0]), "{name}: not in order");
        drawn.sort_unstable();
        expected.sort_unstable();
        // The labels of the axis stand on whole units too, so a height may be one off.
        for (drawn, expected) in drawn.iter().zip(&expected) {
            assert!(
                drawn.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1),
                "{name}: {drawn:?} {expected:?}"
            );
        }
    }
}

#[test]
fn the_conclusion_is_marked_where_it_holds() {
    for (name, all) in &*EVERY {
        let (figure, count) = (figure(all), all.rows.len());
        let held = of_class(&figure, "mp-k");
        let Some(stated) = all.summary.conclusion.as_ref() else {
            assert!(
                held.is_empty() && !figure.texts().iter().any(|text| text.content() == "holds"),
                "{name}"
            );
            continue;
        };
        let read = Read::of(&figure, count);
        let marked = read.columns(&held);
        assert_eq!(marked.len() as u64, stated.holds, "{name}");
        // And once more below, without a colour.
        assert_eq!(read.columns(&bars(&figure, "holds")), marked, "{name}");
        let words =
            figure.texts().iter().any(|text| text.content().starts_with(&stated.conclusion.to_string()));
        assert!(words, "{name}");
    }
}

/// The bars of the row of this word; of several, the first.
fn bars(figure: &Figure, word: &str) -> Vec<Line> {
    rows(figure).into_iter().find(|(known, _, _)| known == word).expect("a row of this word").1
}

/// Every row of bars: its word, its bars and its title.
fn rows(figure: &Figure) -> Vec<(String, Vec<Line>, String)> {
    let groups = figure.groups();
    let levels = groups.iter().filter(|group| matches!(group.children.first(), Some(Node::Text(_))));
    let row = |group: &&&metaprop::plot::figure::Group| {
        let Some(Node::Text(word)) = group.children.first() else { panic!("{group:?}") };
        let bars = match group.children.get(1) {
            Some(Node::Lines(lines, _)) => lines.clone(),
            _ => Vec::new(),
        };
        (word.content(), bars, group.title.clone())
    };
    levels.map(|group| row(&group)).collect()
}

#[test]
fn every_choice_has_a_row_a_value_with_a_bar_a_specification() {
    for (name, all) in &*EVERY {
        let (figure, count) = (figure(all), all.rows.len());
        let read = Read::of(&figure, count);
        let mut rows = rows(&figure).into_iter();
        if all.summary.conclusion.is_some() {
            rows.next();
        }
        for choice in 0..CHOICES.len() {
            let made: Vec<_> = all.rows.iter().map(|row| choice_keys(&row.spec)[choice].clone()).collect();
            let mut values: Vec<String> = Vec::new();
            for word in made.iter().flatten() {
                if !values.contains(word) {
                    values.push(word.clone());
                }
            }
            for value in values.iter().filter(|_| values.len() > 1) {
                let (word, bars, title) = rows.next().expect("a row for every value");
                let with = made.iter().filter(|made| made.as_ref() == Some(value)).count();
                assert_eq!((&word, read.columns(&bars).len()), (value, with), "{name}");
                assert!(title.starts_with(&format!("{value}: ")) && title.ends_with('%'), "{name}: {title}");
            }
        }
        assert!(rows.next().is_none(), "{name}");
    }
}

#[test]
fn no_word_touches_another_or_leaves_the_figure() {
    let long =
        "A title that does not fit on one line of this figure, however small its letters are. ".repeat(3);
    for (name, all) in &*EVERY {
        for options in [
            Options::default(),
            Options { title: Some("A title".to_string()), ..Options::default() },
            Options { title: Some(long.clone()), display: NumberFormat::per(100_000), ..Options::default() },
            Options { asked: Some(Spec::default()), ..Options::default() },
            Options { asked: Some(all.rows[0].spec.clone()), ..Options::default() },
            Options { asked: all.rows.last().map(|row| row.spec.clone()), ..Options::default() },
        ] {
            let figure = specification::figure(all, &options);
            let texts = figure.texts();
            let boxes: Vec<_> = texts.iter().flat_map(|text| text.boxes()).collect();
            for (index, one) in boxes.iter().enumerate() {
                assert!(one.x >= 0.0 && one.y >= 0.0, "{name}: {one:?}");
                assert!(
                    one.x + one.width <= figure.width && one.y + one.height <= figure.height,
                    "{name}: {one:?}"
                );
                assert!(boxes[index + 1..].iter().all(|other| !one.overlaps(other)), "{name}: {one:?}");
            }
            let said: String = texts.iter().map(|text| text.content()).collect();
            assert!(
                options.title.is_none_or(|title| said.contains(&title.replace(". ", ".")))
                    || !said.is_empty()
            );
        }
    }
}

#[test]
fn a_curve_of_a_thousand_specifications_is_a_few_paths() {
    let all = all(&embedded("tofacitinib-aa"), &Request::default(), Some("lower > 50%"));
    assert!(all.specifications > 1_100, "{}", all.specifications);
    let svg = specification::draw(&all, &Options::default());
    assert!(svg.len() <= 40_000, "{} bytes", svg.len());
    let document = Document::parse(&svg).expect("SVG");
    let paths = document.descendants().filter(|element| element.has_tag_name("path")).count();
    assert!(paths < 70, "{paths} paths");
    let root = document.root_element();
    assert_eq!((root.attribute("role"), root.attribute("lang")), (Some("img"), Some("en")));
    let said = document.descendants().find(|e| e.has_tag_name("desc")).and_then(|e| e.text());
    assert_eq!(said, Some(all.summary.sentence.as_str()));
    assert!(document.descendants().filter(|e| e.has_tag_name("g")).all(|group| {
        group
            .children()
            .any(|child| child.has_tag_name("title") && child.text().is_some_and(|t| !t.is_empty()))
    }));
    for unsaid in ["NaN", "inf", "−0.0", "-0."] {
        assert!(!svg.contains(unsaid), "{unsaid}");
    }
}

/// What was asked for and the default stand at their estimates, under their words; one mark where they are one.
#[test]
fn what_was_asked_for_and_the_default_are_marked() {
    let (_, all) = &EVERY[4];
    let marks = |asked: &Spec| {
        let figure =
            specification::figure(all, &Options { asked: Some(asked.clone()), ..Options::default() });
        let mut heights = Vec::new();
        figure.walk(&mut |node| {
            if let Node::Circle { centre, .. } = node {
                heights.push(centre[1]);
            }
        });
        let words: Vec<String> = figure.texts().iter().map(|text| text.content()).collect();
        let drawn = Read::of(&figure, all.rows.len());
        (heights, words, drawn)
    };
    let estimate = |spec: &Spec| {
        let row = all.rows.iter().find(|row| choice_keys(&row.spec) == choice_keys(spec));
        row.expect("it is among them").estimate
    };
    let format = all.number_format();
    let (heights, words, drawn) = marks(&Spec::default());
    let default = estimate(&Spec::default());
    assert!(words.contains(&format!("asked for (the default): {}", format.with_sign(default))), "{words:?}");
    assert!(heights.len() == 1 && (heights[0] - (drawn.y)(default)).abs() <= 1.0);
    assert!(words.contains(&"Specification curve".to_owned()), "{words:?}");
    let raw = Request { measure: Some(Measure::Raw), ..Request::default() }.resolve().expect("a spec");
    let (heights, words, drawn) = marks(&raw);
    assert!(words.contains(&format!("asked for: {}", format.with_sign(estimate(&raw)))), "{words:?}");
    assert!(words.contains(&format!("default: {}", format.with_sign(default))), "{words:?}");
    assert!(heights.len() == 2 && (heights[0] - (drawn.y)(estimate(&raw))).abs() <= 1.0);
    let unknown = Request {
        measure: Some(Measure::Raw),
        model: Some(Model::Random),
        tau2: Some(Tau2::Fixed(0.5)),
        ..Request::default()
    };
    let (heights, words, _) = marks(&unknown.resolve().expect("a spec"));
    assert!(heights.len() == 1 && !words.iter().any(|word| word.starts_with("asked for")), "{words:?}");
}

/// The raw scale has limits beyond 0 and 1: as many ends are marked as limits were cut off.
#[test]
fn limits_that_were_cut_off_are_marked() {
    let near_one = table(&[("A", 12, 12), ("B", 65, 66), ("C", 9, 10)]);
    let all = all(&near_one, &Request { measure: Some(Measure::Raw), ..Request::default() }, None);
    let cut = all.rows.iter().flat_map(|row| row.is_clipped).filter(|is_cut| *is_cut).count();
    assert!(cut > 0 && all.rows.iter().all(|row| !row.is_clipped[1] || row.upper == Some(1.0)));
    let figure = figure(&all);
    assert_eq!(of_class(&figure, "mp-x").len(), cut);
    assert!(figure.texts().iter().any(|text| text.content().contains("cut off")));
    let (_, fourteen) = &EVERY[4];
    let inside = specification::figure(fourteen, &Options::default());
    let cut: usize = fourteen.rows.iter().flat_map(|row| row.is_clipped).filter(|is_cut| *is_cut).count();
    assert_eq!(of_class(&inside, "mp-x").len(), cut);
}

/// The rules of all figures of a page apply to all of them, and this one counts in other units.
#[test]
fn its_style_sheet_is_for_itself_alone() {
    let all = all(&embedded("tofacitinib-aa"), &Request::default(), None);
    let options = Options { id: "specification-good".to_string(), ..Options::default() };
    let svg = specification::draw(&all, &options);
    let document = Document::parse(&svg).expect("SVG");
    let style =
        document.descendants().find(|e| e.has_tag_name("style")).and_then(|e| e.text()).expect("rules");
    let rules: Vec<&str> =
        style.lines().filter(|line| !line.is_empty() && !line.starts_with(".mp{")).collect();
    assert!(
        rules.len() > 5 && rules.iter().all(|rule| rule.starts_with("#specification-good .mp-")),
        "{style}"
    );
    // The width is in pixels, the view box in units of a quarter of one at most.
    let (width, units): (f64, f64) = (
        document.root_element().attribute("width").expect("a width").parse().expect("a number"),
        document
            .root_element()
            .attribute("viewBox")
            .expect("a box")
            .split(' ')
            .nth(2)
            .expect("four")
            .parse()
            .expect("a number"),
    );
    assert!((700.0..900.0).contains(&width) && units >= 4.0 * width, "{width} {units}");
}
