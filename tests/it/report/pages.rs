//! The formats for people: their words, their structure, their edges.

use std::collections::HashSet;

use metaprop::format::NumberFormat;
use metaprop::options::Request;
use metaprop::options::{BackTransform, Measure, Model, Profile, StudyCi, ZeroCells};
use metaprop::report::{Document, Report, Section};
use metaprop::{Dataset, MetaAnalysis, fit};

use super::support::{TINY, dl_wald, outcome, table, tiny};
use super::xml::{elements, values};

fn section(id: &str, outcome: &MetaAnalysis) -> Section {
    Section::new(id, "Main outcome", outcome.clone(), NumberFormat::default()).unwrap()
}

#[test]
fn the_terminal() {
    insta::assert_snapshot!(tiny().to_string());
}

#[test]
fn markdown_of_one_result() {
    insta::assert_snapshot!(tiny().page().title("Tiny").markdown());
}

#[test]
fn html_of_one_result() {
    let page = tiny().page().html();
    let (_, body) = page.split_once("</head>").unwrap();
    // The figure has its own snapshots.
    let (before, figure) = body.split_once("<figure class=\"adapts\">\n").unwrap();
    let (_, after) = figure.split_once("</figure>\n").unwrap();
    insta::assert_snapshot!(format!("{before}{after}"));
}

#[test]
fn per_thousand_and_other_levels() {
    let request = Request { level: Some("90".parse().unwrap()), null: Some(0.125), ..dl_wald() };
    let page = outcome(&TINY, request).page().display(NumberFormat { scale: 1000, digits: 0 }).text(false);
    for needle in ["Per 1,000", "90% CI", "Test of 125 per 1,000", "667  391"] {
        assert!(page.contains(needle), "no {needle:?} in {page}");
    }
}

#[test]
fn colour_is_bold_and_dim_alone() {
    let plain = tiny().to_string();
    let mut coloured = tiny().text(true);
    assert!(coloured.contains("\u{1b}[1m") && !plain.contains('\u{1b}'));
    for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m"] {
        coloured = coloured.replace(code, "");
    }
    assert_eq!(coloured, plain);
}

#[test]
fn a_long_table_is_cut_with_a_note() {
    let rows = (0..50).map(|index| (format!("Study {index}"), 1 + index % 7, 9));
    let outcome = fit(&Dataset::proportions(rows).unwrap(), &dl_wald().resolve().unwrap()).unwrap();
    let page = outcome.page().most_rows(10).text(false);
    assert!(page.contains("Study 9 ") && !page.contains("Study 10 "), "{page}");
    assert!(page.contains("… 40 more studies"), "{page}");
}

#[test]
fn the_page_is_well_formed_and_asks_nothing_of_a_network() {
    let (one, two) =
        (tiny(), outcome(&TINY, Request { measure: Some(Measure::FreemanTukey), ..Request::default() }));
    let page = Report::new("Two", vec![section("good", &one), section("references", &two)]).html();
    let seen = elements(&page, &["meta"]);
    assert_eq!(seen.iter().filter(|name| *name == "svg").count(), 2);
    let ids = values(&page, "id");
    assert_eq!(ids.len(), ids.iter().collect::<HashSet<_>>().len(), "{ids:?}");
    for target in values(&page, "href").iter().filter_map(|href| href.strip_prefix('#')) {
        assert!(ids.contains(&target), "{target}");
    }
    for needle in ["src=", "@import", "url(", "<link", "<script", "onload"] {
        assert!(!page.contains(needle), "{needle}");
    }
    assert!(
        values(&page, "href")
            .iter()
            .all(|href| href.starts_with(['#', 'g', 'r']) || href.starts_with("https://doi.org/"))
    );
    assert!(page.contains("default-src 'none'"));
    let tables = seen.iter().filter(|name| *name == "table").count();
    assert_eq!(tables, seen.iter().filter(|name| *name == "caption").count());
    assert!(values(&page, "scope").iter().filter(|scope| **scope == "row").count() > 12);
}

#[test]
fn methods_name_what_took_effect_and_its_source() {
    let rows = [("A", 0, 10), ("B", 2, 12), ("C", 3, 9)];
    let words = |request: Request| {
        let outcome = outcome(&rows, request);
        outcome.page().html().split_once("<h2>Methods").unwrap().1.to_string()
    };
    let log =
        Request { measure: Some(Measure::Log), study_ci: Some(StudyCi::WilsonCc), ..Request::default() };
    let own = words(log);
    assert!(own.contains("n + 2a, as in metafor") && own.contains("limits are 0 and 1"), "{own}");
    assert!(
        own.contains("restricted maximum likelihood&nbsp;[")
            && own.contains("https://doi.org/10.3102/10769986030003261\"")
    );
    let meta = words(Request { profile: Some(Profile::Meta), ..log });
    assert!(meta.contains("n + a, as in meta") && meta.contains("what the equation gives"), "{meta}");
    let raw =
        words(Request { profile: Some(Profile::Meta), measure: Some(Measure::Raw), ..Request::default() });
    assert!(raw.contains("not its estimate, as in meta"), "{raw}");
    let back = Request {
        measure: Some(Measure::FreemanTukey),
        back_transform: Some(BackTransform::Geometric),
        ..Request::default()
    };
    let freeman_tukey = words(back);
    assert!(
        freeman_tukey.contains("geometric mean of the totals")
            && freeman_tukey.contains("No count was corrected"),
        "{freeman_tukey}"
    );
}

#[test]
fn outcomes_that_share_a_spec_share_a_paragraph() {
    let (one, two) = (tiny(), outcome(&TINY, dl_wald()));
    let other = outcome(&TINY, Request::default());
    let shared = Report::new("T", vec![section("a", &one), section("b", &two)]).markdown();
    assert_eq!(shared.matches("Proportions were pooled").count(), 1);
    let apart = Report::new("T", vec![section("a", &one), section("b", &other)]).markdown();
    assert_eq!(apart.matches("Proportions were pooled").count(), 2);
}

#[test]
fn every_edge_has_words() {
    let rows = [("A", 0, 10), ("B", 0, 12), ("C", 3, 9), ("D", 12, 12)];
    let none = Request { zero_cells: Some(ZeroCells::None), ..Request::default() };
    let common = Request { model: Some(Model::Common), ..Request::default() };
    let edges = [
        outcome(&rows[2..3], Request::default()),
        outcome(&rows[..2], Request::default()),
        outcome(&rows[..3], Request::default()),
        outcome(&rows, none),
        outcome(&rows, common),
        outcome(&[("A", 3, 9), ("B", 3, 9)], Request::default()),
    ];
    for outcome in edges {
        let pages = [outcome.text(false), outcome.markdown(), outcome.page().html()];
        for page in pages {
            let page = page.replace("† None or all had the event", "");
            assert!(!page.contains("NaN") && !page.contains("None") && !page.contains("inf "), "{page}");
        }
    }
}

#[test]
fn the_files_of_a_report_stand_in_a_fixed_order() {
    let (one, two) = (tiny(), outcome(&TINY, Request::default()));
    let report = Report::new("T", vec![section("b", &one), section("a", &two)]);
    let files = report.files();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let wanted = [
        "b/forest.svg",
        "b/result.json",
        "b/studies.csv",
        "a/forest.svg",
        "a/result.json",
        "a/studies.csv",
        "report.html",
        "report.md",
        "digest.txt",
    ];
    assert_eq!(paths, wanted);
    assert_eq!(files, report.files(), "the same bytes twice");
    let markdown = String::from_utf8(files[files.len() - 2].bytes.clone()).unwrap();
    assert!(markdown.contains("![Forest plot: Main outcome](b/forest.svg)"));
}

#[test]
fn the_name_of_the_data_is_the_title_where_there_is_none() {
    let outcome = fit(&table(&TINY), &dl_wald().resolve().unwrap()).unwrap();
    assert!(outcome.markdown().starts_with("# tiny.csv\n"));
}
