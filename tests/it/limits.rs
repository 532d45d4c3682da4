//! The limits of docs/limits.md, each at its last value and one beyond.

use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::Path;

use metaprop::data::Manuscript;
use metaprop::io::read::{load, read_bytes};
use metaprop::options::ReadOptions;
use metaprop::options::analysis_file::parse;
use metaprop::published::reconstruct::{ReconstructQuery, reconstruct};
use metaprop::published::{claim::Claim, reproduce::subsets};
use metaprop::report::ScanReport;
use metaprop::{Dataset, Error, Spec};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const MIB: usize = 1 << 20;

/// What is wrong with a table, in the first line of the message; nothing where it is read.
fn wrong(table: &str) -> Option<String> {
    let error = read_bytes(table.as_bytes(), "t.csv", &ReadOptions::default()).err()?;
    assert_eq!(error.exit_code(), 3, "{error}");
    error.to_string().lines().next().map(str::to_owned)
}

/// Whether the limit is between these two, and what is said beyond it.
fn limit(what: &str, at: &str, beyond: &str, said: &str) {
    assert_eq!(wrong(at), None, "{what} at the limit");
    let wrong = wrong(beyond).unwrap_or_default();
    assert!(wrong.contains(said), "{what} beyond the limit: {wrong:.200}");
}

#[test]
fn cells_rows_and_columns() {
    let named = |length: usize| format!("study,events,total\n{},3,10\nB,4,9\n", "a".repeat(length));
    limit("a cell", &named(MIB), &named(MIB + 1), "t.csv:2: a cell has more than 1 MiB");
    let quoted = |length: usize| format!("study,events,total\n\"{}\",3,10\nB,4,9\n", "a".repeat(length));
    limit("a cell in quotes", &quoted(MIB), &quoted(MIB + 1), "t.csv:2: a cell has more than 1 MiB");
    // Sixteen cells of one MiB at most, with the marks between them.
    let row = |length: usize| {
        let mut cells = vec!["a".repeat(MIB - 1); 15];
        let used: usize = "B,4,9".len() + cells.iter().map(|cell| cell.len() + 1).sum::<usize>();
        cells.push("a".repeat(length - used - 1));
        let names: Vec<String> = (0..16).map(|column| format!("n{column}")).collect();
        format!("study,events,total,{}\nB,4,9,{}\n", names.join(","), cells.join(","))
    };
    limit("a row", &row(16 * MIB), &row(16 * MIB + 1), "t.csv:2: the row has more than 16 MiB");
    let columns = |count: usize| {
        let names: Vec<String> = (3..count).map(|column| format!("n{column}")).collect();
        format!("study,events,total,{}\nA,3,10\nB,4,9\n", names.join(","))
    };
    limit("columns", &columns(100_000), &columns(100_001), "there are 100001 columns, and at most 100000");
    let one_line = "a".repeat(16 * MIB + 1);
    assert!(wrong(&one_line).unwrap().contains("t.csv:1: the first line has more than 16 MiB"));
}

#[test]
fn numbers() {
    for (header, rest) in [("events,total", "50"), ("percent,total", "50"), ("estimate,se", "0.1")] {
        let table = |length: usize| {
            let number = format!("{}8", "0".repeat(length - 1));
            format!("study,{header}\nA,{number},{rest}\nB,8,{rest}\n")
        };
        let columns = header.split_once(',').filter(|_| header.starts_with("est"));
        let options = ReadOptions {
            estimate: columns.map(|columns| columns.0.to_owned()),
            se: columns.map(|columns| columns.1.to_owned()),
            ..ReadOptions::default()
        };
        let read = |length: usize| read_bytes(table(length).as_bytes(), "t.csv", &options);
        assert!(read(40).is_ok(), "{header}: {:?}", read(40));
        let error = read(41).unwrap_err().to_string();
        assert!(error.contains("is a number of 41 characters, and at most 40 are read"), "{header}: {error}");
    }
    let counts = |events: u64| format!("study,events,total\nA,{events},{events}\nB,4,9\n");
    limit("a count", &counts(1 << 53), &counts((1 << 53) + 1), "is above 2^53, the largest count");
    // A number of a column that is not pooled may be text.
    assert_eq!(wrong(&format!("study,events,total,dose\nA,3,10,{}\nB,4,9,5\n", "1".repeat(41))), None);
}

#[test]
fn files() {
    let folder = tempfile::tempdir().expect("a folder");
    let sparse = |name: &str, length: u64| {
        let path = folder.path().join(name);
        File::create(&path).and_then(|file| file.set_len(length)).expect("a sparse file");
        path
    };
    // That all bytes up to the limit are read is tested with a smaller limit where files are read.
    for length in [(4 << 30) + 1, 1 << 40] {
        let Err(error) = load(&sparse("t.csv", length), "t.csv") else { panic!("{length} bytes were read") };
        assert_eq!(error.exit_code(), 5);
        let said = "t.csv: cannot read: it has more than 4096 MiB, and larger files are not read";
        assert_eq!(error.to_string(), said);
    }
    let opened = |length: u64| metaprop::Project::open(sparse("a.toml", length)).unwrap_err();
    assert!(opened(64 << 20).to_string().contains("NUL bytes"), "{}", opened(64 << 20));
    let beyond = opened((64 << 20) + 1);
    assert!(beyond.to_string().contains("more than 64 MiB") && beyond.exit_code() == 5, "{beyond}");
}

/// The results that are read from a manuscript, or what is wrong with it.
fn scanned(path: &Path) -> Result<usize, Error> {
    Manuscript::read(path).map(|manuscript| ScanReport::alone(&manuscript).results().len())
}

#[test]
fn manuscripts() {
    const RESULT: &str = "It was 54.0% (95% CI 46.3 to 61.5).\n";
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.txt");
    // Blank lines, so that most of the time goes into reading them.
    let blank = [vec![b' '; 4095], vec![b'\n']].concat();
    let mut text = blank.repeat(64 * MIB / blank.len());
    text.truncate(64 * MIB - RESULT.len() - 1);
    text.extend_from_slice(format!("\n{RESULT}").as_bytes());
    assert_eq!(text.len(), 64 * MIB);
    fs::write(&path, &text).expect("a manuscript");
    assert_eq!(scanned(&path).ok(), Some(1), "what stands last is read, too");
    for name in ["a.txt", "a.md", "a.tex"] {
        let path = folder.path().join(name);
        let length = 64 * MIB as u64 + 1;
        let file = File::options().write(true).create(true).truncate(false).open(&path).expect("a file");
        file.set_len(length).expect("a sparse file");
        let beyond = scanned(&path).unwrap_err();
        assert!(beyond.to_string().contains("it has more than 64 MiB"), "{name}: {beyond}");
        assert_eq!(beyond.exit_code(), 5);
    }
}

/// A document of Word whose parts have so many bytes each, with a result at the end of the first.
fn word(parts: &[(&str, usize)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (index, (name, length)) in parts.iter().enumerate() {
        let result = if index == 0 { "<w:p><w:r><w:t>54.0% (46.3 to 61.5)</w:t></w:r></w:p>" } else { "" };
        let (head, end) = ("<w:document><w:body>", format!("{result}</w:body></w:document>"));
        archive.start_file(*name, SimpleFileOptions::default()).expect("a part");
        let blanks = " ".repeat(length - head.len() - end.len());
        archive.write_all(format!("{head}{blanks}{end}").as_bytes()).expect("a text");
    }
    archive.finish().expect("an archive").into_inner()
}

#[test]
fn documents_of_word_are_measured_unpacked() {
    let folder = tempfile::tempdir().expect("a folder");
    let read = |parts: &[(&str, usize)]| {
        let path = folder.path().join("a.docx");
        let packed = word(parts);
        assert!(packed.len() < MIB, "{} bytes are packed", packed.len());
        fs::write(&path, packed).expect("a document");
        scanned(&path)
    };
    let (body, notes) = ("word/document.xml", "word/footnotes.xml");
    assert_eq!(read(&[(body, 64 * MIB)]).ok(), Some(1));
    assert_eq!(read(&[(body, 63 * MIB), (notes, MIB)]).ok(), Some(1));
    for parts in [&[(body, 64 * MIB + 1)][..], &[(body, 63 * MIB), (notes, MIB + 1)]] {
        let beyond = read(parts).unwrap_err();
        assert!(beyond.to_string().contains("more than 67108864 bytes of text are packed in it"), "{beyond}");
        assert_eq!(beyond.exit_code(), 5);
    }
}

#[test]
fn outcomes_and_their_names() {
    let outcomes = |count: usize| {
        let outcome = |index| format!("[[outcome]]\nid = \"o{index}\"\n");
        let outcomes: String = (0..count).map(outcome).collect();
        format!(
            "schema = 1\ntitle = \"T\"\n[data]\nfile = \"t.csv\"\nevents = \"e\"\ntotal = \"n\"\n{outcomes}"
        )
    };
    assert_eq!(parse(&outcomes(10_000), "a.toml").expect("as many as may be").outcomes.len(), 10_000);
    let error = parse(&outcomes(10_001), "a.toml").unwrap_err().to_string();
    assert!(error.contains("there are 10001 outcomes, and at most 10000 are read"), "{error}");
    let id = |length: usize| outcomes(1).replace("o0", &"a".repeat(length));
    assert!(parse(&id(64), "a.toml").is_ok());
    assert!(parse(&id(65), "a.toml").unwrap_err().to_string().contains("is not a plain name of a folder"));
}

#[test]
fn messages() {
    let keys = |count: usize| {
        let keys: String = (0..count).map(|key| format!("key{key} = 1\n")).collect();
        parse(
            &format!(
                "schema = 1\ntitle = \"T\"\n{keys}[[outcome]]\nid = \"a\"\nfile = \"t\"\nevents = \"e\"\n"
            ),
            "a.toml",
        )
        .unwrap_err()
        .to_string()
    };
    assert!(keys(50).contains("unknown key 'key49'") && !keys(50).contains("more problems"), "{}", keys(50));
    assert!(keys(100_000).contains("a.toml: … and 99950 more problems like these"));
    let long = parse(&format!("{} = 1", "k".repeat(100_000)), "a.toml").unwrap_err().to_string();
    assert!(long.len() < 2_000, "{} bytes", long.len());
    let rows = |count: usize| {
        let rows: String = (0..count).map(|row| format!("A{row},99,10\n")).collect();
        let error = read_bytes(
            format!("study,events,total\nB,3,10\n{rows}").as_bytes(),
            "t.csv",
            &ReadOptions::default(),
        );
        error.unwrap_err().to_string()
    };
    assert!(rows(50).contains("t.csv:52:") && !rows(50).contains("more problems"), "{}", rows(50));
    assert!(rows(51).contains("t.csv: … and 1 more problems like these"), "{}", rows(51));
    let columns = |count: usize| {
        let names: Vec<String> = (0..count).map(|column| format!("word{column}")).collect();
        wrong(&format!("{}\n{}\n", names.join(","), vec!["7"; count].join(","))).unwrap()
    };
    assert!(columns(30).contains("'word29'") && !columns(30).contains(" more"), "{}", columns(30));
    assert!(!columns(31).contains("'word30'") && columns(31).contains("and 1 more"), "{}", columns(31));
}

#[test]
fn searches() {
    let mut printed = Claim::new("", "");
    printed.set("estimate", &["50%"]).expect("a claim");
    let specs = [Spec::default()];
    let table =
        |k: u64| Dataset::proportions((0..k).map(|study| (format!("S{study}"), 5, 10))).expect("studies");
    let stopped_at_once = |k| subsets(&table(k), &printed, &specs, 10, |_, _| false);
    assert!(stopped_at_once(20).is_ok());
    let error = stopped_at_once(21).unwrap_err().to_string();
    assert!(error.contains("21 studies have too many subsets: at most 20"), "{error}");
    let of_rows = |k: u64| -> Result<(), Error> {
        let (mut printed, spec) = (printed.clone(), Spec::default());
        printed.set("k", &[&k.to_string()])?;
        printed.set("total", &["20000"])?;
        reconstruct(&ReconstructQuery::new(&printed, &spec, Vec::new()), |_, _| false).map(drop)
    };
    assert!(of_rows(10_000).is_ok(), "{:?}", of_rows(10_000));
    assert!(of_rows(10_001).unwrap_err().to_string().contains("the number of studies"));
}
