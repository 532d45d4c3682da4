//! How the table of a result was read, in words.

use crate::analysis::MetaAnalysis;
use crate::format::{grouped, sanitize};

/// What there is to say of it beside the rows left out: the sheet, what became of the rows where conditions were set,
/// and the column of study names where its own name did not tell. Each line has its label.
pub(super) fn lines(result: &MetaAnalysis) -> Vec<[String; 2]> {
    let sheet = result.data.provenance.sheet.as_deref().map(quoted);
    let lines = [("Sheet", sheet), ("Rows", rows(result)), ("Study names", study_names(result))];
    let said = lines.into_iter().filter_map(|(label, text)| Some([label.to_string(), text?]));
    said.collect()
}

/// `40 read, 18 set aside (not province=North), 2 left out as listed, 20 pooled`; nothing where no condition was set.
fn rows(result: &MetaAnalysis) -> Option<String> {
    let (ledger, filters) = (&result.data.ledger, &result.data.provenance.filters);
    if filters.is_empty() && ledger.filtered == 0 {
        return None;
    }
    let conditions: Vec<&str> = filters.iter().map(String::as_str).collect();
    let conditions = sanitize(&conditions.join(" and ")).into_owned();
    let count = |rows: usize| grouped(rows as u64);
    let mut parts = vec![format!("{} read", count(ledger.read))];
    parts.push(match ledger.filtered {
        0 => format!("none set aside: all meet {conditions}"),
        aside if conditions.is_empty() => format!("{} set aside by conditions", count(aside)),
        aside => format!("{} set aside: only those with {conditions} were wanted", count(aside)),
    });
    if !result.excluded.is_empty() {
        parts.push(format!("{} left out as listed", count(result.excluded.len())));
    }
    parts.push(format!("{} used", count(result.k())));
    Some(parts.join("; "))
}

/// Where the names were found by what the cells hold.
fn study_names(result: &MetaAnalysis) -> Option<String> {
    let columns = &result.data.columns;
    let names: Vec<String> = columns.study.iter().map(|name| quoted(name)).collect();
    let column = if names.len() == 1 { "column" } else { "columns" };
    columns.study_by_content.then(|| {
        format!("taken from the {column} {}, by what it holds; --study names another", names.join(" and "))
    })
}

fn quoted(text: &str) -> String {
    format!("'{}'", sanitize(text))
}
