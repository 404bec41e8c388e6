//! A value of what a scenario sees, without its secrets: where it stands says what it is.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::known_secrets::KnownSecrets;
use super::{SecretKind, Secrets};
use crate::plural::counted;

impl Secrets {
    /// What may be said of a hidden value at this path: ` (43 characters, with "+")`. Only
    /// of a code verifier, which is good for one sign-in, and whose form is prescribed
    /// (RFC 7636 §4.1).
    pub fn form(&self, path: &[String], value: &Value) -> Option<String> {
        let text = value.as_str()?;
        let is_verifier = |shown: &Value| {
            let label = shown.as_str().filter(|label| *label != text);
            label.is_some_and(|label| label.starts_with(&format!("[{}", SecretKind::Verifier.name())))
        };
        if !is_verifier(&self.value(path, value)) {
            return None;
        }
        let is_usual = |one: &char| one.is_ascii_alphanumeric() || "-._~".contains(*one);
        let unusual: String =
            text.chars().filter(|one| !is_usual(one)).collect::<BTreeSet<char>>().into_iter().collect();
        let with = if unusual.is_empty() { String::new() } else { format!(", with {unusual:?}") };
        Some(format!(" ({}{with})", counted(text.chars().count(), "character", "characters")))
    }

    /// A value that stands at this path of what a scenario sees.
    pub fn value(&self, path: &[String], value: &Value) -> Value {
        let mut known = self.lock();
        shown(&mut known, &mut path.to_vec(), value)
    }
}

fn shown(known: &mut KnownSecrets, path: &mut Vec<String>, value: &Value) -> Value {
    match value {
        Value::String(text) => shown_text(known, path, text).into(),
        Value::Array(list) => list.iter().map(|item| shown(known, path, item)).collect(),
        Value::Object(members) if known.names.is_settings(members) => "[settings]".into(),
        Value::Object(members) => {
            let mut all = Map::new();
            for (name, member) in members {
                path.push(name.clone());
                all.insert(name.clone(), shown(known, path, member));
                path.pop();
            }
            Value::Object(all)
        }
        other => other.clone(),
    }
}

fn shown_text(known: &mut KnownSecrets, path: &[String], text: &str) -> String {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    if let Some(label) = known.label_of(text) {
        return label.into_owned();
    }
    let kind = match words.as_slice() {
        [.., "headers", name] => return known.header(name, text),
        ["cookies", name, "value"] => known.names.of_cookie(name),
        ["provider-saw" | "other-provider-saw" | "redirect", .., name] => known.names.of_parameter(name),
        [.., name] => known.names.of_field(name),
        [] => None,
    };
    match kind {
        Some(kind) => known.shown(kind, text),
        None => known.text(text),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::super::secrets::tests::secrets;
    use super::*;

    #[rstest]
    #[case(&["provider-saw", "token", "client_secret"], json!("abc"), json!("[client secret 2]"))]
    #[case(&["provider-saw", "token", "client_secret"], json!("{client_secret}"), json!("{client_secret}"))]
    #[case(&["provider-saw", "token", "code"], json!("abc"), json!("[code 1]"))]
    #[case(&["redirect", "parameters", "code"], json!(["a", "b"]), json!(["[code 1]", "[code 2]"]))]
    #[case(&["response", "body", "code"], json!("ECONNREFUSED"), json!("ECONNREFUSED"))]
    #[case(&["response", "body"], json!({"accessToken": "t", "name": "n"}), json!({"accessToken": "[session 1]", "name": "n"}))]
    #[case(&["response", "body"], json!({"oauth": {"issuerUrl": ""}}), json!("[settings]"))]
    #[case(&["cookies", "immich_access_token", "value"], json!("t"), json!("[session 1]"))]
    #[case(&["cookies", "immich_auth_type", "value"], json!("oauth"), json!("oauth"))]
    #[case(&["provider-saw", "token", "headers", "authorization"], json!("Basic cGhvdG9zOmFiYw=="), json!("Basic photos:[client secret 2]"))]
    #[case(&["provider-saw", "token", "headers", "authorization"], json!("Basic cGhvdG9zOnMzY3JldCtvZitwaG90b3M="), json!("Basic photos:[client secret]"))]
    #[case(&["account", "name"], json!("pw\"1"), json!("[password 1]"))]
    #[case(&["response", "status"], json!(401), json!(401))]
    fn values_are_labelled_by_where_they_stand(#[case] path: &[&str], #[case] value: Value, #[case] expected: Value) {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(secrets().value(&path, &value), expected);
    }

    /// The length of a lasting secret helps to guess it.
    #[rstest]
    #[case::verifier("code_verifier", "short", Some(" (5 characters)"))]
    #[case::odd("code_verifier", "a+b/a+", Some(" (6 characters, with \"+/\")"))]
    #[case::lasting("client_secret", "s3cret+f/", None)]
    #[case::plain("scope", "openid", None)]
    fn only_the_form_of_a_verifier_is_shown(#[case] name: &str, #[case] text: &str, #[case] expected: Option<&str>) {
        let path = ["provider-saw", "token", name].map(ToOwned::to_owned);
        assert_eq!(secrets().form(&path, &json!(text)).as_deref(), expected);
    }
}
