//! Ctrl-C: a search prints the best result so far; whatever else runs ends within a second. Both with exit code 130.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use signal_hook::consts::SIGINT;
use signal_hook::flag;

use super::progress;

/// How often it is looked whether Ctrl-C came.
const LOOK: Duration = Duration::from_millis(50);
/// How long a search has to notice that it came. A search looks every 50 ms.
const GRACE: Duration = Duration::from_millis(700);
/// The exit code of a program that was stopped so.
const STOPPED: i32 = 130;

/// What is known of Ctrl-C in this process.
#[derive(Default)]
struct State {
    came: Arc<AtomicBool>,
    /// A search has noticed, and is about to print what it has.
    is_answered: AtomicBool,
}

fn state() -> &'static State {
    static STATE: OnceLock<State> = OnceLock::new();
    STATE.get_or_init(State::default)
}

/// From here on the first Ctrl-C ends the command within a second, and the second one at once. `command` is what the
/// line about it names.
pub(super) fn watch(command: &'static str) {
    // In this order: the second signal finds what the first has set. Where a system has no such signal, it ends the
    // program as ever.
    let _ = flag::register_conditional_default(SIGINT, Arc::clone(&state().came));
    let _ = flag::register(SIGINT, Arc::clone(&state().came));
    // A thread that sleeps, because the program reads no clock; it dies with the program. Where none can be started,
    // Ctrl-C is answered between two steps alone.
    let _ = thread::Builder::new().spawn(move || {
        while !state().came.load(Ordering::Relaxed) {
            thread::sleep(LOOK);
        }
        thread::sleep(GRACE);
        if !state().is_answered.load(Ordering::Relaxed) {
            say_that_there_is_no_result(command);
            std::process::exit(STOPPED);
        }
    });
}

/// What the command says where it was stopped and has nothing to print.
pub(super) fn say_that_there_is_no_result(command: &str) {
    progress::clear();
    let _ = writeln!(std::io::stderr(), "{command} was stopped by Ctrl-C before it had a result");
}

/// Whether Ctrl-C came, and a search has noticed it.
pub(super) fn is_answered() -> bool {
    state().is_answered.load(Ordering::Relaxed)
}

/// Whether the person at the terminal has had enough. Who asks and hears yes prints what there is, and ends.
pub(super) struct Interrupt;

impl Interrupt {
    /// For a search that can be stopped between two steps.
    pub const fn armed() -> Self {
        Self
    }

    /// Whether it came.
    pub fn came(&self) -> bool {
        let came = state().came.load(Ordering::Relaxed);
        if came {
            state().is_answered.store(true, Ordering::Relaxed);
        }
        came
    }
}
