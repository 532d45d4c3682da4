//! The bits of all computed values as one number.

use sha2::{Digest, Sha256};

use super::recompute::Agreement;
use crate::format::hexadecimal;

/// The digest of the certified results.
pub const CERTIFIED: &str = include_str!("digest.txt");

/// SHA-256 of every computed value in its order, in hexadecimal: eight bytes for a number, the lowest first,
/// and 0xFF in all eight where there is no value.
///
/// Two machines with the same digest computed the same bits.
///
/// ```
/// // Without values it is the digest of the empty message.
/// assert!(metaprop::selftest::digest::sha256(&[]).starts_with("e3b0c44298fc1c14"));
/// ```
#[must_use]
pub fn sha256(agreements: &[Agreement<'_>]) -> String {
    let mut hash = Sha256::new();
    for value in agreements.iter().flat_map(|agreement| &agreement.all) {
        hash.update(value.map_or(u64::MAX, f64::to_bits).to_le_bytes());
    }
    hexadecimal(&hash.finalize())
}
