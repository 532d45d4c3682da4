//! Sentences as journals print them: what has to be read, what must not be, and verdicts on planted errors.

use super::{ManuscriptScan, ScanOutcome, ScannedResult};
use crate::analysis::MetaAnalysis;
use crate::data::{Dataset, Manuscript, ManuscriptFormat};

fn scan(text: &str, format: ManuscriptFormat, outcomes: &[ScanOutcome<'_>]) -> ManuscriptScan {
    ManuscriptScan::new(&Manuscript::parse(text.as_bytes(), "a", format).unwrap(), outcomes)
}

fn words(scan: &ManuscriptScan) -> Vec<String> {
    let counts =
        scan.counts.iter().map(|count| format!("{}/{} {}", count.events, count.total, count.percent));
    scan.results.iter().map(ScannedResult::words).chain(counts).collect()
}

const CI: &str = "estimate = 54.0%, ci = 46.3% to 61.5%";

/// A sentence and what is read from it: results in words, then counts.
const SENTENCES: &[(&str, &[&str])] = &[
    // Results.
    ("The pooled rate was 54.0% (95% CI 46.3%-61.5%).", &[CI]),
    ("Pooled response: 54.0% (95% CI, 46.3%-61.5%).", &[CI]),
    ("We found 54·0% (95% CI 46·3–61·5).", &[CI]),
    ("54,0 % (95-%-KI 46,3–61,5 %)", &[CI]),
    ("54,0 % (IC 95 % : 46,3 à 61,5)", &[CI]),
    ("a rate of 54.0 (46.3–61.5)%", &[CI]),
    ("a rate of 54.0% [95% CI: 46.3; 61.5]", &[CI]),
    ("a rate of 54.0%, 95% CI 46.3 to 61.5", &[CI]),
    ("54.0% (95% confidence interval [CI], 46.3 to 61.5)", &[CI]),
    ("54.0% (95% confidence interval from 46.3% to 61.5%)", &[CI]),
    ("54.0% of patients (95% CI 46.3 to 61.5)", &[CI]),
    ("54.0% (CI95%: 46.3--61.5)", &[CI]),
    ("54.0 percent (95 percent confidence interval, 46.3 to 61.5 percent)", &[CI]),
    ("54.0\u{2009}% (46.3\u{2013}61.5\u{2009}%)", &[CI]),
    ("the proportion (54.0%; 95% CI, 46.3–61.5%) was high", &[CI]),
    ("54.0% was found (46.3% to 61.5%).", &[]),
    ("The pooled proportion was 0.54 (95% CI: 0.46; 0.62).", &["estimate = 0.54, ci = 0.46 to 0.62"]),
    ("It was 54% (95% CI .46–.62).", &["estimate = 54%, ci = .46 to .62"]),
    ("0.9 (95% CI 0.5 to 1.2)%", &["estimate = 0.9%, ci = 0.5% to 1.2%"]),
    (
        "24.3 per 100,000 (95% CI 20.1 to 28.0)",
        &["estimate = 24.3 per 100000, ci = 20.1 per 100000 to 28.0 per 100000"],
    ),
    (
        "Across 14 studies (n=275), it was 54.0% (95% CI 46.3–61.5; I²=64·7%).",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, k = 14, total = 275, i2 = 64.7%"],
    ),
    (
        "54.0% (46.3 to 61.5; I² = 64.7%, τ² = 0.28, P < .001)",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, tau2 = 0.28, i2 = 64.7%, p = <.001"],
    ),
    (
        "54.0% (95% CI 46.3–61.5), with an I² statistic of 64.7% [95% CI 40.2%; 79.1%].",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, i2 = 64.7%, i2-ci = 40.2% to 79.1%"],
    ),
    (
        "54.0% (95% CI 46.3–61.5). Heterogeneity was high (I² = 64.7%, p < 0.001). The 95% prediction interval was 28% to 77%.",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, prediction = 28% to 77%, i2 = 64.7%, p = <0.001"],
    ),
    (
        "It was 54.0% (95% CI 46.3–61.5; 95% PI 28–77).",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, prediction = 28% to 77%"],
    ),
    (
        "54.0% (46.3–61.5; 14 studies) for good and 26.1% (20.7–32.2; 12 studies) for partial regrowth",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, k = 14", "estimate = 26.1%, ci = 20.7% to 32.2%, k = 12"],
    ),
    (
        "Rates of both were 54.0% (46.3–61.5) and 26.1% (20.7–32.2), respectively (I² = 65% and 40%).",
        &[CI, "estimate = 26.1%, ci = 20.7% to 32.2%"],
    ),
    (
        "In 14 studies it was 54.0% (46.3–61.5), and in 12 studies it was 26.1% (20.7–32.2).",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, k = 14", "estimate = 26.1%, ci = 20.7% to 32.2%, k = 12"],
    ),
    ("We included 22 studies and the pooled rate was 54.0% (46.3–61.5).", &[CI]),
    (
        "The rate was 54.0% in 14 studies (95% CI 46.3–61.5).",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, k = 14"],
    ),
    (
        "The pooled incidence was 54.2% (149/275; 95% CI 48.1–60.2).",
        &["estimate = 54.2%, ci = 48.1% to 60.2%, total = 275, events = 149", "149/275 54.2%"],
    ),
    ("The pooled rate was 54.0%.", &["estimate = 54.0%"]),
    ("A meta-analysis gave 54.0% in all.", &["estimate = 54.0%"]),
    // Other measures are listed, and no proportions.
    ("The odds ratio was 1.56 (95% CI 1.20–2.03; p = 0.001).", &["estimate = 1.56, ci = 1.20 to 2.03"]),
    ("HR 0.74 (0.60 to 0.91), p = 0.004.", &["estimate = 0.74, ci = 0.60 to 0.91"]),
    ("The risk difference was 5% (95% CI 2% to 8%).", &["estimate = 5%, ci = 2% to 8%"]),
    ("a mean of 6.7 months (95% CI 4.1–9.3)", &["estimate = 6.7, ci = 4.1 to 9.3"]),
    ("54.0% (95% CrI 46.3–61.5)", &[CI]),
    // What is no result.
    ("Patients had a median age of 34 years (range 18–65).", &[]),
    ("Median age was 34 (18–65).", &[]),
    ("We used 95% confidence intervals and two-sided p < 0.05.", &[]),
    ("The level of confidence was 95% (two-sided).", &[]),
    ("We are 95% confident of it.", &[]),
    ("Of 1,204 records, 22 studies (1,890 patients) were eligible.", &[]),
    ("Between 2010 and 2020, 54% (2010–2015) were men.", &[]),
    ("The trial ran from 12/05/2019 to 3/7/2021.", &[]),
    ("Guo 2020 (46.3–61.5%) is cited in Table 2 (1–3).", &[]),
    ("I² values of 25%, 50% and 75% were taken as low, moderate and high.", &[]),
    ("I² > 50% was taken as substantial heterogeneity.", &[]),
    ("Tofacitinib 5 mg twice daily was given for 3 (2–6) months.", &[]),
    ("See Figures 2 (a–c) and pages 12-15.", &[]),
    ("The p-value was 0.03 and Egger's test gave p = 0.41.", &[]),
    ("Weeks 12 (n = 40) to 24 (n = 38) are shown.", &[]),
    ("The pooled standard deviation was 12.1.", &[]),
    ("The SALT score fell from 85 (70–100) to 20 (5–45).", &[]),
    ("Version 4.3.1 (2023-06-16) of R was used.", &[]),
    ("doi:10.1016/S0140-6736(20)30183-5", &[]),
    ("A dose of 10 mg (5–15 mg) was used.", &[]),
    ("In 3 of 14 studies the risk of bias was high.", &[]),
    ("Two thirds (67%) improved.", &[]),
    ("They enrolled 30% (20–40%) women.", &["estimate = 30%, ci = 20% to 40%"]),
    // Counts.
    ("Relapse occurred in 12/50 (24%).", &["12/50 24%"]),
    ("Relapse occurred in 12 of 50 (24.0%) and 13 of 52 (25.0%).", &["12/50 24.0%", "13/52 25.0%"]),
    ("12 of the 50 patients (24%) relapsed.", &["12/50 24%"]),
    ("12 out of 50 patients (24 %)", &["12/50 24%"]),
    ("24% (12/50) relapsed", &["12/50 24%"]),
    ("24% of patients (12/50)", &["12/50 24%"]),
    ("n = 12/50, 24.0 %", &["12/50 24.0%"]),
    ("1/250 (<1%)", &["1/250 <1%"]),
    ("1,066/2,000 (53,3 %)", &["1066/2000 53.3%"]),
    ("12/50 (24%; 95% CI 13 to 38)", &["estimate = 24%, ci = 13% to 38%", "12/50 24%"]),
    ("On 12/05 (2024) it began.", &[]),
    ("a 1/2 dose (50%)", &[]),
    ("Grade 3/4 events (12%) were rare.", &[]),
    ("a score of 7/10 (70%)", &[]),
    ("a visual acuity of 20/40 (35%)", &[]),
    ("a ratio of 3/2 and 120/80 mmHg (24%)", &[]),
    ("12/50 (95% CI 13 to 38)", &[]),
    ("12 of 50, and 24% of the others", &[]),
    ("in phase 1/2 (45%)", &[]),
    ("HPV 16/18 (70%)", &[]),
    ("open 24/7 (95%)", &[]),
    ("12/50 and 24%", &[]),
    ("page 3 of 5", &[]),
    // Read falsely, or missed, when they were first tried: written without a look at the reader.
    (
        "Prevalence was higher in men (55·1%, 49·8–60·3) than in women (44·0%, 37·2–50·9).",
        &["estimate = 55.1%, ci = 49.8% to 60.3%", "estimate = 44.0%, ci = 37.2% to 50.9%"],
    ),
    (
        "SALT50 was reached by 21/66 (32%) at week 24 (95% CI, 21%–44%).",
        &["estimate = 32%, ci = 21% to 44%", "21/66 32%"],
    ),
    ("It affects about 2% [4-6] of all people (7–9).", &[]),
    (
        "The rate was 3.4 per 1000 person-years (95% CI 2.9-4.0).",
        &["estimate = 3.4 per 1000, ci = 2.9 per 1000 to 4.0 per 1000"],
    ),
    // Others of the same trial.
    (
        "The overall prevalence was 27.2% (95% CI, 24.7%-29.9%; Q = 1247.11, P < .001, I2 = 98.8%, tau2 = 0.31).",
        &["estimate = 27.2%, ci = 24.7% to 29.9%, tau2 = 0.31, i2 = 98.8%, q = 1247.11, p = <.001"],
    ),
    (
        "It occurred in 84 of 533 patients (15.8%) and in 112 of 533 (21.0%) (hazard ratio, 0.72; 95% CI, 0.54 to 0.96; P=0.03).",
        &["estimate = 0.72, ci = 0.54 to 0.96", "84/533 15.8%", "112/533 21.0%"],
    ),
    (
        "CR was 38% (95%CI 31-45%, I2=62%, 11 studies), while the ORR was 67% (95%CI 59-74%, I2=71%, 14 studies).",
        &[
            "estimate = 38%, ci = 31% to 45%, k = 11, i2 = 62%",
            "estimate = 67%, ci = 59% to 74%, k = 14, i2 = 71%",
        ],
    ),
    (
        "It was 0.084 [95% CI 0.061-0.114] and the 95% prediction interval ranged from 0.02 to 0.29.",
        &["estimate = 0.084, ci = 0.061 to 0.114, prediction = 0.02 to 0.29"],
    ),
    ("trim-and-fill gave 47.1% [38.2%, 56.1%]", &["estimate = 47.1%, ci = 38.2% to 56.1%"]),
    (
        "Sensitivity was 0.87 (95% CI 0.81–0.91) and specificity 0.92 (0.88–0.95).",
        &["estimate = 0.87, ci = 0.81 to 0.91", "estimate = 0.92, ci = 0.88 to 0.95"],
    ),
    (
        "23,4 % (95 %-Konfidenzintervall: 18,9 % bis 28,6 %; I² = 74 %)",
        &["estimate = 23.4%, ci = 18.9% to 28.6%, i2 = 74%"],
    ),
    ("Egger's test: intercept 1.2, 95% CI -0.4 to 2.8; p=0.13", &["estimate = 1.2, ci = -0.4 to 2.8"]),
    ("Mortality fell from 12.3% (2001-2005) to 8.1% (2011-2015).", &[]),
    ("54,0 % (IC à 95 % : 46,3 – 61,5)", &[CI]),
    ("54,0 % (IC del 95 %: 46,3 a 61,5 %)", &[CI]),
    ("del 54,0% (IC 95%: da 46,3% a 61,5%)", &[CI]),
    ("54.0%（95% CI：46.3%～61.5%）", &[CI]),
    ("54.0% (95%CI: 46.3%~61.5%)", &[CI]),
    ("54.0% (95% UI 46.3–61.5)", &[CI]),
    ("1.2/1000 (95% CI 0.8–1.7)", &["estimate = 1.2 per 1000, ci = 0.8 per 1000 to 1.7 per 1000"]),
    (
        "12.3 per 100 000 births (95% CI 10.1–14.9)",
        &["estimate = 12.3 per 100000, ci = 10.1 per 100000 to 14.9 per 100000"],
    ),
    (
        "54.0% (95% CI, 46.3%-61.5%; I-squared, 64.7%; P = 4 × 10⁻⁴)",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, i2 = 64.7%, p = 0.0004"],
    ),
    (
        "54.0% (95% CI 46.3–61.5; p = 0.30), I² = 64.7% (p < 0.001)",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, i2 = 64.7%, p = <0.001"],
    ),
    (
        "54.0% (95% CI 46.3–61.5), P for heterogeneity = 0.0004",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, p = 0.0004"],
    ),
    (
        "54.0% (95% CI 46.3–61.5), I² = 64.7%, z = 1.0, p = .30",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, i2 = 64.7%"],
    ),
    (
        "Fourteen studies gave a pooled rate of 54.0% (95% CI 46.3–61.5).",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, k = 14"],
    ),
    (
        "It was 0.54 (95%-CI [0.46; 0.62]), I^2 = 64.7% [37.3%; 80.1%]; H = 1.68 [1.26; 2.24]",
        &["estimate = 0.54, ci = 0.46 to 0.62, i2 = 64.7%, i2-ci = 37.3% to 80.1%"],
    ),
    ("A dose of 5 × 10-15 mg was given.", &[]),
    // Whole numbers in brackets: an interval where the percentage lies between them, else references.
    ("The response rate was 54% [46-62].", &["estimate = 54%, ci = 46% to 62%"]),
    ("It is rare, at 2% [4-6].", &[]),
    ("The pooled response rate was 54% [46, 62].", &["estimate = 54%, ci = 46% to 62%"]),
    ("The response rate was 54% [46, 62].", &[]),
    ("The pooled response rate was 54% [4, 6].", &["estimate = 54%"]),
    ("Random effects model 0.54 [0.46; 0.62]", &["estimate = 0.54, ci = 0.46 to 0.62"]),
    ("The model of effects gave 0.54 [0.46; 0.62]", &[]),
    // Which of several results studies belong to is not said by "respectively" alone.
    (
        "In 14 studies the pooled rates were 54.0% (46.3–61.5) and 26.1% (20.7–32.2), respectively.",
        &[CI, "estimate = 26.1%, ci = 20.7% to 32.2%"],
    ),
    (
        "The pooled rates from 14 and 12 studies were 54.0% (46.3–61.5) and 26.1% (20.7–32.2), respectively.",
        &[CI, "estimate = 26.1%, ci = 20.7% to 32.2%"],
    ),
    (
        "The pooled rates were 54.0% (46.3–61.5; 14 studies) and 26.1% (20.7–32.2; 12 studies), respectively.",
        &["estimate = 54.0%, ci = 46.3% to 61.5%, k = 14", "estimate = 26.1%, ci = 20.7% to 32.2%, k = 12"],
    ),
    ("It is common, at 54% (12–15).", &[]),
    // Tests between subgroups.
    ("The p for subgroup difference = 0.03.", &["between-p = 0.03"]),
    ("The p-value for interaction was below that (P-interaction = 0.03).", &["between-p = 0.03"]),
    ("Test for subgroup differences: Chi² = 4.53, df = 1 (P = 0.03), I² = 77.9%", &["between-p = 0.03"]),
    (
        "54.0% (46.3–61.5) in adults and 26.1% (20.7–32.2) in children (p = 0.03 for subgroup differences)",
        &[CI, "estimate = 26.1%, ci = 20.7% to 32.2%", "between-p = 0.03"],
    ),
    ("The difference between groups was 5% (95% CI 2% to 8%; p = 0.03).", &["estimate = 5%, ci = 2% to 8%"]),
    ("Follow-up was 24 (IQR 12-36) months; the mean age was 45.3 ± 12.1 years.", &[]),
    ("Summary estimates ranged from 9.3% to 55.9%.", &[]),
];

#[test]
fn sentences_are_read_as_journals_print_them() {
    let (mut misses, mut false_reads) = (Vec::new(), Vec::new());
    for &(sentence, want) in SENTENCES {
        let read = words(&scan(sentence, ManuscriptFormat::Text, &[]));
        misses.extend(
            want.iter().filter(|one| !read.iter().any(|other| other == **one)).map(|one| (sentence, *one)),
        );
        let extra = read.into_iter().filter(|one| !want.contains(&one.as_str()));
        false_reads.extend(extra.map(|one| (sentence, one)));
    }
    assert!(
        misses.is_empty() && false_reads.is_empty(),
        "missed: {misses:#?}\nread falsely: {false_reads:#?}"
    );
}

#[test]
fn references_behind_a_percentage_are_said_to_be_some() {
    let text = "First 54% [46-62]. Then 2% [4-6], and 7% (12–15).";
    let scanned = scan(text, ManuscriptFormat::Text, &[]);
    assert_eq!(words(&scanned), ["estimate = 54%, ci = 46% to 62%"]);
    let said: Vec<(u64, &str)> =
        scanned.not_read.iter().map(|one| (one.place.column, one.text.as_str())).collect();
    assert_eq!(said, [(25, "2% [4-6"), (39, "7% (12–15")]);
    assert_eq!(
        scanned.not_read[0].reason,
        "4 and 6 are taken for references and no interval: 2% does not lie between them"
    );
}

#[test]
fn tables_are_read_by_what_stands_above_their_cells() {
    for (table, want) in [
        (
            "| Outcome | k | n | Rate, % | 95% CI | I², % |\n|--|--|--|--|--|--|\n| Good | 14 | 275 | 54.0 | 46.3 to 61.5 | 64.7 |",
            vec!["estimate = 54.0%, ci = 46.3% to 61.5%, k = 14, total = 275, i2 = 64.7%"],
        ),
        (
            "| Outcome | Studies | Proportion (95% CI) | Events |\n|--|--|--|--|\n| Good | 14 | 0.54 (0.46–0.62) | 12/50 (24%) |",
            vec!["estimate = 0.54, ci = 0.46 to 0.62, k = 14", "12/50 24%"],
        ),
        (
            "| | OR (95% CI) | p |\n|--|--|--|\n| Age | 1.56 (1.20–2.03) | 0.01 |",
            vec!["estimate = 1.56, ci = 1.20 to 2.03"],
        ),
        ("| Author | Age (range) | Women (%) |\n|--|--|--|\n| Guo | 34 (18–65) | 54.0 |", vec![]),
    ] {
        let read = scan(table, ManuscriptFormat::Markdown, &[]);
        assert_eq!(words(&read), want, "{table}");
        assert!(read.results.iter().all(|result| result.place.line == 3));
    }
    let latex = "\\begin{tabular}{lr}\nOutcome & \\% (95\\% CI)\\\\ \\hline\nGood & 54.0 (46.3--61.5) \\\\ \\end{tabular}";
    assert_eq!(words(&scan(latex, ManuscriptFormat::Latex, &[])), [CI]);
}

fn fitted(rows: [(&str, u64, u64); 4]) -> MetaAnalysis {
    let data = Dataset::proportions(rows).unwrap();
    MetaAnalysis::of_proportions().profile("dl-wald").fit(&data).unwrap()
}

/// Good regrowth is 50.1% (31.1 to 69.0), I² 67.1%, at 90% 33.9 to 66.2; partial 26.9% (19.4 to 36.1), I² 0%.
const VERDICTS: [(&str, &[(&str, &str)]); 33] = [
    ("Good or complete regrowth: 50.1% (95% CI 31.1–69.0).", &[("good", "holds")]),
    ("It was 50.1% (31.1–69.0; I² = 67.1%; 4 studies, 109 patients).", &[("good", "holds")]),
    ("It was 0.50 (95% CI 0.31 to 0.69), k = 4.", &[("good", "holds")]),
    ("The pooled rate of partial regrowth was 26.9 (95% CI 19.4–36.1).", &[("partial", "holds")]),
    ("It was 50.1% (90% CI 33.9–66.2).", &[("good", "holds")]),
    (
        "Good regrowth was 50.1% (31.1–69.0) and partial 26.9% (19.4–36.1).",
        &[("good", "holds"), ("partial", "holds")],
    ),
    (
        "It was 50.1% (31.1–69.0). Heterogeneity was high (I² = 67.1%, τ² = 0.428, Q = 9.12, p = 0.028).",
        &[("good", "holds")],
    ),
    ("It was 50.1% (31.1–68.9).", &[("good", "holds-truncated")]),
    // Planted errors.
    ("It was 50.1% (31.1–96.0).", &[("good", "fails")]),
    ("It was 51.0% (31.1–69.0).", &[("good", "fails")]),
    ("It was 50.1% (13.1–69.0).", &[("good", "fails")]),
    ("It was 50.1% (31.1–69.0; I² = 76.1%).", &[("good", "fails")]),
    ("It was 50.1% (31.1–69.0; 5 studies).", &[("good", "fails")]),
    ("In 5 studies it was 50.1% (31.1–69.0).", &[("good", "fails")]),
    ("It was 50.1% (31.1–69.0), with 190 patients.", &[("good", "fails")]),
    ("It was 50.1% (31.1–69.0). Heterogeneity was high (I² = 76.1%).", &[("good", "fails")]),
    ("It was 50.1% (95% CI 33.9–66.2).", &[("", "not-checkable")]),
    ("The pooled rate of partial regrowth was 28.4% (21.0–37.9).", &[("partial", "fails")]),
    ("Across 4 studies with 109 patients it was 53.0% (33.0–72.0), I² = 60%.", &[("", "not-checkable")]),
    ("Good or complete regrowth, pooled: 26.9% (19.4–36.1).", &[("good", "fails")]),
    ("Partial regrowth was 50.1% (31.1–69.0).", &[("partial", "fails")]),
    ("The pooled rate was 31.1% (50.1–69.0).", &[("", "fails")]),
    ("It was 50.1% (69.0–31.1).", &[("", "fails")]),
    ("Others found 104% (96–112%).", &[("", "fails")]),
    // What cannot be told.
    ("Others found 62.0% (51.0–72.0).", &[("", "not-checkable")]),
    (
        "In children the pooled rate of good or complete regrowth was 70.0% (55.0–82.0).",
        &[("", "not-checkable")],
    ),
    ("Partial regrowth occurred in 30.0% (20.0–42.0).", &[("", "not-checkable")]),
    ("Good or complete regrowth had an odds ratio of 1.56 (95% CI 1.20–2.03).", &[("", "not-checkable")]),
    ("The mean was 50.1 (95% CI 31.1–69.0) points.", &[("", "not-checkable")]),
    ("The mean was 40.1 (95% CI 61.1–69.0) points.", &[("", "fails")]),
    ("It was 50.1% (95% CrI 31.1–69.0).", &[("", "not-checkable")]),
    ("It was 50.1% (83% CI 36.9–63.2).", &[("", "not-checkable")]),
    ("The pooled figure was 77.0%.", &[("", "not-checkable")]),
];

#[test]
fn planted_errors_are_found_and_nothing_else_fails() {
    let good = fitted([("A", 8, 12), ("B", 9, 13), ("C", 21, 66), ("D", 8, 18)]);
    let partial = fitted([("A", 2, 12), ("B", 3, 13), ("C", 20, 66), ("D", 4, 18)]);
    let outcomes = [
        ScanOutcome {
            id: "good",
            title: "Good or complete regrowth",
            result: &good,
            scale: None,
            regressions: &[],
        },
        ScanOutcome {
            id: "partial",
            title: "Partial regrowth",
            result: &partial,
            scale: None,
            regressions: &[],
        },
    ];
    let mut wrong = Vec::new();
    for (sentence, want) in VERDICTS {
        let scanned = scan(sentence, ManuscriptFormat::Text, &outcomes);
        let found: Vec<(&str, &str)> = scanned
            .results
            .iter()
            .map(|result| (result.outcome.as_deref().unwrap_or_default(), result.verdict.key()))
            .collect();
        if found != want {
            wrong.push(format!(
                "{sentence}\n  {found:?}, {:?}",
                scanned.results.first().map(|one| &one.reason)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
