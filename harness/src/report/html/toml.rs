//! A scenario file with the lines marked that did not hold.

use maud::{Markup, html};

use super::topics::Group;

/// What is said of a line.
struct Remark {
    line: usize,
    text: String,
    primary: bool,
}

/// The file; its lines are marked where tests point to them.
pub(super) fn file(group: &Group<'_>) -> Markup {
    let Some(source) = group.source else { return html! {} };
    let remarks = remarks(group);
    html! {
        figure.toml {
            figcaption { code { (source.path) } }
            @if remarks.is_empty() {
                pre { code { (source.text.trim_end()) } }
            } @else {
                pre { code {
                    @for (index, line) in source.text.trim_end().split('\n').enumerate() {
                        @let of_line: Vec<&Remark> = remarks.iter().filter(|remark| remark.line == index + 1).collect();
                        @if of_line.is_empty() {
                            span.line { (line) "\n" }
                        } @else if of_line.iter().any(|remark| remark.primary) {
                            mark.line { (line) "\n" }
                        } @else {
                            span.line.beside { (line) "\n" }
                        }
                        @for remark in of_line.iter().filter(|remark| !remark.text.is_empty()) {
                            span.remark { (remark.text) "\n" }
                        }
                    }
                } }
            }
        }
    }
}

/// All remarks, each once, with the cases that make it where not all do.
fn remarks(group: &Group<'_>) -> Vec<Remark> {
    let Some(source) = group.source else { return Vec::new() };
    let mut remarks: Vec<(Remark, Vec<&str>)> = Vec::new();
    for case in &group.cases {
        for diagnostic in &case.diagnostics {
            for label in &diagnostic.labels {
                let (line, _) = source.position(label.span.start);
                let text = if label.text.is_empty() && label.primary { &diagnostic.message } else { &label.text };
                let name = case.case.as_deref().unwrap_or_default();
                match remarks.iter_mut().find(|(known, _)| known.line == line && known.text == *text) {
                    Some((_, cases)) => cases.push(name),
                    None => remarks.push((Remark { line, text: text.clone(), primary: label.primary }, vec![name])),
                }
            }
        }
    }
    let told = |(remark, mut cases): (Remark, Vec<&str>)| {
        cases.dedup();
        if cases.len() == group.cases.len() {
            return remark;
        }
        let more = if cases.len() > 3 { format!(" and {} more", cases.len() - 3) } else { String::new() };
        cases.truncate(3);
        Remark { text: format!("{} ({}{more})", remark.text, cases.join(", ")), ..remark }
    };
    remarks.into_iter().map(told).collect()
}
