//! Work of another crate that may panic on a broken file, stopped where it does, without a message.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread is caught here, and no fault of the program to be reported.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// What the work gives; nothing where it panics. What it has borrowed is not to be used after that.
///
/// The message of a panic is written by the hook of the process, which is therefore replaced once, by one that leaves these
/// out and hands on all others.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    static REPLACED: Once = Once::new();
    REPLACED.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |panic| {
            if !CAUGHT.get() {
                others(panic);
            }
        }));
    });
    let before = CAUGHT.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    CAUGHT.set(before);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing_and_the_next_is_reported_again() {
        let inside = || caught(|| panic!("not to be seen")).unwrap_or(2);
        assert_eq!((caught(|| 1), caught(inside)), (Some(1), Some(2)));
        assert!(!CAUGHT.get());
    }
}
