//! The secrets that are known, their labels, and where they stand in a text.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::encoding::{View, base64_around, base64_cores};
use super::kind::{Kind, of_field};

/// Shorter values are part of any word; they count only as the whole value of
/// a field.
const SHORTEST: usize = 8;

/// No label is longer, in bytes.
const LONGEST_LABEL: usize = 60;

/// One secret.
#[derive(Debug)]
struct Secret {
    kind: Kind,
    /// Its number among those of its kind; none if it is of an earlier play.
    number: Option<usize>,
    label: String,
}

/// A form of a secret to look for.
#[derive(Debug)]
struct Needle {
    bytes: Vec<u8>,
    value: String,
    is_base64: bool,
}

/// All secrets that are known.
#[derive(Debug, Default)]
pub(super) struct Known {
    secrets: HashMap<String, Secret>,
    labels: HashSet<String>,
    /// Those from before the first play, which keep their numbers.
    lasting: HashSet<String>,
    has_played: bool,
    /// Forms of secrets by their first three bytes.
    needles: HashMap<[u8; 3], Vec<Needle>>,
    /// One bit for each three bytes with which a needle begins: most texts are
    /// looked through without a look into a table.
    beginnings: Vec<u64>,
}

/// What stands for a part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cover {
    pub(super) place: Range<usize>,
    pub(super) label: String,
}

impl Known {
    /// Notes a secret; its label. An empty value is none, nor is a name that
    /// stands for one: both stay as they are.
    pub(super) fn add(&mut self, kind: Kind, value: &str) -> String {
        if value.is_empty() || is_name(value) {
            return value.to_owned();
        }
        let is_new = match self.secrets.get(value) {
            Some(known) if known.number.is_some() => return known.label.clone(),
            known => known.is_none(),
        };
        let of_kind = self.secrets.values().filter(|known| known.kind == kind);
        let number = of_kind.filter_map(|known| known.number).max().unwrap_or_default() + 1;
        let label = kind.label(number);
        self.labels.insert(label.clone());
        self.secrets.insert(value.to_owned(), Secret { kind, number: Some(number), label: label.clone() });
        if !self.has_played {
            self.lasting.insert(value.to_owned());
        }
        if is_new {
            self.note_needles(value);
        }
        label
    }

    fn note_needles(&mut self, value: &str) {
        // A password may be "password": the word is still needed for the field.
        if value.chars().count() < SHORTEST || of_field(value).is_some() {
            return;
        }
        // With blanks as forms write them.
        let spaced = value.contains(' ').then(|| value.replace(' ', "+").into_bytes());
        let plain = std::iter::once(value.as_bytes().to_vec()).chain(spaced).map(|bytes| (bytes, false));
        let forms = plain.chain(base64_cores(value.as_bytes()).into_iter().map(|core| (core, true)));
        self.beginnings.resize(1 << 18, 0);
        for (bytes, is_base64) in forms {
            let Some(beginning) = beginning(&bytes) else { continue };
            let (word, bit) = place_of(beginning);
            self.beginnings[word] |= bit;
            self.needles.entry(beginning).or_default().push(Needle { bytes, value: value.to_owned(), is_base64 });
        }
    }

    /// Lets each play count its own secrets: those of the play before have one
    /// label together. What was known before the first play keeps its own.
    pub(super) fn begin_play(&mut self) {
        self.has_played = true;
        for (value, secret) in &mut self.secrets {
            if secret.number.is_some() && !self.lasting.contains(value) {
                (secret.number, secret.label) = (None, secret.kind.label_of_earlier());
                self.labels.insert(secret.label.clone());
            }
        }
    }

    /// The label of a secret that is known.
    pub(super) fn label_of(&self, value: &str) -> Option<&str> {
        self.secrets.get(value).map(|known| known.label.as_str())
    }

    /// The label with which a text begins, if it does.
    pub(super) fn label_at<'a>(&self, text: &'a [u8]) -> Option<&'a str> {
        let end = text.iter().take(LONGEST_LABEL).position(|letter| *letter == b']')?;
        let label = std::str::from_utf8(&text[..=end]).ok().filter(|text| text.starts_with('['))?;
        self.labels.contains(label).then_some(label)
    }

    /// Secrets of this play that are too short to be looked for, and labels.
    pub(super) fn short(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_short = |value: &str, known: &Secret| known.number.is_some() && value.chars().count() < SHORTEST;
        let short = self.secrets.iter().filter(move |(value, known)| is_short(value, known));
        short.map(|(value, known)| (value.as_str(), known.label.as_str()))
    }

    /// Where secrets stand in a view, by their places in the text.
    pub(super) fn find(&self, view: &View, covers: &mut Vec<Cover>) {
        let bytes = &view.bytes;
        let mut index = 0;
        while let Some(beginning) = beginning(bytes.get(index..).unwrap_or_default()) {
            if beginning[0] == b'['
                && let Some(label) = self.label_at(&bytes[index..])
            {
                index += label.len();
                continue;
            }
            let (word, bit) = place_of(beginning);
            let may_begin = self.beginnings.get(word).is_some_and(|bits| bits & bit != 0);
            let needles = if may_begin { self.needles.get(&beginning) } else { None };
            for needle in needles.into_iter().flatten() {
                if !bytes[index..].starts_with(&needle.bytes) {
                    continue;
                }
                let part = index..index + needle.bytes.len();
                let part = if needle.is_base64 { base64_around(bytes, part) } else { part };
                let label = self.label_of(&needle.value).unwrap_or_default().to_owned();
                covers.push(Cover { place: view.in_text(&part), label });
            }
            index += 1;
        }
    }
}

/// Whether it is a name such as `{client_secret}` or `{random}`, which stands in
/// a baseline for what differs from run to run.
fn is_name(value: &str) -> bool {
    let name = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| name.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_'))
}

/// The first three bytes.
fn beginning(bytes: &[u8]) -> Option<[u8; 3]> {
    bytes.first_chunk().copied()
}

/// The word and the bit of three bytes.
fn place_of([one, two, three]: [u8; 3]) -> (usize, u64) {
    let number = usize::from(one) << 16 | usize::from(two) << 8 | usize::from(three);
    (number >> 6, 1 << (number & 63))
}
