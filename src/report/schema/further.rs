//! The JSON Schemas of the analyses that go on from a pooled result.

use serde_json::{Value, json};

use super::parts::{
    fraction, interval, list, merge, nullable, number, object, shown, text, titled, whole, yes_no,
};
use super::result::{advisory, excluded, heterogeneity, prediction, provenance_of_table, spec, summary};
use crate::report::{
    BiasReport, CumulativeReport, Document, GoshReport, InfluenceReport, LeaveOneOutReport, RegressionReport,
};

/// The schema of each document, by its name.
pub(super) fn all() -> [(&'static str, Value); 6] {
    [
        (LeaveOneOutReport::SCHEMA, of_leave_one_out()),
        (CumulativeReport::SCHEMA, of_cumulative()),
        (InfluenceReport::SCHEMA, of_influence()),
        (GoshReport::SCHEMA, of_gosh()),
        (RegressionReport::SCHEMA, of_regress()),
        (BiasReport::SCHEMA, of_bias()),
    ]
}

/// What all of them begin with.
fn head(schema: &str) -> Value {
    json!({
        "schema": { "const": schema },
        "provenance": provenance_of_table(),
        "spec": spec(),
        "k": whole("the number of studies pooled"),
        "events": nullable(whole("their events; null for estimates")),
        "total": nullable(whole("their people; null for estimates")),
        "common": summary("the common-effect estimate of all studies", false),
        "random": nullable(summary("the estimate of the model that was asked for; null where that is common", true)),
    })
}

fn document(schema: &str, title: &str, body: Value) -> Value {
    titled(schema, title, object(merge(head(schema), body)))
}

fn stopped() -> Value {
    yes_no("whether Ctrl-C came before the end")
}

fn maybe(about: &str) -> Value {
    nullable(number(about))
}

/// What is pooled of some of the studies, with the name of the one that makes the difference.
fn refit(key: &str, about: &str) -> Value {
    refit_of(json!({ key: text(about) }))
}

/// What is pooled of some of the studies, with what says which.
fn refit_of(which: Value) -> Value {
    let mut row = object(merge(
        which,
        json!({
            "k": whole("the number of studies"),
            "y": maybe("the pooled value on the analysis scale"),
            "se": maybe("its standard error"),
            "estimate": nullable(shown("the pooled value")),
            "lower": nullable(shown("its lower limit")),
            "upper": nullable(shown("its upper limit")),
            "q": maybe("Cochran's Q; of an exact model the likelihood ratio"),
            "p_q": maybe("its p-value"),
            "tau2": maybe("the between-study variance"),
            "i2": maybe("in percent"),
        }),
    ));
    row["properties"]["reason"] = text("why there are no numbers; absent where there are");
    row
}

fn of_leave_one_out() -> Value {
    let rows = list(refit("omitted", "the study that is left out"));
    let body = json!({ "rows": rows, "stopped": stopped() });
    document(LeaveOneOutReport::SCHEMA, "The pooled result without each study", body)
}

fn of_cumulative() -> Value {
    let body = json!({
        "sort": nullable(text("by what the studies are ordered; null for the order of the table")),
        "rows": list(refit("added", "the study that is added")),
        "stopped": stopped(),
    });
    document(CumulativeReport::SCHEMA, "The pooled result as studies are added", body)
}

fn of_influence() -> Value {
    let row = object(json!({
        "study": text("its name"),
        "rstudent": maybe("the studentised deleted residual; null for an exact model"),
        "dffits": maybe("the change of the pooled value in standard deviations of the study's fitted value; null for an exact model"),
        "cook": maybe("Cook's distance"),
        "cov_ratio": maybe("the variance of the pooled value without the study, over that with it"),
        "tau2_deleted": maybe("the between-study variance without the study"),
        "q_deleted": maybe("the test of heterogeneity without the study"),
        "hat": maybe("the hat value; null for an exact model"),
        "weight": nullable(fraction("the weight; null for an exact model")),
        "dfbetas": maybe("the change of the pooled value in its standard errors without the study's spread; null for an exact model"),
        "influential": yes_no("whether a number is beyond its cutoff"),
    }));
    let cutoffs = object(json!({
        "dffits": number("of |DFFITS|"),
        "cook": number("of Cook's distance"),
        "hat": number("of the hat value"),
        "dfbetas": number("of |DFBETAS|"),
    }));
    let body = json!({ "rows": list(row), "cutoffs": cutoffs, "stopped": stopped() });
    let mut schema = document(InfluenceReport::SCHEMA, "How much each study moves the result", body);
    schema["properties"]["smallest_removal"] = smallest_removal();
    schema
}

fn smallest_removal() -> Value {
    let mut set = refit("omitted", "the studies that are left out");
    set["properties"]["omitted"] = list(text("a study that is left out"));
    object(json!({
        "conclusion": text("as it was stated"),
        "holds": nullable(yes_no("with all studies; null where the result has no such limit")),
        "size": nullable(whole("how many studies have to be left out; null where no set was found")),
        "tried_up_to": whole("up to which size every set was tried without success"),
        "proved_smallest": yes_no("whether every smaller set was tried"),
        "sets": whole("how many sets of this size do it"),
        "found": list(set),
        "fitted": whole("how many subsets were fitted"),
        "stopped": stopped(),
    }))
}

fn of_gosh() -> Value {
    let summary = object(json!({
        "estimate_mean": nullable(shown("the mean of the estimates")),
        "estimate_sd": maybe("their standard deviation"),
        "estimate_min": nullable(shown("the least of them")),
        "estimate_max": nullable(shown("the largest")),
        "y_mean": maybe("the mean on the analysis scale"),
        "y_sd": maybe("their standard deviation"),
        "tau2_mean": maybe("the mean of the between-study variance"),
        "i2_mean": maybe("the mean of I2 in percent"),
    }));
    let by_study = object(json!({
        "study": text("its name"),
        "subsets_with": whole("how many subsets have the study"),
        "estimate_with": nullable(shown("the mean of their estimates")),
        "estimate_without": nullable(shown("the mean of the estimates of the others")),
        "i2_with": maybe("the mean of their I2 in percent"),
        "i2_without": maybe("that of the others"),
    }));
    let row = object(json!({
        "studies": list(whole("a study, counted from 0")),
        "k": whole("how many"),
        "y": maybe("the pooled value on the analysis scale"),
        "estimate": shown("the pooled value"),
        "tau2": maybe("the between-study variance"),
        "i2": maybe("in percent"),
        "q": maybe("the test of heterogeneity"),
    }));
    let body = json!({
        "subsets": whole("how many subsets were fitted"),
        "exhaustive": yes_no("whether these are all"),
        "failed": whole("how many could not be fitted"),
        "stopped": stopped(),
        "summary": summary,
        "by_study": list(by_study),
        "clusters": clusters(),
    });
    let mut schema = document(GoshReport::SCHEMA, "The pooled result of every subset of the studies", body);
    schema["properties"]["rows"] = list(row);
    schema
}

/// The studies that part the subsets into two clusters.
fn clusters() -> Value {
    let set = refit_of(json!({
        "studies": list(text("a study that is left out, in the order in which they were found")),
        "parting": list(text("one of the last of them, which part the subsets without the studies of the set before")),
        "kappa": number("Cohen's kappa of the presence of one of these and the cluster"),
        "between": number("the part of the sum of squares between the two clusters"),
    }));
    let mut clusters = object(json!({ "sets": list(set) }));
    clusters["properties"]["reason"] = text("why the subsets were not parted; absent where they were");
    clusters
}

fn of_regress() -> Value {
    let coefficient = || {
        object(json!({
            "term": text("the name of its column in the model matrix"),
            "estimate": number("on the analysis scale"),
            "se": number("its standard error"),
            "statistic": maybe("estimate/se"),
            "df": maybe("degrees of freedom of t; null for the normal"),
            "p": nullable(fraction("two-sided p-value")),
            "lower": maybe("the lower limit"),
            "upper": maybe("the upper limit"),
        }))
    };
    let test = || {
        json!({
            "statistic": maybe("chi-squared, or F where df2 is there"),
            "df1": whole("how many coefficients are tested"),
            "df2": maybe("the denominator degrees of freedom"),
            "p": nullable(fraction("the p-value")),
        })
    };
    let fit = object(json!({
        "log_likelihood": number("with REML the restricted one"),
        "aic": number("Akaike's criterion"),
        "bic": number("the Bayesian criterion"),
        "aicc": number("Akaike's criterion corrected for few studies"),
        "likelihood_ratio": maybe("against the model without moderators; null where restricted likelihoods would be compared"),
        "likelihood_ratio_p": nullable(fraction("its p-value")),
    }));
    let vif = object(json!({
        "term": text("the term"),
        "df": whole("the number of its coefficients"),
        "gvif": number("the generalised variance inflation factor"),
        "scaled": number("gvif^(1/(2 df))"),
    }));
    let predicted = object(json!({
        "at": { "type": "object", "additionalProperties": text("the value of this moderator") },
        "y": number("the expected value on the analysis scale"),
        "se": number("its standard error"),
        "df": maybe("degrees of freedom of t"),
        "ci_y": nullable(interval("its interval on the analysis scale")),
        "estimate": shown("the expected value"),
        "lower": nullable(shown("its lower limit")),
        "upper": nullable(shown("its upper limit")),
        "prediction": nullable(prediction()),
    }));
    let permutation = object(json!({
        "permutations": whole("how many were fitted"),
        "exact": yes_no("whether these are all"),
        "failed": whole("how many could not be fitted"),
        "omnibus_p": nullable(fraction("of the test of all moderators")),
        "coefficient_p": list(nullable(fraction("of the coefficient at this place; null for the intercept"))),
        "stopped": stopped(),
    }));
    let robust = object(json!({
        "cluster": text("the column of the clusters"),
        "clusters": whole("how many there are"),
        "coefficients": list(coefficient()),
    }));
    let body = json!({
        "mods": text("the formula"),
        "studies": whole("how many studies were used"),
        "excluded": list(excluded()),
        "coefficients": list(coefficient()),
        "omnibus": object(test()),
        "terms": list(object(merge(json!({ "term": text("the term of the formula") }), test()))),
        "residual": heterogeneity(),
        "r2": maybe("the part of tau2 that the moderators explain, in percent; null where there is none"),
        "r2_interval": nullable(interval("of R2 in percent, by the parametric bootstrap")),
        "tau2_without": maybe("tau2 of the same studies without moderators"),
        "fit": fit,
        "vif": list(vif),
        "predictions": list(predicted),
        "permutation": nullable(permutation),
        "robust": nullable(robust),
        "advisories": list(advisory()),
    });
    document(RegressionReport::SCHEMA, "A meta-regression", body)
}

/// An object with a `reason` that is absent where all is well.
fn reasoned(keys: Value) -> Value {
    let mut schema = object(keys);
    schema["properties"]["reason"] = text("why a number is missing; absent where none is");
    schema
}

fn regression_test(about: &str) -> Value {
    let mut schema = reasoned(json!({
        "k": whole("how many studies enter"),
        "statistic": maybe("the slope over its standard error: t, or z where df is null"),
        "df": maybe("degrees of freedom; null for the normal distribution"),
        "p": nullable(fraction("two-sided")),
        "intercept": maybe("the slope; on the standard error it is Egger's intercept"),
        "intercept_se": maybe("its standard error"),
        "limit_y": maybe("the expected estimate where the predictor is 0, on the analysis scale"),
        "limit_lower_y": maybe("its lower limit"),
        "limit_upper_y": maybe("its upper limit"),
        "tau2": maybe("the between-study variance that is left; null where the test has none"),
    }));
    schema["description"] = json!(about);
    schema
}

fn shown_value() -> Value {
    json!({
        "y": maybe("the pooled value on the analysis scale"),
        "se": maybe("its standard error"),
        "estimate": nullable(shown("the pooled value")),
        "lower": nullable(shown("its lower limit")),
        "upper": nullable(shown("its upper limit")),
        "tau2": maybe("the between-study variance"),
    })
}

fn of_bias() -> Value {
    let begg = reasoned(json!({
        "k": whole("how many studies enter"),
        "statistic": maybe("z, with the variance for ties, without correction for continuity"),
        "tau": maybe("Kendall's tau-b"),
        "df": { "type": "null" },
        "p": nullable(fraction("two-sided")),
        "exact": yes_no("whether p is that of Kendall's exact distribution"),
    }));
    let point = object(json!({
        "study": text("its name"),
        "y": number("its estimate on the analysis scale"),
        "z": number("its normal quantile; the vertical axis of the Doi plot is |z|, reversed"),
    }));
    let doi = reasoned(json!({
        "tip_y": maybe("the estimate of the study with the smallest |z|"),
        "points": list(point),
    }));
    let body = json!({
        "egger": regression_test("Egger's regression on the standard error"),
        "egger_mixed": regression_test("the same as a mixed-effects model"),
        "begg": begg,
        "peters": regression_test("Peters's regression on 1/n"),
        "macaskill": regression_test("Macaskill's regression on n"),
        "thompson": regression_test("Thompson and Sharp's regression with an additive tau2"),
        "lfk": maybe("the LFK index; the reason why there is none is that of doi"),
        "doi": doi,
        "trim_fill": list(trim_fill()),
        "selection": selection(),
        "pet_peese": pet_peese(),
        "fail_safe_n": fail_safe(),
    });
    document(BiasReport::SCHEMA, "Small-study effects", body)
}

fn trim_fill() -> Value {
    let filled = object(json!({
        "mirrors": text("the study that it mirrors"),
        "y": number("its estimate on the analysis scale"),
        "v": number("its variance"),
    }));
    reasoned(merge(
        json!({
            "estimator": { "enum": ["L0", "R0", "Q0"], "description": "of the number of missing studies" },
            "side": { "enum": ["left", "right"], "description": "where they are missing" },
            "chosen": yes_no("whether the regression on the standard error points to this side"),
            "k0": nullable(whole("how many are filled in")),
            "i2": maybe("in percent"),
            "q": maybe("Cochran's Q"),
            "filled": list(filled),
        }),
        shown_value(),
    ))
}

fn selection() -> Value {
    let weight = object(json!({
        "above": fraction("p above this"),
        "to": fraction("up to and with this"),
        "k": whole("how many studies have their p there"),
        "delta": maybe("the probability to be published, over that of the first interval"),
        "se": maybe("its standard error"),
    }));
    reasoned(merge(
        json!({
            "steps": list(fraction("a limit of the intervals of p")),
            "alternative": { "enum": ["greater", "less", "two-sided"], "description": "where p is small" },
            "weights": list(weight),
            "lrt": maybe("the likelihood ratio against no selection"),
            "df": whole("its degrees of freedom"),
            "p": nullable(fraction("its p-value")),
        }),
        shown_value(),
    ))
}

fn pet_peese() -> Value {
    let at = || {
        nullable(object(json!({
            "y": number("the expected estimate of an infinitely large study, on the analysis scale"),
            "se": number("its standard error"),
            "df": maybe("degrees of freedom"),
            "estimate": shown("the same"),
            "lower": nullable(shown("its lower limit")),
            "upper": nullable(shown("its upper limit")),
            "statistic": maybe("t against the value under test"),
            "p": nullable(fraction("two-sided")),
        })))
    };
    let chosen =
        nullable(json!({ "enum": ["pet", "peese"], "description": "which of the two the rule takes" }));
    reasoned(json!({ "pet": at(), "peese": at(), "chosen": chosen }))
}

fn fail_safe() -> Value {
    reasoned(json!({
        "rosenthal": maybe("a whole number of studies"),
        "orwin": maybe("a whole number of studies"),
        "null_y": maybe("the value under test, on the analysis scale"),
        "target_y": maybe("the target of Orwin's rule, on the analysis scale"),
    }))
}
