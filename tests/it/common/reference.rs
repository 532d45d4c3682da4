//! Reference cases: a spec as a request, a field of the result document, and what it may be off by.

use metaprop::options::Request;
use serde::Deserialize;
use serde_json::Value;

/// The case's spec as a request, or why `pool` has no such case.
pub fn request(case: &Value) -> Result<Request, String> {
    if case["extra"] == true {
        return Err("a word that the contract does not have".to_string());
    }
    let choices = case["spec"].as_object().expect("a spec").iter().map(|(key, value)| match key.as_str() {
        "amount" => ("zero-amount".to_string(), number(value)),
        "level" => (key.clone(), number(value)),
        _ => (key.clone(), value.clone()),
    });
    let choices = choices.collect();
    Request::deserialize(Value::Object(choices)).map_err(|error| error.to_string())
}

/// A number, also where the file has it as the word of a command line.
fn number(value: &Value) -> Value {
    value.as_str().map_or_else(|| value.clone(), |word| word.parse::<f64>().expect("a number").into())
}

/// The value of a field in the result document; `None` where the document has no such field.
pub fn look_up(document: &Value, common: bool, field: &str) -> Option<Value> {
    let model = &document[if common { "common" } else { "random" }];
    let column = |key: &str| {
        Value::Array(
            document["studies"].as_array().expect("studies").iter().map(|s| s[key].clone()).collect(),
        )
    };
    if let Some(key) = field.strip_prefix("studies.") {
        return Some(column(key));
    }
    Some(match field {
        "weights_random" => column("weight_random"),
        "weights_common" => column("weight_common"),
        "prediction_lower" => document["prediction"]["lower"].clone(),
        "prediction_upper" => document["prediction"]["upper"].clone(),
        "prediction_df" => document["prediction"]["df"].clone(),
        "prediction_y" => document["prediction"]["ci_y"].clone(),
        "q" | "tau2" | "tau2_se" | "tau2_lower" | "tau2_upper" | "i2" | "i2_lower" | "i2_upper" | "h2"
        | "q_lrt" | "p_lrt" | "q_wald" | "rho" | "rho_se" => document["heterogeneity"][field].clone(),
        "lower_y" => model["ci_y"][0].clone(),
        "upper_y" => model["ci_y"][1].clone(),
        "lrt_tau2" | "lrt_rho" => document["heterogeneity"]["q_zero"].clone(),
        "lrt_tau2_p" | "lrt_rho_p" => document["heterogeneity"]["p_zero"].clone(),
        "q_df" => document["heterogeneity"]["df"].clone(),
        "q_p" => document["heterogeneity"]["p"].clone(),
        "q_wald_p" => document["heterogeneity"]["p_wald"].clone(),
        "y" | "se" | "estimate" | "lower" | "upper" | "statistic" | "df" | "p" | "log_likelihood" | "aic"
        | "bic" | "ci_y" => model[field].clone(),
        _ => return None,
    })
}

/// What is allowed for one field of one case.
pub struct Allowance<'a> {
    /// Its name.
    pub field: &'a str,
    /// The tolerance.
    pub relative: f64,
    /// What is allowed besides.
    pub absolute: f64,
    /// Whether that is stated for this field.
    pub stated: bool,
    /// The standard error: the scale of `y`.
    pub se: f64,
}

impl Allowance<'_> {
    /// The deviation in units of what is allowed; infinite where the shapes differ.
    pub fn times(&self, got: &Value, want: &Value) -> f64 {
        match (got, want) {
            (Value::Array(got), Value::Array(want)) if got.len() == want.len() => {
                got.iter().zip(want).map(|(got, want)| self.times(got, want)).fold(0.0, f64::max)
            }
            (Value::Null, Value::Null) => 0.0,
            (Value::Number(got), Value::Number(want)) => {
                self.of_numbers(got.as_f64().expect("a number"), want.as_f64().expect("a number"))
            }
            _ => f64::INFINITY,
        }
    }

    fn of_numbers(&self, got: f64, want: f64) -> f64 {
        let fraction = matches!(
            self.field,
            "estimate"
                | "lower"
                | "upper"
                | "prediction_lower"
                | "prediction_upper"
                | "studies.lower"
                | "studies.upper"
        );
        let (got, want) = if fraction { (got.clamp(0.0, 1.0), want.clamp(0.0, 1.0)) } else { (got, want) };
        let by_se = matches!(self.field, "y" | "ci_y" | "lower_y" | "upper_y" | "prediction_y" | "studies.y");
        let scale = if by_se { want.abs().max(self.se) } else { want.abs() };
        let p_value = matches!(self.field, "p" | "q_p" | "p_lrt" | "lrt_tau2_p" | "lrt_rho_p") && want > 0.0;
        let relative = if p_value { self.relative * (1.0 + 2.0 * want.ln().abs()) } else { self.relative };
        let never =
            matches!(self.field, "studies.v" | "se" | "tau2" | "tau2_se" | "tau2_lower" | "tau2_upper")
                && want != 0.0
                && !self.stated;
        let allowed = relative * scale + if never { 0.0 } else { self.absolute };
        if got == want { 0.0 } else { (got - want).abs() / allowed }
    }
}
