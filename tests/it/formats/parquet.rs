//! Parquet files, written by pyarrow: `tests/reference/scripts/tables/parquet.py`.

use super::{kept, refusal, says};

#[cfg(not(feature = "tables"))]
#[test]
fn a_build_without_them_names_the_feature() {
    says(&refusal(&kept("kinds.parquet"), "in.parquet"), &["in.parquet", "'tables'", "CSV"]);
}

#[cfg(feature = "tables")]
mod with_tables {
    use metaprop::io::read::read_bytes;
    use metaprop::options::ReadOptions;
    use proptest::prelude::*;

    use super::super::{cells, read, rows};
    use super::{kept, refusal, says};

    const STUDIES: [(&str, u32, u64, u64); 2] = [("Müller 2001", 1, 3, 10), ("Cho", 3, 0, 4_000_000_000)];

    #[test]
    fn every_kind_of_value_is_text() {
        let table = read(&kept("kinds.parquet"), "in.parquet");
        assert_eq!(rows(&table), STUDIES);
        assert_eq!(&*table.ledger().excluded[0].reason, "events missing");
        for (column, want) in [
            ("byte", ["-1", "3"]),
            ("large", ["18446744073709551615", "0"]),
            ("rate", ["0.1", "-2.5"]),
            ("score", ["0.1", "12"]),
            ("half", ["0.5", "-2"]),
            ("open", ["TRUE", "FALSE"]),
            ("day", ["2019-05-31", "1959-12-31"]),
            ("milli", ["2019-05-31 08:30:00", "1959-12-31"]),
            ("micro", ["2019-05-31 08:30:00", "1959-12-31"]),
            ("nano", ["2019-05-31 08:30:00", "1959-12-31"]),
            ("clock", ["08:30:00", "00:00:00"]),
            ("price", ["1.50", "-0.05"]),
            ("wide", ["1.50", "-0.05"]),
            ("region", ["North", "North"]),
            ("blob", ["text", "(binary)"]),
            ("nothing", ["", ""]),
        ] {
            assert_eq!(cells(&table, column), want, "{column}");
        }
    }

    #[test]
    fn compressed_files_are_read() {
        for compression in ["snappy", "gzip", "zstd", "lz4"] {
            assert_eq!(rows(&read(&kept(&format!("{compression}.parquet")), "in.parquet")), STUDIES);
        }
        says(&refusal(&kept("brotli.parquet"), "in.parquet"), &["in.parquet", "brotli", "CSV"]);
    }

    #[test]
    fn times_of_old_programs_are_read() {
        let table = read(&kept("old.parquet"), "in.parquet");
        assert_eq!(cells(&table, "time"), ["2019-05-31 08:30:00", "1959-12-31"]);
    }

    #[test]
    fn nested_columns_are_refused() {
        says(&refusal(&kept("nested.parquet"), "in.parquet"), &["in.parquet", "'doses'", "'arm'", "without"]);
    }

    #[test]
    fn a_run_of_one_value_is_not_unpacked_without_end() {
        // 60 million cells in some kilobytes.
        says(
            &refusal(&kept("repeated.parquet"), "in.parquet"),
            &["in.parquet", "more than 50000000 cells", "CSV"],
        );
    }

    #[test]
    fn a_file_that_is_cut_off_is_refused() {
        let bytes = kept("zstd.parquet");
        for end in 4..bytes.len() {
            says(&refusal(&bytes[..end], "in.parquet"), &["in.parquet", "Parquet", "CSV"]);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn broken_files_are_tables_or_errors(
            file in proptest::sample::select(vec!["kinds", "snappy", "gzip", "zstd", "lz4", "old"]),
            changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        ) {
            let mut bytes = kept(&format!("{file}.parquet"));
            for (at, byte) in changes {
                let at = at.index(bytes.len() - 4) + 4;
                bytes[at] = byte;
            }
            // `parquet` panics on some of them, which is an error of the file.
            if let Err(error) = read_bytes(&bytes, "any.parquet", &ReadOptions::default()) {
                prop_assert!(error.to_string().contains("any.parquet"));
            }
        }
    }
}
