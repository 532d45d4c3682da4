//! A reader of markup strict enough to catch what is not well-formed.

/// Checks that every tag is closed, every attribute quoted and every `&` part of an entity; gives the
/// names of the elements in order. `void` elements need no end.
pub fn elements(text: &str, void: &[&str]) -> Vec<String> {
    let (mut open, mut seen, mut rest): (Vec<String>, Vec<String>, &str) = (Vec::new(), Vec::new(), text);
    while let Some(at) = rest.find('<') {
        entities(&rest[..at]);
        assert!(!rest[..at].contains('>'), "a stray > in {:?}", &rest[..at]);
        rest = &rest[at + 1..];
        let (tag, after) = rest.split_once('>').expect("the end of a tag");
        rest = after;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "the end of another element");
            continue;
        }
        let name: String = tag.chars().take_while(|c| !c.is_whitespace() && *c != '/').collect();
        attributes(&tag[name.len()..]);
        if !tag.ends_with('/') && !void.contains(&name.as_str()) {
            open.push(name.clone());
        }
        seen.push(name.clone());
        // The content of a style sheet is text.
        if name == "style" {
            rest = &rest[rest.find("</style>").expect("the end of the style")..];
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    seen
}

fn attributes(text: &str) {
    let outside: String = text.split('"').step_by(2).collect();
    assert_eq!(text.matches('"').count() % 2, 0, "an attribute is not closed: {text}");
    assert!(!outside.contains(['<', '\'', '&']), "an attribute is not quoted: {text}");
    text.split('"').skip(1).step_by(2).for_each(entities);
}

fn entities(text: &str) {
    for piece in text.split('&').skip(1) {
        let (entity, _) = piece.split_once(';').unwrap_or_else(|| panic!("a bare & before {piece:?}"));
        assert!(
            entity.len() < 8 && entity.chars().all(|c| c.is_ascii_alphanumeric() || c == '#'),
            "&{entity};"
        );
    }
}

/// The values of an attribute wherever it stands.
pub fn values<'a>(text: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    text.split(start.as_str())
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(value, _)| value)
        .collect()
}
