//! Mistakes in the form of a file (an unknown key, a missing key, a value of
//! another kind) and their messages. [`super::deserializer`] finds them.

use serde_json::Value;

use super::node::{Content, Node, Segment};
use crate::diagnostic::Diagnostic;
use crate::immich::is_section;

/// Something that cannot be read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mistake {
    /// The table has no such key; the keys that it has.
    UnknownKey(&'static [&'static str]),
    /// The word is none of these.
    UnknownWord(&'static [&'static str]),
    /// A key of the table is missing.
    MissingKey,
    /// The value is of a different kind than this one.
    OtherKind(TomlKind),
}

/// A kind of value, as people who write TOML know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TomlKind {
    Text,
    Switch,
    /// Not negative.
    WholeNumber,
    /// From 1 to 255.
    SmallNumber,
    List,
    Table,
    /// One of some words.
    Word(&'static [&'static str]),
}

impl TomlKind {
    const fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Switch => "true or false",
            Self::WholeNumber => "a whole number, 0 or more",
            Self::SmallNumber => "a whole number from 1 to 255",
            Self::List => "a list",
            Self::Table => "a table",
            Self::Word(_) => "a word",
        }
    }

    /// What to do where something of another kind stands.
    fn help(self) -> String {
        let help = match self {
            Self::Text => "write text, in quotes",
            Self::Switch => "write true or false, without quotes",
            Self::WholeNumber => "write a whole number, 0 or more, without quotes",
            Self::SmallNumber => "write a whole number from 1 to 255, without quotes",
            Self::List => "write a list in brackets: [\"…\"]",
            Self::Table => "write `.key = …` after the name, or { key = … }",
            Self::Word(names) => return format!("write one of these, in quotes: {}", names.join(", ")),
        };
        help.to_owned()
    }
}

/// What to write for a missing key at the top, where its name is not enough.
const WANTED: &[(&str, &str)] = &[
    (
        "problem",
        "add `problem = \"…\"` below the title: what a server does that fails it, such as `Accepts an ID token made for \
         another client`",
    ),
    ("severity", "add `severity = \"…\"` below the problem: `high`, `medium` or `low`"),
];

impl Mistake {
    /// Returns the message for the mistake at `path` below `root`.
    pub(super) fn diagnostic(self, root: &Node, path: &[Segment]) -> Diagnostic {
        let listed = |what: &str, names: &[&str]| format!("{what} {}", names.join(", "));
        let name = match path.last() {
            Some(Segment::Key(key)) => key.as_str(),
            _ => "",
        };
        let parents = path.split_last().map_or(path, |(_, parents)| parents);
        match self {
            Self::UnknownKey(names) => {
                // The key itself is wrong, not its value.
                let problem = Diagnostic::error(format!("unknown key `{name}`"), root.key_place(parents, name));
                match home(path) {
                    Some(home) => problem.note(home),
                    None if names.is_empty() => problem.note("this table takes no keys"),
                    None => problem.suggest(name, names.iter().copied()).note(listed("allowed keys:", names)),
                }
            }
            Self::UnknownWord(names) => {
                let word = root.at(path).and_then(Node::text).unwrap_or_default();
                let problem = Diagnostic::error(format!("`{word}` is not allowed here"), root.place(path));
                problem.suggest(word, names.iter().copied()).note(listed("allowed:", names))
            }
            Self::MissingKey => {
                let problem = Diagnostic::error(format!("missing key `{name}`"), root.place(parents));
                let wanted = WANTED.iter().find(|(key, _)| *path == [Segment::Key((*key).to_owned())]);
                problem
                    .note(wanted.map_or_else(|| format!("add `{name} = …` here"), |(_, wanted)| (*wanted).to_owned()))
            }
            Self::OtherKind(kind) => {
                let found = root.at(path).map_or_else(String::new, in_words);
                let text = format!("expected {}, found {found}", kind.words());
                Diagnostic::error(text, root.place(path))
                    .note(header(root, path).map_or_else(|| kind.help(), ToOwned::to_owned))
            }
        }
    }
}

/// What stands there, as people who write TOML call it.
fn in_words(node: &Node) -> String {
    match &node.content {
        Content::Table(_) => "a table".to_owned(),
        Content::List(_) => "a list".to_owned(),
        Content::Scalar(Value::String(text)) => format!("the text {text:?}"),
        Content::Scalar(Value::Number(number)) => format!("the number `{number}`"),
        Content::Scalar(Value::Null) => "nothing".to_owned(),
        Content::Scalar(value) => format!("`{value}`"),
    }
}

/// What to do where a header has one bracket too few, or one too many.
fn header(root: &Node, path: &[Segment]) -> Option<&'static str> {
    let [Segment::Key(key)] = path else { return None };
    match (key.as_str(), &root.get(key)?.content) {
        ("steps", Content::Table(_)) => Some("write `[[steps]]`, once for each step"),
        ("users", Content::List(_)) => Some("write `[users.alice]`, with a name for each end-user"),
        ("known", Content::Table(_)) => Some("write `[[known]]`, once for each entry"),
        ("causes", Content::List(_)) => Some("write `[causes.signatures]`, with a name for each cause"),
        ("server" | "provider" | "requires" | "control" | "fingerprint", Content::List(_)) => {
            Some("write its name in single brackets: a file has only one")
        }
        _ => None,
    }
}

/// Where a key belongs that stands at the top.
fn home(path: &[Segment]) -> Option<&'static str> {
    let [Segment::Key(name)] = path else { return None };
    match name.as_str() {
        "quirks" | "overlay" | "profile" | "tls" => {
            Some("this key belongs to the provider: write it in `[provider]`, or as `[provider.…]`")
        }
        "expect" => {
            Some("this key belongs to a step: write it below a `[[steps]]`, or in a case as `steps.ID.expect.…`")
        }
        section if is_section(section) => Some("this key belongs to the server: write `[server.oauth]`"),
        _ => None,
    }
}
