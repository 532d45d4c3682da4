//! What the program and its pages promised before the engine was rebuilt: all of it is still there and does what it
//! says. The lists are in `tests/promises/`.

mod cases;
mod commands;
pub mod documents;
mod lists;
mod shared;
