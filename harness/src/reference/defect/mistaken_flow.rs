//! Rules of the authorization code flow with a mistake in them. Defects put
//! them in the place of the right ones; without a defect nothing here is used.

use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::reference::rules::{Override, mobile_override};
use crate::reference::state::text;
use crate::relying_party::{
    AuthorizationResponse, ClientIdentity, Comparison, Credentials, Metadata, basic, credentials, post,
};

pub fn query_and_fragment(url: &Url) -> Vec<(String, String)> {
    let fragment = form_urlencoded::parse(url.fragment().unwrap_or_default().as_bytes()).into_owned();
    url.query_pairs().into_owned().chain(fragment).collect()
}

pub fn issuer_without_slash(response: &AuthorizationResponse, metadata: &Metadata) -> bool {
    match response.first("iss") {
        Some(iss) => iss.trim_end_matches('/') == metadata.text("issuer").trim_end_matches('/'),
        None => !response.is_issuer_promised,
    }
}

pub fn promised_issuer_only(response: &AuthorizationResponse, _: &Metadata) -> bool {
    !response.is_issuer_promised || response.issuer == Comparison::AsExpected
}

pub fn no_unpromised_issuer(response: &AuthorizationResponse, _: &Metadata) -> bool {
    response.issuer == if response.is_issuer_promised { Comparison::AsExpected } else { Comparison::Missing }
}

pub fn decoded_again(code: &str) -> String {
    let pair = format!("code={code}");
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, code)| code.into_owned()).unwrap_or_default()
}

pub fn encoded_once_more(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The app's address is replaced wherever it stands.
pub fn override_anywhere(uri: &str, setting: Override<'_>) -> String {
    let app = ["app.immich:///oauth-callback", "app.immich://oauth-callback", "app.immich:/oauth-callback"];
    match app.iter().find(|app| uri.contains(**app)) {
        Some(app) if setting.enabled && !setting.uri.is_empty() => uri.replace(app, setting.uri),
        _ => uri.to_owned(),
    }
}

pub fn encoded_already(uri: &str, setting: Override<'_>) -> String {
    encoded_once_more(&mobile_override(uri, setting))
}

/// What else the provider may add to a callback is left in its address.
pub fn without_known_parameters(url: &str) -> String {
    let known = |pair: &&str| ["code=", "state=", "iss="].iter().any(|name| pair.starts_with(name));
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !known(pair)).collect();
    if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) }
}

pub fn secret_in_parameter(settings: &Value) -> Vec<(&'static str, String)> {
    vec![("client_secret", text(settings, "clientSecret").to_owned())]
}

pub fn in_both_ways(client: ClientIdentity<'_>) -> Credentials {
    Credentials { form: post(client).form, ..basic(client.id, client.secret) }
}

pub fn not_encoded(client: ClientIdentity<'_>) -> Credentials {
    if client.basic && !client.secret.is_empty() { basic(client.id, client.secret) } else { credentials(client) }
}

pub fn with_empty_secret(client: ClientIdentity<'_>) -> Credentials {
    if client.secret.is_empty() { post(client) } else { credentials(client) }
}

pub fn up_to_a_question_mark(query: &str) -> String {
    format!("app.immich:///oauth-callback?{}", query.split('?').next().unwrap_or_default())
}
