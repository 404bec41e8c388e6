//! An end-user as one table, as in files, calls and forms.

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::end_user::EndUser;
use crate::settings::PROTOCOL_CLAIMS;

/// An end-user as it is written: `sub` and all claims in one table.
#[derive(Debug, Default)]
pub(crate) struct EndUserTable {
    pub(crate) sub: Option<String>,
    pub(crate) claims: Map<String, Value>,
}

impl EndUserTable {
    /// The end-user of that name; `sub` is the name where it is not said.
    pub(crate) fn named(self, name: &str) -> EndUser {
        EndUser { sub: self.sub.unwrap_or_else(|| name.to_owned()), claims: self.claims }
    }
}

/// An end-user as [`EndUserTable`] reads it.
pub(crate) fn table(end_user: &EndUser) -> Map<String, Value> {
    let sub = ("sub".to_owned(), Value::from(end_user.sub.clone()));
    std::iter::once(sub).chain(end_user.claims.clone()).collect()
}

impl<'de> Deserialize<'de> for EndUserTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table;
        impl<'de> Visitor<'de> for Table {
            type Value = EndUserTable;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a table of claims")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EndUserTable, A::Error> {
                let mut table = EndUserTable::default();
                while let Some(claim) = map.next_key::<String>()? {
                    if claim == "sub" {
                        table.sub = Some(map.next_value::<Subject>()?.0);
                    } else if PROTOCOL_CLAIMS.contains(&claim.as_str()) {
                        return Err(A::Error::custom(format!(
                            "`{claim}` is not a claim about an end-user: the provider sets it itself"
                        )));
                    } else {
                        table.claims.insert(claim, plain(map.next_value()?));
                    }
                }
                Ok(table)
            }
        }
        deserializer.deserialize_map(Table)
    }
}

/// A subject identifier, which is never empty (OIDC Core §2).
#[derive(Debug)]
struct Subject(String);

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() { Err(D::Error::custom("`sub` is empty")) } else { Ok(Self(text)) }
    }
}

/// TOML knows dates; claims do not.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(table) => match table.get("$__toml_private_datetime") {
            Some(date) => date.clone(),
            None => Value::Object(table.into_iter().map(|(key, value)| (key, plain(value))).collect()),
        },
        Value::Array(list) => list.into_iter().map(plain).collect(),
        other => other,
    }
}
