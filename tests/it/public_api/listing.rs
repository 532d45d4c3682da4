//! The lines of the list: what can be reached from outside, under its shortest path.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Attribute, Fields, ImplItem, Item, ItemImpl, TraitItem, Type, Visibility};

use crate::common::source::{Import, Meaning, Module, Tree, attributes, invocation, name_of};
use crate::common::tokens::text;

/// Every line, in the order of its text.
pub fn listing(tree: &Tree) -> Vec<String> {
    let mut reached = Reached { tree, paths: BTreeMap::new(), modules: BTreeMap::new() };
    reached.module(&[], &[]);
    let mut lines = BTreeSet::new();
    for (meaning, paths) in &reached.paths {
        let path = shortest(paths);
        reached.item(meaning, &path, &mut lines);
        for other in paths.iter().filter(|other| other.join("::") != path) {
            lines.insert(format!("{}: pub use {path}", other.join("::")));
        }
    }
    for (module, paths) in &reached.modules {
        let path = shortest(paths);
        if !path.is_empty() {
            lines.insert(format!("{path}: {}pub mod", reached.conditions(module)));
        }
        for other in paths.iter().filter(|other| other.join("::") != path) {
            lines.insert(format!("{}: pub use {path}", other.join("::")));
        }
    }
    reached.made(&mut lines);
    tree.0.values().for_each(|module| reached.implementations(module, &mut lines));
    lines.into_iter().collect()
}

/// The shortest path, and of two the first.
fn shortest(paths: &BTreeSet<Vec<String>>) -> String {
    paths.iter().min_by_key(|path| path.len()).expect("a path").join("::")
}

/// What can be reached, and by which paths.
struct Reached<'a> {
    tree: &'a Tree,
    paths: BTreeMap<Meaning, BTreeSet<Vec<String>>>,
    modules: BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn joined(path: &[String], name: &str) -> Vec<String> {
    [path, &[name.to_string()]].concat()
}

impl Reached<'_> {
    fn module(&mut self, module: &[String], path: &[String]) {
        if !self.modules.entry(module.to_vec()).or_default().insert(path.to_vec()) {
            return;
        }
        self.contents(module, path);
    }

    /// The public items of a module, under a path; a glob lists those of another module under its own.
    fn contents(&mut self, module: &[String], path: &[String]) {
        let tree = self.tree;
        let here = &tree.0[module];
        for item in &here.items {
            match item {
                Item::Mod(inner) if is_public(&inner.vis) => {
                    let name = inner.ident.to_string();
                    self.module(&joined(module, &name), &joined(path, &name));
                }
                _ if visibility(item).is_some_and(is_public) => {
                    let name = name_of(item).expect("a named item");
                    let meaning = Meaning::Item(module.to_vec(), name.clone());
                    self.paths.entry(meaning).or_default().insert(joined(path, &name));
                }
                _ => {}
            }
        }
        here.uses.iter().filter(|import| import.public).for_each(|import| self.import(module, import, path));
    }

    fn import(&mut self, module: &[String], import: &Import, path: &[String]) {
        let meaning = self.tree.meaning(module, &import.path);
        match (&import.name, meaning) {
            (Some(name), Meaning::Module(target)) => self.module(&target, &joined(path, name)),
            (Some(name), Meaning::Outside) => {
                let outside = Meaning::Item(Vec::new(), import.path.join("::"));
                self.paths.entry(outside).or_default().insert(joined(path, name));
            }
            (Some(name), meaning) => {
                self.paths.entry(meaning).or_default().insert(joined(path, name));
            }
            (None, Meaning::Module(target)) if target != module => {
                self.contents(&target, path);
                // What macros make there comes along.
                self.modules.entry(target).or_default().insert(path.to_vec());
            }
            (None, _) => {}
        }
    }

    /// The lines of an item.
    fn item(&self, meaning: &Meaning, path: &str, lines: &mut BTreeSet<String>) {
        let (module, name) = match meaning {
            Meaning::Item(module, name) => (module, name),
            Meaning::Made(module, _, maker) => {
                lines.insert(format!("{path}: made by {maker}! in {}", self.tree.0[module].file));
                return;
            }
            Meaning::Module(_) | Meaning::Outside => return,
        };
        let items = self.tree.0.get(module).map(|module| &module.items[..]).unwrap_or_default();
        match items.iter().find(|item| name_of(item).as_ref() == Some(name)) {
            Some(item) => described(item, path, lines),
            None => {
                lines.insert(format!("{path}: pub use {name}"));
            }
        }
    }

    /// The invocations of macros in modules that can be reached.
    fn made(&self, lines: &mut BTreeSet<String>) {
        for (module, paths) in &self.modules {
            for (maker, words) in self.tree.0[module].items.iter().filter_map(invocation) {
                let path = shortest(paths);
                lines.insert(format!("{path}: {maker}! {}", words.join(" ")));
            }
        }
    }

    /// The methods and traits of types that can be reached.
    fn implementations(&self, module: &Module, lines: &mut BTreeSet<String>) {
        for item in &module.items {
            let Item::Impl(item) = item else { continue };
            let Some(path) = self.type_path(module, &item.self_ty) else { continue };
            match &item.trait_ {
                Some((of, _)) => {
                    let of = self.trait_path(module, of);
                    lines.insert(format!("impl {of} for {path}{}", arguments(&item.self_ty)));
                }
                None => methods(item, &path, lines),
            }
        }
    }

    /// The path by which a type is reached, if it can be.
    fn type_path(&self, module: &Module, of: &Type) -> Option<String> {
        let path = match of {
            Type::Path(of) => &of.path,
            Type::Reference(of) => return self.type_path(module, &of.elem),
            _ => return None,
        };
        let words: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.paths.get(&self.tree.meaning(&module.path, &words)).map(shortest)
    }

    fn trait_path(&self, module: &Module, of: &syn::Path) -> String {
        let words: Vec<String> = of.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let ours = self.paths.get(&self.tree.meaning(&module.path, &words)).map(shortest);
        let last = of.segments.last().expect("a name");
        ours.map_or_else(|| text(last), |path| format!("{path}{}", text(&last.arguments)))
    }

    /// The conditions under which a module is compiled.
    fn conditions(&self, module: &[String]) -> String {
        let Some((name, parent)) = module.split_last() else { return String::new() };
        let items = &self.tree.0[parent].items;
        let of = items.iter().find(|item| matches!(item, Item::Mod(inner) if inner.ident == name));
        of.map(|item| conditions(attributes(item))).unwrap_or_default()
    }
}

fn arguments(of: &Type) -> String {
    match of {
        Type::Path(of) => of.path.segments.last().map(|last| text(&last.arguments)).unwrap_or_default(),
        _ => String::new(),
    }
}

fn visibility(item: &Item) -> Option<&Visibility> {
    Some(match item {
        Item::Const(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Static(item) => &item.vis,
        Item::Struct(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        Item::Type(item) => &item.vis,
        Item::Union(item) => &item.vis,
        _ => return None,
    })
}

/// `#[cfg(…)]` and `#[non_exhaustive]`, which a user meets.
fn conditions(attributes: &[Attribute]) -> String {
    let met =
        attributes.iter().filter(|one| one.path().is_ident("cfg") || one.path().is_ident("non_exhaustive"));
    met.map(|attribute| text(attribute) + " ").collect()
}

/// Fields, variants, items of a trait, and derived traits each have a line.
fn described(item: &Item, path: &str, lines: &mut BTreeSet<String>) {
    let head = match item {
        Item::Const(item) => format!("pub const {}: {}", item.ident, text(&item.ty)),
        Item::Enum(item) => {
            for variant in &item.variants {
                lines.insert(format!("{path}::{}{}", variant.ident, payload(&variant.fields)));
            }
            format!("pub enum {}{}", item.ident, text(&item.generics))
        }
        Item::Fn(item) => format!("pub {}", text(&item.sig)),
        Item::Static(item) => format!("pub static {}: {}", item.ident, text(&item.ty)),
        Item::Struct(item) => {
            for (index, field) in item.fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis)) {
                let name = field.ident.as_ref().map_or_else(|| index.to_string(), ToString::to_string);
                lines.insert(format!("{path}.{name}: {}", text(&field.ty)));
            }
            format!("pub struct {}{}", item.ident, text(&item.generics))
        }
        Item::Trait(item) => {
            item.items.iter().for_each(|one| of_a_trait(one, path, lines));
            let above = if item.supertraits.is_empty() {
                String::new()
            } else {
                format!(": {}", text(&item.supertraits))
            };
            format!("pub trait {}{}{above}", item.ident, text(&item.generics))
        }
        Item::Type(item) => format!("pub type {}{} = {}", item.ident, text(&item.generics), text(&item.ty)),
        other => text(other),
    };
    lines.insert(format!("{path}: {}{head}", conditions(attributes(item))));
    for derived in attributes(item).iter().filter(|attribute| attribute.path().is_ident("derive")) {
        let list = text(&derived.meta).replace("derive(", "");
        for name in list.trim_end_matches(')').split(", ") {
            lines.insert(format!("impl {} for {path}", name.rsplit("::").next().unwrap_or(name)));
        }
    }
}

fn payload(fields: &Fields) -> String {
    let field = |field: &syn::Field| match &field.ident {
        Some(name) => format!("{name}: {}", text(&field.ty)),
        None => text(&field.ty),
    };
    let all: Vec<String> = fields.iter().map(field).collect();
    match fields {
        Fields::Named(_) => format!(" {{ {} }}", all.join(", ")),
        Fields::Unnamed(_) => format!("({})", all.join(", ")),
        Fields::Unit => String::new(),
    }
}

fn of_a_trait(item: &TraitItem, path: &str, lines: &mut BTreeSet<String>) {
    let line = match item {
        TraitItem::Const(item) => format!("{path}::{0}: const {0}: {1}", item.ident, text(&item.ty)),
        TraitItem::Fn(item) => format!("{path}::{}: {}", item.sig.ident, text(&item.sig)),
        TraitItem::Type(item) => format!("{path}::{0}: type {0}", item.ident),
        other => format!("{path}: {}", text(other)),
    };
    lines.insert(line);
}

fn methods(item: &ItemImpl, path: &str, lines: &mut BTreeSet<String>) {
    for one in &item.items {
        let line = match one {
            ImplItem::Fn(one) if is_public(&one.vis) => {
                format!("{path}::{}: pub {}", one.sig.ident, text(&one.sig))
            }
            ImplItem::Const(one) if is_public(&one.vis) => {
                format!("{path}::{0}: pub const {0}: {1}", one.ident, text(&one.ty))
            }
            _ => continue,
        };
        lines.insert(line);
    }
}
