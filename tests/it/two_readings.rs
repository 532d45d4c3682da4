//! Cells and tables of which two numbers could be read: the right one is taken, or none.

use metaprop::io::read::{read_bytes, read_columns, read_percentages};
use metaprop::options::{Decimal, OnImpossible, ReadOptions, Yes};
use metaprop::{Code, Dataset};

fn read(text: &str, options: &ReadOptions) -> Dataset {
    read_bytes(text.as_bytes(), "t.csv", options).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str, options: &ReadOptions, says: &str) {
    match read_bytes(text.as_bytes(), "t.csv", options) {
        Ok(table) => panic!("{text:?} is read as {:?}", table.counts()),
        Err(error) => assert!(error.to_string().contains(says), "{text:?}: {error}"),
    }
}

fn counts(text: &str, options: &ReadOptions) -> Vec<(u64, u64)> {
    let table = read(text, options);
    table.counts().unwrap().iter().map(|counts| (counts.events(), counts.total())).collect()
}

fn comma() -> ReadOptions {
    ReadOptions { decimal: Some(Decimal::Comma), ..ReadOptions::default() }
}

fn with(set: impl FnOnce(&mut ReadOptions)) -> ReadOptions {
    let mut options = ReadOptions::default();
    set(&mut options);
    options
}

#[test]
fn beside_a_decimal_comma_a_point_groups_thousands_or_is_refused() {
    let percent = |cell: &str| format!("study;percent;n\nA;{cell};50\n");
    assert_eq!(counts(&percent("54,0%"), &comma()), [(27, 50)]);
    refused(&percent("5.4%"), &comma(), "a point that groups no thousands");
    // In brackets behind a count too.
    assert_eq!(counts("study;events;n\nA;27 (54,0%);50\n", &comma()), [(27, 50)]);
    refused("study;events;n\nA;27 (5.4%);50\n", &comma(), "'27 (5.4%)'");
    // A comma is the decimal mark where another cell of the column shows it, with three zeros behind it too.
    let round = with(|options| options.round_events = Some(Yes));
    refused("study;events;n\nA;12,000;50000\nB;7,5;60\n", &round, "decimals or thousands");
}

#[test]
fn a_total_is_one_whole_number() {
    let round = with(|options| options.round_events = Some(Yes));
    assert_eq!(counts("study,events,n\nA,3.5,10\n", &round), [(4, 10)]);
    refused("study,events,n\nA,3,10.6\n", &round, "totals are not rounded");
    refused("study,percent,n\nA,30%,10.6\n", &round, "totals are not rounded");
    refused("study,events,n\nA,12,50/60\n", &ReadOptions::default(), "is a count and its total");
}

#[test]
fn a_name_that_contradicts_the_counts_is_no_reading() {
    let fractions = |name: &str| format!("study,{name},n\nA,0.25,400\nB,0.5,200\nC,0.75,400\n");
    // As percentages each is one count, as fractions each is several.
    refused(&fractions("proportion"), &ReadOptions::default(), "percentages or fractions");
    assert_eq!(counts(&fractions("percent"), &ReadOptions::default()), [(1, 400), (1, 200), (3, 400)]);
    refused(
        "study,proportion,n\nA,0.12,5000\nB,0.3,2000\nC,12,50\n",
        &ReadOptions::default(),
        "12 on line 4 is above 1",
    );
}

#[test]
fn a_number_up_to_1_beside_counts_is_a_fraction_or_a_percentage() {
    let beside = with(|options| {
        options.events = Some("events".to_owned());
        options.percent = Some("share".to_owned());
    });
    for text in ["study,events,n,share\nA,1,200,0.5\n", "study,events,n,share\nA,100,200,0.5\n"] {
        assert!(read(text, &beside).advisories().is_empty(), "{text}");
    }
    let said = read("study,events,n,share\nA,30,200,0.5\n", &beside);
    assert_eq!(said.advisories()[0].code, Code::PercentMismatch);
    assert!(read("study,events,n\nA,12 (0.24),50\n", &ReadOptions::default()).advisories().is_empty());
}

#[test]
fn a_condition_reads_a_cell_as_counts_are_read() {
    let filtered = |text: &str, condition: &str| {
        let options = with(|options| options.filters = vec![condition.parse().expect("a condition")]);
        read(text, &options).k()
    };
    let table = "study;events;total;dose\nA;12 (24%);\"1,066\";12,5\nB;3*;50;2,5\nC;1;9;NA\n";
    assert_eq!(filtered(table, "total>=1000"), 1);
    assert_eq!(filtered(table, "events>2"), 2);
    assert_eq!(filtered(table, "dose<12.5"), 1);
    assert_eq!(filtered(table, "dose!=12.5"), 2);
    let late = with(|options| options.filters = vec!["year>=2000".parse().expect("a condition")]);
    refused("study,events,total,year\nA,1,9,2001\nB,2,9,in press\n", &late, "'in press' is not a number");
}

#[test]
fn a_table_without_names_of_columns_is_refused() {
    let places = with(|options| {
        options.study = vec!["#1".to_owned()];
        options.events = Some("#2".to_owned());
        options.total = Some("#3".to_owned());
    });
    refused("A,3,10\nB,5,20\nC,4,12\n", &places, "the first line looks like a study");
    assert_eq!(counts("study,x,m\nA,3,10\nB,5,20\n", &places), [(3, 10), (5, 20)]);
}

#[test]
fn outcomes_may_be_numbers() {
    let text = "study,outcome,events,total\nA,1,3,10\nA,2,4,10\nB,1,5,20\nB,2,6,20\n";
    refused(text, &ReadOptions::default(), "several outcomes: '1', '2'");
    // A count of the outcome is none.
    assert_eq!(read("study,outcome,events,total\nA,3,3,10\nB,4,4,20\n", &ReadOptions::default()).k(), 2);
}

#[test]
fn a_row_with_numbers_is_no_note() {
    let text = "study,events,total,comment\nA,3,10,x\nKey 2004,5,20,\n";
    assert_eq!(counts(text, &ReadOptions::default()), [(3, 10), (5, 20)]);
    let text = "study,events,total,comment\nA,3,10,x\n* by the authors,,,\n";
    assert_eq!(counts(text, &ReadOptions::default()), [(3, 10)]);
}

#[test]
fn what_is_said_of_the_text_is_said_of_its_percentages_too() {
    let text = b"Table 1\nstudy,prevalence,n\nM\xfcller,0.5,200\nB,0.8,1000\n\nNR = not reported\n";
    let options = with(|options| options.percent = Some("prevalence".to_owned()));
    let read = read_percentages(text, "t.csv", &options).expect("percentages");
    let codes: Vec<Code> = read.advisories.iter().map(|advisory| advisory.code).collect();
    assert_eq!(codes, [Code::Encoding, Code::LinesSkipped, Code::LinesSkipped, Code::PercentScale]);
}

#[test]
fn columns_say_what_keeps_the_table_from_being_pooled() {
    let columns = read_columns(b"study,events,total\nA,12.5,50\n", "t.csv", &ReadOptions::default());
    let problems = columns.expect("columns").problems;
    assert!(problems[0].what.contains("'12.5' is a fraction"), "{problems:?}");
}

#[test]
fn the_columns_that_were_read_are_named_so_that_they_are_found_again() {
    let text = "\"\",study,n,n\n1,A,3,10\n2,B,5,20\n";
    let options = with(|options| {
        options.study = vec!["#1".to_owned(), "study".to_owned()];
        options.events = Some("#3".to_owned());
        options.total = Some("#4".to_owned());
    });
    let columns = read(text, &options).columns().clone();
    assert_eq!(
        (&columns.study[..], &*columns.events, &*columns.total),
        (&["#1".into(), "study".into()][..], "#3", "#4")
    );
    // A year that the name has is not joined to it once more.
    let table = read(
        "author,year,events,n\nHoffmann 2013,2013,12,50\n",
        &with(|options| {
            options.study = vec!["author".to_owned(), "year".to_owned()];
        }),
    );
    assert_eq!(table.labels().at(0).name, "Hoffmann 2013");
}

#[test]
fn a_word_that_is_named_for_missing_values_is_missing_in_every_column() {
    let options = with(|options| options.na = vec!["999".to_owned()]);
    let table = read("study,events,total,dose\nA,3,10,5\nB,4,20,999\nC,5,30,NA\n", &options);
    assert_eq!(table.covariates().get("dose").expect("a column").numbers(), [Some(5.0), None, None]);
    let groups = table.groups("dose").expect("groups");
    assert_eq!(
        groups.iter().map(|(value, data)| (&**value, data.k())).collect::<Vec<_>>(),
        [("5", 1), ("", 2)]
    );
}

#[test]
fn a_word_for_missing_values_may_be_a_number() {
    let missing = |word: &str| with(|options| options.na = vec![word.to_owned()]);
    let text = "study,events,n\nA,12,50\nB,99,100\nC,5,60\nD,99.0,100\n";
    assert_eq!(counts(text, &missing("99")), [(12, 50), (5, 60)]);
    assert_eq!(counts("study,events,n\nA,12,50\nB,-9,100\n", &missing("-9")), [(12, 50)]);
}

#[test]
fn a_quote_around_whole_rows_is_refused_with_its_line() {
    for text in [
        "study,events,n,remark\nA,12,50,\"fine\nB,7,40,ok\nC,5,60,\"bad\"\nD,9,70,ok\n",
        "study,events,n,remark\nA,12,50,\"ok\nB,7,40,ok\nC,5,60,ok\"\nD,9,70,ok\n",
    ] {
        refused(
            text,
            &ReadOptions::default(),
            "t.csv:2: the quote opened on line 2 is closed behind a whole row",
        );
    }
    let text = "study,events,n,remark\nA,12,50,\"adults, children,\nall, and more\"\nB,7,40,ok\n";
    assert_eq!(counts(text, &ReadOptions::default()), [(12, 50), (7, 40)]);
}

#[test]
fn a_cell_too_many_moves_no_column() {
    for text in ["study,events,n\nA,12,1,050\nB,7,1,040\n", "study,n,events\nA,50,12,5\nB,40,7,3\n"] {
        refused(text, &ReadOptions::default(), "t.csv:2: the row has 4 cells, the header 3");
    }
    assert_eq!(counts("study,events,n\n1,A,12,50\n2,B,7,40\n", &ReadOptions::default()), [(12, 50), (7, 40)]);
    let text = "study,events,n\nSmith, J,12,50\nB,3,40\n";
    refused(text, &ReadOptions::default(), "t.csv:2: the row has 4 cells");
}

#[test]
fn a_percent_sign_in_a_name_says_percentages_unless_the_cells_are_counts() {
    for name in ["cases (%)", "Deaths %", "% positive", "Infected [%]", "percent (%)"] {
        let text = format!("study,{name},n\nA,24,50\nB,10,60\n");
        assert_eq!(counts(&text, &ReadOptions::default()), [(12, 50), (6, 60)], "{name}");
    }
    for name in ["n (%)", "cases (%)", "No. (%)"] {
        let text = format!("study,{name},N\nA,12 (24%),50\nB,6 (10%),60\n");
        assert_eq!(counts(&text, &ReadOptions::default()), [(12, 50), (6, 60)], "{name}");
    }
    let both = "study,positive (n),positive (%),n\nA,12,24,50\nB,6,10,60\n";
    assert_eq!(counts(both, &ReadOptions::default()), [(12, 50), (6, 60)]);
    let rate = with(|options| options.percent = Some("per 1,000".to_owned()));
    refused("study,\"per 1,000\",n\nA,20,50\n", &rate, "another scale than percent");
}

#[test]
fn n_is_the_events_of_a_capital_n_and_a_cell_may_have_both() {
    assert_eq!(counts("study,n,N\nA,12,50\nB,3,20\n", &ReadOptions::default()), [(12, 50), (3, 20)]);
    assert_eq!(counts("study,n/N\nA,12/50\nB,3/20\n", &ReadOptions::default()), [(12, 50), (3, 20)]);
    refused(
        "study,n,N\nA,12,50\nB,30,20\n",
        &ReadOptions::default(),
        "several columns could hold the totals",
    );
}

#[test]
fn columns_of_one_name_that_was_numbered_are_several() {
    let text = "study,events,n,events.1,n.1\nA,12,50,3,50\nB,7,40,2,40\n";
    refused(text, &ReadOptions::default(), "several columns could hold the events");
    let text = "study,patients,n,%\nA,48,12,25%\nB,40,20,50%\n";
    refused(text, &ReadOptions::default(), "several columns could hold the totals");
}

#[test]
fn sums_are_named_in_any_column_and_by_a_group() {
    let left_out = |text: &str| -> Vec<String> {
        let table = read(text, &ReadOptions::default());
        table.ledger().excluded.iter().map(|row| row.study.to_string()).collect()
    };
    assert_eq!(left_out("country,study,events,n\nUK,A,12,50\nUK,B,7,40\nTotal,,20,150\n"), ["Total"]);
    let groups =
        "study,events,n\nA,12,50\nB,7,40\nEurope total,19,90\nC,5,60\nSubtotal Asia,5,60\nMean,8,50\n";
    assert_eq!(left_out(groups), ["Europe total", "Subtotal Asia", "Mean"]);
    assert!(read(groups, &ReadOptions::default()).advisories().is_empty());
    assert_eq!(left_out("study,events,n\nTotal knee,12,50\nB,7,40\n"), [""; 0]);
    // Words of other columns, and of tables without names.
    assert_eq!(left_out("study,setting,events,n\nA,Hospital,12,50\n,General,7,40\n"), [""; 0]);
    assert_eq!(left_out("sex,events,n\nTotal,12,50\nTotal,7,40\n"), [""; 0]);
}

#[test]
fn an_outcome_is_said_in_every_row_under_any_name_for_it() {
    let text = "study,outcome type,events,n\nA,death,12,50\nA,stroke,3,50\nB,death,7,40\n";
    refused(text, &ReadOptions::default(), "several outcomes: 'death', 'stroke'");
    let chosen = with(|options| options.outcome = Some("death".to_owned()));
    assert_eq!(counts(text, &chosen), [(12, 50), (7, 40)]);
    // Remarks on each study are none.
    let text = "study,outcome definition,events,n\nA,by a physician,12,50\nB,self-reported,7,40\n";
    assert_eq!(counts(text, &ReadOptions::default()), [(12, 50), (7, 40)]);
    let death = with(|options| options.outcome = Some("death".to_owned()));
    let text = "outcome,study,events,n\ndeath,A,12,50\n,B,7,40\nstroke,A,3,50\n";
    refused(text, &death, "t.csv:3: column 'outcome': the cell is empty");
}

#[test]
fn a_column_of_words_under_a_known_name_is_named_with_a_word() {
    let said = "the column 'events' holds no number, but 'three'";
    refused("study,events,total\nA,three,10\n", &ReadOptions::default(), said);
}

#[test]
fn no_deaths_are_none() {
    refused("study,no deaths,n\nA,20,50\n", &ReadOptions::default(), "no column of events is found");
    assert_eq!(counts("study,no. of deaths,n\nA,20,50\n", &ReadOptions::default()), [(20, 50)]);
}

#[test]
fn a_percentage_that_is_none_is_never_kept() {
    let keep = with(|options| options.on_impossible = Some(OnImpossible::Keep));
    assert_eq!(counts("study,percent,n\nA,58.4%,90\n", &keep), [(53, 90)]);
    refused("study,percent,n\nA,158.4%,90\n", &keep, "158.4%");
}

/// Each takes a moment; in a search of every pair, name or digit each would take minutes.
#[test]
fn wide_tables_long_digits_and_impossible_rows_take_a_moment() {
    let names: String = (0..8000).map(|column| format!(",c{column}")).collect();
    let wide = format!("label{names}\nA{0}\nB{0}\n", ",1".repeat(8000));
    assert!(read_bytes(wide.as_bytes(), "t.csv", &ReadOptions::default()).is_err());
    let digits = "1".repeat(200_000);
    refused(
        &format!("study,events,total\nA,12 ({digits}),50\n"),
        &ReadOptions::default(),
        "is a number of 200000 characters",
    );
    let rows: String = (0..5000).map(|row| format!("S{row},120%,50\n")).collect();
    let drop = with(|options| options.on_impossible = Some(OnImpossible::Drop));
    let text = format!("study,percent,n\nA,50%,20\n{rows}");
    assert_eq!(read(&text, &drop).k(), 1);
    refused(&text, &ReadOptions::default(), "120% is not a plain count of 50");
}
