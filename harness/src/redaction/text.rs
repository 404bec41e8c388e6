//! A text without its secrets.

use super::encoding::views;
use super::field::{fields, settings, signature_of};
use super::kind::Kind;
use super::known::{Cover, Known};
use crate::plural::counted;

/// More of a text is not looked at, nor shown.
const LIMIT: usize = 256 * 1024;

impl Known {
    /// Notes the secret of a field, and says what is shown in its place: of a
    /// JWT all but its signature.
    pub(super) fn shown(&mut self, kind: Kind, value: &str) -> String {
        match signature_of(value) {
            Some(part) => {
                let label = self.add(Kind::Signature, &value[part.clone()]);
                format!("{}{label}{}", &value[..part.start], &value[part.end..])
            }
            None => self.add(kind, value),
        }
    }

    /// The text with labels for secrets.
    pub(super) fn text(&mut self, text: &str) -> String {
        let views = views(text);
        let mut covers: Vec<Cover> = Vec::new();
        let may_have_settings = text.contains("oauth");
        for view in &views {
            let documents = if may_have_settings { settings(view) } else { Vec::new() };
            let places = documents.iter().map(|part| view.in_text(part));
            covers.extend(places.map(|place| Cover { place, label: "[settings]".to_owned() }));
            for field in fields(view) {
                let place = view.in_text(&field.part);
                // What is decoded twice reads otherwise than it was meant.
                let is_covered = covers.iter().any(|one| one.place.start <= place.start && place.start < one.place.end);
                let is_label = self.label_at(&text.as_bytes()[place.start..]).is_some();
                // Its signature is found as such.
                let is_jwt = field.kind != Kind::Signature && signature_of(&field.value).is_some();
                if is_covered || is_label || is_jwt || field.value.is_empty() {
                    continue;
                }
                let label = self.add(field.kind, &field.value);
                covers.push(Cover { place, label });
            }
        }
        for view in &views {
            self.find(view, &mut covers);
        }
        covered(text, covers)
    }

    /// The first `limit` bytes of it, and how much more there is. A part of a
    /// secret is one, too, so nothing is cut before it is labelled.
    pub(super) fn beginning(&mut self, text: &str, limit: usize) -> String {
        let looked_at = cut(text, LIMIT);
        let shown = self.text(looked_at);
        let kept = cut(&shown, limit);
        let left = text.len() - looked_at.len() + shown.len() - kept.len();
        if left == 0 {
            return shown;
        }
        format!("{kept}… ({})", counted(left, "more byte", "more bytes"))
    }
}

/// The first so many bytes of a text, or fewer, where a letter would be cut.
fn cut(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    &text[..end]
}

/// The text with these parts replaced. Of parts that overlap, the first, or
/// the largest that begins there, has its label shown.
fn covered(text: &str, mut covers: Vec<Cover>) -> String {
    if covers.is_empty() {
        return text.to_owned();
    }
    covers.sort_by_key(|cover| (cover.place.start, std::cmp::Reverse(cover.place.end)));
    let mut merged: Vec<Cover> = Vec::new();
    for cover in covers {
        match merged.last_mut() {
            Some(last) if cover.place.start < last.place.end => last.place.end = last.place.end.max(cover.place.end),
            _ => merged.push(cover),
        }
    }
    let mut shown = String::new();
    let mut end = 0;
    for Cover { place, label } in merged {
        // Of a letter that is half secret, all is.
        let start = (0..=place.start).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        shown.push_str(text.get(end..start).unwrap_or_default());
        shown.push_str(&label);
        end = (place.end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    }
    shown + text.get(end..).unwrap_or_default()
}
