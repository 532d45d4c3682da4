//! What a long analysis asks between its steps.

/// Asked whether to go on: given how many steps are done and how many there are.
pub(crate) type KeepGoing<'a> = dyn FnMut(u64, u64) -> bool + 'a;
