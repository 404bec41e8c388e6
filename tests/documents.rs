//! The console blocks of README and docs, run as they stand there, and their
//! links.
//! `TRYCMD=overwrite cargo test` writes the outputs anew.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

#[test]
fn console_blocks_tell_the_truth() {
    let cases = trycmd::TestCases::new();
    cases.register_bin("oidc-harness", std::path::Path::new(env!("CARGO_BIN_EXE_oidc-harness")));
    cases.case("../README.md").case("../docs/*.md");
}

/// Headings become anchors as GitHub and GitLab make them.
fn anchor(heading: &str) -> String {
    let letters = heading.trim().chars().flat_map(char::to_lowercase);
    letters.filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The links of a page, and the anchors that others can point at.
fn links_and_anchors(text: &str) -> (Vec<String>, BTreeSet<String>) {
    let (mut links, mut anchors) = (Vec::new(), BTreeSet::new());
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => links.push(dest_url.to_string()),
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().map(|heading| anchor(&heading))),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    (links, anchors)
}

#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let docs = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    let mut dead = Vec::new();
    for page in pages.iter().chain([&root.join("README.md")]) {
        let (links, anchors) = links_and_anchors(&std::fs::read_to_string(page).unwrap());
        for link in links.iter().filter(|link| !link.contains("://")) {
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = page.with_file_name("").join(path);
            let found = match (path, fragment) {
                ("", fragment) => anchors.contains(fragment),
                (_, "") => target.exists(),
                (_, fragment) => {
                    std::fs::read_to_string(&target).is_ok_and(|text| links_and_anchors(&text).1.contains(fragment))
                }
            };
            if !found {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}
