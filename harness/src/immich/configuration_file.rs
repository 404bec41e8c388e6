//! The configuration file of a server that takes its settings from one: the
//! way to change them where the API does not. When a change is in force is for
//! [`super::settings_in_force`].
//!
//! Immich takes JSON and YAML, and reads the file anew for whatever has to do
//! with OAuth. During a run the file is JSON, which is YAML, too. A server that
//! reads it only when it starts has a restart command; its file may also hold
//! environment variables ([`super::environment_file`]). In the end the file is
//! byte for byte what it was. It is written in place, since a file that is
//! mounted into a container is known there by its inode, and at one stroke,
//! since a server may read at any time.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::settings_document::CHANGED;
use super::variable_fault::VariableFault;
use super::{RestartCommand, Sections, SettingVariables, TargetError};

/// The configuration file of a server, as this machine sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationFile {
    path: PathBuf,
    restart: Option<RestartCommand>,
    /// The variables that it sets, if it is not a document.
    variables: Option<SettingVariables>,
}

impl ConfigurationFile {
    /// The file at `path` of a server that reads it anew.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), restart: None, variables: None }
    }

    /// The same of a server that reads it only when it starts, if a command
    /// restarts it.
    #[must_use]
    pub fn with_restart(self, restart: Option<RestartCommand>) -> Self {
        Self { restart, ..self }
    }

    /// The same if it sets these environment variables.
    #[must_use]
    pub fn with_variables(self, variables: Option<SettingVariables>) -> Self {
        Self { variables, ..self }
    }

    /// The variables that it sets, if it is not a document.
    pub(crate) fn variables(&self) -> Option<&SettingVariables> {
        self.variables.as_ref()
    }

    /// The command that restarts the server after a change, if one has to.
    pub fn restart(&self) -> Option<&RestartCommand> {
        self.restart.as_ref()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn fault(&self, reason: impl ToString) -> TargetError {
        TargetError::ConfigurationFileFault { path: self.path.display().to_string(), reason: reason.to_string() }
    }

    /// What is in it.
    pub(crate) fn read(&self) -> Result<Vec<u8>, TargetError> {
        std::fs::read(&self.path).map_err(|error| self.fault(error))
    }

    /// The same; nothing where the file is gone.
    pub(crate) fn read_if_there(&self) -> Result<Option<Vec<u8>>, TargetError> {
        match std::fs::read(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some).map_err(|error| self.fault(error)),
        }
    }

    /// Who may read and write it, where the system is a Unix.
    pub(crate) fn mode(&self) -> Option<u32> {
        #[cfg(unix)]
        return Some(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&self.path).ok()?.permissions()));
        #[cfg(not(unix))]
        return None;
    }

    /// Makes it, where it is gone.
    pub(crate) fn make(&self, bytes: &[u8], mode: Option<u32>) -> Result<(), TargetError> {
        std::fs::write(&self.path, []).map_err(|error| self.fault(error))?;
        #[cfg(unix)]
        if let Some(mode) = mode {
            let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
            std::fs::set_permissions(&self.path, permissions).map_err(|error| self.fault(error))?;
        }
        self.write(bytes)
    }

    /// Looks whether it could be written, without writing.
    pub(crate) fn try_writing(&self) -> Result<(), TargetError> {
        OpenOptions::new().write(true).open(&self.path).map(drop).map_err(|error| self.fault(error))
    }

    /// What its content means. An empty file sets nothing.
    pub(crate) fn meaning(&self, bytes: &[u8]) -> Result<Value, TargetError> {
        let text = self.text(bytes)?;
        if let Some(variables) = &self.variables {
            return variables.document(text).map_err(|fault| self.variable_fault(fault));
        }
        match parse(text) {
            Ok(Value::Null) => Ok(Value::Object(Map::new())),
            Ok(document @ Value::Object(_)) => Ok(document),
            Ok(_) => Err(self.fault("it contains no settings")),
            Err(problem) => Err(self.fault(problem)),
        }
    }

    /// The same content with these sections. All else stays.
    pub(super) fn with_sections(&self, bytes: &[u8], sections: &Sections) -> Result<Vec<u8>, TargetError> {
        match &self.variables {
            Some(variables) => {
                let written = variables.with_sections(self.text(bytes)?, sections);
                written.map(String::into_bytes).map_err(|fault| self.variable_fault(fault))
            }
            None => Ok(document_with(self.meaning(bytes)?, sections)),
        }
    }

    /// All that a run does not change in it.
    pub(crate) fn others(&self, bytes: &[u8]) -> Result<Value, TargetError> {
        match &self.variables {
            Some(variables) => {
                let others = variables.others(self.text(bytes)?);
                others.map(Value::from).map_err(|fault| self.variable_fault(fault))
            }
            None => self.meaning(bytes).map(rest),
        }
    }

    /// Secrets in it that are no settings of the run.
    pub(super) fn secrets(&self, bytes: &[u8]) -> Result<Vec<String>, TargetError> {
        let Some(variables) = &self.variables else { return Ok(Vec::new()) };
        variables.secrets(self.text(bytes)?).map_err(|fault| self.variable_fault(fault))
    }

    fn text<'a>(&self, bytes: &'a [u8]) -> Result<&'a str, TargetError> {
        std::str::from_utf8(bytes).map_err(|error| self.fault(error))
    }

    /// What is wrong with the variables in it.
    pub(crate) fn variable_fault(&self, fault: VariableFault) -> TargetError {
        TargetError::Variables { path: self.path.display().to_string(), fault }
    }

    /// Replaces its content. Blanks that make the new content as long as the
    /// old one go along at first, so that no reader finds the rest of the old.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), TargetError> {
        let write = || {
            let mut file = OpenOptions::new().write(true).open(&self.path)?;
            let before = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
            let mut padded = bytes.to_vec();
            padded.resize(bytes.len().max(before), b'\n');
            file.write_all(&padded)?;
            file.set_len(bytes.len() as u64)?;
            file.sync_all()
        };
        write().map_err(|error: std::io::Error| self.fault(error))
    }
}

/// Reads JSON or YAML.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    // The message, without the lines around it: they may hold secrets.
    serde_saphyr::from_str(text).map_err(|error| {
        let text = error.without_snippet().to_string();
        text.lines().next().unwrap_or_default().to_owned()
    })
}

/// A document with these sections and the rest as it was.
fn document_with(mut document: Value, sections: &Sections) -> Vec<u8> {
    if let Some(document) = document.as_object_mut() {
        for (name, section) in sections {
            document.insert(name.clone(), Value::Object(section.clone().into_iter().collect()));
        }
    }
    format!("{document:#}\n").into_bytes()
}

/// Everything that a run does not change.
fn rest(mut document: Value) -> Value {
    if let Some(document) = document.as_object_mut() {
        document.retain(|name, _| !CHANGED.contains(&name.as_str()));
    }
    document
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test should panic")]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::super::settings_document::sections_of;
    use super::*;

    #[rstest]
    #[case("", json!({}))]
    #[case("# nothing set\n", json!({}))]
    #[case("{\"oauth\": {\"enabled\": true}}", json!({"oauth": {"enabled": true}}))]
    #[case(
        "oauth:\n  enabled: true # by us\n  scope: 'openid email'\n  timeout: 30000\n  defaultStorageQuota: ~\n",
        json!({"oauth": {"enabled": true, "scope": "openid email", "timeout": 30000, "defaultStorageQuota": null}})
    )]
    fn reads_json_and_yaml(#[case] text: &str, #[case] expected: Value) {
        assert_eq!(ConfigurationFile::new("f").meaning(text.as_bytes()), Ok(expected));
    }

    #[rstest]
    #[case("- a\n- b\n")]
    #[case("oauth: {")]
    #[case("just words")]
    fn a_file_that_is_not_settings_is_reported(#[case] text: &str) {
        let found = ConfigurationFile::new("f").meaning(text.as_bytes());
        assert!(matches!(found, Err(TargetError::ConfigurationFileFault { .. })), "{found:?}");
    }

    #[test]
    fn a_shorter_content_leaves_nothing_of_the_longer_one() {
        let path = tempfile::NamedTempFile::new().unwrap();
        let file = ConfigurationFile::new(path.path());
        for text in ["a: 1", "a: 1\nb: 2\n", "a: 3\n", ""] {
            file.write(text.as_bytes()).unwrap();
            assert_eq!(file.read().unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn only_the_sections_of_a_run_change() {
        let document = json!({"trash": {"days": 7}, "oauth": {"enabled": false}});
        let wanted = sections_of(&json!({"oauth": {"enabled": true}, "passwordLogin": {"enabled": true}}));
        let written: Value = serde_json::from_slice(&document_with(document.clone(), &wanted)).unwrap();
        let expected = json!({"trash": {"days": 7}, "oauth": {"enabled": true}, "passwordLogin": {"enabled": true}});
        assert_eq!(written, expected);
        assert_eq!(rest(written), rest(document));
    }
}
