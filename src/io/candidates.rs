//! Which column can play a part, by its name and by what its cells hold.

use super::contents::Contents;
use super::intervals::without_interval;
use super::roles::{AUTHOR, EVENTS, PERCENT, Role, STUDY, TOTAL, YEAR, says_in_words, says_percent};

/// The columns that could be events or totals by their names, those of the best names alone; without those that hold
/// words, or the numbers of the rows where another column can take their place.
pub(super) fn counts(contents: Contents<'_>, role: &Role, taken: &[usize]) -> Vec<usize> {
    let header = contents.header;
    let by_name = role.names.iter().map(|names| header.among(names, taken));
    let name = |column: usize| {
        let name = header.names[column].as_str();
        if role.flag == PERCENT.flag { without_interval(name).unwrap_or(name) } else { name }
    };
    let in_words = (0..header.names.len())
        .filter(|column| !taken.contains(column) && says_in_words(name(*column), role));
    let in_words: Vec<usize> = in_words.filter(|column| !header.is_of(*column, role)).collect();
    let mut tiers: Vec<Vec<usize>> = by_name.chain([in_words]).collect();
    // The name of a column of percentages is one of counts too where its cells have both: `12 (24%)`.
    let is_of_counts = |column: usize| {
        !says_percent(&header.names[column])
            || contents.has_percentages(column)
            || contents.has_totals(column)
    };
    for tier in &mut tiers {
        tier.retain(|column| {
            let is_percent = role.flag == PERCENT.flag;
            !contents.is_words(*column)
                && (is_percent != is_of_counts(*column) || !says_percent(&header.names[*column]))
        });
    }
    let not_indices = |tier: &Vec<usize>| -> Vec<usize> {
        tier.iter().copied().filter(|column| !contents.is_row_index(*column)).collect()
    };
    let others = tiers.iter().map(not_indices).find(|tier| !tier.is_empty());
    others.or_else(|| tiers.into_iter().find(|tier| !tier.is_empty())).unwrap_or_default()
}

/// What a column is called, whether it is read as that or not.
pub(super) fn role_by_name(contents: Contents<'_>, column: usize) -> Option<&'static Role> {
    [&EVENTS, &TOTAL, &PERCENT].into_iter().find(|role| contents.header.is_of(column, role))
}

/// Of candidates for events and for totals the only pair in which every total is at least its events. Of very many pairs
/// none is looked for.
pub(super) fn only_pair(contents: Contents<'_>, events: &[usize], totals: &[usize]) -> Option<[usize; 2]> {
    const MOST_PAIRS: usize = 100;
    if events.len().saturating_mul(totals.len()) > MOST_PAIRS {
        return None;
    }
    let pairs = events.iter().flat_map(|events| totals.iter().map(move |total| [*events, *total]));
    let mut possible =
        pairs.filter(|[events, total]| events != total && contents.can_be_total(*events, *total));
    let first = possible.next()?;
    possible.next().is_none().then_some(first)
}

/// The columns that make the names of studies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Names {
    pub study: Vec<usize>,
    /// The year that follows a column of authors.
    pub year: Option<usize>,
    /// Whether the column was found by its content, under no known name.
    pub by_content: bool,
}

/// The names of studies: by a known name, of several the leftmost that tells the rows apart; else the leftmost column of
/// words that does.
pub(super) fn names(contents: Contents<'_>, taken: &[usize]) -> Names {
    let header = contents.header;
    let with_year = |column: usize, by_content: bool| {
        let is_author = AUTHOR.contains(&header.plain(column));
        let years = if is_author { header.among(YEAR, taken) } else { Vec::new() };
        let year = if let [year] = years[..] { Some(year) } else { None };
        Names { study: vec![column], year, by_content }
    };
    let tells = |names: &Names| {
        let columns: Vec<usize> = names.study.iter().chain(&names.year).copied().collect();
        contents.tells_rows_apart(&columns)
    };
    for tier in STUDY.names {
        let found = header.among(tier, taken);
        let mut found =
            found.into_iter().filter(|column| !contents.is_row_index(*column)).map(|of| with_year(of, false));
        let Some(first) = found.next() else { continue };
        // One candidate is taken whatever its cells; they are looked at where there are several.
        let others: Vec<Names> = found.collect();
        let best = if others.is_empty() || tells(&first) {
            None
        } else {
            others.into_iter().find(|names| tells(names))
        };
        return best.unwrap_or(first);
    }
    let is_known = |column: &usize| [&EVENTS, &TOTAL].iter().any(|role| header.is_of(*column, role));
    let free = (0..header.names.len()).filter(|column| !taken.contains(column) && !is_known(column));
    let mut labels =
        free.filter(|column| contents.is_of_labels(*column)).map(|column| with_year(column, true));
    labels.find(|names| tells(names)).unwrap_or(Names { study: Vec::new(), year: None, by_content: false })
}
