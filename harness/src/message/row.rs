//! The rows of the tables of messages.

use serde::Deserialize;

/// The tables, a file for each origin.
const TABLES: &[&str] = &[
    include_str!("immich-screens.toml"),
    include_str!("immich.toml"),
    include_str!("openid-client.toml"),
    include_str!("oauth4webapi.toml"),
    include_str!("oauth4webapi-tokens.toml"),
    include_str!("jose.toml"),
    include_str!("node.toml"),
    include_str!("provider.toml"),
];

/// How near to the cause a message is. A log has several, one around the other.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// What a screen or an answer shows: that sign-in failed.
    Screen,
    /// What a library says around a cause, or a code that stands for many.
    Library,
    /// The cause itself.
    #[default]
    Cause,
}

/// Messages with one cause and one remedy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownMessage {
    /// Its texts, each without what differs from one server to the next.
    pub said: Vec<String>,
    /// How near to the cause it is.
    #[serde(default)]
    pub layer: Layer,
    /// Why the message appears, in a sentence or two.
    pub cause: String,
    /// What to change, and where.
    pub remedy: String,
    /// The quirks with which the provider brings it about.
    #[serde(default)]
    pub quirks: Vec<String>,
    /// Scenarios and cases that show it, beside those that use the quirks.
    #[serde(default)]
    pub scenarios: Vec<String>,
    /// Product, version and file that it comes from.
    #[serde(default)]
    pub source: String,
}

/// A table: its messages come from one source, unless a row names another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    source: String,
    message: Vec<KnownMessage>,
}

/// All messages. The tables in the binary are sound; a test reads them.
pub(super) fn messages() -> Vec<KnownMessage> {
    let tables = TABLES.iter().filter_map(|text| toml::from_str::<Table>(text).ok());
    let with_source = |table: Table| {
        let source = table.source;
        let message = move |message: KnownMessage| {
            if message.source.is_empty() { KnownMessage { source: source.clone(), ..message } } else { message }
        };
        table.message.into_iter().map(message)
    };
    tables.flat_map(with_source).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_table_can_be_read() {
        for table in TABLES {
            let read = toml::from_str::<Table>(table).map(|table| table.message.len());
            assert!(read.is_ok_and(|rows| rows > 5), "{}", table.lines().next().unwrap_or_default());
        }
    }

    #[test]
    fn causes_and_remedies_are_whole_sentences() {
        let messages = messages();
        assert!(messages.len() > 200);
        for message in &messages {
            for text in [&message.cause, &message.remedy] {
                let begins = text.starts_with(|letter: char| letter.is_uppercase() || letter == '`');
                assert!(begins && text.ends_with('.') && text.len() < 300, "{text}");
            }
            assert!(!message.source.is_empty() && !message.said.is_empty(), "{message:?}");
        }
        let texts: Vec<&String> = messages.iter().flat_map(|message| &message.said).collect();
        let different: BTreeSet<String> = texts.iter().map(|text| text.to_lowercase()).collect();
        assert_eq!(different.len(), texts.len(), "a text stands in two rows");
    }
}
