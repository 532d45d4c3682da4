//! The figures beside the forest plot: nothing overlaps, nothing is cut, and the files are small, valid and the same.

use std::collections::HashSet;

use metaprop::analysis::{GoshOptions, RegressionOptions};
use metaprop::data::Covariates;
use metaprop::options::{Measure, Model, Request, Tau2, Tau2Method};
use metaprop::plot::By;
use metaprop::plot::figure::{Figure, Rect};
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
    ];
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

/// `baujat(rma(xi, ni, measure = "PLO", method = "DL"))` of R metafor 3.8-1.
#[test]
fn baujat_is_that_of_metafor() {
    let data = table(&[("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)]);
    let request = Request {
        measure: Some(Measure::Logit),
        tau2: Some(Tau2::Estimated(Tau2Method::Dl)),
        ci: Some(metaprop::options::Ci::Wald),
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
