//! The console blocks of README and docs, run as they stand there, what else
//! they say to run, and their links. What differs from run to run, such as times
//! and seeds, is left out of the comparison by rule: see `documents/console.rs`.

#![expect(clippy::unwrap_used, reason = "a failing test should panic")]

use crate::{environment, server};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use clap::CommandFactory;
use clap::builder::Resettable;
use harness::baseline::Baseline;
use harness::cli::CommandLine;
use harness::diagnostic::Source;
use harness::scenario::Catalogue;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

#[path = "documents/block.rs"]
mod block;
#[path = "documents/command.rs"]
mod command;
#[path = "documents/console.rs"]
pub mod console;
#[cfg(unix)]
#[path = "documents/staging.rs"]
mod staging;

use crate::environment::bare;
use block::{blocks, pages};
use command::commands;

/// Programs that trycmd starts get the variables of the test, so this one has
/// a process of its own, without any but those that say what to do.
#[test]
fn console_blocks_tell_the_truth() {
    const ALONE: &str = "CONSOLE_BLOCKS_ALONE";
    if std::env::var_os(ALONE).is_none() {
        let home = tempfile::tempdir().unwrap();
        let mut alone = bare(Command::new(std::env::current_exe().unwrap()), home.path());
        alone.args(["documents::console_blocks_tell_the_truth", "--exact", "--nocapture"]).env(ALONE, "1");
        // Messages name the program as a shell finds it.
        let folder = Path::new(env!("CARGO_BIN_EXE_oidc-harness")).parent().unwrap().to_owned();
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder).chain(std::env::split_paths(&folders));
        alone.env("PATH", std::env::join_paths(folders).unwrap());
        let output = alone.output().unwrap();
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for page in pages() {
        let text = console::with_wildcards(&std::fs::read_to_string(&page).unwrap());
        std::fs::write(folder.path().join(page.file_name().unwrap()), text).unwrap();
    }
    let cases = trycmd::TestCases::new();
    cases.register_bin("oidc-harness", Path::new(env!("CARGO_BIN_EXE_oidc-harness")));
    cases.case(folder.path().join("*.md"));
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
    let mut dead = Vec::new();
    for page in pages() {
        let (links, anchors) = links_and_anchors(&std::fs::read_to_string(&page).unwrap());
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

/// So many lines of a whole file are shown.
const SHOWN: usize = 20;

/// The page with each diff that adds a whole file as that file begins now.
fn with_files_anew(page: &str, root: &Path) -> String {
    let mut fresh = String::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        fresh.push_str(line);
        fresh.push('\n');
        let Some(path) = lines.peek().and_then(|next| next.strip_prefix("+++ ")).filter(|_| line == "--- /dev/null")
        else {
            continue;
        };
        let text = std::fs::read_to_string(root.join(path)).unwrap();
        let count = text.lines().count();
        let _ = writeln!(fresh, "+++ {path}\n@@ -0,0 +1,{count} @@");
        fresh.extend(text.lines().take(SHOWN).map(|line| format!("+{line}\n")));
        if count > SHOWN {
            let _ = writeln!(fresh, "… {} more lines", count - SHOWN);
        }
        while lines.next_if(|line| line.starts_with(['+', '@', '…'])).is_some() {}
    }
    fresh
}

/// A diff that was real once is of no use when the code has gone on. Those of
/// whole files are golden (`SNAPSHOTS=overwrite`); what others add is looked
/// for in the tree, with the lines around it.
#[test]
fn diffs_are_as_the_tree_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = root.join("docs/contributing.md");
    let fresh = with_files_anew(&std::fs::read_to_string(&page).unwrap(), &root);
    snapbox::assert_data_eq!(fresh, snapbox::Data::read_from(&page, None).raw());
    let (mut stale, mut parts) = (String::new(), 0);
    for block in blocks("diff") {
        let (mut path, mut file, mut part) = ("", String::new(), String::new());
        for line in block.text.lines().chain(["@@"]) {
            if let Some(name) = line.strip_prefix("+++ ") {
                path = name;
                file = std::fs::read_to_string(root.join(path)).unwrap();
            } else if line.starts_with("--- ") || line.starts_with(['@', '…']) {
                if !file.contains(&part) {
                    let _ = writeln!(stale, "{}: {path} has no\n{part}", block.page);
                }
                parts += usize::from(!std::mem::take(&mut part).is_empty());
            } else if !line.starts_with('-') {
                part.push_str(line.get(1..).unwrap_or_default());
                part.push('\n');
            }
        }
    }
    assert!(stale.is_empty(), "mend the diff in docs/contributing.md, as the file is now:\n{stale}");
    assert!(parts >= 10, "{parts}");
}

/// It is read as it stands there, names tests that there are, and makes a run
/// green that would be red.
#[test]
fn the_baseline_of_the_page_is_one() {
    let block = blocks("toml").into_iter().find(|block| block.page == "baselines.md").unwrap();
    let baseline = Baseline::parse(Source { path: block.page.into(), text: block.text.clone() }, false).unwrap();
    assert_eq!(Catalogue::embedded().inventory.missing(&baseline), []);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("baseline.toml"), block.text).unwrap();
    for (baseline, code) in [("none", 1), ("baseline.toml", 0)] {
        let output = environment::harness(folder.path())
            .args(["run", "--defect", "audience-ignored", "--filter", "id-token/wrong-a", "--baseline", baseline])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// Those of a CI have flags in variables, too; they are run elsewhere.
#[test]
fn every_call_is_one_that_the_binary_takes() {
    let mut calls = 0;
    // What the caller's variables say is not what stands there.
    let on_the_line = |command: clap::Command| command.mut_args(|argument| argument.env(Resettable::Reset));
    let flags = CommandLine::command().mut_subcommands(on_the_line);
    for block in [blocks("sh"), blocks("yaml")].concat() {
        for command in commands(&block) {
            let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
            let is_meant = matches!(words.as_slice(), ["cargo", "run", ..]) || words[0].ends_with("oidc-harness");
            assert_eq!(command.arguments().is_some(), is_meant, "{}: {words:?}", block.page);
            let Some(arguments) = command.arguments().filter(|_| command.environment.is_empty()) else { continue };
            let taken = flags.clone().try_get_matches_from([&["oidc-harness".to_owned()], arguments].concat());
            assert!(taken.is_ok(), "{}: {:?}: {}", block.page, command.words, taken.unwrap_err());
            calls += 1;
        }
    }
    assert!(calls >= 14, "{calls}");
}

/// The key has a variable but no flag, as it is to stand on no command line.
#[test]
fn every_variable_of_ours_is_that_of_a_flag() {
    let flags = CommandLine::command();
    let flags: BTreeSet<String> = flags
        .get_subcommands()
        .flat_map(clap::Command::get_arguments)
        .filter_map(|flag| Some(flag.get_env()?.to_string_lossy().into_owned()))
        .chain(["OIDC_HARNESS_API_KEY".to_owned()])
        .collect();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let named = text.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
        for name in named.filter(|name| name.starts_with("OIDC_HARNESS_")) {
            assert!(flags.contains(name), "{}: {name}", page.display());
        }
    }
}
