//! What the table of options says of a choice, and how the request and the spec are made from its rows.

use super::choice::Word;
use super::kind::Typed;
use super::row::OptionRow;

/// One row of the table of options: how a choice is asked for in a request `R`, and what is said of it in a
/// complete spec `S`.
pub(crate) struct ChoiceRow<R: 'static, S: 'static> {
    /// How it is typed.
    pub option: OptionRow<R>,
    /// Whether a spec has a value whatever else was chosen.
    pub presence: Presence,
    /// What else the row says.
    pub details: Details<R, S>,
    /// The value in a spec, as it could be typed.
    pub(super) value: fn(&S) -> Option<Typed>,
    /// Gives one spec the value of another.
    pub take: fn(&mut S, &S),
    /// Asks for the value in a spec.
    pub(super) ask: fn(&S, &mut R),
}

/// Whether a complete spec has a value of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Always.
    Required,
    /// Where the option applies: `None`, and null in documents, elsewhere.
    Optional,
    /// Where the option applies: `None`, and no key in documents, elsewhere.
    Omittable,
}

impl<R, S> ChoiceRow<R, S> {
    /// The value that takes effect, as it could be typed; `None` where there is none.
    #[must_use]
    pub fn value(&self, spec: &S) -> Option<Typed> {
        let value = (self.value)(spec).filter(|_| (self.details.in_effect)(spec));
        value.map(|value| (self.details.shown_word)(spec).map_or(value, Typed::Word))
    }

    /// The value in a spec whether it has an effect or not, as it could be typed.
    #[must_use]
    pub fn stored(&self, spec: &S) -> Option<Typed> {
        (self.value)(spec)
    }

    /// Where the value that takes effect comes from: the source of its word, or of the row.
    #[must_use]
    pub fn source(&self, spec: &S) -> &'static str {
        match self.value(spec) {
            Some(Typed::Word(word)) => word.source,
            _ => self.details.source,
        }
    }
}

/// What a row of the table of options can say beside how it is typed and what takes effect.
pub(crate) struct Details<R: 'static, S: 'static> {
    /// Whether it applies to the other choices, or what it belongs to.
    pub needs: fn(&R) -> Result<(), Unmet>,
    /// Whether the value of a spec has an effect.
    pub in_effect: fn(&S) -> bool,
    /// The description in the JSON Schema, for what is not a word.
    pub about: &'static str,
    /// What a report calls it, for what is not a word: words have titles of their own.
    pub title: &'static str,
    /// Its formula, for what is not a word.
    pub formula: &'static str,
    /// Where it comes from, for what is not a word.
    pub source: &'static str,
    /// The sentence of a methods section, without its full stop.
    pub sentence: fn(&S) -> Option<String>,
    /// What the word means in a model that gives it a meaning of its own.
    pub shown_word: fn(&S) -> Option<&'static Word>,
    /// Whether it is named in the one line of choices below a result.
    pub brief: bool,
    /// Whether the pooled value, its limits, the prediction, τ² or I² can depend on it.
    pub moves_pooled: bool,
}

impl<R, S> Details<R, S> {
    /// What a row has that says nothing.
    pub const PLAIN: Self = Self {
        needs: |_| Ok(()),
        in_effect: |_| true,
        about: "",
        title: "",
        formula: "",
        source: "",
        sentence: |_| None,
        shown_word: |_| None,
        brief: false,
        moves_pooled: true,
    };
}

/// Why an option does not apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unmet {
    /// The choice that it does not go with: `measure = logit`.
    pub has: String,
    /// The choices that it belongs to: `measure = freeman-tukey`.
    pub needs: String,
}

/// The type of a field of a complete spec.
macro_rules! settled_type {
    (required $type:ty) => { $type };
    (optional $type:ty) => { Option<$type> };
    (omittable $type:ty) => { Option<$type> };
}

macro_rules! presence {
    (required) => {
        $crate::options::choice_row::Presence::Required
    };
    (optional) => {
        $crate::options::choice_row::Presence::Optional
    };
    (omittable) => {
        $crate::options::choice_row::Presence::Omittable
    };
}

/// Makes `Request` and `Spec` from the rows of `table.rs`.
macro_rules! request_and_spec {
    ( $(
        $(#[doc = $doc:literal])+
        $field:ident: $presence:ident $type:ident {
            typed: { key: $key:literal, kind: $kind:expr $(, $attribute:ident: $shown:expr)* $(,)? },
            settled: $settled:expr,
            $($detail:ident: $value:expr,)*
        }
    )+ ) => {
        option_set! {
            /// The choices that were made explicitly; what is `None` is left to the profile.
            ///
            /// ```
            /// use metaprop::options::{Ci, Measure, Profile, Request};
            ///
            /// let asked = Request { profile: Some(Profile::Metafor), measure: Some(Measure::Probit), ..Request::default() };
            /// let spec = asked.resolve()?;
            /// assert_eq!((spec.measure(), spec.ci()), (Measure::Probit, Ci::Wald));
            /// # Ok::<(), metaprop::Error>(())
            /// ```
            #[derive(Debug, Clone, Copy, PartialEq, Default, serde::Deserialize)]
            #[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
            Request, "Choices (metaprop list)", { $(
                $(#[doc = $doc])+
                $field: $presence $type { key: $key, kind: $kind $(, $attribute: $shown)* }
            )+ }
        }

        /// Every effective choice of one analysis: complete, checked, and able to be run again.
        ///
        /// Made by [`Request::resolve`], by the builder [`Analysis`](crate::analysis::Analysis), or read from a
        /// document, and held to the same rules by all three. What does not apply to the measure or the model is
        /// `None`, or the choice's own `none`.
        ///
        /// ```
        /// use metaprop::Spec;
        ///
        /// let mut document = serde_json::to_value(Spec::default()).unwrap();
        /// assert_eq!(serde_json::from_value::<Spec>(document.clone()).unwrap(), Spec::default());
        /// document["null"] = 7.0.into();
        /// let error = serde_json::from_value::<Spec>(document).unwrap_err().to_string();
        /// assert!(error.starts_with("null = 7 is not a proportion"), "{error}");
        /// ```
        #[derive(Debug, Clone, PartialEq, serde::Deserialize)]
        #[serde(try_from = "UncheckedSpec")]
        #[non_exhaustive]
        pub struct Spec {
            $( pub(crate) $field: $crate::options::choice_row::settled_type!($presence $type), )+
            pub(crate) conventions: Conventions,
        }

        impl serde::Serialize for Spec {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;

                let mut document = to.serialize_struct("Spec", Self::CHOICES.len() + 1)?;
                $(
                    let omittable = $crate::options::choice_row::presence!($presence) == Presence::Omittable;
                    if omittable && Option::<$type>::from(self.$field).is_none() {
                        document.skip_field(stringify!($field))?;
                    } else {
                        document.serialize_field(stringify!($field), &self.$field)?;
                    }
                )+
                document.serialize_field("conventions", &self.conventions)?;
                document.end()
            }
        }

        /// A spec as a document has it: a value of each choice, which need not go together.
        #[derive(Debug, Clone, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct UncheckedSpec {
            $( $field: $crate::options::choice_row::settled_type!($presence $type), )+
            conventions: Conventions,
        }

        impl Spec {
            /// The table of options, with what takes effect.
            pub(crate) const CHOICES: &[ChoiceRow<Request, Spec>] = &[ $(
                ChoiceRow {
                    option: $crate::options::row::option_row! {
                        $(#[doc = $doc])+
                        $field: $presence $type { key: $key, kind: $kind $(, $attribute: $shown)* }
                    },
                    presence: $crate::options::choice_row::presence!($presence),
                    details: Details { $($detail: $value,)* ..Details::PLAIN },
                    value: |spec| {
                        const KIND: Kind<$type> = $kind;
                        Option::<$type>::from(spec.$field).map(|value| (KIND.typed)(&value))
                    },
                    take: |spec, from| spec.$field = from.$field,
                    ask: |spec, asked| asked.$field = Option::from(spec.$field),
                },
            )+ ];

            $(
                $(#[doc = $doc])+
                #[must_use]
                pub const fn $field(&self) -> $crate::options::choice_row::settled_type!($presence $type) {
                    self.$field
                }
            )+

            /// What is done where packages differ.
            #[must_use]
            pub const fn conventions(&self) -> Conventions {
                self.conventions
            }

            /// The value of each choice that takes effect where nothing stands against what was asked.
            pub(super) fn settled(asked: &Request) -> Self {
                Self {
                    $( $field: {
                        let settled: fn(&Request) -> $crate::options::choice_row::settled_type!($presence $type) = $settled;
                        settled(asked)
                    }, )+
                    conventions: asked.defaults().conventions,
                }
            }

            /// What a document says, right or wrong.
            pub(super) fn unchecked(document: UncheckedSpec) -> Self {
                Self { $( $field: document.$field, )+ conventions: document.conventions }
            }
        }
    };
}
pub(super) use {presence, request_and_spec, settled_type};
