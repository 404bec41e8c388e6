//! One room of the harness knows Immich: outside `immich/`, no source spells
//! what is Immich's own. The reference server serves it and may spell it, and
//! so may comments and unit tests.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::path::Path;

use crate::arrows::{files, own};

/// The rooms that may spell it.
const ROOMS: &[&str] = &["immich", "reference"];

/// How Immich's routes begin.
const ROUTE: &str = "/api/";

/// The lines of a text that spell a route.
fn spelled(text: &str) -> Vec<String> {
    own(text).lines().filter(|line| line.contains(ROUTE)).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_planted_route_is_found() {
    let text = "//! `/api/a`\nfn f() {\n    ask(\"/api/b\");\n}\n#[cfg(test)]\nmod tests {\n    ask(\"/api/c\");\n}\n";
    assert_eq!(spelled(text), ["ask(\"/api/b\");"]);
}

#[test]
fn routes_are_spelled_in_the_room_of_immich_alone() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../harness/src");
    let in_room = |path: &Path| ROOMS.iter().any(|room| path.starts_with(source.join(room)));
    let (rooms, others): (Vec<_>, Vec<_>) = files(&source).into_iter().partition(|path| in_room(path));
    let lines = |path: &Path| spelled(&std::fs::read_to_string(path).unwrap());
    assert!(rooms.iter().any(|path| !lines(path).is_empty()), "nothing was read");
    let found: Vec<_> = others.iter().flat_map(|path| lines(path).into_iter().map(move |line| (path, line))).collect();
    assert!(found.is_empty(), "name these routes in harness/src/immich/route.rs: {found:#?}");
}
