//! `{issuer}` and its like: names in braces that stand for something of the
//! run. No templating language; what is not a known name stays an error.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use mock_idp::Deviations;
use regex_lite::{Captures, Regex};
use serde_json::{Map, Value};

/// The names that every scenario may use, besides `user.<name>.<claim>`.
pub const NAMES: &[&str] = &[
    "origin",
    "other_origin",
    "https_origin",
    "ipv6_origin",
    "issuer",
    "other_issuer",
    "target",
    "client_id",
    "client_secret",
    "run",
];

/// What one of [`NAMES`] stands for.
pub fn meaning(name: &str) -> &'static str {
    match name {
        "origin" => "Scheme, host and port of the provider; with https if the scenario has `tls`.",
        "other_origin" => {
            "The same with the provider's second host name, `localhost` for 127.0.0.1; only with `requires.loopback`."
        }
        "https_origin" => {
            "The same with https, although the provider's port expects plain http; only with `requires.loopback`."
        }
        "ipv6_origin" => "The same with the IPv6 address `[::1]`; only with `requires.ipv6`.",
        "issuer" => "The provider's issuer identifier.",
        "other_issuer" => "The issuer identifier of the second provider; only with `[other-provider]`.",
        "target" => "Scheme, host and port of the target.",
        "client_id" => "The client ID at the provider, which the run enters in the server's settings.",
        "client_secret" => "The client secret at the provider, which the run enters in the server's settings.",
        "run" => {
            "A word that is unique to this test. The `sub` and `email` of end-users must contain it, so that the \
             harness recognizes their accounts."
        }
        _ => "",
    }
}

/// What the names stand for.
#[derive(Debug, Clone, Default)]
pub struct Placeholders {
    values: BTreeMap<String, String>,
}

fn pattern() -> Regex {
    // A constant pattern; a test reads it.
    #[expect(clippy::expect_used, reason = "the pattern is constant")]
    Regex::new(r"\{([a-z_][a-z0-9_]*(?:\.[A-Za-z0-9_-]+)*)\}").expect("the pattern is right")
}

impl Placeholders {
    /// Lets `name` stand for `value`.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.values.insert(name.into(), value.into());
    }

    /// Returns what stands for something of the run, by name; end-users' claims
    /// are not among it.
    pub fn of_the_run(&self) -> impl Iterator<Item = (&'static str, &str)> {
        NAMES.iter().filter_map(|name| Some((*name, self.values.get(*name)?.as_str())))
    }

    /// Fills in a text.
    pub fn fill_text(&self, text: &str) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let fill = |found: &Captures<'_>| self.values.get(&found[1]).cloned().unwrap_or_else(|| found[0].to_owned());
        pattern().replace_all(text, fill).into_owned()
    }

    /// Fills in all texts of what was read from a file.
    pub fn fill_in(&self, target: &mut impl Texts) {
        target.each_text(&mut |text| {
            if text.contains('{') {
                *text = self.fill_text(text);
            }
        });
    }

    /// Fills in all texts of a document.
    pub fn fill(&self, value: &Value) -> Value {
        let mut filled = value.clone();
        self.fill_in(&mut filled);
        filled
    }
}

/// What has texts in which names in braces can stand.
#[diagnostic::on_unimplemented(note = "`texts!` says of each field of a type whether names in braces can stand in it")]
pub trait Texts {
    /// Passes each of these texts to `change`.
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String));
}

impl Texts for String {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        change(self);
    }
}

impl Texts for Value {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        match self {
            Self::String(text) => change(text),
            Self::Array(list) => list.each_text(change),
            Self::Object(map) => map.each_text(change),
            _ => {}
        }
    }
}

impl<T: Texts> Texts for Option<T> {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        if let Some(item) = self {
            item.each_text(change);
        }
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        for item in self {
            item.each_text(change);
        }
    }
}

impl<T: Texts> Texts for IndexMap<String, T> {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.values_mut().for_each(|value| value.each_text(change));
    }
}

impl Texts for Map<String, Value> {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.values_mut().for_each(|value| value.each_text(change));
    }
}

impl Texts for Deviations {
    fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        Self::each_text(self, change);
    }
}

/// Says of each field of a type whether names in braces can stand in it. A type
/// with a field that neither list names does not compile.
macro_rules! texts {
    ($type:ty { $($filled:ident),* } but not { $($kept:ident),* }) => {
        impl $crate::placeholder::Texts for $type {
            fn each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
                let Self { $($filled,)* $($kept: _,)* } = self;
                let _ = &change;
                $($crate::placeholder::Texts::each_text($filled, change);)*
            }
        }
    };
}
pub(crate) use texts;

/// A name in braces that nothing can stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// There is no such name, or no such end-user.
    Name(String),
    /// The end-user has no such claim.
    Claim {
        /// The end-user.
        end_user: String,
        /// What they lack.
        claim: String,
    },
}

/// The names in a text that nothing can stand for, given the claims of each
/// end-user.
pub fn unknown(text: &str, end_users: &BTreeMap<&str, Vec<&str>>) -> Vec<Unknown> {
    if !text.contains('{') {
        return Vec::new();
    }
    let names = pattern();
    let names = names.captures_iter(text).map(|found| found[1].to_owned());
    names
        .filter_map(|name| {
            let mut parts = name.split('.');
            match (parts.next(), parts.next(), parts.next(), parts.next()) {
                (Some("user"), Some(end_user), Some(claim), None) => match end_users.get(end_user) {
                    Some(claims) if claims.contains(&claim) => None,
                    Some(_) => Some(Unknown::Claim { end_user: end_user.to_owned(), claim: claim.to_owned() }),
                    None => Some(Unknown::Name(name)),
                },
                (Some(first), None, None, None) if NAMES.contains(&first) => None,
                _ => Some(Unknown::Name(name)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_filled_in_and_others_reported() {
        let mut placeholders = Placeholders::default();
        placeholders.set("run", "r1");
        assert_eq!(placeholders.fill_text("a-{run}-{nope}"), "a-r1-{nope}");
        let users = BTreeMap::from([("a", vec!["sub"])]);
        let claim = Unknown::Claim { end_user: "a".into(), claim: "sup".into() };
        assert_eq!(
            unknown("{run} {nope} {user.a.sub} {user.a.sup} {user.b.sub}", &users),
            [Unknown::Name("nope".into()), claim, Unknown::Name("user.b.sub".into())]
        );
    }
}
