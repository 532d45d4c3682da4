//! Compound files (MS-CFB), in which old workbooks are kept: sectors that a table chains into streams.

/// Sector numbers from here on are marks and no sectors.
const MARKS: u32 = 0xFFFF_FFFC;
/// The length of an entry of the directory.
const ENTRY: usize = 128;
/// A stream that is shorter than this stands in the small sectors.
const SMALL_STREAM: usize = 4096;
const SMALL_SECTOR: usize = 64;

/// A compound file whose chains all come to an end.
pub(super) struct Compound<'b> {
    sectors: Sectors<'b>,
    /// The sector that follows each.
    next: Vec<u32>,
    directory: Vec<u8>,
    small: Vec<u8>,
    next_small: Vec<u32>,
}

/// The sectors of a file, or of a stream.
struct Sectors<'b> {
    bytes: &'b [u8],
    size: usize,
}

impl<'b> Compound<'b> {
    /// Nothing where the bytes have no header of a compound file: who reads them says why.
    ///
    /// # Errors
    ///
    /// Where sectors follow each other in a circle, or more tables are named than there are sectors: memory would be taken
    /// for them without end.
    pub(super) fn read(bytes: &'b [u8]) -> Result<Option<Self>, String> {
        let size = match bytes.get(30..32) {
            Some([9, 0]) => 512,
            Some([12, 0]) => 4096,
            _ => return Ok(None),
        };
        let Some(sectors) = bytes.get(size..).map(|bytes| Sectors { bytes, size }) else { return Ok(None) };
        let next = sectors.table(bytes)?;
        if has_circle(&next) {
            return Err("its sectors follow each other in a circle".to_owned());
        }
        let directory = sectors.chain(word(bytes, 48), &next, usize::MAX);
        let length_of_next = (word(bytes, 64) as usize).saturating_mul(size);
        let next_small = words(&sectors.chain(word(bytes, 60), &next, length_of_next)).collect();
        let small = match directory.get(..ENTRY) {
            Some(root) => sectors.chain(word(root, 116), &next, word(root, 120) as usize),
            None => Vec::new(),
        };
        Ok(Some(Self { sectors, next, directory, small, next_small }))
    }

    /// The bytes of a stream, by its name without case.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let is_named = |entry: &&[u8]| {
            let units = entry[..64].chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
            let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
            String::from_utf16_lossy(&units).eq_ignore_ascii_case(name)
        };
        let entry = self.directory.chunks_exact(ENTRY).find(is_named)?;
        let (start, mut length) = (word(entry, 116), word(entry, 120) as usize);
        if self.sectors.size > 512 && word(entry, 124) > 0 {
            length = usize::MAX;
        }
        Some(match length < SMALL_STREAM {
            true => {
                let small = Sectors { bytes: &self.small, size: SMALL_SECTOR };
                small.chain(start, &self.next_small, length)
            }
            false => self.sectors.chain(start, &self.next, length),
        })
    }
}

impl Sectors<'_> {
    /// A sector; the last one may be cut off.
    fn get(&self, number: u32) -> &[u8] {
        let start = (number as usize).saturating_mul(self.size).min(self.bytes.len());
        &self.bytes[start..(start + self.size).min(self.bytes.len())]
    }

    fn count(&self) -> usize {
        self.bytes.len().div_ceil(self.size)
    }

    /// The table of which sector follows which, from the sectors that the header names, and those that name more.
    fn table(&self, header: &[u8]) -> Result<Vec<u32>, String> {
        let mut named: Vec<u32> = words(header.get(76..512).unwrap_or_default()).collect();
        let mut more = word(header, 68);
        let too_many = || "it names more tables of sectors than it has sectors".to_owned();
        for read in 0.. {
            if more >= 0xFFFF_FFFA {
                break;
            }
            if read > self.count() {
                return Err(too_many());
            }
            named.extend(words(self.get(more)));
            more = named.pop().unwrap_or(MARKS);
        }
        named.retain(|number| *number < MARKS);
        if named.len() > self.count() {
            return Err(too_many());
        }
        Ok(named.iter().flat_map(|number| words(self.get(*number))).collect())
    }

    /// The bytes of the sectors from one on, up to this length.
    fn chain(&self, first: u32, next: &[u32], length: usize) -> Vec<u8> {
        let (mut bytes, mut number) = (Vec::new(), first);
        while bytes.len() < length && (number as usize) < self.count() {
            let sector = self.get(number);
            bytes.extend(&sector[..sector.len().min(length - bytes.len())]);
            // No chain has more sectors than the table: those of small sectors are not looked through for circles.
            number = match next.get(number as usize) {
                Some(next) if bytes.len() < self.bytes.len().saturating_add(self.size) => *next,
                _ => break,
            };
        }
        bytes
    }
}

/// Whether some number leads back to itself.
fn has_circle(next: &[u32]) -> bool {
    let mut seen_from = vec![usize::MAX; next.len()];
    (0..next.len()).any(|start| {
        let mut at = start;
        while let Some(seen) = seen_from.get_mut(at).filter(|seen| **seen == usize::MAX) {
            *seen = start;
            at = next[at] as usize;
        }
        // Where the walk ends at a place that it has seen itself, it went round.
        seen_from.get(at) == Some(&start)
    })
}

/// Four bytes as a number; 0 beyond the end.
fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_wherever_they_are_entered() {
        assert!(!has_circle(&[1, 2, MARKS, u32::MAX]) && !has_circle(&[]));
        // Two chains with the same end are no circle.
        assert!(!has_circle(&[2, 2, 3, 9]));
        for next in [&[0][..], &[1, 0], &[1, 2, 1], &[9, 3, 1, 2], &[2, 1, 9]] {
            assert!(has_circle(next), "{next:?}");
        }
    }
}
