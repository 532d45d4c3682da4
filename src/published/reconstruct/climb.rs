//! A seeded local search: small steps that bring a table nearer to the printed digits.
//!
//! A step moves one event in or out of an unknown row, moves people from one unknown row to another,
//! or takes a known row in, out, or in its other reading. A worse table is accepted with a probability
//! that falls as the try goes on (simulated annealing: Kirkpatrick, Gelatt & Vecchi 1983,
//! doi:10.1126/science.220.4598.671). Each try has a stream of its own, so the order in which they are
//! worked on changes nothing.

use super::puzzle::Plan;
use super::selection::{Selection, options};
use super::table::Table;
use crate::data::Counts;
use crate::numeric::elementary::{exp, ln};
use crate::numeric::random::Stream;

/// Steps of a try.
const STEPS: u32 = 12_000;
/// How much worse, in printed steps, is accepted at the start and at the end.
const HEAT: [f64; 2] = [6.0, 0.02];
/// So many selections are drawn before a try is given up: the bounds may leave few.
const DRAWS: u32 = 400;

/// Where a try ended: at a table that fits, or at the nearest it came to.
pub(super) struct Climbed {
    pub table: Table,
    pub distance: f64,
    /// How many tables were looked at.
    pub seen: u64,
}

/// One try; `None` where no selection of known rows leaves room for a table.
pub(super) fn climb(plan: &Plan<'_>, index: u64) -> Option<Climbed> {
    let mut stream = Stream::new(plan.puzzle.seed, index);
    let mut here = Place::random(plan, &mut stream)?;
    let mut distance = here.distance(plan);
    let (mut nearest, mut least) = (here.clone(), distance);
    let cooling = (ln(HEAT[1]) - ln(HEAT[0])) / f64::from(STEPS);
    let mut seen = 1;
    for step in 0..STEPS {
        if least == 0.0 {
            break;
        }
        let Some(there) = here.step(plan, &mut stream) else { continue };
        let (next, heat) = (there.distance(plan), HEAT[0] * exp(cooling * f64::from(step)));
        seen += 1;
        if next <= distance || stream.uniform() < exp((distance - next) / heat) {
            (here, distance) = (there, next);
        }
        if distance < least {
            (nearest, least) = (here.clone(), distance);
        }
    }
    let unknown = nearest.unknown.iter().filter_map(|&[events, total]| Counts::new(events, total));
    Some(Climbed { table: Table::new(nearest.selection, unknown), distance: least, seen })
}

/// A table on the way.
#[derive(Clone)]
struct Place {
    selection: Selection,
    /// Events and total of each unknown row.
    unknown: Vec<[u64; 2]>,
}

impl Place {
    fn random(plan: &Plan<'_>, stream: &mut Stream) -> Option<Self> {
        let known = &plan.puzzle.known;
        let drawn = (0..DRAWS).find_map(|_| {
            let choices = known.iter().map(|row| {
                usize::try_from(stream.below(options(row) as u64))
                    .ok()
                    .filter(|choice| *choice < row.readings.len())
            });
            let selection = Selection(choices.collect());
            selection.left(plan).map(|left| (selection, left))
        });
        let systematic = || {
            Selection::all(known)
                .take(100_000)
                .find_map(|selection| selection.left(plan).map(|left| (selection, left)))
        };
        let (selection, left) = drawn.or_else(systematic)?;
        let [least, _] = plan.sizes();
        let mut unknown = vec![[0, least]; left.rows];
        let mut place = Self { selection, unknown: Vec::new() };
        spread(&mut unknown, left.people - left.rows as u64 * least, plan.sizes(), stream);
        for row in &mut unknown {
            row[0] = stream.below(row[1] + 1);
        }
        place.unknown = unknown;
        Some(place)
    }

    fn distance(&self, plan: &Plan<'_>) -> f64 {
        let known = self.selection.rows(&plan.puzzle.known).map(|(_, counts)| counts);
        let unknown = self.unknown.iter().filter_map(|&[events, total]| Counts::new(events, total));
        let rows: Vec<Counts> = known.chain(unknown).collect();
        plan.evaluator.of(&rows).map_or(f64::INFINITY, |evaluation| plan.distance(&evaluation))
    }

    /// A neighbour; `None` where the step that was drawn leads out of the bounds.
    fn step(&self, plan: &Plan<'_>, stream: &mut Stream) -> Option<Self> {
        let mut there = self.clone();
        let kind = stream.below(20);
        match kind {
            0..=8 => there.event(stream),
            9..=17 => there.people(plan, stream),
            _ => there.flip(plan, stream),
        }?;
        Some(there)
    }

    /// One event more or fewer.
    fn event(&mut self, stream: &mut Stream) -> Option<()> {
        let row = usize::try_from(stream.below(self.unknown.len() as u64)).ok()?;
        let [events, total] = self.unknown.get_mut(row)?;
        *events = if stream.below(2) == 0 { events.checked_sub(1)? } else { *events + 1 };
        (*events <= *total).then_some(())
    }

    /// One to four people from one row to another; with or without their events.
    fn people(&mut self, plan: &Plan<'_>, stream: &mut Stream) -> Option<()> {
        let rows = self.unknown.len() as u64;
        let (from, to) =
            (usize::try_from(stream.below(rows)).ok()?, usize::try_from(stream.below(rows)).ok()?);
        let moved = 1 + stream.below(4);
        let with_events = stream.below(moved + 1);
        let [least, most] = plan.sizes();
        if from == to || self.unknown.get(from)?[1] < least + moved || self.unknown.get(to)?[1] + moved > most
        {
            return None;
        }
        let with_events = with_events.min(self.unknown[from][0]);
        self.unknown[from] = [self.unknown[from][0] - with_events, self.unknown[from][1] - moved];
        self.unknown[to] = [self.unknown[to][0] + with_events, self.unknown[to][1] + moved];
        (self.unknown[from][0] <= self.unknown[from][1]).then_some(())
    }

    /// A known row in, out, or in its other reading; the unknown rows make up for its people.
    fn flip(&mut self, plan: &Plan<'_>, stream: &mut Stream) -> Option<()> {
        let known = &plan.puzzle.known;
        let free: Vec<usize> = (0..known.len()).filter(|&row| options(&known[row]) > 1).collect();
        let row = *free.get(usize::try_from(stream.below(free.len() as u64)).ok()?)?;
        let before = self.selection.0[row];
        let choice = usize::try_from(stream.below(options(&known[row]) as u64)).ok()?;
        let after = Some(choice).filter(|choice| *choice < known[row].readings.len());
        if before == after {
            return None;
        }
        self.selection.0[row] = after;
        if let (Some(reading), None) = (before, after) {
            // As an unknown row the same counts stay where they are.
            let counts = known[row].readings[reading];
            self.unknown.push([counts.events(), counts.total()]);
        } else if before.is_none() {
            let out = usize::try_from(stream.below(self.unknown.len() as u64)).ok()?;
            (out < self.unknown.len()).then(|| self.unknown.swap_remove(out))?;
        }
        self.settle(plan, stream)
    }

    /// Gives people to the unknown rows, or takes them, until the total is the printed one.
    fn settle(&mut self, plan: &Plan<'_>, stream: &mut Stream) -> Option<()> {
        let left = self.selection.left(plan).filter(|left| left.rows == self.unknown.len())?;
        let [least, most] = plan.sizes();
        if self.unknown.iter().any(|row| row[1] < least || row[1] > most) {
            return None;
        }
        let have: u64 = self.unknown.iter().map(|row| row[1]).sum();
        if have <= left.people {
            spread(&mut self.unknown, left.people - have, [least, most], stream);
        } else {
            gather(&mut self.unknown, have - left.people, least, stream);
        }
        Some(())
    }
}

/// Gives people to rows, in random portions; the bounds were seen to leave room.
fn spread(rows: &mut [[u64; 2]], mut people: u64, [_, most]: [u64; 2], stream: &mut Stream) {
    while people > 0 && rows.iter().any(|row| row[1] < most) {
        let Ok(row) = usize::try_from(stream.below(rows.len() as u64)) else { return };
        let room = (most - rows[row][1]).min(people);
        let portion = (1 + stream.below(1 + people / rows.len() as u64)).min(room);
        let events = (portion * rows[row][0]).checked_div(rows[row][1]).unwrap_or(0);
        rows[row] = [rows[row][0] + events, rows[row][1] + portion];
        people -= portion;
    }
}

/// Takes people from rows, in random portions.
fn gather(rows: &mut [[u64; 2]], mut people: u64, least: u64, stream: &mut Stream) {
    while people > 0 && rows.iter().any(|row| row[1] > least) {
        let Ok(row) = usize::try_from(stream.below(rows.len() as u64)) else { return };
        let room = (rows[row][1] - least).min(people);
        let portion = (1 + stream.below(1 + people / rows.len() as u64)).min(room);
        let total = rows[row][1] - portion;
        rows[row] = [(rows[row][0] * total + rows[row][1] / 2) / rows[row][1], total];
        people -= portion;
    }
}
