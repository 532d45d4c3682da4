//! Any bytes are a table that holds its promises, or an error: `cargo fuzz run read`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use metaprop::io::read::read_bytes;
use metaprop::options::{Decimal, ReadOptions};

fuzz_target!(|bytes: &[u8]| {
    for decimal in [Decimal::Point, Decimal::Comma] {
        let options = ReadOptions { decimal: Some(decimal), ..ReadOptions::default() };
        if let Ok(table) = read_bytes(bytes, "any.csv", &options) {
            assert!(table.k() > 0);
            assert!(table.labels().is_sorted_by(|a, b| a.line < b.line));
        }
    }
});
