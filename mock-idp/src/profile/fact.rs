//! One value of a profile and where it is from.

use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The source of a value that is general knowledge, without confirmation.
const UNCONFIRMED: &str = "unconfirmed";

/// One value of a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The value.
    pub value: Value,
    /// Its source, by the name that the profile gives it.
    pub source: String,
}

impl Fact {
    /// Whether it was looked up. Tests rely on nothing else.
    pub fn is_confirmed(&self) -> bool {
        self.source != UNCONFIRMED
    }
}

/// Collects the facts of nested tables by their dotted path. A table with a
/// `value` is a fact.
pub(super) fn collect(table: &Map<String, Value>, above: &str) -> Result<IndexMap<String, Fact>, String> {
    let mut facts = IndexMap::new();
    for (name, value) in table {
        let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        let Value::Object(inner) = value else {
            return Err(format!("`{key}` is not a table: write {{ value = …, source = \"…\" }}"));
        };
        let Some(value) = inner.get("value") else {
            facts.extend(collect(inner, &key)?);
            continue;
        };
        let Some(Value::String(source)) = inner.get("source") else {
            return Err(format!("`{key}` has no `source`"));
        };
        if let Some(unknown) = inner.keys().find(|name| !["value", "source"].contains(&name.as_str())) {
            return Err(format!("unknown key `{key}.{unknown}`; the keys are `value` and `source`"));
        }
        facts.insert(key, Fact { value: value.clone(), source: source.clone() });
    }
    Ok(facts)
}

/// The values of `facts` as nested tables again.
pub(super) fn nest<'a>(facts: impl Iterator<Item = (&'a str, Value)>) -> Map<String, Value> {
    let mut root = Map::new();
    for (key, value) in facts {
        insert(&mut root, key, value);
    }
    root
}

fn insert(table: &mut Map<String, Value>, key: &str, value: Value) {
    match key.split_once('.') {
        None => drop(table.insert(key.to_owned(), value)),
        Some((first, rest)) => {
            if let Value::Object(inner) = table.entry(first).or_insert_with(|| Value::Object(Map::new())) {
                insert(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failing test should panic")]

    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn facts_come_apart_and_together_again() {
        let table = json!({
            "pkce": {"value": "required", "source": "a"},
            "paths": {"token": {"value": "/t", "source": "b"}, "jwks": {"value": "k", "source": "unconfirmed"}},
        });
        let facts = collect(table.as_object().unwrap(), "").unwrap();
        assert_eq!(facts.keys().collect::<Vec<_>>(), ["pkce", "paths.token", "paths.jwks"]);
        assert!(facts["pkce"].is_confirmed() && !facts["paths.jwks"].is_confirmed());
        let values = nest(facts.iter().map(|(key, fact)| (key.as_str(), fact.value.clone())));
        assert_eq!(Value::Object(values), json!({"pkce": "required", "paths": {"token": "/t", "jwks": "k"}}));
    }

    #[rstest]
    #[case(json!({"pkce": "required"}), "`pkce` is not a table")]
    #[case(json!({"paths": {"token": "/t"}}), "`paths.token` is not a table")]
    #[case(json!({"pkce": {"value": "required"}}), "`pkce` has no `source`")]
    #[case(json!({"pkce": {"value": "required", "source": "a", "sorce": "b"}}), "unknown key `pkce.sorce`")]
    fn a_table_that_is_not_a_fact_is_reported(#[case] table: Value, #[case] problem: &str) {
        let error = collect(table.as_object().unwrap(), "").unwrap_err();
        assert!(error.contains(problem), "{error}");
    }
}
