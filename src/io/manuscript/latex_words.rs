//! What the commands of LaTeX stand for.

/// Commands that stand for a character or a blank.
const CHARACTERS: [(&str, &str); 46] = [
    ("%", "%"),
    ("&", "&"),
    ("$", "$"),
    ("#", "#"),
    ("_", "_"),
    ("{", "{"),
    ("}", "}"),
    (",", "\u{2009}"),
    (";", " "),
    (":", " "),
    (" ", " "),
    ("/", ""),
    ("!", ""),
    ("quad", " "),
    ("qquad", " "),
    ("space", " "),
    ("nobreakspace", " "),
    ("thinspace", "\u{2009}"),
    ("textendash", "–"),
    ("textemdash", "—"),
    ("textminus", "\u{2212}"),
    ("pm", "±"),
    ("times", "×"),
    ("le", "≤"),
    ("leq", "≤"),
    ("leqslant", "≤"),
    ("ge", "≥"),
    ("geq", "≥"),
    ("geqslant", "≥"),
    ("lt", "<"),
    ("gt", ">"),
    ("textless", "<"),
    ("textgreater", ">"),
    ("approx", "≈"),
    ("sim", "~"),
    ("simeq", "≈"),
    ("textasciitilde", "~"),
    ("cdot", "·"),
    ("textperiodcentered", "·"),
    ("percent", "%"),
    ("permil", "‰"),
    ("tau", "τ"),
    ("chi", "χ"),
    ("slash", "/"),
    ("ldots", "…"),
    ("dots", "…"),
];

/// Commands whose arguments are no text, and how many they have.
const WITHOUT_TEXT: [(&str, usize); 36] = [
    ("cite", 1),
    ("citep", 1),
    ("citet", 1),
    ("parencite", 1),
    ("textcite", 1),
    ("autocite", 1),
    ("footcite", 1),
    ("supercite", 1),
    ("nocite", 1),
    ("ref", 1),
    ("eqref", 1),
    ("autoref", 1),
    ("cref", 1),
    ("Cref", 1),
    ("pageref", 1),
    ("label", 1),
    ("includegraphics", 1),
    ("usepackage", 1),
    ("documentclass", 1),
    ("bibliography", 1),
    ("bibliographystyle", 1),
    ("addbibresource", 1),
    ("input", 1),
    ("include", 1),
    ("vspace", 1),
    ("hspace", 1),
    ("href", 1),
    ("url", 1),
    ("color", 1),
    ("textcolor", 1),
    ("multicolumn", 2),
    ("multirow", 2),
    ("cmidrule", 1),
    ("cline", 1),
    ("setlength", 2),
    ("newcommand", 2),
];

/// Commands that end a paragraph.
const ENDS: [&str; 11] = [
    "par",
    "item",
    "section",
    "subsection",
    "subsubsection",
    "paragraph",
    "chapter",
    "caption",
    "title",
    "maketitle",
    "[",
];

/// Environments that hold no text.
pub(super) const LEFT_OUT: [&str; 9] = [
    "verbatim",
    "verbatim*",
    "lstlisting",
    "minted",
    "comment",
    "filecontents",
    "filecontents*",
    "thebibliography",
    "tikzpicture",
];

/// Environments whose rows are those of a table, and how many arguments they have.
pub(super) const TABLES: [(&str, usize); 7] = [
    ("tabular", 1),
    ("tabular*", 2),
    ("tabularx", 2),
    ("tabulary", 2),
    ("longtable", 1),
    ("tblr", 1),
    ("array", 1),
];

/// What a command does to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It stands for this text.
    Text(&'static str),
    /// So many of its arguments are no text.
    Without(usize),
    /// It ends a paragraph.
    End,
    /// It begins an environment.
    Begin,
    /// It ends one.
    Close,
    /// Its argument is a text of its own.
    Note,
    /// It ends a row of a table, or a line.
    Row,
    /// It is left out, and its arguments are text.
    Nothing,
}

/// What the command of this name does.
pub(super) fn meaning(name: &str) -> Meaning {
    if let Some((_, text)) = CHARACTERS.iter().find(|(known, _)| *known == name) {
        return Meaning::Text(text);
    }
    if let Some((_, arguments)) = WITHOUT_TEXT.iter().find(|(known, _)| *known == name) {
        return Meaning::Without(*arguments);
    }
    match name {
        "begin" => Meaning::Begin,
        "end" => Meaning::Close,
        "footnote" | "footnotetext" | "thanks" | "tablefootnote" => Meaning::Note,
        "\\" | "tabularnewline" | "newline" | "cr" => Meaning::Row,
        "]" => Meaning::End,
        _ if ENDS.contains(&name) => Meaning::End,
        _ => Meaning::Nothing,
    }
}
