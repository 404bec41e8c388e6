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

/// A text without its comments, and without what is there for tests alone: the
/// item after each `#[cfg(test)]`, be it one line or a block.
fn own(text: &str) -> String {
    let mut own = String::new();
    let mut lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            own = own + line + "\n";
            continue;
        }
        let end = line.replace("#[cfg(test)]", "}");
        let item = lines.by_ref().find(|line| !line.trim_start().starts_with("#[")).unwrap_or_default();
        if item.ends_with('{') {
            lines.by_ref().find(|line| *line == end);
        }
    }
    own
}

/// The first word of a path, or of each path in a list, which may be nested.
fn first(path: &str) -> Vec<String> {
    let end = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    let word = |path: &str| path.trim_start().split(end).next().unwrap_or_default().to_owned();
    let Some(list) = path.strip_prefix('{') else { return vec![word(path)] };
    let (mut words, mut depth) = (Vec::new(), 1);
    for part in list.split_inclusive(['{', '}', ',']) {
        words.extend(Some(word(part)).filter(|word| depth == 1 && !word.is_empty()));
        depth = if part.ends_with('{') { depth + 1 } else { depth - i32::from(part.ends_with('}')) };
        if depth == 0 {
            break;
        }
    }
    words
}

/// The modules that a text names. What comments and unit tests name is no
/// matter.
fn named(text: &str) -> BTreeSet<String> {
    own(text).split("crate::").skip(1).flat_map(first).collect()
}

#[test]
fn names_are_found_wherever_they_stand() {
    let text = "use crate::{\n    a::{b, c},\n    d,\n};\n// crate::no\n#[cfg(test)]\nuse crate::no;\nfn f() { crate::e::g() }\n\
                #[cfg(test)]\n#[path = \"x\"]\nmod tests {\n    fn g() {\n    }\n    use crate::no;\n}\nuse crate::h;\n";
    assert_eq!(named(text).into_iter().collect::<Vec<_>>(), ["a", "d", "e", "h"]);
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
