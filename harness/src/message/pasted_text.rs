//! All known messages, and which of them a pasted text shows.
//!
//! Rare words weigh more than common ones. A message counts as found where most
//! of its weight stands in the pasted text, or where the pasted text is a piece
//! of it. Of several, it returns the one nearest to the cause.

use std::collections::{BTreeMap, BTreeSet};

use super::alignment::{Word, align};
use super::row::{KnownMessage, Layer, messages};
use super::spelling::Likenesses;
use super::words::words;
use crate::paragraph::advice;
use crate::scenario::{Catalogue, quirk_uses};

/// How much of a known text must stand in the pasted one.
const ENOUGH_OF_THE_KNOWN: f64 = 0.75;
/// How much of it, where the pasted text is a piece of it; and how much of the
/// pasted text must then be found in it.
const PIECE_OF_THE_KNOWN: f64 = 0.3;
const ENOUGH_OF_THE_PASTED: f64 = 0.8;
/// What inexact finds must weigh, so that common words do not make one.
const LEAST_WEIGHT: f64 = 4.0;
/// What counts as exact, as numbers with fractions do.
const EXACT: f64 = 0.999;
/// A single word that is shorter must stand there exactly.
const SHORT_WORD: usize = 8;
/// `explain` prints at most this many messages.
const MOST: usize = 3;

/// All known messages.
#[derive(Debug)]
pub struct Library {
    messages: Vec<KnownMessage>,
    /// For each message, the words of its texts.
    words: Vec<Vec<Vec<String>>>,
    weights: BTreeMap<String, f64>,
    /// The weight of a word that no message has.
    strange: f64,
}

/// A message that a pasted text shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised<'a> {
    /// The message.
    pub message: &'a KnownMessage,
    /// The one of its texts that is shown.
    pub said: &'a str,
}

/// A known text that may be the one.
#[derive(Debug)]
struct Find<'a> {
    recognised: Recognised<'a>,
    words: &'a [String],
    weight: f64,
    found: usize,
    /// How much of the known text was found, from 0 to 1.
    part: f64,
}

impl Find<'_> {
    fn is_exact(&self) -> bool {
        self.part >= EXACT
    }

    /// What finds are ordered by: long and nearly whole ones come first.
    fn rank(&self) -> f64 {
        self.weight * self.part * self.part
    }

    fn layer(&self) -> Layer {
        self.recognised.message.layer
    }

    /// Whether this text is a piece of the other.
    fn is_within(&self, other: &Self) -> bool {
        self.words.len() < other.words.len() && other.words.windows(self.words.len()).any(|piece| piece == self.words)
    }
}

impl Library {
    /// Reads the tables in the binary.
    pub fn new() -> Self {
        let messages = messages();
        let of_message = |message: &KnownMessage| message.said.iter().map(|said| words(said)).collect();
        let texts: Vec<Vec<Vec<String>>> = messages.iter().map(of_message).collect();
        let mut rows: BTreeMap<String, u32> = BTreeMap::new();
        for of_message in &texts {
            let different: BTreeSet<&String> = of_message.iter().flatten().collect();
            for word in different {
                *rows.entry(word.clone()).or_default() += 1;
            }
        }
        let all = f64::from(u32::try_from(messages.len()).unwrap_or(u32::MAX)) + 1.0;
        let weights = rows.into_iter().map(|(word, rows)| (word, (all / f64::from(rows)).ln())).collect();
        Self { messages, words: texts, weights, strange: all.ln() }
    }

    /// All messages, in the order of the tables.
    pub fn messages(&self) -> &[KnownMessage] {
        &self.messages
    }

    /// The messages that a text shows, at most three; none if it shows none.
    pub fn recognise(&self, text: &str) -> Vec<Recognised<'_>> {
        let pasted = words(text);
        let found = self.shown_in(&pasted);
        // People write `invalid grant` for a code.
        if found.is_empty() && pasted.len() > 1 { self.shown_in(&[pasted.join("_")]) } else { found }
    }

    fn shown_in(&self, pasted: &[String]) -> Vec<Recognised<'_>> {
        let likenesses = Likenesses::new(self.weights.keys(), pasted);
        let texts = self.messages.iter().zip(&self.words).flat_map(|(message, words)| {
            message.said.iter().zip(words).map(move |(said, words)| (Recognised { message, said }, words.as_slice()))
        });
        let finds: Vec<Find<'_>> =
            texts.filter_map(|(one, words)| self.find(one, words, &likenesses, pasted.len())).collect();
        let (exact, others): (Vec<_>, Vec<_>) = finds.into_iter().partition(Find::is_exact);
        // "server error" in "internal server error" is not a message of its own.
        let within: Vec<bool> = exact.iter().map(|find| exact.iter().any(|other| find.is_within(other))).collect();
        let exact = exact.into_iter().zip(within).filter(|(_, within)| !within).map(|(find, _)| find);
        let mut finds: Vec<Find<'_>> =
            exact.chain(others.into_iter().filter(|find| self.is_near(find, pasted, &likenesses))).collect();
        finds.sort_by(|one, other| other.rank().total_cmp(&one.rank()));
        let best = finds.first().map_or(0.0, Find::rank);
        finds.retain(|find| find.is_exact() || find.rank() >= best / 2.0);
        nearest_to_the_cause(&finds)
    }

    /// A known text in a pasted one of `length` words, if a piece of it is there.
    fn find<'a>(
        &self,
        recognised: Recognised<'a>,
        words: &'a [String],
        likenesses: &Likenesses,
        length: usize,
    ) -> Option<Find<'a>> {
        let known: Vec<Word<'_>> =
            words.iter().map(|word| Word { weight: self.weight(word), likenesses: likenesses.of(word) }).collect();
        let whole: f64 = known.iter().map(|word| word.weight).sum();
        let there: f64 = known.iter().filter(|word| !word.likenesses.is_empty()).map(|word| word.weight).sum();
        if there < PIECE_OF_THE_KNOWN * whole {
            return None;
        }
        let alignment = align(&known, length);
        let part = alignment.weight / whole;
        let is_short = words.iter().all(|word| words.len() == 1 && word.len() < SHORT_WORD);
        let find = Find { recognised, words, weight: alignment.weight, found: alignment.words, part };
        (!is_short || find.is_exact()).then_some(find)
    }

    /// Whether an inexact find is near enough to be shown.
    fn is_near(&self, find: &Find<'_>, pasted: &[String], likenesses: &Likenesses) -> bool {
        let is_piece = || {
            let weight = |(index, found): (usize, &String)| {
                let is_like = |word: &&String| likenesses.of(word).get(index).is_some_and(|likeness| *likeness > 0.0);
                let known = find.words.iter().filter(is_like).map(|word| self.weight(word));
                known.reduce(f64::max).unwrap_or_else(|| self.weight(found))
            };
            let whole: f64 = pasted.iter().enumerate().map(weight).sum();
            find.found > 1 && find.part >= PIECE_OF_THE_KNOWN && find.weight / whole >= ENOUGH_OF_THE_PASTED
        };
        find.weight >= LEAST_WEIGHT && (find.part >= ENOUGH_OF_THE_KNOWN || is_piece())
    }

    fn weight(&self, word: &str) -> f64 {
        self.weights.get(word).copied().unwrap_or(self.strange)
    }
}

impl Default for Library {
    fn default() -> Self {
        Self::new()
    }
}

/// Of finds in their order, those of the innermost layer: exact ones, and what
/// comes close to the best.
fn nearest_to_the_cause<'a>(finds: &[Find<'a>]) -> Vec<Recognised<'a>> {
    let layer = finds.iter().map(Find::layer).max();
    let of_layer: Vec<&Find<'a>> = finds.iter().filter(|find| Some(find.layer()) == layer).collect();
    let best = of_layer.first().map_or(0.0, |find| find.rank());
    let mut told: Vec<&Find<'a>> = Vec::new();
    for find in of_layer {
        let is_told = told.iter().any(|one| one.recognised.message == find.recognised.message || find.is_within(one));
        if !is_told && (find.is_exact() || find.rank() >= 0.97 * best) {
            told.push(find);
        }
    }
    told.into_iter().map(|find| find.recognised).take(MOST).collect()
}

impl Recognised<'_> {
    /// Cause and remedy, the known message, and the quirks and scenarios of the
    /// catalogue that show it.
    pub fn tell(&self, catalogue: &Catalogue) -> String {
        let message = self.message;
        let (quirks, scenarios) = (message.quirks.join(", "), message.shown_by(catalogue).join(", "));
        let facts = [
            ("Cause: ", message.cause.as_str()),
            ("Remedy: ", &message.remedy),
            ("Seen as: ", self.said),
            ("Source: ", &message.source),
            ("Quirks: ", &quirks),
            ("Scenarios: ", &scenarios),
        ];
        let lines = facts.iter().filter(|(_, text)| !text.is_empty()).flat_map(|(heading, text)| advice(heading, text));
        lines.map(|line| line + "\n").collect()
    }
}

impl KnownMessage {
    /// The scenarios that the row names, then those that use its quirks.
    pub(super) fn shown_by(&self, catalogue: &Catalogue) -> Vec<String> {
        let uses = quirk_uses(catalogue);
        let by_quirk = self.quirks.iter().flat_map(|quirk| uses.get(quirk.as_str()).into_iter().flatten());
        let mut names: Vec<String> = Vec::new();
        for name in self.scenarios.iter().chain(by_quirk) {
            let is_named = names.iter().any(|named| named == name || named.starts_with(&format!("{name}::")));
            if !is_named {
                names.push(name.clone());
            }
        }
        names
    }
}
