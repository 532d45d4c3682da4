//! The numbers of a result by name: one table a part says which there are and where each is.

use serde::{Serialize, Serializer};

/// One number of a result, a whole number, or two limits.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A number.
    Number(f64),
    /// A whole number, of studies or people.
    Count(u64),
    /// A lower and an upper limit.
    Limits([f64; 2]),
}

impl Value {
    /// The number, where it is one.
    ///
    /// ```
    /// use metaprop::model::Value;
    /// assert_eq!(Value::Count(3).number(), Some(3.0));
    /// assert_eq!(Value::Limits([0.1, 0.2]).number(), None);
    /// ```
    #[must_use]
    pub const fn number(self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(value),
            Self::Count(value) => Some(value as f64),
            Self::Limits(_) => None,
        }
    }

    /// Both limits, where there are two.
    #[must_use]
    pub const fn limits(self) -> Option<[f64; 2]> {
        match self {
            Self::Limits(limits) => Some(limits),
            Self::Number(_) | Self::Count(_) => None,
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(value) => to.serialize_f64(*value),
            Self::Count(value) => to.serialize_u64(*value),
            Self::Limits(limits) => limits.serialize(to),
        }
    }
}

/// A field whose value may not exist.
pub(super) trait IntoValue {
    /// The value.
    fn into_value(self) -> Option<Value>;
}

impl IntoValue for f64 {
    fn into_value(self) -> Option<Value> {
        Some(Value::Number(self))
    }
}

impl IntoValue for u64 {
    fn into_value(self) -> Option<Value> {
        Some(Value::Count(self))
    }
}

impl IntoValue for [f64; 2] {
    fn into_value(self) -> Option<Value> {
        Some(Value::Limits(self))
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Option<Value> {
        self.and_then(IntoValue::into_value)
    }
}

/// The fields of one part of a result: a row gives its name, its key in the result document and its value.
/// Rows under `document` are written, those that are `sparse` only where they exist; those under `derived`
/// follow from them and are not written.
macro_rules! fields {
    (
        $(#[$meta:meta])* $name:ident of $part:ident {
            document { $($written:ident $key:literal $($sparse:ident)?, $about:literal => $value:expr;)+ }
            derived { $($derived:ident $derived_key:literal, $derived_about:literal => $derived_value:expr;)* }
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $about] $written,)+
            $(#[doc = $derived_about] $derived,)*
        }

        impl $name {
            /// The fields of the result document, in its order.
            pub const DOCUMENT: &'static [Self] = &[$(Self::$written),+];

            /// The fields that follow from those of the document.
            pub const DERIVED: &'static [Self] = &[$(Self::$derived),*];

            /// The field with this key.
            #[must_use]
            pub fn at(key: &str) -> Option<Self> {
                Self::DOCUMENT.iter().chain(Self::DERIVED).copied().find(|field| field.key() == key)
            }

            /// The key in the result document.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$written => $key,)+
                    $(Self::$derived => $derived_key,)*
                }
            }

            /// Whether the document leaves the key out where there is no value.
            #[allow(unreachable_patterns, reason = "a part may have no sparse field")]
            const fn is_sparse(self) -> bool {
                match self {
                    $($(Self::$written => { let $sparse = true; $sparse })?)+
                    _ => false,
                }
            }
        }

        impl $part {
            /// The value of a field; `None` where it does not exist.
            #[must_use]
            pub fn get(&self, field: $name) -> Option<$crate::model::Value> {
                fn value<T: $crate::model::statistic::IntoValue>(
                    of: impl Fn(&$part) -> T,
                    part: &$part,
                ) -> Option<$crate::model::Value> {
                    of(part).into_value()
                }
                match field {
                    $($name::$written => value($value, self),)+
                    $($name::$derived => value($derived_value, self),)*
                }
            }

            /// Writes the fields of the document.
            fn write_fields<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                for &field in $name::DOCUMENT {
                    let value = self.get(field);
                    if value.is_some() || !field.is_sparse() {
                        map.serialize_entry(field.key(), &value)?;
                    }
                }
                Ok(())
            }
        }
    };
}
pub(super) use fields;
