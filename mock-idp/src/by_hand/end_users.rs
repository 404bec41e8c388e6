//! Who can sign in: the default end-users, or those of a file.

use std::path::Path;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::error::ServeError;
use crate::end_user::EndUser;
use crate::person::EndUserTable;

/// What an end-user says of themselves where nothing else is written; `omit`
/// leaves some of it out.
fn with_defaults(name: &str, own: EndUserTable) -> EndUser {
    let mut title = name.to_owned();
    if let Some(first) = title.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    let claims = json!({
        "email": format!("{name}@example.test"),
        "email_verified": true,
        "name": title,
        "preferred_username": name,
    });
    let mut end_user = own.named(name);
    let own = std::mem::replace(&mut end_user.claims, claims.as_object().cloned().unwrap_or_default());
    end_user.claims.extend(own);
    let omitted = end_user.claims.shift_remove("omit");
    for claim in omitted.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        end_user.claims.shift_remove(claim);
    }
    end_user
}

/// The end-users where no file names others.
const DEFAULTS: &str = r#"
[alice]
[bob]
[carol]
name = "Carol, an administrator"
immich_role = "admin"
groups = ["admins"]
[dave]
name = "Dave, without email"
omit = ["email", "email_verified"]
"#;

pub(super) fn default() -> IndexMap<String, EndUser> {
    parse(DEFAULTS).unwrap_or_default()
}

/// The end-users in the file at `path`.
pub(super) fn read(path: &Path) -> Result<IndexMap<String, EndUser>, ServeError> {
    let path = path.to_owned();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(ServeError::UsersFile { path, source }),
    };
    match parse(&text) {
        Ok(end_users) if end_users.is_empty() => Err(ServeError::Nobody { path }),
        Ok(end_users) => Ok(end_users),
        Err(source) => Err(ServeError::Users { path, source }),
    }
}

/// The table of settings in the file at `path`.
pub(super) fn settings(path: &Path) -> Result<Map<String, Value>, ServeError> {
    let path = path.to_owned();
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).map_err(|source| ServeError::SettingsFile { path, source }),
        Err(source) => Err(ServeError::UsersFile { path, source }),
    }
}

fn parse(text: &str) -> Result<IndexMap<String, EndUser>, toml::de::Error> {
    let people: IndexMap<String, EndUserTable> = toml::from_str(text)?;
    Ok(people.into_iter().map(|(name, own)| (name.clone(), with_defaults(&name, own))).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;

    use super::*;
    use crate::person::table;

    #[test]
    fn four_end_users_are_the_default() {
        let end_users = default();
        assert_eq!(end_users.keys().collect::<Vec<_>>(), ["alice", "bob", "carol", "dave"]);
        assert_eq!(end_users["alice"].claims["email"], "alice@example.test");
        assert!(!end_users["dave"].claims.contains_key("email"));
    }

    #[rstest]
    #[case("[a]\nsub = 'x'\nborn = 1990-01-02", json!({"sub": "x", "born": "1990-01-02"}))]
    #[case("[a]\nlist = [{ at = 07:32:00 }]", json!({"sub": "a", "list": [{"at": "07:32:00"}]}))]
    fn files_say_more(#[case] text: &str, #[case] expected: Value) {
        let found = table(&parse(text).unwrap()["a"]);
        for (claim, value) in expected.as_object().unwrap() {
            assert_eq!(&found[claim], value);
        }
    }

    #[rstest]
    #[case("[a]\nsub = 3", "line 2, column 7")]
    #[case("[a]\nsub = ''", "line 2, column 7")]
    #[case("[a]\naud = 'x'", "`aud` is not a claim about an end-user")]
    #[case("a = 3", "line 1, column 5")]
    #[case("[a]\nemail = ", "line 2")]
    fn mistakes_are_pointed_at(#[case] text: &str, #[case] place: &str) {
        let error = parse(text).unwrap_err().to_string();
        assert!(error.contains(place), "{error}");
    }
}
