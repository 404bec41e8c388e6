//! The crate's documentation uses the words of OpenID Connect: it knows neither
//! a server that signs people in nor how that one is tested.

use std::path::{Path, PathBuf};

/// Words of crates that stand on this one.
const FOREIGN: &[&str] = &["immich", "scenario", "harness"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn documentation_uses_the_words_of_openid_connect() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut lines = 0;
    let sources = ["src", "examples"].iter().flat_map(|folder| files(&root.join(folder)));
    for path in sources.chain([root.join("README.md")]) {
        let is_page = path.extension().is_some_and(|ending| ending == "md");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        for line in text.lines().filter(|line| is_page || line.trim_start().starts_with("//")) {
            lines += 1;
            let found = FOREIGN.iter().find(|word| line.to_lowercase().contains(**word));
            assert_eq!(found, None, "{}: {line}", path.display());
        }
    }
    assert!(lines > 1000, "nothing was read");
}
