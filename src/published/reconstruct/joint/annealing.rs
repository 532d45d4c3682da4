//! A local search by simulated annealing, as that of one outcome.
//!
//! A try draws which known studies are in, with which counts, and keeps them. A step then moves one event of one
//! outcome in or out of a study whose events are not known, or moves people from one unknown study to another. A
//! worse table is accepted with a probability that decreases during the try.

use super::choice::Choice;
use super::query::JointQuery;
use super::table::{HALF_KNOWN, JointRow, KNOWN, MADE_UP, counts};
use crate::numeric::elementary::{exp, ln};
use crate::numeric::random::Stream;
use crate::published::reconstruct::query::PreparedQuery;
use crate::published::search::RowCache;

/// Steps of a try.
const STEPS: u32 = 24_000;
/// The temperatures at the start and at the end of a try, in steps of the last printed digit.
const TEMPERATURES: [f64; 2] = [6.0, 0.02];
/// How many choices of known studies are drawn for one that leaves room for a table.
const DRAWS: u32 = 400;

/// The best table of a try.
pub(super) struct JointAnnealing {
    pub rows: Vec<JointRow>,
    /// 0 where the table fits.
    pub distance: f64,
    /// How many tables were examined.
    pub examined: u64,
}

/// The try with this index; `None` where no choice that was drawn leaves room for a table. `out` are the choices
/// that are shown to have none.
pub(super) fn anneal(
    query: &JointQuery<'_>,
    prepared: &[PreparedQuery<'_>; 2],
    out: &[Choice],
    index: u64,
) -> Option<JointAnnealing> {
    let mut stream = Stream::new(query.seed, index);
    let mut current = (0..DRAWS).find_map(|_| {
        let choice = Choice::random(&query.known, &mut stream);
        if out.contains(&choice) { None } else { first_table(query, prepared, &choice, &mut stream) }
    })?;
    let mut caches = [RowCache::new(), RowCache::new()];
    let mut distance = distance_of(prepared, &current, &mut caches);
    let (mut best, mut least) = (current.clone(), distance);
    let cooling = (ln(TEMPERATURES[1]) - ln(TEMPERATURES[0])) / f64::from(STEPS);
    let mut examined = 1;
    for step in 0..STEPS {
        if least == 0.0 {
            break;
        }
        let mut neighbour = current.clone();
        if changed(&mut neighbour, prepared[0].sizes(), &mut stream).is_none() {
            continue;
        }
        let next = distance_of(prepared, &neighbour, &mut caches);
        let temperature = TEMPERATURES[0] * exp(cooling * f64::from(step));
        examined += 1;
        if next <= distance || stream.uniform() < exp((distance - next) / temperature) {
            (current, distance) = (neighbour, next);
        }
        if distance < least {
            (best, least) = (current.clone(), distance);
        }
    }
    Some(JointAnnealing { rows: in_order(best), distance: least, examined })
}

/// The sum of the distances of both outcomes.
fn distance_of(prepared: &[PreparedQuery<'_>; 2], rows: &[JointRow], caches: &mut [RowCache; 2]) -> f64 {
    let of = prepared.iter().zip(caches).enumerate();
    of.map(|(outcome, (query, cache))| query.distance(&counts(rows, outcome), cache)).sum()
}

/// The known studies of a choice, and unknown ones with the people that are left; `None` where there is no room.
fn first_table(
    query: &JointQuery<'_>,
    prepared: &[PreparedQuery<'_>; 2],
    choice: &Choice,
    stream: &mut Stream,
) -> Option<Vec<JointRow>> {
    let mut rows: Vec<JointRow> = Vec::new();
    for (study, reading) in choice.studies(&query.known) {
        let known_events = reading.events.map(|events| events.is_some());
        let [first, second] = reading.events.map(|events| events.unwrap_or(0));
        rows.push(JointRow {
            study: study.to_string(),
            events: first,
            also_events: second,
            total: reading.total,
            known: true,
            known_events,
            origin: if known_events == [true, true] { KNOWN } else { HALF_KNOWN },
        });
    }
    let [least, most] = prepared[0].sizes();
    let unknown = prepared[0].k.checked_sub(rows.len())? as u64;
    let mut people = prepared[0].total.checked_sub(rows.iter().map(|row| row.total).sum())?;
    if people < unknown * least || people > unknown.saturating_mul(most) {
        return None;
    }
    for left in (1..=unknown).rev() {
        // What the studies after this one need at least and can take at most.
        let (needed, room) = ((left - 1) * least, (left - 1).saturating_mul(most));
        let lowest = least.max(people.saturating_sub(room));
        let highest = most.min(people - needed).min(lowest.max(2 * people / left));
        let total = lowest + stream.below(highest - lowest + 1);
        let events = stream.below(total + 1);
        rows.push(JointRow {
            study: String::new(),
            events,
            also_events: stream.below(total - events + 1),
            total,
            known: false,
            known_events: [false; 2],
            origin: MADE_UP,
        });
        people -= total;
    }
    Some(rows)
}

/// A random step; `None` where it leaves the bounds.
fn changed(rows: &mut [JointRow], sizes: [u64; 2], stream: &mut Stream) -> Option<()> {
    match stream.below(3) {
        0 => move_people(rows, sizes, stream),
        1 => change_events(rows, 0, stream),
        _ => change_events(rows, 1, stream),
    }
}

/// One event more or fewer in one study whose events are not known.
fn change_events(rows: &mut [JointRow], outcome: usize, stream: &mut Stream) -> Option<()> {
    let row = rows.get_mut(stream.below(rows.len() as u64) as usize)?;
    let room = row.total - row.events - row.also_events;
    if row.known_events[outcome] {
        return None;
    }
    let events = if outcome == 0 { &mut row.events } else { &mut row.also_events };
    *events = match stream.below(2) {
        0 => events.checked_sub(1)?,
        _ if room > 0 => *events + 1,
        _ => return None,
    };
    Some(())
}

/// One person from one unknown study to another, with the first outcome, the second or neither.
fn move_people(rows: &mut [JointRow], [least, most]: [u64; 2], stream: &mut Stream) -> Option<()> {
    let (from, to) = (stream.below(rows.len() as u64) as usize, stream.below(rows.len() as u64) as usize);
    let with = stream.below(3);
    let leaves = |row: &JointRow| !row.known && row.total > least;
    if from == to || !leaves(&rows[from]) || rows[to].known || rows[to].total >= most {
        return None;
    }
    let giving = &mut rows[from];
    match with {
        0 => giving.events = giving.events.checked_sub(1)?,
        1 => giving.also_events = giving.also_events.checked_sub(1)?,
        _ if giving.total == giving.events + giving.also_events => return None,
        _ => {}
    }
    giving.total -= 1;
    let taking = &mut rows[to];
    taking.total += 1;
    taking.events += u64::from(with == 0);
    taking.also_events += u64::from(with == 1);
    Some(())
}

/// The known studies first, then the unknown ones in descending order, numbered.
fn in_order(rows: Vec<JointRow>) -> Vec<JointRow> {
    let (mut known, mut unknown): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.known);
    unknown.sort_by_key(|row| std::cmp::Reverse((row.total, row.events, row.also_events)));
    for (row, number) in unknown.iter_mut().zip(1..) {
        row.study = format!("reconstructed {number}");
    }
    known.append(&mut unknown);
    known
}
