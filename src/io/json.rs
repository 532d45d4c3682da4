//! Tables in JSON and JSON lines.
//!
//! What R, pandas and others write is read: an array of objects, or an object a line (the rows); an object of columns, that
//! are arrays of the same length, or objects whose keys name the rows; an object of rows, which are objects; arrays of cells with the names first, or beside them
//! as `columns` and `data`; and an object with one of these inside. A cell is the text of its value; `null` is an empty one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::cells::Cells;
use super::limits::most_cells;
use super::roles::{EVENTS, PERCENT, Role, STUDY, TOTAL, plain};
use super::table::Table;
use super::text::{ending, line_ends, quoted, refused};
use crate::error::{Error, Problem};

const EXPECTED: &str = "give an array of objects, one a study: [{\"study\": \"A\", \"events\": 12, \"total\": 50}, …], or one object a line";

/// So many objects with a name twice are named.
const MOST_NAMED: usize = 20;

/// In so many objects, one in the other, a table is looked for.
const DEEPEST: usize = 4;

/// Whether a text is JSON: it begins as an object or an array, and can be read as JSON. One that is named so, or whose
/// first sign inside is that of JSON, is meant to be: what is wrong with it is then said.
pub(super) fn is_json(text: &str, file: &str) -> bool {
    let text = body(text);
    let inside = text.get(1..).unwrap_or_default().trim_start();
    let is_meant = match text.as_bytes().first() {
        Some(b'{') => inside.is_empty() || inside.starts_with(['"', '}']),
        Some(b'[') => inside.is_empty() || inside.starts_with(['{', '[', ']']),
        _ => return false,
    };
    is_meant || is_named_so(file) || parses(text)
}

/// Whether a file is named as JSON.
pub(super) fn is_named_so(file: &str) -> bool {
    matches!(&*ending(file), "json" | "jsonl" | "ndjson")
}

fn parses(text: &str) -> bool {
    serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>().all(|value| value.is_ok())
}

/// The text without a byte-order mark and blanks before it.
fn body(text: &str) -> &str {
    text.trim_start_matches('\u{FEFF}').trim_start()
}

/// The table in a text.
///
/// # Errors
///
/// [`Error::Data`] where the text is no JSON, or holds no table.
pub(super) fn read(text: &str, file: &str) -> Result<Table<'static>, Error> {
    let values =
        serde_json::Deserializer::from_str(text.trim_start_matches('\u{FEFF}')).into_iter::<&RawValue>();
    let values: Vec<&RawValue> = values.collect::<Result<_, _>>().map_err(|error| broken(&error, file))?;
    let shape = match values[..] {
        [] => return Err(refused(file, "the file is empty", EXPECTED)),
        [value] => of_value(value, 0).map_err(|what| refused(file, what, EXPECTED))?,
        _ => of_rows(&values),
    };
    let shape = shape.ok_or_else(|| refused(file, "no table is found in this JSON", EXPECTED))?;
    if shape.is_result() {
        return Err(result(file));
    }
    shape.check_keys(text, file)?;
    shape.check_size().map_err(|what| refused(file, what, EXPECTED))?;
    let cells = shape.cells(text);
    without_nul(&shape.names, &cells, file)?;
    Ok(Table::of_records(shape.names, cells))
}

/// Refuses a value with an escaped NUL, `\u0000`: no text has one, and no other format lets one through.
fn without_nul(names: &[String], cells: &Cells<'_>, file: &str) -> Result<(), Error> {
    let problem =
        |what: String| Problem::new(format!("{what} has a NUL character (\\u0000), which no text has"));
    let in_names = names.iter().position(|name| name.contains('\0'));
    let name = |column: usize| names.get(column).map_or("", String::as_str).replace('\0', "");
    let of_row = |row: super::cells::Row<'_>| {
        let at = row.iter().position(|cell| cell.contains('\0'))?;
        Some(problem(format!("a value of '{}'", name(at))).at(file, u64::from(row.line)))
    };
    let problems: Vec<Problem> = in_names
        .map(|column| problem(format!("the name of column {}", column + 1)).at(file, None))
        .into_iter()
        .chain(cells.rows().filter_map(of_row))
        .map(|problem| problem.help("take it out"))
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Data(problems)) }
}

/// Where a value stands in the text.
fn place(text: &str, value: &RawValue) -> usize {
    (value.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

fn broken(error: &serde_json::Error, file: &str) -> Error {
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or_default();
    let what = format!("this is not JSON that can be read, at column {}: {why}", error.column());
    Error::Data(vec![Problem::new(what).at(file, error.line() as u64).help(EXPECTED)])
}

fn result(file: &str) -> Error {
    let what = "this is a result document of metaprop, and no table";
    refused(file, what, "run it again with --from, or give the table as CSV")
}

/// The members of an object.
type Object<'a> = Vec<(String, &'a RawValue)>;

/// The values of a row with their columns, from left to right.
type Row<'a> = Vec<(usize, &'a RawValue)>;

/// The names of the columns, and the rows.
#[derive(Debug, Default)]
struct Shape<'a> {
    names: Vec<String>,
    rows: Vec<Row<'a>>,
    /// The names of the rows, in the first column, where an object has them as its keys.
    keys: Vec<String>,
}

impl Shape<'_> {
    /// Whether this is a document of this program and no table.
    fn is_result(&self) -> bool {
        let schema = self.names.iter().position(|name| name == "schema");
        let first = self.rows.first().into_iter().flatten();
        first.filter(|(column, _)| Some(*column) == schema).any(|(_, value)| is_schema(value))
    }

    /// Whether its rows, each up to its last value, are not far more than the values in them.
    fn check_size(&self) -> Result<(), String> {
        let values = self.rows.iter().map(Vec::len).sum();
        let cells: usize = self.rows.iter().map(|row| width(row)).sum();
        if cells <= most_cells(values) {
            return Ok(());
        }
        let (rows, names) = (self.rows.len(), self.names.len());
        Err(format!("{rows} rows name {names} different columns, and have {values} values in them"))
    }

    /// Whether no object has two values of the same name: which of them is meant is not known.
    fn check_keys(&self, text: &str, file: &str) -> Result<(), Error> {
        let problem = |pair: &[(usize, &RawValue)]| {
            let [(column, first), (_, second)] = [pair[0], pair[1]];
            let [first_said, second_said] = [first, second].map(|value| quoted(&of_cell(value)));
            let line = 1 + line_ends(text.as_bytes(), 0..place(text, first).max(place(text, second)));
            let name = self.names.get(column).map_or("", String::as_str);
            let what = format!("an object has {} twice: {first_said} and {second_said}", quoted(name));
            Problem::new(what)
                .at(file, u64::from(line))
                .help("leave one of them, or give them different names")
        };
        let twice = |row: &'_ Row<'_>| {
            row.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(problem).collect::<Vec<_>>()
        };
        let problems: Vec<Problem> = self.rows.iter().flat_map(twice).take(MOST_NAMED).collect();
        if problems.is_empty() { Ok(()) } else { Err(Error::Data(problems)) }
    }

    fn cells(&self, text: &str) -> Cells<'static> {
        let mut cells = Cells::default();
        for (place, (row, line)) in self.rows.iter().zip(self.lines(text)).enumerate() {
            let mut texts = vec![Cow::Borrowed(""); width(row)];
            if let (Some(first), Some(key)) = (texts.first_mut(), self.keys.get(place)) {
                *first = Cow::Borrowed(key.as_str());
            }
            for (column, value) in row {
                texts[*column] = of_cell(value);
            }
            cells.push(line, texts.iter().map(AsRef::as_ref));
        }
        cells
    }

    /// The lines that the rows begin on; their numbers, where two begin on the same.
    fn lines(&self, text: &str) -> Vec<u32> {
        let (mut line, mut read, mut lines) = (1_u32, 0, Vec::with_capacity(self.rows.len()));
        for row in &self.rows {
            let start = row.iter().map(|(_, value)| place(text, value)).min().unwrap_or(read);
            if start > read {
                line = line.saturating_add(line_ends(text.as_bytes(), read..start));
                read = start;
            }
            lines.push(line);
        }
        if lines.is_sorted_by(|a, b| a < b) { lines } else { (1..).take(lines.len()).collect() }
    }
}

/// How many cells a row has up to its last value.
fn width(row: &Row<'_>) -> usize {
    row.last().map_or(0, |(column, _)| column + 1)
}

/// The table in a value that stands so deep; an object of plain values is a row where it stands alone. An error says
/// what is wrong with something that looks like a table.
fn of_value(value: &RawValue, depth: usize) -> Result<Option<Shape<'_>>, String> {
    if let Some(elements) = elements(value) {
        return Ok(of_rows(&elements));
    }
    let Some(members) = members(value) else { return Ok(None) };
    if let Some(shape) = of_split(&members) {
        return Ok(Some(shape));
    }
    let is_table = |value: &RawValue| value.get().starts_with(['[', '{']);
    let is_result = members.iter().any(|(name, value)| name == "schema" && is_schema(value));
    if is_result || !members.iter().any(|(_, value)| is_table(value)) {
        return Ok((depth == 0).then(|| of_rows(&[value])).flatten());
    }
    if members.iter().all(|(_, value)| is_table(value) && !holds_tables(value)) {
        if let Some(shape) = of_named_rows(&members) {
            return Ok(Some(shape));
        }
        return of_columns(&members).map(Some);
    }
    if depth == DEEPEST { Ok(None) } else { of_inside(&members, depth + 1) }
}

/// The only table in the members of an object.
fn of_inside<'a>(members: &[(String, &'a RawValue)], depth: usize) -> Result<Option<Shape<'a>>, String> {
    // pandas describes the columns of `data` in a `schema` beside it.
    let has_data = members.iter().any(|(name, _)| name == "data");
    let (mut found, mut wrong) = (None, None);
    for (_, value) in members.iter().filter(|(name, _)| !(has_data && name == "schema")) {
        match of_value(value, depth) {
            Ok(Some(_)) if found.is_some() => return Ok(None),
            Ok(Some(shape)) => found = Some(shape),
            Ok(None) => {}
            Err(what) => wrong = wrong.or(Some(what)),
        }
    }
    match (found, wrong) {
        (None, Some(what)) => Err(what),
        (found, _) => Ok(found),
    }
}

/// Whether this is the name of the form of a document of this program.
fn is_schema(value: &RawValue) -> bool {
    value.get().starts_with("\"metaprop/")
}

/// Whether the first value in an array or object is an array or object itself.
fn holds_tables(value: &RawValue) -> bool {
    values(value).first().is_some_and(|first| first.get().starts_with(['[', '{']))
}

/// Rows that are objects, or arrays of which the first has the names.
fn of_rows<'a>(rows: &[&'a RawValue]) -> Option<Shape<'a>> {
    if rows.iter().all(|row| row.get().starts_with('[')) {
        let mut rows = rows.iter().filter_map(|row| elements(row));
        let names = rows.next()?.iter().map(|name| of_cell(name).into_owned()).collect();
        return Some(Shape { names, rows: rows.map(numbered).collect(), keys: Vec::new() });
    }
    let (mut names, mut places) = (Vec::new(), HashMap::new());
    let mut place = |name: String| {
        *places.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            names.len() - 1
        })
    };
    let row = |row: &&'a RawValue| {
        let members = members(row)?;
        Some(in_order(members.into_iter().map(|(name, value)| (place(name), value)).collect()))
    };
    let rows = rows.iter().map(row).collect::<Option<Vec<_>>>()?;
    (!names.is_empty()).then_some(Shape { names, rows, keys: Vec::new() })
}

fn numbered(row: Vec<&RawValue>) -> Row<'_> {
    row.into_iter().enumerate().collect()
}

/// The values in the order of their columns.
fn in_order(mut row: Row<'_>) -> Row<'_> {
    row.sort_by_key(|(column, _)| *column);
    row
}

/// `columns` beside `data`, as pandas writes a table with `orient="split"`.
fn of_split<'a>(members: &[(String, &'a RawValue)]) -> Option<Shape<'a>> {
    let member = |name: &str| members.iter().find(|(other, _)| other == name).map(|(_, value)| *value);
    let names = elements(member("columns")?)?.iter().map(|name| of_cell(name).into_owned()).collect();
    let rows = elements(member("data")?)?.into_iter().map(|row| elements(row).map(numbered));
    Some(Shape { names, rows: rows.collect::<Option<_>>()?, keys: Vec::new() })
}

/// Rows that are objects in an object whose keys name them, as pandas writes a table with `orient="index"`: the names of
/// columns are known ones in the rows and not outside of them, or kinds of values are mixed in each row.
fn of_named_rows<'a>(members: &[(String, &'a RawValue)]) -> Option<Shape<'a>> {
    let rows: Vec<Object<'a>> = members.iter().map(|(_, row)| self::members(row)).collect::<Option<_>>()?;
    let outside = members.iter().filter(|(name, _)| is_of_studies(name)).count();
    let inside = rows.first()?.iter().filter(|(name, _)| is_of_studies(name)).count();
    let mixed = |row: &Object<'_>| {
        let is_text = |(_, value): &(String, &RawValue)| value.get().starts_with('"');
        row.iter().any(is_text) && !row.iter().all(is_text)
    };
    if inside < outside || (inside == outside && !(outside == 0 && rows.iter().all(mixed))) {
        return None;
    }
    let values: Vec<&RawValue> = members.iter().map(|(_, row)| *row).collect();
    let mut shape = of_rows(&values)?;
    for row in &mut shape.rows {
        row.iter_mut().for_each(|(column, _)| *column += 1);
    }
    // The keys are the names of studies, unless these stand inside or the keys are the numbers of the rows.
    let is_name_inside = shape.names.iter().any(|name| is_of(name, &[&STUDY]));
    let are_numbers = members.iter().all(|(name, _)| name.bytes().all(|byte| byte.is_ascii_digit()));
    let name = if is_name_inside || are_numbers { "index" } else { "study" };
    shape.names.insert(0, name.to_owned());
    shape.keys = members.iter().map(|(name, _)| name.clone()).collect();
    Some(shape)
}

/// Whether a name is a known one for a column of studies or of counts.
fn is_of_studies(name: &str) -> bool {
    is_of(name, &[&STUDY, &EVENTS, &TOTAL, &PERCENT])
}

fn is_of(name: &str, roles: &[&Role]) -> bool {
    let plain = plain(name);
    roles.iter().any(|role| role.has(&plain))
}

/// Columns that are all arrays, or all objects.
fn of_columns<'a>(members: &[(String, &'a RawValue)]) -> Result<Shape<'a>, String> {
    let is_array = |(_, column): &&(String, &RawValue)| column.get().starts_with('[');
    let array = members.iter().find(is_array);
    let object = members.iter().find(|member| !is_array(member));
    let rows = match (array, object) {
        (Some((array, _)), Some((object, _))) => {
            let [array, object] = [array, object].map(|name| quoted(name));
            return Err(format!("the column {array} is an array, the column {object} an object"));
        }
        (_, None) => of_arrays(members)?,
        (None, _) => of_keyed(members),
    };
    Ok(Shape { names: members.iter().map(|(name, _)| name.clone()).collect(), rows, keys: Vec::new() })
}

/// The rows of columns that are arrays: the first values, the second ones, and so on.
fn of_arrays<'a>(members: &[(String, &'a RawValue)]) -> Result<Vec<Row<'a>>, String> {
    let columns: Vec<Vec<&RawValue>> = members.iter().map(|(_, column)| values(column)).collect();
    let rows = columns.first().map_or(0, Vec::len);
    if let Some(other) = columns.iter().position(|column| column.len() != rows) {
        let [first, name] = [0, other].map(|column| quoted(&members[column].0));
        let length = columns[other].len();
        return Err(format!("the column {first} has {rows} values, the column {name} {length}"));
    }
    Ok((0..rows).map(|row| columns.iter().map(|column| column[row]).enumerate().collect()).collect())
}

/// The rows of columns that are objects, by their keys: in the order of the first column, then those that it lacks.
fn of_keyed<'a>(members: &[(String, &'a RawValue)]) -> Vec<Row<'a>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut rows: Vec<Row<'a>> = Vec::new();
    for (column, (_, object)) in members.iter().enumerate() {
        for (key, value) in self::members(object).unwrap_or_default() {
            let row = *places.entry(key).or_insert(rows.len());
            if row == rows.len() {
                rows.push(Row::new());
            }
            rows[row].push((column, value));
        }
    }
    rows.into_iter().map(in_order).collect()
}

/// The values in an array or object.
fn values(value: &RawValue) -> Vec<&RawValue> {
    let members = || Some(members(value)?.into_iter().map(|(_, value)| value).collect());
    elements(value).or_else(members).unwrap_or_default()
}

fn elements(value: &RawValue) -> Option<Vec<&RawValue>> {
    if value.get().starts_with('[') { serde_json::from_str(value.get()).ok() } else { None }
}

fn members(value: &RawValue) -> Option<Object<'_>> {
    serde_json::from_str::<Members<'_>>(value.get()).ok().map(|members| members.0)
}

/// The text of a value: strings without quotes, `null` as nothing.
fn of_cell(value: &RawValue) -> Cow<'_, str> {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).map_or(Cow::Borrowed(text), Cow::Owned),
        _ if text == "null" => Cow::Borrowed(""),
        _ => Cow::Borrowed(text),
    }
}

/// The members of an object in their order.
struct Members<'a>(Object<'a>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
