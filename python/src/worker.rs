//! Work away from the interpreter: the lock of Python is free, Ctrl-C is heard, a panic is an exception.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use metaprop::Error;
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::errors::{self, InternalError};

/// How much stack work has: as much as the program.
const STACK: usize = 8 << 20;

/// How long Ctrl-C may wait.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Set where work is to end.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Whether work goes on.
    pub fn goes_on(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }
}

/// Does work on a thread of its own, with a pool of `threads` (one a core where none are said) for what is parallel.
///
/// Ctrl-C is `KeyboardInterrupt` at once; the work is told to stop, and where it does not listen its thread ends by
/// itself and nobody waits for it.
pub fn run<T: Send + 'static>(
    py: Python<'_>,
    threads: Option<usize>,
    work: impl FnOnce(&Stop) -> Result<T, Error> + Send + 'static,
) -> PyResult<T> {
    let stop = Stop::default();
    let told = stop.clone();
    let (send, mut receive) = sync_channel(1);
    let job = move || {
        let done = catch_unwind(AssertUnwindSafe(|| pool(threads)?.install(|| work(&told))));
        // Where nobody waits any more, nobody needs it.
        let _ = send.send(done);
    };
    thread::Builder::new().name("metaprop".to_owned()).stack_size(STACK).spawn(job)?;
    loop {
        // A receiver belongs to one thread: it is handed over and back.
        let (back, received) = py.detach(move || {
            let received = receive.recv_timeout(LOOK_EVERY);
            (receive, received)
        });
        receive = back;
        match received {
            Ok(Ok(done)) => return done.map_err(|error| errors::exception(py, &error)),
            Ok(Err(panic)) => return Err(panicked(&*panic)),
            Err(RecvTimeoutError::Timeout) => {
                if let Err(interrupt) = py.check_signals() {
                    stop.0.store(true, Ordering::Relaxed);
                    return Err(interrupt);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return Err(panicked(&"its thread ended")),
        }
    }
}

/// The pools of this process, by how many threads they have; a process that was forked has none of its parent's.
static POOLS: Mutex<Option<(u32, Pools)>> = Mutex::new(None);

type Pools = HashMap<usize, Arc<ThreadPool>>;

fn pool(threads: Option<usize>) -> Result<Arc<ThreadPool>, Error> {
    let threads = threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    if pools.as_ref().is_none_or(|(of, _)| *of != process::id()) {
        // The threads of the parent's pools are not here, and to end them would wait for them.
        std::mem::forget(pools.replace((process::id(), Pools::new())));
    }
    let Some((_, known)) = pools.as_mut() else { return Err(Error::usage("no threads")) };
    if let Some(pool) = known.get(&threads) {
        return Ok(Arc::clone(pool));
    }
    let built = ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build();
    let pool = Arc::new(
        built.map_err(|error| Error::usage(format!("{threads} threads cannot be started: {error}")))?,
    );
    known.insert(threads, Arc::clone(&pool));
    Ok(pool)
}

/// The process that searched first; 0 where none did.
static SEARCHED_IN: AtomicU32 = AtomicU32::new(0);

/// Refuses a search in a process that was forked from one that searched: the threads that searches share are not there.
///
/// # Errors
///
/// [`Error::Usage`], with what to do.
pub fn refuse_after_fork() -> Result<(), Error> {
    let first = SEARCHED_IN.compare_exchange(0, process::id(), Ordering::Relaxed, Ordering::Relaxed);
    match first {
        Err(process) if process != process::id() => Err(errors::usage(
            "this process was forked from one that has searched, whose threads it does not have",
            "start processes by 'spawn' (multiprocessing.set_start_method), or search before none is forked",
        )),
        _ => Ok(()),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> PyErr {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    InternalError::new_err(format!(
        "metaprop failed where it must not: {}\n  help: this is a defect; please report it with the data and the call",
        text.unwrap_or("no reason given")
    ))
}

/// Panics, so that tests see what a panic becomes.
#[pyfunction]
pub fn panic_for_tests(py: Python<'_>) -> PyResult<()> {
    run(py, Some(1), |_| -> Result<(), Error> { panic!("on purpose") })
}
