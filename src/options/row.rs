//! A row of a table of options: one definition that the command line, its help, completions and manual
//! page, the analysis file and the library are made from.

use super::kind::{Shape, Typed};
use crate::error::{Error, Problem};

/// One option: how it is typed, and where its value goes in the struct `S`.
pub struct OptionRow<S: 'static> {
    /// The flag (`--key`) and the key in an analysis file.
    pub key: &'static str,
    /// The field of `S`; also its key in JSON documents.
    pub field: &'static str,
    /// The lines of its documentation.
    pub documentation: &'static [&'static str],
    /// What the command line says of it beside its key.
    pub flag: Flag,
    /// Whether several values can be given.
    pub many: Many,
    /// What is typed.
    pub shape: Shape,
    /// Sets the value, or adds one, from what was typed.
    pub set: fn(&mut S, &str) -> Result<(), Error>,
    /// The values that were given, as they could be typed.
    pub get: fn(&S) -> Vec<Typed>,
    /// Why a given value is impossible, however it came.
    pub check: fn(&S) -> Result<(), Problem>,
}

/// How an option looks on the command line.
#[derive(Debug, Clone, Copy)]
pub struct Flag {
    /// What stands for its value in the help.
    pub value_name: &'static str,
    /// The value where it is not given, where that depends on nothing else.
    pub default: Option<&'static str>,
    /// The fields of options that it does not go with.
    pub conflicts: &'static [&'static str],
    /// Whether it is not typed with these options: another set has an option of the same key that decides it.
    pub elsewhere: bool,
}

impl Flag {
    /// What a row has that says nothing about its flag.
    pub const PLAIN: Self = Self { value_name: "VALUE", default: None, conflicts: &[], elsewhere: false };
}

/// Whether an option takes several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Many {
    /// One value.
    One,
    /// Several that make one thing together: values of one's own replace shared ones.
    Joined,
    /// Several that each count: values of one's own are added to shared ones.
    List,
}

impl<S> OptionRow<S> {
    /// The first paragraph of its documentation in one line, without its full stop: the help of its flag.
    #[must_use]
    pub fn help(&self) -> String {
        let lines = self.documentation.iter().map(|line| line.trim());
        let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
        let paragraph = paragraph.join(" ");
        paragraph.strip_suffix('.').map(str::to_owned).unwrap_or(paragraph)
    }
}

/// A struct whose fields are the options of one table: `None`, or no value, where nothing was given.
pub trait OptionSet: Default + Clone + Send + Sync + 'static {
    /// The heading above its flags in the help.
    const HEADING: &'static str;
    /// The table.
    const ROWS: &'static [OptionRow<Self>];

    /// Every key that is typed with these options, in the order of the table.
    #[must_use]
    fn keys() -> Vec<&'static str> {
        Self::typed().map(|row| row.key).collect()
    }

    /// The rows of the table that are typed with these options.
    fn typed() -> impl Iterator<Item = &'static OptionRow<Self>> {
        Self::ROWS.iter().filter(|row| !row.flag.elsewhere)
    }
}

/// The type of a field: `required` and `optional` say what a complete spec has, so what was typed is an
/// `Option` for both.
macro_rules! field_type {
    (joined $type:ty) => { Vec<$type> };
    (list $type:ty) => { Vec<$type> };
    ($one:ident $type:ty) => { Option<$type> };
}

macro_rules! many {
    (joined) => {
        $crate::options::row::Many::Joined
    };
    (list) => {
        $crate::options::row::Many::List
    };
    ($one:ident) => {
        $crate::options::row::Many::One
    };
}

/// Sets a field, or adds to it.
macro_rules! set_field {
    (joined $field:expr, $value:expr) => {
        $field.push($value)
    };
    (list $field:expr, $value:expr) => {
        $field.push($value)
    };
    ($one:ident $field:expr, $value:expr) => {
        $field = Some($value)
    };
}

/// A field, with the shared one where it has nothing.
macro_rules! or_field {
    (joined $own:expr, $shared:expr) => {
        if $own.is_empty() { $shared } else { $own }
    };
    (list $own:expr, $shared:expr) => {
        $shared.into_iter().chain($own).collect()
    };
    ($one:ident $own:expr, $shared:expr) => {
        $own.or($shared)
    };
}

/// One row of a table, of the struct whose field it names.
macro_rules! option_row {
    (
        $(#[doc = $doc:literal])+
        $field:ident: $many:ident $type:ty {
            key: $key:literal, kind: $kind:expr $(, $attribute:ident: $value:expr)* $(,)?
        }
    ) => {
        $crate::options::row::OptionRow {
            key: $key,
            field: stringify!($field),
            documentation: &[$($doc),+],
            flag: $crate::options::row::Flag { $($attribute: $value,)* ..$crate::options::row::Flag::PLAIN },
            many: $crate::options::row::many!($many),
            shape: {
                const KIND: Kind<$type> = $kind;
                KIND.shape
            },
            set: |set, typed| {
                const KIND: Kind<$type> = $kind;
                let value = (KIND.parse)($key, typed)?;
                $crate::options::row::set_field!($many set.$field, value);
                Ok(())
            },
            get: |set| {
                const KIND: Kind<$type> = $kind;
                set.$field.iter().map(KIND.typed).collect()
            },
            check: |set| {
                const KIND: Kind<$type> = $kind;
                set.$field.iter().try_for_each(|value| (KIND.check)($key, value))
            },
        }
    };
}

/// Makes a struct of options and its table from rows. A row is
///
/// ```text
/// /// Its documentation; the first paragraph is the help of its flag.
/// field: many Type { key: "the-key", kind: KIND, value_name: "N", default: Some("1"), conflicts: &["other"] }
/// ```
///
/// where `many` is `joined` or `list` for several values (see [`Many`]), any other word for one, and what
/// follows the kind can be left out.
macro_rules! option_set {
    ($(#[$meta:meta])* $name:ident, $heading:literal, { $(
        $(#[doc = $doc:literal])+
        $field:ident: $many:ident $type:ty {
            key: $key:literal, kind: $kind:expr $(, $attribute:ident: $value:expr)* $(,)?
        }
    )+ }) => {
        $(#[$meta])*
        pub struct $name { $(
            $(#[doc = $doc])+
            pub $field: $crate::options::row::field_type!($many $type),
        )+ }

        impl $name {
            /// These options, with `shared`'s where this has none; of a list, with `shared`'s before its own.
            #[must_use]
            pub fn or(self, shared: Self) -> Self {
                Self { $(
                    $field: $crate::options::row::or_field!($many self.$field, shared.$field),
                )+ }
            }
        }

        impl $crate::options::row::OptionSet for $name {
            const HEADING: &'static str = $heading;
            const ROWS: &'static [$crate::options::row::OptionRow<Self>] = &[ $(
                $crate::options::row::option_row! {
                    $(#[doc = $doc])+
                    $field: $many $type { key: $key, kind: $kind $(, $attribute: $value)* }
                },
            )+ ];
        }
    };
}

pub(super) use {field_type, many, option_row, option_set, or_field, set_field};
