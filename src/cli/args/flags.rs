//! The flags of a table of options, made from its rows.

use std::ffi::OsStr;
use std::ops::Deref;

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser, ValueParser};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::error::Error;
use crate::options::{
    Choice, Drawing, Many, OptionRow, OptionSet, Parts, Presentation, ReadOptions, Request, Shape, Word,
};

/// The options of one table, as they were typed on the command line.
#[derive(Debug, Clone, Default)]
pub struct Flags<S>(S);

/// Which columns and rows of a table.
pub type TableArgs = Flags<ReadOptions>;
/// Every choice of an analysis.
pub type ChoiceArgs = Flags<Request>;
/// How proportions are printed.
pub type DisplayArgs = Flags<Presentation>;
/// Which parts of a result are shown.
pub type PartsArgs = Flags<Parts>;
/// How figures look.
pub type DrawingArgs = Flags<Drawing>;

impl<S: OptionSet> Flags<S> {
    /// What clap calls each flag: what a flag that goes with none of them conflicts with.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        S::typed().map(|row| row.field)
    }
}

impl<S> Deref for Flags<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.0
    }
}

impl<S: OptionSet> Args for Flags<S> {
    fn augment_args(command: Command) -> Command {
        command.args(S::typed().map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<S: OptionSet> FromArgMatches for Flags<S> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for row in S::typed() {
            // A default of the help is no value that was typed.
            if matches.value_source(row.field) != Some(ValueSource::CommandLine) {
                continue;
            }
            if row.shape == Shape::Switch {
                let wrong = |error| clap::Error::raw(ErrorKind::ValueValidation, error);
                (row.set)(&mut self.0, "true").map_err(wrong)?;
                continue;
            }
            for typed in matches.get_many::<String>(row.field).into_iter().flatten() {
                let wrong = |error| clap::Error::raw(ErrorKind::ValueValidation, error);
                (row.set)(&mut self.0, typed).map_err(wrong)?;
            }
        }
        Ok(())
    }
}

/// The flag of one row.
fn flag<S: OptionSet>(row: &'static OptionRow<S>) -> Arg {
    let arg = Arg::new(row.field).long(row.key).help(row.help()).help_heading(S::HEADING);
    if row.shape == Shape::Switch {
        return arg.action(ArgAction::SetTrue);
    }
    let arg = arg
        .value_name(row.flag.value_name)
        .value_parser(parser(row))
        .conflicts_with_all(row.flag.conflicts)
        .action(if row.many == Many::One { ArgAction::Set } else { ArgAction::Append })
        .ignore_case(row.shape.words().is_some())
        .allow_negative_numbers(matches!(row.shape, Shape::WordOrNumber { .. } | Shape::Number | Shape::Text))
        .allow_hyphen_values(row.shape == Shape::Order);
    match row.flag.default {
        Some(default) => arg.default_value(default),
        None => arg,
    }
}

/// The flag of one row with any number of values, separated by commas.
pub(super) fn list_flag<S: OptionSet>(row: &'static OptionRow<S>) -> Arg {
    flag(row)
        .value_delimiter(',')
        .action(ArgAction::Append)
        .help(format!("{} (a list: one specification each)", row.help()))
}

/// Hands over the key of each row with every value that was typed for it.
pub(super) fn typed_in_lists<S: OptionSet>(
    rows: impl Iterator<Item = &'static OptionRow<S>>,
    matches: &ArgMatches,
    mut take: impl FnMut(&str, &str) -> Result<(), Error>,
) -> Result<(), clap::Error> {
    for row in rows {
        for typed in matches.get_many::<String>(row.field).into_iter().flatten() {
            take(row.key, typed).map_err(|error| clap::Error::raw(ErrorKind::ValueValidation, error))?;
        }
    }
    Ok(())
}

/// What may be typed after a flag; what is accepted is kept as it was typed.
fn parser<S: OptionSet>(row: &'static OptionRow<S>) -> ValueParser {
    let valid = |typed: String| (row.set)(&mut S::default(), &typed).map(|()| typed);
    match row.shape {
        Shape::Word { words, .. } => PossibleValuesParser::new(possible(words)).into(),
        Shape::WordOrNumber { words, number, .. } => {
            ValueParser::new(WordOrNumber { words, number, valid: StringValueParser::new().try_map(valid) })
        }
        Shape::Sign(signs) => PossibleValuesParser::new(signs).into(),
        _ => ValueParser::new(StringValueParser::new().try_map(valid)),
    }
}

/// A flag's value that is a word of the choice `C`; help, completions and suggestions come from its words.
pub(crate) fn word<C: Choice + Send + Sync>() -> impl TypedValueParser<Value = C> {
    // Possible values are matched without case, so the word is always there to be found.
    PossibleValuesParser::new(possible(C::WORDS)).try_map(|typed| C::parse(&typed))
}

fn possible(words: &'static [Word]) -> Vec<PossibleValue> {
    let value =
        |word: &Word| PossibleValue::new(word.key).aliases(word.aliases.iter().copied()).help(word.title);
    words.iter().map(value).collect()
}

/// A word, or a number.
#[derive(Clone)]
struct WordOrNumber<P> {
    words: &'static [Word],
    /// What a number is.
    number: &'static str,
    valid: P,
}

impl<P: TypedValueParser<Value = String>> TypedValueParser for WordOrNumber<P> {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        if value.to_str().is_some_and(|typed| typed.trim().parse::<f64>().is_ok()) {
            return self.valid.parse_ref(command, arg, value);
        }
        PossibleValuesParser::new(possible(self.words)).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let number = PossibleValue::new("NUMBER").help(self.number);
        Some(Box::new(possible(self.words).into_iter().chain([number])))
    }
}
