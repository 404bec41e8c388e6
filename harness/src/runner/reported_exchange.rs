//! An exchange as a report has it: without secrets, cut to length, and with its
//! tokens decoded. Pure. The order of several is for [`super::transcript`].

use mock_idp::{DecodedToken, Entry, Message};
use serde_json::{Map, Value};

use crate::exchange::Exchange;
use crate::redaction::Secrets;
use crate::report::{ExchangeReport, TokenReport};

/// How many bytes a report keeps of a body, an address or a header.
const LONGEST: usize = 8 * 1024;

/// Whether a decoded token is too long for a report.
fn is_long(token: &TokenReport) -> bool {
    serde_json::to_string(token).map_or(0, |text| text.len()) > 2 * LONGEST
}

/// Returns an entry of the journal of `issuer` as an exchange.
pub(super) fn exchange_of(entry: &Entry, issuer: &str) -> Exchange {
    let entry = entry.clone();
    let (scheme, rest) = issuer.split_once("://").unwrap_or(("http", issuer));
    let known = entry.headers.iter().find(|(name, _)| name == "host").map(|(_, host)| host.as_str());
    let host = known.unwrap_or_else(|| rest.split('/').next().unwrap_or_default());
    let query = if entry.raw_query.is_empty() { String::new() } else { format!("?{}", entry.raw_query) };
    let is_request = entry.endpoint.is_request();
    Exchange {
        method: if is_request { entry.method } else { "TLS".to_owned() },
        url: format!("{scheme}://{host}{}{query}", entry.path),
        request_headers: entry.headers,
        request_body: entry.body,
        status: is_request.then_some(entry.status),
        response_headers: entry.response_headers,
        response_body: entry.response_body,
        sent_as: None,
        is_garbled: false,
        error: (!is_request).then(|| "no request followed: the certificate was refused".to_owned()),
    }
}

/// Returns an exchange without secrets, cut to length, with its tokens decoded.
pub(super) fn reported(mut exchange: Exchange, secrets: &Secrets) -> ExchangeReport {
    let tokens = DecodedToken::all_of(&exchange.parameters(), &exchange.response_body);
    secrets.exchange(&mut exchange, LONGEST);
    let members = |members: Map<String, Value>| match secrets.value(&[], &Value::Object(members)) {
        Value::Object(shown) => shown,
        _ => Map::new(),
    };
    let tokens = tokens.into_iter().map(|token| TokenReport {
        message: match token.name.as_str() {
            "id_token" | "id_token_hint" => Some(Message::IdToken.name().to_owned()),
            "logout_token" => Some(Message::LogoutToken.name().to_owned()),
            "body" => Some(Message::UserInfo.name().to_owned()),
            _ => None,
        },
        name: token.name,
        header: members(token.header),
        payload: token.claims.as_ref().err().map(|payload| secrets.text(payload)),
        claims: token.claims.ok().map(members),
        signed: token.is_signed,
    });
    let tokens = tokens.filter(|token| !is_long(token)).collect();
    ExchangeReport { exchange, tokens, ..ExchangeReport::default() }
}
