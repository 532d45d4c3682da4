//! A search on a thread of its own, which can be left in the middle of a step.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::error::Error;

/// How long a step may take before it is asked again whether to go on.
const ASK_AGAIN: Duration = Duration::from_millis(50);
/// The stack of the thread: as much as the program gives to its first one.
const STACK: usize = 8 << 20;

/// What a search has found so far. Two threads have it: the one that searches, and the one that waits for it.
pub(in crate::published) struct Findings<T>(Arc<Mutex<Option<T>>>);

impl<T> Findings<T> {
    /// Adds to them; `Break` where the search was left, and nobody looks at them any more.
    pub fn add(&self, change: impl FnOnce(&mut T)) -> ControlFlow<()> {
        match &mut *self.lock() {
            Some(found) => {
                change(found);
                ControlFlow::Continue(())
            }
            None => ControlFlow::Break(()),
        }
    }

    fn take(&self) -> Option<T> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Findings<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Asks whether to go on: given how many steps are done and how many there are.
pub(in crate::published) type Ask<'a> = dyn FnMut(u64, u64) -> bool + 'a;

/// Runs a search that adds to `found`, and returns that, and whether the search was stopped.
///
/// The search asks before each step; while a step lasts, `keep_going` is asked every 50 ms. When it says no, what was
/// found is returned at once, and the thread ends with its step: what that would have found is lost. A search that is
/// not stopped gives the same on any number of threads.
///
/// On a thread of rayon's, and where no thread can be started, it is asked before each step alone.
///
/// # Errors
///
/// The error of the search.
pub(in crate::published) fn search<T: Send + 'static>(
    found: T,
    search: impl FnOnce(&Findings<T>, &mut Ask<'_>) -> Result<(), Error> + Send + 'static,
    keep_going: &mut Ask<'_>,
) -> Result<(T, bool), Error> {
    let findings = Findings(Arc::new(Mutex::new(Some(found))));
    let stopped = match Worker::start(findings.clone(), search) {
        Ok(worker) => worker.wait(keep_going)?,
        Err(search) => here(search, &findings, keep_going)?,
    };
    let found = findings.take().expect("only this thread takes them");
    Ok((found, stopped))
}

/// Runs it on this thread.
fn here<T, S>(search: S, findings: &Findings<T>, keep_going: &mut Ask<'_>) -> Result<bool, Error>
where
    S: FnOnce(&Findings<T>, &mut Ask<'_>) -> Result<(), Error>,
{
    let mut stopped = false;
    search(findings, &mut |done, all| {
        stopped |= !keep_going(done, all);
        !stopped
    })?;
    Ok(stopped)
}

/// The thread, with its questions and the answers to them.
struct Worker {
    thread: thread::JoinHandle<Result<(), Error>>,
    questions: Receiver<(u64, u64)>,
    answers: Sender<bool>,
}

impl Worker {
    /// The search itself, where it has to run on this thread.
    fn start<T, S>(findings: Findings<T>, search: S) -> Result<Self, S>
    where
        T: Send + 'static,
        S: FnOnce(&Findings<T>, &mut Ask<'_>) -> Result<(), Error> + Send + 'static,
    {
        if rayon::current_thread_index().is_some() {
            return Err(search);
        }
        let (ask, questions) = channel();
        let (answers, answer) = channel();
        // A thread that cannot be started drops what it was given.
        let kept = Arc::new(Mutex::new(Some(search)));
        let given = Arc::clone(&kept);
        let take = |kept: &Mutex<Option<S>>| kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        let work = move || {
            let search = take(&given).expect("the thread takes it once");
            // Where nobody answers, the search was left.
            search(&findings, &mut |done, all| {
                ask.send((done, all)).is_ok() && answer.recv().unwrap_or(false)
            })
        };
        match thread::Builder::new().stack_size(STACK).spawn(work) {
            Ok(thread) => Ok(Self { thread, questions, answers }),
            Err(_) => Err(take(&kept).expect("the thread was not started")),
        }
    }

    /// Answers until the search has ended or is to be left; whether it was left.
    fn wait(self, keep_going: &mut Ask<'_>) -> Result<bool, Error> {
        let mut at = None;
        loop {
            let (is_asked, (done, all)) = match (self.questions.recv_timeout(ASK_AGAIN), at) {
                (Ok(asked), _) => (true, asked),
                (Err(RecvTimeoutError::Timeout), Some(last)) => (false, last),
                (Err(RecvTimeoutError::Timeout), None) => continue,
                (Err(RecvTimeoutError::Disconnected), _) => break,
            };
            at = Some((done, all));
            if !keep_going(done, all) {
                return Ok(true);
            }
            if is_asked && self.answers.send(true).is_err() {
                break;
            }
        }
        match self.thread.join() {
            Ok(ended) => ended.map(|()| false),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_without_end_is_left_with_what_was_found_before() {
        let (stop, stopped) = channel::<()>();
        let mut asked = 0;
        let found = search(
            Vec::new(),
            move |findings, ask| {
                let _ = findings.add(|found| found.push(1));
                ask(0, 2);
                // Until the test has ended.
                let _ = stopped.recv();
                let _ = findings.add(|found| found.push(2));
                Ok(())
            },
            &mut |done, all| {
                assert_eq!((done, all), (0, 2));
                asked += 1;
                asked < 3
            },
        );
        assert_eq!(found.unwrap(), (vec![1], true));
        drop(stop);
    }

    #[test]
    fn a_search_that_goes_on_to_its_end_gives_everything_and_its_error() {
        let counting = |findings: &Findings<u64>, ask: &mut Ask<'_>| {
            for step in 0..100 {
                if !ask(step, 100) || findings.add(|found| *found += 1).is_break() {
                    return Ok(());
                }
            }
            Ok(())
        };
        assert_eq!(search(0, counting, &mut |_, _| true).unwrap(), (100, false));
        assert_eq!(search(0, counting, &mut |done, _| done < 7).unwrap(), (7, true));
        let on_rayon = rayon::join(|| search(0, counting, &mut |done, _| done < 7).unwrap(), || ()).0;
        assert_eq!(on_rayon, (7, true));
        let failed = search((), |_, _| Err(Error::usage("no")), &mut |_, _| true);
        assert_eq!(failed.unwrap_err().to_string(), "no");
    }
}
