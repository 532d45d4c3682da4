//! Where a data set came from.

/// Where a data set came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// The relative path as typed, else the file's name, `-` or `@NAME`; empty for data given in code.
    pub data: String,
    /// SHA-256 of the bytes read, in hexadecimal; empty for data given in code.
    pub sha256: String,
    /// The conditions that rows had to meet, such as `COL=VALUE`.
    pub filters: Vec<String>,
    /// The sheet of a workbook; `None` for text.
    pub sheet: Option<String>,
}

/// Which columns of a file the studies came from; empty for data given in code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ColumnsRead {
    /// The columns that make a study's name, joined by a space.
    pub study: Vec<String>,
    /// Whether their column was found by what it holds, under a name that says nothing.
    pub study_by_content: bool,
    /// The column of events; empty where they were derived from percentages.
    pub events: String,
    /// The column of percentages: what the events were derived from, or compared with where there are events.
    pub percent: String,
    /// The column of totals; empty where there are estimates.
    pub total: String,
    /// The column of estimates; empty where there are counts.
    pub estimate: String,
    /// The column of their standard errors, where the table has them so.
    pub se: String,
    /// The column of their variances, where the table has them so.
    pub variance: String,
    /// The column of their lower limits, where the table has them so.
    pub lower: String,
    /// The column of their upper limits, where the table has them so.
    pub upper: String,
}

impl ColumnsRead {
    /// Every column that was read, those of the names first.
    pub(crate) fn all(&self) -> Vec<&str> {
        let names = self.study.iter().map(String::as_str);
        names.chain(self.values().map(|(_, column)| column)).collect()
    }

    /// The columns of values that were read, each with the key of the option that names it.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("events", &self.events),
            ("percent", &self.percent),
            ("total", &self.total),
            ("estimate", &self.estimate),
            ("se", &self.se),
            ("variance", &self.variance),
            ("lower", &self.lower),
            ("upper", &self.upper),
        ];
        all.into_iter().filter(|(_, column)| !column.is_empty()).map(|(key, column)| (key, column.as_str()))
    }
}
