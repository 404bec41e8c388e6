//! What the provider says in a callback (RFC 6749 §4.1.2, RFC 9207).

use url::Url;

use crate::reference::message::Metadata;
use crate::reference::reply::Refusal;
use crate::reference::rules::ResponseRules;

/// What a callback brings along.
pub struct Arrival {
    pub url: String,
    pub state: String,
    pub verifier: String,
    pub is_link: bool,
}

/// A response that is the answer to what was asked.
pub struct AuthorizationResponse {
    pub code: String,
    /// Absent, unless a defect trusts tokens from the browser.
    pub access_token: Option<String>,
    /// Nor this.
    pub id_token: Option<String>,
}

impl AuthorizationResponse {
    /// Takes the callback URL apart and holds it against what was sent.
    pub fn read(arrival: &Arrival, metadata: &Metadata, rules: &ResponseRules) -> Result<Self, Refusal> {
        let url = Url::parse(&arrival.url).map_err(|_| Refusal::failed())?;
        let parameters = (rules.parameters)(&url);
        let single = |name: &str| {
            let mut values = parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone());
            let first = values.next();
            if values.next().is_some() && rules.repeated_refused { Err(Refusal::failed()) } else { Ok(first) }
        };
        let iss = single("iss")?;
        if !(rules.issuer)(metadata, iss.as_deref()) {
            return Err(Refusal::failed());
        }
        if !(rules.state)(&arrival.state, &single("state")?.unwrap_or_default()) {
            return Err(Refusal::failed());
        }
        if rules.error_ends && single("error")?.is_some() {
            return Err((rules.refusal)());
        }
        let code = single("code")?.filter(|code| !code.is_empty()).ok_or_else(Refusal::failed)?;
        let token = |name: &str| if rules.front_channel.contains(&name) { single(name) } else { Ok(None) };
        let (access_token, id_token) = (token("access_token")?, token("id_token")?);
        Ok(Self { code: (rules.code)(&code), access_token, id_token })
    }
}
