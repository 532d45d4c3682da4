//! A local search by simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983,
//! doi:10.1126/science.220.4598.671).
//!
//! A step moves one event in or out of an unknown row, moves people from one unknown row to another, or takes
//! a known row in, out, or with other counts. A worse table is accepted with a probability that decreases
//! during the try. Each try has a random stream of its own, so the result does not depend on the order of the
//! tries.

use super::query::PreparedQuery;
use super::selection::{Remainder, Selection};
use super::table::Table;
use crate::data::Counts;
use crate::numeric::elementary::{exp, ln};
use crate::numeric::random::Stream;
use crate::published::search::RowCache;

/// Steps of a try.
const STEPS: u32 = 12_000;
/// The temperatures at the start and at the end of a try: a table that is worse by as many steps of the last
/// printed digit is accepted with probability 1/e.
const TEMPERATURES: [f64; 2] = [6.0, 0.02];
/// How many selections are drawn at random for the first table; the bounds may leave few.
const DRAWS: u32 = 400;
/// How many selections are tried in order where none of those is possible.
const ORDERED: usize = 100_000;

/// The best table of a try.
pub(super) struct AnnealingResult {
    pub table: Table,
    /// 0 where the table fits.
    pub distance: f64,
    /// How many tables were examined.
    pub examined: u64,
}

/// The try with this index; `None` where no selection of known rows leaves room for a table.
pub(super) fn anneal(query: &PreparedQuery<'_>, index: u64) -> Option<AnnealingResult> {
    let mut stream = Stream::new(query.query.seed, index);
    let mut current = CandidateTable::random(query, &mut stream)?;
    let mut cache = RowCache::new();
    let mut distance = current.distance(query, &mut cache);
    let (mut best, mut least) = (current.clone(), distance);
    let cooling = (ln(TEMPERATURES[1]) - ln(TEMPERATURES[0])) / f64::from(STEPS);
    let mut examined = 1;
    for step in 0..STEPS {
        if least == 0.0 {
            break;
        }
        let Some(neighbour) = current.neighbour(query, &mut stream) else { continue };
        let next = neighbour.distance(query, &mut cache);
        let temperature = TEMPERATURES[0] * exp(cooling * f64::from(step));
        examined += 1;
        if next <= distance || stream.uniform() < exp((distance - next) / temperature) {
            (current, distance) = (neighbour, next);
        }
        if distance < least {
            (best, least) = (current.clone(), distance);
        }
    }
    let unknown = best.unknown.iter().filter_map(|&[events, total]| Counts::new(events, total));
    Some(AnnealingResult { table: Table::new(best.selection, unknown), distance: least, examined })
}

/// A table of the local search.
#[derive(Clone)]
struct CandidateTable {
    selection: Selection,
    /// Events and total of each unknown row.
    unknown: Vec<[u64; 2]>,
}

impl CandidateTable {
    fn random(query: &PreparedQuery<'_>, stream: &mut Stream) -> Option<Self> {
        let (selection, remainder) = random_selection(query, stream).or_else(|| first_selection(query))?;
        let [least, _] = query.sizes();
        let mut unknown = vec![[0, least]; remainder.rows];
        let people = remainder.people - remainder.rows as u64 * least;
        add_people(&mut unknown, people, query.sizes(), stream);
        for row in &mut unknown {
            row[0] = stream.below(row[1] + 1);
        }
        Some(Self { selection, unknown })
    }

    fn distance(&self, query: &PreparedQuery<'_>, cache: &mut RowCache) -> f64 {
        let known = self.selection.rows(&query.query.known).map(|(_, counts)| counts);
        let unknown = self.unknown.iter().filter_map(|&[events, total]| Counts::new(events, total));
        let rows: Vec<Counts> = known.chain(unknown).collect();
        query.distance(&rows, cache)
    }

    /// The table after a random step; `None` where the step leaves the bounds.
    fn neighbour(&self, query: &PreparedQuery<'_>, stream: &mut Stream) -> Option<Self> {
        let mut next = self.clone();
        match stream.below(20) {
            0..=8 => next.change_events(stream),
            9..=17 => next.move_people(query, stream),
            _ => next.change_known_row(query, stream),
        }?;
        Some(next)
    }

    /// One event more or fewer in one row.
    fn change_events(&mut self, stream: &mut Stream) -> Option<()> {
        let row = random_index(self.unknown.len(), stream)?;
        let [events, total] = self.unknown.get_mut(row)?;
        *events = if stream.below(2) == 0 { events.checked_sub(1)? } else { *events + 1 };
        (*events <= *total).then_some(())
    }

    /// One to four people from one row to another, some of them with events.
    fn move_people(&mut self, query: &PreparedQuery<'_>, stream: &mut Stream) -> Option<()> {
        let rows = self.unknown.len();
        let (from, to) = (random_index(rows, stream)?, random_index(rows, stream)?);
        let moved = 1 + stream.below(4);
        let with_events = stream.below(moved + 1);
        let [least, most] = query.sizes();
        if from == to || self.unknown.get(from)?[1] < least + moved || self.unknown.get(to)?[1] + moved > most
        {
            return None;
        }
        let with_events = with_events.min(self.unknown[from][0]);
        self.unknown[from] = [self.unknown[from][0] - with_events, self.unknown[from][1] - moved];
        self.unknown[to] = [self.unknown[to][0] + with_events, self.unknown[to][1] + moved];
        (self.unknown[from][0] <= self.unknown[from][1]).then_some(())
    }

    /// A known row in, out, or with other counts; the unknown rows are adjusted so that the total stays the
    /// printed one.
    fn change_known_row(&mut self, query: &PreparedQuery<'_>, stream: &mut Stream) -> Option<()> {
        let known = &query.query.known;
        let changeable: Vec<usize> = (0..known.len()).filter(|&row| known[row].choices() > 1).collect();
        let row = *changeable.get(random_index(changeable.len(), stream)?)?;
        let before = self.selection.0[row];
        let choice = random_index(known[row].choices(), stream)?;
        let after = Some(choice).filter(|choice| *choice < known[row].readings.len());
        if before == after {
            return None;
        }
        self.selection.0[row] = after;
        if let (Some(reading), None) = (before, after) {
            // The row stays in the table as an unknown row.
            let counts = known[row].readings[reading];
            self.unknown.push([counts.events(), counts.total()]);
        } else if before.is_none() {
            let removed = random_index(self.unknown.len(), stream)?;
            (removed < self.unknown.len()).then(|| self.unknown.swap_remove(removed))?;
        }
        self.restore_total(query, stream)
    }

    /// Adds people to the unknown rows, or removes some, until the total is the printed one.
    fn restore_total(&mut self, query: &PreparedQuery<'_>, stream: &mut Stream) -> Option<()> {
        let remainder =
            self.selection.remainder(query).filter(|remainder| remainder.rows == self.unknown.len())?;
        let [least, most] = query.sizes();
        if self.unknown.iter().any(|row| row[1] < least || row[1] > most) {
            return None;
        }
        let people: u64 = self.unknown.iter().map(|row| row[1]).sum();
        if people <= remainder.people {
            add_people(&mut self.unknown, remainder.people - people, [least, most], stream);
        } else {
            remove_people(&mut self.unknown, people - remainder.people, least, stream);
        }
        Some(())
    }
}

/// A random selection that leaves room for a table.
fn random_selection(query: &PreparedQuery<'_>, stream: &mut Stream) -> Option<(Selection, Remainder)> {
    (0..DRAWS).find_map(|_| {
        let choices = query
            .query
            .known
            .iter()
            .map(|row| random_index(row.choices(), stream).filter(|choice| *choice < row.readings.len()));
        let selection = Selection(choices.collect());
        selection.remainder(query).map(|remainder| (selection, remainder))
    })
}

/// The first selection in order that leaves room for a table.
fn first_selection(query: &PreparedQuery<'_>) -> Option<(Selection, Remainder)> {
    Selection::all(&query.query.known)
        .take(ORDERED)
        .find_map(|selection| selection.remainder(query).map(|remainder| (selection, remainder)))
}

fn random_index(length: usize, stream: &mut Stream) -> Option<usize> {
    usize::try_from(stream.below(length as u64)).ok()
}

/// Adds people to rows of (events, total) in random portions, up to `most` in each; the bounds leave room for
/// them.
fn add_people(rows: &mut [[u64; 2]], mut people: u64, [_, most]: [u64; 2], stream: &mut Stream) {
    while people > 0 && rows.iter().any(|row| row[1] < most) {
        let Some(row) = random_index(rows.len(), stream) else { return };
        let room = (most - rows[row][1]).min(people);
        let portion = (1 + stream.below(1 + people / rows.len() as u64)).min(room);
        let events = (portion * rows[row][0]).checked_div(rows[row][1]).unwrap_or(0);
        rows[row] = [rows[row][0] + events, rows[row][1] + portion];
        people -= portion;
    }
}

/// Removes people from rows of (events, total) in random portions, down to `least` in each.
fn remove_people(rows: &mut [[u64; 2]], mut people: u64, least: u64, stream: &mut Stream) {
    while people > 0 && rows.iter().any(|row| row[1] > least) {
        let Some(row) = random_index(rows.len(), stream) else { return };
        let room = (rows[row][1] - least).min(people);
        let portion = (1 + stream.below(1 + people / rows.len() as u64)).min(room);
        let total = rows[row][1] - portion;
        rows[row] = [(rows[row][0] * total + rows[row][1] / 2) / rows[row][1], total];
        people -= portion;
    }
}
