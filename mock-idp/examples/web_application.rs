//! A web application that signs people in by the authorization code flow with
//! PKCE, and a test of it. `cargo run -p mock-idp --example web_application`
//! plays the test; `cargo test` does, too.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::get;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use mock_idp::{Endpoint, MockIdp, Url};
use reqwest::redirect::Policy;
use serde_json::Value;

type Failure = Box<dyn Error + Send + Sync>;

/// The application: where its provider is, and the sign-ins that are under way.
struct Application {
    metadata: Value,
    client_id: String,
    client_secret: String,
    redirect_uri: String,
    http: reqwest::Client,
    /// The code verifier of each `state`.
    under_way: Mutex<HashMap<String, String>>,
}

impl Application {
    /// Reads the discovery document and serves `/login` and `/callback`;
    /// returns its origin.
    async fn start(issuer: &str, client_id: &str, client_secret: &str) -> Result<String, Failure> {
        let http = reqwest::Client::builder().build()?;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let application = Self {
            metadata: http.get(format!("{issuer}/.well-known/openid-configuration")).send().await?.json().await?,
            client_id: client_id.to_owned(),
            client_secret: client_secret.to_owned(),
            redirect_uri: format!("{origin}/callback"),
            http,
            under_way: Mutex::default(),
        };
        let routes = Router::new().route("/login", get(login)).route("/callback", get(callback));
        let serve = axum::serve(listener, routes.with_state(Arc::new(application)));
        tokio::spawn(serve.into_future());
        Ok(origin)
    }

    /// Redeems the code and returns the email of whom the ID token is about.
    async fn email(&self, parameters: &HashMap<String, String>) -> Result<String, Failure> {
        let state = parameters.get("state").ok_or("no state")?;
        let verifier = self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(state);
        let verifier = verifier.ok_or("this application did not begin this sign-in")?;
        let code = parameters.get("code").ok_or("no code")?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &verifier),
        ];
        let endpoint = |name: &str| self.metadata[name].as_str().unwrap_or_default().to_owned();
        let request = self.http.post(endpoint("token_endpoint")).basic_auth(&self.client_id, Some(&self.client_secret));
        let tokens: Value = request.form(&form).send().await?.error_for_status()?.json().await?;
        let id_token = tokens["id_token"].as_str().ok_or("no ID token")?;
        let keys: JwkSet = self.http.get(endpoint("jwks_uri")).send().await?.json().await?;
        let kid = decode_header(id_token)?.kid.ok_or("no key id")?;
        let key = DecodingKey::from_jwk(keys.find(&kid).ok_or("no such key")?)?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[&endpoint("issuer")]);
        validation.set_audience(&[&self.client_id]);
        let claims = decode::<Value>(id_token, &key, &validation)?.claims;
        let userinfo = self.http.get(endpoint("userinfo_endpoint"));
        let userinfo = userinfo.bearer_auth(tokens["access_token"].as_str().unwrap_or_default());
        let userinfo: Value = userinfo.send().await?.error_for_status()?.json().await?;
        // OIDC Core §5.3.2: otherwise the answer is about another end-user.
        if userinfo["sub"] != claims["sub"] {
            return Err("the two subjects differ".into());
        }
        Ok(userinfo["email"].as_str().ok_or("no email")?.to_owned())
    }
}

async fn login(State(application): State<Arc<Application>>) -> Result<Redirect, StatusCode> {
    let random = || format!("{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>());
    let (state, verifier) = (random(), random());
    let challenge = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    let challenge = base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, challenge);
    let endpoint = application.metadata["authorization_endpoint"].as_str().unwrap_or_default();
    let parameters = [
        ("response_type", "code"),
        ("client_id", &application.client_id),
        ("redirect_uri", &application.redirect_uri),
        ("scope", "openid email"),
        ("state", &state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let url = Url::parse_with_params(endpoint, parameters).map_err(|_| StatusCode::BAD_GATEWAY)?;
    application.under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(state, verifier);
    Ok(Redirect::to(url.as_str()))
}

async fn callback(
    State(application): State<Arc<Application>>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<String, (StatusCode, String)> {
    let email = application.email(&parameters).await;
    email.map(|email| format!("Hello, {email}")).map_err(|error| (StatusCode::FORBIDDEN, error.to_string()))
}

/// What the browser shows in the end, for a provider that misbehaves by
/// `quirk`, if any.
async fn play(quirk: Option<&str>) -> Result<(StatusCode, String), Failure> {
    let idp = MockIdp::start().await;
    if let Some(quirk) = quirk {
        idp.misbehave(quirk)?;
    }
    let alice = idp.user("alice").claim("email", "alice@example.org");
    let origin = Application::start(idp.issuer(), idp.client_id(), idp.client_secret()).await?;
    let browser = reqwest::Client::builder().redirect(Policy::none()).build()?;
    let login = browser.get(format!("{origin}/login")).send().await?;
    let request = login.headers()["location"].to_str()?;
    let callback = idp.sign_in(request, &alice).await?;
    let page = browser.get(callback).send().await?;
    assert_eq!(idp.requests(Endpoint::Token).len(), 1);
    Ok((page.status(), page.text().await?))
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    assert_eq!(play(None).await?, (StatusCode::OK, "Hello, alice@example.org".to_owned()));
    let (status, reason) = play(Some("wrong-audience=another-client")).await?;
    assert_eq!((status, reason.as_str()), (StatusCode::FORBIDDEN, "InvalidAudience"));
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_application_signs_in_and_refuses() {
        assert!(super::main().map_err(|error| error.to_string()).is_ok());
    }
}
