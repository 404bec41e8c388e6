//! The tutorial in docs/writing-scenarios.md, done as it stands there: what
//! is typed in its console blocks, in one folder, one after the other; a TOML
//! block is what the file becomes.

use std::path::Path;

use snapbox::Data;

use super::process::{run, said};
use crate::documents::console::output_with_wildcards;

/// The words of a command, `"of several"` counted as one.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(ToOwned::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
fn the_tutorial_does_what_it_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/writing-scenarios.md");
    let page = std::fs::read_to_string(page).unwrap();
    let tutorial = page.split("\n## ").find(|chapter| chapter.starts_with("Tutorial")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut commands = 0;
    // Every other part is a block.
    for block in tutorial.split("\n```").skip(1).step_by(2) {
        let (kind, text) = block.split_once('\n').unwrap();
        match kind {
            "toml" => std::fs::write(folder.path().join("scenarios/id-token/mine.toml"), format!("{text}\n")).unwrap(),
            "console,ignore" => {
                let (line, expected) = text.split_once('\n').unwrap();
                let words = words(line.strip_prefix("$ oidc-harness ").unwrap());
                let output = run(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
                let actual = said(&output).trim_end().to_owned() + "\n";
                snapbox::assert_data_eq!(actual, Data::text(output_with_wildcards(expected)));
                commands += 1;
            }
            // Those that need no folder are run with the other pages.
            "console" => {}
            other => panic!("who runs `{other}`?"),
        }
    }
    assert!(commands > 5, "the tutorial is not found");
}
