//! A text without its secrets.

use super::SecretKind;
use super::encoding::{View, views};
use super::field::{field_at, is_jwt, settings, signature_of};
use super::known_secrets::{Cover, KnownSecrets};
use crate::plural::counted;

/// More of a text is not looked at, nor shown.
const LIMIT: usize = 256 * 1024;

/// The beginning of an escape that is cut is read as it stands; so many bytes,
/// at most, in all encodings inside one another.
const BROKEN_ESCAPES: usize = 16;

impl KnownSecrets {
    /// Notes the secret of a field, and says what is shown in its place: of a
    /// JWT all but its signature.
    pub(super) fn shown(&mut self, kind: SecretKind, value: &str) -> String {
        match signature_of(value) {
            Some(part) => {
                let label = self.learn(SecretKind::Signature, &value[part.clone()]);
                format!("{}{label}{}", &value[..part.start], &value[part.end..])
            }
            None => self.learn(kind, value),
        }
    }

    /// The text with labels for secrets.
    pub(super) fn text(&mut self, text: &str) -> String {
        let covers = self.covers(text, &views(text));
        covered(text, covers)
    }

    /// What is secret in a text that has these views.
    fn covers(&mut self, text: &str, views: &[View]) -> Vec<Cover> {
        let mut covers: Vec<Cover> = Vec::new();
        let mut is_covered = vec![false; text.len()];
        let may_have_settings = self.names.may_have_settings(text);
        for view in views {
            let documents = if may_have_settings { settings(self.names, view) } else { Vec::new() };
            for place in documents.iter().map(|part| view.in_text(part)) {
                is_covered[place.clone()].fill(true);
                covers.push(Cover { place, label: "[settings]".to_owned() });
            }
            for index in 0..view.bytes.len() {
                // What is decoded twice reads otherwise than it was meant.
                let is_open = |start: usize| {
                    let place = view.in_text(&(start..start + 1)).start;
                    is_covered.get(place) == Some(&false) && self.label_at(&text.as_bytes()[place..]).is_none()
                };
                let Some(field) = field_at(self.names, &view.bytes, index, is_open) else { continue };
                // The signature of a JWT is found as such.
                if field.value.is_empty() || field.kind != SecretKind::Signature && is_jwt(&field.value) {
                    continue;
                }
                let place = view.in_text(&field.part);
                is_covered[place.clone()].fill(true);
                let label = self.learn(field.kind, &field.value);
                covers.push(Cover { place, label });
            }
        }
        for view in views {
            self.find(view, &mut covers);
        }
        covers
    }

    /// The first `limit` bytes of it, and how much more there is. A part of a
    /// secret is one, too, so nothing is cut before it is labelled, and where
    /// the end of what is looked at may be such a part, it is left out.
    pub(super) fn beginning(&mut self, text: &str, limit: usize) -> String {
        let looked_at = cut(text, LIMIT);
        let views = views(looked_at);
        let mut covers = self.covers(looked_at, &views);
        let mut end = looked_at.len();
        if end < text.len() {
            let unsure = self.longest() + BROKEN_ESCAPES;
            end = views.iter().map(|view| view.last(unsure)).min().unwrap_or_default();
            covers.push(Cover { place: end..looked_at.len(), label: String::new() });
        }
        let shown = covered(looked_at, covers);
        let kept = cut(&shown, limit);
        let left = text.len() - end + shown.len() - kept.len();
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// The settings before it collapse, so that what is cut would be shown.
    #[rstest]
    #[case::plain("k3y/of?an+administrator", 1)]
    #[case::percent("%6B3y%2Fof%3Fan%2Badministrator", 1)]
    #[case::percent_twice("%256B3y%252Fof%253Fan%252Badministrator", 1)]
    #[case::in_an_escape(r"k3y\/of?an\u002badministr\u0061tor", 5)]
    #[case::base64("azN5L29mP2FuK2FkbWluaXN0cmF0b3I=", 5)]
    fn a_secret_that_the_limit_cuts_is_not_shown(#[case] secret: &str, #[case] beyond: usize) {
        let mut known = KnownSecrets::new(crate::immich::SECRET_NAMES);
        known.add(SecretKind::ApiKey, "k3y/of?an+administrator");
        let (before, after) = (r#"{"m":{"oauth":{"issuerUrl":""#, r#""}},"x":""#);
        let length = LIMIT - before.len() - after.len() - secret.len() + beyond;
        let text = format!("{before}{}{after}{secret}\"}}", "i".repeat(length));
        let shown = known.beginning(&text, 1000);
        let (shown, more) = shown.split_once('…').unwrap_or_default();
        assert!(r#"{"m":[settings],"x":""#.starts_with(shown) && shown.len() > 5, "{shown}");
        assert!(more.ends_with(" more bytes)"), "{more}");
    }
}
