//! The words of the vocabulary as values of flags: one parser for every closed choice.

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{Arg, Command};

use crate::options::Tau2;
use crate::options::{Choice, Tau2Method};

/// A flag's value that is a word of the choice `C`; help, completions and suggestions come from the vocabulary.
pub(super) fn word<C: Choice + Send + Sync>() -> impl TypedValueParser<Value = C> {
    // Possible values are matched without case, so the word is always there to be found.
    PossibleValuesParser::new(possible::<C>()).try_map(|typed| C::parse(&typed))
}

fn possible<C: Choice>() -> Vec<PossibleValue> {
    let value = |choice: &C| {
        PossibleValue::new(choice.key()).aliases(choice.word().aliases.iter().copied()).help(choice.title())
    };
    C::ALL.iter().map(value).collect()
}

/// The value of `--tau2`: a word, or a number.
#[derive(Clone)]
pub(super) struct Tau2Parser;

impl TypedValueParser for Tau2Parser {
    type Value = Tau2;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Tau2, clap::Error> {
        if value.to_str().is_some_and(|typed| typed.trim().parse::<f64>().is_ok()) {
            return StringValueParser::new()
                .try_map(|typed| typed.parse::<Tau2>())
                .parse_ref(command, arg, value);
        }
        word::<Tau2Method>().parse_ref(command, arg, value).map(Tau2::Estimated)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let number = PossibleValue::new("NUMBER").help("a fixed between-study variance");
        Some(Box::new(possible::<Tau2Method>().into_iter().chain([number])))
    }
}
