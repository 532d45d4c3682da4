//! JSON as R, pandas and others write it.

use metaprop::data::Dataset;

use super::{cells, read, refusal, rows, says};

fn json(text: &str) -> Dataset {
    read(text.as_bytes(), "in.json")
}

fn refused(text: &str) -> String {
    refusal(text.as_bytes(), "in.json")
}

const STUDIES: [(&str, u32, u64, u64); 2] = [("A", 1, 3, 10), ("B", 2, 5, 20)];

#[test]
fn every_form_gives_the_same_table() {
    for text in [
        r#"[{"study":"A","events":3,"total":10},{"total":20,"study":"B","events":5}]"#,
        "{\"study\":\"A\",\"events\":3,\"total\":10}\n{\"study\":\"B\",\"events\":5,\"total\":20}\n",
        r#"{"study":["A","B"],"events":[3,5],"total":[10,20]}"#,
        r#"{"study":{"0":"A","1":"B"},"events":{"0":3,"1":5},"total":{"0":10,"1":20}}"#,
        r#"[["study","events","total"],["A",3,10],["B",5,20]]"#,
        r#"{"columns":["study","events","total"],"index":[0,1],"data":[["A",3,10],["B",5,20]]}"#,
        r#"{"schema":{"fields":[{"name":"study","type":"string"}],"primaryKey":["index"]},"data":[{"study":"A","events":3,"total":10},{"study":"B","events":5,"total":20}]}"#,
        r#"{"made":"today","by":{"one":1,"two":{"three":3}},"rows":[{"study":"A","events":3,"total":10},{"study":"B","events":5,"total":20}]}"#,
    ] {
        assert_eq!(rows(&json(text)), STUDIES, "{text}");
    }
}

#[test]
fn columns_that_are_objects_are_paired_by_their_keys() {
    let text = r#"{"study":{"0":"A","1":"B"},"events":{"1":5,"0":3},"total":{"0":10,"1":20}}"#;
    assert_eq!(rows(&json(text)), STUDIES);
    // A key that a column lacks is an empty cell of its row; keys of later columns follow those of the first.
    let text = r#"{"study":{"x":"A","y":"B","z":"C"},"events":{"z":1,"x":3},"total":{"w":9,"z":4,"y":20,"x":10},"note":{"z":"last","x":"first"}}"#;
    let table = json(text);
    assert_eq!(rows(&table), [("A", 1, 3, 10), ("C", 3, 1, 4)]);
    assert_eq!(cells(&table, "note"), ["first", "last"]);
    let excluded: Vec<_> =
        table.ledger().excluded.iter().map(|row| (row.line, &*row.study, &*row.reason)).collect();
    assert_eq!(excluded, [(2, "B", "events missing"), (4, "Study 4", "events missing")]);
}

#[test]
fn columns_that_do_not_go_together_are_named() {
    let said = refused(r#"{"study":["A","B","C"],"events":[3,5],"total":[10,20,30]}"#);
    says(&said, &["in.json", "'study' has 3 values", "'events' 2"]);
    let said = refused(r#"{"study":["A","B"],"events":{"0":3,"1":5},"total":[10,20]}"#);
    says(&said, &["'study' is an array", "'events' an object"]);
    // Beside a table they are something else.
    let aside = r#"{"set":{"a":[1,2],"b":[3]},"rows":[{"study":"A","events":3,"total":10}]}"#;
    assert_eq!(rows(&json(aside)), STUDIES[..1]);
}

#[test]
fn a_table_is_looked_for_some_objects_deep_and_no_deeper() {
    let table = r#"[{"study":"A","events":3,"total":10}]"#;
    let within = |depth: usize| format!("{}{table}{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    for depth in 0..=4 {
        assert_eq!(rows(&json(&within(depth))), STUDIES[..1], "{depth}");
    }
    for depth in [5, 100_000] {
        says(&refused(&within(depth)), &["no table is found", "an array of objects"]);
    }
    for open in [r#"{"a":"#, "[", r#"[{"a":"#] {
        let close = if open.len() == 1 {
            "]"
        } else if open.starts_with('[') {
            "}]"
        } else {
            "}"
        };
        says(&refused(&format!("{}1{}", open.repeat(50_000), close.repeat(50_000))), &["in.json"]);
    }
}

#[test]
fn lines_rise_from_row_to_row() {
    let pretty = "[\n  {\"study\": \"A\",\n   \"events\": 3, \"total\": 10},\n  {\"study\": \"B\", \"events\": 5, \"total\": 20}\n]\n";
    let lines = |text: &str| json(text).labels().iter().map(|label| label.line).collect::<Vec<_>>();
    assert_eq!(lines(pretty), [2, 4]);
    assert_eq!(lines(&pretty.replace('\n', " ")), [1, 2]);
    // Where two rows begin on one line, all have their numbers.
    let table = format!("{{\n\"rows\":\n{}\n}}", pretty.replace('\n', " "));
    assert_eq!(lines(&table), [1, 2]);
}

#[test]
fn names_that_differ_from_row_to_row_are_no_table() {
    let row = |row: usize| format!("{{\"study\":\"A{row}\",\"events\":1,\"total\":9,\"key{row}\":1}}\n");
    let few: String = (0..50).map(row).collect();
    assert_eq!(json(&few).k(), 50);
    let many: String = (0..20_000).map(row).collect();
    says(&refused(&many), &["in.json", "20000 rows", "20003 different columns", "80000 values"]);
}

#[test]
fn a_name_that_stands_twice_in_an_object_is_refused_with_both_values() {
    let said = refused("[{\"study\":\"A\",\n\"events\":9,\"total\":10,\n\"events\":3}]");
    says(&said, &["in.json:3", "'events' twice: '9' and '3'", "leave one of them"]);
    let columns = r#"{"study":{"0":"A","0":"B"},"events":{"0":3},"total":{"0":10}}"#;
    says(&refused(columns), &["in.json:1", "'study' twice: 'A' and 'B'"]);
    // Two columns of one name are two candidates, two rows of one name two rows.
    says(
        &refused(r#"{"study":["A"],"events":[9],"total":[10],"events":[3]}"#),
        &["several columns could hold"],
    );
    let twice = json(r#"{"A":{"events":3,"total":10},"A":{"events":5,"total":20}}"#);
    assert_eq!(rows(&twice), [("A", 1, 3, 10), ("A", 2, 5, 20)]);
}

#[test]
fn rows_may_be_objects_under_their_names() {
    let text = r#"{"A":{"events":3,"total":10},"B":{"total":20,"events":5}}"#;
    assert_eq!(rows(&json(text)), STUDIES);
    let text = r#"{"0":{"study":"A","events":3,"total":10},"1":{"study":"B","events":5,"total":20}}"#;
    assert_eq!(rows(&json(text)), STUDIES);
    assert_eq!(cells(&json(text), "index"), ["0", "1"]);
    // Names that are not known: a row has values of several kinds, a column of one.
    let unknown = r#"{"A":{"ill":3,"all":10,"where":"here"},"B":{"ill":5,"all":20,"where":"there"}}"#;
    says(&refused(unknown), &["'ill' (whole numbers 3 to 5)"]);
}

#[test]
fn an_escaped_nul_is_refused_with_its_place() {
    let said = refused(
        "[{\"study\":\"A\\u0000\",\"events\":1,\"total\":10},\n {\"study\":\"B\",\"events\":\"2\\u0000\",\"total\":9}]",
    );
    assert!(said.contains("in.json:1: a value of 'study' has a NUL character (\\u0000)"), "{said}");
    assert!(said.contains("in.json:2: a value of 'events' has"), "{said}");
    let said = refused(r#"[{"stu\u0000dy":"A","events":1,"total":10}]"#);
    assert!(said.contains("the name of column 1 has a NUL character"), "{said}");
    // A backslash before the u is no escape of NUL.
    assert_eq!(rows(&json(r#"[{"study":"A\\u0000","events":1,"total":10}]"#)).len(), 1);
}
