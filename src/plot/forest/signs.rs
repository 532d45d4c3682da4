//! The characters that a forest plot in text is made of.

/// With which characters a forest plot in text is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Signs {
    /// Box drawing characters and geometric shapes of Unicode, each one column wide.
    #[default]
    Unicode,
    /// The characters of ASCII alone: for terminals that show no others.
    Ascii,
}

/// A pooled estimate: where its interval begins, what joins its parts, the estimate, where its interval ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Diamond {
    pub left: char,
    pub line: char,
    pub estimate: char,
    pub right: char,
}

/// One character for each part of the plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Set {
    /// The interval of a study.
    pub interval: char,
    /// A study: heavy, light, and too light for a square in a figure.
    pub studies: [char; 3],
    pub common: Diamond,
    pub random: Diamond,
    /// A pooled estimate or a prediction without an interval of any width.
    pub point: char,
    /// A prediction interval: its ends and what lies between.
    pub prediction: [char; 3],
    /// What goes on beyond the axis, to the left and to the right.
    pub arrows: [char; 2],
    /// Where the pooled estimate is in every row.
    pub reference: char,
    /// Where the value of no effect is in every row.
    pub null: char,
    /// The axis and its ticks.
    pub axis: [char; 2],
    /// The rule below the heads and above the pooled rows.
    pub rule: char,
    /// What stands for the rest of a text that is cut.
    pub cut: char,
}

impl Signs {
    pub(super) const fn set(self) -> Set {
        match self {
            Self::Unicode => Set {
                interval: '─',
                studies: ['■', '▪', '┼'],
                common: Diamond { left: '◁', line: '─', estimate: '◇', right: '▷' },
                random: Diamond { left: '◀', line: '━', estimate: '◆', right: '▶' },
                point: '┃',
                prediction: ['╞', '═', '╡'],
                arrows: ['←', '→'],
                reference: '┊',
                null: '│',
                axis: ['─', '┬'],
                rule: '─',
                cut: '…',
            },
            Self::Ascii => Set {
                interval: '-',
                studies: ['#', '*', '+'],
                common: Diamond { left: '(', line: '-', estimate: 'o', right: ')' },
                random: Diamond { left: '(', line: '=', estimate: 'O', right: ')' },
                point: 'I',
                prediction: ['[', '=', ']'],
                arrows: ['<', '>'],
                reference: ':',
                null: '|',
                axis: ['-', '+'],
                rule: '-',
                cut: '~',
            },
        }
    }
}
