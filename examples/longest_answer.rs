//! How long the exact models take over random sparse tables, and what they answer.
//!
//! Run it with `cargo run --release --example longest_answer -- 10000`: tables 0 to 9,999, which are the same on
//! every run. `-- 10000 4000` goes on at table 4,000, and `-- 10000 0 57` fits each table under every 57th of the 57
//! specifications, the next table under the next. A specification has a line with its median, its 99.9th percentile and
//! its longest time in milliseconds; an answer that took more than a second is named on standard error with its table.
//! Times are those of the processor where the system tells them (Linux), else those of the clock.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use metaprop::numeric::random::Stream;
use metaprop::options::{Choice, Ci, Measure, Model, Quadrature, Request, Tau2Ci};
use metaprop::report::json::{Layout, text};
use metaprop::{Dataset, Error, MetaAnalysis, Spec, fit};

fn main() -> Result<(), Error> {
    let mut numbers = std::env::args().skip(1).map(|argument| argument.parse().expect("a number"));
    let mut next = |default: u64| numbers.next().unwrap_or(default);
    let (end, first, share) = (next(100), next(0), next(1));
    print!("{}", run(first, end, share)?);
    Ok(())
}

/// The times and the outcomes of the tables `first..end`, each under one of `share` parts of the exact specifications.
pub fn run(first: u64, end: u64, share: u64) -> Result<String, Error> {
    let mut kinds = exact_specifications()?;
    let mut outcomes = Outcomes::default();
    for index in first..end {
        let rows = sparse_table(index);
        let data = data_of(&rows)?;
        for (number, kind) in (0..).zip(&mut kinds) {
            if (index + number) % share != 0 {
                continue;
            }
            let time = kind.answer(&data, index, &mut outcomes)?;
            if time > Duration::from_secs(1) {
                eprintln!("{} took {time:?} over table {index}: {rows:?}", kind.name);
            }
        }
        if (index + 1) % 1000 == 0 {
            eprint!("{}", report(&kinds, index + 1 - first));
        }
    }
    let mut report = report(&kinds, end - first);
    for (outcome, (times, first)) in &outcomes.0 {
        writeln!(report, "{times} times: {outcome}; first {first}").expect("text");
    }
    Ok(report)
}

/// The lines of the specifications, and one of all.
fn report(kinds: &[Kind], tables: u64) -> String {
    let mut report = format!("{tables} tables\n{:<46} answers   median    99.9%   longest  table\n", "");
    for kind in kinds {
        report += &line(&kind.name, kind.times.clone());
    }
    report + &line("all", kinds.iter().flat_map(|kind| kind.times.iter().copied()).collect())
}

/// How often each outcome came, with the first specification and table that had it.
#[derive(Default)]
struct Outcomes(BTreeMap<String, (usize, String)>);

/// One exact specification, with the times that it took and the table of each.
struct Kind {
    name: String,
    spec: Spec,
    times: Vec<(Duration, u64)>,
}

impl Kind {
    fn new(request: &Request) -> Result<Self, Error> {
        let spec = request.resolve()?;
        let tau2_ci = request.tau2_ci.map(|word| format!("tau2-ci={}", word.key()));
        let quadrature = request.quadrature.map(|word| word.key().to_owned());
        let words = [spec.measure().key().to_owned(), format!("ci={}", spec.ci().key())];
        let name = [spec.model().key().to_owned()].into_iter().chain(words).chain(tau2_ci).chain(quadrature);
        Ok(Self { name: name.collect::<Vec<_>>().join(" "), spec, times: Vec::new() })
    }

    /// Fits the table, writes the document, and keeps the time and the outcomes.
    fn answer(&mut self, data: &Dataset, index: u64, outcomes: &mut Outcomes) -> Result<Duration, Error> {
        let (time, found) = self.time(data)?;
        self.times.push((time, index));
        for outcome in found {
            let first = || (0, format!("{} over table {index}", self.name));
            outcomes.0.entry(outcome).or_insert_with(first).0 += 1;
        }
        Ok(time)
    }

    fn time(&self, data: &Dataset) -> Result<(Duration, Vec<String>), Error> {
        let start = Stopwatch::new();
        let result = fit(data, &self.spec);
        if let Ok(result) = &result {
            std::hint::black_box(text(result, Layout::Line));
        }
        let time = start.elapsed();
        match result {
            Ok(result) => Ok((time, outcomes(&result))),
            Err(error @ (Error::NoConvergence(_) | Error::Data(_))) => {
                let by =
                    self.spec.quadrature().map_or(self.spec.model().key(), |quadrature| quadrature.key());
                let what = without_digits(&error.to_string());
                let kind = format!("exit {} with {by}: {what}", error.exit_code());
                Ok((time, vec![kind]))
            }
            Err(other) => Err(other),
        }
    }
}

/// The time of the processor that this thread has used, or of the clock. Fits of the exact models have one thread.
struct Stopwatch {
    processor: Option<Duration>,
    clock: Instant,
}

impl Stopwatch {
    fn new() -> Self {
        Self { processor: Self::processor(), clock: Instant::now() }
    }

    fn processor() -> Option<Duration> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
    }

    fn elapsed(&self) -> Duration {
        let processor = self.processor.zip(Self::processor());
        processor.map_or_else(|| self.clock.elapsed(), |(start, end)| end.saturating_sub(start))
    }
}

/// A line of the report: how many answers, and their times in milliseconds with the table of the longest.
fn line(name: &str, mut times: Vec<(Duration, u64)>) -> String {
    times.sort_unstable();
    let at = |share: f64| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let place = (share * times.len() as f64).ceil() as usize;
        times.get(place.max(1) - 1).map_or((0.0, 0), |(time, index)| (time.as_secs_f64() * 1e3, *index))
    };
    let ((median, _), (rare, _), (longest, table)) = (at(0.5), at(0.999), at(1.0));
    format!("{name:<46} {:7} {median:8.2} {rare:8.1} {longest:9.1} {table:6}\n", times.len())
}

/// Every exact model with every interval, interval of tau2 and quadrature that it takes.
fn exact_specifications() -> Result<Vec<Kind>, Error> {
    const INTERVALS: [Ci; 3] = [Ci::T, Ci::Wald, Ci::Profile];
    let mut kinds = Vec::new();
    for ci in INTERVALS {
        let of_beta = Request { model: Some(Model::BetaBinomial), ci: Some(ci), ..Request::default() };
        kinds.push(Kind::new(&of_beta)?);
        for measure in [Measure::Logit, Measure::Probit, Measure::Cloglog] {
            for tau2_ci in [Tau2Ci::Profile, Tau2Ci::None] {
                for quadrature in Quadrature::ALL {
                    kinds.push(Kind::new(&Request {
                        model: Some(Model::Glmm),
                        measure: Some(measure),
                        tau2_ci: Some(tau2_ci),
                        quadrature: Some(*quadrature),
                        ci: Some(ci),
                        ..Request::default()
                    })?);
                }
            }
        }
    }
    Ok(kinds)
}

/// What is missing in a result, and the codes of its advisories.
fn outcomes(result: &MetaAnalysis) -> Vec<String> {
    let mut outcomes: Vec<String> =
        result.advisories.iter().map(|advisory| format!("advisory {:?}", advisory.code)).collect();
    let limits = result.random.as_ref().and_then(|summary| summary.limits());
    if limits.is_none() {
        outcomes.push("no limits of the pooled value".to_owned());
    }
    outcomes.sort();
    outcomes.dedup();
    outcomes
}

/// A message with `#` for its numbers, so that those of one kind are counted together.
fn without_digits(message: &str) -> String {
    message.chars().map(|letter| if letter.is_ascii_digit() { '#' } else { letter }).collect()
}

fn data_of(rows: &[(u64, u64)]) -> Result<Dataset, Error> {
    Dataset::proportions(rows.iter().zip(1..).map(|(&(events, total), at)| (format!("s{at}"), events, total)))
}

/// The table of this index: 2 to 100 studies of 1 to 500 people. Of ten tables seven have next to no events, two
/// next to nothing else, and in one the studies are empty, full or in between.
fn sparse_table(index: u64) -> Vec<(u64, u64)> {
    let mut stream = Stream::new(1, index);
    let (kind, k) = (stream.below(10), 2 + stream.below(99));
    let highest = 0.02 * stream.uniform();
    (0..k)
        .map(|_| {
            let total = 1 + stream.below(500);
            let probability = highest * stream.uniform();
            let events = stream.binomial(total, probability).expect("a probability");
            let events = match (kind, stream.below(3)) {
                (0..7, _) | (9, 0) => events,
                (7 | 8, _) | (9, 1) => total - events,
                _ => stream.below(total + 1),
            };
            (events, total)
        })
        .collect()
}
