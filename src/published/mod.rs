//! Published results: does a printed number hold, and what could have given it?
//!
//! Three modules check printed figures. A printed number stands for an interval, and a percentage of a known
//! number of people can be impossible ([`printed`](crate::printed), which the readers of tables use too). An
//! estimate, its interval, k and total can contradict each other without per-study data ([`consistency`]). A
//! claim is compared with recomputed figures, or its figures with each other, field by field ([`claim`]); those of a
//! whole manuscript too ([`scan`]).
//!
//! The others search for what could have given the figures: the specification and the error in the data
//! ([`reproduce`]), the count tables ([`reconstruct`]); whether the conclusion depends on the choices
//! ([`multiverse`]); and, where two analyses differ, how much each convention contributes ([`explain`]).

pub mod claim;
pub mod consistency;
pub mod explain;
pub mod multiverse;
pub mod reconstruct;
pub mod reproduce;
pub mod scan;
mod search;
pub mod sentence;
