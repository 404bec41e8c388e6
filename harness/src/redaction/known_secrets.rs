//! The known secrets and their labels. [`super::search`] finds them in a text.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::encoding::View;
use super::labels::{LONGEST_LEARNED, Labels};
use super::search::{SHORTEST, Search};
use super::{SecretKind, ServerNames};

/// A text of this length, in letters, does not equal a secret by accident.
const SHORTEST_TOLD: usize = 16;

/// No label is longer, in bytes.
const LONGEST_LABEL: usize = 60;

/// When more secrets of plays that ended are known, the oldest half is dropped.
const MOST_OF_OTHERS: usize = 2000;

/// The number of the time before the first play, whose secrets are never forgotten.
pub(super) const BEFORE: usize = 0;

/// One secret.
#[derive(Debug, Clone)]
struct Secret {
    kind: SecretKind,
    /// When a play used it last, or ended that had used it.
    used: usize,
    /// Whether it is a secret whatever the server calls it: the run made it,
    /// the provider issued it, or it stands in the settings.
    is_sure: bool,
}

/// All secrets of a run. Its plays share them, also plays at the same time.
#[derive(Debug, Default)]
pub(super) struct KnownSecrets {
    /// What the server calls its secrets.
    pub(super) names: ServerNames,
    /// The play that asks.
    pub(super) play: usize,
    /// By value.
    secrets: HashMap<String, Secret>,
    /// How the time before the first play calls them.
    before: Labels,
    /// How the plays that have not ended call them.
    plays: HashMap<usize, Labels>,
    /// So many plays have begun.
    begun: usize,
    /// Counts what is used, and the ends of plays.
    now: usize,
    /// All labels that there ever were.
    labels: HashSet<String>,
    /// Finds the secrets in texts.
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
        if let Some(label) = self.own_label_of(value) {
            return label.to_owned();
        }
        let label = match self.own_labels() {
            Some(labels) => labels.give(kind, value),
            // The play has ended.
            None => kind.label_of_others(),
        };
        self.labels.extend([label.clone(), kind.label_of_others()]);
        self.now += 1;
        let used = self.now;
        if let Some(known) = self.secrets.get_mut(value) {
            (known.kind, known.used) = (kind, used);
        } else {
            self.secrets.insert(value.to_owned(), Secret { kind, used, is_sure: false });
            self.note_needles(value);
        }
        label
    }

    /// Notes a secret found by its field, while there is room. Returns its label.
    pub(super) fn learn(&mut self, kind: SecretKind, value: &str) -> String {
        if self.own_label_of(value).is_some() || value.is_empty() || is_name(value) {
            return self.note(kind, value);
        }
        // After the end of a play, as one of another test.
        if value.len() <= LONGEST_LEARNED && self.own_labels().is_none_or(Labels::takes_one) {
            return self.note(kind, value);
        }
        let label = kind.label_of_further();
        self.labels.insert(label.clone());
        label
    }

    fn note_needles(&mut self, value: &str) {
        // A password may be "password": the word is still needed for the field.
        if value.chars().count() < SHORTEST || self.names.of_field(value).is_some() {
            return;
        }
        self.search.add(value);
    }

    /// Begins a play, which counts its own secrets. What was known before the first
    /// one keeps its label. Returns its number.
    pub(super) fn begin_play(&mut self) -> usize {
        self.begun += 1;
        self.plays.insert(self.begun, self.before.following());
        self.begun
    }

    /// Ends a play: its secrets have one label together from here on.
    pub(super) fn end_play(&mut self, play: usize) {
        let Some(labels) = self.plays.remove(&play) else { return };
        self.now += 1;
        for (value, _) in labels.all() {
            if let Some(secret) = self.secrets.get_mut(value) {
                secret.used = self.now;
            }
        }
        self.forget_oldest();
    }

    /// If more secrets are known of plays that ended than there may be, drops those that
    /// were not used for longest.
    fn forget_oldest(&mut self) {
        let of_others = self.plays.values().map(Labels::count).sum::<usize>() + self.before.count();
        if self.secrets.len() <= MOST_OF_OTHERS + of_others {
            return;
        }
        let is_in_use = |value: &str| {
            self.before.of(value).is_some() || self.plays.values().any(|labels| labels.of(value).is_some())
        };
        let ended = self.secrets.iter().filter(|(value, _)| !is_in_use(value));
        let mut ended: Vec<(usize, String)> = ended.map(|(value, secret)| (secret.used, value.clone())).collect();
        ended.sort_unstable();
        for (_, value) in &ended[..ended.len().saturating_sub(MOST_OF_OTHERS / 2)] {
            self.secrets.remove(value);
        }
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

    /// Whether a secret is known.
    pub(super) fn knows(&self, value: &str) -> bool {
        self.secrets.contains_key(value)
    }

    /// The label of a secret that is known.
    pub(super) fn label_of(&self, value: &str) -> Option<Cow<'_, str>> {
        let own = self.own_label_of(value).map(Cow::Borrowed);
        own.or_else(|| self.secrets.get(value).map(|known| known.kind.label_of_others().into()))
    }

    /// The label that the play that asks gave it, or that it had before the first.
    fn own_label_of(&self, value: &str) -> Option<&str> {
        self.own().find_map(|labels| labels.of(value))
    }

    /// The labels of the play that asks, and those from before the first.
    fn own(&self) -> impl Iterator<Item = &Labels> {
        self.plays.get(&self.play).into_iter().chain([&self.before])
    }

    /// The labels of the play that asks; none if it has ended.
    fn own_labels(&mut self) -> Option<&mut Labels> {
        if self.play == BEFORE { Some(&mut self.before) } else { self.plays.get_mut(&self.play) }
    }

    /// The label with which a text begins, if it does.
    pub(super) fn label_at<'a>(&self, text: &'a [u8]) -> Option<&'a str> {
        let end = text.iter().take(LONGEST_LABEL).position(|letter| *letter == b']')?;
        let label = std::str::from_utf8(&text[..=end]).ok().filter(|text| text.starts_with('['))?;
        self.labels.contains(label).then_some(label)
    }

    /// Secrets of this play that are too short to be looked for, and labels.
    pub(super) fn short(&self) -> impl Iterator<Item = (&str, &str)> {
        self.own().flat_map(Labels::all).filter(|(value, _)| value.chars().count() < SHORTEST)
    }

    /// Where secrets stand in a view, by their places in the text.
    pub(super) fn find(&self, view: &View, covers: &mut Vec<Cover>) {
        self.search.each(
            view,
            |at| self.label_at(at).map(str::len),
            |part, value| {
                let label = self.label_of(value).unwrap_or_default().into_owned();
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
    use super::super::labels::MOST_LEARNED;
    use super::*;

    /// A flood of passwords that a server calls so in the play of this number.
    fn flooded(known: &mut KnownSecrets, play: usize) -> String {
        let fields = (0..7000).map(|number| format!(r#"{{"password":"pw-{play:03}-{number:04}"}},"#));
        known.text(&fields.collect::<String>())
    }

    #[test]
    fn no_number_of_plays_makes_it_remember_any_number() {
        let mut known = KnownSecrets::default();
        known.add(SecretKind::ApiKey, "the-key-of-an-administrator");
        let long = known.begin_play();
        known.play = long;
        known.add(SecretKind::Session, "the-session-of-the-longest-play");
        for number in 0..MOST_OF_OTHERS + 10 {
            known.play = known.begin_play();
            known.add(SecretKind::ClientSecret, "the-secret-of-all-plays");
            known.add(SecretKind::Session, &format!("the-session-of-play-{number:05}"));
            known.end_play(known.play);
            assert!(known.secrets.len() <= 3 + MOST_OF_OTHERS, "{}", known.secrets.len());
        }
        known.play = long;
        let text = "the-key-of-an-administrator the-secret-of-all-plays the-session-of-play-00001";
        assert_eq!(known.text(text), "[API key] [client secret of another test] the-session-of-play-00001");
        // Of those that it keeps, none is lost, nor its base64.
        let text = "the-session-of-play-01200 the-session-of-play-02009 dGhlLXNlc3Npb24tb2YtcGxheS0wMTUwMA==";
        assert_eq!(known.text(text), ["[session of another test]"; 3].join(" "));
        assert_eq!(known.text("the-session-of-the-longest-play"), "[session 1]");
        // It began first, and ends last.
        known.end_play(long);
        known.play = known.begin_play();
        (0..MOST_OF_OTHERS / 2 - 1).for_each(|number| drop(known.add(SecretKind::Code, &format!("code-{number:05}"))));
        known.end_play(known.play);
        assert_eq!(known.text("the-session-of-the-longest-play"), "[session of another test]");
    }

    /// What one of them shows may be a secret of the other.
    #[test]
    fn plays_at_the_same_time_know_each_others_secrets() {
        let mut known = KnownSecrets::default();
        let (one, other) = (known.begin_play(), known.begin_play());
        known.play = one;
        assert_eq!(known.add(SecretKind::Code, "the-code-of-one"), "[code 1]");
        known.play = other;
        assert_eq!(known.text("the-code-of-one"), "[code of another test]");
        assert_eq!(known.add(SecretKind::Code, "the-code-of-the-other"), "[code 1]");
        assert_eq!(known.add(SecretKind::Code, "the-code-of-one"), "[code 2]");
        known.play = one;
        assert_eq!(known.text("the-code-of-one, the-code-of-the-other"), "[code 1], [code of another test]");
        // What the server answers later, such as to a deletion.
        known.end_play(one);
        assert_eq!(known.add(SecretKind::Code, "the-code-afterwards"), "[code of another test]");
        let shown = known.text(r#"{"password": "a-late-password"} a-late-password"#);
        assert_eq!(shown, r#"{"password": "[password of another test]"} [password of another test]"#);
    }

    #[test]
    fn a_server_cannot_make_it_remember_any_number() {
        let mut known = KnownSecrets::default();
        known.add(SecretKind::ApiKey, "the-key-of-an-administrator");
        known.play = known.begin_play();
        known.add(SecretKind::Session, "the-session-of-play-1");
        let shown = flooded(&mut known, 1);
        assert!(!shown.contains("pw-"), "all are labelled where they stand");
        assert!(shown.contains(r#""[password 500]"},{"password":"[further password]"}"#));
        assert_eq!(known.text(&shown), shown, "a label is no secret");
        assert_eq!(known.secrets.len(), 2 + MOST_LEARNED);
        assert_eq!(known.learn(SecretKind::Code, &"x".repeat(LONGEST_LEARNED + 1)), "[further code]");
        known.end_play(known.play);
        known.play = known.begin_play();
        assert_eq!(known.text("the-session-of-play-1"), "[session of another test]");
        for play in 2..10 {
            flooded(&mut known, play);
            known.end_play(known.play);
            known.play = known.begin_play();
            assert!(known.secrets.len() <= 2 + MOST_OF_OTHERS, "{}", known.secrets.len());
        }
        assert_eq!(known.text("pw-009-0007, pw-001-0007"), "[password of another test], pw-001-0007");
        assert_eq!(known.text("the-key-of-an-administrator"), "[API key]");
        assert_eq!(known.learn(SecretKind::Password, "another-one"), "[password 1]");
    }
}
