//! Groups of rows of a table, each an analysis of its own.
//!
//! The columns are found, and the marks and scales of their cells settled, for the table as a whole; then each group is
//! read as if its rows were all that there are, so that it gives what the table gives where a condition keeps its rows
//! alone. Rows of a group may stand anywhere. Percentages are told from fractions group by group, as conditions tell
//! them.

use std::borrow::Cow;

use super::columns::{Columns, Want};
use super::group_rows::GroupRows;
use super::header::Header;
use super::plain_row::PlainColumns;
use super::read::{File, Opened, in_clusters};
use super::row_reader::RowReader;
use super::rows::Rows;
use super::text::quoted;
use crate::advisory::Advisory;
use crate::data::{ColumnsRead, Dataset, Group, Groups, Provenance};
use crate::error::{Error, Problem};
use crate::options::ReadOptions;

/// How the rows of a table make groups.
#[derive(Debug, Clone, Default)]
pub struct Grouping {
    /// The columns that tell the groups apart.
    pub by: Vec<String>,
    /// Whether the rows of each group have to stand together.
    pub sorted: bool,
}

/// Reads the table in these bytes, and hands its groups over; `shown` is how messages call the bytes.
///
/// # Errors
///
/// [`Error::Usage`] where the options or the groups name a column that does not exist, [`Error::Data`] where the table
/// has no columns of counts or is none; and what is done with the groups gives. What is wrong in the rows of a group is
/// an error of that group.
///
/// ```
/// use metaprop::data::Groups;
/// use metaprop::io::groups::{Grouping, read_groups};
/// use metaprop::options::ReadOptions;
/// let csv = b"country,study,events,total\nChad,A,3,10\nMali,A,4,20\nChad,B,9,8\n";
/// let by = Grouping { by: vec!["country".to_string()], ..Grouping::default() };
/// read_groups(csv, "-", &ReadOptions::default(), &by, |groups| {
///     assert_eq!((groups.len(), groups.values(1)), (2, vec!["Mali".to_string()]));
///     assert!(groups.group(0).data.is_err());
///     assert_eq!(groups.group(1).data?.k(), 1);
///     Ok(())
/// })?;
/// # Ok::<(), metaprop::Error>(())
/// ```
pub fn read_groups<R>(
    bytes: &[u8],
    shown: &str,
    options: &ReadOptions,
    grouping: &Grouping,
    hand_over: impl FnOnce(&dyn Groups) -> Result<R, Error>,
) -> Result<R, Error> {
    let file = File::read(bytes, shown, options)?;
    let withheld = |error| file.withhold(error, shown, options);
    let want = Want::Groups(&grouping.by);
    let opened = Opened::new(&file, shown, options, want).map_err(withheld)?;
    let header = opened.table.header(shown);
    let columns = opened.columns(shown, options, want).map_err(withheld)?;
    let groups = TableGroups::find(&opened, &header, &columns, shown, options).map_err(withheld)?;
    if grouping.sorted {
        groups.stand_together()?;
    }
    hand_over(&groups)
}

/// The groups of a table.
struct TableGroups<'t> {
    opened: &'t Opened<'t>,
    header: &'t Header<'t>,
    columns: &'t Columns,
    options: &'t ReadOptions,
    rows: GroupRows<'t>,
    plain: Option<PlainColumns>,
    /// The columns of which each study keeps its cell: that of the clusters.
    others: Vec<usize>,
    names: Vec<String>,
    read_as: ColumnsRead,
    provenance: Provenance,
    advisories: Vec<Advisory>,
}

impl<'t> TableGroups<'t> {
    fn find(
        opened: &'t Opened<'t>,
        header: &'t Header<'t>,
        columns: &'t Columns,
        shown: &str,
        options: &'t ReadOptions,
    ) -> Result<Self, Error> {
        if let Some(problem) = &opened.table.stray_quote {
            return Err(Error::Data(vec![problem.clone()]));
        }
        let reader = RowReader { columns, rules: &opened.rules, names: header.names };
        let cluster = options.cluster.as_ref().map(|column| header.place(column, "--cluster"));
        let cluster = cluster.transpose().map_err(|problem| Error::Usage(vec![problem]))?;
        Ok(Self {
            opened,
            header,
            columns,
            options,
            rows: GroupRows::find(opened.table, reader, shown)?,
            plain: PlainColumns::new(columns, &opened.rules, header.names),
            others: cluster.into_iter().filter(|column| columns.others(header).contains(column)).collect(),
            names: columns.keys.iter().map(|column| header.address(*column)).collect(),
            read_as: columns.names(header),
            provenance: opened.provenance(shown, Some(columns)),
            advisories: opened.advisories().collect(),
        })
    }

    /// Whether the rows of every group stand together.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] where they do not.
    fn stand_together(&self) -> Result<(), Error> {
        let Some((group, line)) = self.rows.first_scattered() else { return Ok(()) };
        let values: Vec<String> = self.rows.values(group).map(quoted).collect();
        let what = format!("the rows of the group {} do not stand together", values.join(", "));
        let problem = Problem::new(what).at(self.header.file, u64::from(line));
        Err(Error::Data(vec![
            problem.help("sort the table by the columns of the groups, or leave --sorted out"),
        ]))
    }

    /// What is read of the rows of a group, and how many of them are known to be left out where they are refused.
    fn read(&self, group: usize) -> (Result<Dataset, Error>, usize) {
        let (rows, places) = (self.rows.rows(group), self.rows.places(group));
        let others = Cow::Borrowed(&self.others[..]);
        let mut read = Rows::new(self.opened.table, self.header, self.columns, &self.opened.rules, others);
        read.labels.reserve(rows.len());
        read.group = Some((&rows, places));
        for (index, (row, place)) in rows.iter().zip(places).enumerate() {
            read.push_of_group(index, *row, self.plain, || self.rows.named(*place));
        }
        let excluded = read.excluded.len();
        (read.finish(self.provenance_of(group)), excluded)
    }

    /// That of the table, with the values of the group among its conditions.
    fn provenance_of(&self, group: usize) -> Provenance {
        let mut provenance = self.provenance.clone();
        let conditions = self.names.iter().zip(self.rows.values(group));
        provenance.filters.extend(conditions.map(|(column, value)| format!("{column}={value}")));
        provenance
    }

    /// With what is to be said of the whole table.
    fn finished(&self, data: Dataset) -> Result<Dataset, Error> {
        let advisories = self.advisories.iter().cloned().chain(data.advisories).collect();
        let data = Dataset { columns: self.read_as.clone(), advisories, ..data };
        match &self.options.cluster {
            Some(column) => in_clusters(data, column),
            None => Ok(data),
        }
    }
}

impl Groups for TableGroups<'_> {
    fn columns(&self) -> &[String] {
        &self.names
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn values(&self, group: usize) -> Vec<String> {
        self.rows.values(group).map(str::to_owned).collect()
    }

    fn group(&self, group: usize) -> Group {
        let (read, excluded) = self.read(group);
        Group::new(read.and_then(|data| self.finished(data)), excluded)
    }
}
