//! The names of rows of sums, which are no studies.

/// Words for a row of sums, in the form that [`is_name`] compares: lower case, letters apart, blanks single.
const NAMES: [&str; 62] = [
    // English
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sub total",
    "subtotals",
    "overall",
    "overall effect",
    "overall estimate",
    "overall total",
    "pooled",
    "pooled estimate",
    "pooled effect",
    "pooled prevalence",
    "pooled proportion",
    "combined",
    "sum",
    "summary",
    "summary estimate",
    "all",
    "all studies",
    "random effects",
    "random effects model",
    "random effect model",
    "fixed effect",
    "fixed effects",
    "fixed effect model",
    "fixed effects model",
    "common effect",
    "common effect model",
    "common effects model",
    "re model",
    "fe model",
    "ce model",
    "ee model",
    "dl overall",
    "d l overall",
    // German, French, Spanish, Portuguese, Italian, Dutch
    "gesamt",
    "insgesamt",
    "gesamtsumme",
    "summe",
    "zwischensumme",
    "ensemble",
    "total général",
    "somme",
    "sous total",
    "suma",
    "total general",
    "general",
    "geral",
    "soma",
    "total geral",
    "totale",
    "totale complessivo",
    "complessivo",
    "subtotale",
    "somma",
    "totaal",
    "subtotaal",
    "som",
    // Spanish, Dutch
    "sub total general",
    "eindtotaal",
];

/// Words for other numbers of all rows, which do not add up to them.
const SUMMARIES: [&str; 11] = [
    "heterogeneity",
    "mean",
    "weighted mean",
    "average",
    "weighted average",
    "median",
    "standard deviation",
    "range",
    "mittelwert",
    "moyenne",
    "media",
];

/// The same in Chinese, which has no blanks.
const CHINESE: [&str; 8] = ["合计", "总计", "小计", "总数", "共计", "总和", "合計", "總計"];

/// A name for sums has no more bytes than this, marks and blanks around it included.
const LONGEST: usize = 60;

/// Whether a row is named like sums: `Total`, `Pooled:`, `Overall (95% CI)`, `Subtotal (I-squared = 40%)`, `Gesamt`.
pub(super) fn is_name(name: &str) -> bool {
    plain(name).is_some_and(|words| {
        let subtotal = words.split(' ').next().is_some_and(|word| SUBTOTALS.contains(&word));
        // `Subtotal Europe`: no study is called so.
        subtotal || [&NAMES[..], &SUMMARIES, &CHINESE].iter().any(|names| names.contains(&words.as_str()))
    })
}

/// Whether a cell in any column says that its row is a total. Other names for sums (all, general, pooled) are words of
/// other columns too.
pub(super) fn is_total(cell: &str) -> bool {
    const WORDS: [&str; 9] =
        ["total", "totals", "overall", "gesamt", "insgesamt", "summe", "totale", "totaal", "suma"];
    is_name(cell)
        && plain(cell).is_some_and(|words| {
            let of_total = |word: &str| WORDS.contains(&word) || SUBTOTALS.contains(&word);
            words.split(' ').any(of_total) || CHINESE.contains(&words.as_str())
        })
}

/// Whether a row is named like another number of all rows than their sum: `Mean`, `Median (IQR)`.
pub(super) fn is_summary(name: &str) -> bool {
    plain(name).is_some_and(|words| SUMMARIES.contains(&words.as_str()))
}

/// Whether a name has a number, before any bracket: as most names have, with their year, and no word for sums.
pub(super) fn has_number(name: &str) -> bool {
    name.as_bytes()[words_end(name)..].first().is_some_and(u8::is_ascii_digit)
}

/// Where the words of a name end: before its first digit or bracket.
fn words_end(name: &str) -> usize {
    let ends = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'(' | b'[');
    name.bytes().position(ends).unwrap_or(name.len())
}

/// The words of a name before brackets, in lower case; `None` where it has a number or is long.
fn plain(name: &str) -> Option<String> {
    if has_number(name) {
        return None;
    }
    let name = &name[..words_end(name)];
    if name.len() > LONGEST {
        return None;
    }
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    Some(words.join(" "))
}

/// Words for the sum of a group, which may be named behind them.
const SUBTOTALS: [&str; 5] = ["subtotal", "subtotals", "zwischensumme", "subtotale", "subtotaal"];

/// Whether a name has a word for a sum beside other words, `Europe total`: of sums where its numbers are.
pub(super) fn may_be_name(name: &str) -> bool {
    plain(name).is_some_and(|words| {
        words.split(' ').any(|word| matches!(word, "total" | "overall" | "all" | "gesamt"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_known_by_their_names_in_several_languages() {
        for name in [
            "Total",
            "TOTAL:",
            "Subtotal (I-squared = 40%)",
            "Overall (95% CI)",
            "Random-effects model",
            "RE Model",
            "Gesamt",
            "Sous-total",
            "Total général",
            "Totaal",
            "合计",
            "D+L Overall",
            "All studies",
            "Subtotal Europe",
            "Median (IQR)",
        ] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "Totaro 2001",
            "Total Health Study",
            "Overall 2010",
            "Summers 1999",
            "Allen",
            "General Hospital",
            "Gesa",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }
}
