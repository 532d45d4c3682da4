//! Tokens as text, spaced as a person writes them.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// The text of a piece of syntax, on one line.
pub fn text(of: &impl ToTokens) -> String {
    let mut out = String::new();
    write(of.to_token_stream(), &mut out);
    out
}

fn write(tokens: TokenStream, out: &mut String) {
    // Whether the next token belongs to the one before it: `::`, `->`, `'a`.
    let mut joint = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::None => ("", ""),
                };
                space_before_word(open, joint, out);
                out.push_str(open);
                let mut inner = String::new();
                write(group.stream(), &mut inner);
                out.push_str(inner.trim().trim_end_matches(',').trim_end());
                out.push_str(close);
                joint = false;
            }
            TokenTree::Punct(punct) => {
                let sign = punct.as_char();
                match (sign, joint) {
                    ('=' | '+' | '|', false) => out.push_str(&format!(" {sign}")),
                    ('-', false) if punct.spacing() == Spacing::Joint => out.push_str(" -"),
                    ('&' | '\'' | '*' | '#', false) => {
                        space_before_word("&", joint, out);
                        out.push(sign);
                    }
                    _ => out.push(sign),
                }
                let pair = joint && sign == ':';
                joint = punct.spacing() == Spacing::Joint;
                if matches!(sign, ',' | ';' | '+' | '|' | '=') && !joint || sign == ':' && !joint && !pair {
                    out.push(' ');
                }
                if sign == '>' && out.ends_with("->") {
                    out.push(' ');
                }
            }
            other => {
                let word = other.to_string();
                space_before_word(&word, joint, out);
                out.push_str(&word);
                joint = false;
            }
        }
    }
}

/// A space between two words, and after a closing bracket before a word.
fn space_before_word(next: &str, joint: bool, out: &mut String) {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '&');
    let starts = next.starts_with(word);
    let after = out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | ')' | ']'));
    let arrow = out.ends_with("->");
    if starts && !joint && (after || arrow || out.ends_with('>') && !next.starts_with('&')) {
        out.push(' ');
    }
}

/// The tokens without comments of documentation.
pub fn without_documentation(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(sign)
                if sign.as_char() == '#' && tokens.peek().is_some_and(is_documentation) =>
            {
                tokens.next();
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_documentation(group.stream()));
                inner.set_span(group.span());
                kept.push(inner.into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

fn is_documentation(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.stream().to_string().starts_with("doc ="))
}
