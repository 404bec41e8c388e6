//! An exchange without its secrets.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use url::form_urlencoded;

use super::field::signature_of;
use super::known_secrets::KnownSecrets;
use super::{SecretKind, Secrets};
use crate::exchange::Exchange;

/// What a provider issues.
const ISSUED: &[(&str, SecretKind)] = &[
    ("access_token", SecretKind::AccessToken),
    ("code", SecretKind::Code),
    ("id_token", SecretKind::Signature),
    ("refresh_token", SecretKind::RefreshToken),
];

impl Secrets {
    /// Records the secrets in an exchange, before any output shows it.
    pub fn learn(&self, exchange: &Exchange) {
        let mut known = self.lock();
        let headers = exchange.request_headers.iter().chain(&exchange.response_headers);
        headers.for_each(|(name, value)| drop(known.header(name, value)));
        for text in [&exchange.url, &exchange.request_body, &exchange.response_body] {
            known.beginning(text, 0);
        }
    }

    /// Notes the codes and tokens in an answer of the provider as secrets for
    /// sure (RFC 6749 §4.1.2, §5.1).
    pub fn add_issued(&self, answer: &Exchange) {
        let mut known = self.lock();
        let (_, parameters) = answer.header("location").and_then(|url| url.split_once(['?', '#'])).unwrap_or_default();
        let parameters = form_urlencoded::parse(parameters.as_bytes()).into_owned();
        let members = answer.json().and_then(|body| body.as_object().cloned()).unwrap_or_default();
        let members = members.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
        for (name, value) in parameters.chain(members) {
            let kind = ISSUED.iter().find(|(issued, _)| *issued == name).map(|(_, kind)| *kind);
            match (kind, signature_of(&value)) {
                (Some(_), Some(signature)) => drop(known.add(SecretKind::Signature, &value[signature])),
                // Without a signature it proves nothing.
                (Some(SecretKind::Signature) | None, _) => {}
                (Some(kind), None) => drop(known.add(kind, &value)),
            }
        }
    }

    /// Labels the secrets in an exchange, and cuts what is longer than so many
    /// bytes.
    pub fn exchange(&self, exchange: &mut Exchange, limit: usize) {
        let mut known = self.lock();
        let Exchange { url, request_body, response_body, error, sent_as, .. } = exchange;
        for text in [url, request_body, response_body].into_iter().chain(error).chain(sent_as) {
            *text = known.beginning(text, limit);
        }
        for (name, value) in exchange.request_headers.iter_mut().chain(&mut exchange.response_headers) {
            let shown = known.header(name, value);
            *value = known.beginning(&shown, limit);
        }
    }
}

impl KnownSecrets {
    /// The value of a header.
    pub(super) fn header(&mut self, name: &str, value: &str) -> String {
        match name.to_ascii_lowercase().as_str() {
            "authorization" | "proxy-authorization" => self.authorization(value),
            "cookie" => {
                let pairs = value.split(';').map(|pair| self.cookie(pair.trim())).collect::<Vec<_>>();
                pairs.join("; ")
            }
            "set-cookie" => match value.split_once(';') {
                Some((pair, attributes)) => format!("{};{attributes}", self.cookie(pair)),
                None => self.cookie(value),
            },
            name => match self.names.of_field(name) {
                Some(kind) => self.shown(kind, value),
                None => self.text(value),
            },
        }
    }

    /// A cookie and its value.
    fn cookie(&mut self, pair: &str) -> String {
        let Some((name, value)) = pair.split_once('=') else { return self.text(pair) };
        match self.names.of_cookie(name.trim()) {
            Some(kind) if self.label_at(value.as_bytes()).is_none() => format!("{name}={}", self.shown(kind, value)),
            _ => format!("{name}={}", self.text(value)),
        }
    }

    /// Credentials (RFC 9110 §11.6.2): the scheme, and in Basic (RFC 7617 §2)
    /// who shows them, decoded.
    fn authorization(&mut self, value: &str) -> String {
        let (scheme, credentials) = value.split_once(' ').unwrap_or(("", value));
        let basic = Some(credentials).filter(|_| scheme.eq_ignore_ascii_case("basic"));
        let basic = basic.and_then(|credentials| BASE64_STANDARD.decode(credentials.trim()).ok());
        let basic = basic.and_then(|bytes| String::from_utf8(bytes).ok());
        let shown = match basic.as_deref().and_then(|text| text.split_once(':')) {
            Some((id, secret)) => format!("{id}:{}", self.form_encoded(secret)),
            None => self.shown(SecretKind::Credentials, credentials),
        };
        format!("{scheme} {shown}").trim_start().to_owned()
    }

    /// The secret of a client, which is encoded as in forms (RFC 6749 §2.3.1).
    fn form_encoded(&mut self, secret: &str) -> String {
        let pair = format!("s={}", secret.replace('&', "%26"));
        let decoded = form_urlencoded::parse(pair.as_bytes()).next().map(|(_, text)| text.into_owned());
        let known = decoded.filter(|text| !self.knows(secret) && self.knows(text));
        self.learn(SecretKind::ClientSecret, known.as_deref().unwrap_or(secret))
    }
}
