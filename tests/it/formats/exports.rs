//! Tables that other programs export: pooled without flags, or refused with every candidate named.

use metaprop::data::Dataset;
use metaprop::io::read::read_bytes;
use metaprop::options::ReadOptions;

use super::{cells, columns, read, refusal, rows, says};

fn text(text: &str) -> Dataset {
    read(text.as_bytes(), "in.csv")
}

fn options(outcome: &str, events: &str, total: &str) -> ReadOptions {
    let some = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    ReadOptions { outcome: some(outcome), events: some(events), total: some(total), ..ReadOptions::default() }
}

fn chosen(text: &str, outcome: &str, events: &str, total: &str) -> Dataset {
    let read = read_bytes(text.as_bytes(), "in.csv", &options(outcome, events, total));
    read.unwrap_or_else(|error| panic!("{error}"))
}

// metafor

#[test]
fn escalc_of_one_proportion_is_read() {
    // write.csv(escalc(measure = "PLO", xi = xi, ni = ni, data = dat.pritz1997))
    let table = text(
        "\"\",\"study\",\"authors\",\"xi\",\"ni\",\"yi\",\"vi\"\n\
         \"1\",1,\"Bellary et al.\",14,20,0.8473,0.2381\n\
         \"2\",2,\"Berry et al.\",9,13,0.8109,0.3611\n",
    );
    assert_eq!(columns(&table), ["xi", "ni"]);
    assert_eq!(rows(&table).iter().map(|row| (row.2, row.3)).collect::<Vec<_>>(), [(14, 20), (9, 13)]);
}

#[test]
fn escalc_of_two_arms_names_the_arms() {
    // write.csv(dat.bcg): the events are tpos of tpos + tneg, no totals are there. With n1i and n2i:
    let two = "trial,author,ai,n1i,ci,n2i,yi,vi\n1,Aronson,4,123,11,139,-0.89,0.33\n2,Ferguson,6,306,29,303,-1.59,0.19\n";
    says(&refusal(two.as_bytes(), "in.csv"), &["'ai'", "'ci'", "'n1i'", "'n2i'", "--events", "--total"]);
    assert_eq!(rows(&chosen(two, "", "ai", "n1i"))[0], ("Aronson", 2, 4, 123));
}

// meta

#[test]
fn metaprop_of_r_is_read() {
    // write.csv(as.data.frame(metaprop(event, n, studlab)))
    let table = text(
        "\"\",\"studlab\",\"event\",\"n\",\"TE\",\"seTE\",\"lower\",\"upper\",\"w.common\",\"w.random\"\n\
         \"1\",\"A 2001\",4,40,-2.197,0.527,0.028,0.237,3.6,3.6\n\
         \"2\",\"B 2002\",6,50,-1.992,0.435,0.045,0.243,5.28,5.28\n",
    );
    assert_eq!(rows(&table), [("A 2001", 2, 4, 40), ("B 2002", 3, 6, 50)]);
}

#[test]
fn metabin_of_r_names_both_arms() {
    let two = "studlab,event.e,n.e,event.c,n.c\nA,4,40,3,41\nB,6,50,9,52\n";
    let needles = ["event.e", "event.c", "--events", "n.e", "n.c", "--total"];
    says(&refusal(two.as_bytes(), "in.csv"), &needles);
    assert_eq!(rows(&chosen(two, "", "event.c", "n.c"))[1], ("B", 3, 9, 52));
    // One arm alone is no choice.
    assert_eq!(columns(&text("studlab,event.e,n.e\nA,4,40\nB,6,50\n")), ["event.e", "n.e"]);
}

// JASP and jamovi

#[test]
fn jasp_and_jamovi_are_read() {
    // JASP exports its data as they stand, with columns that it computed behind them.
    let jasp =
        text("Study,Events,Sample Size,Effect Size,Standard Error\nA,4,40,-2.197,0.527\nB,6,50,-1.99,0.43\n");
    assert_eq!(columns(&jasp), ["Events", "Sample Size"]);
    // jamovi exports labels in quotes, and its filters as columns of 1 and 0.
    let jamovi =
        text("\"Filter 1\",\"author\",\"year\",\"events\",\"n\"\n1,\"A\",2001,4,40\n1,\"A\",2002,6,50\n");
    assert_eq!(rows(&jamovi), [("A 2001", 2, 4, 40), ("A 2002", 3, 6, 50)]);
}

// RevMan

/// The header of `…-data-rows.csv` in a data package.
const WEB: &str = "Analysis group,Analysis number,Analysis name,Subgroup,Applicability,Study,Study year,GIV Mean,GIV SE,Experimental mean,Experimental SD,Experimental cases,Experimental N,Control mean,Control SD,Control cases,Control N,O-E,Variance,Weight,Mean,CI start,CI end,Footnotes\n";

fn web(rows: &[&str]) -> String {
    format!("{WEB}{}\n", rows.join("\n"))
}

#[test]
fn revman_web_names_both_arms_and_all_outcomes() {
    let table = web(&[
        "1,1,Death,Adults,,A 2001,2001,,,,,4,40,,,3,41,,,50,1.2,0.4,1.9,",
        "1,1,Death,Children,,B 2002,2002,,,,,6,50,,,9,52,,,50,1.1,0.4,1.9,",
        "1,2,Pain,,,A 2001,2001,,,1.5,0.3,,40,1.2,0.4,,41,,,50,0.3,0.1,0.5,",
        "2,1,Death,,,C 2003,2003,,,,,8,80,,,7,79,,,50,1.1,0.4,1.9,",
    ]);
    let needles =
        ["Experimental cases", "Control cases", "--events", "Experimental N", "Control N", "--total"];
    says(&refusal(table.as_bytes(), "in.csv"), &needles);
    let arm = options("", "Control cases", "Control N");
    let error = read_bytes(table.as_bytes(), "in.csv", &arm).expect_err("three outcomes");
    says(&error.to_string(), &["'Death (1.1)'", "'Pain'", "'Death (2.1)'", "--outcome"]);
    let table = chosen(&table, "Death (1.1)", "Control cases", "Control N");
    assert_eq!(rows(&table), [("A 2001", 2, 3, 41), ("B 2002", 3, 9, 52)]);
    assert_eq!(cells(&table, "Subgroup"), ["Adults", "Children"]);
}

#[test]
fn headings_of_revman_5_are_no_studies() {
    let table = "\
Comparison Number,Outcome Number,Subgroup Number,Name,Data Type,Effect Measure,Events 1,Mean 1,Total 1,Events 2,Total 2,Q,Year of study\n\
1,0,0,Drug versus placebo,,,,,,,,,\n\
1,1,0,Death,DIC,OR,10,,90,12,93,0.4,\n\
1,1,1,Adults,,,10,,90,12,93,0.4,\n\
1,1,1,A,,,4,0,40,3,41,,2001\n\
1,1,1,B,,,6,0,50,9,52,,2002\n\
1,2,0,Pain,CON,MD,0,,13,0,13,5.6,\n\
1,2,0,C,,,0,5,13,0,13,,1973\n\
2,0,0,Drug versus care,,,,,,,,,\n\
2,1,0,Death,DIC,OR,8,,80,7,79,,\n\
2,1,0,A,,,8,0,80,7,79,,2001\n";
    says(&refusal(table.as_bytes(), "in.csv"), &["Events 1", "Events 2", "Total 1", "Total 2"]);
    let read = chosen(table, "Death (1.1)", "Events 1", "Total 1");
    assert_eq!(rows(&read), [("A", 5, 4, 40), ("B", 6, 6, 50)]);
    assert_eq!(cells(&read, "subgroup"), ["Adults", "Adults"]);
    assert_eq!(rows(&chosen(table, "Death (2.1)", "Events 2", "Total 2")), [("A", 11, 7, 79)]);
    // A continuous outcome has zeros where events would be.
    let error = read_bytes(table.as_bytes(), "in.csv", &options("Pain", "Events 1", "Total 1"));
    says(&error.expect_err("no events").to_string(), &["in.csv"]);
}

#[test]
fn the_first_study_of_a_group_without_headings_is_a_study() {
    let header = "Comparison Number,Outcome Number,Subgroup Number,Name,Events 1,Total 1,Events 2,Total 2\n";
    let studies =
        "1,1,0,A,4,40,3,41\n1,1,0,B,6,50,9,52\n1,2,1,A,1,40,2,41\n1,2,1,C,2,20,3,21\n1,2,2,D,5,60,7,61\n";
    let table = format!("{header}{studies}");
    let first = chosen(&table, "1.1", "Events 1", "Total 1");
    assert_eq!(rows(&first), [("A", 2, 4, 40), ("B", 3, 6, 50)]);
    let second = chosen(&table, "1.2", "Events 2", "Total 2");
    assert_eq!(rows(&second), [("A", 4, 2, 41), ("C", 5, 3, 21), ("D", 6, 7, 61)]);
    // Headings without sums are headings all the same.
    let headings =
        "1,0,0,Drug,,,,\n1,1,0,Death,0,0,0,0\n1,1,1,Adults,,,,\n1,1,1,A,4,40,3,41\n1,1,1,B,6,50,9,52\n";
    let named = chosen(&format!("{header}{headings}"), "", "Events 1", "Total 1");
    assert_eq!(rows(&named), [("A", 5, 4, 40), ("B", 6, 6, 50)]);
    assert_eq!(cells(&named, "outcome"), ["Death", "Death"]);
}

#[test]
fn the_sums_of_an_outcome_are_those_of_all_its_subgroups() {
    let table = "Comparison Number,Outcome Number,Subgroup Number,Name,Events 1,Total 1,Events 2,Total 2\n\
        1,0,0,Drug,,,,\n1,1,0,Death,16,140,17,141\n1,1,1,Adults,10,90,12,93\n1,1,1,A,4,40,3,41\n1,1,1,B,6,50,9,52\n\
        1,1,2,Children,6,50,5,48\n1,1,2,C,6,50,5,48\n";
    let read = chosen(table, "", "Events 1", "Total 1");
    assert_eq!(rows(&read), [("A", 5, 4, 40), ("B", 6, 6, 50), ("C", 8, 6, 50)]);
    assert_eq!(cells(&read, "subgroup"), ["Adults", "Adults", "Children"]);
}
