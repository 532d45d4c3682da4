//! A line on standard error that says how far a long search is.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::terminal::is_dumb;

/// How long a search may take before it says how far it is.
const PATIENCE: Duration = Duration::from_secs(1);
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
    is_due: Arc<AtomicBool>,
    shown: Option<u64>,
}

impl Progress {
    pub fn new(label: &'static str) -> Self {
        let is_due = Arc::new(AtomicBool::new(false));
        if std::io::stderr().is_terminal() && !is_dumb() {
            // A thread that sleeps, because the program reads no clock; it dies with the program.
            let later = Arc::clone(&is_due);
            // Where no thread can be had, there is no bar.
            let _ = thread::Builder::new().spawn(move || {
                thread::sleep(PATIENCE);
                later.store(true, Ordering::Relaxed);
            });
        }
        Self { label, is_due, shown: None }
    }

    /// Says that `done` of `all` steps are done.
    pub fn at(&mut self, done: u64, all: u64) {
        let percent = 100 * done / all.max(1);
        if !self.is_due.load(Ordering::Relaxed) || self.shown == Some(percent) {
            return;
        }
        self.shown = Some(percent);
        IS_SHOWN.store(true, Ordering::Relaxed);
        let full = (WIDTH * done / all.max(1)) as usize;
        let bar: String = (0..WIDTH as usize).map(|at| if at < full { '█' } else { '░' }).collect();
        // A closed standard error is no reason to stop.
        let _ = write!(std::io::stderr(), "\r{} {bar} {percent}%", self.label);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        clear();
    }
}
