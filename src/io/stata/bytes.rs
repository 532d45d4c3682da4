//! The bytes of a file from its beginning on: numbers of either byte order, texts that end at a zero, tags.

/// What is wrong with a file, and at which byte from 0.
#[derive(Debug)]
pub(in crate::io) struct Broken {
    pub what: String,
    pub at: usize,
}

/// Which byte of a number stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    MostFirst,
    LeastFirst,
}

impl Order {
    /// The whole number without a sign in at most eight bytes.
    pub(super) fn whole(self, bytes: &[u8]) -> u64 {
        let add = |number: u64, byte: &u8| (number << 8) | u64::from(*byte);
        match self {
            Self::MostFirst => bytes.iter().fold(0, add),
            Self::LeastFirst => bytes.iter().rev().fold(0, add),
        }
    }

    /// The whole number with a sign in four bytes.
    pub(super) fn signed(self, bytes: &[u8]) -> i32 {
        u32::try_from(self.whole(bytes)).unwrap_or_default().cast_signed()
    }
}

/// What of a file is still to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a> {
    rest: &'a [u8],
    pub at: usize,
    pub order: Order,
}

impl<'a> Bytes<'a> {
    pub(super) fn new(all: &'a [u8]) -> Self {
        Self { rest: all, at: 0, order: Order::LeastFirst }
    }

    /// The next so many bytes; `part` is what they are, for messages.
    pub(super) fn take(&mut self, count: usize, part: &str) -> Result<&'a [u8], Broken> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            return Err(self.broken(format!("the file ends within {part}")));
        };
        (self.rest, self.at) = (rest, self.at + count);
        Ok(taken)
    }

    /// So many parts of the same width.
    pub(super) fn parts(&mut self, count: usize, width: usize, part: &str) -> Result<&'a [u8], Broken> {
        // A product that no `usize` holds is more than any file has.
        self.take(count.saturating_mul(width), part)
    }

    /// The whole number in the next bytes.
    pub(super) fn number(&mut self, width: usize, part: &str) -> Result<usize, Broken> {
        let number = self.order.whole(self.take(width, part)?);
        usize::try_from(number).map_err(|_| self.broken(format!("{part} cannot be {number}")))
    }

    /// Passes over a tag.
    pub(super) fn tag(&mut self, tag: &str) -> Result<(), Broken> {
        if !self.passes(tag) {
            return Err(self.broken(format!("{tag} is not where it should be")));
        }
        Ok(())
    }

    /// Passes over a tag where it is the next; whether it was.
    pub(super) fn passes(&mut self, tag: &str) -> bool {
        let rest = self.rest.strip_prefix(tag.as_bytes());
        if let Some(rest) = rest {
            (self.rest, self.at) = (rest, self.at + tag.len());
        }
        rest.is_some()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn broken(&self, what: String) -> Broken {
        Broken { what, at: self.at }
    }
}

/// What stands before the first zero.
pub(super) fn until_zero(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_an_order_of_bytes() {
        assert_eq!((Order::MostFirst.whole(&[1, 2]), Order::LeastFirst.whole(&[1, 2])), (258, 513));
        assert_eq!(Order::MostFirst.signed(&[255, 255, 255, 254]), -2);
    }

    #[test]
    fn what_is_missing_is_named() {
        let mut bytes = Bytes::new(b"<K>\x05");
        bytes.tag("<K>").unwrap();
        assert!(!bytes.passes("</K>"));
        let broken = bytes.parts(usize::MAX, 2, "the data").unwrap_err();
        assert_eq!((&*broken.what, broken.at), ("the file ends within the data", 3));
        assert_eq!(bytes.number(1, "a count").unwrap(), 5);
        assert!(bytes.is_at_end());
        assert_eq!(until_zero(b"ab\0c"), b"ab");
    }
}
