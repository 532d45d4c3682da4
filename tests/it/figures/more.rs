//! The figures beside the forest plot: nothing overlaps, nothing is cut, and the files are small, valid and the same.

use std::collections::{HashMap, HashSet};

use metaprop::analysis::{BiasOptions, GoshOptions, RegressionOptions, Side, TrimFillEstimator};
use metaprop::data::Covariates;
use metaprop::options::{Ci, Measure, Model, PredictionMethod, Request, Tau2, Tau2Method};
use metaprop::plot::By;
use metaprop::plot::figure::{Figure, Ink, Node, Rect};
use metaprop::{Dataset, MetaAnalysis};
use roxmltree::Document;

use super::cases::{EVIL, embedded, many, pooled, table};

/// A table and what is pooled of it.
fn results() -> Vec<(String, MetaAnalysis)> {
    let evil =
        Dataset::proportions((3..).zip(EVIL).map(|(events, name)| (name, events, 14))).expect("counts");
    let ends =
        table(&[("Zero", 0, 20), ("One", 30, 30), ("Half", 10, 20), ("Nil", 0, 50), ("Whole", 11, 11)]);
    let tables = [
        ("3 studies", table(&[("A", 8, 12), ("B", 9, 13), ("C", 21, 66)])),
        ("14 studies", embedded("tofacitinib-aa")),
        ("14 older studies", embedded("pritz1997")),
        ("60 studies", many(60)),
        ("200 studies", many(200)),
        ("proportions at 0 and 1", ends.clone()),
        ("names", evil),
    ];
    let mut all: Vec<(String, MetaAnalysis)> =
        tables.iter().map(|(name, table)| (name.to_string(), pooled(table, Request::default()))).collect();
    for measure in [Measure::Raw, Measure::Arcsine, Measure::FreemanTukey] {
        for (name, table) in [("pritz", &embedded("pritz1997")), ("ends", &ends)] {
            let request = Request { measure: Some(measure), ..Request::default() };
            all.push((format!("{name} {measure:?}"), pooled(table, request)));
        }
    }
    let common = Request { model: Some(Model::Common), ..Request::default() };
    all.push(("common".to_string(), pooled(&embedded("pritz1997"), common)));
    all
}

/// Every figure of a result.
fn figures(result: &MetaAnalysis) -> Vec<(&'static str, Figure)> {
    let title =
        "A title that does not fit on one line of any figure, however small its letters are: it goes on.";
    let subsets = GoshOptions::default();
    let gosh = if result.k() <= 14 { result.gosh(&subsets).ok() } else { None };
    let mut all = vec![
        ("funnel", result.funnel().title(title).figure()),
        ("funnel by size", result.funnel().by(By::Size).figure()),
        ("leave-one-out", result.leave_one_out().unwrap().forest(result).figure()),
        ("cumulative", result.cumulative(Some("-total".parse().unwrap())).unwrap().forest(result).figure()),
        ("baujat", result.baujat().unwrap().plot().title(title).figure()),
        ("influence", result.influence().unwrap().plot().title(title).figure()),
        ("radial", result.radial().unwrap().figure()),
        ("drapery", result.drapery().unwrap().title(title).figure()),
        ("doi", result.doi().plot(result).unwrap().title(title).figure()),
    ];
    for side in [Side::Left, Side::Right] {
        if let Ok(filled) = result.trim_fill(TrimFillEstimator::R0, Some(side)) {
            all.push(("filled funnel", result.funnel().filled(&filled).figure()));
        }
    }
    all.extend(gosh.map(|gosh| ("gosh", gosh.plot(result).figure())));
    all
}

fn bubble() -> Figure {
    let studies = (0..25u64).map(|i| (format!("S{i}"), 5 + (i * 13) % 30, 40 + (i * 31) % 100));
    let doses: Vec<String> = (0..25).map(|i| ((i * 17) % 60).to_string()).collect();
    let data = Dataset::proportions(studies).unwrap();
    let data = data.with_covariates(Covariates::new([("dose", doses)]).unwrap()).unwrap();
    let result = pooled(&data, Request::default());
    let regression = result.regress(&"dose".parse().unwrap(), &RegressionOptions::default()).unwrap();
    regression.bubble(&result).unwrap().figure()
}

fn hold(name: &str, figure: &Figure) {
    let texts = figure.texts();
    let boxes: Vec<(String, Rect)> =
        texts.iter().flat_map(|text| text.boxes().map(|covered| (text.content(), covered))).collect();
    for (index, (words, one)) in boxes.iter().enumerate() {
        let right = one.x + one.width;
        assert!(one.x >= 0.0 && one.y >= 0.0 && right <= figure.width, "{name}: '{words}' {one:?}");
        assert!(one.y + one.height <= figure.height, "{name}: '{words}' {one:?}");
        for (others, other) in &boxes[index + 1..] {
            assert!(!one.overlaps(other), "{name}: '{words}' and '{others}'");
        }
    }
    let svg = figure.to_svg();
    assert!(svg.len() <= 200_000, "{name}: {} bytes", svg.len());
    let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"), "{name}");
    let mut ids = HashSet::new();
    for id in document.descendants().filter_map(|element| element.attribute("id")) {
        assert!(ids.insert(id), "{name}: {id} twice");
    }
    for tag in ["title", "desc"] {
        let said = root.children().find(|child| child.has_tag_name(tag)).and_then(|child| child.text());
        assert!(said.is_some_and(|said| !said.is_empty()), "{name}: {tag}");
    }
    for group in document.descendants().filter(|element| element.has_tag_name("g")) {
        assert!(group.children().any(|child| child.has_tag_name("title")), "{name}: a group without a title");
    }
    for unsaid in ["NaN", "\"inf\"", " inf ", "−0.0<", "−0<"] {
        assert!(!svg.contains(unsaid), "{name}: {unsaid}");
    }
}

#[test]
fn nothing_overlaps_or_leaves_any_figure() {
    for (name, result) in results() {
        for (kind, figure) in figures(&result) {
            hold(&format!("{kind}, {name}"), &figure);
        }
    }
    hold("bubble", &bubble());
}

#[test]
fn the_same_result_gives_the_same_bytes() {
    let result = pooled(&embedded("tofacitinib-aa"), Request::default());
    for ((kind, one), (_, other)) in figures(&result).into_iter().zip(figures(&result)) {
        assert_eq!(one.to_svg(), other.to_svg(), "{kind}");
    }
}

#[test]
fn every_study_has_a_group_with_its_name() {
    let result = pooled(&embedded("tofacitinib-aa"), Request::default());
    for (kind, figure) in figures(&result).into_iter().filter(|(kind, _)| *kind != "gosh") {
        let studies = figure.groups().into_iter().filter(|group| group.class == "study").count();
        assert_eq!(studies, result.k(), "{kind}");
    }
}

/// Figures of one page share their style sheets: what a class means in one, it means in every other.
#[test]
fn a_class_means_the_same_in_every_figure() {
    let mut known: HashMap<&str, (&str, Ink)> = HashMap::new();
    let mut of_text: HashSet<&str> = HashSet::new();
    let mut all = vec![("bubble", bubble())];
    let tables = [embedded("tofacitinib-aa"), many(60), many(500)];
    let results: Vec<MetaAnalysis> = tables.iter().map(|table| pooled(table, Request::default())).collect();
    for result in &results {
        all.extend(figures(result));
        all.push(("forest", result.forest().figure()));
    }
    for (kind, figure) in &all {
        of_text.extend(figure.texts().iter().map(|text| text.style.class));
        figure.walk(&mut |node| {
            let (Node::Rect(_, ink)
            | Node::Path { ink, .. }
            | Node::Lines(_, ink)
            | Node::Circle { ink, .. }) = node
            else {
                return;
            };
            let (first, meant) = known.entry(ink.class).or_insert((kind, *ink));
            assert!(ink.class.is_empty() || meant == ink, "{} in {first} and {kind}", ink.class);
        });
    }
    let both: Vec<&&str> =
        known.keys().filter(|class| !class.is_empty() && of_text.contains(*class)).collect();
    assert!(both.is_empty(), "{both:?} are of shapes and of texts");
}

/// The limits at a level of the drapery plot are those of the analysis at that level.
#[test]
fn a_drapery_is_as_wide_as_the_intervals() {
    let data = embedded("tofacitinib-aa");
    for (ci, prediction) in
        [(Ci::Wald, PredictionMethod::Z), (Ci::Hk, PredictionMethod::Hts), (Ci::Profile, PredictionMethod::T)]
    {
        let at = |level: f64| Request {
            ci: Some(ci),
            prediction: Some(prediction),
            level: Some(level.try_into().unwrap()),
            ..Request::default()
        };
        let curves = pooled(&data, at(95.0)).drapery_curves().unwrap();
        for (index, p) in curves.p().enumerate().skip(1).step_by(7) {
            let result = pooled(&data, at(100.0 * (1.0 - p)));
            assert_eq!(curves.random[index], result.pooled().ci_y, "{ci:?} {p}");
            assert_eq!(curves.common[index], result.common.ci_y, "{ci:?} {p}");
            assert_eq!(
                curves.prediction[index],
                result.prediction.as_ref().and_then(|of| of.ci_y),
                "{ci:?} {p}"
            );
        }
    }
}

/// A figure of 10,000 studies is small, and says what it leaves out.
#[test]
fn ten_thousand_studies_have_figures_of_the_same_size() {
    let result = pooled(&many(10_000), Request::default());
    let filled = result.trim_fill(TrimFillEstimator::R0, Some(Side::Right)).unwrap();
    let figures = [
        ("drapery", result.drapery().unwrap().figure()),
        ("doi", result.doi().plot(&result).unwrap().figure()),
        ("filled funnel", result.funnel().filled(&filled).figure()),
    ];
    for (kind, figure) in figures {
        hold(kind, &figure);
    }
    assert!(result.drapery().unwrap().svg().contains("the 1,000 most precise have a curve"));
}

/// `trimfill(rma(...))` adds studies; the figure has an open circle for each, and says how many on which side.
#[test]
fn filled_studies_are_drawn_and_counted() {
    let result = pooled(&embedded("tofacitinib-aa"), Request::default());
    let filled = result.trim_fill(TrimFillEstimator::L0, Some(Side::Left)).unwrap();
    let k0 = filled.k0.unwrap();
    assert!(k0 > 0, "{filled:?}");
    assert!(result.bias(&BiasOptions::default()).unwrap().trim_fill.contains(&filled));
    let figure = result.funnel().filled(&filled).figure();
    assert_eq!(figure.groups().iter().filter(|group| group.class == "filled").count(), k0);
    assert!(figure.description.contains("on the left"), "{}", figure.description);
    let by_size = result.funnel().by(By::Size).filled(&filled).svg();
    assert_eq!(by_size, result.funnel().by(By::Size).svg());
}

/// `baujat(rma(xi, ni, measure = "PLO", method = "DL"))` of R metafor 3.8-1.
#[test]
fn baujat_is_that_of_metafor() {
    let data = table(&[("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)]);
    let request = Request {
        measure: Some(Measure::Logit),
        tau2: Some(Tau2::Estimated(Tau2Method::Dl)),
        ci: Some(Ci::Wald),
        ..Request::default()
    };
    let expected = [
        [0.5931718733576, 0.1893934845500],
        [0.8272248397778, 0.3710557828063],
        [1.1760586353677, 0.9040624855257],
        [0.0783250588142, 0.0574496018187],
    ];
    for (row, [x, y]) in pooled(&data, request).baujat().unwrap().rows.iter().zip(expected) {
        assert!((row.heterogeneity - x).abs() < 1e-10, "{} {x}", row.heterogeneity);
        assert!((row.influence.unwrap() - y).abs() < 1e-10, "{:?} {y}", row.influence);
    }
}
