//! The reviewer's bench: does the printed number hold, and what would give it?
//!
//! It starts from figures as they were printed. A printed number is an interval, and a percentage of a
//! known number of people can be impossible ([`rounding`](crate::printed), a room further down: the
//! reader of tables needs it too); an estimate, its interval, k and total can contradict each other without any per-study data
//! ([`scale`]); a claim is printed figures held against recomputed ones, or against each other, field
//! by field ([`claim`]). From there it goes back: which specification and which slip give the printed
//! figures ([`reproduce`]), which tables could have given them ([`reconstruct`]), and whether the
//! conclusion hangs on the choices at all ([`multiverse`]). And where two analyses differ, it says which
//! convention moves what ([`explain`]).

pub mod claim;
pub mod consistency;
pub mod explain;
pub mod multiverse;
pub mod reconstruct;
pub mod reproduce;
mod search;
