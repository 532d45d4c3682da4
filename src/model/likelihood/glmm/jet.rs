//! Numbers with their first and second derivatives in μ and τ.

use std::ops::{Add, Mul, Sub};

use crate::model::likelihood::surface::Derivatives;
use crate::numeric::elementary::{exp, ln};

/// A value with its derivatives in μ (0) and τ (1), to second order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jet {
    pub value: f64,
    first: [f64; 2],
    /// In μμ, μτ and ττ.
    second: [f64; 3],
}

impl Jet {
    pub fn constant(value: f64) -> Self {
        Self { value, first: [0.0; 2], second: [0.0; 3] }
    }

    /// A value that grows with μ.
    pub fn location(value: f64) -> Self {
        Self { first: [1.0, 0.0], ..Self::constant(value) }
    }

    /// A value that grows with τ.
    pub fn spread(value: f64) -> Self {
        Self { first: [0.0, 1.0], ..Self::constant(value) }
    }

    /// f of this number, where `f` is the value of f with its first and second derivative there.
    pub fn apply(self, f: [f64; 3]) -> Self {
        let [a, b] = self.first;
        let products = [a * a, a * b, b * b];
        Self {
            value: f[0],
            first: self.first.map(|first| f[1] * first),
            second: [0, 1, 2].map(|i| f[1] * self.second[i] + f[2] * products[i]),
        }
    }

    pub fn logarithm(self) -> Self {
        let inverse = 1.0 / self.value;
        self.apply([ln(self.value), inverse, -inverse * inverse])
    }

    pub fn exponential(self) -> Self {
        let value = exp(self.value);
        self.apply([value; 3])
    }

    /// 1/√x.
    pub fn inverse_root(self) -> Self {
        let value = 1.0 / self.value.sqrt();
        self.apply([value, -0.5 * value / self.value, 0.75 * value / (self.value * self.value)])
    }

    pub fn scaled(self, factor: f64) -> Self {
        self * Self::constant(factor)
    }

    pub fn derivatives(self) -> Derivatives {
        let ([location, spread], [location2, cross, spread2]) = (self.first, self.second);
        Derivatives { value: self.value, location, spread, location2, cross, spread2 }
    }
}

impl Add for Jet {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            first: [0, 1].map(|i| self.first[i] + other.first[i]),
            second: [0, 1, 2].map(|i| self.second[i] + other.second[i]),
        }
    }
}

impl Sub for Jet {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + other * Self::constant(-1.0)
    }
}

impl Mul for Jet {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.first, other.first);
        let products = [2.0 * a * c, a * d + b * c, 2.0 * b * d];
        Self {
            value: self.value * other.value,
            first: [0, 1].map(|i| self.first[i] * other.value + self.value * other.first[i]),
            second: [0, 1, 2]
                .map(|i| self.second[i] * other.value + self.value * other.second[i] + products[i]),
        }
    }
}
