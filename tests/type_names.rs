//! In one crate, no two types have one name: what `Request` is must not depend
//! on the file. Unit tests may have types of their own.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rstest::rstest;

use crate::arrows::{files, own};

/// Names of more than one type, and why they may be.
const EXCEPTIONS: &[(&str, &str)] = &[("Arguments", "each command has its own, which no other file sees")];

/// The names of the types that a text declares.
fn declared(text: &str) -> BTreeSet<String> {
    let name = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let line = line.strip_prefix("pub(").and_then(|rest| rest.split_once(") ")).map_or(line, |(_, rest)| rest);
        let (keyword, rest) = line.split_once(' ')?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        ["struct", "enum", "trait"].contains(&keyword).then(|| rest[..end].to_owned())
    };
    own(text).lines().filter_map(|line| name(line.trim_start())).collect()
}

#[test]
fn declarations_are_found_whatever_their_visibility() {
    let text = "struct A;\n    pub enum B<T> {\npub(in crate::x) trait C: D {\n// struct No;\nlet structure = 1;\n";
    assert_eq!(declared(text), BTreeSet::from(["A", "B", "C"].map(ToOwned::to_owned)));
}

#[rstest]
#[case("mock-idp", "Issuer")]
#[case("harness", "World")]
fn no_two_types_have_one_name(#[case] name: &str, #[case] known: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files(&folder) {
        for name in declared(&std::fs::read_to_string(&path).unwrap()) {
            places.entry(name).or_default().push(path.strip_prefix(&folder).unwrap().display().to_string());
        }
    }
    assert!(places.contains_key(known), "nothing was read");
    places.retain(|name, places| places.len() > 1 && !EXCEPTIONS.iter().any(|(excused, _)| excused == name));
    assert!(places.is_empty(), "{places:#?}");
}
