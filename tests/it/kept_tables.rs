//! Tables as people keep them: exports of other programs, supplements of papers, sheets for people to look at.

use metaprop::advisory::Code;
use metaprop::analysis::Order;
use metaprop::data::Dataset;
use metaprop::io::read::{read_bytes, read_columns};
use metaprop::options::{Filter, ReadOptions};
use metaprop::{Spec, fit};

fn read(text: &str) -> Dataset {
    read_bytes(text.as_bytes(), "t.csv", &ReadOptions::default())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refusal(text: &str) -> String {
    read_bytes(text.as_bytes(), "t.csv", &ReadOptions::default()).expect_err(text).to_string()
}

fn counts(table: &Dataset) -> Vec<[u64; 2]> {
    table.counts().expect("counts").iter().map(|counts| [counts.events(), counts.total()]).collect()
}

fn says(message: &str, needles: &[&str]) {
    for needle in needles {
        assert!(message.contains(needle), "{needle:?} is not in {message:?}");
    }
}

fn remarks(table: &Dataset, code: Code) -> Vec<&str> {
    let of_code = table.advisories().iter().filter(|advisory| advisory.code == code);
    of_code.map(|advisory| advisory.message.as_str()).collect()
}

const WANT: [[u64; 2]; 2] = [[12, 50], [7, 40]];

#[test]
fn an_interval_behind_a_percentage_is_checked_and_not_pooled() {
    for (name, cells) in [
        ("Prevalence (95% CI)", ["24.0 (14.3-37.4)", "17.5 (8.7-31.9)"]),
        ("Prevalence % [95% CI]", ["24.0% [95% CI 14.3 to 37.4]", "17.5 (8.7 – 31.9)"]),
        ("Proportion, 95% CI", ["0.24 [0.143; 0.374]", "0.175 [0.087; 0.319]"]),
        ("Prévalence (IC 95 %)", ["\"24,0 (14,3-37,4)\"", "\"17,5 (8,7; 31,9)\""]),
    ] {
        let table = read(&format!("Study,N,\"{name}\"\nA,50,{}\nB,40,{}\n", cells[0], cells[1]));
        assert_eq!(counts(&table), WANT, "{name}");
        says(remarks(&table, Code::EventsDerived)[0], &["the intervals behind the numbers are not pooled"]);
    }
    let outside = refusal("Study,N,Prevalence (95% CI)\nA,50,24.0 (34.3-37.4)\n");
    says(
        &outside,
        &["t.csv:2", "'Prevalence (95% CI)'", "'24.0 (34.3-37.4)' is a number outside of the interval"],
    );
    let no_total = refusal("Study,Prevalence (95% CI)\nA,24.0 (14.3-37.4)\n");
    says(&no_total, &["no column of totals beside the percentages", "with intervals", "--total"]);
    // Under a name that is not known it is offered.
    let unknown = refusal("Study,N,Mortality (95% CI)\nA,50,24.0 (14.3-37.4)\n");
    says(&unknown, &["--percent 'Mortality (95% CI)'"]);
    // The name is that of a column of percentages alone where there is one without intervals.
    let both =
        "Study,N,Prevalence,Prevalence (95% CI)\nA,50,24.0,24.0 (14.3-37.4)\nB,40,17.5,17.5 (8.7-31.9)\n";
    assert_eq!(counts(&read(both)), WANT);
}

#[test]
fn a_line_of_units_belongs_to_the_header() {
    for units in [
        ",(n),(n),years",
        "-,n,N,y",
        "Name,number,number,(mean)",
        "string,numeric,numeric,numeric",
        ",No.,No.,",
    ] {
        let table = read(&format!("Study,Events,Sample size,Age\n{units}\nA,12,50,40\nB,7,40,50\n"));
        assert_eq!((counts(&table), table.ledger().read), (WANT.to_vec(), 2), "{units}");
    }
    let percent = read("Study,Prevalence,Total\n,(%),(n)\nA,24.0,50\nB,17.5,40\n");
    assert_eq!((counts(&percent), &*percent.columns().percent), (WANT.to_vec(), "Prevalence (%)"));
    let time = refusal("Study,Events,Total\n,(n),(person-years)\nA,12,50\nB,7,40\n");
    says(&time, &["time under observation"]);
    // A study whose cells cannot be read stays an error, and a line of words is named as what it may be.
    says(&refusal("Study,Events,Total\nA,unclear,n\nB,7,40\n"), &["t.csv:2", "'unclear' is not a count"]);
    let labels = refusal("study,events,total\nStudy name,Number with event,Number randomised\nA,12,50\n");
    says(&labels, &["t.csv:2", "where the line describes the columns, delete it"]);
}

#[test]
fn a_header_that_stands_once_more_is_no_study() {
    let table = read("Study,Events,Total\nA,12,50\nStudy,Events,Total\nB,7,40\n");
    assert_eq!(counts(&table), WANT);
    let left_out = &table.ledger().excluded[0];
    assert_eq!((left_out.line, &*left_out.reason), (3, "the names of the columns once more"));
}

const FOLLOWED: &str =
    "study,events,total,followup\nA,3,40,3 months\nB,9,50,12 months\nC,5,44,6 Months\nD,4,30,NR\n";

fn filtered(text: &str, condition: &str) -> Result<Dataset, metaprop::Error> {
    let filters = vec![condition.parse::<Filter>()?];
    read_bytes(text.as_bytes(), "t.csv", &ReadOptions { filters, ..ReadOptions::default() })
}

#[test]
fn numbers_of_one_unit_are_compared_and_ordered_as_numbers() {
    for condition in ["followup >= 6", "followup >= 6 months", "followup>5.5 month"] {
        assert_eq!(counts(&filtered(FOLLOWED, condition).expect("rows")), [[9, 50], [5, 44]], "{condition}");
    }
    let other = filtered(FOLLOWED, "followup >= 6 weeks").expect_err("another unit").to_string();
    says(&other, &["t.csv:2", "'followup'", "'6 weeks'", "the unit is not that of the column"]);
    let result = fit(&read(FOLLOWED), &Spec::default()).expect("a result");
    assert_eq!(
        result.ordered(&"followup".parse::<Order>().expect("an order")).expect("ordered"),
        [0, 2, 1, 3]
    );
    let columns = read_columns(FOLLOWED.as_bytes(), "t.csv", &ReadOptions::default()).expect("columns");
    assert_eq!(columns.columns[3].holds, "whole numbers 3 to 12 months");
}

#[test]
fn numbers_of_several_units_are_not_compared() {
    for other in ["12 wk", "12", "12 years"] {
        let text = FOLLOWED.replace("12 months", other);
        let said = filtered(&text, "followup>=6").expect_err("several units").to_string();
        says(&said, &["t.csv:2", "'3 months' is a number with the unit 'months', which not all cells"]);
        let result = fit(&read(&text), &Spec::default()).expect("a result");
        let said =
            result.ordered(&"followup".parse::<Order>().expect("an order")).expect_err("several units");
        says(&said.to_string(), &["'followup' cannot be ordered", &format!("'3 months' and '{other}'")]);
    }
    // Letters that tell years apart are no units.
    let years =
        fit(&read("study,events,total,year\nA,3,40,2001b\nB,9,50,2001a\nC,4,50,1999\n"), &Spec::default());
    let order = years.expect("a result").ordered(&"year".parse::<Order>().expect("an order"));
    assert_eq!(order.expect("ordered as text"), [2, 1, 0]);
}

#[test]
fn sums_above_their_rows_are_seen() {
    let named = read(
        "Study,Events,Total\nEurope total,19,90\nA,12,50\nB,7,40\nAsia total,5,30\nC,2,10\nD,3,20\nTotal,24,120\n",
    );
    assert_eq!(counts(&named), [[12, 50], [7, 40], [2, 10], [3, 20]]);
    let left_out: Vec<u32> = named.ledger().excluded.iter().map(|row| row.line).collect();
    assert_eq!(left_out, [2, 5, 8]);
    assert!(remarks(&named, Code::TotalDiffers).is_empty());
    let unnamed = read("Study,Events,Total\nEurope,19,90\nA,12,50\nB,7,40\n");
    assert_eq!(unnamed.k(), 3);
    says(remarks(&unnamed, Code::SumRow)[0], &["'Europe' on line 2", "sum of the 2 rows below it"]);
    let first = read("Study,Events,Total,Region\nA,12,50,x\nB,7,40,y\nC,3,30,z\n");
    assert!(remarks(&first, Code::SumRow).is_empty());
}

#[test]
fn cells_of_papers_are_read() {
    for (header, cells) in [
        ("Study,Events,Total", ["12 (24%) [14-37],50", "7 (17.5%) [9-32],40"]),
        ("Study,% (n/N)", ["24.0% (12/50)", "17.5% (7/40)"]),
        ("Study,Events,Total", ["12 (a),50", "7*,40"]),
        ("Study,Events,Total", ["12 out of 50,50", "7 von 40,40"]),
        ("Study,Events (n = 19),Total (N=90)", ["12,50", "7,40"]),
        ("Studie,Ereignisse,Gesamt", ["12,50", "7,40"]),
        ("Étude,Prévalence (%),Effectif", ["24.0,50", "17.5,40"]),
    ] {
        let table = read(&format!("{header}\nX,{}\nY,{}\n", cells[0], cells[1]));
        assert_eq!(counts(&table), WANT, "{header}, {cells:?}");
    }
    let stata = read("study,events,total\nA,12,50\nB,.a,30\nC,7,40\n");
    assert_eq!((counts(&stata), &*stata.ledger().excluded[0].reason), (WANT.to_vec(), "events missing"));
    says(&refusal("study,events,total\nA,12-May,50\nB,7,40\n"), &["t.csv:2", "'12-May' is a date"]);
    // German SPSS writes no 0 before the comma.
    assert_eq!(counts(&read("study;prop;n\nA;,24;50\nB;,175;40\n")), WANT);
}

#[test]
fn what_is_missing_is_said_with_a_next_step() {
    let on_its_side = refusal("Study,A 2001,B 2004\nEvents,12,7\nTotal,50,40\n");
    says(&on_its_side, &["the studies stand in columns", "transpose"]);
    says(&refusal("Study,N,Mortality (%)\nA,50,24\n"), &["--percent 'Mortality (%)'"]);
    says(&refusal("Study,Result\nA,12/50\nB,7/40\n"), &["--events 'Result'"]);
    for name in ["No event", "Events per 1000"] {
        let said = refusal(&format!("Study,N,{name}\nA,50,38\nB,40,33\n"));
        assert!(!said.contains("is it"), "{said}");
    }
    // Cells that could be passwords are still not shown.
    let withheld = refusal("name;secret\nroot;12abc\nuser;34xyz\n");
    assert!(!withheld.contains("12abc") && !withheld.contains("secret"), "{withheld}");
}
