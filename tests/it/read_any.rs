//! Reading is total: any bytes give a table that holds its promises, or an error.

use metaprop::io::read::read_bytes;
use metaprop::options::{Choice, Decimal, InputScale, ReadOptions};
use proptest::prelude::*;

/// What every table promises, whatever it is read from: `fuzz/src/tables.rs`.
fn holds(bytes: &[u8], options: &ReadOptions) {
    crate::fuzzed::holds(bytes, "any.csv", options);
}

/// Pieces that tables are made of and break at.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    const KNOWN: &[&str] = &[
        "study", "events", "total", "author", "year", "outcome", "Total", "A", "Müller", "0", "3", "10",
        "1,066", "1.000", "-3", "NA", "8%", "1e3", "\"", "\"\"", ",", ",", ",", ";", "\t", "|", "\n", "\n",
        "\r\n", "\r", " ", "\u{a0}", "\u{feff}", "\0", "=", "{", "sep=;", "x\u{1}",
    ];
    let piece = prop_oneof![
        20 => proptest::sample::select(KNOWN).prop_map(|text| text.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn options() -> impl Strategy<Value = ReadOptions> {
    let column = || {
        proptest::option::weighted(
            0.2,
            proptest::sample::select(vec!["study", "events", "percent", "total", "A", ""])
                .prop_map(String::from),
        )
    };
    (
        column(),
        column(),
        column(),
        column(),
        any::<bool>(),
        proptest::option::weighted(0.2, Just("A".to_owned())),
        proptest::option::weighted(0.3, [column(), column(), column()]),
        (0..3_usize, proptest::sample::select(InputScale::ALL)),
    )
        .prop_map(|(study, events, percent, total, comma, outcome, estimates, (precision, scale))| {
            let common = ReadOptions {
                study: study.into_iter().collect(),
                decimal: Some(if comma { Decimal::Comma } else { Decimal::Point }),
                outcome,
                ..ReadOptions::default()
            };
            let Some([estimate, one, other]) = estimates else {
                return ReadOptions { events, percent, total, ..common };
            };
            let of_estimates = ReadOptions { estimate, input_scale: Some(scale), ..common };
            match precision {
                0 => ReadOptions { se: one, ..of_estimates },
                1 => ReadOptions { variance: one, ..of_estimates },
                _ => ReadOptions { lower: one, upper: other, ..of_estimates },
            }
        })
}

/// A name that can be written bare: no delimiter, no line end, no quote at its start.
fn bare(name: &str) -> bool {
    !name.contains([',', '\n', '\r', '\0']) && !name.trim_start().starts_with('"')
}

fn trimmed(name: &str) -> &str {
    name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}'))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), options in options()) {
        holds(&bytes, &options);
    }

    #[test]
    fn any_rows_below_a_good_header(rest in pieces(), options in options()) {
        let mut bytes = b"study,events,total\n".to_vec();
        bytes.extend(rest);
        holds(&bytes, &options);
    }

    #[test]
    fn any_estimates(cells in proptest::collection::vec(0..9_usize, 3..60), options in options()) {
        const CELLS: [&str; 9] = ["0.5", "-0.2", "0", "1", "1e308", "NA", "0,7", "abc", "1e-200"];
        let rows = cells.chunks_exact(3).enumerate();
        let rows = rows.map(|(i, row)| format!("S{i};{};{};{}\n", CELLS[row[0]], CELLS[row[1]], CELLS[row[2]]));
        holds(format!("study;A;events;total\n{}", rows.collect::<String>()).as_bytes(), &options);
    }

    #[test]
    fn any_pieces_of_tables(bytes in pieces(), options in options()) {
        holds(&bytes, &options);
    }

    #[test]
    fn a_good_table_with_something_in_it(at in 0..200_usize, much in 0..4_usize, insert in pieces(), options in options()) {
        let good = "study;events;total;note\r\n\"A; B\";3;10;\r\nC \"2\";NA;20;x\r\n\r\n\"D\n\"\"E\"\"\";4;1,066;\r\nTotal;7;1076;\r\n";
        let mut bytes = good.as_bytes().to_vec();
        let at = at.min(bytes.len());
        bytes.splice(at..(at + much).min(bytes.len()), insert);
        holds(&bytes, &options);
    }

    #[test]
    fn what_is_written_is_read(
        rows in proptest::collection::vec((".{0,12}|[\" ,;a\r\n]{0,8}", 0..50_u64, 1..50_u64, any::<bool>()), 1..40),
        end in proptest::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let (mut text, mut line, mut want) = (format!("study,events,total{end}"), 2, Vec::new());
        for (number, (name, events, more, quote)) in rows.iter().enumerate() {
            // Nothing that ends in the name of a totals row, which the last row may not have.
            let name = format!("{}~", name.replace('\0', "").replace('\n', "\r"));
            let cell = if *quote || !bare(&name) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.clone() };
            text.extend([&*cell, ",", &events.to_string(), ",", &(events + more).to_string(), end]);
            want.push((trimmed(&name).to_owned(), line, *events, events + more));
            line += 1 + u32::try_from(name.matches(['\n', '\r']).count()).unwrap_or(0);
            if number % 5 == 4 {
                text.push_str(end);
                line += 1;
            }
        }
        let table = read_bytes(text.as_bytes(), "any.csv", &ReadOptions::default());
        let table = table.map_err(|error| TestCaseError::fail(format!("{text:?}: {error}")))?;
        let got: Vec<_> = table.counted().unwrap().iter().map(|s| (s.name.to_string(), s.line, s.counts.events(), s.counts.total())).collect();
        prop_assert_eq!(got, want);
    }
}
