//! A line on standard error that says how far a long search is, and about how long it will still take.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use super::terminal::is_dumb;

/// How long a search may take before it says how far it is.
const PATIENCE: u64 = 1;
/// From the time that so many seconds took, the time that is left is estimated.
const ENOUGH_FOR_AN_ESTIMATE: u64 = 3;
const WIDTH: u64 = 30;
/// Whether a bar stands in the line where the next text would come.
static IS_SHOWN: AtomicBool = AtomicBool::new(false);

/// Takes the bar away, if there is one.
pub(super) fn clear() {
    if IS_SHOWN.swap(false, Ordering::Relaxed) {
        let _ = write!(std::io::stderr(), "\r\u{1b}[K");
    }
}

/// A progress bar: on a terminal alone, and only once a second has gone by.
pub(super) struct Progress {
    label: &'static str,
    /// The seconds since the start.
    seconds: Arc<AtomicU64>,
    shown: Option<(u64, u64)>,
}

impl Progress {
    pub fn new(label: &'static str) -> Self {
        let seconds = Arc::new(AtomicU64::new(0));
        if std::io::stderr().is_terminal() && !is_dumb() {
            // A thread that counts seconds, because the program reads no clock; it ends with the bar.
            let counted = Arc::downgrade(&seconds);
            // Where no thread can be had, there is no bar.
            let _ = thread::Builder::new().spawn(move || {
                loop {
                    thread::sleep(Duration::from_secs(1));
                    let Some(seconds) = counted.upgrade() else { break };
                    seconds.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        Self { label, seconds, shown: None }
    }

    /// Says that `done` of `all` steps are done.
    pub fn at(&mut self, done: u64, all: u64) {
        let percent = 100 * done / all.max(1);
        let seconds = self.seconds.load(Ordering::Relaxed);
        if seconds < PATIENCE || self.shown == Some((percent, seconds)) {
            return;
        }
        self.shown = Some((percent, seconds));
        IS_SHOWN.store(true, Ordering::Relaxed);
        let full = (WIDTH * done / all.max(1)) as usize;
        let bar: String = (0..WIDTH as usize).map(|at| if at < full { '█' } else { '░' }).collect();
        let left = time_left(seconds, done, all).map(|left| format!(", {left}")).unwrap_or_default();
        // A closed standard error is no reason to stop.
        let _ = write!(std::io::stderr(), "\r{} {bar} {percent}%{left}\u{1b}[K", self.label);
    }
}

/// About how long the steps that are left take, at the speed of those before; `None` where it is too early to say.
fn time_left(seconds: u64, done: u64, all: u64) -> Option<String> {
    if seconds < ENOUGH_FOR_AN_ESTIMATE || done == 0 || done >= all {
        return None;
    }
    let left = (u128::from(seconds) * u128::from(all - done)).div_ceil(u128::from(done));
    Some(match left {
        0..=90 => format!("about {left} s left"),
        91..=5400 => format!("about {} min left", (left + 30) / 60),
        _ => format!("about {} h left", (left + 1800) / 3600),
    })
}

impl Drop for Progress {
    fn drop(&mut self) {
        clear();
    }
}

#[cfg(test)]
mod tests {
    use super::time_left;

    #[test]
    fn the_time_left_is_that_of_the_steps_left_at_the_same_speed() {
        assert_eq!(time_left(10, 25, 100).as_deref(), Some("about 30 s left"));
        assert_eq!(time_left(60, 1, 11).as_deref(), Some("about 10 min left"));
        assert_eq!(time_left(3600, 1, 4).as_deref(), Some("about 3 h left"));
        assert_eq!(time_left(2, 50, 100), None);
        assert_eq!(time_left(10, 0, 100), None);
        assert_eq!(time_left(10, 100, 100), None);
    }
}
