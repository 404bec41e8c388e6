//! Between the modules of a crate arrows point one way: none knows another that
//! knows it, be it by way of others.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rstest::rstest;

/// The sources below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, others): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let sources = others.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    sources.chain(folders.iter().flat_map(|folder| files(folder))).collect()
}

/// The modules that a text names. What comments and unit tests name is no
/// matter.
fn named(text: &str) -> BTreeSet<String> {
    let own = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = own.lines().filter(|line| !line.trim_start().starts_with("//"));
    let paths = lines.flat_map(|line| line.split("crate::").skip(1));
    let end = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    let first = |path: &str| path.split(end).next().unwrap_or_default().to_owned();
    let several = |path: &str| path.strip_prefix('{').map(|names| names.split(", ").map(first).collect());
    paths.flat_map(|path| several(path).unwrap_or_else(|| vec![first(path)])).collect()
}

/// What each module of the crate `name` knows of the others.
fn arrows(name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files(&source) {
        let module = path.strip_prefix(&source).unwrap().iter().next().unwrap().to_str().unwrap();
        let module = module.trim_end_matches(".rs").to_owned();
        let named = named(&std::fs::read_to_string(&path).unwrap());
        arrows.entry(module.clone()).or_default().extend(named.into_iter().filter(|other| *other != module));
    }
    // What is everybody's, and the program.
    arrows.retain(|module, _| module != "lib" && module != "main");
    arrows
}

/// Those that are left when whatever stands on firm ground is taken away.
fn circle(mut arrows: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    loop {
        let firm: BTreeSet<String> =
            arrows.iter().filter(|(_, known)| known.is_empty()).map(|(module, _)| module.clone()).collect();
        if firm.is_empty() {
            return arrows;
        }
        arrows.retain(|module, _| !firm.contains(module));
        for known in arrows.values_mut() {
            known.retain(|module| !firm.contains(module));
        }
    }
}

#[rstest]
#[case("mock-idp", ("endpoint", "issuer"))]
#[case("harness", ("scenario", "step"))]
fn arrows_point_one_way(#[case] name: &str, #[case] (above, below): (&str, &str)) {
    let arrows = arrows(name);
    assert!(arrows.len() > 20 && arrows[above].contains(below), "nothing was read: {arrows:?}");
    assert_eq!(circle(arrows.clone()), BTreeMap::new());
    let mut back = arrows;
    back.get_mut(below).unwrap().insert(above.to_owned());
    assert!(circle(back).contains_key(below), "nothing would be noticed");
}
