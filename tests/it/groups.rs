//! `metaprop pool --group-by`: one analysis a group of rows, one row of results a group.

use std::fmt::Write as _;

use metaprop::analysis::{GroupRow, pool_groups};
use metaprop::data::{GroupedCounts, Groups};
use metaprop::io::groups::{Grouping, read_groups};
use metaprop::io::read::read_bytes;
use metaprop::options::ReadOptions;
use metaprop::{Error, Spec, fit};
use proptest::prelude::*;

use crate::common::program::{Bench, fits_its_schema};

/// Rows of three groups that do not stand together, one of them bad.
const MIXED: &str = "\
country,study,events,total
Chad,A,3,10
Mali,B,4,20
Togo,C,9,8
Chad,D,NA,12
Mali,E,6,21
Chad,F,5,19
Total,,12,60
,Total,27,90
";

fn rows(csv: &str, by: &[&str], options: &ReadOptions) -> Vec<GroupRow> {
    rows_or_error(csv, by, options).expect("groups")
}

fn rows_or_error(csv: &str, by: &[&str], options: &ReadOptions) -> Result<Vec<GroupRow>, Error> {
    let by = by.iter().map(|column| (*column).to_owned()).collect();
    let grouping = Grouping { by, sorted: false };
    let pooled = |groups: &dyn Groups| Ok(pool_groups(groups, &Spec::default()));
    read_groups(csv.as_bytes(), "-", options, &grouping, pooled)
}

/// The row of what the table gives where a condition keeps one group.
fn alone(csv: &str, condition: &str, values: &[&str]) -> GroupRow {
    let options =
        ReadOptions { filters: vec![condition.parse().expect("a condition")], ..ReadOptions::default() };
    let data = read_bytes(csv.as_bytes(), "-", &options);
    let excluded = data.as_ref().map_or(0, |data| data.ledger().excluded.len());
    let pooled = data.and_then(|data| fit(&data, &Spec::default()));
    GroupRow::new(values.iter().map(|value| (*value).to_owned()).collect(), &pooled, excluded)
}

#[test]
fn groups_stand_in_the_order_in_which_they_first_appear() {
    let rows = rows(MIXED, &["country"], &ReadOptions::default());
    let groups: Vec<&str> = rows.iter().map(|row| row.values[0].as_str()).collect();
    assert_eq!(groups, ["Chad", "Mali", "Togo"], "totals of the table are of no group");
    assert_eq!((rows[0].k, rows[0].events, rows[0].total, rows[0].excluded), (Some(2), Some(8), Some(29), 1));
    assert_eq!((rows[1].k, rows[1].excluded, &rows[1].error), (Some(2), 0, &None));
    let error = rows[2].error.as_deref().expect("an error");
    assert!(error.contains("line 4") && error.contains("column 'events'"), "{error}");
    assert_eq!((rows[2].k, rows[2].estimate), (None, None));
}

#[test]
fn totals_within_a_group_are_left_out_of_it() {
    let csv = "site,study,events,total\nX,A,3,10\nY,A,1,9\nX,B,5,20\nY,B,2,8\nX,Total,8,30\nY,Total,3,17\n";
    let rows = rows(csv, &["site"], &ReadOptions::default());
    let counts: Vec<_> = rows.iter().map(|row| (row.k, row.events, row.excluded)).collect();
    assert_eq!(counts, [(Some(2), Some(8), 1), (Some(2), Some(3), 1)]);
}

#[test]
fn conditions_names_and_percentages_keep_their_meaning() {
    let csv =
        "site,year,study,percent,n\nX,1999,A,30%,10\nX,2005,B,25%,20\nY,2006,,50%,8\nY,2007,D,12.5%,8\n";
    let filters = vec!["year>=2000".parse().expect("a condition")];
    let rows = rows(csv, &["site"], &ReadOptions { filters, ..ReadOptions::default() });
    let counts: Vec<_> = rows.iter().map(|row| (row.k, row.events, row.total)).collect();
    assert_eq!(counts, [(Some(1), Some(5), Some(20)), (Some(2), Some(5), Some(16))]);
}

#[test]
fn an_outcome_column_and_several_columns_make_groups() {
    let csv = "outcome,arm,study,events,total\n\
        death,1,A,3,10\ndeath,2,A,4,10\npain,1,A,5,10\ndeath,1,B,3,12\npain,NA,B,2,9\n";
    let rows = rows(csv, &["outcome", "arm"], &ReadOptions::default());
    let groups: Vec<String> = rows.iter().map(|row| row.values.join("/")).collect();
    assert_eq!(groups, ["death/1", "death/2", "pain/1", "pain/"]);
    assert_eq!(rows[0].k, Some(2));
    let error = Bench::with(&[("long.csv", csv)]).complains(3, &["pool", "long.csv"]);
    assert!(error.contains("several outcomes"), "{error}");
}

#[test]
fn columns_in_memory_give_the_same() {
    let by = [("country", vec!["Chad", "Mali", "Chad"])];
    let groups = GroupedCounts::new(by, vec![3, 4, 5], vec![10, 20, 19]).expect("groups");
    let of_memory = pool_groups(&groups, &Spec::default());
    let csv = "country,study,events,total\nChad,A,3,10\nMali,B,4,20\nChad,F,5,19\n";
    assert_eq!(of_memory, rows(csv, &["country"], &ReadOptions::default()));
    assert!(GroupedCounts::new([("a", vec!["x"])], vec![1, 2], vec![3, 4]).is_err());
}

#[test]
fn a_table_without_a_number_is_refused_as_a_whole() {
    let csv = "site,study,events,total\nX,A,NA,3\nY,B,NA,4\n";
    let error = rows_or_error(csv, &["site"], &ReadOptions::default()).expect_err("no counts");
    assert!(error.to_string().contains("'events'"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn a_group_gives_what_its_rows_give_alone(
        table in prop::collection::vec((0..5_u8, 0..9_u64, 0..12_u64, 0..8_u8), 1..60),
    ) {
        let mut csv = "site,study,events,total\n".to_owned();
        for (index, (site, events, total, kind)) in table.iter().enumerate() {
            let name = match kind {
                0 => "Total".to_owned(),
                1 => String::new(),
                2 => "same".to_owned(),
                _ => format!("Study {index}"),
            };
            let events = if *kind == 3 { "NA".to_owned() } else { events.to_string() };
            writeln!(csv, "s{site},{name},{events},{}", total + 2).expect("a text");
        }
        let rows = rows_or_error(&csv, &["site"], &ReadOptions::default());
        if rows.is_err() {
            for (site, ..) in &table {
                let alone = alone(&csv, &format!("site=s{site}"), &["s"]);
                prop_assert!(alone.error.is_some(), "the table is refused, group {} is not", site);
            }
        }
        for row in rows.unwrap_or_default() {
            let site = row.values[0].clone();
            let alone = alone(&csv, &format!("site={site}"), &[&site]);
            prop_assert_eq!(&row.values, &alone.values);
            prop_assert_eq!(row.error.is_some(), alone.error.is_some(), "{:?} {:?}", row.error, alone.error);
            if row.error.is_none() {
                prop_assert_eq!(row, alone);
            }
        }
    }
}

#[test]
fn rows_are_written_and_a_bad_group_ends_strict_runs_alone() {
    let bench = Bench::with(&[("mixed.csv", MIXED)]);
    let by = ["pool", "mixed.csv", "--group-by", "country", "--quiet", "-o", "out.csv", "-o", "out.jsonl"];
    let said = bench.complains(0, &by);
    assert!(said.contains("1 of 3 groups could not be pooled"), "{said}");
    bench.complains(3, &[&by[..], &["--strict"]].concat());
    let csv = bench.read("out.csv");
    assert!(
        csv.starts_with("country,k,events,total,estimate,lower,upper,y,se,tau2,i2,q,p,prediction_lower,")
    );
    assert_eq!(csv.lines().count(), 4);
    let first: serde_json::Value =
        serde_json::from_str(bench.read("out.jsonl").lines().next().expect("a row")).expect("JSON");
    assert_eq!((&first["country"], &first["k"], &first["excluded"]), (&"Chad".into(), &2.into(), &1.into()));
    assert_eq!(bench.ends(0, &["pool", "mixed.csv", "--group-by", "country", "--format", "csv"]), csv);
    let text = bench.ends(0, &["pool", "mixed.csv", "--group-by", "country"]);
    assert!(text.contains("Pooled results of 3 groups") && text.contains("Mali"), "{text}");
}

#[test]
fn documents_on_standard_output_are_whole_results() {
    let bench = Bench::with(&[("mixed.csv", MIXED)]);
    for format in ["json", "jsonl"] {
        let said = bench.ends(0, &["pool", "mixed.csv", "--group-by", "country", "--format", format]);
        let documents: Vec<serde_json::Value> =
            said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(documents.len(), 2, "{said}");
        documents.iter().for_each(fits_its_schema);
        assert_eq!(documents[1]["provenance"]["filters"], serde_json::json!(["country=Mali"]));
        assert_eq!(documents[1]["companions"], serde_json::json!([]));
    }
    let said = bench.complains(0, &["pool", "mixed.csv", "--group-by", "country", "--format", "jsonl"]);
    assert!(said.contains("Togo: line 4"), "{said}");
}

#[test]
fn rows_that_stand_together_give_the_same_sorted_or_not() {
    let sorted = "site,study,events,total\nX,A,3,10\nX,B,5,20\nY,A,1,9\nY,B,2,8\n";
    let bench = Bench::with(&[("sorted.csv", sorted), ("mixed.csv", MIXED)]);
    let by = ["pool", "sorted.csv", "--group-by", "site", "--format", "csv"];
    assert_eq!(bench.ends(0, &[&by[..], &["--sorted"]].concat()), bench.ends(0, &by));
    let said = bench.complains(3, &["pool", "mixed.csv", "--group-by", "country", "--sorted"]);
    assert!(said.contains("'Chad' do not stand together"), "{said}");
}

#[test]
fn a_file_that_was_cut_off_is_gone_on_with() {
    let bench = Bench::with(&[("mixed.csv", MIXED)]);
    for file in ["out.csv", "out.jsonl"] {
        let by = ["pool", "mixed.csv", "--group-by", "country", "--quiet", "-o", file, "--resume"];
        bench.ends(0, &by);
        let whole = bench.read(file);
        for end in 0..whole.len() {
            bench.file(file, &whole[..end]);
            if end % 29 == 0 || whole[..end].ends_with('\n') {
                let said = bench.run(&by);
                assert!(said.status.success(), "{file} {end}: {}", String::from_utf8_lossy(&said.stderr));
                assert_eq!(bench.read(file), whole, "{end}");
            }
        }
        bench.file(file, &whole);
        let said = bench.complains(0, &by);
        assert!(said.contains("3 groups kept, 0 groups pooled"), "{said}");
        bench.file(file, "something else\n");
        bench.complains(2, &by);
        assert_eq!(bench.read(file), "something else\n");
    }
}

#[test]
fn what_does_not_go_with_groups_is_refused() {
    let bench = Bench::with(&[("mixed.csv", MIXED)]);
    let by = ["pool", "mixed.csv", "--group-by", "country"];
    for more in [
        &["--explain-diff", "meta"][..],
        &["--print-spec"],
        &["--subgroup", "study"],
        &["--format", "html"],
        &["-o", "out.svg"],
        &["--resume"],
        &["--group-by", "country"],
    ] {
        bench.complains(2, &[&by[..], more].concat());
    }
    bench.complains(3, &["pool", "mixed.csv", "--group-by", "events"]);
    bench.complains(2, &["pool", "mixed.csv", "--sorted"]);
    bench.complains(2, &["subgroup", "mixed.csv", "--group-by", "country"]);
    let said = bench.complains(2, &["pool", "mixed.csv", "--group-by", "county"]);
    assert!(said.contains("'country'"), "{said}");
    bench.file("k.csv", "k,study,events,total\n1,A,3,10\n");
    assert!(bench.complains(2, &["pool", "k.csv", "--group-by", "k"]).contains("another name"));
}

#[cfg(feature = "tables")]
#[test]
fn parquet_files_hold_the_rows() {
    let bench = Bench::with(&[("mixed.csv", MIXED)]);
    bench.ends(
        0,
        &["pool", "mixed.csv", "--group-by", "country", "--quiet", "-o", "out.parquet", "-o", "out.csv"],
    );
    let columns = ["--estimate", "y", "--se", "se", "--study", "country"];
    let data = |file| bench.json(0, &[&["pool", file][..], &columns].concat());
    let (parquet, csv) = (data("out.parquet"), data("out.csv"));
    assert_eq!(parquet["k"], 2);
    assert_eq!(parquet["random"], csv["random"]);
    // The file is a table again, and its rows can be grouped in turn.
    let rows = bench.ends(
        0,
        &[
            "pool",
            "out.parquet",
            "--group-by",
            "country",
            "--format",
            "csv",
            "--events",
            "events",
            "--total",
            "total",
        ],
    );
    assert_eq!(rows.lines().count(), 4, "{rows}");
}

#[test]
fn many_groups_are_pooled() {
    let groups = 20_000;
    let mut csv = "site,study,events,total\n".to_owned();
    for row in 0..3 * groups {
        writeln!(csv, "s{},Study {},{},{}", row % groups, row / groups, row % 7, 20 + row % 11)
            .expect("a text");
    }
    let rows = rows(&csv, &["site"], &ReadOptions::default());
    assert_eq!(rows.len(), groups);
    assert!(rows.iter().all(|row| row.k == Some(3) && row.error.is_none()));
    assert_eq!(rows[19_999].values, ["s19999"]);
}
