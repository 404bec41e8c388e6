//! `docs/interop.md`: its generated half, made of what is remembered.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use mock_idp::QUIRKS;

use super::claim::Claims;
use super::peer::PEERS;
use super::verdict::Verdicts;

const BEGIN: &str = "<!-- generated from tests/interop -->\n";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/interop.md")
}

/// The generated half.
fn generated(all: &IndexMap<String, Verdicts>, claims: &Claims) -> String {
    let mut text = String::from("## Which client refuses which quirk\n\n| quirk |");
    for peer in PEERS {
        let _ = write!(text, " {} |", peer.name);
    }
    let _ = writeln!(text, "\n|---|{}", "---|".repeat(PEERS.len()));
    for quirk in QUIRKS {
        let _ = write!(text, "| `{}` |", quirk.name);
        for peer in PEERS {
            let verdict = all.get(peer.name).and_then(|verdicts| verdicts.get(quirk.name)).map_or("?", String::as_str);
            let mark = if claims.mention(peer.name, quirk.name) { "¹" } else { "" };
            let _ = write!(text, " {}{mark} |", brief(verdict));
        }
        text.push('\n');
    }
    text.push_str("\n## What the clients lack\n\n");
    for peer in PEERS {
        for lack in peer.lacking() {
            let _ = writeln!(text, "- {}: {lack}", peer.name);
        }
    }
    text
}

fn brief(verdict: &str) -> &str {
    match verdict.split_once(" at ") {
        Some(("refused", _)) => "refuses",
        _ if verdict == "accepted" => "**accepts**",
        _ if verdict.starts_with("not ") => "–",
        _ => "?",
    }
}

/// The page as it is, and as it should be.
pub fn page(all: &IndexMap<String, Verdicts>, claims: &Claims) -> (String, String) {
    let is = std::fs::read_to_string(path()).unwrap_or_default();
    let head = is.split_once(BEGIN).map_or(is.as_str(), |(head, _)| head);
    let should_be = format!("{head}{BEGIN}\n{}", generated(all, claims));
    (is, should_be)
}

/// Writes the page anew.
pub fn write(page: &str) {
    std::fs::write(path(), page).expect("the repository can be written to");
}
