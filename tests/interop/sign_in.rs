//! One sign-in at an issuer opened for it: the client begins, the user agent
//! goes to the provider and comes back, the client finishes.

use std::sync::atomic::{AtomicU64, Ordering};

use indexmap::IndexMap;
use mock_idp::{
    Algorithm, ClaimsIn, ClientAuthentication, Clock, Deviations, EndUser, Issuer, KeySource, Pkce, Provider,
    ProviderOptions, ProviderSettings, Registration, Tls,
};
use reqwest::header::LOCATION;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use url::form_urlencoded;

use super::client::{Callback, Client, Configuration, Identity, Refusal, Started};

/// Who signs in, as the provider knows them.
pub const SUBJECT: &str = "subject-of-alice";
/// Their email.
pub const EMAIL: &str = "alice@example.test";

/// The client's id.
pub const CLIENT_ID: &str = "the-client";
/// What Alice's browser sends to the provider besides.
pub const BROWSER_HEADERS: [(&str, &str); 2] = [("mock-idp-secret", SECRET), ("mock-idp-end-user", "alice")];

const SECRET: &str = "secret-of-the-run";
const WEB: &str = "https://rp.example/callback";
/// Where the app is sent back to.
pub const MOBILE: &str = "app.immich:///oauth-callback";

/// The client's key, which is the first that such a provider publishes, too.
const CLIENT_KEY: &str = include_str!("../../mock-idp/keys/rsa-0.pem");

/// Its public half.
async fn client_keys(provider: &Provider, http: &reqwest::Client) -> Vec<Value> {
    let client = mock_idp::Client { id: "keys".into(), secret: None, redirect_uris: Vec::new(), keys: Vec::new() };
    let registration = Registration {
        path: "/keys".into(),
        tls: Tls::None,
        client,
        settings: ProviderSettings::default(),
        deviations: Deviations::default(),
        end_users: IndexMap::new(),
    };
    let issuer = provider.open(registration).expect("the path is free");
    let answer = http.get(format!("{}/jwks", issuer.url())).send().await.expect("the provider answers");
    let keys: Value = answer.json().await.expect("a key set is JSON");
    provider.close(&issuer);
    vec![keys["keys"][0].clone()]
}

/// What a browser posts that gets this page: the form of the provider, which is
/// written in one way.
fn form(page: &str) -> Option<Callback> {
    let attribute = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=\""))?;
        let text = rest.split_once('"')?.0.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        Some(text.replace("&amp;", "&"))
    };
    let mut form = form_urlencoded::Serializer::new(String::new());
    for input in page.split("<input").skip(1) {
        form.append_pair(&attribute(input, "name")?, &attribute(input, "value")?);
    }
    Some(Callback { url: attribute(page, "action")?, form: Some(form.finish()) })
}

/// One way in which client and provider can be set up with each other.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct SetUp {
    /// How the client proves who it is.
    pub authentication: ClientAuthentication,
    /// Whether the client sends a code challenge.
    pub pkce: bool,
    /// How the provider handles PKCE.
    pub provider_pkce: Pkce,
    /// The algorithm of ID tokens.
    pub algorithm: Algorithm,
    /// The algorithm of `UserInfo`; none for plain JSON.
    pub userinfo_algorithm: Option<Algorithm>,
    /// Where email and name are.
    pub claims_in: ClaimsIn,
    /// Whether the callback names the issuer (RFC 9207).
    pub iss: bool,
    /// Whether ID tokens have an `at_hash`.
    pub access_token_hash: bool,
    /// Whether the response comes by a form.
    pub by_form: bool,
    /// Whether the client asks for a refresh token, and uses it.
    pub offline: bool,
    /// Whether it is the mobile app that signs in.
    pub mobile: bool,
}

impl Default for SetUp {
    fn default() -> Self {
        Self {
            authentication: ClientAuthentication::ClientSecretPost,
            pkce: true,
            provider_pkce: Pkce::Supported,
            algorithm: Algorithm::Rs256,
            userinfo_algorithm: None,
            claims_in: ClaimsIn::Userinfo,
            iss: true,
            access_token_hash: false,
            by_form: false,
            offline: false,
            mobile: false,
        }
    }
}

impl SetUp {
    fn redirect_uri(self) -> String {
        if self.mobile { MOBILE.into() } else { WEB.into() }
    }

    /// The client's secret, if it has one.
    pub fn secret(self) -> Option<String> {
        (!matches!(self.authentication, ClientAuthentication::None | ClientAuthentication::PrivateKeyJwt))
            .then(|| "secret of the client, long enough for HS256".into())
    }

    fn client_key(self) -> Option<&'static str> {
        (self.authentication == ClientAuthentication::PrivateKeyJwt).then_some(CLIENT_KEY)
    }

    fn settings(self) -> ProviderSettings {
        ProviderSettings {
            client_authentication: vec![self.authentication],
            signing_algorithm: self.algorithm,
            userinfo_signing_algorithm: self.userinfo_algorithm,
            claims_in: self.claims_in,
            pkce: self.provider_pkce,
            authorization_response_iss: self.iss,
            access_token_hash: self.access_token_hash,
            ..ProviderSettings::default()
        }
    }
}

/// How a sign-in ended.
#[derive(Debug)]
pub enum End {
    /// The client says who signed in.
    SignedIn(Identity),
    /// The client said no.
    Refused(Refusal),
    /// The user agent was not sent back, so that the client was not asked: the
    /// status that it met instead, if it met anything.
    NoCallback(Option<u16>),
}

/// An end, and what the provider's deviations had to do with it.
#[derive(Debug)]
pub struct SignIn {
    /// How it ended.
    pub end: End,
    /// Whether anything that was served was altered.
    pub altered: bool,
}

/// The provider that all tests share, and the user agent.
pub struct Stage {
    /// Where the provider runs.
    pub runtime: Runtime,
    provider: Provider,
    user_agent: reqwest::Client,
    /// The public half of the client's key.
    client_keys: Vec<Value>,
    issuers: AtomicU64,
}

impl Stage {
    /// Starts the provider.
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("there are threads");
        let provider = runtime.block_on(Provider::start(ProviderOptions {
            listen: ([127, 0, 0, 1], 0).into(),
            public_url: None,
            keys: KeySource::Published,
            clock: Clock::system(),
            seed: 1,
            secret: SECRET.into(),
            authority: None,
        }));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        let user_agent = client.build().expect("a client without special wishes can be made");
        let provider = provider.expect("loopback has free ports");
        let client_keys = runtime.block_on(client_keys(&provider, &user_agent));
        Self { runtime, provider, user_agent, client_keys, issuers: AtomicU64::new(0) }
    }

    /// Lets `client` sign Alice in.
    pub fn sign_in(&self, client: &dyn Client, set_up: SetUp, deviations: &Deviations) -> SignIn {
        let issuer = self.open(set_up, vec![set_up.redirect_uri()], deviations);
        let configuration = Configuration {
            issuer: issuer.url().to_owned(),
            client_id: CLIENT_ID.into(),
            client_secret: set_up.secret(),
            redirect_uri: set_up.redirect_uri(),
            client_key: set_up.client_key(),
            response_mode: set_up.by_form.then_some("form_post"),
            scope: if set_up.offline { "openid email profile offline_access" } else { "openid email profile" },
            authentication: set_up.authentication,
            pkce: set_up.pkce,
            signing_algorithm: set_up.algorithm,
            userinfo_signing_algorithm: set_up.userinfo_algorithm,
        };
        let end = self.play(client, &configuration);
        let altered = issuer.journal().entries().iter().any(|entry| !entry.altered_by.is_empty());
        self.close(&issuer);
        SignIn { end, altered }
    }

    /// Opens an issuer with one client, which may be sent back to these
    /// addresses, and one end-user, Alice.
    pub fn open(&self, set_up: SetUp, redirect_uris: Vec<String>, deviations: &Deviations) -> Issuer {
        let claims = json!({ "email": EMAIL, "email_verified": true, "name": "Alice" });
        let alice = EndUser { sub: SUBJECT.into(), claims: claims.as_object().cloned().unwrap_or_default() };
        let client = mock_idp::Client {
            id: CLIENT_ID.into(),
            secret: set_up.secret(),
            redirect_uris,
            keys: set_up.client_key().map(|_| self.client_keys.clone()).unwrap_or_default(),
        };
        let registration = Registration {
            path: format!("/{}", self.issuers.fetch_add(1, Ordering::Relaxed)),
            tls: Tls::None,
            client,
            settings: set_up.settings(),
            deviations: deviations.clone(),
            end_users: IndexMap::from([("alice".to_owned(), alice)]),
        };
        self.provider.open(registration).expect("no path is used twice")
    }

    /// Closes it.
    pub fn close(&self, issuer: &Issuer) {
        self.provider.close(issuer);
    }

    fn play(&self, client: &dyn Client, configuration: &Configuration) -> End {
        let Started { session, url } = match client.start(configuration) {
            Ok(started) => started,
            Err(refusal) => return End::Refused(refusal),
        };
        match self.authorize(&url, configuration.response_mode.is_some()) {
            Err(status) => End::NoCallback(status),
            Ok(callback) => match client.finish(session, &callback) {
                Ok(identity) => End::SignedIn(identity),
                Err(refusal) => End::Refused(refusal),
            },
        }
    }

    /// Where the user agent is sent back to, or the status if it is not.
    fn authorize(&self, url: &str, by_form: bool) -> Result<Callback, Option<u16>> {
        let request = self.user_agent.get(url);
        let request = BROWSER_HEADERS.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let Ok(response) = self.runtime.block_on(request.send()) else {
            return Err(None);
        };
        if by_form && response.status() == 200 {
            return self.runtime.block_on(response.text()).ok().and_then(|page| form(&page)).ok_or(Some(200));
        }
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        // No server sees the fragment.
        let seen = location.and_then(|location| location.split('#').next());
        seen.map(|url| Callback { url: url.to_owned(), form: None }).ok_or(Some(response.status().as_u16()))
    }
}
