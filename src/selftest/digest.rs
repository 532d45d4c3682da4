//! The bits of everything that was computed, as one number.

use sha2::{Digest, Sha256};

use super::recompute::Agreement;

/// The digest of the certified set as it was computed when it was certified.
pub const CERTIFIED: &str = include_str!("../../tests/reference/certified/digest.txt");

/// SHA-256 of every computed value in its order, in hexadecimal: eight bytes a number, the lowest first; of
/// what does not exist, the bytes of a NaN.
///
/// Two machines with the same digest computed the same bits.
///
/// ```
/// // Of nothing: that of the empty message.
/// assert!(metaprop::selftest::digest::of(&[]).starts_with("e3b0c44298fc1c14"));
/// ```
#[must_use]
pub fn of(agreements: &[Agreement<'_>]) -> String {
    let mut hash = Sha256::new();
    for value in agreements.iter().flat_map(|agreement| &agreement.all) {
        hash.update(value.map_or(u64::MAX, f64::to_bits).to_le_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
