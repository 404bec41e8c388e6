//! The version of a file's format: whether this program reads it, and what
//! turns an older one into the present one. What a file means is for
//! [`crate::scenario`] and [`crate::baseline`].

use super::node::{Node, path};
use crate::diagnostic::{Diagnostic, Source};
use crate::immich::Dialect;

/// What is said at the top of each file, and which versions there are.
#[derive(Debug)]
pub struct FileFormat {
    /// The version that this program reads.
    pub present: u64,
    /// By the version from which each leads to the next; that of a file which
    /// says none is 0.
    migrations: &'static [(u64, Migration)],
    /// What to do about a file that says none, where no migration can.
    unsaid: &'static str,
}

/// Turns the text of a file of one version into one of the next.
type Migration = fn(&str) -> String;

impl FileFormat {
    /// Scenario files.
    pub const SCENARIO: Self = Self { present: 1, migrations: &[(0, with_format_1)], unsaid: "" };

    /// Baselines.
    pub const BASELINE: Self = Self {
        present: 1,
        // What was found is not in a file that says no format, so a run must look.
        migrations: &[],
        unsaid: "run `oidc-harness run --baseline none --report baseline=FILE` to write a new baseline, or add `format \
                 = 1` here and `found` to each entry",
    };

    /// Dialects.
    pub const DIALECT: Self = Self { present: Dialect::FORMAT, migrations: &[], unsaid: "add `format = 1` here" };

    /// Refuses a file of another version: what it means is not known.
    ///
    /// # Errors
    /// What is wrong, and what to do.
    pub fn check(&self, file: &Node, source: &Source) -> Result<(), Diagnostic> {
        let present = self.present;
        let stated = file.get("format").map(Node::to_json);
        let version = version(file);
        if version == Some(present) {
            return Ok(());
        }
        let problem = match &stated {
            None => Diagnostic::error("missing key `format`", 0..0),
            Some(stated) => {
                let place = file.place(&path(&["format"]));
                Diagnostic::error(format!("unknown format {stated}"), place)
            }
        };
        let can_migrate = self.migrations.iter().any(|(from, _)| version == Some(*from));
        Err(problem.note(match stated {
            _ if can_migrate => {
                format!(
                    "run `oidc-harness check --fix {}`: it converts the file to format {present}",
                    source.path.display()
                )
            }
            None => self.unsaid.to_owned(),
            Some(_) => {
                format!("update this program, which reads format {present}, or write `format = {present}`")
            }
        }))
    }

    /// The text of a file of an older version, in the present one; nothing if
    /// it is of the present one, or no migration leads there, or it is no TOML.
    pub fn migrated(&self, source: &Source) -> Option<String> {
        let mut source = source.clone();
        let mut is_changed = false;
        loop {
            let file = Node::parse(&source).ok()?;
            let version = version(&file)?;
            let Some((_, migrate)) = self.migrations.iter().find(|(from, _)| *from == version) else {
                return (is_changed && version == self.present).then_some(source.text);
            };
            source.text = migrate(&source.text);
            is_changed = true;
        }
    }
}

/// The version that a file says, 0 if it says none; nothing if it is no version.
fn version(file: &Node) -> Option<u64> {
    file.get("format").map_or(Some(0), |stated| stated.to_json().as_u64().filter(|version| *version > 0))
}

/// Says the format, below what is said of the file as a whole: the line for
/// editors, and comments with an empty line after them.
fn with_format_1(text: &str) -> String {
    let mut place = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut end = place;
    for line in text[place..].split_inclusive('\n') {
        end += line.len();
        match line.trim() {
            line if line.is_empty() || line.starts_with("#:") => place = end,
            line if line.starts_with('#') => {}
            _ => break,
        }
    }
    let (above, below) = text.split_at(place);
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let above = if above.ends_with('\n') || above.is_empty() || above == "\u{feff}" {
        above.to_owned()
    } else {
        format!("{above}{ending}")
    };
    format!("{above}format = 1{ending}{below}")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const NEWER: &str = "update this program, which reads format 1, or write `format = 1`";

    fn source(text: &str) -> Source {
        Source { path: "t.toml".into(), text: text.to_owned() }
    }

    #[rstest]
    #[case::plain("title = 't'\n", Some("format = 1\ntitle = 't'\n"))]
    #[case::nothing("", Some("format = 1\n"))]
    #[case::only_a_line_for_editors("#:schema x", Some("#:schema x\nformat = 1\n"))]
    #[case::a_line_for_editors("#:schema x\ntitle = 't'\n", Some("#:schema x\nformat = 1\ntitle = 't'\n"))]
    #[case::a_word_on_the_file(
        "# About.\n\n# Of t.\ntitle = 't'",
        Some("# About.\n\nformat = 1\n# Of t.\ntitle = 't'")
    )]
    #[case::a_word_on_a_key("# Of t.\ntitle = 't'\n", Some("format = 1\n# Of t.\ntitle = 't'\n"))]
    #[case::tables_alone("[users.alice]\n", Some("format = 1\n[users.alice]\n"))]
    #[case::windows("title = 't'\r\n", Some("format = 1\r\ntitle = 't'\r\n"))]
    #[case::present("format = 1\n", None)]
    #[case::newer("format = 2\n", None)]
    #[case::none_of_ours("format = 0\n", None)]
    #[case::text("format = \"1\"\n", None)]
    #[case::no_toml("title: t\n", None)]
    fn an_older_file_is_turned_into_the_present_format(#[case] text: &str, #[case] expected: Option<&str>) {
        let migrated = FileFormat::SCENARIO.migrated(&source(text));
        assert_eq!(migrated.as_deref(), expected);
        if let Some(text) = migrated {
            assert_eq!(FileFormat::SCENARIO.migrated(&source(&text)), None, "once more changes nothing");
        }
    }

    #[rstest]
    #[case(&FileFormat::SCENARIO, "", "run `oidc-harness check --fix t.toml`: it converts the file to format 1")]
    #[case(&FileFormat::BASELINE, "", FileFormat::BASELINE.unsaid)]
    #[case(&FileFormat::SCENARIO, "format = 0", NEWER)]
    #[case(&FileFormat::SCENARIO, "format = 2", NEWER)]
    #[case(&FileFormat::BASELINE, "format = 'x'", NEWER)]
    fn another_format_is_refused(#[case] format: &FileFormat, #[case] text: &str, #[case] help: &str) {
        let source = source(text);
        let problem = Node::parse(&source).map(|file| format.check(&file, &source));
        assert!(matches!(&problem, Ok(Err(problem)) if problem.notes == [help]), "{problem:?}");
    }
}
