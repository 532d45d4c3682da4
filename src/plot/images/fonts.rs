//! The fonts that figures are set in: Liberation Sans, whose letters are as wide as the figures measure them.
//!
//! Characters that it lacks come from the fonts of the machine, which are looked at where there are any such
//! characters and not before.

use std::sync::Arc;

use resvg::usvg::fontdb::{Database, ID, Source};
use resvg::usvg::{FallbackSelectionFn, FontResolver, FontSelectionFn};

use crate::io::machine_fonts;

/// `fonts/LICENSE-OFL` is the licence of both.
const REGULAR: &[u8] = include_bytes!("../fonts/LiberationSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/LiberationSans-Bold.ttf");

/// From this weight on a text is bold.
const BOLD_FROM: u16 = 600;

/// A database of the two fonts of the program, and which of them is which.
pub(super) struct Fonts {
    pub database: Arc<Database>,
    regular: Option<ID>,
    bold: Option<ID>,
    /// Whether those of the machine stand in for them.
    with_machine: bool,
}

impl Fonts {
    pub(super) fn new(with_machine: bool) -> Self {
        let mut database = Database::new();
        let mut load =
            |font: &'static [u8]| database.load_font_source(Source::Binary(Arc::new(font))).first().copied();
        let (regular, bold) = (load(REGULAR), load(BOLD));
        Self { database: Arc::new(database), regular, bold, with_machine }
    }

    /// Which font a text is set in, whatever families it names, and which one a character that it lacks.
    pub(super) fn resolver(&self) -> FontResolver<'static> {
        let (regular, bold) = (self.regular, self.bold);
        let select_font: FontSelectionFn<'static> =
            Box::new(move |font, _| if font.weight() >= BOLD_FROM { bold } else { regular });
        FontResolver { select_font, select_fallback: self.fallback() }
    }

    fn fallback(&self) -> FallbackSelectionFn<'static> {
        let (own, with_machine) = (self.database.len(), self.with_machine);
        let first = FontResolver::default_fallback_selector();
        Box::new(move |character, used, database| {
            if with_machine && database.len() == own {
                machine_fonts::add_to(Arc::make_mut(database));
            }
            first(character, used, database)
        })
    }
}
