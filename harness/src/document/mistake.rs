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

    /// What to write instead of `found`, under the key `name`; without a name,
    /// in a list.
    fn help(self, name: &str, found: Option<&Node>) -> String {
        let at = |value: &str| if name.is_empty() { format!("`{value}`") } else { format!("`{name} = {value}`") };
        let found = match found.map(|found| &found.content) {
            Some(Content::Scalar(value)) => Some(value),
            _ => None,
        };
        let fits = |text: &&str| match self {
            Self::SmallNumber => text.parse::<u8>().is_ok_and(|number| number > 0),
            _ => text.parse::<u64>().is_ok(),
        };
        let number = found.and_then(Value::as_str).filter(fits);
        match self {
            Self::Text => {
                let text = found.map_or_else(|| "…".to_owned(), Value::to_string);
                format!("write text, in quotes: {}", at(&format!("\"{text}\"")))
            }
            Self::Switch => format!("write {} or {}, without quotes", at("true"), at("false")),
            Self::WholeNumber | Self::SmallNumber => {
                format!("write {}, without quotes, such as {}", self.words(), at(number.unwrap_or("1")))
            }
            Self::List => {
                let item = found.map_or_else(|| "\"…\"".to_owned(), Value::to_string);
                format!("write a list, in brackets: {}", at(&format!("[{item}]")))
            }
            Self::Table if name.is_empty() => "write `{ KEY = … }`".to_owned(),
            Self::Table => format!("write `{name}.KEY = …`, or `{name} = {{ KEY = … }}`"),
            Self::Word(names) => format!("write one of these, in quotes: {}", names.join(", ")),
        }
    }
}

/// What to write for a missing key at the top, where its name is not enough.
const WANTED: &[(&str, &str)] = &[
    (
        "problem",
        "add `problem = \"…\"` below the title: what a failing server does, such as `Accepts an ID token made for \
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
                    None if names.is_empty() => problem.note("this table has no keys"),
                    None => problem.suggest(name, names.iter().copied()).note(listed("allowed keys:", names)),
                }
            }
            Self::UnknownWord(names) => {
                let word = root.at(path).and_then(Node::text).unwrap_or_default();
                let problem = Diagnostic::error(format!("unknown value `{word}`"), root.place(path));
                problem.suggest(word, names.iter().copied()).note(listed("allowed values:", names))
            }
            Self::MissingKey => {
                let problem = Diagnostic::error(format!("missing key `{name}`"), root.place(parents));
                let wanted = WANTED.iter().find(|(key, _)| *path == [Segment::Key((*key).to_owned())]);
                problem
                    .note(wanted.map_or_else(|| format!("add `{name} = …` here"), |(_, wanted)| (*wanted).to_owned()))
            }
            Self::OtherKind(kind) => {
                let found = root.at(path);
                let text = format!("expected {}, found {}", kind.words(), found.map_or_else(String::new, in_words));
                let help = header(root, path).unwrap_or_else(|| kind.help(name, found));
                Diagnostic::error(text, root.place(path)).note(help)
            }
        }
    }
}

/// What stands there, as people who write TOML call it.
pub(crate) fn in_words(node: &Node) -> String {
    match &node.content {
        Content::Table(_) => "a table".to_owned(),
        Content::List(_) => "a list".to_owned(),
        Content::Scalar(Value::String(text)) => format!("the text {text:?}"),
        Content::Scalar(Value::Number(number)) => format!("the number `{number}`"),
        Content::Scalar(Value::Null) => "nothing".to_owned(),
        Content::Scalar(value) => format!("`{value}`"),
    }
}

/// What to write where a header has one bracket too few, or one too many, or
/// something else stands for it.
fn header(root: &Node, path: &[Segment]) -> Option<String> {
    let (Segment::Key(key), below) = path.split_first()? else { return None };
    let is_list = matches!(root.get(key)?.content, Content::List(_));
    Some(match (key.as_str(), below) {
        ("steps", [] | [Segment::Index(_)]) => "write `[[steps]]` once for each step".to_owned(),
        ("known", [] | [Segment::Index(_)]) => "write `[[known]]` once for each entry".to_owned(),
        ("users", [Segment::Key(name)]) => format!("write `[users.{name}]`, and below it the claims"),
        ("users", []) => "write `[users.alice]`, with a name for each end-user".to_owned(),
        ("causes", []) => "write `[causes.signatures]`, with a name for each cause".to_owned(),
        ("server" | "provider" | "requires" | "control" | "fingerprint", []) if is_list => {
            format!("write `[{key}]`: a file has only one")
        }
        _ => return None,
    })
}

/// Where a key belongs that stands at the top.
fn home(path: &[Segment]) -> Option<String> {
    let [Segment::Key(name)] = path else { return None };
    match name.as_str() {
        "quirks" | "overlay" => Some(format!("write `[provider.{name}]`, or `{name}.…` below a `[[steps]]`")),
        "profile" | "tls" => Some(format!("write `provider.{name} = …`: this key belongs to the provider")),
        "expect" => Some("write this key below a `[[steps]]`, or in a case as `steps.ID.expect.…`".to_owned()),
        section if is_section(section) => Some(format!("write `[server.{section}]`: this key belongs to the server")),
        _ => None,
    }
}
