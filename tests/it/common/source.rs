//! The modules of a crate as they stand in its files, what a path in one of them means, and which file uses which.
//! Unit tests are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Item, UseTree, Visibility};

use super::tokens::{text, without_documentation};

/// A module: its path from the root, its file, its items.
pub struct Module {
    pub path: Vec<String>,
    /// From the folder of the root.
    pub file: String,
    pub items: Vec<Item>,
    pub uses: Vec<Import>,
}

/// One name of a `use`, or a glob.
pub struct Import {
    pub public: bool,
    /// The name it has here; none for a glob.
    pub name: Option<String>,
    pub path: Vec<String>,
}

/// All modules of a crate, by their path.
pub struct Tree(pub BTreeMap<Vec<String>, Module>);

/// What a path means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    Module(Vec<String>),
    /// An item by its module and name.
    Item(Vec<String>, String),
    /// A name that the invocation of a macro in this module has, and that macro.
    Made(Vec<String>, String, String),
    /// Something of another crate.
    Outside,
}

impl Tree {
    /// The crate with this root.
    pub fn read(root: &Path) -> Self {
        let mut tree = Self(BTreeMap::new());
        let folder = root.parent().expect("a folder").to_path_buf();
        tree.file(root, &folder, &folder, Vec::new());
        tree
    }

    fn file(&mut self, file: &Path, below: &Path, root: &Path, path: Vec<String>) {
        let source = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&source).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.module(parsed.items, file, below, root, path);
    }

    fn module(&mut self, items: Vec<Item>, file: &Path, below: &Path, root: &Path, path: Vec<String>) {
        let items: Vec<Item> = items.into_iter().filter(|item| !is_test(attributes(item))).collect();
        for item in &items {
            let Item::Mod(module) = item else { continue };
            let name = module.ident.to_string();
            let inner = [&path[..], &[name.clone()]].concat();
            match &module.content {
                Some((_, items)) => self.module(items.clone(), file, &below.join(&name), root, inner),
                None => {
                    let candidates = [below.join(format!("{name}.rs")), below.join(&name).join("mod.rs")];
                    let found: Option<&PathBuf> = candidates.iter().find(|file| file.exists());
                    let found = found.unwrap_or_else(|| panic!("{}: mod {name} has no file", file.display()));
                    self.file(&found.clone(), &below.join(&name), root, inner);
                }
            }
        }
        let uses = items.iter().filter_map(|item| match item {
            Item::Use(item) => Some((matches!(item.vis, Visibility::Public(_)), &item.tree)),
            _ => None,
        });
        let mut imports = Vec::new();
        uses.for_each(|(public, tree)| leaves(tree, &mut Vec::new(), public, &mut imports));
        let file = file.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
        self.0.insert(path.clone(), Module { path, file, items, uses: imports });
    }

    /// What a path in a module means.
    pub fn meaning(&self, from: &[String], path: &[String]) -> Meaning {
        self.resolve(from, path, 0)
    }

    fn resolve(&self, from: &[String], path: &[String], depth: usize) -> Meaning {
        // Two modules that import all of each other.
        if depth > 12 {
            return Meaning::Outside;
        }
        let Some((first, rest)) = path.split_first() else { return Meaning::Module(from.to_vec()) };
        match first.as_str() {
            "crate" => return self.resolve(&[], rest, depth + 1),
            "self" => return self.resolve(from, rest, depth + 1),
            "super" => return self.resolve(&from[..from.len().saturating_sub(1)], rest, depth + 1),
            _ => {}
        }
        match self.name(from, first, depth) {
            Meaning::Module(module) if !rest.is_empty() => self.resolve(&module, rest, depth + 1),
            // An associated item: that of the type.
            meaning => meaning,
        }
    }

    /// What a name in a module means.
    fn name(&self, module: &[String], name: &str, depth: usize) -> Meaning {
        let inner = [module, &[name.to_string()]].concat();
        if self.0.contains_key(&inner) {
            return Meaning::Module(inner);
        }
        let Some(here) = self.0.get(module) else { return Meaning::Outside };
        if here.items.iter().any(|item| name_of(item).as_deref() == Some(name)) {
            return Meaning::Item(module.to_vec(), name.to_string());
        }
        if let Some(import) = here.uses.iter().find(|import| import.name.as_deref() == Some(name))
            && import.path != [name.to_string()]
        {
            return self.resolve(module, &import.path, depth + 1);
        }
        if let Some(maker) = here.items.iter().find_map(|item| maker(item, name)) {
            return Meaning::Made(module.to_vec(), name.to_string(), maker);
        }
        let globs = here.uses.iter().filter(|import| import.name.is_none());
        let through = globs.filter_map(|import| match self.resolve(module, &import.path, depth + 1) {
            Meaning::Module(target) if target != module => Some(self.name(&target, name, depth + 1)),
            _ => None,
        });
        through.into_iter().find(|meaning| *meaning != Meaning::Outside).unwrap_or(Meaning::Outside)
    }
}

/// The macro whose invocation has this name among its words.
fn maker(item: &Item, name: &str) -> Option<String> {
    let (maker, words) = invocation(item)?;
    words.iter().any(|word| word == name).then_some(maker)
}

/// The invocation of a macro among the items: its name, and the words in it that are no keywords or literals.
pub fn invocation(item: &Item) -> Option<(String, Vec<String>)> {
    let Item::Macro(item) = item else { return None };
    if item.ident.is_some() {
        return None;
    }
    let mut words = Vec::new();
    collect(item.mac.tokens.clone(), &mut words);
    Some((text(&item.mac.path), words))
}

fn collect(tokens: TokenStream, words: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            // A documentation comment or another attribute.
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                tokens.next();
            }
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Ident(ident) => words.push(ident.to_string()),
            _ => {}
        }
    }
}

fn leaves(tree: &UseTree, path: &mut Vec<String>, public: bool, imports: &mut Vec<Import>) {
    let mut leaf = |name: Option<String>, path: Vec<String>| imports.push(Import { public, name, path });
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            leaves(&inner.tree, path, public, imports);
            path.pop();
        }
        // `use a::{self}` is a itself.
        UseTree::Name(name) if name.ident == "self" => leaf(path.last().cloned(), path.clone()),
        UseTree::Name(name) => {
            leaf(Some(name.ident.to_string()), [&path[..], &[name.ident.to_string()]].concat());
        }
        UseTree::Rename(name) => {
            leaf(Some(name.rename.to_string()), [&path[..], &[name.ident.to_string()]].concat());
        }
        UseTree::Glob(_) => leaf(None, path.clone()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, path, public, imports)),
    }
}

/// The name that an item has in its module; none for `use`, `impl` and invocations of macros.
pub fn name_of(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// The attributes of an item.
pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| text(attribute) == "#[cfg(test)]")
}

/// The code of each file, without comments and unit tests, spaced as a person writes it.
pub fn code(tree: &Tree) -> BTreeMap<String, String> {
    let mut code: BTreeMap<String, String> = BTreeMap::new();
    for module in tree.0.values() {
        let of_file = code.entry(module.file.clone()).or_default();
        for item in module.items.iter().filter(|item| !matches!(item, Item::Mod(_))) {
            of_file.push_str(&text(&without_documentation(item.to_token_stream())));
            of_file.push('\n');
        }
    }
    code
}

/// The files that each file uses: those where the names are defined that stand in it, by whatever way they come there. A
/// name that is only handed on by `pub use` is not used.
pub fn files_used(tree: &Tree) -> BTreeMap<String, BTreeSet<String>> {
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for module in tree.0.values() {
        let mut paths = Vec::new();
        for item in module.items.iter().filter(|item| !matches!(item, Item::Mod(_) | Item::Use(_))) {
            paths_in(without_documentation(item.to_token_stream()), &mut Vec::new(), &mut paths);
        }
        let named = |name: &String| paths.iter().any(|path| path.contains(name));
        let imports =
            module.uses.iter().filter(|import| !import.public || import.name.as_ref().is_some_and(named));
        let all = imports.map(|import| &import.path).chain(paths.iter().filter(|path| path.len() > 1));
        let targets: BTreeSet<String> = all
            .filter_map(|path| match tree.meaning(&module.path, path) {
                Meaning::Module(target) | Meaning::Item(target, _) | Meaning::Made(target, ..) => {
                    tree.0.get(&target).map(|module| module.file.clone())
                }
                Meaning::Outside => None,
            })
            .filter(|file| *file != module.file)
            .collect();
        used.entry(module.file.clone()).or_default().extend(targets);
    }
    used
}

/// Every path of identifiers, those of a `use` in a function with its braces resolved.
fn paths_in(tokens: TokenStream, before: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut path = before.clone();
    let end = |path: &mut Vec<String>, paths: &mut Vec<Vec<String>>| {
        if path.len() > before.len() {
            paths.push(path.clone());
        }
        path.clone_from(before);
    };
    // Whether the next identifier belongs to the path before it.
    let mut colons = 0;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) => {
                if colons < 2 {
                    end(&mut path, paths);
                }
                path.push(ident.to_string());
                colons = 0;
            }
            TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
            TokenTree::Group(group) if colons == 2 && group.delimiter() == Delimiter::Brace => {
                paths_in(group.stream(), &mut path, paths);
                path.clone_from(before);
                colons = 0;
            }
            TokenTree::Group(group) => {
                end(&mut path, paths);
                colons = 0;
                paths_in(group.stream(), &mut Vec::new(), paths);
            }
            _ => {
                end(&mut path, paths);
                colons = 0;
            }
        }
    }
    end(&mut path, paths);
}
