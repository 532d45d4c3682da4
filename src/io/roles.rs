//! The names people give the columns of a table.

use super::intervals::without_interval;

/// Names of columns in the form they are compared in (lower case, letters, digits and `%` alone),
/// those in an earlier row before those in a later one.
pub(super) struct Role {
    pub what: &'static str,
    pub flag: &'static str,
    pub names: &'static [&'static [&'static str]],
}

impl Role {
    /// Whether a name, in the form in which names are compared, is one of these.
    pub(super) fn has(&self, plain: &str) -> bool {
        self.names.iter().any(|names| names.contains(&plain))
    }
}

pub(super) const STUDY: Role = Role {
    what: "study names",
    flag: "--study",
    names: &[
        &["study", "studies", "studyname", "studylabel", "studlab", "slab"],
        AUTHOR,
        &[
            "trial",
            "trialname",
            "series",
            "cohort",
            "reference",
            "citation",
            "publication",
            "paper",
            "article",
        ],
        &["name", "label", "studyid", "trialid"],
        &["source"],
        // German, Dutch, French, Spanish, Portuguese, Italian
        &["studie", "studien", "étude", "etude", "estudio", "estudo", "studio"],
        &["id"],
    ],
};

pub(super) const AUTHOR: &[&str] = &[
    "author",
    "authors",
    "firstauthor",
    "authoryear",
    "authorandyear",
    "studyauthor",
    "leadauthor",
    "authorname",
    "autor",
    "autoren",
    "auteur",
    "auteurs",
    "autores",
    "autore",
];

pub(super) const YEAR: &[&str] = &[
    "year",
    "pubyear",
    "publicationyear",
    "yearofpublication",
    "yearpublished",
    "yearpub",
    "publishedyear",
    "jahr",
    "année",
    "año",
    "anno",
    "jaar",
];

pub(super) const EVENTS: Role = Role {
    what: "events",
    flag: "--events",
    names: &[
        &["events", "event"],
        &[
            "nevents",
            "eventsn",
            "nevent",
            "eventn",
            "numberofevents",
            "noofevents",
            "numevents",
            "eventcount",
        ],
        &[
            "cases",
            "ncases",
            "casesn",
            "numberofcases",
            "noofcases",
            "responders",
            "nresponders",
            "respondersn",
            "numberofresponders",
            "responder",
            "responses",
            "response",
            "successes",
            "success",
            "nsuccesses",
            "positive",
            "positives",
            "npositive",
            "numerator",
            "num",
            "affected",
            "infected",
            "deaths",
            "death",
            "died",
            "dead",
            "npos",
            "pos",
        ],
        &["x", "xi", "r"],
        // Two numbers in each cell.
        &["n%", "no%", "number%", "nn", "xn", "nn%", "%nn", "events%", "cases%", "eventstotal"],
        &[
            "ereignisse",
            "fälle",
            "faelle",
            "anzahlfälle",
            "todesfälle",
            "événements",
            "evenements",
            "cas",
            "décès",
            "eventos",
            "casos",
            "eventi",
            "casi",
            "gebeurtenissen",
        ],
        // The arms of a trial as RevMan, RevMan Web and R's meta call them. With both arms neither is taken.
        &["events1", "events2", "experimentalcases", "controlcases", "evente", "eventc"],
    ],
};

pub(super) const PERCENT: Role = Role {
    what: "percentages",
    flag: "--percent",
    names: &[
        &["percent", "%", "pct", "percentage", "perc", "percentages", "prevalence%", "rate%"],
        &["proportion", "prop", "prevalence", "percent%", "percentage%", "proportion%"],
        &["prozent", "pourcentage", "porcentaje", "porcentagem", "percentuale"],
        &[
            "anteil",
            "anteil%",
            "prävalenz",
            "prävalenz%",
            "prévalence",
            "prévalence%",
            "prevalencia",
            "prevalencia%",
            "prevalência",
            "prevalência%",
            "prevalenza",
            "prevalenza%",
            "prevalentie",
        ],
    ],
};

/// Whether a column's name says that its numbers are percentages, and no fractions.
pub(super) fn says_percent(name: &str) -> bool {
    let plain = plain(without_interval(name).unwrap_or(name));
    ["%", "percent", "pct", "perc", "prozent", "pourcent", "porcent"].iter().any(|word| plain.contains(word))
}

/// Whether the name of a column says that its numbers are of 1,000 people or of more.
pub(super) fn says_another_scale(name: &str) -> bool {
    let digits: String = plain(name).replace(',', "");
    name.contains('‰')
        || ["per1000", "per10000", "per100000", "permille"].iter().any(|scale| digits.contains(scale))
}

/// Whether the name of a column says that its numbers are fractions of 1.
pub(super) fn says_fraction(name: &str) -> bool {
    let plain = plain(name);
    plain == "prop" || ["proportion", "fraction"].iter().any(|word| plain.contains(word))
}

pub(super) const TOTAL: Role = Role {
    what: "totals",
    flag: "--total",
    names: &[
        &["total", "totals"],
        &["n", "ni", "ntotal", "totaln", "samplesize", "denominator", "denom"],
        &[
            "patients",
            "npatients",
            "patientsn",
            "numberofpatients",
            "noofpatients",
            "totalpatients",
            "participants",
            "nparticipants",
            "participantsn",
            "numberofparticipants",
            "noofparticipants",
            "totalparticipants",
            "subjects",
            "nsubjects",
            "numberofsubjects",
            "size",
            "sample",
            "totalsample",
            "people",
            "population",
            "tested",
            "ntested",
            "evaluated",
            "nevaluated",
        ],
        &[
            "gesamt",
            "gesamtzahl",
            "patienten",
            "teilnehmer",
            "probanden",
            "stichprobe",
            "effectif",
            "effectifs",
            "pacientes",
            "participantes",
            "pazienti",
            "partecipanti",
            "totale",
            "totaal",
            "patiënten",
            "deelnemers",
        ],
        // The arms of a trial as RevMan, RevMan Web, R's meta and metafor call them.
        &["total1", "total2", "experimentaln", "controln", "ne", "nc", "n1i", "n2i"],
    ],
};

/// Whether a name says that its numbers are time under observation and no people: person-years, PY, years of follow-up.
/// Events per such time are rates.
pub(super) fn says_time(name: &str) -> bool {
    let plain = plain(name);
    let units = ["year", "yr", "month", "week", "day", "time", "hour"];
    let people = ["person", "patient", "participant", "subject", "child", "woman", "animal"];
    let of_people = people.iter().any(|who| {
        // Of several, as in `patients day 30`, only the plural at the end is a unit: `patients years`.
        let several = units.iter().any(|unit| plain.ends_with(&format!("{who}s{unit}s")));
        several || units.iter().any(|unit| plain.contains(&format!("{who}{unit}")))
    });
    let watched = ["followup", "fu", "observation", "exposure"];
    let of_time = watched.iter().any(|what| {
        units.iter().any(|unit| {
            [format!("{unit}sof{what}"), format!("{what}{unit}s"), format!("{what}time")].contains(&plain)
        })
    });
    let short =
        ["py", "pys", "pyr", "pyrs", "pyo", "pyar", "yearsatrisk", "timeatrisk", "years", "yrs", "pyears"];
    of_people || of_time || short.contains(&plain.as_str())
}

pub(super) const OUTCOME: Role = Role {
    what: "outcomes",
    flag: "--where COL=VALUE",
    names: &[
        &["outcome", "outcomes"],
        &["endpoint", "endpoints"],
        &["outcomename", "outcomemeasure", "measure", "analysisname"],
    ],
};

/// A name in the form names are compared in: lower case; letters, digits and `%` alone.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '%').flat_map(char::to_lowercase).collect()
}

/// Words that a name is made of, lower case: `Number of sampled animals` has number, of, sampled, animals.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What can be counted.
const COUNTED: [&str; 33] = [
    "patients",
    "participants",
    "subjects",
    "people",
    "persons",
    "individuals",
    "animals",
    "samples",
    "sample",
    "specimens",
    "isolates",
    "children",
    "adults",
    "women",
    "men",
    "births",
    "pregnancies",
    "eyes",
    "teeth",
    "dogs",
    "cats",
    "cattle",
    "sheep",
    "goats",
    "pigs",
    "horses",
    "birds",
    "workers",
    "students",
    "residents",
    "households",
    "hospitals",
    "respondents",
];
/// What was done with all of them.
const STUDIED: [&str; 20] = [
    "sampled",
    "tested",
    "examined",
    "screened",
    "enrolled",
    "enroled",
    "included",
    "assessed",
    "evaluated",
    "analysed",
    "analyzed",
    "treated",
    "randomised",
    "randomized",
    "investigated",
    "surveyed",
    "studied",
    "recruited",
    "total",
    "all",
];
/// What some of them have.
const HAPPENED: [&str; 18] = [
    "positive",
    "positives",
    "cases",
    "case",
    "events",
    "event",
    "deaths",
    "died",
    "dead",
    "responders",
    "responses",
    "infected",
    "affected",
    "successes",
    "complications",
    "relapses",
    "recurrences",
    "seropositive",
];
/// Words that say that something is counted.
const COUNTING: [&str; 10] = ["number", "no", "nr", "num", "n", "of", "the", "count", "in", "with"];

/// Words for percentages.
const OF_HUNDRED: [&str; 4] = ["percent", "pct", "percentage", "perc"];

/// Whether a name says in words that its numbers are events, or else totals: `No. of positive animals`, `patients (n)`.
pub(super) fn says_in_words(name: &str, role: &Role) -> bool {
    let words = words(name);
    let is = |word: &String, set: &[&str]| set.contains(&word.as_str());
    let known =
        |word: &String| [&COUNTED[..], &STUDIED, &HAPPENED, &COUNTING].iter().any(|set| is(word, set));
    let has = |set: &[&str]| words.iter().any(|word| is(word, set));
    // `No deaths` are none, `No. of deaths` and `No of deaths` a number of them.
    let none = words.first().is_some_and(|word| word == "no")
        && words.get(1).is_none_or(|word| word != "of")
        && !name.to_lowercase().contains("no.");
    let words: Vec<&String> = words.iter().filter(|word| !is(word, &OF_HUNDRED)).collect();
    match role.flag {
        _ if none || words.is_empty() || !words.iter().all(|word| known(word)) => false,
        // The cells say whether `Cases (%)` are counts with their percentages or percentages alone.
        "--percent" => says_percent(name) && (has(&HAPPENED) || has(&COUNTING)),
        "--events" if says_percent(name) => has(&HAPPENED) || has(&COUNTING),
        "--total" if says_percent(name) => false,
        "--events" => has(&HAPPENED),
        "--total" => !has(&HAPPENED) && (has(&COUNTED) || has(&STUDIED)),
        _ => false,
    }
}

/// Names under which tables keep the numbers of their rows, in the form names are compared in.
pub(super) const INDEX: [&str; 14] = [
    "", "x", "n", "no", "nr", "number", "id", "index", "row", "rows", "obs", "rowid", "rownames", "unnamed0",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_name_stands_in_the_docs() {
        let page = include_str!("../../docs/reading.md");
        let tables = [STUDY, EVENTS, TOTAL, PERCENT, OUTCOME].map(|role| role.names).concat();
        for name in tables.into_iter().chain([YEAR]).flatten() {
            assert!(page.contains(&format!("`{name}`")), "{name} is not in docs/reading.md");
        }
    }
}
