//! The catalogue of `oidc-harness`: scenario files and baselines, embedded.
//!
//! Files only. What they say is for `oidc-harness`, which also makes the
//! schemas beside them.

use include_dir::{Dir, File, include_dir};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR");

/// The folder that holds baselines; all others are topics.
const BASELINES: &str = "baselines";

/// A file of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmbeddedFile {
    /// The path in the catalogue, such as `id-token/wrong-audience.toml`.
    pub path: &'static str,
    /// What the file says.
    pub text: &'static str,
}

/// Returns all scenario files, topic by topic.
pub fn scenarios() -> impl Iterator<Item = EmbeddedFile> {
    FOLDER.dirs().filter(|topic| !is_among_baselines(topic)).flat_map(files)
}

/// Returns all baselines.
pub fn baselines() -> impl Iterator<Item = EmbeddedFile> {
    FOLDER.get_dir(BASELINES).into_iter().flat_map(files)
}

/// Returns the scenario file `topic/name`, if there is one.
pub fn scenario(name: &str) -> Option<EmbeddedFile> {
    let (topic, _) = name.split_once('/')?;
    let topic = FOLDER.get_dir(topic).filter(|topic| !is_among_baselines(topic))?;
    topic.get_file(format!("{name}.toml")).and_then(embedded)
}

/// Returns whether there is such a topic.
pub fn is_topic(name: &str) -> bool {
    FOLDER.get_dir(name).is_some_and(|topic| !is_among_baselines(topic))
}

fn is_among_baselines(folder: &Dir<'_>) -> bool {
    folder.path().as_os_str() == BASELINES
}

fn files(folder: &'static Dir<'static>) -> impl Iterator<Item = EmbeddedFile> {
    let is_toml = |file: &&File<'_>| file.path().extension().is_some_and(|ending| ending == "toml");
    folder.files().filter(is_toml).filter_map(embedded)
}

fn embedded(file: &'static File<'static>) -> Option<EmbeddedFile> {
    Some(EmbeddedFile { path: file.path().to_str()?, text: file.contents_utf8()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_hold_scenarios_and_nothing_else_does() {
        assert!(scenarios().count() > 300, "{}", scenarios().count());
        assert!(scenarios().all(|file| file.text.contains("\n[[steps]]\n")));
        assert!(scenarios().all(|file| file.path.split_once('/').is_some_and(|(topic, _)| is_topic(topic))));
        assert!(!is_topic("baselines") && !is_topic("Cargo.toml") && !is_topic(""));
    }

    #[test]
    fn a_scenario_is_found_by_its_name() {
        let file = scenario("id-token/wrong-audience");
        assert_eq!(file.map(|file| file.path), Some("id-token/wrong-audience.toml"));
        assert_eq!(scenario("id-token/no-such"), None);
        assert_eq!(scenario("Cargo"), None);
        assert_eq!(scenario("baselines/immich-2.7.5"), None);
    }

    #[test]
    fn baselines_are_apart() {
        assert!(baselines().any(|file| file.path == "baselines/immich-2.7.5.toml"));
        assert!(scenarios().all(|file| !file.path.starts_with("baselines")));
    }
}
