//! The names of rows of sums, which are no studies.

/// Words for a row of sums, in the form that [`is_name`] compares: lower case, letters apart, blanks single.
const NAMES: [&str; 63] = [
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
    "heterogeneity",
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

/// The same in Chinese, which has no blanks.
const CHINESE: [&str; 8] = ["合计", "总计", "小计", "总数", "共计", "总和", "合計", "總計"];

/// Whether a row is named like sums: `Total`, `Pooled:`, `Overall (95% CI)`, `Subtotal (I-squared = 40%)`, `Gesamt`.
pub(super) fn is_name(name: &str) -> bool {
    let name = name.split(['(', '[']).next().unwrap_or_default();
    let lower = name.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let words = words.join(" ");
    NAMES.contains(&words.as_str()) || CHINESE.contains(&words.as_str())
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
