//! The credentials that browsers and apps get from the target, requests with
//! them, and changes of them by an attacker. Everything else that steps share is
//! in [`super::world`], and [`crate::user_agent`] keeps the cookies.

use super::StepError;
use super::world::{Answered, World};
use crate::address;
use crate::immich::{ApiRoute, SESSION_COOKIE, api_key_header};
use crate::redaction::SecretKind;
use crate::user_agent::{Body, Request, is_sendable};

impl World {
    /// Keeps the session that this step made in its browser.
    pub(crate) fn remember_session(&mut self, agent: &str, token: Option<String>) {
        let token = token.filter(|token| is_sendable(token));
        let memory = self.memories.own();
        memory.token.clone_from(&token);
        let end_user = memory.end_user.clone();
        if token.is_some() {
            let browser = self.browser(agent);
            browser.session = token;
            browser.end_user = end_user;
        }
    }

    /// Closes a browser and opens it again. Scripts have forgotten their session.
    pub(crate) fn restart_browser(&mut self, agent: &str) {
        let browser = self.browser(agent);
        browser.user_agent.restart();
        browser.session = None;
    }

    /// Changes a cookie that the browser would send with a callback, as an
    /// attacker in a neighbor domain does. Returns whether there is one.
    pub(crate) fn change_cookie(&mut self, agent: &str, name: &str, change: impl Fn(&str) -> String) -> bool {
        let Ok(url) = address::join(self.target_origin(), ApiRoute::CALLBACK.path()) else { return false };
        self.browser(agent).user_agent.change_cookie(&url, name, change)
    }

    /// Keeps the API key that this step created.
    pub(crate) fn remember_api_key(&mut self, agent: &str, key: Option<String>) {
        let key = key.filter(|key| is_sendable(key));
        if let Some(key) = &key {
            self.secrets().add(SecretKind::ApiKey, key);
        }
        self.browser(agent).api_key = key;
    }

    /// Notes a session that came by under another name.
    pub(crate) fn note_session(&mut self, token: String, account: &str) {
        self.secrets().add(SecretKind::Session, &token);
        self.tokens.insert(token, Some(account.to_owned()));
    }

    /// The end-user who signed in last with this agent.
    pub(crate) fn end_user_of(&self, agent: &str) -> Option<String> {
        self.browsers.get(agent).and_then(|browser| browser.end_user.clone())
    }

    /// Sends a request with the agent's session as a bearer token and no cookies.
    pub(crate) async fn ask_with_bearer(&mut self, agent: &str, route: ApiRoute, body: Body) -> Answered {
        let mut request = self.request_at(route, body)?;
        request.headers.extend(self.browser(agent).bearer());
        self.send(agent, request).await
    }

    /// The same with the session of the agent: by cookie in a browser, by token
    /// in the app.
    pub(crate) async fn ask_as_session(&mut self, agent: &str, route: ApiRoute, body: Body) -> Answered {
        let request = self.request_at(route, body)?;
        self.send_as_session(agent, request).await
    }

    /// The same, of a request that is made already.
    pub(crate) async fn send_as_session(&mut self, agent: &str, mut request: Request) -> Answered {
        request.cookies = self.browser(agent).user_agent.cookie(&request.url, SESSION_COOKIE).is_some();
        if !request.cookies {
            request.headers.extend(self.browser(agent).bearer());
        }
        self.send(agent, request).await
    }

    /// Sends a request with the API key of the agent, and without cookies.
    pub(crate) async fn send_with_api_key(&mut self, agent: &str, mut request: Request) -> Answered {
        let no_key = || StepError::NotExercised("the server created no API key for this browser".to_owned());
        let key = self.browser(agent).api_key.clone().ok_or_else(no_key)?;
        request.headers.push(api_key_header(&key));
        self.send(agent, request).await
    }
}
