//! The names people give the columns of a table.

/// Names of columns in the form they are compared in (lower case, letters, digits and `%` alone),
/// those in an earlier row before those in a later one.
pub(super) struct Role {
    pub what: &'static str,
    pub flag: &'static str,
    pub names: &'static [&'static [&'static str]],
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
        &["id"],
    ],
};

pub(super) const AUTHOR: &[&str] = &["author", "authors", "firstauthor", "authoryear", "studyauthor"];

pub(super) const YEAR: &[&str] = &["year", "pubyear", "publicationyear", "yearofpublication"];

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
            "affected",
        ],
        &["x", "xi", "r"],
    ],
};

pub(super) const PERCENT: Role = Role {
    what: "percentages",
    flag: "--percent",
    names: &[
        &["percent", "%", "pct", "percentage", "perc", "percentages"],
        &["proportion", "prop", "prevalence"],
    ],
};

/// Whether a column's name says that its numbers are percentages, and no fractions.
pub(super) fn says_percent(name: &str) -> bool {
    let plain = plain(name);
    ["%", "percent", "pct", "perc"].iter().any(|word| plain.contains(word))
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
    ],
};

pub(super) const OUTCOME: Role = Role {
    what: "outcomes",
    flag: "--where COL=VALUE",
    names: &[
        &["outcome", "outcomes"],
        &["endpoint", "endpoints"],
        &["outcomename", "outcomemeasure", "measure"],
    ],
};

/// A name in the form names are compared in: lower case; letters, digits and `%` alone.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '%').flat_map(char::to_lowercase).collect()
}
