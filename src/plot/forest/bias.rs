//! Judgements of the risk of bias, as discs with a sign in them.

use crate::plot::figure::Colour;

/// A judgement of one domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// Low risk.
    Low,
    /// Some concerns, moderate or unclear risk.
    Some,
    /// High risk.
    High,
    /// Critical risk.
    Critical,
    /// Not judged, or no information.
    Unknown,
}

/// The words of RoB 2, ROBINS-I, QUADAS-2 and of the older Cochrane tool, in small letters.
const WORDS: [(&str, Judgement); 24] = [
    ("low", Judgement::Low),
    ("low risk", Judgement::Low),
    ("l", Judgement::Low),
    ("+", Judgement::Low),
    ("yes", Judgement::Low),
    ("some concerns", Judgement::Some),
    ("some", Judgement::Some),
    ("moderate", Judgement::Some),
    ("medium", Judgement::Some),
    ("unclear", Judgement::Some),
    ("unclear risk", Judgement::Some),
    ("-", Judgement::Some),
    ("−", Judgement::Some),
    ("?", Judgement::Some),
    ("high", Judgement::High),
    ("high risk", Judgement::High),
    ("h", Judgement::High),
    ("serious", Judgement::High),
    ("x", Judgement::High),
    ("no", Judgement::High),
    ("critical", Judgement::Critical),
    ("!", Judgement::Critical),
    ("no information", Judgement::Unknown),
    ("ni", Judgement::Unknown),
];

impl Judgement {
    /// What a cell says; unknown where it is empty or says nothing of the kind.
    pub fn of(cell: &str) -> Self {
        let word = cell.trim().to_lowercase();
        WORDS.iter().find(|(known, _)| *known == word).map_or(Self::Unknown, |(_, judgement)| *judgement)
    }

    /// The sign in its disc: it says the same as the colour.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Low => "+",
            Self::Some => "−",
            Self::High => "×",
            Self::Critical => "!",
            Self::Unknown => "?",
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Some => "some concerns or unclear",
            Self::High => "high",
            Self::Critical => "critical",
            Self::Unknown => "no information",
        }
    }

    /// The colour of its disc: on white paper at least 3 to 1, and white signs on it at least 4.5 to 1.
    pub const fn colour(self) -> Colour {
        match self {
            Self::Low => Colour(0x1b, 0x7f, 0x3b),
            Self::Some => Colour(0x8a, 0x66, 0x00),
            Self::High => Colour(0xb8, 0x2c, 0x2c),
            Self::Critical => Colour(0x7a, 0x0f, 0x2b),
            Self::Unknown => Colour(0x5f, 0x66, 0x6d),
        }
    }

    /// Every judgement, from the best.
    pub const ALL: [Self; 5] = [Self::Low, Self::Some, Self::High, Self::Critical, Self::Unknown];
}
