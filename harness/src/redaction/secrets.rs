//! What must not be shown, and everything without it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::encoding::views;
use super::known_secrets::{BEFORE, KnownSecrets};
use super::{SecretKind, ServerNames};

/// The secrets of a run at one target, for one play at a time. Clones know the same.
#[derive(Clone, Default)]
pub struct Secrets {
    known: Arc<Mutex<KnownSecrets>>,
    /// The number of the play.
    play: Arc<AtomicUsize>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Knows none yet, but what the server calls them.
    pub fn of(names: ServerNames) -> Self {
        Self { known: Arc::new(Mutex::new(KnownSecrets::new(names))), play: Arc::default() }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, KnownSecrets> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.play = self.play.load(Ordering::Relaxed);
        known
    }

    /// Notes a secret.
    pub fn add(&self, kind: SecretKind, value: &str) {
        self.lock().add(kind, value);
    }

    /// Notes what is secret in the settings of the server.
    pub fn add_settings(&self, document: &Value) {
        let mut known = self.lock();
        members_of(document, &mut |key, text| {
            // What an earlier play put there is known as its own.
            if let Some(kind) = known.names.of_setting(key).filter(|_| !known.knows(text)) {
                known.learn(kind, text);
                known.confirm(text);
            }
        });
    }

    /// Begins the next play, which counts its own secrets. What was known before the
    /// first one keeps its labels.
    pub fn begin_play(&self) {
        let mut known = self.lock();
        let (last, next) = (known.play, known.begin_play());
        known.end_play(last);
        self.play.store(next, Ordering::Relaxed);
    }

    /// Those of a play at the same time: both know all, and count for themselves.
    #[must_use]
    pub fn beside(&self) -> Self {
        let mut known = self.lock();
        if known.play == BEFORE {
            let next = known.begin_play();
            self.play.store(next, Ordering::Relaxed);
        }
        Self { known: Arc::clone(&self.known), play: Arc::new(AtomicUsize::new(known.begin_play())) }
    }

    /// Ends the play.
    pub fn end_play(&self) {
        let mut known = self.lock();
        let last = known.play;
        known.end_play(last);
    }

    /// A text with labels for secrets.
    pub fn text(&self, text: &str) -> String {
        self.lock().text(text)
    }

    /// The first `limit` bytes of that, and how much more there is.
    pub fn beginning(&self, text: &str, limit: usize) -> String {
        self.lock().beginning(text, limit)
    }

    /// The kinds of the secrets that a server has no reason to say and that stand
    /// in a text, in whatever encoding: those that the run made, the provider
    /// issued or the settings hold, of 16 letters or more.
    pub fn told_in(&self, text: &str) -> BTreeSet<SecretKind> {
        let (known, mut kinds) = (self.lock(), BTreeSet::new());
        for view in views(text) {
            known.kinds_in(&view, &mut kinds);
        }
        kinds
    }

    /// Words of our own about a value, in which texts stand in quotes: short
    /// secrets are labelled there, too.
    pub fn words(&self, words: &str) -> String {
        let mut known = self.lock();
        let mut shown = known.text(words);
        for (value, label) in known.short() {
            shown = shown.replace(&Value::from(value).to_string(), &format!("\"{label}\""));
        }
        shown
    }
}

/// Hands every text of a document over, with its key.
fn members_of(document: &Value, take: &mut impl FnMut(&str, &str)) {
    match document {
        Value::Object(members) => {
            for (key, value) in members {
                if let Value::String(text) = value {
                    take(key, text);
                }
                members_of(value, take);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| members_of(value, take)),
        _ => {}
    }
}

#[cfg(test)]
pub(super) mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::exchange::Exchange;

    /// A run that knows a key, a client secret and a password.
    pub(in crate::redaction) fn secrets() -> Secrets {
        let secrets = Secrets::of(crate::immich::SECRET_NAMES);
        secrets.add(SecretKind::ApiKey, "k3y/of?an+admin");
        secrets.add(SecretKind::ClientSecret, "s3cret of photos");
        secrets.add(SecretKind::Password, "pw\"1");
        secrets
    }

    #[rstest]
    #[case::nothing("all is well", "all is well")]
    #[case::raw("key k3y/of?an+admin!", "key [API key]!")]
    #[case::percent("key k3y%2Fof%3Fan%2Badmin!", "key [API key]!")]
    #[case::percent_of_all("%6B%33y%2fof%3fan%2badmin", "[API key]")]
    #[case::percent_twice("k3y%252Fof%253Fan%252Badmin", "[API key]")]
    #[case::form("s=s3cret+of+photos&a=b", "s=[client secret]&a=b")]
    #[case::json("{\\\"k3y\\/of?an\\u002badmin\\\"}", "{\\\"[API key]\\\"}")]
    #[case::base64("Basic cGhvdG9zOnMzY3JldCBvZiBwaG90b3M=", "Basic [client secret]")]
    #[case::base64_percent("cGhvdG9zOnMzY3JldCBvZiBwaG90b3M%3D.", "[client secret].")]
    #[case::base64_url("a.azN5L29mP2FuK2FkbWlu.b", "a.[API key].b")]
    #[case::part_of_a_word("xk3y/of?an+adminx s3cret of photosk3y/of?an+admin", "x[API key]x [client secret][API key]")]
    #[case::short("pw\"1 is a password", "pw\"1 is a password")]
    #[case::short_in_a_field(r#"{"password":"pw\"1"}"#, r#"{"password":"[password 1]"}"#)]
    #[case::of_a_field(
        r#"bad {"password":"x"} {"newPassword":"y"}"#,
        r#"bad {"password":"[password 2]"} {"newPassword":"[password 3]"}"#
    )]
    #[case::in_json_in_json(r#"{"m":"{\"x-api-key\":\"abc\"}"}"#, r#"{"m":"{\"x-api-key\":\"[API key 2]\"}"}"#)]
    #[case::codes(
        "/cb?code=a&state=s /cb?code=b /cb?code=a",
        "/cb?code=[code 1]&state=s /cb?code=[code 2] /cb?code=[code 1]"
    )]
    #[case::a_jwt("id eyJh.eyJi.c2ln end", "id eyJh.eyJi.[signature 1] end")]
    #[case::a_jwt_in_a_field("?access_token=eyJh.eyJi.c2ln&a", "?access_token=eyJh.eyJi.[signature 1]&a")]
    #[case::a_padded_jwt("id eyJhIj==.eyJiIj=.c2ln== end", "id eyJhIj==.eyJiIj=.[signature 1] end")]
    #[case::a_padded_jwt_in_a_field("?access_token=eyJh=.eyJi=.c2ln=&a", "?access_token=eyJh=.eyJi=.[signature 1]&a")]
    #[case::more_than_a_jwt("?access_token=eyJh.eyJi.c2ln?password=x", "?access_token=[access token 1]")]
    #[case::in_one_another("?password=?password=?password=x y", "?password=[password 2] y")]
    #[case::settings(r#"bad {"oauth":{"clientSecret":"x"},"smtp":1}."#, "bad [settings].")]
    #[case::called_like_its_field(r#"{"password":"password"}"#, r#"{"password":"[password 2]"}"#)]
    #[case::names("/cb?code={random}&state={random}", "/cb?code={random}&state={random}")]
    #[case::letters_that_are_long("äö k3y/of?an+admin ü", "äö [API key] ü")]
    fn secrets_are_labelled_wherever_they_stand(#[case] text: &str, #[case] expected: &str) {
        let secrets = secrets();
        let shown = secrets.text(text);
        assert_eq!(shown, expected);
        assert_eq!(secrets.text(&shown), expected, "a label is no secret");
    }

    #[test]
    fn words_about_a_short_secret_do_not_tell_it() {
        assert_eq!(secrets().words(r#"expected "pw\"1""#), r#"expected "[password 1]""#);
    }

    #[test]
    fn nothing_is_cut_before_it_is_labelled() {
        let text = format!("{}s3cret of photos, and more", "é".repeat(10));
        assert_eq!(secrets().beginning(&text, 25), format!("{}[clie… (20 more bytes)", "é".repeat(10)));
    }

    #[test]
    fn each_play_counts_its_own() {
        let secrets = secrets();
        for _ in 0..2 {
            secrets.begin_play();
            assert_eq!(secrets.text("?code=one-of-them"), "?code=[code 1]");
            assert_eq!(secrets.text("?code=another-one"), "?code=[code 2]");
            assert_eq!(secrets.text("k3y/of?an+admin"), "[API key]");
        }
        secrets.begin_play();
        assert_eq!(secrets.text("it was one-of-them"), "it was [code of another test]");
    }

    /// Also a play that ended, such as by an answer that comes late.
    #[test]
    fn plays_at_the_same_time_know_the_same_and_count_for_themselves() {
        let secrets = secrets();
        let (one, other) = (secrets.beside(), secrets.beside());
        one.begin_play();
        assert_eq!(one.text("?code=one-of-them"), "?code=[code 1]");
        assert_eq!(other.text("?code=another-one one-of-them"), "?code=[code 1] [code of another test]");
        assert_eq!(secrets.text("k3y/of?an+admin another-one"), "[API key] [code of another test]");
        other.end_play();
        assert_eq!(one.text("one-of-them another-one"), "[code 1] [code of another test]");
        assert_eq!(other.text("?code=a-late-one another-one"), "?code=[code of another test] [code of another test]");
        assert_eq!(one.text("a-late-one"), "[code of another test]");
    }

    #[test]
    fn the_settings_of_a_server_say_what_is_secret() {
        let secrets = secrets();
        let smtp = json!({ "transport": { "password": "mail-password", "host": "mail.test" } });
        let oauth = json!({ "clientSecret": "their-own-secret", "tokenEndpointAuthMethod": "client_secret_post" });
        secrets.add_settings(&json!({ "oauth": oauth, "notifications": { "smtp": smtp } }));
        let text = "their-own-secret, mail-password, mail.test, client_secret_post";
        let shown = "[the server's client secret], [secret setting 1], mail.test, client_secret_post";
        assert_eq!(secrets.text(text), shown);
    }

    #[test]
    fn an_exchange_has_equal_labels_for_equal_secrets() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut exchange = Exchange {
            url: "http://t/cb?code=C0DE".into(),
            request_headers: vec![
                header("cookie", "immich_access_token=t0ken; immich_auth_type=oauth; other=x"),
                header("Authorization", "Bearer t0ken"),
            ],
            request_body: r#"{"url":"http://t/auth/login?code=C0DE&state=s"}"#.into(),
            response_headers: vec![
                header("set-cookie", "immich_access_token=t0ken; Path=/; HttpOnly"),
                header("X-Immich-User-Token", "another"),
            ],
            response_body: r#"{"accessToken":"t0ken"}"#.into(),
            ..Exchange::default()
        };
        secrets().exchange(&mut exchange, 1000);
        assert_eq!(exchange.url, "http://t/cb?code=[code 1]");
        assert_eq!(exchange.request_body, r#"{"url":"http://t/auth/login?code=[code 1]&state=s"}"#);
        assert_eq!(exchange.response_body, r#"{"accessToken":"[session 1]"}"#);
        let headers = exchange.request_headers.iter().chain(&exchange.response_headers);
        assert_eq!(
            headers.map(|(_, value)| value.as_str()).collect::<Vec<_>>(),
            [
                "immich_access_token=[session 1]; immich_auth_type=oauth; other=[cookie 1]",
                "Bearer [session 1]",
                "immich_access_token=[session 1]; Path=/; HttpOnly",
                "[session 2]"
            ]
        );
    }
}
