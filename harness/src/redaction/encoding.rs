//! The ways in which a secret travels: percent-encoded, in JSON, in HTML and
//! in base64, at whatever place in other text.

use std::ops::Range;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};

/// So many encodings inside one another are looked through, such as a URL in
/// JSON in JSON.
const DEPTH: usize = 3;

/// A text as it reads after decoding; every byte knows where it came from.
#[derive(Debug)]
pub(super) struct View {
    /// The decoded bytes.
    pub(super) bytes: Vec<u8>,
    /// Where each byte stands in the text; empty where nothing was decoded.
    places: Vec<(usize, usize)>,
}

impl View {
    fn plain(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), places: Vec::new() }
    }

    fn place(&self, index: usize) -> (usize, usize) {
        self.places.get(index).copied().unwrap_or((index, index + 1))
    }

    /// Where a part of the view stands in the text.
    pub(super) fn in_text(&self, part: &Range<usize>) -> Range<usize> {
        if part.is_empty() {
            let (start, _) = self.place(part.start);
            return start..start;
        }
        self.place(part.start).0..self.place(part.end - 1).1
    }

    /// Where its last so many bytes begin in the text.
    pub(super) fn last(&self, count: usize) -> usize {
        self.place(self.bytes.len().saturating_sub(count)).0
    }

    /// The same decoded once more; nothing if nothing in it is encoded so.
    fn decoded(&self, decoder: Decoder) -> Option<Self> {
        if !self.bytes.contains(&decoder.marker) {
            return None;
        }
        let (mut bytes, mut places) = (Vec::with_capacity(self.bytes.len()), Vec::with_capacity(self.bytes.len()));
        let (mut index, mut is_changed) = (0, false);
        while let Some(rest) = self.bytes.get(index..).filter(|rest| !rest.is_empty()) {
            let found = if rest[0] == decoder.marker { (decoder.read)(rest) } else { None };
            let (letter, length) = found.unwrap_or_else(|| (char::from(0), 1));
            let place = (self.place(index).0, self.place(index + length - 1).1);
            if found.is_some() {
                is_changed = true;
                let mut buffer = [0; 4];
                let read = if decoder.is_bytes {
                    &[u8::try_from(u32::from(letter)).unwrap_or_default()][..]
                } else {
                    letter.encode_utf8(&mut buffer).as_bytes()
                };
                bytes.extend_from_slice(read);
                places.resize(bytes.len(), place);
            } else {
                bytes.push(rest[0]);
                places.push(place);
            }
            index += length;
        }
        is_changed.then_some(Self { bytes, places })
    }
}

/// The text itself, and what it reads as where parts of it are decoded.
pub(super) fn views(text: &str) -> Vec<View> {
    let mut views = vec![View::plain(text)];
    let mut begin = 0;
    for _ in 0..DEPTH {
        let end = views.len();
        for index in begin..end {
            let decoded: Vec<View> = DECODERS.iter().filter_map(|one| views[index].decoded(*one)).collect();
            views.extend(decoded);
        }
        begin = end;
    }
    views
}

/// One way to decode: what begins with the marker is read as one letter or
/// byte, and as how many bytes it is written.
#[derive(Debug, Clone, Copy)]
struct Decoder {
    marker: u8,
    /// Whether what is read is a byte of UTF-8, not a letter.
    is_bytes: bool,
    read: fn(&[u8]) -> Option<(char, usize)>,
}

const DECODERS: &[Decoder] = &[
    // RFC 3986 §2.1.
    Decoder {
        marker: b'%',
        is_bytes: true,
        read: |text| Some((char::from(u8::try_from(hex(text.get(1..3)?)?).ok()?), 3)),
    },
    Decoder { marker: b'\\', is_bytes: false, read: unescaped },
    Decoder { marker: b'&', is_bytes: false, read: entity },
];

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
}

/// An escape sequence of JSON (RFC 8259 §7).
fn unescaped(text: &[u8]) -> Option<(char, usize)> {
    let letter = match text.get(1)? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'u' => return Some((char::from_u32(hex(text.get(2..6)?)?)?, 6)),
        letter @ (b'"' | b'\\' | b'/') => char::from(*letter),
        _ => return None,
    };
    Some((letter, 2))
}

fn entity(text: &[u8]) -> Option<(char, usize)> {
    const NAMED: &[(&str, char)] =
        &[("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\''), ("&#x27;", '\'')];
    NAMED.iter().find(|(name, _)| text.starts_with(name.as_bytes())).map(|(name, letter)| (*letter, name.len()))
}

/// What of a secret's base64 is the same whatever stands before and after it,
/// for each of the three places at which it can begin, in both alphabets.
pub(super) fn base64_cores(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut cores = Vec::new();
    for before in 0..3 {
        let padded = [&vec![0; before], secret].concat();
        let (first, end) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
        for encoded in [BASE64_STANDARD_NO_PAD.encode(&padded), BASE64_URL_SAFE_NO_PAD.encode(&padded)] {
            let core = encoded.as_bytes().get(first..end).unwrap_or_default().to_vec();
            if !core.is_empty() && !cores.contains(&core) {
                cores.push(core);
            }
        }
    }
    cores
}

/// The whole base64 text around a part of it.
pub(super) fn base64_around(text: &[u8], part: Range<usize>) -> Range<usize> {
    let is_base64 = |letter: &u8| letter.is_ascii_alphanumeric() || b"+/-_".contains(letter);
    let before = text[..part.start].iter().rev().take_while(|letter| is_base64(letter)).count();
    let after = text[part.end..].iter().take_while(|letter| is_base64(letter)).count();
    let end = part.end + after;
    let padding = text[end..].iter().take(2).take_while(|letter| **letter == b'=').count();
    part.start - before..end + padding
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("a%2Fb", "a/b", 1..2, 1..4)]
    #[case("a%2fb", "a/b", 1..3, 1..5)]
    #[case("%C3%A4", "ä", 0..2, 0..6)]
    #[case(r#"a\"b"#, "a\"b", 1..2, 1..3)]
    #[case(r"\u00e4b", "äb", 2..3, 6..7)]
    #[case("a&amp;b", "a&b", 1..2, 1..6)]
    fn what_is_decoded_knows_its_place(
        #[case] text: &str,
        #[case] reads: &str,
        #[case] part: Range<usize>,
        #[case] place: Range<usize>,
    ) {
        let views = views(text);
        let decoded = views.iter().find(|view| view.bytes == reads.as_bytes());
        assert_eq!(decoded.map(|view| view.in_text(&part)), Some(place), "{views:?}");
    }

    #[rstest]
    #[case("%")]
    #[case("%zz \\ & &nbsp; \\x")]
    #[case("")]
    fn what_is_not_encoded_is_left_alone(#[case] text: &str) {
        assert_eq!(views(text).len(), 1);
    }

    #[test]
    fn a_secret_is_found_in_any_base64() {
        for (before, after) in [("", ""), ("a:", "x"), ("photos:", ":")] {
            for engine in [&base64::prelude::BASE64_STANDARD, &base64::prelude::BASE64_URL_SAFE] {
                let encoded = engine.encode(format!("{before}S3cret~?~key{after}"));
                let found = base64_cores(b"S3cret~?~key").into_iter().filter_map(|core| {
                    let at = encoded.as_bytes().windows(core.len()).position(|window| window == core)?;
                    Some(base64_around(encoded.as_bytes(), at..at + core.len()))
                });
                assert_eq!(found.collect::<Vec<_>>().first(), Some(&(0..encoded.len())), "{encoded}");
            }
        }
    }
}
