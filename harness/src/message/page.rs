//! `docs/messages.md`: all messages with cause and remedy, by their source.

use std::fmt::Write;

use indexmap::IndexMap;

use super::pasted_text::Library;
use super::row::KnownMessage;
use crate::scenario::Catalogue;

/// The page.
pub fn page(catalogue: &Catalogue) -> String {
    let library = Library::new();
    let mut page = "# Messages\n\nWhat servers, libraries and providers say when sign-in fails. `oidc-harness explain \
                    'MESSAGE'` finds a message in a pasted line or log, also with slips. This page is made from \
                    `harness/src/message/*.toml`, where a wrong cause is a one-line fix.\n"
        .to_owned();
    let mut sources: IndexMap<&str, Vec<&KnownMessage>> = IndexMap::new();
    for message in library.messages() {
        sources.entry(&message.source).or_default().push(message);
    }
    for (source, messages) in sources {
        let _ = write!(page, "\n## {source}\n\n| message | cause | remedy | scenarios |\n|---|---|---|---|\n");
        for message in messages {
            let _ =
                writeln!(page, "| {} |", cells(message, catalogue).map(|cell| cell.replace('|', "\\|")).join(" | "));
        }
    }
    page
}

fn cells(message: &KnownMessage, catalogue: &Catalogue) -> [String; 4] {
    let said: Vec<String> = message.said.iter().map(|said| code(said)).collect();
    let link = |name: String| {
        let file = name.split("::").next().unwrap_or_default();
        format!("[{name}](../scenarios/{file}.toml)")
    };
    let links: Vec<String> = message.shown_by(catalogue).into_iter().map(link).collect();
    [said.join("<br>"), message.cause.clone(), message.remedy.clone(), links.join(", ")]
}

/// A text in backticks, also if it has some itself.
fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}
