//! Sections as text: blank lines, comments and aligned values.

use super::section::{KeyValue, TomlSection};
use super::value;

/// Keys up to this wide are aligned with each other, and so are wider ones:
/// one long path does not push everything else to the right.
const SHORT: usize = 24;

/// The whole file; `trailing` is what stands after the last value.
pub(super) fn write(mut sections: Vec<TomlSection>, trailing: &str) -> String {
    let mut text = take_header(&mut sections);
    let mut previous: Option<&String> = None;
    for section in &sections {
        let top = section.path.first();
        // Small tables of a kind stand as close together as their author likes.
        let is_step = section.path.len() == 1 && section.path[0] == "steps";
        let may_be_close = top.is_some() && top == previous && !is_step;
        if !section.header.is_empty() {
            if !may_be_close || begins_blank(&section.above) {
                part(&mut text);
            }
            push_comments(&mut text, &section.above);
            text.push_str(&beside(section.header.clone(), &section.beside));
            text.push('\n');
        }
        push_entries(&mut text, section);
        previous = top;
    }
    if trailing.contains('#') {
        part(&mut text);
        push_comments(&mut text, &format!("{trailing}\n"));
    }
    text
}

/// What is said of the whole file: the schema, and all that a blank line
/// keeps apart from what follows.
fn take_header(sections: &mut [TomlSection]) -> String {
    let keys_first = sections.iter().position(|section| section.header.is_empty() && !section.entries.is_empty());
    let first = keys_first.or_else(|| {
        let tables = sections.iter().enumerate().filter(|(_, section)| !section.header.is_empty());
        tables.min_by_key(|(_, section)| section.position).map(|(index, _)| index)
    });
    let Some(section) = first.and_then(|index| sections.get_mut(index)) else { return String::new() };
    let above = match section.entries.iter_mut().min_by_key(|entry| entry.offset) {
        Some(entry) if section.header.is_empty() => &mut entry.above,
        _ => &mut section.above,
    };
    let lines: Vec<&str> = lines(above).skip_while(|line| line.is_empty()).collect();
    let parted = lines.iter().rposition(|line| line.is_empty()).unwrap_or(0);
    let of_file = |(index, line): &(usize, &str)| line.starts_with("#:") || *index < parted;
    let comments = lines.iter().copied().enumerate().filter(|(_, line)| !line.is_empty());
    let (own, rest): (Vec<_>, Vec<_>) = comments.partition(of_file);
    let mut header: String = own.iter().map(|(_, line)| format!("{line}\n")).collect();
    if own.iter().any(|(_, line)| !line.starts_with("#:")) {
        header.push('\n');
    }
    let rest = rest.iter().map(|(_, line)| format!("{line}\n")).collect();
    *above = rest;
    header
}

fn push_entries(text: &mut String, section: &TomlSection) {
    let aligned = !matches!(section.path.first().map(String::as_str), Some("cases" | "control"));
    let mut entries = section.entries.as_slice();
    while let Some(first) = entries.first() {
        let parted = |entry: &KeyValue| entry.above.contains('#') || begins_blank(&entry.above);
        let alike = |entry: &&KeyValue| aligned && !parted(entry) && block(entry) == block(first);
        let count = 1 + entries[1..].iter().take_while(alike).count();
        let (together, rest) = entries.split_at(count);
        let width = together.iter().map(|entry| entry.key.chars().count()).max().unwrap_or_default();
        // The first of a table stands right below the header.
        if begins_blank(&first.above) && entries.len() < section.entries.len() {
            part(text);
        }
        for entry in together {
            push_comments(text, &entry.above);
            let before = format!("{:width$} = ", entry.key);
            let value = value::write(&entry.value, before.chars().count());
            text.push_str(&beside(format!("{before}{value}"), &entry.beside));
            text.push('\n');
        }
        entries = rest;
    }
}

/// Entries for which this is equal are aligned with each other: what a baseline
/// says was found, short keys, and long ones.
fn block(entry: &KeyValue) -> (bool, bool) {
    let is_found = entry.key.starts_with("found.");
    (is_found, !is_found && entry.key.chars().count() <= SHORT)
}

fn beside(text: String, comment: &str) -> String {
    if comment.is_empty() { text } else { format!("{text} {comment}") }
}

/// One blank line, if there is none and something is to be parted from.
fn part(text: &mut String) {
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
}

/// The whole lines above something, without what stands before it on its own.
fn lines(above: &str) -> impl Iterator<Item = &str> {
    above.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(str::trim)
}

fn begins_blank(above: &str) -> bool {
    lines(above).next().is_some_and(str::is_empty)
}

/// The comments, each on its line, with single blank lines between them where
/// there were some.
fn push_comments(text: &mut String, above: &str) {
    let mut blank = false;
    for line in lines(above).skip_while(|line| line.is_empty()) {
        if !line.is_empty() {
            if blank {
                part(text);
            }
            text.push_str(line);
            text.push('\n');
        }
        blank = line.is_empty();
    }
}
