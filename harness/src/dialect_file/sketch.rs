//! A first dialect of a server, from its answers to GET requests alone: they
//! change nothing. What they do not show is left to the author, in comments.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Map, Value};

use crate::exchange::Exchange;
use crate::immich::{ApiRoute, Immich, MetadataAddress, OAUTH, SETTINGS, SettingsRoutes, TargetError};

/// Routes that every Immich has, beside those of settings.
const COMMON: &[ApiRoute] = &[ApiRoute::FEATURES, ApiRoute::PUBLIC_SETTINGS, ApiRoute::ACCOUNTS, ApiRoute::OWN_ACCOUNT];

/// What settings with an address of the provider are called, in lower case.
const ADDRESSES: &[(&str, MetadataAddress)] = &[
    ("authoriz", MetadataAddress::AuthorizationEndpoint),
    ("userinfo", MetadataAddress::UserinfoEndpoint),
    ("endsession", MetadataAddress::EndSessionEndpoint),
    ("jwks", MetadataAddress::JwksUri),
    ("token", MetadataAddress::TokenEndpoint),
];

/// How the name of a setting ends that holds an address.
const ENDINGS: &[&str] = &["url", "uri", "endpoint"];

/// So many names must agree before a section counts as that of sign-in.
const FEWEST: usize = 3;

/// Shorter names are in too many others.
const SHORTEST: usize = 5;

/// Returns a first dialect, or nothing where the answers are as Immich's.
///
/// # Errors
/// The server gives no answer.
pub async fn sketch(target: &Immich) -> Result<Option<String>, TargetError> {
    let mut missing = Vec::new();
    for route in COMMON {
        let answer = target.answer_to(*route).await?;
        missing.extend(is_missing(&answer).then_some(*route));
    }
    let mut settings = None;
    for routes in SettingsRoutes::ALL {
        let answer = target.answer_to(routes.get).await?;
        settings = settings.or_else(|| answer.json().filter(|body| body.is_object() && !answer.is_error()));
    }
    if settings.is_none() {
        missing.extend([SettingsRoutes::OLD.get, SettingsRoutes::OLD.put, SettingsRoutes::OLD.defaults]);
    }
    let settings = settings.and_then(|document| SectionSketch::of(&document)).unwrap_or_default();
    let refused = target.refusal_of(ApiRoute::OWN_ACCOUNT).await?;
    let message = refused.json().and_then(|body| message_in(&body)).filter(|pointer| pointer != "/message");
    if missing.is_empty() && message.is_none() && settings == SectionSketch::default() {
        return Ok(None);
    }
    Ok(Some(written(target.origin(), &missing, &settings, message.as_deref())))
}

fn is_missing(answer: &Exchange) -> bool {
    matches!(answer.status, Some(404 | 405 | 501))
}

/// What the settings of sign-in are called.
#[derive(Debug, Default, PartialEq, Eq)]
struct SectionSketch {
    section: Option<String>,
    /// Immich's names, and the server's.
    keys: Vec<(&'static str, String)>,
    addresses: Vec<(String, MetadataAddress)>,
}

impl SectionSketch {
    /// What is called otherwise than in Immich, if a section can be that of
    /// sign-in.
    fn of(document: &Value) -> Option<Self> {
        let sections = document.as_object()?.iter();
        let sections = sections.filter_map(|(name, section)| Some((name, section.as_object()?)));
        let known = |section: &Map<String, Value>| section.keys().filter(|key| immichs(key, section).is_some()).count();
        let best = sections.filter(|(name, section)| *name == OAUTH || known(section) >= FEWEST);
        let (name, section) = best.max_by_key(|(name, section)| (*name == OAUTH, known(section)))?;
        let mut sketch = Self { section: (name != OAUTH).then(|| name.clone()), ..Self::default() };
        for key in section.keys() {
            match (immichs(key, section), address(key)) {
                (Some(immich), _) if immich != key => sketch.keys.push((immich, key.clone())),
                (None, Some(address)) => sketch.addresses.push((key.clone(), address)),
                _ => {}
            }
        }
        // Two that look like one are left to the author.
        let names: Vec<&str> = sketch.keys.iter().map(|(immich, _)| *immich).collect();
        let several: BTreeSet<&str> =
            names.iter().filter(|name| names.iter().filter(|other| other == name).count() > 1).copied().collect();
        sketch.keys.retain(|(immich, _)| !several.contains(immich));
        Some(sketch)
    }
}

/// Immich's name of the setting that a server calls `key`, if it is clear.
fn immichs(key: &str, section: &Map<String, Value>) -> Option<&'static str> {
    let names = || SETTINGS.iter().filter(|setting| setting.section == OAUTH).map(|setting| setting.name);
    if let Some(name) = names().find(|name| *name == key) {
        return Some(name);
    }
    let plain_key = plain(key);
    let open = || names().filter(|name| !section.contains_key(*name));
    if let Some(name) = open().find(|name| plain(name) == plain_key) {
        return Some(name);
    }
    let is_like = |name: &&str| plain_key.len() >= SHORTEST && plain(name).contains(&plain_key);
    let mut like = open().filter(is_like);
    like.next().filter(|_| like.next().is_none())
}

/// A name without case and what joins its words.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The address of the provider that a setting of this name holds.
fn address(key: &str) -> Option<MetadataAddress> {
    let name = plain(key);
    let is_meant = ENDINGS.iter().any(|ending| name.ends_with(ending));
    ADDRESSES.iter().find(|(part, _)| is_meant && name.contains(part)).map(|(_, address)| *address)
}

/// Where the message of an error stands, as a JSON pointer.
fn message_in(body: &Value) -> Option<String> {
    const NAMES: &[&str] = &["message", "detail", "error_description", "title", "reason", "error"];
    let members = body.as_object()?;
    let own = NAMES.iter().find(|name| members.get(**name).is_some_and(Value::is_string));
    own.map(|name| format!("/{name}")).or_else(|| {
        let inner = members.iter().find_map(|(name, value)| Some((name, message_in(value)?)));
        inner.map(|(name, pointer)| format!("/{name}{pointer}"))
    })
}

fn written(origin: &str, missing: &[ApiRoute], settings: &SectionSketch, message: Option<&str>) -> String {
    let mut text = format!(
        "# A draft of a dialect for {origin}, based on its responses to GET\n# requests. Check each line; \
         docs/dialects.md explains the keys.\nformat = 1\n"
    );
    if !settings.addresses.is_empty() {
        text.push_str(
            "\n# The settings contain addresses of the provider. Remove this line if the server\n# also reads the \
             discovery document.\ndiscovery = false\n",
        );
    }
    if !missing.is_empty() {
        text.push_str(
            "\n[routes]\n# The server does not have these routes. Write the server's own routes on the\n# right, and \
             remove the `#`.\n",
        );
        for route in missing {
            let _ = writeln!(text, "# \"{route}\" = \"{} /…\"", route.method());
        }
    }
    let SectionSketch { section, keys, addresses } = settings;
    if *settings != SectionSketch::default() {
        let _ = writeln!(text, "\n[settings.{OAUTH}]");
        if let Some(section) = section {
            let _ = writeln!(text, "section = {}", quoted(section));
        }
        for (immich, server) in keys {
            let _ = writeln!(text, "keys.{immich} = {}", quoted(server));
        }
        for (key, address) in addresses {
            let _ = writeln!(text, "addresses.{} = {}", quoted(key), quoted(address.name()));
        }
    }
    if let Some(message) = message {
        let _ = writeln!(text, "\n[errors]\nmessage = {}", quoted(message));
    }
    let _ = writeln!(
        text,
        "\n# GET requests do not show the keys below. Remove the `#` where the server\n# differs from Immich.\n# \
         [statuses]\n# \"{}\" = {{ is = 200, means = 201 }}\n# [callback]\n# redirect-uri = \"redirect_uri\"",
        ApiRoute::AUTHORIZE
    );
    text
}

/// Text of a server as TOML.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::immichs(json!({"oauth": {"issuerUrl": "", "clientId": "", "scope": ""}}), None, &[], &[])]
    #[case::other_words(
        json!({"trash": {}, "sso": {"issuer": "", "client_id": "", "client-secret": "", "scope": "", "colour": ""}}),
        Some("sso"),
        &[("clientId", "client_id"), ("clientSecret", "client-secret"), ("issuerUrl", "issuer")],
        &[],
    )]
    #[case::addresses(
        json!({"oauth": {"issuerUrl": "", "authorizeUrl": "", "tokenEndpoint": null, "tokenEndpointAuthMethod": ""}}),
        None,
        &[],
        &[("authorizeUrl", MetadataAddress::AuthorizationEndpoint), ("tokenEndpoint", MetadataAddress::TokenEndpoint)],
    )]
    #[case::too_little(json!({"sso": {"scope": "", "prompt": ""}}), None, &[], &[])]
    fn settings_are_recognised(
        #[case] document: Value,
        #[case] section: Option<&str>,
        #[case] keys: &[(&'static str, &str)],
        #[case] addresses: &[(&str, MetadataAddress)],
    ) {
        let mut found = SectionSketch::of(&document).unwrap_or_default();
        found.keys.sort();
        let expected = SectionSketch {
            section: section.map(ToOwned::to_owned),
            keys: keys.iter().map(|(immich, server)| (*immich, (*server).to_owned())).collect(),
            addresses: addresses.iter().map(|(key, address)| ((*key).to_owned(), *address)).collect(),
        };
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case(json!({"message": "no", "error": {"detail": "x"}}), Some("/message"))]
    #[case(json!({"status": 1, "error": {"detail": "no"}}), Some("/error/detail"))]
    #[case(json!({"status": 1}), None)]
    fn the_message_of_an_error_is_found(#[case] body: Value, #[case] expected: Option<&str>) {
        assert_eq!(message_in(&body).as_deref(), expected);
    }
}
