//! `pool -o report.docx`: a document of Word with the sentences, the tables and the figure of a result.

use std::io::Read;

use metaprop::options::Tau2Method;
use metaprop::{Dataset, MetaAnalysis};
use roxmltree::{Document, Node};

use crate::common::program::Bench;

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// The files in an archive, by their names.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let file = |at: usize, archive: &mut zip::ZipArchive<_>| {
        let mut file: zip::read::ZipFile<'_, std::io::Cursor<&[u8]>> = archive.by_index(at).expect("a file");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("its content");
        (file.name().expect("a name").into_owned(), content)
    };
    (0..archive.len()).map(|at| file(at, &mut archive)).collect()
}

fn part(files: &[(String, Vec<u8>)], name: &str) -> String {
    let (_, bytes) = files.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name}"));
    String::from_utf8(bytes.clone()).expect("UTF-8")
}

fn words(node: Node<'_, '_>) -> String {
    node.descendants().filter(|one| one.has_tag_name((WORD, "t"))).filter_map(|one| one.text()).collect()
}

fn result(names: [&str; 3]) -> MetaAnalysis {
    let data =
        Dataset::proportions([(names[0], 8, 12), (names[1], 0, 13), (names[2], 21, 66)]).expect("counts");
    MetaAnalysis::of_proportions().tau2(Tau2Method::Dl).fit(&data).expect("a result")
}

#[test]
fn it_has_the_tables_of_the_page_and_what_it_refers_to() {
    let result = result(["Alpha <2001> & \"co\"", "Βήτα 2002", "艾达 2003"]);
    let bytes = result.page().title("Two & a half").word().expect("a document");
    assert_eq!(bytes, result.page().title("Two & a half").word().expect("a document"), "the same bytes");
    let files = unpacked(&bytes);
    for (name, content) in &files {
        if name.ends_with(".xml") || name.ends_with(".rels") {
            Document::parse(std::str::from_utf8(content).expect("UTF-8"))
                .unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }
    let document = part(&files, "word/document.xml");
    let document = Document::parse(&document).expect("XML");
    let tables: Vec<Vec<Vec<String>>> = document
        .descendants()
        .filter(|node| node.has_tag_name((WORD, "tbl")))
        .map(|table| {
            let rows = table.children().filter(|node| node.has_tag_name((WORD, "tr")));
            rows.map(|row| row.children().filter(|node| node.has_tag_name((WORD, "tc"))).map(words).collect())
                .collect()
        })
        .collect();
    // As many tables and cells as in Markdown, whose rows are lines with bars.
    let markdown = result.page().title("Two & a half").markdown();
    let rows = markdown.lines().filter(|line| line.starts_with('|') && !line.starts_with("| :--")).count();
    assert_eq!(tables.iter().map(Vec::len).sum::<usize>(), rows);
    let studies = &tables[0];
    assert!(
        studies.iter().any(|row| row[0].starts_with("Alpha <2001> & \"co\"") && row[1..3] == ["8", "12"]),
        "{studies:?}"
    );
    assert!(studies.iter().any(|row| row[0].starts_with("艾达 2003")), "{studies:?}");
    assert!(studies.iter().all(|row| row.len() == studies[0].len()));
    let all = words(document.root());
    for said in ["Two & a half", "Random-effects model", "Methods", "References", "Made by metaprop"] {
        assert!(all.contains(said), "no {said}: {all}");
    }
    let styles = part(&files, "word/styles.xml");
    for node in document.descendants().filter(|node| node.has_tag_name((WORD, "pStyle"))) {
        let style = node.attribute((WORD, "val")).expect("a style");
        assert!(styles.contains(&format!("w:styleId=\"{style}\"")), "no style {style}");
    }
    let relations = part(&files, "word/_rels/document.xml.rels");
    let has_picture = files.iter().any(|(name, _)| name == "word/media/figure.png");
    assert_eq!(has_picture, cfg!(feature = "images"));
    assert_eq!(relations.contains("media/figure.png"), has_picture);
    assert_eq!(
        document.descendants().filter(|node| node.has_tag_name((WORD, "drawing"))).count(),
        usize::from(has_picture)
    );
}

/// What the program writes it reads: the pooled result is found in it.
#[test]
fn a_scan_finds_the_result_in_it() {
    let bench = Bench::with(&[]);
    let text = bench.ends(0, &["pool", "counts.csv", "-o", "report.docx", "--title", "Good response"]);
    assert!(text.contains("Random-effects model"));
    let found = bench.json(0, &["scan", "report.docx"]);
    let estimate = &found["results"][0]["printed"];
    assert!(found["results"].as_array().is_some_and(|results| !results.is_empty()), "{found:#} {estimate}");
    let again = std::fs::read(bench.path().join("report.docx")).expect("the file");
    bench.ends(0, &["pool", "counts.csv", "-q", "-o", "again.docx", "--title", "Good response"]);
    assert_eq!(again, std::fs::read(bench.path().join("again.docx")).expect("the file"));
    let refused = bench.complains(2, &["gosh", "counts.csv", "-o", "gosh.docx"]);
    assert!(refused.contains("'.docx' is not a format"), "{refused}");
}
