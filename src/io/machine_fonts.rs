//! The fonts of the machine: for characters that the fonts of the program lack.

use std::cmp::Reverse;

use resvg::usvg::fontdb::{Database, FaceInfo, Stretch, Style};

/// Adds every font that is installed to a database, those that are most like Liberation Sans first; among equals by
/// name, so that one machine chooses the same font each time.
pub(crate) fn add_to(fonts: &mut Database) {
    let mut installed = Database::new();
    installed.load_system_fonts();
    let mut faces: Vec<FaceInfo> = installed.faces().cloned().collect();
    faces.sort_by_cached_key(likeness);
    for face in faces {
        fonts.push_face_info(face);
    }
}

/// Upright before slanted, of medium weight and width before others, and sans serif where the name says so.
fn likeness(face: &FaceInfo) -> (bool, u16, bool, bool, Reverse<bool>, String) {
    let upright = face.style == Style::Normal;
    let family = face.families.first().map_or("", |(family, _)| family);
    let name = format!("{family} {} {}", face.post_script_name, face.index);
    let sans = Reverse(family.contains("Sans"));
    (!upright, face.weight.0.abs_diff(400), face.stretch != Stretch::Normal, face.monospaced, sans, name)
}
