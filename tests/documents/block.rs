//! The blocks of code of README and docs, wherever they stand: also within
//! lists.

use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// A block of code of a page.
#[derive(Debug, Clone)]
pub struct Block {
    /// The page, such as `staging.md`.
    pub page: String,
    /// What it is written in, such as `sh`.
    pub language: String,
    /// What stands in it.
    pub text: String,
}

/// README.md and the pages of docs.
pub fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let docs = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let docs = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    docs.chain([root.join("README.md")]).collect()
}

/// The blocks of all pages in this language.
pub fn blocks(language: &str) -> Vec<Block> {
    pages().iter().flat_map(|page| of_page(page)).filter(|block| block.language == language).collect()
}

fn of_page(page: &Path) -> Vec<Block> {
    let name = page.file_name().unwrap().to_string_lossy().into_owned();
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for event in Parser::new(&std::fs::read_to_string(page).unwrap()) {
        match (event, &mut open) {
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))), _) => {
                open = Some(Block { page: name.clone(), language: language.to_string(), text: String::new() });
            }
            (Event::Text(text), Some(block)) => block.text.push_str(&text),
            (Event::End(TagEnd::CodeBlock), _) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}
