//! Events out of a total.

use serde::{Deserialize, Serialize};

/// Events out of a total, with `events <= total` and `total > 0`: held by [`Counts::new`].
///
/// ```
/// use metaprop::Counts;
/// let counts = Counts::new(8, 12).unwrap();
/// assert_eq!((counts.events(), counts.total()), (8, 12));
/// assert!(Counts::new(13, 12).is_none() && Counts::new(0, 0).is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Counts {
    events: u64,
    total: u64,
}

impl Counts {
    /// The largest total a count may have: integers up to here are exact as `f64`.
    pub const LARGEST: u64 = 1 << 53;

    /// Counts, or nothing where events exceed the total or the total is 0 or above
    /// [`LARGEST`](Self::LARGEST).
    #[must_use]
    pub const fn new(events: u64, total: u64) -> Option<Self> {
        if events <= total && total > 0 && total <= Self::LARGEST {
            Some(Self { events, total })
        } else {
            None
        }
    }

    /// How many people had the event.
    #[must_use]
    pub const fn events(self) -> u64 {
        self.events
    }

    /// How many people there were.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.total
    }

    /// Events and total as real numbers; exact.
    #[must_use]
    pub const fn as_reals(self) -> (f64, f64) {
        (self.events as f64, self.total as f64)
    }

    /// The observed proportion, a fraction in [0, 1].
    #[must_use]
    pub const fn proportion(self) -> f64 {
        self.events as f64 / self.total as f64
    }

    /// Whether none or all had the event.
    #[must_use]
    pub const fn at_boundary(self) -> bool {
        self.events == 0 || self.events == self.total
    }
}
