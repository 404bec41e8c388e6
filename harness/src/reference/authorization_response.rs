//! What a callback brings along, and what the provider says in it (RFC 6749
//! §4.1.2, RFC 9207).

use axum::http::HeaderMap;
use serde_json::Value;
use url::Url;

use super::cookies::cookie;
use super::discovery::Metadata;
use super::reply::Refusal;
use super::rules::Rules;

pub(super) const STATE: &str = "immich_oauth_state";
pub(super) const VERIFIER: &str = "immich_oauth_code_verifier";

/// The reason of a failed callback is not for strangers.
pub(super) fn failed() -> Refusal {
    Refusal(500, "Failed to finish oauth".into())
}

/// What a callback brings along.
pub(super) struct Arrival {
    pub(super) url: String,
    pub(super) state: String,
    pub(super) verifier: String,
    pub(super) is_link: bool,
}

impl Arrival {
    /// State and verifier come in the body, else in cookies.
    pub(super) fn read(body: &Value, headers: &HeaderMap, rules: &Rules, is_link: bool) -> Result<Self, Refusal> {
        let url = body.get("url").and_then(Value::as_str);
        if let Some(problem) = (rules.address)(url) {
            return Err(Refusal::bad(problem));
        }
        let given = |name: &str, fallback: &str| {
            let own = body.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
            (rules.given)(own.or_else(|| cookie(headers, fallback)))
        };
        Ok(Self {
            url: url.unwrap_or_default().to_owned(),
            state: given("state", STATE).ok_or_else(|| Refusal::bad("OAuth state is missing"))?,
            verifier: given("codeVerifier", VERIFIER).ok_or_else(|| Refusal::bad("OAuth code verifier is missing"))?,
            is_link,
        })
    }
}

/// What is decided about a response, besides its state.
#[derive(Debug, Clone)]
pub(super) struct ResponseRules {
    /// The parameters of the callback URL.
    pub(super) parameters: fn(&Url) -> Vec<(String, String)>,
    /// Whether a parameter that comes twice ends the callback.
    pub(super) repeated_refused: bool,
    /// Whether the `iss` is right (RFC 9207 §2.4).
    pub(super) issuer: fn(&Metadata, Option<&str>) -> bool,
    /// Whether an `error` ends the callback.
    pub(super) error_ends: bool,
    /// What is said of it.
    pub(super) refusal: fn() -> Refusal,
    /// The code that goes to the token endpoint, given the one that came.
    pub(super) code: fn(&str) -> String,
    /// The tokens that are believed, by name.
    pub(super) front_channel: &'static [&'static str],
}

impl ResponseRules {
    pub(super) fn honest() -> Self {
        Self {
            parameters: |url| url.query_pairs().into_owned().collect(),
            repeated_refused: true,
            issuer: |metadata, iss| match iss {
                Some(iss) => iss == metadata.text("issuer"),
                None => !metadata.flag("authorization_response_iss_parameter_supported"),
            },
            error_ends: true,
            // It is no failure of the server that somebody said no.
            refusal: || Refusal::bad("OAuth authentication failed"),
            code: ToOwned::to_owned,
            front_channel: &[],
        }
    }
}

/// A response that is the answer to what was asked.
pub(super) struct AuthorizationResponse {
    pub(super) code: String,
    /// Never there, unless somebody believes what came by way of a browser.
    pub(super) access_token: Option<String>,
    /// Nor this.
    pub(super) id_token: Option<String>,
}

impl AuthorizationResponse {
    /// Takes the callback URL apart and holds it against what was sent.
    pub(super) fn read(arrival: &Arrival, metadata: &Metadata, rules: &Rules) -> Result<Self, Refusal> {
        let url = Url::parse(&arrival.url).map_err(|_| failed())?;
        let parameters = (rules.response.parameters)(&url);
        let single = |name: &str| {
            let mut values = parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone());
            let first = values.next();
            if values.next().is_some() && rules.response.repeated_refused { Err(failed()) } else { Ok(first) }
        };
        let iss = single("iss")?;
        if !(rules.response.issuer)(metadata, iss.as_deref()) {
            return Err(failed());
        }
        if !(rules.state)(&arrival.state, &single("state")?.unwrap_or_default()) {
            return Err(failed());
        }
        if rules.response.error_ends && single("error")?.is_some() {
            return Err((rules.response.refusal)());
        }
        let code = single("code")?.filter(|code| !code.is_empty()).ok_or_else(failed)?;
        let token = |name: &str| if rules.response.front_channel.contains(&name) { single(name) } else { Ok(None) };
        let (access_token, id_token) = (token("access_token")?, token("id_token")?);
        Ok(Self { code: (rules.response.code)(&code), access_token, id_token })
    }
}
