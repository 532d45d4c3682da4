//! What a long computation is asked to go on by: it is shown on the terminal, and stopped at Ctrl-C.

use super::interrupt::Interrupt;
use super::progress::Progress;

/// Shows how far it is, in these steps, and stops it at Ctrl-C.
pub(super) fn watched(steps: &'static str) -> impl FnMut(u64, u64) -> bool {
    let (interrupt, mut progress) = (Interrupt::armed(), Progress::new(steps));
    move |done, all| {
        progress.at(done, all);
        !interrupt.came()
    }
}
