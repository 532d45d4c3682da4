//! Ctrl-C during a long search: the best result so far is printed, and the program exits with code 130.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// Whether the person at the terminal has had enough.
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From here on the first Ctrl-C is noted; the second ends the program at once.
    pub fn armed() -> Self {
        let came = Arc::new(AtomicBool::new(false));
        // In this order: the second signal finds what the first has set. Where a system has no such
        // signal, it ends the program as ever.
        let _ = flag::register_conditional_default(SIGINT, Arc::clone(&came));
        let _ = flag::register(SIGINT, Arc::clone(&came));
        Self(came)
    }

    /// Whether it came.
    pub fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
