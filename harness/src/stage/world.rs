//! Everything that the steps of one scenario share: the target, the issuer,
//! the browsers and what earlier steps left behind.
//!
//! A step leaves behind a [`super::Memory`]. The runner makes a world for each
//! scenario and drops it afterwards; the guard deletes accounts that appeared
//! in it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use indexmap::IndexMap;
use mock_idp::{EndUser, Issuer, LogoutTokenRequest, Provider, Tls};
use rand::rngs::StdRng;
use rand::{RngExt, distr::Alphanumeric};
use serde_json::{Map, Value};
use url::Url;

use super::client::Browser;
use super::memory::Memories;
use super::{Sent, StepError};
use crate::address;
use crate::exchange::Exchange;
use crate::guard::{Applied, Session};
use crate::http_client::BrowserClients;
use crate::immich::{
    Account, ApiRoute, NewAccount, Sections, WantedSettings, is_administrators, session_account, session_tokens,
};
use crate::placeholder::Placeholders;
use crate::redaction::Secrets;
use crate::reference::Restarter;
use crate::user_agent::{Body, Request, Route, Routes, UserAgent};

/// The answer to a request, unless the harness could not send it.
pub(super) type Answered = Result<Exchange, StepError>;

/// What a scenario plays in.
#[derive(Debug)]
pub struct World {
    /// The target, its settings and its accounts.
    pub session: Session,
    /// The issuer of this scenario.
    pub issuer: Issuer,
    /// That of the second provider, if the scenario has one.
    pub other_issuer: Option<Issuer>,
    /// What earlier steps left behind.
    pub memories: Memories,
    /// What was sent since [`World::begin_step`].
    pub sent: Vec<Sent>,
    /// What placeholders stand for.
    pub placeholders: Placeholders,
    /// The accounts before the first step, if they are known already.
    pub(crate) listed: Option<Vec<Account>>,
    provider: std::sync::Arc<Provider>,
    browser_clients: BrowserClients,
    restarter: Option<Restarter>,
    end_users: IndexMap<String, EndUser>,
    settings: Sections,
    passwords: HashMap<String, (String, String)>,
    /// The session tokens seen so far, each with its account's id, if known.
    pub(super) tokens: BTreeMap<String, Option<String>>,
    /// Those of administrators.
    administrators: BTreeSet<String>,
    pub(super) browsers: HashMap<String, Browser>,
    /// What the step adds to its requests to the target.
    headers: Vec<(String, String)>,
    random: StdRng,
    patience: Option<Duration>,
}

/// What a [`World`] is made of.
#[derive(Debug)]
pub struct WorldParts {
    /// The target, its settings and its accounts.
    pub session: Session,
    /// The provider of the run.
    pub provider: std::sync::Arc<Provider>,
    /// With what browsers go there, and to the target.
    pub browser_clients: BrowserClients,
    /// What restarts the target, if the harness can.
    pub restarter: Option<Restarter>,
    /// The issuer of this scenario.
    pub issuer: Issuer,
    /// That of the second provider, if the scenario has one.
    pub other_issuer: Option<Issuer>,
    /// End-users by the scenario's names.
    pub end_users: IndexMap<String, EndUser>,
    /// The server settings in force.
    pub settings: Sections,
    /// What placeholders stand for.
    pub placeholders: Placeholders,
    /// The accounts before the first step, if they are known already.
    pub listed: Option<Vec<Account>>,
    /// For state, verifiers and passwords.
    pub random: StdRng,
    /// How long an answer may take, if not as long as is usual.
    pub patience: Option<Duration>,
}

impl World {
    /// A world in which nothing has happened yet.
    pub fn new(parts: WorldParts) -> Self {
        Self {
            session: parts.session,
            issuer: parts.issuer,
            other_issuer: parts.other_issuer,
            memories: Memories::default(),
            sent: Vec::new(),
            placeholders: parts.placeholders,
            listed: parts.listed,
            provider: parts.provider,
            browser_clients: parts.browser_clients,
            restarter: parts.restarter,
            end_users: parts.end_users,
            settings: parts.settings,
            passwords: HashMap::new(),
            tokens: BTreeMap::new(),
            administrators: BTreeSet::new(),
            browsers: HashMap::new(),
            headers: Vec::new(),
            random: parts.random,
            patience: parts.patience,
        }
    }

    /// Gives the target and its housekeeping back, and the tokens of sessions.
    pub(crate) fn into_session(self) -> (Session, BTreeMap<String, Option<String>>) {
        (self.session, self.tokens)
    }

    /// What must not be shown.
    pub fn secrets(&self) -> &Secrets {
        self.session.target.secrets()
    }

    /// From here on, memories and what is sent belong to the step `id`.
    pub fn begin_step(&mut self, id: &str) {
        self.memories.begin_step(id);
        self.sent.clear();
        self.headers.clear();
    }

    /// Adds headers to the requests of this step to the target.
    pub(crate) fn add_headers(&mut self, headers: Vec<(String, String)>) {
        self.headers.extend(headers);
    }

    /// Scheme, host and port of the target.
    pub fn target_origin(&self) -> &str {
        self.session.target.origin()
    }

    /// Random letters and digits.
    pub(crate) fn random_text(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(self.random.sample(Alphanumeric))).collect()
    }

    /// An end-user by the scenario's name.
    pub fn end_user(&self, name: &str) -> Result<&EndUser, StepError> {
        self.end_users.get(name).ok_or_else(|| StepError::Scenario(format!("there is no end-user `{name}`")))
    }

    /// All of them but that one.
    pub fn other_end_users<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a EndUser> {
        self.end_users.iter().filter(move |(other, _)| *other != name).map(|(_, user)| user)
    }

    /// Notes whom this step is about.
    pub(crate) fn introduce(&mut self, name: &str) -> Result<(), StepError> {
        self.end_user(name)?;
        self.memories.own().end_user = Some(name.to_owned());
        Ok(())
    }

    /// The ways to the provider.
    fn routes(&self) -> Vec<Route> {
        let addresses = self.provider.addresses().into_iter();
        addresses.map(|(tls, origin, address)| Route { origin, address, tls: tls != Tls::None }).collect()
    }

    pub(super) fn browser(&mut self, agent: &str) -> &mut Browser {
        // Borrowed apart, as browsers are made of the rest.
        let (routes, patience) = (self.routes(), self.patience);
        let BrowserClients { target, provider: client, guest: header } = self.browser_clients.clone();
        self.browsers.entry(agent.to_owned()).or_insert_with(|| {
            let user_agent =
                UserAgent::new(target, Some(Routes { all: routes, client, header })).with_patience(patience);
            Browser::new(user_agent)
        })
    }

    pub(crate) async fn send(&mut self, agent: &str, mut request: Request) -> Answered {
        if address::is_at(self.target_origin(), &request.url) {
            request.headers.extend(self.headers.iter().cloned());
        }
        let instant = Instant::now();
        let target = self.session.target.clone();
        let exchange = target.send_from(&mut self.browser(agent).user_agent, request).await?;
        let answered = Instant::now();
        if address::is_at(self.target_origin(), &exchange.url) {
            self.session.note_answer(answered - instant);
        }
        self.secrets().learn(&exchange);
        let shows = |token: &String| exchange.request_headers.iter().any(|(_, value)| value.contains(token));
        let by_administrator = self.administrators.iter().any(shows);
        let tokens = session_tokens(&exchange);
        self.administrators.extend(tokens.iter().filter(|_| is_administrators(&exchange)).cloned());
        self.tokens.extend(tokens.into_iter().map(|token| (token, session_account(&exchange))));
        let agent = agent.to_owned();
        self.sent.push(Sent { agent, exchange: exchange.clone(), instant, answered, by_administrator });
        Ok(exchange)
    }

    /// Sends a request to the target from a browser.
    pub(crate) async fn ask_target(&mut self, agent: &str, route: ApiRoute, body: Body, cookies: bool) -> Answered {
        let request = Request { cookies, ..self.request_at(route, body)? };
        self.send(agent, request).await
    }

    /// A request to a route of the target, without credentials.
    pub(crate) fn request_at(&self, route: ApiRoute, body: Body) -> Result<Request, StepError> {
        self.request_to_target(route.method(), route.path(), body)
    }

    /// The same to any path.
    pub(crate) fn request_to_target(&self, method: &str, path: &str, body: Body) -> Result<Request, StepError> {
        let url = address::join(self.target_origin(), path)?;
        Ok(Request::new(method, url.into(), body, false))
    }

    /// Follows the authorization URL as `end_user`; `None` if it does not lead
    /// to the provider, to which alone the secret of the run goes.
    pub(crate) async fn visit_provider(
        &mut self,
        agent: &str,
        url: &str,
        end_user: &str,
        deny: Option<&str>,
    ) -> Result<Option<Exchange>, StepError> {
        let ours = Url::parse(url).is_ok_and(|url| self.routes().iter().any(|route| route.leads_to(&url)));
        if !ours {
            return Ok(None);
        }
        let mut request = Request::new("GET", url.to_owned(), Body::Empty, true);
        request.headers.push(("mock-idp-secret".into(), self.provider.secret().to_owned()));
        request.headers.push(("mock-idp-end-user".into(), end_user.to_owned()));
        request.headers.extend(deny.map(|error| ("mock-idp-deny".into(), error.to_owned())));
        self.send(agent, request).await.map(Some)
    }

    /// Opens a page of the provider without the run's secret.
    pub(crate) async fn visit(&mut self, agent: &str, url: &str) -> Answered {
        self.send(agent, Request::new("GET", url.to_owned(), Body::Empty, true)).await
    }

    /// Changes settings of the target on top of those in force; they stay as
    /// they are where it refuses.
    pub(crate) async fn configure(&mut self, changes: &WantedSettings) -> Result<Applied, StepError> {
        let mut settings = self.settings.clone();
        changes.lay_over(&mut settings);
        let applied = self.session.apply(&settings).await?;
        if applied == Applied::InForce {
            self.settings = settings;
        }
        Ok(applied)
    }

    /// Makes a local account for an end-user.
    pub(crate) async fn create_account(
        &mut self,
        end_user: &str,
        email: Option<&str>,
        soft_delete: bool,
    ) -> Result<(), StepError> {
        let password = self.random_text(24);
        let claims = &self.end_user(end_user)?.claims;
        let from_claims = claims.get("email").and_then(Value::as_str);
        let email = email.or(from_claims).map(ToOwned::to_owned);
        let Some(email) = email else {
            return Err(StepError::Scenario(format!(
                "end-user `{end_user}` has no email: add `email` to the step, for the account"
            )));
        };
        let name = format!("Local {end_user}");
        let account = NewAccount { email: email.clone(), password: password.clone(), name };
        let made = self.session.create_account(account, soft_delete).await;
        let account = made.map_err(crate::guard::StepFault::from)?;
        self.passwords.insert(end_user.to_owned(), (email, password));
        let memory = self.memories.own();
        memory.end_user = Some(end_user.to_owned());
        memory.account = Some(account);
        Ok(())
    }

    /// Email and password of a local account made in this scenario.
    pub(crate) fn local_credentials(&self, end_user: &str) -> Result<(String, String), StepError> {
        self.passwords
            .get(end_user)
            .cloned()
            .ok_or_else(|| StepError::Scenario(format!("no earlier step is a `create-account` step for `{end_user}`")))
    }

    /// Has the provider issue a logout token.
    pub(crate) fn issue_logout_token(&self, request: LogoutTokenRequest) -> Result<String, StepError> {
        self.issuer.logout_token(request).map_err(|error| StepError::Scenario(error.to_string()))
    }

    /// Restarts the target.
    pub(crate) async fn restart_target(&self) -> Result<(), StepError> {
        let no_way = || StepError::Scenario("the harness cannot restart this server".to_owned());
        self.restarter.as_ref().ok_or_else(no_way)?.restart().await;
        Ok(())
    }

    /// Moves the clock of the provider, and of the target where it is shared.
    pub(crate) fn advance_clock(&self, seconds: u32) {
        self.provider.clock().advance(i64::from(seconds));
    }

    /// Changes what the provider says of end-users, from here on.
    pub(crate) fn change_end_users(&mut self, users: &IndexMap<String, Map<String, Value>>) -> Result<(), StepError> {
        if users.is_empty() {
            return Ok(());
        }
        for (name, claims) in users {
            let unknown = || StepError::Scenario(format!("there is no end-user `{name}`"));
            let user = self.end_users.get_mut(name).ok_or_else(unknown)?;
            user.claims.extend(claims.clone());
            if let Some(sub) = claims.get("sub").and_then(Value::as_str) {
                sub.clone_into(&mut user.sub);
            }
        }
        for issuer in std::iter::once(&self.issuer).chain(&self.other_issuer) {
            issuer.set_end_users(self.end_users.clone());
        }
        Ok(())
    }
}
