//! Numbers of two powers as the shortest decimal text that gives them back.

use std::fmt::{Display, LowerExp};

/// `0.1`, `12`, and with an exponent where there would be many zeros: `1e-300`.
pub(super) fn text<N: Copy + Into<f64> + Display + LowerExp>(number: N) -> String {
    let size = number.into().abs();
    if size != 0.0 && !(1e-5..1e16).contains(&size) { format!("{number:e}") } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_zeros_are_an_exponent() {
        let texts = [12.0, 0.1, -2.5, 1e15, 1e16, 1e-300, 0.0].map(text);
        assert_eq!(texts, ["12", "0.1", "-2.5", "1000000000000000", "1e16", "1e-300", "0"]);
        assert_eq!((text(0.1_f32), text(1e10_f32)), ("0.1".to_owned(), "10000000000".to_owned()));
    }
}
