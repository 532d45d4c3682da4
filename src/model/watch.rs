//! Who is informed how far a long computation is.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many steps are done between two calls.
const STEPS_BETWEEN: u64 = 64;

/// A function that is given how many steps are done and how many there are, from any thread; or nobody.
#[derive(Clone, Copy, Default)]
pub(crate) struct Watch<'a>(Option<&'a (dyn Fn(u64, u64) + Sync)>);

impl<'a> Watch<'a> {
    #[cfg(any(test, feature = "cli"))]
    pub const fn new(report: &'a (dyn Fn(u64, u64) + Sync)) -> Self {
        Self(Some(report))
    }

    /// A count of the steps of one computation.
    pub const fn steps(self, all: u64) -> Steps<'a> {
        Steps { watch: self, done: AtomicU64::new(0), all }
    }
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Watch(somebody)" } else { "Watch(nobody)" })
    }
}

/// How many steps of a computation are done.
pub(crate) struct Steps<'a> {
    watch: Watch<'a>,
    done: AtomicU64,
    all: u64,
}

impl Steps<'_> {
    /// One more is done.
    pub fn next(&self) {
        let Some(report) = self.watch.0 else { return };
        let done = self.done.fetch_add(1, Ordering::Relaxed);
        if done.is_multiple_of(STEPS_BETWEEN) {
            report(done, self.all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sixty_fourth_step_is_reported() {
        let heard = std::sync::Mutex::new(Vec::new());
        let report = |done, all| heard.lock().unwrap().push((done, all));
        let steps = Watch::new(&report).steps(200);
        (0..200).for_each(|_| steps.next());
        assert_eq!(*heard.lock().unwrap(), [(0, 200), (64, 200), (128, 200), (192, 200)]);
        Watch::default().steps(200).next();
    }
}
