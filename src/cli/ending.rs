//! How a command ends, and the exit codes.

/// What the help says of them.
pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  a claim does not hold, nothing was found, a percentage is impossible, a report is
     stale, or an advisory under --strict
  2  usage, or an analysis file that cannot be understood
  3  data rejected
  4  no convergence
  5  a file could not be read or written
130  stopped by Ctrl-C; a long search prints the best it had found";

/// How a command ended, where it ended without an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Exit 0.
    Done,
    /// Exit 1: stale, impossible, does not hold, or an advisory under `--strict`.
    Negative,
    /// Exit 130: stopped by Ctrl-C; the best result so far is printed.
    Interrupted,
}

impl Ending {
    /// Of a computation that has printed what there is, and was stopped by Ctrl-C or not.
    pub const fn of(stopped: bool) -> Self {
        if stopped { Self::Interrupted } else { Self::Done }
    }
}
