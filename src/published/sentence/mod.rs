//! Pooled results read from sentences as papers print them.
//!
//! | file | what it holds |
//! |---|---|
//! | `token` | the words, numbers and signs of a sentence |
//! | `finding` | which numbers are which figures |
//! | `reading` | the figures of one result as a claim |
//! | `found_count` | counts printed with their percentage |
//! | `p_value` | which test a p-value is of |
//! | `test_name` | the names of tests |
//! | `citation` | numbers in brackets that are references and no interval |
//! | `measured` | what an estimate measures, as far as words say |
//! | `regions` | the part of a sentence that is about each of its results |
//! | `cell` | what a cell of a table holds, and what its header says |
//! | `part_words` | words that say that a figure is of a part of the studies |
//! | `found_result` | a result in a sentence of a running text |
//! | `result_reader` | every result in such a sentence |

mod cell;
mod citation;
mod finding;
mod found_count;
mod found_result;
mod measured;
mod p_value;
mod part_words;
mod reading;
mod regions;
mod result_reader;
mod test_name;
mod token;

pub(in crate::published) use cell::{cell_field, has_percent_sign, is_no_estimate, limits_in, single_number};
pub(in crate::published) use found_count::FoundCount;
pub(in crate::published) use found_result::{FoundCitation, FoundResult, SentenceReading, Surroundings};
pub use measured::Measured;
pub(in crate::published) use measured::named_measure;
pub(in crate::published) use part_words::{REMOVAL, SUBGROUP};
pub use reading::LineReading;
pub(in crate::published) use result_reader::read_sentence;
