//! No page of a report has more than 300 KB: what is left out of it stands in a file beside it, and the page says so.

use std::fmt::Write as _;
use std::fs;

use crate::common::program::Bench;

const LARGEST: usize = 300_000;

/// So many studies, and so many rows that are left out, with a source of so many characters.
fn series(studies: usize, left_out: usize, source: usize) -> String {
    let mut table = String::from("study,events,total,source\n");
    for study in 0..studies {
        let source = "s".repeat(source);
        writeln!(table, "Series {study:05},{},{},{source}", 3 + study % 7, 12 + study % 11).expect("a row");
    }
    for row in 0..left_out {
        writeln!(table, "Unknown {row:05},NA,50,-").expect("a row");
    }
    table
}

/// An analysis of so many outcomes of `series.csv`, with these keys each and these claims.
fn analysis(outcomes: usize, keys: &str, claims: &str) -> String {
    let mut text = String::from("schema = 1\ntitle = \"T\"\n[data]\nfile = \"series.csv\"\n");
    for outcome in 0..outcomes {
        writeln!(text, "[[outcome]]\nid = \"o{outcome}\"\nevents = \"events\"\ntotal = \"total\"\n{keys}")
            .expect("an outcome");
    }
    text + claims
}

/// The pages of a report that were written, each within the limit.
fn pages(bench: &Bench) -> [String; 2] {
    bench.ends(0, &["report", "a.toml", "-o", "out"]);
    ["out/report.html", "out/report.md"].map(|page| {
        let page = bench.read(page);
        assert!(page.len() <= LARGEST, "{} bytes", page.len());
        page
    })
}

fn bench(table: &str, analysis: &str) -> Bench {
    Bench::with(&[("series.csv", table), ("a.toml", analysis)])
}

fn lines(bench: &Bench, file: &str) -> usize {
    bench.read(file).lines().count()
}

#[test]
fn the_largest_figures_are_linked() {
    const OUTCOMES: usize = 5;
    let bench = bench(&series(100, 0, 1), &analysis(OUTCOMES, "", ""));
    let [html, markdown] = pages(&bench);
    let is_linked = |outcome: &usize| {
        let link = format!("The figure is too large for this page: <a href=\"o{outcome}/forest.svg\">");
        html.contains(&link)
    };
    let linked: Vec<usize> = (0..OUTCOMES).filter(is_linked).collect();
    assert!(!linked.is_empty() && linked.len() < OUTCOMES, "{linked:?}");
    assert_eq!(html.matches("<svg").count(), OUTCOMES - linked.len());
    for outcome in 0..OUTCOMES {
        let figure = bench.read(&format!("out/o{outcome}/forest.svg"));
        assert!(figure.contains("Series 00000") && figure.contains("Series 00099"));
        assert!(markdown.contains(&format!("](o{outcome}/forest.svg)")));
    }
    // No row is left out.
    assert!(html.matches("Series 00099").count() >= OUTCOMES && !html.contains("more studies"));
}

#[test]
fn long_tables_end_earlier_and_name_the_file_that_has_all_rows() {
    for (outcomes, studies, left_out, shown) in [(1, 3_000, 3_000, 500), (8, 160, 0, 100), (12, 160, 0, 20)] {
        let bench = bench(&series(studies, left_out, 1), &analysis(outcomes, "", ""));
        let [html, _] = pages(&bench);
        let more = metaprop::format::grouped((studies - shown) as u64);
        let said = format!("… {more} more studies (the CSV table has them all)");
        assert_eq!(html.matches(&said).count(), outcomes, "{said}");
        for outcome in 0..outcomes {
            let table = format!("out/o{outcome}/studies.csv");
            assert!(lines(&bench, &table) > studies, "{table}");
        }
        if left_out > 0 {
            assert!(html.contains("… 2,500 more rows (the result document has them all)"));
            let document: serde_json::Value =
                serde_json::from_str(&bench.read("out/o0/result.json")).expect("JSON");
            assert_eq!(document["excluded"].as_array().map(Vec::len), Some(left_out));
        }
    }
}

#[test]
fn the_last_outcomes_are_left_to_their_own_files() {
    const OUTCOMES: usize = 120;
    let bench = bench(&series(5, 0, 1), &analysis(OUTCOMES, "", ""));
    let [html, _] = pages(&bench);
    let said = "more outcomes: each has its files in the folder of its id";
    let (before, _) = html.split_once(said).expect("what is left out is said");
    let left: usize = before.trim_end().rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    let shown = (0..OUTCOMES).filter(|outcome| {
        html.contains(&format!("\"o{outcome}/forest.svg\"")) || html.contains(&format!("forest-o{outcome}\""))
    });
    assert!(shown.count() <= OUTCOMES - left && left < OUTCOMES, "{left} are left out");
    for outcome in 0..OUTCOMES {
        for file in ["forest.svg", "result.json", "studies.csv"] {
            let path = bench.path().join(format!("out/o{outcome}/{file}"));
            assert!(fs::metadata(&path).is_ok_and(|file| file.len() > 0), "{}", path.display());
        }
    }
}

#[test]
fn many_claims_end_earlier_and_stand_in_their_own_document() {
    const CLAIMS: usize = 800;
    let claim = |index: usize| {
        let estimate = format!("estimate = \"54.{}%\"\nci = [\"46.3%\", \"61.5%\"]", index % 10);
        format!("[[claim]]\noutcome = \"o0\"\nsource = \"Source {index:04}\"\n{estimate}\n")
    };
    let claims: String = (0..CLAIMS).map(claim).collect();
    let bench = bench(&series(5, 0, 1), &analysis(1, "", &claims));
    let [html, markdown] = pages(&bench);
    for page in [&html, &markdown] {
        assert!(page.contains("more rows (check.json, check.md have them all)"), "{page:.3000}");
    }
    assert!(html.contains("more rows (check.json and the result documents have them all)"));
    let document: serde_json::Value = serde_json::from_str(&bench.read("out/check.json")).expect("JSON");
    assert_eq!(document["claims"].as_array().map(Vec::len), Some(CLAIMS));
    let page = bench.read("out/check.md");
    assert!((0..CLAIMS).all(|index| page.contains(&format!("Source {index:04}"))));
}

#[test]
fn long_lists_of_sources_end_earlier_and_name_the_data() {
    let bench = bench(&series(900, 0, 400), &analysis(1, "sources = [\"source\"]\n", ""));
    let [html, _] = pages(&bench);
    assert!(html.contains("more rows (the file of the data has them all)"));
    assert!(lines(&bench, "series.csv") > 900);
}
