//! Files that are no plain text: what each kind of value becomes, and what broken files say.

use metaprop::data::Dataset;
use metaprop::io::read::read_bytes;
use metaprop::options::ReadOptions;

mod exports;
mod json;
mod parquet;
mod revman;
mod stata;
mod text;
mod workbook;

/// A table of `tests/reference/tables`.
fn kept(file: &str) -> Vec<u8> {
    let path = format!("{}/tests/reference/tables/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn read(bytes: &[u8], file: &str) -> Dataset {
    read_bytes(bytes, file, &ReadOptions::default()).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The message of an error of data.
fn refusal_with(bytes: &[u8], file: &str, options: &ReadOptions) -> String {
    match read_bytes(bytes, file, options) {
        Ok(table) => panic!("{file} is read as {:?}", rows(&table)),
        Err(error) => {
            assert_eq!(error.exit_code(), 3, "{error}");
            error.to_string()
        }
    }
}

fn refusal(bytes: &[u8], file: &str) -> String {
    refusal_with(bytes, file, &ReadOptions::default())
}

/// The message names all of these.
fn says(message: &str, needles: &[&str]) {
    for needle in needles {
        assert!(message.contains(needle), "{needle:?} is not in {message:?}");
    }
}

/// Name, line, events and total of each study.
fn rows(table: &Dataset) -> Vec<(&str, u32, u64, u64)> {
    let studies = table.labels().iter().zip(table.counts().unwrap());
    studies.map(|(label, counts)| (label.name, label.line, counts.events(), counts.total())).collect()
}

/// The cells of a column beside the counts.
fn cells(table: &Dataset, name: &str) -> Vec<String> {
    let column = table.covariates().iter().find(|column| column.name() == name);
    column.unwrap_or_else(|| panic!("no column {name}")).cells().map(|cell| cell.to_string()).collect()
}

/// The names that `read` gives of the columns of counts.
fn columns(table: &Dataset) -> [&str; 2] {
    [&table.columns().events, &table.columns().total]
}
