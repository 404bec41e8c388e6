//! The state of a server before a run, and what the run wrote there. The
//! journal keeps this and nothing else. Pure.

use std::collections::BTreeSet;
use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::immich::{ConfigurationFile, Sections, SettingVariables, differences};

/// What a run writes before its first change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Originals {
    /// The server.
    pub target: String,
    /// What the identities of the run carry.
    pub mark: String,
    /// The settings before the run; empty if the run does not change them.
    #[serde(rename = "originals")]
    pub settings: Sections,
    /// The ids of the accounts from before the run. The run never deletes them,
    /// even if they carry a mark.
    #[serde(default)]
    pub accounts: BTreeSet<String>,
    /// The configuration file before the run, if the run changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<OriginalFile>,
    /// Whether accounts of the run stay, since the server cannot delete them.
    #[serde(default)]
    pub leave_accounts: bool,
    /// What the run wrote; format 1 did not say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
}

/// Settings as the run knows them at the server.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// As the server showed them last.
    pub standing: Sections,
    /// As they were sent since, without an answer that says whether the server
    /// made the change.
    pub sent: Vec<Sections>,
}

impl Originals {
    /// The keys in which `current` settings are not as the run left them, at
    /// its next change: the last that it `sent` is about to be. Settings as
    /// before the run are also a change by others.
    pub(super) fn changed_since(&self, current: &Sections) -> Vec<String> {
        let Some(Written { standing, sent }) = &self.written else { return Vec::new() };
        let known = sent.iter().rev().skip(1).chain([standing]);
        known.map(|known| differences(current, known)).min_by_key(Vec::len).unwrap_or_default()
    }

    /// The keys in which `current` settings are neither as they were before the
    /// run nor as the run wrote them; empty if they are the run's to change.
    pub(super) fn changed_by_others(&self, current: &Sections) -> Vec<String> {
        let Some(written) = &self.written else {
            // The client's id has the mark in every play, and no client of
            // others has it.
            let is_ours = format!("{current:?}").contains(&self.mark);
            return if is_ours { Vec::new() } else { differences(current, &self.settings) };
        };
        let known = written.sent.iter().rev().chain([&written.standing, &self.settings]);
        let found = known.map(|known| differences(current, known));
        // The closest settings show best what others changed.
        found.min_by_key(Vec::len).unwrap_or_default()
    }
}

/// A configuration file as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginalFile {
    /// Where it is.
    pub path: PathBuf,
    /// Every byte of it, in base64.
    content: String,
    /// Who may read and write it, as Unix has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mode: Option<u32>,
    /// The environment variables that it sets, if it is not a document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variables: Option<SettingVariables>,
}

impl OriginalFile {
    /// The file that has this content before the run.
    pub(super) fn new(file: &ConfigurationFile, bytes: &[u8], mode: Option<u32>) -> Self {
        let variables = file.variables().cloned();
        Self { path: file.path().to_owned(), content: BASE64_STANDARD.encode(bytes), mode, variables }
    }

    /// The file as it is now.
    pub(super) fn now(&self) -> ConfigurationFile {
        ConfigurationFile::new(&self.path).with_variables(self.variables.clone())
    }

    pub(super) fn mode(&self) -> Option<u32> {
        self.mode
    }

    /// Its bytes. The seal proves that they are unchanged.
    pub(super) fn bytes(&self) -> Vec<u8> {
        BASE64_STANDARD.decode(&self.content).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::immich::sections_of;

    fn sections(text: &str, scope: &str) -> Sections {
        sections_of(&json!({"oauth": {"buttonText": text, "scope": scope}}))
    }

    #[rstest]
    #[case::as_it_was(sections("theirs", "a"), &[])]
    #[case::as_it_was_shown(sections("ours", "b"), &[])]
    #[case::as_it_was_sent(sections("ours", "c"), &[])]
    #[case::with_a_change_on_top(sections("another", "c"), &["oauth.buttonText"])]
    #[case::changed_by_another(sections("x", "y"), &["oauth.buttonText", "oauth.scope"])]
    fn what_the_run_wrote_is_its_own(#[case] current: Sections, #[case] expected: &[&str]) {
        let written = Written { standing: sections("ours", "b"), sent: vec![sections("ours", "c")] };
        assert_eq!(originals(written).changed_by_others(&current), expected);
    }

    fn originals(written: Written) -> Originals {
        Originals {
            target: String::new(),
            mark: "oidc-harness-abcdefgh".into(),
            settings: sections("theirs", "a"),
            accounts: BTreeSet::new(),
            file: None,
            leave_accounts: false,
            written: Some(written),
        }
    }

    /// Others set them back, or the server lost a change that it had accepted.
    #[rstest]
    #[case::as_the_run_left_them("ours", "b", &[])]
    #[case::as_sent_without_an_answer("ours", "c", &[])]
    #[case::as_before_the_run("theirs", "a", &["oauth.buttonText", "oauth.scope"])]
    #[case::as_they_are_to_be("ours", "d", &["oauth.scope"])]
    fn a_change_goes_on_from_what_the_run_left(#[case] text: &str, #[case] scope: &str, #[case] expected: &[&str]) {
        let sent = vec![sections("ours", "c"), sections("ours", "d")];
        let found = originals(Written { standing: sections("ours", "b"), sent }).changed_since(&sections(text, scope));
        assert_eq!(found, expected);
    }

    #[test]
    fn without_a_word_about_what_was_written_the_mark_tells() {
        let text = json!({"target": "http://t", "mark": "abcdefgh", "originals": {"oauth": {"clientId": "theirs"}}});
        let Ok(originals) = serde_json::from_value::<Originals>(text) else { unreachable!("format 1 had these") };
        let current = |id: &str| sections_of(&Value::from_iter([("oauth", json!({"clientId": id}))]));
        assert_eq!(originals.changed_by_others(&current("oidc-harness-abcdefgh")), Vec::<String>::new());
        assert_eq!(originals.changed_by_others(&current("another")), ["oauth.clientId"]);
    }
}
