//! The known secrets and their labels. [`super::search`] finds them in a text.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use indexmap::IndexMap;

use super::encoding::View;
use super::search::{SHORTEST, Search};
use super::{SecretKind, ServerNames};

/// A text of this length, in letters, does not equal a secret by accident.
const SHORTEST_TOLD: usize = 16;

/// No label is longer, in bytes.
const LONGEST_LABEL: usize = 60;

/// So many secrets of one play are remembered of those that only their fields
/// tell. A server can send any number; further ones are labelled where they
/// stand.
const MOST_LEARNED: usize = 500;

/// Such a secret is remembered up to this length, in bytes.
const LONGEST_LEARNED: usize = 4096;

/// When more secrets of earlier plays are known, the oldest half is dropped.
const MOST_OF_EARLIER: usize = 2000;

/// One secret.
#[derive(Debug, Clone)]
struct Secret {
    kind: SecretKind,
    /// Its number among those of its kind; none if it is of an earlier play.
    number: Option<usize>,
    label: String,
    /// The play that used it last; 0 if it was known before the first one.
    play: usize,
    /// Whether it is a secret whatever the server calls it: the run made it,
    /// the provider issued it, or it stands in the settings.
    is_sure: bool,
}

/// All secrets that are known.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownSecrets {
    /// What the server calls its secrets.
    pub(super) names: ServerNames,
    /// By value, in the order in which they were noted.
    secrets: IndexMap<String, Secret>,
    /// The highest number of each kind.
    numbers: HashMap<SecretKind, usize>,
    labels: HashSet<String>,
    /// Plays so far. What was known before the first keeps its label.
    play: usize,
    /// How many secrets of this play the harness knows only from their fields.
    learned: usize,
    /// Finds them in texts.
    search: Search,
}

/// What stands for a part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cover {
    pub(super) place: Range<usize>,
    pub(super) label: String,
}

impl KnownSecrets {
    /// Knows none yet.
    pub(super) fn new(names: ServerNames) -> Self {
        Self { names, ..Self::default() }
    }

    /// One that knows the same, and from here on learns for itself.
    pub(super) fn fork(&mut self) -> Self {
        self.search.share();
        self.clone()
    }

    /// Notes a secret for sure; its label. An empty value is none, nor is a
    /// name that stands for one: both stay as they are.
    pub(super) fn add(&mut self, kind: SecretKind, value: &str) -> String {
        let label = self.note(kind, value);
        self.confirm(value);
        label
    }

    /// Confirms a secret that the harness knew only from its field.
    pub(super) fn confirm(&mut self, value: &str) {
        if let Some(secret) = self.secrets.get_mut(value) {
            secret.is_sure = true;
        }
    }

    fn note(&mut self, kind: SecretKind, value: &str) -> String {
        if value.is_empty() || is_name(value) {
            return value.to_owned();
        }
        let known = self.secrets.get(value);
        if let Some(known) = known.filter(|known| known.number.is_some()) {
            return known.label.clone();
        }
        let (is_new, is_sure) = (known.is_none(), known.is_some_and(|known| known.is_sure));
        let number = self.numbers.entry(kind).or_default();
        *number += 1;
        let label = kind.label(*number);
        self.labels.insert(label.clone());
        let secret = Secret { kind, number: Some(*number), label: label.clone(), play: self.play, is_sure };
        self.secrets.insert(value.to_owned(), secret);
        if is_new {
            self.note_needles(value);
        }
        label
    }

    /// Notes a secret found by its field, while there is room. Returns its label.
    pub(super) fn learn(&mut self, kind: SecretKind, value: &str) -> String {
        let is_of_play = self.secrets.get(value).is_some_and(|known| known.number.is_some());
        if is_of_play || value.is_empty() || is_name(value) {
            return self.note(kind, value);
        }
        if self.learned == MOST_LEARNED || value.len() > LONGEST_LEARNED {
            let label = kind.label_of_further();
            self.labels.insert(label.clone());
            return label;
        }
        self.learned += 1;
        self.note(kind, value)
    }

    /// Adds what another has learned since they knew the same, as of an earlier
    /// play.
    pub(super) fn rejoin(&mut self, other: Self) {
        // That of the other one counts, so that its secrets are older than those of the next.
        self.play += 1;
        for (value, secret) in other.secrets {
            if let Some(known) = self.secrets.get_mut(&value) {
                if known.play > 0 && secret.play == other.play {
                    known.play = self.play;
                }
                continue;
            }
            let label = secret.kind.label_of_earlier();
            self.labels.insert(label.clone());
            self.note_needles(&value);
            self.secrets.insert(value, Secret { number: None, label, play: self.play, ..secret });
        }
        self.forget_oldest();
    }

    fn note_needles(&mut self, value: &str) {
        // A password may be "password": the word is still needed for the field.
        if value.chars().count() < SHORTEST || self.names.of_field(value).is_some() {
            return;
        }
        self.search.add(value);
    }

    /// Lets each play count its own secrets: those of the play before have one
    /// label together. What was known before the first play keeps its own.
    pub(super) fn begin_play(&mut self) {
        self.play += 1;
        self.learned = 0;
        self.numbers.clear();
        for secret in self.secrets.values_mut() {
            if secret.play > 0 && secret.number.is_some() {
                (secret.number, secret.label) = (None, secret.kind.label_of_earlier());
                self.labels.insert(secret.label.clone());
            }
            let number = self.numbers.entry(secret.kind).or_default();
            *number = secret.number.unwrap_or_default().max(*number);
        }
        self.forget_oldest();
    }

    /// If more secrets of earlier plays are known than there may be, drops those of the
    /// first plays, but not those from before the first one.
    fn forget_oldest(&mut self) {
        let mut plays: Vec<usize> = self.secrets.values().map(|secret| secret.play).filter(|play| *play > 0).collect();
        if plays.len() <= MOST_OF_EARLIER {
            return;
        }
        plays.sort_unstable();
        let first = plays[plays.len() - MOST_OF_EARLIER / 2];
        self.secrets.retain(|_, secret| secret.play == 0 || secret.play >= first);
        self.search = Search::default();
        let values: Vec<String> = self.secrets.keys().cloned().collect();
        for value in &values {
            self.note_needles(value);
        }
    }

    /// How long the longest form is that is looked for, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.search.longest()
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
        self.search.each(
            view,
            |at| self.label_at(at).map(str::len),
            |part, value| {
                let label = self.label_of(value).unwrap_or_default().to_owned();
                covers.push(Cover { place: view.in_text(&part), label });
            },
        );
    }

    /// The kinds of those secrets in a view that stand there by no accident:
    /// they are secrets for sure, and not short. A mask of one letter is none.
    pub(super) fn kinds_in(&self, view: &View, kinds: &mut BTreeSet<SecretKind>) {
        self.search.each(
            view,
            |at| self.label_at(at).map(str::len),
            |_, value| {
                let is_mask = value.chars().all(|letter| value.starts_with(letter));
                let told = self.secrets.get(value).filter(|known| known.is_sure && !is_mask);
                kinds.extend(told.filter(|_| value.chars().count() >= SHORTEST_TOLD).map(|known| known.kind));
            },
        );
    }
}

/// Whether it is a name such as `{client_secret}` or `{random}`, which stands in
/// a baseline for what differs from run to run.
fn is_name(value: &str) -> bool {
    let name = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| name.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A flood of passwords that a server calls so in the play of this number.
    fn flooded(known: &mut KnownSecrets, play: usize) -> String {
        let fields = (0..7000).map(|number| format!(r#"{{"password":"pw-{play:03}-{number:04}"}},"#));
        known.text(&fields.collect::<String>())
    }

    /// Each of them would copy all that were ever known.
    #[test]
    fn plays_beside_others_do_not_make_it_remember_any_number() {
        let mut known = KnownSecrets::default();
        known.add(SecretKind::ApiKey, "the-key-of-an-administrator");
        known.begin_play();
        for play in 0..MOST_OF_EARLIER + 10 {
            let mut fork = known.fork();
            fork.begin_play();
            fork.add(SecretKind::ClientSecret, "the-secret-of-all-plays");
            fork.add(SecretKind::Session, &format!("the-session-of-play-{play:05}"));
            known.rejoin(fork);
            assert!(known.secrets.len() <= 2 + MOST_OF_EARLIER, "{}", known.secrets.len());
        }
        let text = "the-key-of-an-administrator the-secret-of-all-plays the-session-of-play-00001";
        assert_eq!(known.text(text), "[API key] [client secret of an earlier test] the-session-of-play-00001");
        // Of those that clones share, none is lost, nor its base64.
        let text = "the-session-of-play-01200 the-session-of-play-02009 dGhlLXNlc3Npb24tb2YtcGxheS0wMTUwMA==";
        assert_eq!(known.text(text), ["[session of an earlier test]"; 3].join(" "));
    }

    #[test]
    fn a_server_cannot_make_it_remember_any_number() {
        let mut known = KnownSecrets::default();
        known.add(SecretKind::ApiKey, "the-key-of-an-administrator");
        known.begin_play();
        known.add(SecretKind::Session, "the-session-of-play-1");
        let shown = flooded(&mut known, 1);
        assert!(!shown.contains("pw-"), "all are labelled where they stand");
        assert!(shown.contains(r#""[password 500]"},{"password":"[further password]"}"#));
        assert_eq!(known.text(&shown), shown, "a label is no secret");
        assert_eq!(known.secrets.len(), 2 + MOST_LEARNED);
        assert_eq!(known.learn(SecretKind::Code, &"x".repeat(LONGEST_LEARNED + 1)), "[further code]");
        known.begin_play();
        assert_eq!(known.text("the-session-of-play-1"), "[session of an earlier test]");
        for play in 2..10 {
            flooded(&mut known, play);
            known.begin_play();
            assert!(known.secrets.len() <= 2 + MOST_OF_EARLIER, "{}", known.secrets.len());
        }
        assert_eq!(known.text("pw-009-0007, pw-001-0007"), "[password of an earlier test], pw-001-0007");
        assert_eq!(known.text("the-key-of-an-administrator"), "[API key]");
        assert_eq!(known.learn(SecretKind::Password, "another-one"), "[password 1]");
    }
}
