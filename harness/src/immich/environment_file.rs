//! Settings in a file of environment variables, such as the `.env` of Compose or
//! an `EnvironmentFile` of systemd. How a line is read and written is for
//! [`super::assignment`]. Pure.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use url::{Url, form_urlencoded};

use super::assignment::{Assignment, EXPORT, VariableLine, entries, spelled};
use super::settings_document::Sections;
use super::variable_fault::VariableFault;
use super::{Scalar, setting};

/// The environment variables of settings, by section and Immich's name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SettingVariables(pub BTreeMap<String, IndexMap<String, String>>);

/// An assignment that sets a setting.
struct Own<'a> {
    line: usize,
    assignment: &'a Assignment<'a>,
    section: &'a str,
    key: &'a str,
}

impl SettingVariables {
    /// Whether no setting has a variable.
    pub fn is_empty(&self) -> bool {
        self.0.values().all(IndexMap::is_empty)
    }

    /// Returns the settings of these sections that have no variable.
    pub(crate) fn lacking(&self, sections: &Sections) -> Vec<String> {
        let keys = sections.iter().flat_map(|(section, keys)| keys.keys().map(move |key| (section, key)));
        let lacking = keys.filter(|(section, key)| self.of(section, key).is_none());
        lacking.map(|(section, key)| format!("{section}.{key}")).collect()
    }

    /// Returns the settings that a file sets, as a settings document. What it
    /// does not set is absent.
    pub(super) fn document(&self, text: &str) -> Result<Value, VariableFault> {
        let mut document = Map::new();
        for section in self.0.keys() {
            document.insert(section.clone(), Value::Object(Map::new()));
        }
        for Own { line, assignment: Assignment { name, value, .. }, section, key } in self.own(&entries(text)?)? {
            let text = value.value().ok_or(VariableFault::Unclear(line))?;
            let kind = kind_of(section, key);
            let value = parsed(kind, text);
            let value = value.ok_or_else(|| VariableFault::Kind { variable: (*name).to_owned(), line, kind })?;
            if let Some(keys) = document.get_mut(section).and_then(Value::as_object_mut) {
                keys.insert(key.to_owned(), value);
            }
        }
        Ok(document.into())
    }

    /// Returns all lines of a file that set no setting.
    pub(super) fn others(&self, text: &str) -> Result<Vec<String>, VariableFault> {
        let is_other =
            |entry: &&VariableLine<'_>| entry.assignment.as_ref().is_none_or(|one| self.setting(one.name).is_none());
        Ok(entries(text)?.iter().filter(is_other).map(|entry| entry.text.trim_end().to_owned()).collect())
    }

    /// Returns the values of variables that set no setting and look secret, each as
    /// it is in the file and as programs may read it.
    pub(super) fn secrets(&self, text: &str) -> Result<Vec<String>, VariableFault> {
        const WORDS: &[&str] = &["SECRET", "PASS", "PWD", "TOKEN", "KEY", "CREDENTIAL", "AUTH", "SALT", "PRIVATE"];
        let others = entries(text)?.into_iter().filter_map(|entry| entry.assignment);
        let found = others.filter(|one| {
            let (name, value) = (one.name.to_ascii_uppercase(), one.value.text());
            // The address of a database may hold its password.
            let is_secret =
                WORDS.iter().any(|word| name.contains(word)) || value.contains("://") && value.contains('@');
            is_secret && self.setting(one.name).is_none()
        });
        Ok(found.flat_map(|one| readings(one.value.text())).collect())
    }

    /// Returns the text of a file with these settings. All other lines stay.
    pub(super) fn with_sections(&self, text: &str, sections: &Sections) -> Result<String, VariableFault> {
        let entries = entries(text)?;
        let own = self.own(&entries)?;
        let heads: BTreeMap<usize, &Assignment<'_>> = own.iter().map(|own| (own.line, own.assignment)).collect();
        let mut wanted: IndexMap<&str, String> = IndexMap::new();
        for (section, keys) in sections {
            for (key, value) in keys {
                let name = self.of(section, key);
                let name = name.ok_or_else(|| VariableFault::Unnamed(vec![format!("{section}.{key}")]))?;
                let spelled = text_of(value).and_then(|text| spelled(&text));
                wanted.insert(name, spelled.ok_or_else(|| VariableFault::NoSpelling(name.to_owned()))?);
            }
        }
        let mut written = String::new();
        for entry in &entries {
            let changed = heads.get(&entry.line).and_then(|one| Some((one.head, wanted.shift_remove(one.name)?)));
            match changed {
                Some((head, value)) => written.extend([head, value.as_str(), "\n"]),
                None => written.push_str(entry.text),
            }
        }
        if !written.is_empty() && !written.ends_with('\n') {
            written.push('\n');
        }
        let assignments: Vec<_> = entries.iter().filter_map(|entry| entry.assignment.as_ref()).collect();
        // A shell hands on only what it exports.
        let is_exported = !assignments.is_empty() && assignments.iter().all(|one| one.head.starts_with(EXPORT));
        let export = if is_exported { EXPORT } else { "" };
        for (name, value) in wanted {
            written.extend([export, name, "=", &value, "\n"]);
        }
        Ok(written)
    }

    /// The assignments that set a setting.
    fn own<'a>(&'a self, entries: &'a [VariableLine<'a>]) -> Result<Vec<Own<'a>>, VariableFault> {
        let mut own: Vec<Own<'_>> = Vec::new();
        for VariableLine { line, assignment, .. } in entries {
            let Some(assignment) = assignment else { continue };
            let Some((section, key)) = self.setting(assignment.name) else { continue };
            if own.iter().any(|earlier| earlier.assignment.name == assignment.name) {
                return Err(VariableFault::Twice { variable: assignment.name.to_owned(), line: *line });
            }
            own.push(Own { line: *line, assignment, section, key });
        }
        Ok(own)
    }

    fn of(&self, section: &str, key: &str) -> Option<&str> {
        self.0.get(section)?.get(key).map(String::as_str)
    }

    fn setting(&self, variable: &str) -> Option<(&str, &str)> {
        let mut all =
            self.0.iter().flat_map(|(section, keys)| keys.iter().map(move |(key, name)| (section, key, name)));
        all.find(|(.., name)| *name == variable).map(|(section, key, _)| (section.as_str(), key.as_str()))
    }
}

/// What the value of a setting is. A setting that only the server has is text.
fn kind_of(section: &str, key: &str) -> Scalar {
    setting(section, key).map_or(Scalar::Text, |setting| setting.kind)
}

/// The value of a setting. No number is an empty text.
fn parsed(kind: Scalar, text: &str) -> Option<Value> {
    match kind {
        Scalar::Text => Some(text.into()),
        Scalar::Switch => text.parse::<bool>().ok().map(Value::from),
        Scalar::Number if text.is_empty() => Some(Value::Null),
        Scalar::Number => text.parse::<Number>().ok().map(Value::from),
    }
}

/// The text of a value; none of what no variable holds.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// What programs may read of a value: all of it, without a comment, and without
/// escapes; and the password of an address, as it is there and decoded.
fn readings(value: &str) -> Vec<String> {
    let bare = value.split(" #").next().unwrap_or_default().trim_end();
    let mut readings = vec![value.to_owned(), bare.to_owned(), bare.replace('\\', "")];
    if let Some(password) = Url::parse(bare).ok().as_ref().and_then(Url::password) {
        let query = password.replace('+', "%2B");
        let decoded = form_urlencoded::parse(query.as_bytes()).map(|(text, _)| text.into_owned());
        readings.extend(decoded.chain([password.to_owned()]));
    }
    readings.retain(|reading| !reading.is_empty());
    readings.dedup();
    readings
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::super::settings_document::sections_of;
    use super::*;

    fn variables() -> SettingVariables {
        let named =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(one, other)| ((*one).into(), (*other).into())).collect();
        let oauth = named(&[("clientSecret", "SECRET"), ("enabled", "ON"), ("defaultStorageQuota", "QUOTA")]);
        SettingVariables(BTreeMap::from([("oauth".to_owned(), oauth)]))
    }

    #[rstest]
    #[case("", json!({}))]
    #[case("# SECRET=a\n; ON=x\n\nEMPTY\nOTHER='a\nON=no\n'\n", json!({}))]
    #[case("SECRET=a b\r\nexport ON=true\nQUOTA=\n", json!({"clientSecret": "a b", "enabled": true, "defaultStorageQuota": null}))]
    #[case("SECRET='a#b$c`d\"' \nQUOTA=\"7\"", json!({"clientSecret": "a#b$c`d\"", "defaultStorageQuota": 7}))]
    #[case("SECRET=\"it's\"\nOTHER=\"a\\\"b\" # c\n", json!({"clientSecret": "it's"}))]
    fn settings_are_read_as_all_programs_read_them(#[case] text: &str, #[case] expected: Value) {
        assert_eq!(variables().document(text), Ok(json!({ "oauth": expected })));
    }

    #[rstest]
    #[case("no assignment\n", VariableFault::NotAnAssignment(1))]
    #[case("A=1\n1B=2\n", VariableFault::NotAnAssignment(2))]
    #[case("A=1\nB='\nC=2\n", VariableFault::Unclosed(2))]
    #[case("SECRET=a#b\n", VariableFault::Unclear(1))]
    #[case("SECRET=a$b\n", VariableFault::Unclear(1))]
    #[case("SECRET=\"a$b\"\n", VariableFault::Unclear(1))]
    #[case("SECRET=\"a\\n\"\n", VariableFault::Unclear(1))]
    #[case("SECRET='a' # b\n", VariableFault::Unclear(1))]
    #[case("SECRET='a\\b'\n", VariableFault::Unclear(1))]
    #[case("SECRET='a'b'c'\n", VariableFault::Unclear(1))]
    #[case("OTHER=it's\n", VariableFault::Unclear(1))]
    #[case("# a \\\nSECRET=a\n", VariableFault::Unclear(1))]
    #[case("OTHER=a\\\nSECRET=a\n", VariableFault::Unclear(1))]
    #[case("SECRET=a\nSECRET=b\n", VariableFault::Twice { variable: "SECRET".into(), line: 2 })]
    #[case("ON=yes\n", VariableFault::Kind { variable: "ON".into(), line: 1, kind: Scalar::Switch })]
    #[case("QUOTA=1e\n", VariableFault::Kind { variable: "QUOTA".into(), line: 1, kind: Scalar::Number })]
    fn what_programs_read_in_different_ways_is_refused(#[case] text: &str, #[case] expected: VariableFault) {
        assert_eq!(variables().document(text), Err(expected));
    }

    #[rstest]
    #[case("", json!("a b"), Ok("SECRET='a b'\n"))]
    #[case("A=1", json!(""), Ok("A=1\nSECRET=\n"))]
    #[case("export A=1\n", json!("x"), Ok("export A=1\nexport SECRET=x\n"))]
    #[case("export SECRET=\"a\nb\"\n# c\n", json!("#$`\"x"), Ok("export SECRET='#$`\"x'\n# c\n"))]
    #[case("SECRET=a\nA=1\n", json!("it's"), Ok("SECRET=\"it's\"\nA=1\n"))]
    #[case("", json!("it's $5"), Err(VariableFault::NoSpelling("SECRET".into())))]
    #[case("", json!("a\nb"), Err(VariableFault::NoSpelling("SECRET".into())))]
    #[case("", json!(["a"]), Err(VariableFault::NoSpelling("SECRET".into())))]
    fn a_value_is_written_in_one_spelling(
        #[case] text: &str,
        #[case] value: Value,
        #[case] expected: Result<&str, VariableFault>,
    ) {
        let sections = sections_of(&json!({"oauth": {"clientSecret": value}}));
        let written = variables().with_sections(text, &sections);
        assert_eq!(written.as_deref(), expected.as_ref().copied());
    }

    #[test]
    fn what_is_written_is_read_as_the_same_and_all_else_stays() {
        let text = "# ours\nA='1\n2'\nON=true\nPASSWORD=\"a $b\"\n";
        let sections = sections_of(&json!({"oauth": {"clientSecret": "a $ b", "enabled": false}}));
        let written = variables().with_sections(text, &sections);
        let written = written.as_deref().unwrap_or_default();
        assert_eq!(variables().document(written), Ok(json!({ "oauth": {"enabled": false, "clientSecret": "a $ b"} })));
        assert_eq!(variables().others(written), variables().others(text));
        assert_eq!(variables().secrets(text), Ok(vec!["a $b".to_owned()]));
    }

    #[test]
    fn a_setting_without_a_variable_is_named() {
        let sections = sections_of(&json!({"oauth": {"enabled": true, "timeout": 1}}));
        assert_eq!(variables().lacking(&sections), ["oauth.timeout"]);
        let unnamed = VariableFault::Unnamed(vec!["oauth.timeout".to_owned()]);
        assert_eq!(variables().with_sections("", &sections), Err(unnamed));
    }

    #[rstest]
    #[case("hunter2hunter2 # mail", "hunter2hunter2")]
    #[case("redis\\$pass9", "redis$pass9")]
    #[case("postgres://immich:url%24pass@db:5432/immich", "url$pass")]
    fn a_secret_is_known_as_programs_read_it(#[case] value: &str, #[case] read: &str) {
        assert!(readings(value).iter().any(|reading| reading == read), "{:?}", readings(value));
    }
}
