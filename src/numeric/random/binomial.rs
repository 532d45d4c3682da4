//! Binomial random numbers.

use super::Stream;
use crate::numeric::elementary::{ln, ln_1p};

/// Below this many trials, or expected events, the events are counted one by one.
const FEW: f64 = 10.0;

impl Stream {
    /// Binomial with `n` trials of probability `p` in `[0, 1]`; `None` for another `p`.
    ///
    /// Exact for every `n`. The trials are split at the median of their order statistics: the
    /// `i`-th smallest of `n` uniforms has a beta distribution, so that a comparison of it with `p`
    /// decides about half of the trials, until few are left. Of those the gaps between events are
    /// geometric. About `log₂ n` beta draws.
    ///
    /// Source: Relles, D. A. (1972). A simple algorithm for generating binomial random variables when N
    /// is large. *JASA* 67, 612–613; Ahrens & Dieter (1974), *Computing* 12, 223–246.
    /// doi:10.1080/01621459.1972.10481259.
    ///
    /// ```
    /// let mut stream = metaprop::numeric::random::Stream::new(1, 1);
    /// assert!(stream.binomial(1_000_000_000, 0.3).is_some_and(|events| events < 1_000_000_000));
    /// assert_eq!(stream.binomial(10, 1.0), Some(10));
    /// assert_eq!(stream.binomial(10, 1.5), None);
    /// ```
    #[allow(clippy::cast_precision_loss)] // beyond 2⁵³ trials the shape is rounded, not the count
    pub fn binomial(&mut self, n: u64, p: f64) -> Option<u64> {
        if !(0.0..=1.0).contains(&p) {
            return None;
        }
        if p > 0.5 {
            return self.binomial(n, 1.0 - p).map(|others| n - others);
        }
        let (mut trials, mut p) = (n, p);
        let mut events = 0;
        while trials as f64 * p.min(1.0 - p) > FEW {
            let middle = trials / 2 + 1;
            let value = self.beta(middle as f64, (trials + 1 - middle) as f64);
            if value <= p {
                // `middle` events so far; the rest lie uniformly above `value`.
                events += middle;
                trials -= middle;
                p = (p - value) / (1.0 - value);
            } else {
                trials = middle - 1;
                p /= value;
            }
            p = p.clamp(0.0, 1.0);
        }
        Some(events + self.few_events(trials, p))
    }

    /// Adds up the geometric gaps between events (Devroye 1986, chapter X, section 4.3).
    fn few_events(&mut self, trials: u64, p: f64) -> u64 {
        if p > 0.5 {
            return trials - self.few_events(trials, 1.0 - p);
        }
        if p == 0.0 {
            return 0;
        }
        let ln_failure = ln_1p(-p);
        let mut left = trials;
        let mut events = 0;
        loop {
            let gap = ln(self.uniform()) / ln_failure;
            #[allow(clippy::cast_precision_loss)]
            if gap >= left as f64 {
                return events;
            }
            // 0 ≤ gap < left: the cast truncates to the number of failures before the event.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let failures = gap as u64;
            left -= failures + 1;
            events += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::beta;

    /// Frequencies of counts against the binomial distribution function, in standard errors.
    #[test]
    #[allow(clippy::cast_precision_loss)]
    fn distribution() {
        let draws = 20_000;
        for (n, p) in [(1, 0.3), (7, 0.5), (50, 0.9), (1000, 0.004), (5000, 0.37), (10_000_000, 0.2)] {
            let mut stream = Stream::new(n, 17);
            let counts: Vec<u64> = (0..draws).filter_map(|_| stream.binomial(n, p)).collect();
            let sd = (n as f64 * p * (1.0 - p)).sqrt();
            for z in [-1.5, -0.5, 0.0, 1.0] {
                let limit = (n as f64 * p + z * sd).floor().max(0.0);
                let expected = beta::upper_regularized(p, limit + 1.0, n as f64 - limit);
                let below = counts.iter().filter(|&&count| count as f64 <= limit).count() as f64;
                let frequency = below / f64::from(draws);
                let error = (expected * (1.0 - expected) / f64::from(draws)).sqrt();
                assert!((frequency - expected).abs() < 5.0 * error, "{n} {p} {limit}");
            }
        }
    }

    #[test]
    fn edges() {
        let mut stream = Stream::new(1, 1);
        assert_eq!(stream.binomial(0, 0.4), Some(0));
        assert_eq!(stream.binomial(5, 0.0), Some(0));
        assert!(stream.binomial(u64::MAX, 1e-300) == Some(0));
        assert!(stream.binomial(5, f64::NAN).is_none());
    }
}
