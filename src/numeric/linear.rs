//! Linear algebra for models with a few columns and many rows: a thin layer over nalgebra, which is named
//! nowhere else.
//!
//! Matrices with a row a study are slices, row after row. From nalgebra come the QR and the Cholesky
//! decomposition, which are made of inner products and vector sums in a fixed order. Its matrix product is not
//! used: for more than a few rows it goes to a library that takes fused multiply-add where the processor has it,
//! and so gives other bits on another machine.

mod dependence;
mod gram;
mod inverse_root;
mod row_basis;
mod square;
mod triangle;

pub use dependence::{Dependence, dependences};
pub use gram::Gram;
pub use inverse_root::inverse_root;
pub use row_basis::RowBasis;
pub use square::Square;
pub(crate) use square::{plain_dot, unit_vector};
pub use triangle::Triangle;
