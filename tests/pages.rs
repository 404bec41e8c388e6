//! The pages of `docs/` that are made from the code stand there as the code
//! makes them. `SNAPSHOTS=overwrite cargo test` writes them anew.

use std::collections::BTreeSet;
use std::path::Path;

use conformance_tests::scenarios;
use harness::expect::ValueKind;
use harness::explain::{messages_page, profiles_page, quirks_page, reference_page};
use harness::scenario::Catalogue;
use harness::step::ACTIONS;
use rstest::rstest;
use serde_json::Value;
use snapbox::Data;

#[rstest]
#[case("attacks.md", |_: &Catalogue| harness::attack::page())]
#[case("coverage.md", harness::coverage::page)]
#[case("doctor.md", |_: &Catalogue| harness::doctor::page())]
#[case("messages.md", messages_page)]
#[case("profiles.md", profiles_page)]
#[case("quirks.md", quirks_page)]
#[case("scenario-reference.md", |_: &Catalogue| reference_page())]
fn made_pages_are_up_to_date(#[case] name: &str, #[case] page: fn(&Catalogue) -> String) {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap_or_default();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name);
    snapbox::assert_data_eq!(page(&catalogue), Data::read_from(&path, None).raw());
}

/// The first cells of the tables of a page, each below its heading.
fn told(page: &str) -> BTreeSet<(String, String)> {
    let mut heading = String::new();
    let mut told = BTreeSet::new();
    for line in page.lines() {
        if line.starts_with('#') {
            line.trim_start_matches(['#', ' ']).clone_into(&mut heading);
        }
        told.extend(
            line.strip_prefix("| `")
                .and_then(|row| row.split_once('`'))
                .map(|(cell, _)| (heading.clone(), cell.to_owned())),
        );
    }
    told
}

/// The keys of a table of the schema and of those within, by their path;
/// `leave` says into which not to go.
fn keys(schema: &Value, table: &Value, above: &str, leave: &[&str]) -> Vec<String> {
    let reference = |node: &Value| node.get("$ref").or_else(|| node.pointer("/anyOf/0/$ref")).cloned();
    let meant = reference(table);
    let table = meant
        .as_ref()
        .and_then(Value::as_str)
        .map_or(table, |it| schema.pointer(it.trim_start_matches('#')).unwrap_or(table));
    let properties = table["properties"].as_object().into_iter().flatten();
    properties
        .flat_map(|(name, node)| {
            let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            let below = if leave.contains(&path.as_str()) { Vec::new() } else { keys(schema, node, &path, leave) };
            std::iter::once(path).chain(below)
        })
        .collect()
}

/// What editors complete is what the page explains, key by key.
#[test]
fn the_reference_of_scenarios_has_every_key() {
    let schema = harness::scenario::schema::scenario();
    let page = reference_page();
    let told = told(&page);
    let mut wanted: Vec<(String, String)> = Vec::new();
    let mut want =
        |heading: &str, paths: Vec<String>| wanted.extend(paths.into_iter().map(|path| (heading.to_owned(), path)));
    // Cases and controls have the keys of files; the others have headings of their own.
    want("The head", keys(&schema, &schema, "", &["server", "provider", "other-provider", "control"]));
    let settings = keys(&schema, &schema["properties"]["server"], "server", &[]);
    want(
        "`[server]`: the server's settings",
        settings.into_iter().filter(|path| path.matches('.').count() == 2).collect(),
    );
    let provider =
        keys(&schema, &schema["properties"]["provider"], "provider", &["provider.quirks", "provider.overlay"]);
    want("`[provider]`: the provider", provider);
    let overlay =
        keys(&schema, &schema["$defs"]["Overlay"]["properties"]["discovery"], "provider.overlay.<message>", &[]);
    want("Overlays", overlay);
    let step = &schema["$defs"]["Step"];
    for (name, node) in step["properties"].as_object().into_iter().flatten() {
        // Settings are in the sections of settings, quirks on the page of
        // quirks.
        let leave = ["provider.settings", "provider.quirks", "configure.oauth", "configure.passwordLogin"];
        if ACTIONS.contains(&name.as_str()) {
            want(&format!("`{name}`"), keys(&schema, node, name, &leave));
        } else {
            want("`[[steps]]`", vec![name.clone()]);
        }
    }
    let missing: Vec<_> = wanted.iter().filter(|key| !told.contains(*key)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(wanted.len() > 120, "{}", wanted.len());
    for action in ACTIONS {
        assert!(page.contains(&format!("\n### `{action}`\n")), "{action}");
    }
    for message in mock_idp::Overlay::messages() {
        assert!(page.contains(&format!("`{message}`")), "{message}");
    }
    for section in harness::expect::SECTIONS {
        let heading = format!("`expect.{}`", section.name);
        let (_, part) = page.split_once(&format!("\n### {heading}\n")).unwrap_or_default();
        let part = part.split("\n#").next().unwrap_or_default();
        for member in section.members().into_iter().filter(|member| *member != "*") {
            let path = format!("expect.{}.{member}", section.name);
            let row = told.iter().any(|(below, cell)| {
                *below == heading
                    && cell.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            assert!(row || part.contains(&format!("`{member}`")), "{path}");
        }
        for (pattern, kind) in section.values().into_iter().filter(|(_, kind)| *kind != ValueKind::Table) {
            let path = format!("expect.{}.{pattern}", section.name);
            assert!(told.contains(&(heading.clone(), path.trim_end_matches('.').to_owned())), "{path} {kind:?}");
        }
    }
}

#[test]
fn every_attack_names_scenarios_that_there_are() {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap_or_default();
    assert_eq!(harness::attack::unknown_scenarios(&catalogue), Vec::<&str>::new());
    assert!(!harness::attack::unknown_scenarios(&Catalogue::default()).is_empty(), "nothing would be noticed");
}

/// Of each row of the lists, and each setting.
#[test]
fn every_row_is_shown_or_says_why_not() {
    let catalogue = Catalogue::read(&[scenarios()]).unwrap_or_default();
    assert_eq!(harness::coverage::uncovered(&catalogue), Vec::<String>::new());
    assert!(!harness::coverage::uncovered(&Catalogue::default()).is_empty(), "nothing would be noticed");
}
