//! What a word of a closed choice is, and what every closed choice can do.

use crate::error::{Error, Problem, nearest};

/// One word of one choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// The key, in lower case: what is typed, stored and printed in documents.
    pub key: &'static str,
    /// Other spellings that are understood, whatever their case.
    pub aliases: &'static [&'static str],
    /// What a report calls it.
    pub title: &'static str,
    /// Its formula or rule, in plain text.
    pub formula: &'static str,
    /// Where it comes from: author, year, and DOI where there is one.
    pub source: &'static str,
}

/// A closed choice: an enum whose every variant has a [`Word`].
pub trait Choice: Copy + PartialEq + 'static {
    /// The flag and the TOML key.
    const NAME: &'static str;
    /// What is chosen, in a few words.
    const ABOUT: &'static str;
    /// Every variant, in the order it is listed.
    const ALL: &'static [Self];
    /// The word of each variant, in the same order.
    const WORDS: &'static [Word];

    /// The word of this variant.
    fn word(self) -> &'static Word;

    /// The key in documents and on the command line.
    fn key(self) -> &'static str {
        self.word().key
    }

    /// What a report calls it.
    fn title(self) -> &'static str {
        self.word().title
    }

    /// Every key, in the order it is listed.
    fn keys() -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().map(|word| word.key)
    }

    /// The variant that this key or alias names, whatever its case.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] with the nearest word where there is none.
    ///
    /// ```
    /// use metaprop::options::{Choice, Measure};
    /// assert_eq!(Measure::parse("plo")?, Measure::Logit);
    /// assert!(Measure::parse("logti").unwrap_err().to_string().contains("logit"));
    /// # Ok::<(), metaprop::Error>(())
    /// ```
    fn parse(typed: &str) -> Result<Self, Error> {
        let is = |word: &str| word.eq_ignore_ascii_case(typed.trim());
        let found = Self::ALL.iter().find(|c| is(c.key()) || c.word().aliases.iter().any(|alias| is(alias)));
        found.copied().ok_or_else(|| Error::Usage(vec![unknown::<Self>(typed)]))
    }
}

/// What to say of a word that is not in the table.
fn unknown<C: Choice>(typed: &str) -> Problem {
    let words =
        C::WORDS.iter().flat_map(|word| std::iter::once(word.key).chain(word.aliases.iter().copied()));
    let known = C::keys().collect::<Vec<_>>().join(", ");
    let problem = Problem::new(format!("'{typed}' is not a {}", C::NAME));
    match nearest(typed, words) {
        Some(word) => problem.help(format!("did you mean '{word}'? known: {known}")),
        None => problem.help(format!("known: {known}")),
    }
}

/// Makes the enum of a closed choice from its rows, with everything that follows from them.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident, $flag:literal, $about:literal, { $(
        $variant:ident: $key:literal, [$($alias:literal),*], $title:literal,
        $formula:literal, $source:literal;
    )+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $(
            #[doc = concat!($title, ": ", $formula, "\n\nSource: ", $source)]
            $variant,
        )+ }

        impl Choice for $name {
            const NAME: &'static str = $flag;
            const ABOUT: &'static str = $about;
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            const WORDS: &'static [Word] = &[$(Word {
                key: $key, aliases: &[$($alias),*], title: $title, formula: $formula, source: $source,
            }),+];

            fn word(self) -> &'static Word {
                &Self::WORDS[self as usize]
            }
        }

        impl TryFrom<&str> for $name {
            type Error = crate::error::Error;

            /// The variant that this key or alias names: [`Choice::parse`].
            fn try_from(typed: &str) -> Result<Self, Self::Error> {
                Self::parse(typed)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.key())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let typed = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                Self::parse(&typed).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(super) use choice;
