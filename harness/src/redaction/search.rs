//! Searches texts for secrets, also in base64 and percent-encoded.
//! [`super::encoding`] decodes a text; [`super::known_secrets`] has the labels.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::encoding::{View, base64_around, base64_cores};

/// Shorter values are part of any word; they count only as the whole value of
/// a field.
pub(super) const SHORTEST: usize = 8;

/// So many bits, as a power of two, tell beginnings apart: enough for thousands of
/// needles.
const BITS: u32 = 18;

/// What a form of a secret that is looked for stands for.
#[derive(Debug)]
struct Needle {
    value: String,
    is_base64: bool,
}

/// The forms of all secrets that are looked for.
#[derive(Debug, Default)]
pub(super) struct Search {
    needles: HashMap<Vec<u8>, Needle>,
    /// How long the needles are that begin with these bytes.
    lengths: HashMap<[u8; SHORTEST], BTreeSet<usize>>,
    /// A bit for the first three bytes of each needle, which some others share: most
    /// texts are looked through without a look into a table.
    beginnings: Vec<u64>,
}

impl Search {
    /// Looks for this secret, too, in each of its forms.
    pub(super) fn add(&mut self, value: &str) {
        // With blanks as forms write them.
        let spaced = value.contains(' ').then(|| value.replace(' ', "+").into_bytes());
        let plain = std::iter::once(value.as_bytes().to_vec()).chain(spaced).map(|bytes| (bytes, false));
        let forms = plain.chain(base64_cores(value.as_bytes()).into_iter().map(|core| (core, true)));
        self.beginnings.resize(1 << (BITS - 6), 0);
        for (bytes, is_base64) in forms {
            let (Some(three), Some(beginning)) = (bytes.first_chunk(), bytes.first_chunk()) else { continue };
            let (word, bit) = place_of(*three);
            self.beginnings[word] |= bit;
            self.lengths.entry(*beginning).or_default().insert(bytes.len());
            self.needles.entry(bytes).or_insert_with(|| Needle { value: value.to_owned(), is_base64 });
        }
    }

    /// How long the longest form is that is looked for, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.lengths.values().filter_map(BTreeSet::last).max().copied().unwrap_or_default()
    }

    /// How long those are that may begin with these bytes.
    fn lengths_at(&self, bytes: &[u8]) -> Option<&BTreeSet<usize>> {
        let (word, bit) = place_of(*bytes.first_chunk()?);
        let may_begin = self.beginnings.get(word).is_some_and(|bits| bits & bit != 0);
        if may_begin { self.lengths.get(bytes.first_chunk()?) } else { None }
    }

    /// Hands over where in a view each secret stands, and its value. Passes over
    /// labels, whose length `label_at` returns, in bytes.
    pub(super) fn each(
        &self,
        view: &View,
        label_at: impl Fn(&[u8]) -> Option<usize>,
        mut take: impl FnMut(Range<usize>, &str),
    ) {
        let bytes = &view.bytes;
        let mut index = 0;
        // What is base64 up to here is covered already.
        let mut end_of_base64 = 0;
        while index < bytes.len() {
            if bytes[index] == b'['
                && let Some(length) = label_at(&bytes[index..])
            {
                index += length;
                continue;
            }
            for &length in self.lengths_at(&bytes[index..]).into_iter().flatten() {
                let part = index..index + length;
                let Some(form) = bytes.get(part.clone()) else { continue };
                let Some(needle) = self.needles.get(form) else { continue };
                if needle.is_base64 && index < end_of_base64 {
                    continue;
                }
                let part = if needle.is_base64 { base64_around(bytes, part) } else { part };
                end_of_base64 = if needle.is_base64 { part.end } else { end_of_base64 };
                take(part, &needle.value);
            }
            index += 1;
        }
    }
}

/// The word and the bit of three bytes, spread over all bits.
fn place_of([one, two, three]: [u8; 3]) -> (usize, u64) {
    let number = u32::from_be_bytes([0, one, two, three]).wrapping_mul(0x9E37_79B1) >> (32 - BITS);
    ((number >> 6) as usize, 1 << (number & 63))
}
