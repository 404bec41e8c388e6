//! One room of the harness knows Immich: outside `immich/`, no source spells
//! what is Immich's own. The reference server serves it and may spell it, and
//! so may comments and unit tests.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::path::Path;

use harness::immich::{ACCOUNT_MEMBERS, SETTINGS};

use crate::arrows::{files, own};

/// The rooms that may spell it.
const ROOMS: &[&str] = &["immich", "reference"];

/// Words that are Immich's alone, or parts of them. Those that are words of
/// OpenID Connect or plain English, too, are left out.
const WORDS: &[&str] = &[
    // How routes begin.
    "/api/",
    // Cookies, sessions, keys and their permissions.
    "immich_",
    "accessToken",
    "x-api-key",
    "userId",
    "adminUser",
    // Where the provider sends people back to.
    "app.immich",
    "/auth/login",
    "user-settings",
    // Bodies of the flow.
    "redirectUri",
    "codeChallenge",
    "codeVerifier",
    // A section of the settings, and what moves in an account.
    "passwordLogin",
    "updatedAt",
    "deletedAt",
];

/// These, and the names of settings and of accounts' members that are of two
/// words or more, as no other names in the harness are written.
fn words() -> Vec<&'static str> {
    let settings = SETTINGS.iter().map(|setting| setting.name);
    let members = ACCOUNT_MEMBERS.iter().map(|(name, _)| *name);
    let is_of_two = |name: &&str| name.contains(|letter: char| letter.is_ascii_uppercase());
    WORDS.iter().copied().chain(settings.chain(members).filter(is_of_two)).collect()
}

/// The lines of a text that spell one of the words.
fn spelled(text: &str, words: &[&str]) -> Vec<String> {
    let spells = |line: &&str| words.iter().any(|word| line.contains(word));
    own(text).lines().filter(spells).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_planted_word_is_found() {
    let text = "//! `/api/a`\nfn f() {\n    ask(\"/api/b\");\n}\n#[cfg(test)]\nmod tests {\n    ask(\"/api/c\");\n}\n";
    assert_eq!(spelled(text, &words()), ["ask(\"/api/b\");"]);
}

#[test]
fn what_is_immichs_is_spelled_in_its_room_alone() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../harness/src");
    let in_room = |path: &Path| ROOMS.iter().any(|room| path.starts_with(source.join(room)));
    let (rooms, others): (Vec<_>, Vec<_>) = files(&source).into_iter().partition(|path| in_room(path));
    let lines = |path: &Path, words: &[&str]| spelled(&std::fs::read_to_string(path).unwrap(), words);
    let words = words();
    for word in &words {
        assert!(rooms.iter().any(|path| !lines(path, &[word]).is_empty()), "`{word}` is spelled nowhere");
    }
    let found: Vec<_> =
        others.iter().flat_map(|path| lines(path, &words).into_iter().map(move |line| (path, line))).collect();
    assert!(found.is_empty(), "name these in harness/src/immich/: {found:#?}");
}
