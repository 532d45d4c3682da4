//! JUnit XML, which build servers read: one test case a file or a claim.

use std::fmt::Write;

use super::escape::escaped;
use crate::format::sanitize;

/// One test case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What is tested.
    pub name: String,
    /// What it belongs to.
    pub group: String,
    /// What is wrong, a line each; empty where it holds.
    pub failures: Vec<String>,
    /// Why it could not be tested, where it could not.
    pub skipped: Option<String>,
}

impl Case {
    /// A case that holds, until a failure is added.
    pub fn new(name: impl Into<String>, group: impl Into<String>) -> Self {
        Self { name: name.into(), group: group.into(), failures: Vec::new(), skipped: None }
    }
}

/// The document: one suite of this name.
///
/// ```
/// use metaprop::report::junit::{Case, write};
/// let case = Case { failures: vec!["k 3 → 4".into()], ..Case::new("a/result.json", "a") };
/// assert!(write("report", &[case]).contains("<failure message=\"k 3 → 4\">"));
/// ```
#[must_use]
pub fn write(suite: &str, cases: &[Case]) -> String {
    let failed = cases.iter().filter(|case| !case.failures.is_empty()).count();
    let skipped = cases.iter().filter(|case| case.failures.is_empty() && case.skipped.is_some()).count();
    let counts =
        format!("tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\"", cases.len());
    let suite = shown(suite);
    let mut xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n");
    // A string takes every write. There is no time in it: the same report gives the same bytes.
    let _ = writeln!(xml, "  <testsuite name=\"{suite}\" {counts}>");
    for case in cases {
        let head = format!(
            "    <testcase name=\"{}\" classname=\"{suite}.{}\"",
            shown(&case.name),
            shown(&case.group)
        );
        let _ = match (case.failures.as_slice(), &case.skipped) {
            ([], None) => writeln!(xml, "{head}/>"),
            ([], Some(why)) => {
                writeln!(xml, "{head}>\n      <skipped message=\"{}\"/>\n    </testcase>", shown(why))
            }
            ([first, ..], _) => writeln!(
                xml,
                "{head}>\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                shown(first),
                case.failures.iter().map(|failure| shown(failure)).collect::<Vec<_>>().join("\n")
            ),
        };
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

/// Text that XML 1.0 can hold: it has no way to write control characters.
fn shown(text: &str) -> String {
    escaped(&sanitize(text))
}
