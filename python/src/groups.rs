//! Many analyses: a table in, a row a group out.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, FieldRef, Schema};
use metaprop::analysis::GroupRow;
use metaprop::data::Excluded;
use metaprop::error::nearest;
use metaprop::options::{OptionSet, ReadOptions};
use metaprop::{Code, Dataset, Error, Problem, Spec, fit};
use pyo3::prelude::*;
use rayon::prelude::*;

use crate::arrow::ArrowTable;
use crate::choices::{Choices, Given};
use crate::counts::{Count, CountColumn};
use crate::errors::usage;
use crate::group_keys::GroupKeys;
use crate::worker::{self, Stop};

/// Pools every group of a table with an Arrow stream; see `metaprop.pool_groups`.
#[pyfunction]
#[pyo3(signature = (table, by, events, total, study, given, threads=None))]
#[expect(clippy::too_many_arguments, reason = "they are the arguments of the Python function")]
pub fn pool_groups(
    py: Python<'_>,
    table: &Bound<'_, PyAny>,
    by: Vec<String>,
    events: String,
    total: String,
    study: Option<String>,
    given: Given,
    threads: Option<usize>,
) -> PyResult<ArrowTable> {
    let table = ArrowTable::import(table)?;
    worker::run(py, threads, move |stop| {
        let spec = spec(given)?;
        let groups = TableGroups::new(&table, &by, [&events, &total], study.as_deref())?;
        let rows = groups.pool(&spec, stop)?;
        groups.table(&rows).map(ArrowTable::of)
    })
}

/// The complete spec; options of tables and figures are refused.
fn spec(given: Given) -> Result<Spec, Error> {
    let choices = Choices::take(given, &[])?;
    let set: Vec<&str> =
        ReadOptions::typed().filter(|row| !(row.get)(&choices.read).is_empty()).map(|row| row.key).collect();
    if let Some(key) = set.first() {
        return Err(usage(
            format!(
                "{} is of tables whose cells are read, and pool_groups takes columns of numbers",
                key.replace('-', "_")
            ),
            "prepare the columns before, or use metaprop pool --group-by",
        ));
    }
    choices.spec()
}

/// The groups of a table.
struct TableGroups<'t> {
    table: &'t ArrowTable,
    by: Vec<usize>,
    keys: GroupKeys,
    events: CountColumn,
    total: CountColumn,
    /// The names of the studies, a list a part of the table.
    names: Option<Vec<ArrayRef>>,
    /// The number of the first row of each part.
    starts: Vec<usize>,
}

impl<'t> TableGroups<'t> {
    fn new(
        table: &'t ArrowTable,
        by: &[String],
        [events, total]: [&str; 2],
        study: Option<&str>,
    ) -> Result<Self, Error> {
        if by.is_empty() {
            return Err(usage(
                "groups need a column to group by",
                "name it: by='country', or by=['country', 'year']",
            ));
        }
        let [events, total] = [place(table, events), place(table, total)];
        let by: Result<Vec<usize>, Error> = by.iter().map(|name| place(table, name)).collect();
        let (events, total, by) = (events?, total?, by?);
        if let Some(name) =
            by.iter().map(|place| table.schema().field(*place).name()).find(|name| FIELDS.contains(&&***name))
        {
            return Err(usage(
                format!("the column '{name}' of the groups is called as one of the results"),
                "rename it",
            ));
        }
        let sizes = table.batches().iter().map(RecordBatch::num_rows);
        let starts = sizes.scan(0, |start, size| Some(std::mem::replace(start, *start + size))).collect();
        Ok(Self {
            table,
            keys: GroupKeys::new(table, &by)?,
            by,
            events: CountColumn::new(table, events)?,
            total: CountColumn::new(table, total)?,
            names: study.map(|study| names(table, place(table, study)?)).transpose()?,
            starts,
        })
    }

    /// Pools every group, in parallel.
    fn pool(&self, spec: &Spec, stop: &Stop) -> Result<Vec<GroupRow>, Error> {
        let one = |group: usize| {
            stop.goes_on().then(|| {
                let (data, excluded) = self.data(group);
                GroupRow::new(Vec::new(), &data.and_then(|data| fit(&data, spec)), excluded)
            })
        };
        let rows: Option<Vec<GroupRow>> =
            (0..self.keys.len()).into_par_iter().with_min_len(16).map(one).collect();
        rows.ok_or_else(|| Error::usage("stopped"))
    }

    /// The studies of a group, or what is wrong with its rows; and how many were left out.
    fn data(&self, group: usize) -> (Result<Dataset, Error>, usize) {
        let rows = self.keys.rows(group);
        let (mut studies, mut excluded, mut problems) =
            (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
        for [part, row] in rows {
            let at = [*part as usize, *row as usize];
            match self.study(at) {
                Ok(Ok((events, total))) => studies.push((self.name(at), events, total)),
                Ok(Err(reason)) => excluded.push(Excluded::new(self.name(at), self.line(at), reason)),
                Err(problem) => problems.push(problem.at("", u64::from(self.line(at)))),
            }
        }
        let left_out = excluded.len();
        if !problems.is_empty() {
            return (Err(Error::Data(problems)), left_out);
        }
        (Dataset::proportions(studies).map(|data| data.with_excluded(excluded)), left_out)
    }

    /// The counts of a row, or why it is left out.
    fn study(&self, at: [usize; 2]) -> Result<Result<(u64, u64), &'static str>, Problem> {
        let wrong = |column: &CountColumn, what: String| Problem::new(what).in_column(&column.name);
        match (self.events.get(at), self.total.get(at)) {
            (Count::Wrong(what), _) => Err(wrong(&self.events, what)),
            (_, Count::Wrong(what)) => Err(wrong(&self.total, what)),
            (Count::Missing, Count::Missing) => Ok(Err("events and total missing")),
            (Count::Missing, _) => Ok(Err("events missing")),
            (_, Count::Missing) => Ok(Err("total missing")),
            (Count::Of(0), Count::Of(0)) => Ok(Err("total is 0")),
            (Count::Of(events), Count::Of(total)) if events > total => {
                Err(wrong(&self.events, format!("{events} events are more than the total {total}")))
            }
            (Count::Of(events), Count::Of(total)) => Ok(Ok((events, total))),
        }
    }

    fn name(&self, at @ [part, row]: [usize; 2]) -> String {
        match &self.names {
            Some(names) if names[part].is_null(row) => String::new(),
            Some(names) => names[part].as_string::<i32>().value(row).to_owned(),
            None => format!("Study {}", self.line(at) - 1),
        }
    }

    /// The line of a row, as in a file with a header.
    fn line(&self, [part, row]: [usize; 2]) -> u32 {
        u32::try_from(self.starts[part] + row + 2).unwrap_or(u32::MAX)
    }

    /// The rows as a table, the values of the groups first.
    fn table(&self, rows: &[GroupRow]) -> Result<RecordBatch, Error> {
        let schema = self.table.schema();
        let mut fields: Vec<FieldRef> = Vec::new();
        let mut columns: Vec<ArrayRef> = Vec::new();
        let broken =
            |error: arrow_schema::ArrowError| Error::data(format!("the result is no table: {error}"));
        for place in &self.by {
            let field = &schema.fields()[*place];
            let values = self.keys.values(self.table.batches(), *place, field).map_err(broken)?;
            fields.push(Arc::new(Field::new(field.name(), values.data_type().clone(), true)));
            columns.push(values);
        }
        for name in FIELDS {
            let column = column(name, rows);
            fields.push(Arc::new(Field::new(name, column.data_type().clone(), true)));
            columns.push(column);
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(broken)
    }
}

/// What a row has beside the values of its group.
const FIELDS: [&str; 17] = [
    "k",
    "events",
    "total",
    "estimate",
    "lower",
    "upper",
    "y",
    "se",
    "tau2",
    "i2",
    "q",
    "p",
    "prediction_lower",
    "prediction_upper",
    "excluded",
    "advisories",
    "error",
];

/// A column of the results.
fn column(name: &str, rows: &[GroupRow]) -> ArrayRef {
    let whole = |of: fn(&GroupRow) -> Option<u64>| -> ArrayRef {
        let counts = rows.iter().map(|row| of(row).and_then(|count| i64::try_from(count).ok()));
        Arc::new(counts.collect::<Int64Array>())
    };
    let number = |of: fn(&GroupRow) -> Option<f64>| -> ArrayRef {
        let numbers = rows.iter().map(|row| of(row).filter(|number| number.is_finite()));
        Arc::new(numbers.collect::<Float64Array>())
    };
    match name {
        "k" => whole(|row| row.k.map(|k| k as u64)),
        "events" => whole(|row| row.events),
        "total" => whole(|row| row.total),
        "excluded" => whole(|row| Some(row.excluded as u64)),
        "estimate" => number(|row| row.estimate),
        "lower" => number(|row| row.lower),
        "upper" => number(|row| row.upper),
        "y" => number(|row| row.y),
        "se" => number(|row| row.se),
        "tau2" => number(|row| row.tau2),
        "i2" => number(|row| row.i2),
        "q" => number(|row| row.q),
        "p" => number(|row| row.p),
        "prediction_lower" => number(|row| row.prediction_lower),
        "prediction_upper" => number(|row| row.prediction_upper),
        "advisories" => {
            Arc::new(rows.iter().map(|row| Some(codes(&row.advisories))).collect::<StringArray>())
        }
        _ => Arc::new(rows.iter().map(|row| row.error.as_deref()).collect::<StringArray>()),
    }
}

/// The codes of advisories, with a blank between.
fn codes(advisories: &[Code]) -> String {
    let key = |code: &Code| serde_json::to_value(code).ok().and_then(|code| code.as_str().map(str::to_owned));
    advisories.iter().filter_map(key).collect::<Vec<_>>().join(" ")
}

/// The place of the column of this name.
fn place(table: &ArrowTable, name: &str) -> Result<usize, Error> {
    let names = || table.schema().fields().iter().map(|field| field.name().as_str());
    let places: Vec<usize> =
        names().enumerate().filter(|(_, other)| *other == name).map(|(place, _)| place).collect();
    match places[..] {
        [place] => Ok(place),
        [] => {
            let all = names().collect::<Vec<_>>().join(", ");
            let near =
                nearest(name, names()).map(|near| format!("did you mean '{near}'? ")).unwrap_or_default();
            Err(usage(format!("there is no column '{name}'"), format!("{near}the columns are {all}")))
        }
        _ => Err(usage(format!("several columns are called '{name}'"), "give them different names")),
    }
}

/// The names of the studies as texts.
fn names(table: &ArrowTable, place: usize) -> Result<Vec<ArrayRef>, Error> {
    let text = |batch: &RecordBatch| -> Option<ArrayRef> {
        let column = batch.column(place);
        let mut cells = Vec::new();
        if column.data_type() == &DataType::Utf8 {
            return Some(column.clone());
        }
        crate::table::push_cells(column, &mut cells).then(|| Arc::new(StringArray::from(cells)) as ArrayRef)
    };
    let name = table.schema().field(place).name();
    table.batches().iter().map(text).collect::<Option<_>>().ok_or_else(|| {
        usage(format!("the column '{name}' holds no names"), "study names a column of text or numbers")
    })
}
