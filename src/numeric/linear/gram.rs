//! Sums of aᵀa over rows.

use smallvec::SmallVec;

use super::Square;
use crate::numeric::sum::Sum;

/// The sum of a aᵀ over rows a, compensated.
#[derive(Debug, Clone)]
pub struct Gram {
    size: usize,
    /// The upper triangle, row after row.
    sums: SmallVec<[Sum; 10]>,
}

impl Gram {
    /// Of no rows.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self { size, sums: SmallVec::from_elem(Sum::new(), size * (size + 1) / 2) }
    }

    /// Adds `weight` a aᵀ.
    #[inline]
    pub fn add(&mut self, row: &[f64], weight: f64) {
        let mut sums = self.sums.iter_mut();
        for (index, first) in row.iter().enumerate() {
            for (second, sum) in row[index..].iter().zip(&mut sums) {
                sum.add(weight * (first * second));
            }
        }
    }

    /// The sum so far.
    ///
    /// ```
    /// use metaprop::numeric::linear::Gram;
    /// let mut gram = Gram::new(2);
    /// gram.add(&[1.0, 2.0], 1.0);
    /// gram.add(&[3.0, -1.0], 2.0);
    /// assert_eq!([gram.value().get(0, 0), gram.value().get(1, 0), gram.value().get(1, 1)], [19.0, -4.0, 6.0]);
    /// ```
    #[must_use]
    pub fn value(&self) -> Square {
        Square::from_fn(self.size, |row, column| {
            let (row, column) = (row.min(column), row.max(column));
            self.sums[row * self.size - row * (row + 1) / 2 + column].value()
        })
    }
}
